//! The public copy: what of an address can be found in anything that a URL serves.

use crate::prelude::*;
use posthoc_core::message::parse;
use posthoc_core::page::{Downloads, ListSettings, Mask};
use posthoc_core::route::Volume;
use posthoc_core::text::{base64, quoted_printable};
use std::collections::BTreeMap;
use std::io::Read;

pub const MASKS: [Mask; 3] = [Mask::At, Mask::Domain, Mask::Full];

/// Runs with settings of the list `pub`.
pub fn with_list<R>(mask: Mask, downloads: Downloads, act: impl FnOnce(&Settings<'_>) -> R) -> R {
    let settings = ListSettings {
        mask: Some(mask),
        downloads: Some(downloads),
        drop: Some(vec!["X-Secret-*".to_owned()]),
        ..ListSettings::default()
    };
    let site = Site {
        lists: BTreeMap::from([(name(), settings)]),
        ..Site::default()
    };
    with_site(&site, act)
}

pub fn name() -> ListName {
    ListName::new("pub").unwrap()
}

pub fn volume() -> Volume {
    Volume::parse("2025-November").unwrap()
}

/// The bytes of a route, as a stranger gets them; none when there is nothing.
pub fn get(store: &MemoryStore, settings: &Settings<'_>, route: &Route) -> Option<Vec<u8>> {
    let reader = Reader::new(store, settings, Audience::Public).unwrap();
    let answer = reader.answer(route).unwrap();
    (answer.status == Status::Found).then(|| unpacked(answer.page.bytes))
}

fn unpacked(bytes: Vec<u8>) -> Vec<u8> {
    if !bytes.starts_with(b"\x1f\x8b") {
        return bytes;
    }
    let mut out = Vec::new();
    flate2::read::MultiGzDecoder::new(&bytes[..])
        .read_to_end(&mut out)
        .unwrap();
    out
}

/// The addresses of a mail that holds one in every place: number `n` is `uNzz@hNqq.example`.
struct Places(usize);

impl Places {
    fn next(&mut self) -> String {
        self.0 += 1;
        format!("u{0}zz@h{0}qq.example", self.0)
    }

    fn with(&mut self, at: &str) -> String {
        self.next().replace('@', at)
    }

    fn fields(&mut self) -> String {
        let author = self.next();
        let mut text = format!(
            "Message-ID: <{author}>\nDate: Sun, 02 Nov 2025 15:31:00 +0100 ({})\n\
             From: \"{author}\" <{author}>\nTo: {}, Grace <{}>\n",
            self.next(),
            self.next(),
            self.next()
        );
        for field in [
            "Cc",
            "Reply-To",
            "Sender",
            "List-Post",
            "X-Custom",
            "Received",
            "X-Originating-IP",
            "Return-Path",
            "DKIM-Signature",
            "X-Spam-Report",
            "X-Secret-Thing",
            "Bcc",
            "References",
            "Errors-To",
            "Disposition-Notification-To",
            "List-Owner",
            "X-BeenThere",
        ] {
            let address = self.next();
            match field {
                // Ids that are nobody's address stay, so this one is written as text.
                "References" => text += &format!("{field}: message of {address}\n"),
                _ => text += &format!("{field}: <mailto:{address}>\n"),
            }
        }
        text += &format!(
            "X-Words: =?utf-8?q?see_{}?= =?utf-8?b?{}?=\n",
            self.with("=40"),
            data_encoding::BASE64.encode(format!("or {}", self.next()).as_bytes())
        );
        text += &format!(
            "Subject: about {}\n =?utf-8?q?{}?=\n",
            self.next(),
            self.with("=40")
        );
        text += &format!(
            "Resent-To: =?utf-8?q?L=2C_{}?= <{}>\n",
            self.with("=40"),
            self.next()
        );
        text
    }

    fn text(&mut self) -> String {
        let mut text = String::new();
        for at in [
            "@",
            "%40",
            "&#64;",
            "&commat;",
            "\u{ad}@\u{200b}",
            "＠",
            "=40",
        ] {
            text += &format!("write to {}.\n", self.with(at));
        }
        text += &format!(
            "<{}> wrote:\n> ask {}\n> > and {}\n\n",
            self.next(),
            self.next(),
            self.next()
        );
        text += &format!(
            "https://x.example/?u={}\nhttps://{}/\n\n",
            self.with("%40"),
            self.next()
        );
        text += &format!(
            "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@ {}\n context {}\n-old {}\n+new {}\n\n-- \nAda\n{}\n",
            self.next(),
            self.next(),
            self.next(),
            self.next(),
            self.next()
        );
        text
    }

    fn html(&mut self) -> String {
        let entities: String = self.next().bytes().map(|b| format!("&#{b};")).collect();
        let split = self.with("</b>@<i>");
        format!(
            "<p>{} {entities} <b>{split}</i> <a href=\"mailto:{}\">x</a> <a href=\"https://x.example/{}\">y</a> \
             <span title=\"{}\">z</span> <img src=\"https://x.example/\" alt=\"{}\"> {}</p>",
            self.next(),
            self.next(),
            self.with("%40"),
            self.next(),
            self.next(),
            self.with("&shy;@")
        )
    }

    fn part(&mut self, fields: &str, body: &str) -> String {
        format!(
            "--b{}\nContent-Type: {fields}\n\n{body}\n",
            "1@h0qq.example"
        )
    }

    fn mail(&mut self) -> Vec<u8> {
        let b64 = |text: &str| data_encoding::BASE64.encode(text.as_bytes());
        let qp = |text: &str| text.replace('=', "=3D").replace('@', "=40");
        let mut mail = self.fields();
        mail +=
            "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"b1@h0qq.example\"\n\n";
        mail += &format!("preamble {}\n", self.next());
        let (text, html) = (self.text(), self.html());
        mail += &self.part("text/plain; charset=utf-8", &text);
        mail += &self.part("text/html; charset=utf-8", &html);
        let text = self.text();
        let encoded = b64(&text);
        mail += &self.part("text/plain\nContent-Transfer-Encoding: base64", &encoded);
        let text = qp(&self.text());
        mail += &self.part(
            "text/plain\nContent-Transfer-Encoding: quoted-printable",
            &text,
        );
        let file = format!(
            "text/x-patch; name=\"{}.patch\"\nContent-Disposition: attachment; filename=\"{}.patch\"",
            self.next(),
            self.next()
        );
        let text = self.text();
        mail += &self.part(&file, &text);
        let name = self.next();
        mail += &self.part(
            "text/vcard\nContent-Disposition: attachment; filename=a.vcf",
            &format!(
                "BEGIN:VCARD\nEMAIL;ENCODING=QUOTED-PRINTABLE:{}\n",
                name.replace('@', "=40")
            ),
        );
        let name = self.next();
        mail += &self.part(
            "text/calendar\nContent-Disposition: attachment",
            &format!("BEGIN:VCALENDAR\nORGANIZER:mailto:{name}\n"),
        );
        let text = b64(&self.text());
        mail += &self.part(
            "application/octet-stream; name=x.patch\nContent-Transfer-Encoding: base64",
            &text,
        );
        let (name, text) = (self.next(), b64(&self.text()));
        mail += &self.part(
            "text/plain",
            &format!("see:\n\nbegin-base64 644 {name}.txt\n{text}\n====\n\nend\n"),
        );
        let wide: Vec<u8> = self
            .next()
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        mail += &self.part(
            "text/plain; charset=utf-16le; name=w.txt\nContent-Disposition: attachment\n\
             Content-Transfer-Encoding: base64",
            &data_encoding::BASE64.encode(&wide),
        );
        let inner = format!(
            "From: {}\nSubject: {}\n\n{}",
            self.next(),
            self.next(),
            self.text()
        );
        mail += &self.part("message/rfc822", &inner);
        let inner = format!(
            "From: {}\nSubject: {}\n\n{}",
            self.next(),
            self.next(),
            self.text()
        );
        mail += &self.part(
            "message/rfc822\nContent-Transfer-Encoding: base64",
            &b64(&inner),
        );
        let name = self.next();
        mail += &self.part(
            "message/delivery-status",
            &format!("Final-Recipient: rfc822; {name}\n"),
        );
        mail += &format!("--b1@h0qq.example--\nepilogue {}\n", self.next());
        mail.into_bytes()
    }
}

/// Everything that a text says to those who decode it.
fn forms(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let mut forms = vec![text.clone()];
    forms.push(String::from_utf8_lossy(&quoted_printable(bytes).0).into_owned());
    for word in text.split(|c: char| c.is_whitespace() || "?\"<>".contains(c)) {
        if word.len() >= 12 {
            forms.push(String::from_utf8_lossy(&base64(word.as_bytes()).0).into_owned());
        }
    }
    // Encoded lines that belong together.
    let whole: String = text
        .lines()
        .filter(|line| line.len() >= 60 && !line.contains(' '))
        .collect();
    forms.push(String::from_utf8_lossy(&base64(whole.as_bytes()).0).into_owned());
    let message = parse(bytes, &Limits::default());
    let mut parts = vec![&message.root];
    while let Some(part) = parts.pop() {
        forms.push(part.text().text);
        forms.extend(part.fields.iter().map(|field| field.value().into_owned()));
        parts.extend(&part.children);
    }
    forms.retain(|form| form.contains("qq") || form.contains("zz"));
    let mut all = forms.clone();
    for form in forms {
        let plain: String = form
            .replace("%40", "@")
            .replace("=40", "@")
            .replace("&#64;", "@")
            .replace("&commat;", "@")
            .replace('＠', "@")
            .chars()
            .filter(|c| !matches!(c, '\u{ad}' | '\u{200b}' | '\0'))
            .collect();
        all.push(plain);
    }
    all
}

/// What must not be found under a mask, of number `n`.
fn hidden(mask: Mask, n: usize) -> Vec<String> {
    match mask {
        Mask::None => Vec::new(),
        Mask::At => vec![format!("u{n}zz@h{n}qq")],
        Mask::Domain => vec![format!("h{n}qq")],
        Mask::Full => vec![format!("h{n}qq"), format!("u{n}zz")],
    }
}

/// Every file of the static site and every live route of the mail.
fn surfaces(store: &MemoryStore, settings: &Settings<'_>) -> Vec<(String, Vec<u8>)> {
    let out = tempfile::tempdir().unwrap();
    publish(
        store,
        settings,
        out.path(),
        &PublishOptions::default(),
        &|_, _| {},
    )
    .unwrap();
    let mut found: Vec<(String, Vec<u8>)> = Vec::new();
    for (path, bytes) in tree(out.path()) {
        found.push((path.clone(), unpacked(bytes)));
        found.push((format!("name of {path}"), path.into_bytes()));
    }
    let reader = Reader::new(store, settings, Audience::Operator).unwrap();
    let key = reader.show(None, "0").unwrap_or_default();
    let key = key.first().map(|mail| mail.key.clone()).unwrap();
    let key = posthoc_core::message::MessageKey::parse(&key).unwrap();
    for route in [
        Route::Eml(name(), volume(), 0),
        Route::Mbox(name(), volume(), 0),
        Route::ThreadMbox(name(), key),
    ] {
        found.push((route.path(), get(store, settings, &route).unwrap()));
    }
    for query in ["write", "u1zz", "ask OR h1qq", "from:u1zz"] {
        let reader = Reader::new(store, settings, Audience::Public).unwrap();
        let found_mails = reader.search(&request(query)).unwrap();
        for hit in found_mails.hits {
            let text: String = hit.hit.snippet.iter().map(|(text, _)| &**text).collect();
            let line = format!("{:?} {text}", hit.hit.line);
            found.push((format!("search {query}"), line.into_bytes()));
        }
    }
    found
}

#[test]
fn no_form_of_an_address_is_served() {
    let mut places = Places(0);
    let mail = places.mail();
    let store = MemoryStore::new();
    take_bytes(&store, "pub", &mbox(&[String::from_utf8(mail).unwrap()]));
    for mask in MASKS {
        with_list(mask, Downloads::Mbox, |settings| {
            let mut found = Vec::new();
            for (what, bytes) in surfaces(&store, settings) {
                let forms = forms(&bytes);
                for n in 0..=places.0 {
                    for token in hidden(mask, n) {
                        if let Some(form) = forms.iter().find(|form| form.contains(&token)) {
                            let at = form.find(&token).unwrap();
                            let from = form.floor_char_boundary(at.saturating_sub(60));
                            let to = form.ceil_char_boundary((at + 40).min(form.len()));
                            found.push(format!("{what}: {:?}", &form[from..to]));
                        }
                    }
                }
            }
            assert!(
                found.is_empty(),
                "{mask:?}: {} places:\n{}",
                found.len(),
                found.join("\n")
            );
        });
    }
    // The test can fail.
    with_list(Mask::At, Downloads::Mbox, |settings| {
        let all: String = surfaces(&store, settings)
            .iter()
            .map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned())
            .collect();
        assert!(
            hidden(Mask::Full, 1)
                .iter()
                .all(|token| all.contains(token))
        );
    });
}

