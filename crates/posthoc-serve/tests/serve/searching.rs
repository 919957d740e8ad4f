//! Searches over HTTP.

use crate::situation::{Asked, archive};
use posthoc_core::page::{Audience, Site};

#[test]
fn words_are_found() {
    let asked = Asked::public(&["wherry", "town-hall"]);
    let got = asked.get("/search/?q=heliotrope");
    assert_eq!(got.status, 200);
    assert!(got.text().contains("../wherry/2025-October/msg00002.html"));
    assert!(got.text().contains("1 mail"));
    let got = asked.get("/wherry/search/index.html?q=heliotrope&order=new");
    assert!(got.text().contains("../2025-October/msg00002.html"));
    let none = asked.get("/town-hall/search/?q=heliotrope");
    assert_eq!(none.status, 200);
    assert!(none.text().contains("0 mails"));
    let beyond = asked.get("/search/?q=heliotrope&offset=5000");
    assert_eq!(beyond.status, 200);
}

#[test]
fn without_words_it_is_the_static_page() {
    let asked = Asked::public(&["wherry"]);
    let page = asked.get("/search/index.html");
    for target in ["/search/", "/search/?", "/search/?q="] {
        assert_eq!(asked.get(target).bytes, page.bytes, "{target}");
    }
}

#[test]
fn bad_queries_are_told() {
    let asked = Asked::public(&["wherry"]);
    let long = "a+".repeat(2_000);
    let deep = "(".repeat(500);
    let many = "q=x&".repeat(500);
    for query in [
        "%22", "(", "a+OR", "date:zz", "NOT", "*", "%00", "%FF%F0", &long, &deep,
    ] {
        let got = asked.get(&format!("/search/?q={query}"));
        assert_eq!(got.status, 200, "{query}");
    }
    assert!(
        asked
            .get("/search/?q=%22")
            .text()
            .contains("class=\"error\"")
    );
    let again = asked.get(&format!("/search/?{many}"));
    assert_eq!(
        (again.status.as_u16(), again.header("location")),
        (301, "../search/?q=x")
    );
    let script = asked.get("/search/?q=%3Cscript%3Ealert(1)%3C/script%3E");
    assert!(!script.text().contains("<script>"));
}

#[test]
fn ids_and_urls_lead_to_the_mail() {
    let site = Site {
        base_url: Some("https://example.org/lists".to_owned()),
        ..Site::default()
    };
    let asked = Asked::of(archive(&["wherry"]), site, Audience::Public, "/lists");
    for query in [
        "mid:two@example.org",
        "two@example.org",
        "%3Ctwo@example.org%3E",
        "https://example.org/lists/wherry/2025-October/msg00002.html",
        "https://example.org/lists/wherry/n/2",
        "https://example.org/lists/mid/two%2540example.org/",
        "https://example.org/lists/mid.html%23two@example.org",
    ] {
        let got = asked.get(&format!("/lists/search/?q={query}"));
        assert_eq!(got.status, 302, "{query}");
        let to = "../wherry/2025-October/msg00002.html";
        assert_eq!(got.header("location"), to, "{query}");
    }
    let to_choice = asked.get("/lists/wherry/search/?q=one@example.org");
    assert_eq!(
        to_choice.header("location"),
        "../../wherry/mid/one@example.org/"
    );
    for query in [
        "nobody@example.org",
        "https://example.org/listsx",
        "https://example.com/lists/wherry/n/2",
    ] {
        let got = asked.get(&format!("/lists/search/?q={query}"));
        assert_eq!(got.status, 200, "{query}");
    }
}
