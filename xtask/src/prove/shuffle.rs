//! Any order of arrival gives the same archive: forest, pages and index.
//!
//! Numbers follow the order of arrival, a thread is named after its first arrival, and of several mails
//! with one Message-ID the first gets the key that is made from the id alone. All three are mapped to
//! what does not depend on order before pages are compared.

use super::lab::{Lab, text};
use super::mails::{self, Chance, Piece};
use super::tree::{files, some};
use super::{Row, row};
use anyhow::{Context, Result};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

/// A corpus and how many of its mails.
const CORPORA: &[(&str, usize)] = &[
    ("cake-slice", usize::MAX),
    ("noteedit-devel", usize::MAX),
    ("spamassassin-hard-ham-1", usize::MAX),
    ("linux-mips-60k", 2000),
];
const ORDERS: usize = 3;
const WORDS: usize = 200;

/// What must not depend on order.
#[derive(Default)]
struct Made {
    /// Parent and depth of each mail, by mail; ghosts by their id.
    forest: BTreeMap<String, String>,
    /// Message pages by mail, everything mapped.
    pages: BTreeMap<String, String>,
    /// The mails that each word finds.
    found: BTreeMap<String, BTreeSet<String>>,
}

pub(super) fn measure(lab: &Lab) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for (name, most) in CORPORA {
        let most = if lab.options.quick { 150 } else { *most };
        let mut mails = mails::of_corpus(lab, name, most)?;
        let mut chance = Chance::new(20_251_122);
        let mut first: Option<Made> = None;
        let mut differ = [BTreeSet::new(), BTreeSet::new(), BTreeSet::new()];
        for _ in 0..=ORDERS {
            let words = first
                .as_ref()
                .map(|first| first.found.keys().cloned().collect());
            let made = make(lab, &mails, words)?;
            if let Some(first) = &first {
                differ[0].extend(unequal(&first.forest, &made.forest));
                differ[1].extend(unequal(&first.pages, &made.pages));
                tell(&first.pages, &made.pages);
                differ[2].extend(unequal(&first.found, &made.found));
            } else {
                first = Some(made);
            }
            chance.shuffle(&mut mails);
        }
        let first = first.context("no order")?;
        let sizes = [first.forest.len(), first.pages.len(), first.found.len()];
        for ((what, differ), size) in [
            "mails and ghosts in the forest",
            "message pages",
            "words in the index",
        ]
        .iter()
        .zip(&differ)
        .zip(sizes)
        {
            let names: Vec<String> = differ.iter().cloned().collect();
            rows.push(row(
                format!("{name}, as it is and {ORDERS} times shuffled: {what}"),
                format!("{size}, {} differ {}", names.len(), some(&names)),
                "0 differ",
                names.is_empty() && size > 0,
            ));
        }
    }
    Ok(rows)
}

fn unequal<V: PartialEq>(one: &BTreeMap<String, V>, other: &BTreeMap<String, V>) -> Vec<String> {
    let names: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    names
        .into_iter()
        .filter(|name| one.get(*name) != other.get(*name))
        .cloned()
        .collect()
}

/// The first line in which a page differs, for whoever has to find out why.
fn tell(one: &BTreeMap<String, String>, other: &BTreeMap<String, String>) {
    for name in unequal(one, other).iter().take(3) {
        let lines = |pages: &BTreeMap<String, String>| pages.get(name).cloned().unwrap_or_default();
        let (left, right) = (lines(one), lines(other));
        if let Some((left, right)) = left.lines().zip(right.lines()).find(|(l, r)| l != r) {
            eprintln!("{name}:\n- {left}\n+ {right}");
        }
    }
}

/// Imports in that order and takes down what came of it.
fn make(lab: &Lab, mails: &[Piece], words: Option<Vec<String>>) -> Result<Made> {
    let archive = lab.fresh("shuffled")?;
    let mbox = mails::write(lab.fresh("town-hall.mbox")?, mails)?;
    lab.done(&archive, &["-q", "import", "--public", text(&mbox)?])?;
    let rows = exported(lab, &archive)?;
    let threads = threads(lab, &archive, &rows)?;
    let mails = identities(&rows)?;
    let mut made = Made::default();
    // A thread's name depends on the order; the least of its mails does not.
    let mut names = BTreeMap::new();
    for thread in &threads {
        let members = || thread.iter().filter_map(|line| line["key"].as_str());
        let least = members().filter_map(|key| mails.get(key)).min();
        for key in members() {
            names.insert(key.to_owned(), least.cloned().unwrap_or_default());
        }
        for line in thread {
            let field = if line["ghost"] == true { "id" } else { "key" };
            let name = line[field].as_str().unwrap_or_default();
            let name = mails.get(name).map_or(name, String::as_str);
            let parent = line["parent"].as_str().unwrap_or("-");
            made.forest
                .insert(name.to_owned(), format!("{parent} at {}", line["depth"]));
        }
    }
    made.pages = pages(lab, &archive, &rows, &mails, &names)?;
    for word in words.unwrap_or_else(|| choose(&rows)) {
        let found = found(lab, &archive, &word, &mails)?;
        made.found.insert(word, found);
    }
    Ok(made)
}

/// What a mail is whatever its key: id, date and content.
fn identities(rows: &[Value]) -> Result<BTreeMap<String, String>> {
    let mut mails = BTreeMap::new();
    for row in rows {
        let mut content = DefaultHasher::new();
        (row["subject"].as_str(), row["text"].as_str()).hash(&mut content);
        let (id, date) = (row["id"].as_str(), row["date"].as_str());
        let (id, date) = (id.context("no id")?, date.context("no date")?);
        let key = row["key"].as_str().context("no key")?;
        mails.insert(
            key.to_owned(),
            format!("{id} {date} {:x}", content.finish()),
        );
    }
    Ok(mails)
}

