//! A search without a server: any mail's words come back from the files, and any file is read.

use posthoc_core::query::{
    Doc, Gather, Purpose, Shown, Span, Tokens, build, chunk_words, id_word, read, word_hashes,
};
use std::collections::BTreeSet;

/// The words that are read from the files of a mail are those of the tokenizer and the one of its
/// Message-ID; its file of lines is one line; bytes that nobody wrote are read or refused.
pub fn shards(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let id: String = text.chars().take(40).collect();
    let doc = Doc {
        number: 5,
        id,
        subject: text.chars().take(80).collect(),
        text,
        ..Doc::default()
    };
    let mut gather = Gather::default();
    gather.add(&Shown {
        volume: "2025-November",
        day: 20_000,
        subject: &doc.subject,
        author: "Ada",
        doc: &doc,
    });
    let span = Span { from: 0, to: 64 };
    let shard = build(span, &[gather.run()]).expect("a mail has files");
    let found = read(span, &shard.files).expect("what was written is read");
    let found: BTreeSet<String> = found.into_iter().map(|listed| listed.word).collect();
    let mut wanted = BTreeSet::from([id_word(&doc.id)]);
    for part in [&doc.subject, &doc.text] {
        let mut tokens = Tokens::new(part, Purpose::Index);
        while let Some(token) = tokens.next() {
            wanted.insert(token.text.to_owned());
        }
    }
    assert_eq!(found, wanted);
    for file in shard.files.iter().filter(|file| file.name.starts_with('t')) {
        assert_eq!(file.bytes.iter().filter(|byte| **byte == b'\n').count(), 1);
    }
    let letters: Vec<u8> = bytes.iter().map(|byte| b'#' + byte % 80).collect();
    let any = [b"posthoc(\"", &letters[..], b"\")\n"].concat();
    for file in [bytes, &any] {
        let _ = (chunk_words(file), word_hashes(file));
    }
}
