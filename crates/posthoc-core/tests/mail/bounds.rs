//! What a mail may cost. Each bound is many times what an idle machine needs in a debug build, and
//! far below what quadratic code would take.

use crate::read;
use posthoc_core::message::{Block, Defect, Limits, Message};
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
    // One line without end: read as far as the limit.
    let message = check(
        "line",
        &headed(&format!("Subject: {}", "x".repeat(5 * MANY)), "x"),
    );
    assert!(message.defects.contains(&Defect::OverLimit));
    assert!(message.subject.len() <= Limits::default().header_bytes);
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
fn quotes_are_linear() {
    for (name, unit) in [
        ("names", "Ada> a long enough line of many words\nx\n"),
        ("bars", "Ada wrote:\n| x\n"),
        ("colons", ": x\n: y\n"),
        ("attributions", "On 3 Nov 2025, at 10:00, Ada wrote:\n"),
        (
            "half attributions",
            "On 3 Nov 2025, at 10:00,\nAda\nLovelace\nwrote:\n",
        ),
        ("short headers", "\nFrom: a\nDate: b\nTo: c\n"),
        ("originals", "-----Original Message-----\n"),
        ("forwards", "---------- Forwarded message\nFrom: a\n"),
        ("signed", "-----BEGIN PGP SIGNED MESSAGE-----\n- -\n"),
        ("frames", "-----BEGIN PGP SIGNATURE-----\n"),
        ("ids", "<12345678@"),
        ("footers", "____________________\nmailing list\n"),
    ] {
        let body = unit.repeat(MANY / 50);
        check(name, &headed("Content-Type: text/plain", &body));
        check(
            name,
            &headed("Content-Type: text/plain; format=flowed", &body),
        );
    }
}

#[test]
fn old_encodings_are_linear() {
    for (name, unit) in [
        ("uuencode", "begin 644 x\n#0V%T\n"),
        ("uuencode and junk", "begin 644 x\n#0V%T\njunk\n"),
        ("base64 blocks", "begin-base64 644 x\nQ2F0\n"),
        ("yenc", "=ybegin line=1 size=1 name=x\nxx\n"),
        ("yenc ends", "=ybegin line=1 name=x\nxx\n=yend size=2\n"),
        ("binhex", "(This file must be converted with BinHex\n:"),
    ] {
        check(name, &headed("", &unit.repeat(MANY / 5)));
    }
}

#[test]
fn containers_are_linear() {
    let tnef = |attributes: &[u8]| {
        let start: &[u8] = b"\x78\x9f\x3e\x22\x01\x00";
        let header = b"Content-Type: application/ms-tnef\n\n";
        [header, start, &attributes.repeat(MANY / 10)].concat()
    };
    let file = b"\x02\x10\x80\x01\x00\x02\x00\x00\x00x\x00\x78\x00";
    let begins = b"\x02\x02\x90\x06\x00\x00\x00\x00\x00\x00\x00";
    let message = check("files", &tnef(&[&begins[..], file].concat()));
    assert!(message.defects.contains(&Defect::OverLimit));
    assert_eq!(message.root.packed.len(), Limits::default().packed_files);
    check("empty files", &tnef(begins));
    check("names", &tnef(file));
    // Properties that promise more than there is.
    check(
        "properties",
        &tnef(b"\x01\x03\x90\x06\x00\x04\x00\x00\x00\xff\xff\xff\xff\x00\x00"),
    );
    // Two bytes that stand for seventeen; 20 MB of them.
    let mut rtf = vec![
        0, 0, 0, 0, 0xff, 0xff, 0xff, 0x7f, 0x4c, 0x5a, 0x46, 0x75, 0, 0, 0, 0,
    ];
    for _ in 0..MANY {
        rtf.extend([
            0xff, 0, 0x1f, 0, 0x1f, 0, 0x1f, 0, 0x1f, 0, 0x1f, 0, 0x1f, 0, 0x1f, 0, 0x1f,
        ]);
    }
    let mut properties = vec![1, 0, 0, 0, 2, 1, 9, 16, 1, 0, 0, 0];
    properties.extend((rtf.len() as u32).to_le_bytes());
    properties.extend(&rtf);
    let mut mail =
        b"Content-Type: application/ms-tnef\n\n\x78\x9f\x3e\x22\x01\x00\x01\x03\x90\x06\x00"
            .to_vec();
    mail.extend((properties.len() as u32).to_le_bytes());
    mail.extend(&properties);
    let message = check("rtf", &mail);
    let taken: usize = message.root.packed.iter().map(|p| p.part.bytes.len()).sum();
    assert!(taken <= Limits::default().packed_bytes);
}

#[test]
fn a_text_far_over_its_limit_is_cut_between_characters() {
    let limits = Limits {
        text_bytes: 1_001,
        ..Limits::default()
    };
    let utf8 = "Content-Type: text/plain; charset=utf-8";
    for text in [
        "é".repeat(4_000),
        "日本".repeat(2_000),
        "日 本\n".repeat(2_000),
    ] {
        let body = read(&headed(utf8, &text)).body(&limits);
        let shown = body.searchable().text;
        assert!(
            shown.len() > 900 && text.starts_with(shown.trim_end()),
            "{shown}"
        );
        assert!(matches!(body.blocks.last(), Some(Block::Note(_))));
    }
    // What takes more bytes than four to be read says that there is more, too.
    let escaped = "+AOk-".repeat(2_000);
    let utf7 = "Content-Type: text/plain; charset=utf-7";
    let body = read(&headed(utf7, &escaped)).body(&limits);
    assert!(body.searchable().text.starts_with("ééé"));
    assert!(matches!(body.blocks.last(), Some(Block::Note(_))));
}

#[test]
fn limits_are_kept() {
    let text = "a line of text, and a little more\n".repeat(200_000);
    let limits = Limits::default();
    let body = read(&headed("", &text)).body(&limits);
    let shown = body.searchable().text.len();
    assert!(
        shown <= limits.text_bytes && shown > limits.text_bytes - 100,
        "{shown}"
    );
    // Lines count over all texts of a mail, and a long mail within the limit is whole.
    for (lines, shown, is_cut) in [(199_999, 199_999, false), (300_000, 200_000, true)] {
        let half = "x\n".repeat(lines / 2);
        let parts = format!("--b\n\n{half}\n--b\n\n{}{half}", "x\n".repeat(lines % 2));
        let header = "Content-Type: multipart/mixed; boundary=b";
        let body = read(&headed(header, &parts)).body(&limits);
        assert_eq!(body.searchable().text.lines().count(), shown);
        let is_note = |block: &Block| matches!(block, Block::Note(_));
        assert_eq!(body.blocks.iter().any(is_note), is_cut, "{lines}");
    }
    let references =
        "<a@b> ".repeat(3) + &(0..300).map(|n| format!("<{n}@b> ")).collect::<String>();
    let message = read(&headed(&format!("References: {references}"), ""));
    assert_eq!(message.references.len(), limits.references);
    assert_eq!(message.references[99].0, "299@b");
    let message = read(&headed(&format!("To: {}", "a@b, ".repeat(2_000)), ""));
    assert_eq!(message.to.len(), limits.addresses);
}
