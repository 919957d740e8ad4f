//! Searching for what is hidden: the answer must be that to a word which stands nowhere.

use crate::lab::{HUSH, Lab, MASKED, PLAIN};
use crate::prelude::Server;
use crate::tokens::{Secret, word};
use crate::walk::Got;

/// Queries with a word, its beginning and an id made of it.
const FORMS: [&str; 27] = [
    "WORD",
    "%22WORD%22",
    "%22boats+WORD%22",
    "BEGIN*",
    "-WORD+boats",
    "boats+OR+WORD",
    "boats+WORD",
    "from:WORD",
    "from:BEGIN*",
    "to:WORD",
    "subject:WORD",
    "nq:WORD",
    "quoted:WORD",
    "list:WORD",
    "boats+-list:WORD",
    "mid:WORD@WORD.example",
    "%3CWORD@WORD.example%3E",
    "/WORD/2025-November/msg00000.html",
    "thread:WORD",
    "cc:WORD+OR+filename:WORD",
    "SLIP",
    "boats+OR+SLIP",
    "boats+OR+WORD&as=threads",
    "subject:SLIP",
    "-WORD+boats&as=mbox.gz",
    "SLIP+boats",
    "boats+OR+WORD&as=atom",
];

/// A word with a slip in it, which the word could be suggested for.
fn slip(word: &str) -> String {
    let (most, last) = word.split_at(word.len() - 1);
    [most, if last == "a" { "b" } else { "a" }].concat()
}

/// Asks for words in all forms, on the site and on each list. Answers how many questions were put.
pub(crate) fn confirms_nothing(lab: &Lab, server: &Server, secrets: &[Secret]) -> usize {
    let nobodys = word(0);
    let pages = ["", PLAIN, MASKED, HUSH];
    let mut asked = 0;
    for (n, form) in FORMS.iter().enumerate() {
        // On each list a few forms are enough.
        let pages = if n % 4 == 0 { &pages[..] } else { &pages[..1] };
        for list in pages {
            let page = if list.is_empty() {
                String::new()
            } else {
                format!("{list}/")
            };
            let order = if n % 2 == 0 { "" } else { "&order=new" };
            let question = |word: &str| {
                let query = form.replace("WORD", word).replace("BEGIN", &word[..9]);
                let query = query.replace("SLIP", &slip(word));
                Got::of(server, &format!("/{page}search/?q={query}{order}"))
            };
            let unknown = question(&nobodys);
            let said = lab.tokens.found(&unknown.body);
            let may_be_said = |of| of >= Secret::Named || of == Secret::Unlisted && *list == HUSH;
            assert!(
                said.iter().all(|(of, _)| may_be_said(*of)),
                "{page}{form}: {said:?}"
            );
            for secret in secrets {
                for (word, place) in lab.tokens.of(*secret) {
                    let got = question(word);
                    asked += 1;
                    assert!(
                        same(&got, word, &unknown, &nobodys),
                        "{place}, {page}{form}: {}",
                        show(&got)
                    );
                }
            }
        }
    }
    for id in &lab.private_ids {
        for query in [format!("mid:{id}"), format!("%3C{id}%3E"), id.clone()] {
            let unknown = Got::of(
                server,
                &format!("/search/?q={}", query.replace(id, "no@x.example")),
            );
            let got = Got::of(server, &format!("/search/?q={query}"));
            asked += 1;
            assert!(
                same(&got, id, &unknown, "no@x.example"),
                "{query}: {}",
                show(&got)
            );
        }
    }
    asked
}

/// The same answers, the words that were asked for apart.
fn same(one: &Got, word: &str, other: &Got, unknown: &str) -> bool {
    let plain = |got: &Got, word: &str| {
        let text = String::from_utf8_lossy(&got.body).into_owned();
        // The page repeats the question, also within links.
        let encoded = word.replace('@', "%40");
        let beginning = &word[..word.len().min(9)];
        let text = text
            .replace(word, "?")
            .replace(&slip(word), "?")
            .replace(&encoded, "?")
            .replace(beginning, "?");
        // A feed's id stands for its question.
        let lines = text.lines().filter(|line| !line.starts_with("<id>"));
        let text = lines.collect::<Vec<_>>().join("\n");
        let head = got.head.iter();
        let head =
            head.filter(|line| !line.starts_with("etag") && !line.starts_with("content-length"));
        (got.status, head.cloned().collect::<Vec<_>>(), text)
    };
    plain(one, word) == plain(other, unknown)
}

fn show(got: &Got) -> String {
    format!(
        "{} {:?}\n{}",
        got.status,
        got.head,
        String::from_utf8_lossy(&got.body)
    )
}
