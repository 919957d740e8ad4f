//! What holds for any bytes.

use crate::{all_mails, read};
use posthoc_core::message::{Limits, MessageKey, Part};
use posthoc_core::text::{SentDate, choose_date, html_to_text, parse_from_line};
use proptest::prelude::*;

/// Reads in every way and checks what must always be true.
fn check(raw: &[u8]) {
    let limits = Limits::default();
    let message = read(raw);
    let summary = message.summary(raw.len() as u64);
    assert!(!summary.id.0.is_empty());
    assert!(
        !summary
            .id
            .0
            .contains(|c: char| c.is_control() || "<> ".contains(c)),
        "{:?}",
        summary.id
    );
    assert!(!summary.references.contains(&summary.id));
    assert!(
        !summary.subject.chars().any(char::is_control),
        "{:?}",
        summary.subject
    );
    assert!(!summary.author.name.chars().any(char::is_control));
    assert!(!summary.author.address.chars().any(char::is_control));
    assert!(summary.defects.is_sorted());
    assert_eq!(summary, read(raw).summary(raw.len() as u64));
    let key = MessageKey::of(&summary.id);
    assert_eq!(MessageKey::parse(&key.to_string()), Some(key));
    let body = message.body(&limits);
    assert_eq!(usize::from(summary.attachments), body.attachments.len());
    let text = body.plain_text();
    assert!(
        !text
            .chars()
            .any(|c| c.is_control() && c != '\n' && c != '\t'),
        "{text:?}"
    );
    assert!(depth(&message.root) <= limits.depth + 1);
    body.searchable();
}

fn depth(part: &Part) -> usize {
    1 + part.children.iter().map(depth).max().unwrap_or(0)
}

/// Pieces that parsers trip over.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    let words = [
        "From ",
        ">From ",
        "From: ",
        "Subject: ",
        "Date: ",
        "Message-ID: ",
        "References: ",
        "To: ",
        "Content-Type: ",
        "multipart/mixed; boundary=b",
        "message/rfc822",
        "text/html",
        "text/plain",
        "; charset=",
        "utf-8",
        "iso-2022-jp",
        "utf-7",
        "hz-gb-2312",
        "x-none",
        "; format=flowed",
        "Content-Transfer-Encoding: ",
        "base64",
        "quoted-printable",
        "x-uuencode",
        "begin 644 x",
        "begin 644 x\n#0V%T\n",
        "end\n",
        "begin-base64 644 x\nQ2F0\n",
        "=ybegin line=1 size=3 name=x\n",
        "=ypart begin=1 end=3\n",
        "=yend size=3\n",
        "(This file must be converted with BinHex 4.0)\n:",
        "application/ms-tnef",
        "\n",
        "\n",
        "\n\n",
        "\r\n",
        "\r",
        " ",
        "\t",
        "--b",
        "--b--",
        "<",
        ">",
        "(",
        ")",
        "\"",
        "\\",
        ",",
        ":",
        ";",
        "=",
        "=?",
        "?=",
        "=?utf-8?Q?",
        "=E9",
        "@",
        "a@example.org",
        "-- ",
        "> ",
        "--- a",
        "+++ b",
        "@@ -1,2 +1,2 @@",
        "diff --git ",
        "\u{e9}",
        "\0",
        "\x1b$B",
        "~{",
        "+AOQ-",
        "8 Mar 2004",
        "10:00",
        "+0100",
        "[",
        "]",
        "Re:",
        "<script>",
        "<!--",
        "&#",
        "filename*0*=",
        "''%",
        "________",
    ];
    prop_oneof![
        9 => prop::sample::select(words.to_vec()).prop_map(|w| w.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 1..4),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_give_a_message(raw in prop::collection::vec(any::<u8>(), 0..400)) {
        check(&raw);
    }

    #[test]
    fn any_pieces_give_a_message(pieces in prop::collection::vec(piece(), 0..60)) {
        check(&pieces.concat());
    }

    #[test]
    fn mutated_mails_give_a_message(
        which in any::<prop::sample::Index>(),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), piece(), 0usize..20), 1..6),
    ) {
        let mails = all_mails();
        let mut raw = which.get(&mails).clone();
        for (at, new, gone) in cuts {
            let start = at.index(raw.len() + 1);
            let end = (start + gone).min(raw.len());
            raw.splice(start..end, new);
        }
        check(&raw);
    }

    #[test]
    fn any_text_may_be_a_date_or_html(text in ".{0,80}", received in any::<Vec<i64>>(), arrival in any::<i64>()) {
        if let Some((date, _)) = SentDate::parse(&text) {
            prop_assert!(i32::from(date.offset).abs() <= 24 * 60);
        }
        parse_from_line(text.as_bytes());
        html_to_text(&text);
        let chosen = choose_date(SentDate::parse(&text).map(|d| d.0), &received, None, None, arrival);
        prop_assert!(chosen.unix <= arrival.saturating_add(15 * 86_400));
    }

    #[test]
    fn dates_survive_printing(unix in 0i64..4_000_000_000, hours in -12i16..=14) {
        let stamp = posthoc_core::text::TimeZone::utc().stamp(unix + i64::from(hours) * 3_600);
        let month = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
            [usize::from(stamp.month) - 1];
        let text = format!(
            "{} {month} {:04} {:02}:{:02}:{:02} {}{:02}00",
            stamp.day, stamp.year, stamp.hour, stamp.minute, stamp.second,
            if hours < 0 { '-' } else { '+' }, hours.abs(),
        );
        prop_assert_eq!(SentDate::parse(&text), Some((SentDate { unix, offset: hours * 60 }, false)));
    }
}

#[test]
fn every_prefix_of_every_mail_gives_a_message() {
    for mail in all_mails() {
        let step = (mail.len() / 60).max(1);
        for end in (0..=mail.len()).step_by(step) {
            check(&mail[..end]);
        }
    }
}
