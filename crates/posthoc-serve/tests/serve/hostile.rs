//! More than two hundred requests that nobody should make, over real sockets. None gets a 5xx or hangs,
//! and none gets anything but pages of the archive.

use crate::doors::{ANY, Served, closing, options, serve};
use crate::situation::archive;
use posthoc_serve::{Access, Listen, Rate, ServeOptions};
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

/// How long an answer to any of them may take.
const DEADLINE: Duration = Duration::from_secs(20);

/// What stands in front of paths to climb out.
const CLIMBS: [&str; 14] = [
    "../",
    "..%2f",
    "%2e%2e/",
    "%2e%2e%2f",
    "%252e%252e%252f",
    "..\\",
    "..%5c",
    "%2e%2e%5c",
    "..;/",
    ".%2e/",
    "%c0%ae%c0%ae/",
    "%c0%af../",
    "..%00/",
    "....//",
];
/// Where they would lead.
const LOOT: [&str; 4] = [
    "etc/passwd",
    "posthoc-archive",
    "journal/00000000.seg",
    ".posthoc/state.json",
];
/// From where.
const BASES: [&str; 3] = ["/", "/wherry/", "/assets/"];

fn paths() -> Vec<String> {
    let mut paths = Vec::new();
    for base in BASES {
        for climb in CLIMBS {
            for loot in LOOT {
                paths.push(format!("{base}{}{loot}", climb.repeat(4)));
            }
        }
    }
    let others = [
        "//",
        "///etc/passwd",
        "/.",
        "/..",
        "/./",
        "/%",
        "/%0",
        "/%zz",
        "/%00",
        "/wherry/%00",
        "/wherry%00/",
        "/wherry/%0d%0aSet-Cookie:%20x=y",
        "/wherry/2025-October/msg00000.html%00.gif",
        "/wherry/2025-October/msg-1.html",
        "/wherry/n/99999999999999999999",
        "/wherry/n/-0",
        "/.git/config",
        "/.env",
        "/catalog.sqlite",
        "/incoming/",
        "/wherry/attachments/../../x",
        "/~",
        "/~root",
        "/%7elogin",
        "/~login/..",
        "/mid/%2e%2e/",
        "/mid/..%2f..%2f/",
        "/wherry/thread/%2e%2e.html",
        "/assets/.",
        "/search/?q=%00",
        "/search/?q=%FF%FE&offset=-1",
        "/search/?offset=18446744073709551616&q=a",
        "/search/?q=a&q=a&q=a&order=",
        "/wherry/?x=%00",
        "/?",
        "/??",
        "/#",
        "/wherry/#x",
        "/wherry/;x=1/",
        "/robots.txt?x",
        "/healthz/../x",
        "/WHERRY/",
        "/wherry/2025-October/../2025-October/",
    ];
    paths.extend(others.map(str::to_owned));
    paths
}

