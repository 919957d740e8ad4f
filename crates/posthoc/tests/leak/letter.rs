//! A mail with a token in every place that a mail has.

use crate::tokens::{Secret, Tokens};
use std::fmt::Write as _;

/// Fields that hold a word each and that the public copy shows.
const FIELDS: [&str; 6] = [
    "X-Custom",
    "Keywords",
    "Comments",
    "Organization",
    "List-Id",
    "Thread-Topic",
];
/// Fields that no public copy shows.
pub(crate) const LEFT_OUT: [&str; 5] = [
    "Received",
    "Bcc",
    "List-Unsubscribe",
    "X-Originating-IP",
    "Return-Path",
];

/// Who speaks in a mail, and to what it answers.
pub(crate) struct About<'a> {
    pub(crate) secret: Secret,
    /// What its places are called.
    pub(crate) name: &'a str,
    /// Its Message-ID, without brackets; a token when none.
    pub(crate) id: Option<&'a str>,
    /// The Message-ID that it answers.
    pub(crate) answers: Option<&'a str>,
    pub(crate) day: u32,
}

/// A mail, and its Message-ID.
pub(crate) fn letter(tokens: &mut Tokens, about: &About<'_>) -> (String, String) {
    let mut word = |place: &str| tokens.new_word(about.secret, &format!("{} {place}", about.name));
    let id = match about.id {
        Some(id) => id.to_owned(),
        None => format!("{}@{}.example", word("id"), word("id's host")),
    };
    let mut mail = format!(
        "Message-ID: <{id}>\nDate: {} Nov 2025 10:00:00 +0000 ({})\n",
        about.day,
        word("date comment")
    );
    for field in ["From", "To", "Cc", "Reply-To"] {
        let (name, local, host) = (
            word(&format!("{field} name")),
            word(&format!("{field} local part")),
            word(&format!("{field} domain")),
        );
        let _ = writeln!(mail, "{field}: {name} <{local}@{host}.example>");
    }
    let encoded = base64_of(word("encoded subject").as_bytes());
    let subject = word("subject");
    let _ = writeln!(mail, "Subject: about {subject} =?utf-8?b?{encoded}?=");
    for field in FIELDS.iter().chain(&LEFT_OUT) {
        let _ = writeln!(mail, "{field}: <{}>", word(field));
    }
    let _ = writeln!(
        mail,
        "List-Post: <mailto:{}@lists.example.org>",
        word("List-Post")
    );
    if let Some(answered) = about.answers {
        let _ = writeln!(mail, "In-Reply-To: <{answered}>\nReferences: <{answered}>");
    } else {
        let ghost = word("answered ghost");
        let _ = writeln!(
            mail,
            "In-Reply-To: <{ghost}@x.example>\nReferences: <{ghost}@x.example>"
        );
    }
    content(&mut mail, &mut word);
    (mail, id)
}

fn content(mail: &mut String, word: &mut impl FnMut(&str) -> String) {
    let edge = word("boundary");
    let _ = write!(
        mail,
        "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"{edge}\"\n\n{}\n",
        word("preamble")
    );
    let mut part = |fields: &str, body: &str| {
        let _ = write!(mail, "--{edge}\n{fields}\n\n{body}\n");
    };
    let text = format!(
        "Boats and {}.\n\nAda wrote:\n> quoted {}\n> > twice {}\n\n-- \nsigned {}\n",
        word("text"),
        word("quote"),
        word("inner quote"),
        word("signature")
    );
    part("Content-Type: text/plain; charset=utf-8", &text);
    let text = format!("caf=C3=A9 {}", word("QP text"));
    let qp = "Content-Transfer-Encoding: quoted-printable";
    part(
        &format!("Content-Type: text/plain; charset=utf-8\n{qp}"),
        &text,
    );
    let b64 = "Content-Transfer-Encoding: base64";
    let text = base64_of(word("base64 text").as_bytes());
    part(&format!("Content-Type: text/plain\n{b64}"), &text);
    let html = format!(
        "<p>{}</p><img src=\"https://x.example/{}.png\" alt=\"{}\"><a href=\"https://x.example/{}\">a</a>",
        word("HTML text"),
        word("HTML picture"),
        word("HTML alt"),
        word("HTML link")
    );
    part("Content-Type: text/html", &html);
    for (kind, what) in [
        ("text/plain", "text file"),
        ("application/octet-stream", "binary file"),
    ] {
        let name = word(&format!("{what} name"));
        let bytes = [b"\0\x01 ", word(what).as_bytes()].concat();
        let bytes = if kind == "text/plain" {
            &bytes[2..]
        } else {
            &bytes[..]
        };
        let fields = format!(
            "Content-Type: {kind}; name={name}.dat\nContent-Description: {}\n{b64}\n\
             Content-Disposition: attachment; filename={name}.dat",
            word(&format!("{what} description"))
        );
        part(&fields, &base64_of(bytes));
    }
    let inner = format!(
        "From: {} <x@{}.example>\nSubject: {}\nMessage-ID: <{}@x.example>\n\n{}\n",
        word("nested From name"),
        word("nested From domain"),
        word("nested subject"),
        word("nested id"),
        word("nested text")
    );
    part("Content-Type: message/rfc822", &inner);
    let _ = write!(mail, "--{edge}--\n{}\n", word("epilogue"));
}

