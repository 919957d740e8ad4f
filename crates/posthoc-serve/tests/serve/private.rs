//! A private list is as if it were not there.

use crate::situation::{Asked, archive};
use posthoc_core::message::{FileKey, MessageId, MessageKey};
use posthoc_core::page::{Audience, Site};
use posthoc_core::route::ListName;

/// Every kind of page of the wherry list.
fn targets() -> Vec<String> {
    let key = MessageKey::of(&MessageId("one@example.org".to_owned()));
    let mut targets: Vec<String> = [
        "",
        "/",
        "/index.html",
        "/2025-October",
        "/2025-October/",
        "/2025-October/thread.html",
        "/2025-October/subject.html",
        "/2025-October/author.html",
        "/2025-October/date.html",
        "/2025-October/attachments.html",
        "/attachments.html",
        "/2025-October/msg00000.html",
        "/2025-October/msg00000.eml",
        "/2025-October/msg00000.mbox",
        "/2025-October/000000.html",
        "/2025-October.txt.gz",
        "/2025-October.mbox.gz",
        "/feed.atom",
        "/search",
        "/search/",
        "/search/?q=One",
        "/search/?q=mid:one@example.org",
        "/search/?q=%22unclosed",
        "/mid.html",
        "/mid/two@example.org/",
        "/n/0",
    ]
    .iter()
    .map(|path| format!("/wherry{path}"))
    .collect();
    targets.push(format!("/wherry/thread/{key}.html"));
    targets.push(format!("/wherry/thread/{key}.mbox.gz"));
    let dot =
        b"GIF89a\x01\0\x01\0\0\0\0!\xf9\x04\x01\n\0\x01\0,\0\0\0\0\x01\0\x01\0\0\x02\x02L\x01\0;";
    let dot = FileKey::of(dot);
    targets.push(format!("/wherry/attachments/{dot}/dot.gif"));
    targets
}

#[test]
fn as_if_it_were_not_there() {
    let asked = Asked::public(&["town-hall"]);
    let public = Asked::public(&["wherry", "town-hall"]);
    let member = Audience::Members(vec![ListName::new("wherry").unwrap()]);
    let site = Site::default();
    let member = Asked::of(archive(&["town-hall"]), site, member, "");
    for target in targets() {
        let unknown = asked.get(&target.replacen("/wherry", "/unknown", 1));
        assert_eq!(unknown.status, 404, "{target}");
        assert_eq!(asked.get(&target), unknown, "{target}");
        let head = asked.ask("HEAD", &target, &[]);
        assert_eq!(head.headers, unknown.headers, "{target}");
        let known = public.get(&target);
        assert!(known.status.as_u16() < 400, "{target}: {}", known.status);
        let seen = member.get(&target);
        assert_eq!(seen.status, known.status, "{target}");
        assert!(seen.header("cache-control").starts_with("private") || target.contains("attach"));
    }
    assert_eq!(asked.get("/mid/two@example.org/").status, 404);
}

#[test]
fn none_of_its_words_are_shown() {
    let asked = Asked::public(&["town-hall"]);
    let own = ["/", "/search/", "/mid.html", "/404.html", "/town-hall/"];
    for target in own {
        assert!(!asked.get(target).text().contains("wherry"), "{target}");
    }
    for query in [
        "Heliotrope",
        "list:wherry",
        "list:wherry+One",
        "from:Ada",
        "mid:two@example.org",
    ] {
        let got = asked.get(&format!("/search/?q={query}"));
        assert_eq!(got.status, 200, "{query}");
        assert!(!got.text().contains("msg0000"), "{query}");
        let unknown = query.replace("wherry", "xherry");
        let unknown = asked.get(&format!("/search/?q={unknown}"));
        assert_eq!(got.text(), unknown.text().replace("xherry", "wherry"));
    }
}

#[test]
fn a_closed_site_answers_to_its_own_names_only() {
    let site = Site {
        base_url: Some("https://lists.example.org:8443/x".to_owned()),
        ..Site::default()
    };
    let asked = Asked::of(archive(&[]), site, Audience::Operator, "");
    let status = |host: &str| asked.ask("GET", "/wherry/", &[("host", host)]).status;
    for host in [
        "127.0.0.1:8025",
        "[::1]:8025",
        "localhost",
        "LOCALHOST:8025",
        "lists.example.org",
        "lists.example.org:8443",
    ] {
        assert_eq!(status(host), 200, "{host}");
    }
    for host in [
        "evil.example",
        "evil.example:8025",
        "127.0.0.1.evil.example",
        "",
        ":",
        "[",
    ] {
        assert_eq!(status(host), 421, "{host}");
    }
    let open = Asked::public(&["wherry"]);
    let got = open.ask("GET", "/wherry/", &[("host", "evil.example")]);
    assert_eq!(got.status, 200);
}
