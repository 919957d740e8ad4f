//! The text volume: all mails of a volume as text, in the shape of an mbox without being one.

use crate::article::{Article, Content, Lines, masked};
use crate::settings::Settings;
use posthoc_core::text::TimeZone;

/// A mail's entry.
pub fn text_entry(settings: &Settings, article: &Article, content: &Content) -> Vec<u8> {
    let at = settings.language.words().at;
    let charset = settings.charset();
    let mut out = Vec::new();
    let push_masked = |text: &str, out: &mut Vec<u8>| match settings.obscure {
        true => charset.encode_with_marks(&masked(text, at), out),
        false => charset.encode_with_marks(text, out),
    };
    let email: Vec<u8> = if article.email.is_empty() {
        b"bogus@does.not.exist.com".to_vec()
    } else {
        article.email.clone()
    };
    let mut name = Vec::new();
    match settings.obscure && memchr::memchr(b'@', &article.raw_author).is_some() {
        true => charset.encode_with_marks(&article.author, &mut name),
        false => name.clone_from(&article.raw_author),
    }
    out.extend_from_slice(b"From ");
    out.extend_from_slice(&email);
    out.extend_from_slice(format!("  {}\n", ctime(article.date, &settings.time_zone)).as_bytes());
    let lines: [(&str, &[u8]); 7] = [
        ("From: ", &[&email[..], b" (", &name, b")"].concat()),
        ("Date: ", &article.raw_date),
        ("Subject: ", &article.raw_subject),
        ("In-Reply-To: ", &article.raw_in_reply_to),
        ("References: ", &article.raw_references),
        ("Message-ID: ", &article.raw_id),
        ("", b""),
    ];
    for (name, line) in lines {
        if !line.is_empty() {
            out.extend_from_slice(name.as_bytes());
            out.extend_from_slice(line);
            out.push(b'\n');
        }
    }
    out.push(b'\n');
    match &content.lines {
        Lines::Bytes(bytes) => push_masked(&charset.decode(bytes), &mut out),
        Lines::Text(text) => push_masked(text, &mut out),
    }
    out.push(b'\n');
    out
}

/// `Wed Dec  1 19:49:57 2004`, as C's `ctime` writes it.
fn ctime(unix: i64, zone: &TimeZone) -> String {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let stamp = zone.stamp(unix);
    let month = posthoc_core::text::MONTHS[usize::from(stamp.month - 1) % 12];
    format!(
        "{} {} {:2} {:02}:{:02}:{:02} {:04}",
        DAYS[usize::from(stamp.weekday) % 7],
        &month[..3],
        stamp.day,
        stamp.hour,
        stamp.minute,
        stamp.second,
        stamp.year
    )
}
