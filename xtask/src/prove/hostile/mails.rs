//! Mails that carry attacks wherever a mail can carry words.

use crate::prove::tree::percent;
use std::fmt::Write;

/// Attacks of one mail that holds them in its parts.
const IN_PARTS: usize = 20;
/// Attacks of one mail that holds them in its header.
const IN_HEADER: usize = 8;
/// Mails of one thread.
const THREAD: usize = 25;

const PIXEL: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/// A mailbox with every attack in every place.
pub(super) fn mailbox(attacks: &[String]) -> String {
    let mut mbox = String::new();
    let mut number = 0;
    for some in attacks.chunks(IN_PARTS) {
        push_mail(&mut mbox, &mut number, some, &in_parts(some));
    }
    for some in attacks.chunks(IN_HEADER) {
        let text = "Content-Type: text/plain; charset=utf-8\n\nLook above.\n";
        push_mail(
            &mut mbox,
            &mut number,
            some,
            &format!("{}{text}", header(some)),
        );
    }
    mbox
}

fn push_mail(mbox: &mut String, number: &mut usize, attacks: &[String], rest: &str) {
    let n = *number;
    *number += 1;
    let root = n - n % THREAD;
    let (day, hour, minute) = (n / 1_440 + 1, n / 60 % 24, n % 60);
    let all = line(&attacks.join(" "));
    let mut mail =
        format!("From x@hostile.example Sun Mar {day:2} {hour:02}:{minute:02}:00 2026\n");
    let _ = write!(
        mail,
        "Message-ID: <{n}@hostile.example>\nDate: {day} Mar 2026 {hour:02}:{minute:02}:00 +0000 ({all})\n\
         Subject: {n} {all}\nFrom: {} <ada@hostile.example>\nMIME-Version: 1.0 ({all})\n",
        word(&all),
    );
    if root != n {
        let _ = writeln!(mail, "References: <{root}@hostile.example>");
    }
    mail.push_str(rest);
    for text in mail.split_inclusive('\n').enumerate() {
        let quoted = text.0 > 0 && text.1.trim_start_matches('>').starts_with("From ");
        mbox.push_str(if quoted { ">" } else { "" });
        mbox.push_str(text.1);
    }
    mbox.push_str("\n\n");
}

/// Fields that hold attacks as they are.
fn header(attacks: &[String]) -> String {
    let mut fields = String::new();
    let all = line(&attacks.join(" "));
    for name in [
        "To",
        "Cc",
        "Reply-To",
        "Sender",
        "In-Reply-To",
        "References",
        "List-Id",
        "List-Post",
        "X-Mailer",
        "Organization",
        "Keywords",
        "Comments",
        "Content-Description",
        "Content-ID",
        "X-Face",
        "Archived-At",
    ] {
        let _ = writeln!(fields, "{name}: <{all}> {all}");
    }
    for attack in attacks {
        let _ = writeln!(fields, "Cc: {} <{}@x.example>", word(attack), line(attack));
    }
    fields
}