/// A public mail with words in pieces that are taken out of it, and how they are.
pub(crate) fn redactable(tokens: &mut Tokens, id: &str) -> (String, Vec<String>) {
    let mut word = |place: &str| tokens.new_word(Secret::Redacted, &format!("redacted {place}"));
    let few = word("bytes");
    let (name, local, host) = (word("From name"), word("local part"), word("domain"));
    let (subject, custom) = (word("subject"), word("X-Custom"));
    let encoded = base64_of(word("encoded subject").as_bytes());
    let (html, alt, file) = (word("HTML text"), word("HTML alt"), word("file name"));
    let bytes = base64_of(word("file").as_bytes());
    let (inner, nested) = (word("nested subject"), word("nested text"));
    let mail = format!(
        "Message-ID: <{id}>\nDate: 10 Nov 2025 10:00:00 +0000\n\
         From: {name} <{local}@{host}.example>\nSubject: {subject} =?utf-8?b?{encoded}?=\n\
         X-Custom: {custom}\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n\
         --b\n\nBoats, and {few}.\n\
         --b\nContent-Type: text/html\n\n<p>{html}</p><img src=\"x.png\" alt=\"{alt}\">\n\
         --b\nContent-Type: text/plain; name={file}.dat\nContent-Transfer-Encoding: base64\n\
         Content-Description: {file}\nContent-Disposition: attachment; filename={file}.dat\n\n{bytes}\n\
         --b\nContent-Type: message/rfc822\n\nSubject: {inner}\n\n{nested}\n--b--\n"
    );
    let at = mail.find(&few).unwrap();
    let args = format!(
        "redact {id} --reason asked --header from --header Subject --header x-custom \
         --part 2 --part 3 --part 4 --bytes {at}..{}",
        at + few.len()
    );
    (mail, args.split(' ').map(str::to_owned).collect())
}

/// A plain mail.
pub(crate) fn plain(
    id: &str,
    answers: Option<&str>,
    day: u32,
    subject: &str,
    text: &str,
) -> String {
    let answers = answers.map_or_else(String::new, |id| {
        format!("In-Reply-To: <{id}>\nReferences: <{id}>\n")
    });
    format!(
        "Message-ID: <{id}>\nDate: {day} Nov 2025 10:00:00 +0000\nFrom: Ada <ada@open.example>\n\
         To: town@open.example\nSubject: {subject}\n{answers}\n{text}\n"
    )
}

/// A mailbox of mails.
pub(crate) fn mbox(mails: &[&str]) -> String {
    let mut text = String::new();
    for mail in mails {
        let _ = write!(text, "From mboxrd@z Mon Nov  3 10:00:00 2025\n{mail}\n");
    }
    text
}

/// RFC 4648, 4.
pub(crate) fn base64_of(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let byte = |n: usize| u32::from(three.get(n).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for n in 0..4 {
            match n <= three.len() {
                true => text.push(char::from(LETTERS[(bits >> (18 - 6 * n) & 63) as usize])),
                false => text.push('='),
            }
        }
    }
    text
}
