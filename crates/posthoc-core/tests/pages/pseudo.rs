//! Every kind of page in a language that nobody speaks: each text of ours stands in brackets, is a good
//! deal longer than English, has letters that are not ASCII, and runs from right to left. What stands
//! outside of brackets is of the mails and settings, or was forgotten.

use crate::{sample, site};
use posthoc_core::page::{BUILT_IN_STRINGS, Layout, ListHead, MessageView, OwnLayout, Site, View};
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};

/// The language that Unicode keeps for such texts.
const LANGUAGE: &str = "ar-XB";

/// English texts in brackets.
fn pseudo() -> String {
    let english = BUILT_IN_STRINGS[0].1;
    let begin = Regex::new(r"(?m)^([a-z][a-z-]*) = ").unwrap();
    let begins: Vec<_> = begin.captures_iter(english).collect();
    let mut out = String::new();
    for (nth, found) in begins.iter().enumerate() {
        let (name, from) = (&found[1], found.get(0).unwrap().end());
        let next = begins.get(nth + 1).map(|next| next.get(0).unwrap().start());
        let text = &english[from..next.unwrap_or(english.len())];
        let is_text = |line: &&str| !line.starts_with('#') && !line.is_empty();
        let text: Vec<&str> = text.lines().filter(is_text).collect();
        let text = text.join("\n");
        out.push_str(&match name {
            "direction" => "direction = rtl\n".to_owned(),
            "digit-groups" | "decimal-mark" => format!("{name} = {text}\n"),
            _ => format!("{name} = ⟦ḻöñgẽŕ-thâñ-Ëñglîsh {text} šô-ĩt-ĩš⟧\n"),
        });
    }
    out
}

/// The list that a page is of.
fn head(view: &mut View) -> Option<&mut ListHead> {
    let chrome = match view {
        View::Home(view) => &mut view.chrome,
        View::List(view) => &mut view.chrome,
        View::Index(view) => &mut view.chrome,
        View::Attachments(view) => &mut view.chrome,
        View::Author(view) => &mut view.chrome,
        View::Stats(view) => &mut view.chrome,
        View::Message(view) => &mut view.chrome,
        View::Thread(view) => &mut view.chrome,
        View::Feed(view) => &mut view.chrome,
        View::Search(view) => &mut view.chrome,
        View::MidPage(chrome) => chrome,
        View::Notice(view) => &mut view.chrome,
        _ => return None,
    };
    chrome.list.as_mut()
}

/// All that a reader sees or hears of a page, piece by piece.
fn read(page: &str) -> Vec<String> {
    let unescaped = |text: &str| {
        let pairs = [
            ("&lt;", "<"),
            ("&gt;", ">"),
            ("&quot;", "\""),
            ("&#39;", "'"),
            ("&amp;", "&"),
        ];
        pairs
            .iter()
            .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
    };
    let said = Regex::new(r#" (?:title|aria-label|placeholder|alt|content)="([^"]*)""#).unwrap();
    let policies = Regex::new(
        r#"<meta (?:http-equiv|name="(?:viewport|color-scheme|referrer|robots)")[^>]*>"#,
    )
    .unwrap();
    let page = policies.replace_all(page, "");
    let attributes = said.captures_iter(&page).map(|found| unescaped(&found[1]));
    let mut pieces: Vec<String> = attributes.collect();
    // A text may have markup within: its brackets are looked for in the page's whole text.
    let tags = Regex::new(r"<[^>]*>").unwrap();
    pieces.push(unescaped(&tags.replace_all(&page, " ")));
    pieces
}

/// What stands outside of brackets; brackets that do not close are an error.
fn outside(text: &str) -> Result<String, String> {
    let (mut out, mut depth) = (String::new(), 0usize);
    for c in text.chars() {
        match c {
            '⟦' => depth += 1,
            '⟧' if depth == 0 => return Err(text.to_owned()),
            '⟧' => {
                depth -= 1;
                out.push(' ');
            }
            c if depth == 0 => out.push(c),
            _ => {}
        }
    }
    match depth {
        0 => Ok(out),
        _ => Err(text.to_owned()),
    }
}

fn words(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    let words = words.filter(|word| word.chars().filter(|c| c.is_alphabetic()).count() > 2);
    words.map(str::to_lowercase).collect()
}

/// The words of the sample's mails and settings.
fn data() -> BTreeSet<String> {
    let source = include_str!("sample.rs");
    let literals = Regex::new(r#"(?s)"((?:[^"\\]|\\.)*)""#).unwrap();
    let mut data: BTreeSet<String> = BTreeSet::new();
    for literal in literals.captures_iter(source) {
        data.extend(words(&literal[1].replace("\\n", " ").replace("\\t", " ")));
    }
    data.extend(words(include_str!("letter.eml")));
    data
}

/// Words of formats, which no language has otherwise.
const NAMES: [&str; 17] = [
    "bibtex",
    "misc",
    "author",
    "title",
    "howpublished",
    "year",
    "month",
    "nov",
    "note",
    "message",
    "kib",
    "git",
    "send",
    "email",
    "reply",
    "patch",
    "posthoc",
];

fn pseudo_site() -> Site {
    let mut site = Site {
        strings: vec![(LANGUAGE.into(), pseudo())],
        ..site()
    };
    site.defaults.language = Some(LANGUAGE.into());
    site
}

fn pages() -> Vec<(String, String)> {
    let site = pseudo_site();
    let layout = OwnLayout::new(&site).unwrap();
    let mut pages = Vec::new();
    for (route, mut view) in sample::pages() {
        if let Some(head) = head(&mut view) {
            head.language = LANGUAGE.into();
        }
        let page = layout.render(&route, &view, &site);
        if page.media_type.starts_with("text/html") {
            pages.push((route.path(), String::from_utf8(page.bytes).unwrap()));
        }
    }
    assert!(pages.len() > 25, "{}", pages.len());
    pages
}

#[test]
fn no_word_of_ours_is_left_in_english() {
    let mut known = data();
    known.extend(NAMES.map(str::to_owned));
    let mut forgotten: BTreeMap<String, String> = BTreeMap::new();
    for (path, page) in pages() {
        for piece in read(&page) {
            let outside = outside(&piece).unwrap_or_else(|piece| panic!("{path}: cut: {piece}"));
            // A mail's own name has 26 characters.
            let words = words(&outside).into_iter().filter(|word| word.len() != 26);
            for word in words.filter(|word| !known.contains(word)) {
                forgotten.insert(word.clone(), path.clone());
            }
        }
    }
    assert_eq!(forgotten, BTreeMap::new());
}

#[test]
fn pages_run_as_their_language_does() {
    let mut bodies = 0;
    for (path, page) in pages() {
        assert!(page.contains("<html lang=\"ar-XB\" dir=\"rtl\">"), "{path}");
        // What mails say runs as they do, not as the page.
        let all = page.matches("<div class=\"body\"").count();
        let own = page.matches("<div class=\"body\" dir=\"ltr\"").count();
        assert_eq!(own, all, "{path}");
        bodies += all;
    }
    assert!(bodies > 3, "{bodies}");
    let view = View::Message(Box::<MessageView>::new(sample::message()));
    let english = crate::render(&sample::pages()[0].0, &view);
    assert!(english.contains("<html lang=\"en\">"));
}
