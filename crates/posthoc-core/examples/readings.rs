//! What is read of mails, for other programs to compare with: on standard input mails, each behind
//! a line with its length in bytes; on standard output one JSON object on a line for each.

use posthoc_core::message::{Limits, Message, Part, parse};
use serde_json::json;
use std::io::{BufRead, Read, Write};

fn main() -> std::io::Result<()> {
    let mut input = std::io::stdin().lock();
    let mut output = std::io::stdout().lock();
    let mut line = String::new();
    while input.read_line(&mut line)? > 0 {
        let length: u64 = line.trim().parse().unwrap_or_default();
        line.clear();
        let mut mail = Vec::new();
        (&mut input).take(length).read_to_end(&mut mail)?;
        writeln!(output, "{}", reading(&parse(&mail, &Limits::default())))?;
        output.flush()?;
    }
    Ok(())
}

fn reading(message: &Message) -> serde_json::Value {
    let subject = message.root.field("subject");
    json!({
        "subject": subject.map(|field| field.value()),
        "name": message.author.name,
        "address": message.author.address,
        "date": message.sent.map(|sent| sent.unix),
        "text": message.body(&Limits::default()).plain_text(),
        "names": names(&message.root),
        "parts": parts(&message.root),
        "defects": message.defects.iter().map(|d| d.name()).collect::<Vec<_>>(),
    })
}

/// All parts in order: how deep, of what type, and the text of those that are text.
fn parts(root: &Part) -> Vec<serde_json::Value> {
    let mut parts = Vec::new();
    let mut waiting = vec![(root, 0)];
    while let Some((part, depth)) = waiting.pop() {
        let is_text = part.media_type.starts_with("text/") && part.children.is_empty();
        let text = is_text.then(|| part.text().shown());
        parts.push(json!({
            "depth": depth,
            "type": part.media_type,
            "name": part.filename,
            "size": part.bytes.len(),
            "text": text,
        }));
        waiting.extend(part.children.iter().rev().map(|child| (child, depth + 1)));
    }
    parts
}

/// The file names of all parts, in order.
fn names(root: &Part) -> Vec<&str> {
    let mut names = Vec::new();
    let mut waiting = vec![root];
    while let Some(part) = waiting.pop() {
        names.extend(part.filename.as_deref());
        waiting.extend(part.children.iter().rev());
    }
    names
}
