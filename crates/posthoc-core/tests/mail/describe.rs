//! A mail's reading as text that a person can check.

use posthoc_core::message::{Block, Limits, Mailbox, Message, Part};
use std::fmt::Write;

/// Everything that is read of a mail. Sizes do not count CR, so that a mail and its CRLF twin are
/// described alike.
pub(crate) fn describe(message: &Message) -> String {
    let mut out = String::new();
    let mut line = |name: &str, value: String| {
        if !value.is_empty() {
            writeln!(out, "{name}: {value}").unwrap();
        }
    };
    let made = if message.id_is_made { " (made)" } else { "" };
    line("id", format!("{}{made}", message.id));
    line("references", joined(message.references.iter()));
    line("in-reply-to", joined(message.in_reply_to.iter()));
    line("subject", escaped(&message.subject));
    line("author", mailbox(&message.author));
    let shown = message.shown_author();
    if shown != message.author {
        line("shown author", mailbox(&shown));
    }
    line("to", joined(message.to.iter().map(mailbox)));
    line("cc", joined(message.cc.iter().map(mailbox)));
    line(
        "sent",
        message
            .sent
            .map(|s| format!("{} {:+}", s.unix, s.offset))
            .unwrap_or_default(),
    );
    line("received", joined(message.received().iter()));
    line("list-id", message.list_id.clone().unwrap_or_default());
    line(
        "no-archive",
        if message.no_archive {
            "yes".to_owned()
        } else {
            String::new()
        },
    );
    line("content", message.content_hash().to_string());
    line("defects", joined(message.defects.iter()));
    line("files", message.summary(0).attachments.to_string());
    out.push_str("\nparts\n");
    describe_part(&message.root, 1, &mut out);
    describe_body(message, &mut out);
    out
}

fn describe_part(part: &Part, level: usize, out: &mut String) {
    let size = part.bytes.iter().filter(|b| **b != b'\r').count();
    write!(out, "{}{} {size}", "  ".repeat(level), part.media_type).unwrap();
    let optional = [
        ("charset", &part.charset),
        ("name", &part.filename),
        ("cid", &part.content_id),
    ];
    for (name, value) in optional {
        if let Some(value) = value {
            write!(out, " {name}={}", escaped(value)).unwrap();
        }
    }
    writeln!(out, " {:?} fields={}", part.disposition, part.fields.len()).unwrap();
    for child in &part.children {
        describe_part(child, level + 1, out);
    }
}

fn describe_body(message: &Message, out: &mut String) {
    let body = message.body(&Limits::default());
    if !body.as_written.is_empty() {
        push_lines("as written", &body.as_written, out);
    }
    for block in &body.blocks {
        match block {
            Block::Flowed(lines) => push_lines("flowed", lines, out),
            Block::Fixed(lines) => push_lines("fixed", lines, out),
            Block::Signature(lines) => push_lines("signature", lines, out),
            Block::Patch(lines) => push_lines("patch", lines, out),
            Block::Attribution(lines) => push_lines("attribution", lines, out),
            Block::Footer(lines) => push_lines("footer", lines, out),
            Block::Frame(lines) => push_lines("frame", lines, out),
            Block::Html(html) => push_lines("html", std::slice::from_ref(html), out),
            Block::Note(note) => push_lines("note", &[note.to_string()], out),
            Block::Other(None) => push_lines("end of the other form", &[], out),
            Block::Other(Some(form)) => push_lines(&format!("other form {form:?}"), &[], out),
            Block::Card(card) => {
                let rows = card
                    .rows
                    .iter()
                    .map(|(name, value)| format!("{name}: {value}"));
                let title = [card.title.clone()]
                    .into_iter()
                    .filter(|title| !title.is_empty());
                push_lines(
                    &format!("card {}", card.label),
                    &title.chain(rows).collect::<Vec<_>>(),
                    out,
                );
            }
            Block::Quote(lines) | Block::Original(lines) => {
                let name = match block {
                    Block::Original(_) => "original",
                    _ => "quote",
                };
                let lines: Vec<_> = lines
                    .iter()
                    .map(|l| format!("{} {}", l.depth, l.text))
                    .collect();
                push_lines(name, &lines, out);
            }
            Block::Forwarded {
                subject,
                author,
                date,
            } => {
                push_lines(
                    "forwarded",
                    &[subject.clone(), author.clone(), date.clone()],
                    out,
                );
            }
            Block::Attachment(n) => {
                let file = &body.attachments[*n];
                let size = file.bytes.iter().filter(|b| **b != b'\r').count();
                let about = format!("{} {} {size}", escaped(&file.name), file.media_type);
                let text = file.text.iter().map(|t| t.trim_end().to_owned());
                let lines: Vec<_> = std::iter::once(about).chain(text).collect();
                push_lines("file", &lines, out);
            }
        }
    }
}

fn push_lines(name: &str, lines: &[String], out: &mut String) {
    writeln!(out, "\n{name}").unwrap();
    for line in lines.iter().flat_map(|l| l.split('\n')) {
        writeln!(out, "  |{}|", escaped(line)).unwrap();
    }
}

fn mailbox(mailbox: &Mailbox) -> String {
    match (mailbox.name.as_str(), mailbox.address.as_str()) {
        ("", "") => String::new(),
        ("", address) => escaped(address),
        (name, address) => format!("{} <{}>", escaped(name), escaped(address)),
    }
}

fn joined(items: impl Iterator<Item = impl ToString>) -> String {
    items.map(|i| i.to_string()).collect::<Vec<_>>().join(", ")
}

/// Text with what cannot be seen spelt out.
fn escaped(text: &str) -> String {
    let visible = |c: char| !c.is_control() && !('\u{200b}'..='\u{206f}').contains(&c);
    let mut out = String::new();
    for c in text.chars() {
        if visible(c) {
            out.push(c)
        } else {
            out.extend(c.escape_unicode())
        }
    }
    out
}