#[test]
fn nothing_else_of_a_mail_changes() {
    let text = "Subject: plain\nX-Odd : kept \n  as it is\nFrom: Ada <ada@example.org>\n\
                Received: from here\n\tby there\nContent-Type: multipart/mixed; boundary=b\n\n\
                --b\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n\
                --b\n\n@@ -1 +1 @@ @property x@plt foo@2x.png\n--b--\n";
    let expected = text
        .replace("Received: from here\n\tby there\n", "")
        .replace("ada@example", "ada at example");
    let store = MemoryStore::new();
    take_bytes(
        &store,
        "pub",
        &mbox(&[format!("Date: Sun, 02 Nov 2025 15:31:00 +0100\n{text}")]),
    );
    with_list(Mask::At, Downloads::Mbox, |settings| {
        let eml = get(&store, settings, &Route::Eml(name(), volume(), 0)).unwrap();
        let eml = String::from_utf8(eml).unwrap();
        assert_eq!(
            eml.split_once('\n').unwrap().1.trim_end(),
            expected.trim_end()
        );
    });
}

#[test]
fn downloads_are_what_the_list_says() {
    let store = MemoryStore::new();
    let text = mail(
        "a@example.org",
        "Sun, 02 Nov 2025 15:31:00 +0100",
        "bells",
        &[],
        "x",
    );
    take_bytes(&store, "pub", &mbox(&[text]));
    let files = |downloads| {
        with_list(Mask::At, downloads, |settings| {
            let out = tempfile::tempdir().unwrap();
            publish(
                &store,
                settings,
                out.path(),
                &PublishOptions::default(),
                &|_, _| {},
            )
            .unwrap();
            let files = tree(out.path());
            let page =
                String::from_utf8_lossy(&files["pub/2025-November/thread.html"]).into_owned();
            let live = [
                Route::Eml(name(), volume(), 0),
                Route::Mbox(name(), volume(), 0),
                Route::MboxVolume(name(), volume()),
            ];
            (
                files.contains_key("pub/2025-November.txt.gz"),
                files.contains_key("pub/2025-November.mbox.gz"),
                page.contains(".txt.gz"),
                page.contains(".mbox.gz"),
                live.iter()
                    .filter(|route| get(&store, settings, route).is_some())
                    .count(),
            )
        })
    };
    assert_eq!(files(Downloads::Mbox), (true, true, true, true, 3));
    assert_eq!(files(Downloads::Text), (true, false, true, false, 0));
    assert_eq!(files(Downloads::None), (false, false, false, false, 0));
}