/// One mail's parts: every kind that is shown, with every attack in it.
fn in_parts(attacks: &[String]) -> String {
    const EDGE: &str = "=_hostile";
    let mut parts: Vec<(String, String)> = Vec::new();
    let mut part = |head: &str, body: String| parts.push((head.to_owned(), body));
    let utf_8 = |kind: &str| format!("Content-Type: {kind}; charset=utf-8");
    part(&utf_8("text/plain"), attacks.join("\n\n"));
    part(
        &format!("{}; format=flowed", utf_8("text/plain")),
        attacks.join(" \n"),
    );
    part(&utf_8("text/enriched"), attacks.join("\n"));
    let picture = "Content-Type: image/png\nContent-ID: <lamp@hostile.example>\nContent-Transfer-Encoding: base64";
    part(picture, PIXEL.to_owned());
    for attack in attacks {
        part(&utf_8("text/html"), attack.clone());
        part(&utf_8("text/html"), in_attributes(attack));
    }
    for (attack, kind) in attacks.iter().zip(
        [
            "text/html",
            "image/svg+xml",
            "application/xhtml+xml",
            "text/xml",
            "image/png",
            "text/plain",
        ]
        .into_iter()
        .cycle(),
    ) {
        let name = percent(attack);
        part(
            &format!(
                "Content-Type: {kind}\nContent-Disposition: attachment; filename*=utf-8''{name}"
            ),
            attack.clone(),
        );
    }
    part(
        &format!("{}; method=REQUEST", utf_8("text/calendar")),
        calendar(attacks),
    );
    part(&utf_8("text/vcard"), contacts(attacks));
    part("Content-Type: message/delivery-status", report(attacks));
    for attack in attacks {
        let all = line(attack);
        part(
            "Content-Type: message/rfc822",
            format!(
                "Subject: {all}\nFrom: {} <x@x.example>\nDate: {all}\nContent-Type: text/html; charset=utf-8\n\n{attack}",
                word(attack)
            ),
        );
        part(
            &format!(
                "Content-Type: message/partial; number=2; id=\"{}\"",
                all.replace('"', "'")
            ),
            attack.clone(),
        );
    }
    let mut mail = format!("Content-Type: multipart/mixed; boundary=\"{EDGE}\"\n\n");
    for (head, body) in parts {
        let _ = write!(mail, "--{EDGE}\n{head}\n\n{body}\n");
    }
    let _ = writeln!(mail, "--{EDGE}--");
    mail
}

/// The attack as a value of attributes that stay.
fn in_attributes(attack: &str) -> String {
    format!(
        "<p title=\"{attack}\" style=\"color:{attack}\">a</p><a href=\"{attack}\">b</a><a href='https://x.example/{attack}'>c</a>\
         <img alt='{attack}' src=\"https://x.example/{attack}\"><font color={attack}>d</font>"
    )
}

fn calendar(attacks: &[String]) -> String {
    let mut text = String::from("BEGIN:VCALENDAR\nMETHOD:REQUEST\n");
    for attack in attacks {
        let value = line(attack);
        let quoted = value.replace('"', "'");
        let _ = write!(
            text,
            "BEGIN:VEVENT\nSUMMARY:{value}\nDTSTART;TZID=\"{quoted}\":20260314T090000\nRRULE:{value}\nLOCATION:{value}\n\
             ORGANIZER;CN=\"{quoted}\":mailto:{value}\nATTENDEE;CN=\"{quoted}\":{value}\nURL:{value}\n\
             DESCRIPTION:{value}\nEND:VEVENT\n"
        );
    }
    text + "END:VCALENDAR\n"
}

fn contacts(attacks: &[String]) -> String {
    let mut text = String::new();
    for attack in attacks {
        let value = line(attack);
        let _ = write!(
            text,
            "BEGIN:VCARD\nFN:{value}\nORG:{value}\nEMAIL:{value}\nTEL:{value}\nURL:{value}\nNOTE:{value}\nEND:VCARD\n"
        );
    }
    text
}

fn report(attacks: &[String]) -> String {
    let mut text = String::from("Reporting-MTA: dns; x.example\n");
    for attack in attacks {
        let value = line(attack);
        let _ = write!(
            text,
            "\nFinal-Recipient: rfc822; {value}\nAction: {value}\nStatus: {value}\nDiagnostic-Code: smtp; {value}\n"
        );
    }
    text
}

/// On one line of a header.
fn line(text: &str) -> String {
    text.replace(['\r', '\n', '\0'], " ")
}

/// As an encoded word, so that all of it is the name.
fn word(text: &str) -> String {
    format!("=?utf-8?b?{}?=", base64(text.as_bytes()))
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for three in bytes.chunks(3) {
        let bits = three
            .iter()
            .fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte))
            << (8 * (3 - three.len()));
        for n in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * n) & 63) as usize];
            out.push(if n <= three.len() {
                char::from(digit)
            } else {
                '='
            });
        }
    }
    out
}