/// `show --json` of every mail.
fn exported(lab: &Lab, archive: &Path) -> Result<Vec<Value>> {
    let out = lab.fresh("jsonl")?;
    lab.done(archive, &["-q", "export", "--format", "jsonl", text(&out)?])?;
    let lines = fs::read_to_string(out.join("town-hall.jsonl"))?;
    lines
        .lines()
        .map(|line| Ok(serde_json::from_str(line)?))
        .collect()
}

/// Every thread, asked for by one of its mails.
fn threads(lab: &Lab, archive: &Path, rows: &[Value]) -> Result<Vec<Vec<Value>>> {
    let mut seen = BTreeSet::new();
    let mut threads = Vec::new();
    for row in rows {
        let key = row["key"].as_str().context("no key")?;
        if seen.contains(key) {
            continue;
        }
        let thread = lab.json(archive, &["thread", "--list", "town-hall", key])?;
        let thread = thread.as_array().cloned().unwrap_or_default();
        seen.insert(key.to_owned());
        seen.extend(
            thread
                .iter()
                .filter_map(|line| line["key"].as_str().map(str::to_owned)),
        );
        threads.push(thread);
    }
    Ok(threads)
}

/// Every message page, by key, with numbers and thread names mapped.
fn pages(
    lab: &Lab,
    archive: &Path,
    rows: &[Value],
    mails: &BTreeMap<String, String>,
    threads: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>> {
    let site = lab.fresh("shuffled-site")?;
    lab.done(archive, &["-q", "publish", text(&site)?])?;
    let mut numbers = BTreeMap::new();
    let mut keys = BTreeMap::new();
    for row in rows {
        let (number, key) = (row["number"].as_u64(), row["key"].as_str());
        let number = number.context("no number")?;
        let key = key.and_then(|key| mails.get(key)).context("no key")?;
        numbers.insert(number, key.to_owned());
        keys.insert(
            row["url"].as_str().context("no url")?.to_owned(),
            key.to_owned(),
        );
    }
    let mut pages = BTreeMap::new();
    for (path, file) in files(&site)? {
        if let Some(key) = keys.get(&path) {
            pages.insert(
                key.clone(),
                mapped(&fs::read_to_string(file)?, &numbers, threads, mails),
            );
        }
    }
    Ok(pages)
}

/// `msg00042`, `/n/42` and a place on a thread's page (`#mKEY`) by the mail, `thread/KEY` by the
/// thread's least mail.
fn mapped(
    page: &str,
    numbers: &BTreeMap<u64, String>,
    threads: &BTreeMap<String, String>,
    mails: &BTreeMap<String, String>,
) -> String {
    let mut out = String::with_capacity(page.len());
    let mut rest = page;
    while let Some((at, mark)) = next_mark(rest) {
        let after = &rest[at + mark.len()..];
        out += &rest[..at + mark.len()];
        let end = after
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(after.len());
        let word = &after[..end];
        // An address that a mail names leads elsewhere.
        let link = rest[..at].rsplit(['"', '>', '\n']).next();
        let ours = !link.is_some_and(|link| link.contains("://"));
        let name = match mark {
            _ if !ours => None,
            "thread/" => threads.get(word),
            "#m" => mails.get(word),
            _ => word
                .parse()
                .ok()
                .and_then(|number: u64| numbers.get(&number)),
        };
        out += name.map_or(word, String::as_str);
        rest = &after[end..];
    }
    out + rest
}

fn next_mark(text: &str) -> Option<(usize, &'static str)> {
    ["msg", "thread/", "/n/", "#m"]
        .into_iter()
        .filter_map(|mark| text.find(mark).map(|at| (at, mark)))
        .min()
}

/// Words of subjects, evenly over the archive; the same for every order, because sorted.
fn choose(rows: &[Value]) -> Vec<String> {
    let mut words = BTreeSet::new();
    for row in rows {
        let subject = row["subject"].as_str().unwrap_or_default().to_lowercase();
        for word in subject.split(|c: char| !c.is_alphanumeric()) {
            let reserved = ["and", "or", "not"].contains(&word);
            if word.len() > 1 && !reserved {
                words.insert(word.to_owned());
            }
        }
    }
    let step = words.len().div_ceil(WORDS).max(1);
    words.into_iter().step_by(step).collect()
}

fn found(
    lab: &Lab,
    archive: &Path,
    word: &str,
    mails: &BTreeMap<String, String>,
) -> Result<BTreeSet<String>> {
    let words = ["-q", "--json", "search", "--limit", "1000000", word];
    let output = lab.posthoc(archive, &words).output()?;
    let answer: Value = serde_json::from_slice(&output.stdout)
        .with_context(|| format!("search {word}: {}", output.status))?;
    let hits = answer["hits"].as_array().cloned().unwrap_or_default();
    Ok(hits
        .iter()
        .filter_map(|hit| mails.get(hit["key"].as_str()?).cloned())
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_threads_are_mapped() {
        let numbers = BTreeMap::from([(42, "kk".to_owned())]);
        let threads = BTreeMap::from([("tt".to_owned(), "aa".to_owned())]);
        let mails = BTreeMap::from([("qq".to_owned(), "a mail".to_owned())]);
        let page = "<a href=\"msg00042.html\"> ../thread/tt.html#mqq msgx thread/zz-2";
        assert_eq!(
            mapped(page, &numbers, &threads, &mails),
            "<a href=\"msgkk.html\"> ../thread/aa.html#ma mail msgx thread/zz-2"
        );
    }
}
