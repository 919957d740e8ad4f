//! Mail over real sockets.

use crate::doors::{ANY, Served, closing, options, serve};
use crate::situation::archive;
use posthoc_archive::{Folds, Reader, Settings, Store};
use posthoc_core::message::Limits;
use posthoc_core::page::{Audience, OwnLayout, Site};
use posthoc_serve::lmtp::Lmtp;
use posthoc_serve::{Listen, ServeOptions};
use posthoc_store::memory::MemoryStore;
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A client.
struct Client {
    stream: TcpStream,
    answers: BufReader<TcpStream>,
}

impl Client {
    fn of(served: &Served) -> Self {
        let stream = TcpStream::connect(served.lmtp.as_deref().unwrap()).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(30)))
            .unwrap();
        let answers = BufReader::new(stream.try_clone().unwrap());
        let mut client = Client { stream, answers };
        client.hears("220");
        client
    }

    fn says(&mut self, text: &str) {
        self.stream.write_all(text.as_bytes()).unwrap();
    }

    /// The next reply, its last line.
    fn reply(&mut self) -> String {
        loop {
            let mut line = String::new();
            self.answers.read_line(&mut line).unwrap();
            if line.as_bytes().get(3) != Some(&b'-') {
                return line;
            }
        }
    }

    #[track_caller]
    fn hears(&mut self, code: &str) -> String {
        let reply = self.reply();
        assert!(reply.starts_with(code), "{reply:?}, not {code}");
        reply
    }

    /// A mail for recipients; a reply for each.
    fn mail(&mut self, to: &[&str], mail: &str) -> Vec<String> {
        self.says("MAIL FROM:<ada@example.org>\r\n");
        self.hears("250");
        for to in to {
            self.says(&format!("RCPT TO:<{to}>\r\n"));
            self.hears("250 2.1.5");
        }
        self.says("DATA\r\n");
        self.hears("354");
        self.says(mail);
        self.says(".\r\n");
        to.iter().map(|_| self.reply()).collect()
    }

    fn greeted(served: &Served) -> Self {
        let mut client = Client::of(served);
        client.says("LHLO tests.example\r\n");
        client.hears("250 ENHANCEDSTATUSCODES");
        client
    }

    fn ends(mut self) {
        let mut rest = String::new();
        match self.answers.read_to_string(&mut rest) {
            Ok(_) => assert_eq!(rest, ""),
            Err(error) => assert_eq!(error.kind(), ErrorKind::ConnectionReset),
        }
    }
}

fn mail(id: &str, fields: &str) -> String {
    format!(
        "From: Ada <a@example.org>\r\nSubject: By post {id}\r\nDate: Mon, 1 Dec 2025 10:00:00 +0000\r\n\
         Message-ID: <{id}@post.example>\r\n{fields}\r\nText of {id}.\r\n..dots\r\n"
    )
}

fn with_lmtp(change: impl FnOnce(&mut Lmtp)) -> ServeOptions {
    let mut lmtp = Lmtp {
        listen: Listen::Tcp(ANY.parse().unwrap()),
        ..Lmtp::default()
    };
    change(&mut lmtp);
    ServeOptions {
        lmtp: Some(lmtp),
        ..options(Listen::Tcp(ANY.parse().unwrap()))
    }
}

fn begin() -> (Arc<MemoryStore>, Served) {
    let store = archive(&["wherry", "town-hall"]);
    let served = serve(Arc::clone(&store), with_lmtp(|_| {}));
    (store, served)
}

/// The raw bytes of a mail, on each list that has it.
fn found(store: &dyn Store, id: &str) -> Vec<(String, Vec<u8>)> {
    let (site, limits) = (Site::default(), Limits::default());
    let layout = OwnLayout::new(&site).unwrap();
    let settings = Settings {
        site: &site,
        layout: &layout,
        limits: &limits,
        folds: &Folds::default(),
    };
    let reader = Reader::new(store, &settings, Audience::Operator).unwrap();
    let mut found = Vec::new();
    for list in reader.lists().unwrap() {
        let name = posthoc_core::route::ListName::new(&list.name);
        let id = format!("{id}@post.example");
        if let Ok(raw) = reader.show_raw(name.as_ref(), &id) {
            found.push((list.name, raw));
        }
    }
    found
}

