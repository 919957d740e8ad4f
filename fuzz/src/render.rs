//! Making pages of a mail.

use posthoc_core::message::{Body, Limits, MessageKey, parse};
use posthoc_core::page::{
    BodyView, Chrome, FeedEntry, FeedView, Layout, MailLine, Mask, MessageView, OwnLayout, Person,
    Related, ShownFile, Site, ThreadMail, ThreadView, View,
};
use posthoc_core::route::{Address, ListName, Route, Volume};
use posthoc_core::text::TimeZone;
use std::sync::OnceLock;

/// Elements that a mail must not bring onto a page: it gets as many as an empty mail's page has.
const COUNTED: &[&str] = &[
    "applet", "audio", "base", "body", "button", "embed", "form", "frame", "head", "html",
    "iframe", "input", "link", "main", "math", "meta", "object", "script", "select", "source",
    "style", "svg", "template", "textarea", "title", "video",
];
/// Attributes that hold addresses.
const LINKS: &[&str] = &[
    "action",
    "formaction",
    "href",
    "poster",
    "src",
    "srcset",
    "xlink:href",
];

/// Any mail gives a message page, a thread page and a feed, the same each time, in which nothing
/// runs and nothing is fetched that an empty mail's page would not.
pub fn render(bytes: &[u8]) {
    let Some(pages) = pages_of(bytes) else { return };
    static EMPTY: OnceLock<Vec<String>> = OnceLock::new();
    let empty = EMPTY.get_or_init(|| pages_of(b"").unwrap_or_default());
    assert_eq!(
        Some(&pages),
        pages_of(bytes).as_ref(),
        "rendered twice, not the same bytes"
    );
    for (page, empty) in pages.iter().zip(empty) {
        if page.starts_with("<?xml") {
            assert!(
                page.chars().all(is_xml),
                "a character that XML does not have"
            );
        } else {
            check_html(page, empty);
        }
    }
}

fn is_xml(c: char) -> bool {
    (c >= ' ' || "\t\n\r".contains(c)) && !('\u{fffe}'..='\u{ffff}').contains(&c)
}

fn check_html(page: &str, empty: &str) {
    let (tags, usual) = (tags(page), tags(empty));
    for name in COUNTED {
        let counts = |tag: &&Tag<'_>| tag.name == *name && !is_description(tag);
        let count = |tags: &[Tag<'_>]| tags.iter().filter(counts).count();
        assert_eq!(
            count(&tags),
            count(&usual),
            "the mail brings <{name}> onto its page"
        );
    }
    let descriptions = tags.iter().filter(|tag| is_description(tag)).count();
    assert!(descriptions <= 1, "{descriptions} descriptions of the page");
    for tag in &tags {
        for (name, value) in &tag.attributes {
            assert!(
                !name.starts_with("on") && name != "style",
                "<{} {name}={value}>",
                tag.name
            );
            if LINKS.contains(&name.as_str()) {
                check_link(&tag.name, name, value);
            }
        }
    }
}

/// Our own description of a page, which a mail without words has not: nothing but its name and its text.
fn is_description(tag: &Tag<'_>) -> bool {
    let [(first, name), (second, _)] = tag.attributes.as_slice() else {
        return false;
    };
    tag.name == "meta"
        && (first.as_str(), *name, second.as_str()) == ("name", "description", "content")
}

fn check_link(tag: &str, name: &str, value: &str) {
    // Browsers pass over blanks and control characters before and in a scheme.
    let bare: String = value
        .chars()
        .filter(|c| *c > ' ')
        .collect::<String>()
        .to_lowercase();
    let scheme = bare
        .split_once(':')
        .map(|(scheme, _)| scheme)
        .unwrap_or_default();
    let is_scheme = !scheme.is_empty() && scheme.chars().all(|c| c.is_ascii_alphanumeric());
    for bad in ["javascript", "vbscript", "data", "file", "blob"] {
        assert!(
            scheme != bad && !scheme.starts_with("javascript&"),
            "<{tag} {name}={value}>"
        );
    }
    // The links in the head are as many as an empty mail's page has: all are ours.
    if tag != "a" && tag != "link" {
        assert!(
            !is_scheme && !bare.starts_with("//"),
            "fetched from elsewhere: {name}={value}"
        );
    }
}

/// A start tag as a browser reads it.
struct Tag<'p> {
    name: String,
    attributes: Vec<(String, &'p str)>,
}

/// The start tags of a page, read the way the HTML standard reads tags; comments are passed over.
fn tags(page: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        let end = rest
            .find(|c: char| c.is_whitespace() || "/>".contains(c))
            .unwrap_or(rest.len());
        let mut tag = Tag {
            name: rest[..end].to_lowercase(),
            attributes: Vec::new(),
        };
        rest = attributes(&rest[end..], &mut tag);
        tags.push(tag);
    }
    tags
}

