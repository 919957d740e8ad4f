//! Long mails: a page takes time in proportion to what it shows. The bound is many times what an idle
//! machine needs in a debug build, and far below what quadratic code would take.

use crate::{render, sample};
use posthoc_core::message::{Limits, parse};
use posthoc_core::page::{LinkRules, MessageView, View};
use posthoc_core::route::Route;
use std::sync::Arc;
use std::time::{Duration, Instant};

const BOUND: Duration = Duration::from_secs(20);

/// The page of a mail with that text.
fn check(name: &str, text: &str) -> String {
    let start = Instant::now();
    let mail = format!("From: a@example.org\nSubject: x\n\n{text}");
    let body = parse(mail.as_bytes(), &Limits::default()).body(&Limits::default());
    let mut body = sample::with_files(body);
    let route = Route::Message(sample::town(), sample::volume("2025-November"), 45);
    body.mentions = vec![("12345678@x".into(), route.clone()); 20];
    let rules = [
        "bug (\\d+) -> https://x.example/$1".to_owned(),
        "[a-f]+x -> https://x.example/$0".to_owned(),
    ];
    body.rules = Arc::new(LinkRules::parse(&rules).unwrap());
    let view = MessageView {
        body,
        ..sample::message()
    };
    let page = render(&route, &View::Message(Box::new(view)));
    let took = start.elapsed();
    assert!(took < BOUND, "{name} took {took:?}");
    page
}

#[test]
fn a_line_of_8_mb() {
    let limit = Limits::default().text_bytes;
    for unit in ["word ", "> ", "<12345678@x>", "www.x.example ", "bug 1 "] {
        let page = check(unit, &unit.repeat((8 << 20) / unit.len()));
        assert!(
            page.contains("The rest of this text is too long to be shown."),
            "{unit}"
        );
        assert!(page.len() < limit * 12, "{unit}: {}", page.len());
    }
}

#[test]
fn a_hundred_thousand_lines() {
    let plain = "a line of text that is as long as lines of mail are, for the most part";
    let page = check(plain, &format!("{plain}\n").repeat(100_000));
    assert!(page.contains("The rest of this text is too long to be shown."));
    check("quoted", &"> quoted\n".repeat(100_000));
    for line in [
        "> > quoted\n> and answered\nagain",
        "\n> diff --git a/x b/x\n> @@ -1 +1 @@\n> -x\ny",
        "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-x\n+y",
        "On 3 Nov 2025, at 10:00, Ada wrote:\n> x",
        "| a | table |",
        "Ada> speaks and speaks and speaks in lines",
        "   x\n  y\n z",
        "<12345678@x> bug 1 fffx https://x.example/",
    ] {
        let page = check(line, &format!("{line}\n").repeat(20_000));
        assert!(page.len() > 20_000, "{line}: {}", page.len());
    }
}

/// Nothing of a terminal's language reaches a page.
#[test]
fn terminal_escapes() {
    let words = "\u{1b}[31mred\u{1b}]0;title\u{7}\u{9b}2J\u{8}\u{7f}";
    let mail = format!(
        "From: {words} <a@example.org>\nSubject: {words}\n\
         Content-Type: text/plain; charset=utf-8\n\n{words}\n> {words}\n"
    );
    let message = parse(mail.as_bytes(), &Limits::default());
    let mut view = sample::message();
    view.line.subject.clone_from(&message.subject);
    view.line.author.name.clone_from(&message.author.name);
    view.body = sample::with_files(message.body(&Limits::default()));
    let route = Route::Message(sample::town(), sample::volume("2025-November"), 45);
    let page = render(&route, &View::Message(Box::new(view)));
    let acts = |c: char| c.is_control() && c != '\n' && c != '\t';
    assert!(!page.contains(acts), "{page}");
    assert!(page.contains("<bdi>[31mred"), "{page}");
}
