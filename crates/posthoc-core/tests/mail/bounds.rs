//! What a mail may cost. Each bound is many times what an idle machine needs in a debug build, and
//! far below what quadratic code would take.

use crate::read;
use posthoc_core::message::{Defect, Limits, Message};
use posthoc_core::text::{header_text, html_to_text};
use std::time::{Duration, Instant};

const MANY: usize = 1_000_000;
const BOUND: Duration = Duration::from_secs(20);

/// Reads the mail in every way within the bound.
fn check(name: &str, raw: &[u8]) -> Message {
    let start = Instant::now();
    let message = read(raw);
    let body = message.body(&Limits::default());
    let cost = message.summary(raw.len() as u64).size + body.plain_text().len() as u64;
    assert!(cost >= raw.len() as u64);
    body.searchable();
    drop(message.clone());
    let took = start.elapsed();
    assert!(took < BOUND, "{name} took {took:?}");
    message
}

fn headed(header: &str, body: &str) -> Vec<u8> {
    format!("From: a@example.org\nMessage-ID: <a@example.org>\n{header}\n\n{body}").into_bytes()
}

#[test]
fn nesting_is_cut_off() {
    let mails = "Content-Type: message/rfc822\n\n".repeat(50_000);
    let message = check(
        "rfc822",
        &[mails.as_bytes(), b"Subject: ground\n\nx"].concat(),
    );
    assert!(message.defects.contains(&Defect::OverLimit));

    let mut parts = String::from("Content-Type: multipart/mixed; boundary=b0\n\n");
    for n in 0..50_000 {
        parts += &format!(
            "--b{n}\nContent-Type: multipart/mixed; boundary=b{}\n\n",
            n + 1
        );
    }
    let message = check("multipart", parts.as_bytes());
    assert!(message.defects.contains(&Defect::OverLimit));
}

#[test]
fn headers_are_linear() {
    let message = check("fields", &headed("X: y\n".repeat(MANY).trim_end(), "x"));
    assert!(message.defects.contains(&Defect::OverLimit));
    assert_eq!(message.root.fields.len(), Limits::default().fields);
    for (name, unit) in [
        ("encoded words", "=?"),
        ("half words", "=?utf-8?Q?"),
        ("words without an encoding", "=?a?x?"),
        ("whole words", "=?utf-8?Q?a?="),
        ("folds", "a\n "),
        ("brackets", "<"),
        ("ids", "<a@b>"),
        ("quotes", "\"a"),
        ("comments", "("),
        ("commas", ",a@b"),
        ("semicolons", ";a=\""),
    ] {
        let value = unit.repeat(MANY / 5);
        for field in [
            "Subject",
            "To",
            "References",
            "In-Reply-To",
            "Date",
            "Received",
        ] {
            check(name, &headed(&format!("{field}: {value}"), "x"));
        }
        check(
            name,
            &headed(&format!("Content-Type: text/plain; {value}"), "x"),
        );
        assert!(header_text(value.as_bytes(), None).text.len() <= value.len());
    }
    let subject = "Very long ".repeat(500);
    let message = check("subject", &headed(&format!("Subject: {subject}"), "x"));
    assert_eq!(message.subject, subject.trim());
}

#[test]
fn bodies_are_linear() {
    let multipart = "Content-Type: multipart/mixed; boundary=b";
    let message = check("boundaries", &headed(multipart, &"--b\n".repeat(MANY)));
    assert!(message.defects.contains(&Defect::OverLimit));
    for (name, unit) in [
        ("half boundaries", "--b-"),
        ("quotes", "> "),
        ("patches", "--- a\n+++ b\n@@ -1,9 +1,9 @@\n"),
        ("broken hunks", "@@ -1 +1 @@\n"),
        ("git", "diff --git a b\n"),
        ("contexts", "*** a\n--- b\n"),
        ("signatures", "-- \n"),
        (
            "rules",
            "________________________________________________\n",
        ),
        ("escapes", "=3D="),
        ("base64 ends", "=A"),
        ("tags", "<a"),
        ("comments", "<!--"),
        ("silences", "<script>"),
        ("entities", "&#x"),
        ("utf-7", "+A"),
        ("8-bit", "\u{e9}\u{fffd}"),
    ] {
        let body = unit.repeat(MANY / 5);
        check(
            name,
            &headed("Content-Type: text/plain; format=flowed; delsp=yes", &body),
        );
        check(
            name,
            &headed("Content-Type: text/html; charset=utf-7", &body),
        );
        check(name, &headed("Content-Transfer-Encoding: base64", &body));
        check(
            name,
            &headed("Content-Transfer-Encoding: quoted-printable", &body),
        );
        check(name, &headed(multipart, &body));
        html_to_text(&body);
    }
}

#[test]
fn limits_are_kept() {
    let text = "a line of text\n".repeat(400_000);
    let limits = Limits::default();
    let body = read(&headed("", &text)).body(&limits);
    let shown = body.searchable().text.len();
    assert!(
        shown <= limits.text_bytes && shown > limits.text_bytes - 100,
        "{shown}"
    );
    let references =
        "<a@b> ".repeat(3) + &(0..300).map(|n| format!("<{n}@b> ")).collect::<String>();
    let message = read(&headed(&format!("References: {references}"), ""));
    assert_eq!(message.references.len(), limits.references);
    assert_eq!(message.references[99].0, "299@b");
    let message = read(&headed(&format!("To: {}", "a@b, ".repeat(2_000)), ""));
    assert_eq!(message.to.len(), limits.addresses);
}