#[test]
fn a_search_confirms_no_hidden_address() {
    let store = MemoryStore::new();
    let date = "Sun, 02 Nov 2025 15:31:00 +0100";
    let mut mails = vec![mail(
        "1@x.example",
        date,
        "bells",
        &[],
        "ring grace@hidden.example now",
    )];
    mails.push(mail("2@x.example", date, "boats", &[], "nothing of that"));
    take_bytes(&store, "pub", &mbox(&mails));
    let count = |mask, audience: Audience, query: &str| {
        with_list(mask, Downloads::Mbox, |settings| {
            let reader = Reader::new(&store, settings, audience).unwrap();
            let found = reader.search(&request(query)).unwrap();
            assert_eq!(found.total as usize, found.hits.len(), "{query}");
            found.total
        })
    };
    // Query, and hits under `at`, `domain`, `full`.
    let table = [
        ("bells", [1, 1, 1]),
        ("from:ada", [2, 2, 2]),
        ("from:ada@example.org", [2, 0, 0]),
        ("from:example.org", [2, 0, 0]),
        ("from:exam*", [2, 2, 2]),
        ("grace", [1, 1, 0]),
        ("hidden.example", [1, 0, 0]),
        ("bells -hidden.example", [0, 1, 1]),
        ("boats OR hidden.example", [2, 1, 1]),
        ("-grace", [1, 1, 2]),
        ("now", [1, 1, 1]),
    ];
    for (query, expected) in table {
        let found = MASKS.map(|mask| count(mask, Audience::Public, query));
        assert_eq!(found, expected, "{query}");
        let operator = count(Mask::Full, Audience::Operator, query);
        assert_eq!(operator, expected[0], "{query}");
    }
}

#[test]
fn an_address_as_an_id_leads_nowhere_where_it_is_hidden() {
    let store = MemoryStore::new();
    let date = "Sun, 02 Nov 2025 15:31:00 +0100";
    take_bytes(
        &store,
        "pub",
        &mbox(&[mail("ada@example.org", date, "bells", &[], "x")]),
    );
    let found = MASKS.map(|mask| {
        with_list(mask, Downloads::Mbox, |settings| {
            let id = posthoc_core::message::MessageId("ada@example.org".to_owned());
            let reader = Reader::new(&store, settings, Audience::Public).unwrap();
            let answer = reader.answer(&Route::Mid(None, id)).unwrap();
            answer.status != Status::NotFound
        })
    });
    assert_eq!(found, [true, false, false]);
}
