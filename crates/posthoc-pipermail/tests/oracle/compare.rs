//! Two trees compared as readers and programs see them: HTML by its tags, attributes, words and comments,
//! everything else byte by byte. The line that tells when an index was made does not count.

use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::LazyLock;

/// Paths of files that differ or stand in one tree only.
pub(crate) fn differing(expected: &Path, ours: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let mut theirs = BTreeMap::new();
    read(expected, "", &mut theirs);
    let paths: BTreeSet<&String> = theirs.keys().chain(ours.keys()).collect();
    let differs = |path: &&&String| match (theirs.get(**path), ours.get(**path)) {
        (Some(theirs), Some(ours)) if is_page(path) => tokens(theirs) != tokens(ours),
        (theirs, ours) => theirs != ours,
    };
    paths
        .iter()
        .filter(differs)
        .map(|path| (*path).clone())
        .collect()
}

fn is_page(path: &str) -> bool {
    path.ends_with(".html") && !path.starts_with("attachments/")
}

fn read(folder: &Path, beginning: &str, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{beginning}{}", entry.file_name().to_str().unwrap());
        if entry.path().is_dir() {
            read(&entry.path(), &format!("{name}/"), files);
        } else {
            files.insert(name, std::fs::read(entry.path()).unwrap());
        }
    }
}

/// A tag with its attributes, a comment, or what stands between two of them.
static TOKEN: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?s)<!--.*?-->|<[^>]*>|[^<]+").unwrap());
static ATTRIBUTE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"(?s)([A-Za-z-]+)\s*=\s*(?:"([^"]*)"|([^\s">]+))"#).unwrap());

/// Words before the time at which an index was made.
const MADE: [&str; 4] = [
    "Archived on:",
    "Archiv\u{e9} le :",
    "Archivov\u{e1}no:",
    "Archivado en:",
];

fn tokens(page: &[u8]) -> Vec<String> {
    let label = if memchr::memmem::find(page, b"iso-8859-2").is_some() {
        "iso-8859-2"
    } else {
        "iso-8859-1"
    };
    let page = encoding_rs::Encoding::for_label(label.as_bytes())
        .unwrap()
        .decode(page)
        .0;
    let mut tokens: Vec<String> = Vec::new();
    let (mut in_pre, mut made) = (false, 0);
    for token in TOKEN.find_iter(&page) {
        let token = token.as_str();
        if token.starts_with("<!--") {
            tokens.push(folded(token));
        } else if let Some(name) = token.strip_prefix('<') {
            in_pre = (in_pre || name.to_lowercase().starts_with("pre"))
                && !token.to_lowercase().starts_with("</pre");
            tokens.push(tag(token));
        } else {
            let words = plain(token);
            let words = if in_pre { words } else { folded(&words) };
            if words.is_empty() {
                continue;
            }
            made += 1;
            if MADE.contains(&words.as_str()) {
                made = 0;
            }
            tokens.push(if made == 1 { "when".to_owned() } else { words });
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
        .captures_iter(&token[name.len()..])
        .map(|found| {
            let value = found
                .get(2)
                .or(found.get(3))
                .map_or("", |value| value.as_str());
            format!("{}={}", found[1].to_lowercase(), folded(&plain(value)))
        })
        .collect();
    attributes.sort();
    format!("{} {}", name.to_lowercase(), attributes.join(" "))
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

static ENTITY: LazyLock<Regex> = LazyLock::new(|| Regex::new("&(#?[A-Za-z0-9]+);").unwrap());

/// Entities read.
fn plain(text: &str) -> String {
    let meaning = |found: &regex::Captures<'_>| match &found[1] {
        "amp" => "&".to_owned(),
        "lt" => "<".to_owned(),
        "gt" => ">".to_owned(),
        "quot" => "\"".to_owned(),
        "nbsp" => "\u{a0}".to_owned(),
        "eacute" => "\u{e9}".to_owned(),
        "iacute" => "\u{ed}".to_owned(),
        "oacute" => "\u{f3}".to_owned(),
        "uacute" => "\u{fa}".to_owned(),
        number if number.starts_with('#') => number[1..]
            .parse()
            .ok()
            .and_then(char::from_u32)
            .map_or_else(|| found[0].to_owned(), String::from),
        _ => found[0].to_owned(),
    };
    ENTITY.replace_all(text, meaning).into_owned()
}
