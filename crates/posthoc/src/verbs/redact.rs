//! `redact`.

use super::remove::decided;
use crate::args::{Global, RedactArgs};
use crate::exit::{Exit, Failure};
use crate::open::reading;
use crate::term;
use posthoc_archive::{Chosen, Piece, Reader};
use serde_json::json;

pub(crate) fn redact(global: &Global, args: &RedactArgs) -> Result<Exit, Failure> {
    let why = decided(args.reason.as_deref().unwrap_or_default());
    let parts = args.part.iter().map(|part| Piece::Part(*part));
    let headers = args.header.iter().map(|name| Piece::Header(name.clone()));
    let bytes = args.bytes.iter().map(|(from, to)| Piece::Bytes(*from, *to));
    let pieces: Vec<Piece> = parts.chain(headers).chain(bytes).collect();
    if !args.dry_run && (pieces.is_empty() || why.reason.is_empty()) {
        return Err(Failure::new(
            Exit::Usage,
            "say what to take out, and why: --part N, --header NAME or --bytes A..B, and --reason TEXT",
        ));
    }
    let opened = reading(global)?;
    let settings = opened.settings();
    let reader = opened.reader(&settings)?;
    let id = std::slice::from_ref(&args.id);
    let chosen = reader.removal(id, None, args.list.as_ref(), why.now)?;
    if args.dry_run {
        say_parts(global, &reader, &chosen)?;
        return Ok(Exit::Done);
    }
    drop(reader);
    let store = opened.store.as_ref();
    let redacted = posthoc_archive::redact(store, &opened.limits, &chosen, &pieces, &why)?;
    if global.json {
        let mails: Vec<_> = chosen.mails.iter().map(|mail| mail.named()).collect();
        term::json(&json!({"mails": mails, "redacted": redacted}))?;
    } else if !global.quiet {
        let mut text = String::new();
        for mail in &chosen.mails {
            let named = mail.named();
            let what = format!("redacted: {} {}: {}", named.list, named.number, named.id);
            text += &format!("{}\n", term::line(&what));
        }
        term::print(&(text + "run publish again for a site of files\n"))?;
    }
    Ok(Exit::Done)
}

/// The parts of each mail by their numbers.
fn say_parts(global: &Global, reader: &Reader<'_>, chosen: &Chosen) -> Result<(), Failure> {
    let mut text = String::new();
    let mut told = Vec::new();
    for mail in &chosen.mails {
        let named = mail.named();
        let what = format!("{} {}: {}", named.list, named.number, mail.subject());
        text += &format!("{}\n", term::line(&what));
        let mut parts = Vec::new();
        for (n, part) in reader.redactable(mail)?.iter().enumerate() {
            let n = n + 1;
            let name = part.filename.as_deref().unwrap_or_default();
            let what = format!("part {n}: {}, {} bytes {name}", part.media_type, part.size);
            text += &format!("  {}\n", term::line(what.trim_end()));
            parts.push(json!({
                "part": n,
                "type": part.media_type,
                "name": part.filename,
                "bytes": part.size,
            }));
        }
        told.push(json!({"mail": named, "parts": parts}));
    }
    match global.json {
        true => term::json(&json!({"mails": told, "redacted": null})),
        false => term::print(&text),
    }
}
