//! Charsets that are missing, wrong or lost on the way.

use posthoc_core::message::{Defect, Limits, Message, parse, parse_as};
use posthoc_core::text::{CharsetTrouble, decode, decode_version_1};

#[test]
fn labels_of_the_wild() {
    let euro = "\u{20ac}";
    for (label, bytes, text) in [
        ("utf-32", &b"\xac\x20\0\0"[..], euro),
        ("UTF-32BE", b"\0\0\x20\xac", euro),
        ("csUCS4", b"\0\0\xfe\xff\0\0\x20\xac", euro),
        ("utf8mb4", b"\xe2\x82\xac", euro),
        ("utf_8", b"\xe2\x82\xac", euro),
        ("utf-8http-equivcontent-type", b"\xe2\x82\xac", euro),
        ("charset=utf-8", b"\xe2\x82\xac", euro),
        ("windows-1252http-equivcontent-type", b"\x80", euro),
        ("iso-8859-15-windows", b"\xa4", euro),
        ("cp28605", b"\xa4", euro),
        ("cp20866", b"\xc1", "\u{430}"),
        ("cp50220", b"\x1b$B$\"\x1b(B", "\u{3042}"),
        ("cp858", b"\xd5", euro),
        ("x-user-defined", b"\xe2\x82\xac", euro),
        ("\"us-ascii;format=flowed\"", b"a", "a"),
        ("ansi_x3.4", b"a", "a"),
        ("ks_c_5601", b"\xb0\xa1", "\u{ac00}"),
        ("cp932", b"\x82\xa0", "\u{3042}"),
        ("iso-8859-8-i", b"\xe0", "\u{5d0}"),
        ("bog5", b"\xa4\xa4", "\u{4e2d}"),
        ("unicode-1-1-utf-7", b"+IKw-", euro),
    ] {
        assert_eq!(decode(bytes, Some(label), None).text, text, "{label}");
    }
}

#[test]
fn japanese_without_escapes() {
    let bytes = b"$B$3$s$K$A$O(B, Ada";
    let text = "\u{3053}\u{3093}\u{306b}\u{3061}\u{306f}, Ada";
    for label in [None, Some("iso-2022-jp"), Some("us-ascii")] {
        let decoded = decode(bytes, label, None);
        assert_eq!(decoded.text, text);
        assert_eq!(decoded.trouble, Some(CharsetTrouble::Stripped));
        assert_ne!(decode_version_1(bytes, label, None).text, text);
    }
    for text in ["$Bab(B", "cost $B (B)", "$B$", "print $B(B)"] {
        assert_eq!(decode(text.as_bytes(), None, None).text, text);
    }
}

fn read(mail: &[u8], default: Option<&str>) -> Message {
    parse_as(mail, &Limits::default(), default)
}

#[test]
fn a_list_may_have_a_charset() {
    let mail = b"From: \xb9ime <s@example.org>\nSubject: \xb9kola\nMessage-ID: <a@example.org>\n\n\xb9\xe6\xea\n";
    let message = read(mail, Some("iso-8859-2"));
    assert_eq!(message.subject, "\u{161}kola");
    assert_eq!(message.author.name, "\u{161}ime");
    assert_eq!(
        message.body(&Limits::default()).plain_text(),
        "\u{161}\u{107}\u{119}\n"
    );
    let other = read(mail, Some("windows-1251"));
    assert_ne!(other.subject, message.subject);
    // What the mail says goes before it, and so does valid UTF-8.
    let labelled = b"Content-Type: text/plain; charset=iso-8859-1\n\ncaf\xe9\n";
    assert_eq!(
        read(labelled, Some("koi8-r"))
            .body(&Limits::default())
            .plain_text(),
        "caf\u{e9}\n"
    );
    let utf8 = "Subject: caf\u{e9}\n\ncaf\u{e9}\n".as_bytes();
    assert_eq!(read(utf8, Some("koi8-r")).subject, "caf\u{e9}");
    // It is no part of the identity.
    let hash = parse(mail, &Limits::default()).content_hash();
    assert_eq!([hash; 2], [message.content_hash(), other.content_hash()]);
}

#[test]
fn text_taken_for_another_is_mended_and_found_in_both_forms() {
    let mail = "From: Ren\u{c3}\u{a9} <r@example.org>\nSubject: Caf\u{c3}\u{a9}\nMessage-ID: <a@example.org>\n\
                Content-Type: text/plain; charset=utf-8\n\nThe caf\u{c3}\u{a9}\nis open\n";
    let message = read(mail.as_bytes(), None);
    assert_eq!(message.subject, "Caf\u{e9}");
    assert_eq!(message.author.name, "Ren\u{e9}");
    assert!(message.defects.contains(&Defect::Mojibake));
    let body = message.body(&Limits::default());
    assert_eq!(body.plain_text(), "The caf\u{e9}\nis open\n");
    assert_eq!(body.as_written, ["The caf\u{c3}\u{a9}"]);
    assert_eq!(
        body.searchable().text,
        "The caf\u{e9}\nis open\nThe caf\u{c3}\u{a9}\n"
    );
    let well = "Content-Type: text/plain; charset=utf-8\n\nThe caf\u{e9}\n";
    assert!(
        !read(well.as_bytes(), None)
            .defects
            .contains(&Defect::Mojibake)
    );
}

/// The charset of an HTML part was looked for in its first 2 KiB with the line ends counted, so a mail
/// with CRLF could be another one than with LF.
#[test]
fn meta_charset_at_the_edge_with_other_line_ends() {
    let html = format!(
        "<html>\n{}<meta charset=utf-8>\n<p>caf\u{e9}</p>\n",
        "<!-- -->\n".repeat(220)
    );
    let lf = format!("From: a@example.org\nContent-Type: text/html\n\n{html}");
    let crlf = lf.replace('\n', "\r\n");
    let limits = Limits::default();
    let defects = |raw: &str| parse(raw.as_bytes(), &limits).defects;
    assert_eq!(defects(&lf), defects(&crlf));
    assert!(!defects(&lf).contains(&Defect::UndeclaredCharset));
}
