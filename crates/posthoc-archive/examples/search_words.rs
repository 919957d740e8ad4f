//! What search knows of mails, for another program to hold the index to: on standard input mails,
//! each behind a line with its length in bytes; on standard output one JSON object on a line for each.
//! For a line of `=` and a word it tells the word's English stem, as Snowball's rules have it.

use frostem::{Algorithm, Stemmer};
use posthoc_archive::search_words;
use posthoc_core::message::Limits;
use serde_json::json;
use std::io::{BufRead, Read, Write};

fn main() -> std::io::Result<()> {
    let mut input = std::io::stdin().lock();
    let mut output = std::io::stdout().lock();
    let mut line = String::new();
    while input.read_line(&mut line)? > 0 {
        if let Some(word) = line.trim_end_matches('\n').strip_prefix('=') {
            let stem = Stemmer::new(Algorithm::English).stem(word).into_owned();
            writeln!(output, "{stem}")?;
            output.flush()?;
            line.clear();
            continue;
        }
        let length: u64 = line.trim().parse().unwrap_or_default();
        line.clear();
        let mut mail = Vec::new();
        (&mut input).take(length).read_to_end(&mut mail)?;
        let doc = search_words(mail, &Limits::default());
        let told = json!({
            "id": doc.id,
            "subject": doc.subject,
            "author": doc.author,
            "to": doc.to,
            "cc": doc.cc,
            "text": doc.text,
            "quoted": doc.quoted,
            "files": doc.files,
            "types": doc.types,
            "marks": doc.marks,
            "language": doc.language,
            "size": doc.size,
        });
        writeln!(output, "{told}")?;
        output.flush()?;
    }
    Ok(())
}
