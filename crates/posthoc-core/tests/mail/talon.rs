//! Quotes and signatures beside what the talon suite expects.
//!
//! `cargo nextest run -p posthoc-core corpora_talon --no-capture` prints the figure.

use crate::read;
use crate::suites::suite;
use posthoc_core::message::{Block, Body, Limits};
use std::collections::BTreeMap;

/// What the suite expects and we see otherwise. The reason is one: these signatures have no line
/// `-- ` above them and are guessed from words and lengths; what an author wrote is not dimmed on a
/// guess.
const OTHERWISE: [&str; 5] = [
    "signature/emails/stripped/jeff_body",
    "signature/emails/stripped/johndoeexamplecom_body",
    "signature/emails/stripped/long_body",
    "signature/emails/stripped/short_url_body",
    "signature/emails/stripped/sparse_body",
];

const FOLDER: &str = "talon/tests/fixtures";

/// What is left of a mail without what is quoted.
fn reply(body: &Body) -> String {
    let mut lines: Vec<&str> = Vec::new();
    for block in &body.blocks {
        match block {
            Block::Fixed(text) | Block::Flowed(text) | Block::Patch(text) => {
                lines.extend(text.iter().map(String::as_str));
            }
            Block::Signature(text) => {
                lines.push("-- ");
                lines.extend(text.iter().map(String::as_str));
            }
            _ => {}
        }
    }
    words(&lines.join("\n"))
}

/// Lines without blanks at their ends, none of them empty.
fn words(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

/// Name, what is expected, what is found.
type Compared = (String, String, String);

/// Replies from mailers: all that is new is `Hello`, unless a file beside the mail says otherwise.
fn replies(files: &BTreeMap<String, Vec<u8>>) -> Vec<Compared> {
    let mails = files
        .iter()
        .filter(|(path, _)| path.contains("standard_replies/") && path.ends_with(".eml"));
    mails
        .map(|(path, bytes)| {
            let stem = path.strip_suffix(".eml").unwrap();
            let told = files.get(&format!("{stem}_reply_text"));
            let expected = told.map_or("Hello".into(), |told| String::from_utf8_lossy(told));
            let found = reply(&read(bytes).body(&Limits::default()));
            (short(path), words(&expected), found)
        })
        .collect()
}

/// Replies in HTML: all that is new is the same in each.
fn html_replies(files: &BTreeMap<String, Vec<u8>>) -> Vec<Compared> {
    let pages = files
        .iter()
        .filter(|(path, _)| path.contains("html_replies/") && path.ends_with(".html"));
    let header = b"From: a@example.org\nContent-Type: text/html; charset=utf-8\n\n";
    pages
        .map(|(path, bytes)| {
            let body = read(&[header, &bytes[..]].concat()).body(&Limits::default());
            let expected = "Hi. I am fine.\nThanks,\nAlex".to_owned();
            (short(path), expected, words(&body.searchable().text))
        })
        .collect()
}

/// Signatures: what stands in `NAME_signature` is the end of `NAME_body`.
fn signatures(files: &BTreeMap<String, Vec<u8>>) -> Vec<Compared> {
    let bodies = files
        .iter()
        .filter(|(path, _)| path.contains("/stripped/") && path.ends_with("_body"));
    bodies
        .filter_map(|(path, bytes)| {
            let stem = path.strip_suffix("_body").unwrap();
            let expected = files.get(&format!("{stem}_signature"))?;
            let mail = [
                b"From: a@example.org\nContent-Type: text/plain; charset=utf-8\n\n",
                &bytes[..],
            ];
            let body = read(&mail.concat()).body(&Limits::default());
            let signed = body.blocks.iter().find_map(|block| match block {
                Block::Signature(lines) => Some(lines.join("\n")),
                _ => None,
            });
            let expected = String::from_utf8_lossy(expected).into_owned();
            Some((
                short(path),
                words(&expected),
                words(&signed.unwrap_or_default()),
            ))
        })
        .collect()
}

fn short(path: &str) -> String {
    path.strip_prefix(FOLDER)
        .unwrap_or(path)
        .trim_start_matches('/')
        .to_owned()
}

#[test]
fn corpora_talon_expects_the_same_but_for_what_is_told() {
    let files = suite("talon");
    if files.is_empty() {
        return;
    }
    let compared: Vec<Compared> = replies(&files)
        .into_iter()
        .chain(html_replies(&files))
        .chain(signatures(&files))
        .collect();
    let differs = |(name, expected, found): &Compared| {
        (expected != found).then(|| (name.clone(), expected.clone(), found.clone()))
    };
    let differing: Vec<Compared> = compared.iter().filter_map(differs).collect();
    println!(
        "talon: {} of {} agree",
        compared.len() - differing.len(),
        compared.len()
    );
    for (name, expected, found) in &differing {
        println!("{name}: expected {expected:?}, found {found:?}");
    }
    let names: Vec<&str> = differing.iter().map(|(name, ..)| name.as_str()).collect();
    assert_eq!(names, OTHERWISE);
}