/// Reads attributes up to the end of the tag; gives what follows it.
fn attributes<'p>(mut rest: &'p str, tag: &mut Tag<'p>) -> &'p str {
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        if rest.is_empty() {
            return rest;
        }
        if let Some(after) = rest.strip_prefix('>') {
            return after;
        }
        // The first character belongs to the name, whatever it is.
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let end = rest[first..].find(|c: char| c.is_whitespace() || "/>=".contains(c));
        let end = end.map_or(rest.len(), |end| first + end);
        let name = rest[..end].to_lowercase();
        rest = rest[end..].trim_start();
        let Some(value) = rest.strip_prefix('=') else {
            tag.attributes.push((name, ""));
            continue;
        };
        let value = value.trim_start();
        let (value, after) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
            _ => {
                let end = value.find(|c: char| c.is_whitespace() || c == '>');
                value.split_at(end.unwrap_or(value.len()))
            }
        };
        tag.attributes.push((name, value));
        rest = after;
    }
}

/// Message page, thread page and feed of one mail; `None` only if the names here were not names.
fn pages_of(bytes: &[u8]) -> Option<Vec<String>> {
    static LAYOUT: OnceLock<Option<OwnLayout>> = OnceLock::new();
    let site = Site {
        base_url: Some("https://lists.example".to_owned()),
        ..Site::default()
    };
    let layout = LAYOUT.get_or_init(|| OwnLayout::new(&site).ok()).as_ref()?;
    let limits = Limits {
        text_bytes: 50_000,
        html_bytes: 20_000,
        ..Limits::default()
    };
    let message = parse(bytes, &limits);
    let list = ListName::new("town-hall")?;
    let volume = Volume::parse("2025-November")?;
    let key = MessageKey::of(&message.id);
    let author = Person {
        name: message.author.name.clone(),
        address: String::new(),
    };
    let line = MailLine {
        address: Some(Address {
            volume: volume.clone(),
            number: 42,
        }),
        key,
        subject: message.subject.clone(),
        author,
        date: TimeZone::utc().stamp(1_762_093_860),
        depth: 0,
        elsewhere: false,
        current: true,
        attachments: 0,
        layout: Default::default(),
    };
    let body = body_view(message.body(&limits), &list);
    let chrome = Chrome::default();
    let views = [
        View::Message(Box::new(MessageView {
            chrome: chrome.clone(),
            line: line.clone(),
            author_page: Some(Route::Author(list.clone(), key, 0)),
            id: message.id.clone(),
            to: vec![line.author.clone()],
            cc: vec![line.author.clone()],
            body: body.clone(),
            written_date: message
                .root
                .field("date")
                .map(|field| field.value().into_owned()),
            thread: vec![line.clone()].into(),
            thread_counts: Some((1, 1)),
            thread_key: key,
            related: Related {
                earlier: Some(line.clone()),
                ..Related::default()
            },
            series: None,
            reply_to: Some("town-hall@harbour.example".to_owned()),
            variants: vec![line.clone()],
        })),
        View::Thread(ThreadView {
            chrome: chrome.clone(),
            key,
            subject: message.subject.clone(),
            page: 1,
            more: false,
            mails: vec![ThreadMail {
                line: line.clone(),
                body: Some(body.clone()),
            }],
        }),
        View::Feed(FeedView {
            chrome,
            query: Some(message.subject.clone()),
            entries: vec![FeedEntry {
                list: list.clone(),
                received: line.date,
                line,
                id: message.id.clone(),
                body,
            }],
        }),
    ];
    let routes = [
        Route::Message(list.clone(), volume, 42),
        Route::Thread(list.clone(), key, 1),
        Route::Feed(list),
    ];
    let pages = views
        .iter()
        .zip(&routes)
        .map(|(view, route)| layout.render(route, view, &site).bytes);
    let pages =
        pages.map(|page| String::from_utf8(page).unwrap_or_else(|_| panic!("a page is not UTF-8")));
    Some(pages.collect())
}

fn body_view(body: Body, list: &ListName) -> BodyView {
    let file = |attachment| ShownFile::of(attachment).route(list.clone());
    let files = body.attachments.iter().map(file).collect();
    BodyView {
        body: body.into(),
        files,
        mentions: Vec::new(),
        rules: Default::default(),
        mask: Mask::At,
        language: None,
        shown: posthoc_core::page::Shown::default(),
    }
}
