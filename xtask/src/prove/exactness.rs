//! Generated queries, answered by the index and by a slow matcher with a tokenizer of its own.

use super::lab::{Lab, text};
use super::mails;
use super::suites::script;
use super::{Row, row};
use crate::run::example;
use anyhow::Result;

/// Mails of each list. Together 20,000.
const LISTS: [(&str, usize); 3] = [
    ("linux-mips-60k", 8_000),
    ("twisted-python", 7_000),
    ("blinux-list", 5_000),
];

pub(super) fn measure(lab: &Lab) -> Result<Vec<Row>> {
    let words = example("posthoc-archive", "search_words")?;
    let archive = lab.fresh("exactness")?;
    let folder = lab.folder("exactness-mail")?;
    let (share, queries) = match lab.options.quick {
        true => (10, "100"),
        false => (1, "1000"),
    };
    let mut arguments = vec![text(lab.binary())?, text(&archive)?, text(&words)?, queries];
    for (list, most) in LISTS {
        let pieces = mails::of_corpus(lab, list, most / share)?;
        let mbox = mails::write(folder.join(format!("{list}.mbox")), &pieces)?;
        let words = ["-q", "import", "--public", "--list", list, text(&mbox)?];
        lab.done(&archive, &words)?;
        arguments.push(list);
    }
    let found = script("exactness.py", &arguments)?;
    let differ = found["differ"].as_array().map_or(usize::MAX, Vec::len);
    if differ > 0 {
        eprintln!("{:#}", found["differ"]);
    }
    let cut = found["cut"].as_u64().unwrap_or(u64::MAX);
    Ok(vec![
        row(
            format!(
                "{} queries over {} mails, {} with an answer: other mails than the written rules say",
                found["queries"], found["mails"], found["nonempty"]
            ),
            differ.to_string(),
            "0",
            differ == 0,
        ),
        row(
            format!(
                "answers too long for a window, {} of them asked for by list: not compared whole",
                found["by_list"]
            ),
            cut.to_string(),
            "0",
            cut == 0,
        ),
    ])
}