/// What is found within the second in which it must be there.
fn soon(store: &dyn Store, id: &str, lists: &[&str]) {
    let begin = Instant::now();
    loop {
        let found = found(store, id);
        let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
        if names == lists {
            return;
        }
        assert!(begin.elapsed() < Duration::from_secs(10), "{id}: {names:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn each_recipient_has_its_reply_and_the_mail_is_there() {
    let (store, served) = begin();
    let mut client = Client::greeted(&served);
    let to = [
        "Wherry@example.org",
        "nobody@example.org",
        "town-hall@b.example",
        "wherry@x.org",
    ];
    let replies = client.mail(&to, &mail("one", ""));
    let codes: Vec<&str> = replies.iter().map(|reply| &reply[..9]).collect();
    assert_eq!(codes, ["250 2.0.0", "550 5.1.1", "250 2.0.0", "250 2.0.0"]);
    soon(&*store, "one", &["town-hall", "wherry"]);
    let raw = mail("one", "")
        .replace("\r\n", "\n")
        .replace("\n..dots", "\n.dots");
    for (list, bytes) in found(&*store, "one") {
        assert_eq!(String::from_utf8_lossy(&bytes), raw, "{list}");
    }
    // Again, as a mail system does that heard no answer: accepted, and there once.
    let again = client.mail(&["wherry@example.org"], &mail("one", ""));
    assert!(again[0].starts_with("250 2.0.0"), "{again:?}");
    client.says("QUIT\r\n");
    client.hears("221 2.0.0");
    client.ends();
    served.end();
}

#[test]
fn the_list_is_found_by_what_the_mail_says() {
    let (store, served) = begin();
    let mut client = Client::greeted(&served);
    for (number, fields) in [
        "List-Id: Boats (all of them) <WHERRY.example.org>\r\n",
        "List-Id: <wherry.example.org>\r\n",
        "List-ID: wherry.example.org\r\n",
    ]
    .iter()
    .enumerate()
    {
        let id = format!("claims{number}");
        let replies = client.mail(&["archive@example.org"], &mail(&id, fields));
        assert!(
            replies[0].starts_with("250 2.0.0 in the archive of wherry"),
            "{replies:?}"
        );
        soon(&*store, &id, &["wherry"]);
    }
    let replies = client.mail(
        &["archive@example.org"],
        &mail("nowhere", "List-Id: <x.y>\r\n"),
    );
    assert!(replies[0].starts_with("550 5.1.1"), "{replies:?}");
    let none = mail("silent", "X-No-Archive: yes\r\n");
    let replies = client.mail(&["wherry@example.org"], &none);
    assert!(replies[0].starts_with("250 2.0.0 not kept"), "{replies:?}");
    let circle = mail("circle", &"Received: from a by b\r\n".repeat(101));
    let replies = client.mail(&["wherry@example.org"], &circle);
    assert!(replies[0].starts_with("554 5.4.6"), "{replies:?}");
    served.end();
    assert!(found(&*store, "silent").is_empty() && found(&*store, "circle").is_empty());
}

#[test]
fn to_two_of_our_lists_and_bcc_to_the_archive() {
    let store = archive(&[]);
    let mut options = with_lmtp(|_| {});
    let mut site = Site::default();
    site.defaults.domain = Some("lists.example".to_owned());
    options.path_prefix = String::new();
    let served = crate::doors::serve_site(Arc::clone(&store), site, options);
    let mut client = Client::greeted(&served);
    let fields =
        "To: wherry@lists.example\r\nCc: Hall <Town-Hall@lists.example>, x@else.example\r\n";
    let replies = client.mail(&["archive@example.org"], &mail("two", fields));
    assert!(replies[0].contains("wherry, town-hall"), "{replies:?}");
    soon(&*store, "two", &["town-hall", "wherry"]);
    served.end();
}

#[test]
fn commands_come_all_at_once() {
    let (store, served) = begin();
    let mut client = Client::of(&served);
    let batch = "MAIL FROM:<>\r\nRCPT TO:<wherry@x.org>\r\nRCPT TO:<a b>\r\nDATA\r\n";
    client.says(&format!("LHLO x\r\n{batch}"));
    for code in ["250 ", "250 2.1.0", "250 2.1.5", "501 5.5.2", "354"] {
        client.hears(code);
    }
    let (one, two) = (mail("first", ""), mail("second", ""));
    client.says(&format!("{one}.\r\n{batch}"));
    for code in ["250 2.0.0", "250 2.1.0", "250 2.1.5", "501 5.5.2", "354"] {
        client.hears(code);
    }
    client.says(&format!("{two}.\r\nQUIT\r\n"));
    // Half closed: what was asked for is answered all the same.
    client.stream.shutdown(Shutdown::Write).unwrap();
    client.hears("250 2.0.0");
    client.hears("221 2.0.0");
    client.ends();
    served.end();
    assert_eq!(
        found(&*store, "first").len() + found(&*store, "second").len(),
        2
    );
}

#[test]
fn what_is_out_of_order_is_told_so() {
    let (_, served) = begin();
    let mut client = Client::of(&served);
    for (line, code) in [
        ("MAIL FROM:<>", "503 5.5.1"),
        ("EHLO x", "500 5.5.1"),
        ("LHLO x", "250 "),
        ("RCPT TO:<wherry@x>", "503 5.5.1"),
        ("DATA", "503 5.5.1"),
        ("MAIL FROM:<>", "250 2.1.0"),
        ("MAIL FROM:<>", "503 5.5.1"),
        // RFC 2033, 4.2: without a recipient there is nothing to reply for.
        ("DATA", "503 5.5.1"),
        ("RCPT TO:<žofie@x.org>", "553 5.6.7"),
        ("RSET", "250 2.0.0"),
        ("MAIL FROM:<> SIZE=999999999999", "552 5.3.4"),
        ("MAIL FROM:<žofie@x.org> SMTPUTF8", "250 2.1.0"),
        ("RCPT TO:<žofie@x.org>", "250 2.1.5"),
        ("NOOP", "250 2.0.0"),
        ("VRFY ada", "252"),
        ("HELP", "214"),
    ] {
        client.says(&format!("{line}\r\n"));
        client.hears(code);
    }
    for _ in 0..13 {
        client.says("nonsense\r\n");
        client.hears("500 5.5.1");
    }
    client.says("nonsense\r\n");
    client.hears("500 5.5.1");
    client.hears("421 4.7.0");
    client.ends();
    served.end();
}

#[test]
fn nothing_is_smuggled_behind_a_bare_line_feed() {
    let (store, served) = begin();
    let mut client = Client::greeted(&served);
    let inner = "MAIL FROM:<>\r\nRCPT TO:<wherry@x>\r\nDATA\r\n";
    for end in ["\n.\n", "\n.\r\n", "\r\n.\n"] {
        let smuggled = format!("{}x{end}{inner}{}", mail("outer", ""), mail("inner", ""));
        let replies = client.mail(&["wherry@x.org"], &smuggled);
        assert!(replies[0].starts_with("554 5.6.0"), "{replies:?}");
    }
    // The conversation is where both sides think it is.
    let replies = client.mail(&["wherry@x.org"], &mail("after", ""));
    assert!(replies[0].starts_with("250 2.0.0"), "{replies:?}");
    client.says("NOOP\n");
    client.hears("500 5.5.2");
    client.ends();
    served.end();
    assert!(found(&*store, "outer").is_empty() && found(&*store, "inner").is_empty());
    assert_eq!(found(&*store, "after").len(), 1);
}

#[test]
fn bytes_that_no_mail_should_have_are_kept() {
    let (store, served) = begin();
    let mut client = Client::greeted(&served);
    let long = "x".repeat(300_000);
    let odd = format!("{}nul \0 cr \r {long}\r\n", mail("odd", ""));
    let replies = client.mail(&["wherry@x.org"], &odd);
    assert!(replies[0].starts_with("250 2.0.0"), "{replies:?}");
    client.says(&format!("NOOP {long}\r\n"));
    client.hears("500 5.5.2");
    client.ends();
    served.end();
    let (_, raw) = found(&*store, "odd").remove(0);
    let line = format!("\nnul \0 cr \r {long}\n");
    assert!(raw.ends_with(line.as_bytes()));
}

#[test]
fn mails_have_a_longest() {
    let store = archive(&[]);
    let options = with_lmtp(|lmtp| lmtp.longest = 100_000);
    let served = serve(Arc::clone(&store), options);
    let mut client = Client::greeted(&served);
    let long = format!("{}{}", mail("long", ""), "x\r\n".repeat(60_000));
    let replies = client.mail(&["wherry@x.org", "town-hall@x.org"], &long);
    assert!(
        replies.iter().all(|reply| reply.starts_with("552 5.3.4")),
        "{replies:?}"
    );
    let replies = client.mail(&["wherry@x.org"], &mail("short", ""));
    assert!(replies[0].starts_with("250 2.0.0"), "{replies:?}");
    let replies = client.mail(&["wherry@x.org"], "\r\n");
    assert!(replies[0].starts_with("554 5.6.0"), "{replies:?}");
    served.end();
    assert!(found(&*store, "long").is_empty());
}

#[test]
fn while_another_holds_the_lock_mail_is_safe_in_the_spool() {
    let (store, served) = begin();
    let mut client = Client::greeted(&served);
    let lock = store.lock(Duration::from_secs(10)).unwrap();
    for number in 0..5 {
        let replies = client.mail(&["wherry@x.org"], &mail(&format!("locked{number}"), ""));
        assert!(replies[0].starts_with("250 2.0.0 safe"), "{replies:?}");
    }
    assert_eq!(store.spool().names(10).unwrap().len(), 5);
    drop(lock);
    // What waited goes first.
    let replies = client.mail(&["wherry@x.org"], &mail("free", ""));
    assert!(
        replies[0].starts_with("250 2.0.0 in the archive"),
        "{replies:?}"
    );
    assert_eq!(store.spool().names(10).unwrap().len(), 0);
    for number in 0..5 {
        soon(&*store, &format!("locked{number}"), &["wherry"]);
    }
    served.end();
}

#[test]
fn half_a_mail_is_no_mail() {
    let (store, served) = begin();
    let mut client = Client::greeted(&served);
    client.says("MAIL FROM:<>\r\nRCPT TO:<wherry@x>\r\nDATA\r\n");
    client.says(&mail("half", ""));
    client.stream.shutdown(Shutdown::Both).unwrap();
    served.end();
    assert!(found(&*store, "half").is_empty());
}

/// Places that idle connections hold are given to those who come.
#[test]
fn a_hundred_idle_connections_keep_nobody_out() {
    let store = archive(&[]);
    let served = serve(Arc::clone(&store), with_lmtp(|lmtp| lmtp.places = 16));
    let idle: Vec<TcpStream> = (0..100)
        .map(|_| TcpStream::connect(served.lmtp.as_deref().unwrap()).unwrap())
        .collect();
    let mut client = Client::greeted(&served);
    let replies = client.mail(&["wherry@x.org"], &mail("crowd", ""));
    assert!(replies[0].starts_with("250 2.0.0"), "{replies:?}");
    let mut first = String::new();
    let mut oldest = &idle[0];
    oldest
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    oldest.read_to_string(&mut first).unwrap();
    assert!(first.contains("\r\n421 4.3.2"), "{first:?}");
    served.end();
    assert_eq!(found(&*store, "crowd").len(), 1);
}

/// Whoever was let in while all places were taken was sometimes sent away without a word.
#[test]
fn who_waits_for_a_place_is_greeted() {
    let served = serve(archive(&[]), with_lmtp(|lmtp| lmtp.places = 2));
    let clients: Vec<Client> = (0..60).map(|_| Client::greeted(&served)).collect();
    drop(clients);
    served.end();
}

#[test]
fn over_a_socket_in_the_file_system() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lmtp");
    let at = Listen::Unix(path.clone());
    let store = archive(&[]);
    let served = serve(Arc::clone(&store), with_lmtp(|lmtp| lmtp.listen = at));
    assert_eq!(
        served.lmtp.as_deref(),
        Some(&*format!("unix:{}", path.display()))
    );
    assert_eq!(
        std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o660
    );
    let mut stream = std::os::unix::net::UnixStream::connect(&path).unwrap();
    let talk = format!(
        "LHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<wherry@x>\r\nDATA\r\n{}.\r\nQUIT\r\n",
        mail("socket", "")
    );
    stream.write_all(talk.as_bytes()).unwrap();
    let mut said = String::new();
    stream.read_to_string(&mut said).unwrap();
    assert!(
        said.contains("\r\n250 2.0.0 in the archive of wherry\r\n221"),
        "{said}"
    );
    served.end();
    assert!(!path.exists());
}

#[test]
fn at_the_end_nobody_is_kept_waiting() {
    let (_, served) = begin();
    let mut idle = Client::greeted(&served);
    let site = TcpStream::connect(served.address()).unwrap();
    (&site).write_all(closing("/healthz").as_bytes()).unwrap();
    let begin = Instant::now();
    served.end();
    assert!(begin.elapsed() < Duration::from_secs(8));
    idle.hears("421 4.3.2");
    idle.ends();
}

#[test]
fn what_comes_is_counted_for_operators_alone() {
    let (_, served) = begin();
    let mut client = Client::greeted(&served);
    client.mail(&["wherry@x.org", "nobody@x.org"], &mail("count", ""));
    client.mail(&["wherry@x.org"], "bare\n\r\n");
    let ask = |fields: &str| {
        let mut stream = TcpStream::connect(served.address()).unwrap();
        let request = closing("/metrics").replace("Host", &format!("{fields}Host"));
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    ask("");
    let begin = Instant::now();
    let text = loop {
        let text = ask("");
        if text.contains("\nposthoc_index_lag_records 0\n") {
            break text;
        }
        assert!(begin.elapsed() < Duration::from_secs(10), "{text}");
        std::thread::sleep(Duration::from_millis(50));
    };
    for line in [
        "posthoc_mails_total{door=\"lmtp\",verdict=\"archived\"} 1",
        "posthoc_mails_total{door=\"lmtp\",verdict=\"no-list\"} 1",
        "posthoc_mails_total{door=\"lmtp\",verdict=\"refused\"} 1",
        "posthoc_delivery_seconds_count 1",
        "posthoc_pages_lag_records 0",
        "posthoc_waiting_mails 0",
        "# TYPE posthoc_request_seconds histogram",
    ] {
        assert!(text.contains(&format!("\n{line}\n")), "{line}: {text}");
    }
    assert!(
        text.contains("posthoc_requests_total{status=\"200\"} "),
        "{text}"
    );
    assert!(!text.contains("wherry"), "{text}");
    let outside = ask("X-Forwarded-For: 192.0.2.7\r\n");
    assert!(outside.starts_with("HTTP/1.1 404"), "{outside}");
    served.end();
}
