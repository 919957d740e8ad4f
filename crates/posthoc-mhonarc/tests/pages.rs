//! Pages of hostile mails, and resource files that ask for what is not done.

use posthoc_core::message::{Limits, parse};
use posthoc_core::text::TimeZone;
use posthoc_mhonarc::{Archive, Resources, Surroundings};
use std::collections::BTreeMap;

fn archive() -> Archive {
    let around = Surroundings {
        now: 0,
        time_zone: TimeZone::utc(),
        environment: BTreeMap::new(),
        folder: String::new(),
    };
    Archive::new(Resources::default(), around).0
}

/// A mail's page.
fn page(mail: &str) -> String {
    let message = parse(mail.as_bytes(), &Limits::default());
    let mut archive = archive();
    archive.add(&message, mail.as_bytes()).expect("works");
    let page = archive.site().message(0, &message).expect("works").page;
    String::from_utf8_lossy(&page.bytes).into_owned()
}

fn html_page(body: &str) -> String {
    page(&format!(
        "From: a@example.org\nSubject: x\nContent-Type: text/html\n\n{body}"
    ))
}

#[test]
fn cve_2010_4524_a_tag_within_a_tag_makes_no_script() {
    let page = html_page(
        "<scr<body>ipt>alert(1)</scr<body>ipt><scr<script></script>ipt>alert(2)</script>",
    );
    assert!(!page.to_lowercase().contains("<script"), "{page}");
    assert!(page.contains("&lt;scr"), "{page}");
}

#[test]
fn cve_2010_1677_tags_within_tags_take_no_time() {
    let body = format!("{}<body>{}", "<bo".repeat(200_000), "dy>".repeat(200_000));
    assert!(html_page(&body).contains("&lt;bo"));
}

#[test]
fn code_in_a_subject_is_none_in_the_comment() {
    let page = page("From: a@example.org\nSubject: <?php system('id') ?> --> <script>\n\nx\n");
    assert!(
        !page.contains("<?php") && !page.contains("<script>"),
        "{page}"
    );
}

#[test]
fn sympa_685_a_quote_of_100_000_lines_takes_no_time() {
    let body = "> > > a quoted line of some length\n".repeat(100_000);
    let page = page(&format!("From: a@example.org\nSubject: x\n\n{body}"));
    assert_eq!(page.matches("a quoted line").count(), 100_000);
}

#[test]
fn nothing_of_a_mail_runs_or_loads() {
    let page = html_page(
        "<img src=http://x/p.gif onerror=alert(1)><a href=' java\nscript:alert(1)'>a</a><svg onload=x>\
         <p style='background:url(http://x/)'>p</p><iframe srcdoc='<b>'></iframe><form action=x><input></form>",
    );
    for word in [
        "src=\"http",
        " onerror",
        "href=\" java",
        "<svg",
        "url(",
        "srcdoc",
        "<form",
        "<input",
    ] {
        assert!(!page.contains(word), "{word}: {page}");
    }
}

#[test]
fn perl_is_refused_by_name_and_the_rest_is_read() {
    let mut resources = Resources::default();
    let file = b"<SubjectStripCode>\nsystem('id');\n</SubjectStripCode>\n<AttachmentDir>\nx\n</AttachmentDir>\n<NoDoc>\n";
    let refused = resources.read(file, &mut |_| None);
    let names: Vec<&str> = refused
        .iter()
        .map(|refusal| refusal.resource.as_str())
        .collect();
    assert_eq!(names, ["SUBJECTSTRIPCODE", "ATTACHMENTDIR"]);
}

#[test]
fn an_open_element_does_not_swallow_the_rest_of_the_page() {
    let page =
        html_page("<table><tr><td><center><font size=7><b>never closed<a href=http://x.example/>");
    for name in ["table", "td", "center", "font", "b"] {
        let opened =
            page.matches(&format!("<{name}>")).count() + page.matches(&format!("<{name} ")).count();
        assert_eq!(
            opened,
            page.matches(&format!("</{name}>")).count(),
            "{name}: {page}"
        );
    }
}

#[test]
fn the_page_behind_msg99999_is_msg100000() {
    let mut archive = archive();
    for number in [99_998, 99_999, 100_000] {
        let mail = format!(
            "From: a@example.org\nMessage-ID: <{number}@x>\nDate: Thu, 1 Mar 2012 10:00:00 +0000\n\nx\n"
        );
        let message = parse(mail.as_bytes(), &Limits::default());
        archive
            .put(number, &message, mail.as_bytes())
            .expect("is new");
    }
    let site = archive.site();
    let index = String::from_utf8_lossy(&site.index_page(1).expect("a page")).into_owned();
    let places = ["msg99998.html", "msg99999.html", "msg100000.html"].map(|name| index.find(name));
    assert!(
        places.iter().all(Option::is_some) && places.is_sorted(),
        "{index}"
    );
}
