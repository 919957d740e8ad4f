//! Two trees compared as readers and programs see them: pages by their tags, attributes, words and comments,
//! with attachments known by their content, since the original names them by chance.

use regex::bytes::Regex;
use sha1::{Digest, Sha1};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::LazyLock;

/// Names of files that differ or stand in one tree only; of attachments, what stands in place of the name.
pub(crate) fn differing(expected: &Path, ours: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let mut theirs = BTreeMap::new();
    read(expected, "", &mut theirs);
    theirs.remove(".mhonarc.db");
    differing_trees(&theirs, ours)
}

/// The same of trees that were read.
pub(crate) fn differing_trees(
    theirs: &BTreeMap<String, Vec<u8>>,
    ours: &BTreeMap<String, Vec<u8>>,
) -> Vec<String> {
    let (theirs, ours) = (canonical(theirs), canonical(ours));
    let names: BTreeSet<&String> = theirs.keys().chain(ours.keys()).collect();
    names
        .into_iter()
        .filter(|name| theirs.get(*name) != ours.get(*name))
        .cloned()
        .collect()
}

/// Every file below a folder, by its path.
pub(crate) fn read(folder: &Path, beginning: &str, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).expect("works") {
        let entry = entry.expect("works");
        let name = format!("{beginning}{}", entry.file_name().to_str().expect("works"));
        if entry.path().is_dir() {
            read(&entry.path(), &format!("{name}/"), files);
        } else {
            files.insert(name, std::fs::read(entry.path()).expect("works"));
        }
    }
}

fn is_page(name: &str) -> bool {
    [".html", ".htm", ".html.gz"]
        .iter()
        .any(|end| name.ends_with(end))
}

/// Pages as tokens; attachments named by what they hold.
fn canonical(files: &BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Vec<String>> {
    let mut names: Vec<(String, String)> = Vec::new();
    for (name, bytes) in files.iter().filter(|(name, _)| !is_page(name)) {
        let digest: String = Sha1::digest(bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let folder = name
            .rsplit_once('/')
            .map_or(String::new(), |(folder, _)| format!("{folder}/"));
        names.push((name.clone(), format!("{folder}file-{digest}")));
    }
    let mut out = BTreeMap::new();
    for (name, bytes) in files {
        if let Some((_, content)) = names.iter().find(|(known, _)| known == name) {
            out.insert(content.clone(), Vec::new());
            continue;
        }
        let mut page = bytes.clone();
        for (known, content) in names
            .iter()
            .filter(|(known, _)| memchr::memmem::find(bytes, known.as_bytes()).is_some())
        {
            page = replaced(&page, known.as_bytes(), content.as_bytes());
            // A page tells the name without its folder where it has no other.
            if let (Some((_, known)), Some((_, content))) =
                (known.rsplit_once('/'), content.rsplit_once('/'))
            {
                page = replaced(&page, known.as_bytes(), content.as_bytes());
            }
        }
        out.insert(name.clone(), tokens(&page));
    }
    out
}

fn replaced(text: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut copied = 0;
    for at in memchr::memmem::find_iter(text, from) {
        out.extend_from_slice(&text[copied..at]);
        out.extend_from_slice(to);
        copied = at + from.len();
    }
    out.extend_from_slice(&text[copied..]);
    out
}

static TOKEN: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?s-u)<!--.*?-->|<[^>]*>|[^<]+").expect("works"));
static ATTRIBUTE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?s-u)([A-Za-z:_-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s">]+))"#).expect("works")
});

fn tokens(page: &[u8]) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut in_pre = false;
    for token in TOKEN.find_iter(page) {
        let text = String::from_utf8_lossy(token.as_bytes());
        if text.starts_with("<!--") {
            tokens.push(folded(&text));
        } else if let Some(name) = text.strip_prefix('<') {
            let name = name.to_lowercase();
            in_pre = (in_pre || name.starts_with("pre")) && !name.starts_with("/pre");
            tokens.push(tag(&text));
        } else {
            let words = characters(&text);
            let words = if in_pre { words } else { folded(&words) };
            if !words.is_empty() {
                tokens.push(words);
            }
        }
    }
    tokens
}

fn tag(token: &str) -> String {
    let name: String = token
        .chars()
        .take_while(|c| !c.is_whitespace() && *c != '>')
        .collect();
    let mut attributes: Vec<String> = ATTRIBUTE
        .captures_iter(&token.as_bytes()[name.len()..])
        .map(|found| {
            let value = found.get(2).or(found.get(3)).or(found.get(4));
            let value = value.map_or_else(String::new, |value| {
                String::from_utf8_lossy(value.as_bytes()).into_owned()
            });
            let attribute = String::from_utf8_lossy(&found[1]).to_lowercase();
            format!("{attribute}={}", folded(&characters(&value)))
        })
        .collect();
    attributes.sort();
    format!("{} {}", name.to_lowercase(), attributes.join(" "))
}

static REFERENCE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?-u)&(?:#([0-9]+)|#[xX]([0-9a-fA-F]+)|([a-zA-Z]+));?").expect("works")
});

/// Character references that mail has, by their characters.
const REFERENCES: [(&str, char); 22] = [
    ("amp", '&'),
    ("quot", '"'),
    ("lt", '<'),
    ("gt", '>'),
    ("nbsp", '\u{a0}'),
    ("copy", '©'),
    ("reg", '®'),
    ("trade", '™'),
    ("laquo", '«'),
    ("raquo", '»'),
    ("middot", '·'),
    ("bull", '•'),
    ("hellip", '…'),
    ("mdash", '—'),
    ("ndash", '–'),
    ("rsquo", '’'),
    ("lsquo", '‘'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("eacute", 'é'),
    ("uuml", 'ü'),
    ("pound", '£'),
];

/// Text with character references read.
fn characters(text: &str) -> String {
    let read = |found: &regex::bytes::Captures<'_>| {
        let word = |at: usize| {
            found
                .get(at)
                .and_then(|word| std::str::from_utf8(word.as_bytes()).ok())
        };
        let number = word(1).and_then(|digits| digits.parse().ok());
        let number = number.or_else(|| u32::from_str_radix(word(2)?, 16).ok());
        let named = || {
            REFERENCES
                .iter()
                .find(|(name, _)| Some(*name) == word(3))
                .map(|(_, c)| *c)
        };
        match number.and_then(char::from_u32).or_else(named) {
            Some(c) => c.to_string().into_bytes(),
            None => found[0].to_vec(),
        }
    };
    String::from_utf8_lossy(&REFERENCE.replace_all(text.as_bytes(), read)).into_owned()
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
