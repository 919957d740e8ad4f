//! The feed (Atom, RFC 4287), written by hand.

use super::body::body_html;
use super::clean::xml_text;
use super::frame::site_title;
use super::line::{Who, subject_words};
use super::links::Links;
use super::question::Question;
use super::strings::{Strings, Text};
use super::when;
use super::{FeedEntry, FeedView, Site};
use crate::route::{ListName, Route};
use crate::text::{Html, Stamp};
use std::sync::Arc;

/// The whole document. Ids are `urn:uuid:` ones made from the mails' keys, so that they stay when
/// the site moves. Without a base URL links are relative; without entries the feed was last updated
/// at the beginning of time, because there is no clock.
pub(super) fn atom(route: &Route, view: &FeedView, site: &Site, strings: &Arc<Strings>) -> String {
    let links = Links::of_feed(route, site, strings);
    let head = view.chrome.list.as_ref();
    let list = head.map(|head| &head.name);
    let mut title = head.map_or_else(|| site_title(site, strings), |head| head.title.clone());
    if let Some(query) = &view.query {
        title += &format!(": {query}");
    }
    let updated = view.entries.iter().map(|entry| entry.received).max();
    let beginning = Stamp {
        year: 1970,
        month: 1,
        day: 1,
        ..Stamp::default()
    };
    let mut xml = Html::literal(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n",
    );
    element(&mut xml, "<title>", &title, "</title>\n");
    let name = list.map_or("", ListName::as_str);
    let base = site.base_url.as_deref().unwrap_or_default();
    element(
        &mut xml,
        "<id>",
        &match &view.query {
            None => urn(format!("feed {base} {name}").as_bytes()),
            Some(query) => urn(format!("search {base} {name} {query}").as_bytes()),
        },
        "</id>\n",
    );
    let updated = when::rfc3339(&updated.unwrap_or(beginning));
    element(&mut xml, "<updated>", &updated, "</updated>\n");
    let (own, page) = places(route, view, &links);
    element(&mut xml, "<link rel=\"self\" href=\"", &own, "\"/>\n");
    element(
        &mut xml,
        "<link rel=\"alternate\" type=\"text/html\" href=\"",
        &page,
        "\"/>\n",
    );
    xml.push_literal("<generator>posthoc</generator>\n");
    for entry in &view.entries {
        push_entry(&mut xml, entry, &links);
    }
    xml.push_literal("</feed>\n");
    xml.into_string()
}

/// Where the feed is, and the page that shows the same mails.
fn places(route: &Route, view: &FeedView, links: &Links) -> (String, String) {
    let own = links.to(route);
    let Some(query) = view.query.as_deref() else {
        let list = view.chrome.list.as_ref().map(|head| head.name.clone());
        return (own, links.to(&list.map_or(Route::Home, Route::List)));
    };
    let question = Question {
        query,
        shape: "atom",
        ..Question::default()
    };
    let page = Question {
        order: "new",
        shape: "",
        ..question
    };
    let place = |question: Question<'_>| [&own, "?", &question.query_string()].concat();
    (place(question), place(page))
}

fn push_entry(xml: &mut Html, entry: &FeedEntry, links: &Links) {
    let subject = subject_words(&entry.line.subject, 1_000);
    xml.push_literal("<entry>\n");
    element(
        xml,
        "<title>",
        subject
            .as_deref()
            .unwrap_or(links.strings.get(Text::NoSubject)),
        "</title>\n",
    );
    element(xml, "<id>", &urn(&entry.line.key.0), "</id>\n");
    element(
        xml,
        "<author><name>",
        &Who::new(&entry.line.author, &links.strings).name,
        "</name></author>\n",
    );
    element(
        xml,
        "<published>",
        &when::rfc3339(&entry.line.date),
        "</published>\n",
    );
    element(
        xml,
        "<updated>",
        &when::rfc3339(&entry.received),
        "</updated>\n",
    );
    if let Some(route) = entry.line.route(&entry.list) {
        element(
            xml,
            "<link rel=\"alternate\" type=\"text/html\" href=\"",
            &links.to(&route),
            "\"/>\n",
        );
    }
    let content = body_html(&entry.body, links, &[]);
    element(
        xml,
        "<content type=\"html\">",
        content.as_str().unwrap_or_default(),
        "</content>\n",
    );
    xml.push_literal("</entry>\n");
}

fn element(xml: &mut Html, open: &'static str, text: &str, close: &'static str) {
    xml.push_literal(open);
    xml.push_text(&xml_text(text));
    xml.push_literal(close);
}

/// A UUID of version 8 (RFC 9562: made by a rule of one's own) over the bytes.
fn urn(bytes: &[u8]) -> String {
    let mut id = [0; 16];
    id.copy_from_slice(&blake3::hash(bytes).as_bytes()[..16]);
    id[6] = id[6] & 0x0F | 0x80;
    id[8] = id[8] & 0x3F | 0x80;
    let hex = data_encoding::HEXLOWER.encode(&id);
    format!(
        "urn:uuid:{}-{}-{}-{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..]
    )
}