/// Requests that are not only an odd path.
fn forms() -> Vec<Vec<u8>> {
    let get =
        |more: &str| format!("GET /wherry/ HTTP/1.1\r\nHost: x\r\n{more}Connection: close\r\n\r\n");
    let post =
        |head: &str, body: &str| format!("POST /~login HTTP/1.1\r\nHost: x\r\n{head}\r\n{body}");
    let long = "a".repeat(100_000);
    let mut forms: Vec<String> = vec![
        get("Host: y\r\n"),
        get("Host:\r\n"),
        "GET /wherry/ HTTP/1.1\r\nConnection: close\r\n\r\n".to_owned(),
        "GET / HTTP/1.1\r\nHost: a b\r\n\r\n".to_owned(),
        "GET / HTTP/1.1\r\nHost: x/../\r\n\r\n".to_owned(),
        "GET / HTTP/1.1\r\nHost: <script>\r\n\r\n".to_owned(),
        get("Content-Length: 5\r\nContent-Length: 6\r\n"),
        get("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"),
        get("Transfer-Encoding: chunked\r\nContent-Length: 0\r\n"),
        get("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n"),
        get("Transfer-Encoding: xchunked\r\n"),
        get("Transfer-Encoding : chunked\r\n"),
        get("Transfer-Encoding:\tchunked\r\n"),
        get("Content-Length: -1\r\n"),
        get("Content-Length: +5\r\n"),
        get("Content-Length: 0x5\r\n"),
        get("Content-Length: 99999999999999999999999\r\n"),
        get("Content-Length: 18446744073709551615\r\n"),
        get("Range: bytes=0-0\r\n"),
        get("Range: bytes=-1\r\n"),
        get("Range: bytes=9-1,1-9,x\r\n"),
        get(&format!("Range: bytes={}\r\n", "0-,".repeat(3_000))),
        get("If-Range: \"x\"\r\nRange: bytes=1-\r\n"),
        get(&format!("If-None-Match: {}\r\n", "\"x\",".repeat(2_000))),
        get(&format!(
            "Accept-Encoding: {}\r\n",
            "gzip;q=0.1,".repeat(1_000)
        )),
        get(&format!("Cookie: {}\r\n", "posthoc=x;".repeat(1_000))),
        get(&format!("X: {long}\r\n")),
        get(&"a: b\r\n".repeat(65)),
        get(": x\r\n"),
        get("a\r\n"),
        get("a b: c\r\n"),
        get(" folded: x\r\n"),
        get("X: a\r\n b\r\n"),
        get("X: \u{0}\r\n"),
        get("X: \u{7f}\r\n"),
        get("X: a\rY: b\r\n"),
        get("Expect: 100-continue\r\n"),
        get("Expect: nonsense\r\n"),
        get("Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n"),
        get("Upgrade: websocket\r\nSec-WebSocket-Key: x\r\n"),
        get("X-Forwarded-For: ,,,,\r\n"),
        get("X-Forwarded-Host: evil.example\r\nForwarded: for=1\r\n"),
        get("X-HTTP-Method-Override: DELETE\r\n"),
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(),
        format!("GET /{long} HTTP/1.1\r\nHost: x\r\n\r\n"),
        format!("{long} / HTTP/1.1\r\nHost: x\r\n\r\n"),
        format!(
            "GET /search/?q={} HTTP/1.1\r\nHost: x\r\n\r\n",
            "a".repeat(9_000)
        ),
        "GET http://evil.example/wherry/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
            .to_owned(),
        "GET ftp://x/etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".to_owned(),
        "GET file:///etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".to_owned(),
        "GET x:80 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".to_owned(),
        "CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n".to_owned(),
        "OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".to_owned(),
        "GET wherry HTTP/1.1\r\nHost: x\r\n\r\n".to_owned(),
        "GET \\wherry HTTP/1.1\r\nHost: x\r\n\r\n".to_owned(),
        "GET / HTTP/9.9\r\nHost: x\r\n\r\n".to_owned(),
        "GET / HTTP/1.1 x\r\nHost: x\r\n\r\n".to_owned(),
        "GET  /  HTTP/1.1\r\nHost: x\r\n\r\n".to_owned(),
        "GET /\r\n\r\n".to_owned(),
        "get / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".to_owned(),
        "GET / HTTP/1.1\nHost: x\nConnection: close\n\n".to_owned(),
        "\r\n\r\n\r\n".to_owned(),
        post("Content-Length: 3\r\n", "a=b"),
        post("Content-Length: 999999\r\n", "a=b"),
        post("Transfer-Encoding: chunked\r\n", "3\r\na=b\r\n0\r\n\r\n"),
        post("Transfer-Encoding: chunked\r\n", "ffffffffffffffffff\r\n"),
        post("", ""),
    ];
    for method in [
        "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "SEARCH", "BREW",
    ] {
        forms.push(closing("/wherry/").replacen("GET", method, 1));
    }
    let mut forms: Vec<Vec<u8>> = forms.into_iter().map(String::into_bytes).collect();
    forms.push(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec());
    forms.push(vec![0; 20_000]);
    forms.push(vec![0xff; 20_000]);
    forms.push(b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".to_vec());
    forms
}

fn site() -> Served {
    let access = Access {
        search_rate: Rate {
            burst: 10_000,
            per_minute: 10_000,
        },
        ..Access::default()
    };
    let listen = Listen::Tcp(ANY.parse().unwrap());
    serve(
        archive(&["wherry"]),
        ServeOptions {
            access,
            ..options(listen)
        },
    )
}

/// Everything that comes back. A client that is not answered within a second goes away.
fn answer(served: &Served, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(served.address()).unwrap();
    // The answer may come, and the connection end, before all of a long request is written.
    let _ = stream.write_all(request);
    let began = Instant::now();
    let mut bytes = Vec::new();
    let wait = if request.ends_with(b"\r\n\r\n") && request.starts_with(b"GET /") {
        DEADLINE
    } else {
        Duration::from_secs(1)
    };
    stream.set_read_timeout(Some(wait)).unwrap();
    // A reset is an end.
    if stream.read_to_end(&mut bytes).is_err() {
        let _ = stream.shutdown(Shutdown::Write);
        stream.set_read_timeout(Some(DEADLINE)).unwrap();
        let _ = stream.read_to_end(&mut bytes);
    }
    let shown = String::from_utf8_lossy(&request[..request.len().min(200)]).into_owned();
    assert!(began.elapsed() < DEADLINE, "hangs: {shown}");
    let text = String::from_utf8_lossy(&bytes).into_owned();
    for line in text.lines().filter(|line| line.starts_with("HTTP/1.")) {
        assert!(!line[9..].starts_with('5'), "{line}: {shown}");
    }
    for loot in ["root:x:", "SQLite format", "PHJOURNAL", "generation\""] {
        assert!(!text.contains(loot), "{loot}: {shown}");
    }
    text
}

#[test]
fn no_form_of_a_request_does_harm() {
    let served = site();
    let mut tried = 0;
    for path in paths() {
        let text = answer(&served, closing(&path).as_bytes());
        let status = text.get(9..12).unwrap_or_default();
        assert!(
            ["200", "301", "302", "400", "404", "414"].contains(&status),
            "{path}: {status}"
        );
        assert!(status != "200" || !path.contains("etc/passwd"), "{path}");
        tried += 1;
    }
    for form in forms() {
        answer(&served, &form);
        tried += 1;
    }
    assert!(tried >= 200, "{tried}");
    let page = answer(&served, closing("/wherry/").as_bytes());
    assert!(page.starts_with("HTTP/1.1 200 "));
    served.end();
}

#[test]
fn ambiguous_lengths_end_the_connection() {
    let served = site();
    let hidden = "GET /wherry/n/0 HTTP/1.1\r\nHost: x\r\n\r\n";
    for head in [
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Content-Length: 4\r\nContent-Length: 5\r\n",
    ] {
        let request = format!("POST / HTTP/1.1\r\nHost: x\r\n{head}\r\n0\r\n\r\n{hidden}");
        let text = answer(&served, request.as_bytes());
        assert_eq!(text.matches("HTTP/1.1 ").count(), 1, "{head}: {text}");
        assert!(text.starts_with("HTTP/1.1 4"), "{text}");
    }
    served.end();
}

#[test]
fn early_ends_and_slow_heads_hold_nobody() {
    let served = site();
    let slow: Vec<TcpStream> = (0..100)
        .map(|_| {
            let mut stream = TcpStream::connect(served.address()).unwrap();
            stream.write_all(b"GET / HTTP/1.1\r\nX-Slow:").unwrap();
            stream
        })
        .collect();
    for cut in [1, 4, 10, 20] {
        let mut stream = TcpStream::connect(served.address()).unwrap();
        stream
            .write_all(&closing("/wherry/").as_bytes()[..cut])
            .unwrap();
    }
    let began = Instant::now();
    let page = answer(&served, closing("/wherry/").as_bytes());
    assert!(page.starts_with("HTTP/1.1 200 ") && began.elapsed() < Duration::from_secs(5));
    drop(slow);
    served.end();
}

#[test]
fn costly_questions_have_a_rate() {
    let access = Access {
        search_rate: Rate {
            burst: 2,
            per_minute: 6,
        },
        ..Access::default()
    };
    let listen = Listen::Tcp(ANY.parse().unwrap());
    let served = serve(
        archive(&["wherry"]),
        ServeOptions {
            access,
            ..options(listen)
        },
    );
    let ask = |target: &str, from: &str| {
        let request =
            closing(target).replace("Host: x", &format!("Host: x\r\nX-Forwarded-For: {from}"));
        answer(&served, request.as_bytes())
    };
    for query in ["a", "b"] {
        let text = ask(&format!("/search/?q={query}"), "192.0.2.7");
        assert!(text.starts_with("HTTP/1.1 200 "), "{text}");
    }
    // A list that is not there costs as much as one that is.
    let text = ask("/unknown/search/?q=c", "192.0.2.8");
    assert!(
        text.starts_with("HTTP/1.1 429 ") && text.contains("\r\nretry-after: "),
        "{text}"
    );
    assert!(ask("/search/?q=a", "192.0.3.7").starts_with("HTTP/1.1 200 "));
    assert!(ask("/wherry/", "192.0.2.7").starts_with("HTTP/1.1 200 "));
    served.end();
}
