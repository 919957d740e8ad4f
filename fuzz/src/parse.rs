//! Reading a mail.

use posthoc_core::message::{Limits, Message, MessageKey, parse as read};
use std::collections::BTreeSet;

/// Any bytes give a message, the same each time, within the limits; its ids can be named and
/// answered; with CRLF for LF it is the same mail.
pub fn parse(bytes: &[u8]) {
    let limits = Limits {
        depth: 8,
        parts: 50,
        references: 20,
        addresses: 20,
        packed_files: 20,
        packed_bytes: 1 << 16,
        ..Limits::default()
    };
    let message = read(bytes, &limits);
    let size = bytes.len() as u64;
    let summary = message.summary(size);
    assert_eq!(
        read(bytes, &limits).summary(size),
        summary,
        "read twice, not the same mail"
    );
    check_tree(&message, &limits);
    check_ids(&message, &limits);
    assert!(message.to.len() <= limits.addresses && message.cc.len() <= limits.addresses);
    assert!(
        message.defects.is_sorted_by(|a, b| a < b),
        "defects are not sorted, each once"
    );
    // A broken ISO-2022 text may swallow the CR of a line end as half a letter.
    if !bytes.iter().any(|byte| b"\r\x1b".contains(byte)) {
        let twin = read(&with_crlf(bytes), &limits).summary(size);
        assert_eq!(twin, summary, "with CRLF it is another mail");
    }
}

fn check_tree(message: &Message, limits: &Limits) {
    let (mut parts, mut files, mut bytes) = (0, 0, 0);
    let mut open = vec![(&message.root, 0)];
    while let Some((part, depth)) = open.pop() {
        parts += 1;
        assert!(depth <= limits.depth, "deeper than {}", limits.depth);
        assert!(
            part.fields.len() <= limits.fields,
            "more than {} fields",
            limits.fields
        );
        // A type is ASCII (RFC 2045 section 5.1); what else stands there is kept as it was written.
        let lower = part.media_type.to_ascii_lowercase();
        assert_eq!(part.media_type, lower, "a media type is not in lower case");
        let packed = part.packed.iter();
        for packed in packed.flat_map(|p| std::iter::once(p).chain(&p.part.packed)) {
            files += 1;
            bytes += packed.part.bytes.len();
        }
        open.extend(part.children.iter().map(|child| (child, depth + 1)));
    }
    assert!(
        files <= limits.packed_files && bytes <= limits.packed_bytes,
        "{files} files of {bytes} bytes were taken out"
    );
    assert!(
        parts <= limits.parts,
        "{parts} parts, more than {}",
        limits.parts
    );
}

fn check_ids(message: &Message, limits: &Limits) {
    assert!(!message.id.0.is_empty(), "an empty Message-ID");
    let key = MessageKey::of(&message.id);
    assert_eq!(
        MessageKey::parse(&key.to_string()),
        Some(key),
        "a key does not parse back"
    );
    let distinct: BTreeSet<_> = message.references.iter().collect();
    assert_eq!(
        distinct.len(),
        message.references.len(),
        "a reference stands twice"
    );
    assert!(
        !distinct.contains(&message.id),
        "a mail that answers itself"
    );
    // What In-Reply-To adds comes on top.
    let most = limits.references + message.in_reply_to.len();
    assert!(
        distinct.len() <= most,
        "{} references, more than {most}",
        distinct.len()
    );
}

fn with_crlf(bytes: &[u8]) -> Vec<u8> {
    let mut twin = Vec::with_capacity(bytes.len() + bytes.len() / 32);
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        match line.strip_suffix(b"\n") {
            Some(text) => twin.extend([text, b"\r\n"].concat()),
            None => twin.extend(line),
        }
    }
    twin
}
