//! The search page and the page that looks up a Message-ID.

use super::lists::{list_links, number};
use super::{Around, list_name};
use crate::page::assets::{mid_script_route, search_script_route};
use crate::page::clean::{clip, one_line};
use crate::page::frame::{Frame, Link};
use crate::page::line::Line;
use crate::page::{Chrome, SearchHit, SearchView};
use crate::route::Route;
use minijinja::Value;
use serde::Serialize;
use std::fmt::Write;

/// Characters of a query that are shown and put into links.
const LONGEST_QUERY: usize = 1_000;

#[derive(Serialize)]
pub(super) struct Search {
    page: Frame,
    title: String,
    query: String,
    asked: bool,
    error: Option<QueryError>,
    total: String,
    one_hit: bool,
    /// `21 to 40`
    range: Option<String>,
    order: String,
    orders: Vec<Order>,
    groups: Vec<Group>,
    earlier: Option<String>,
    later: Option<String>,
    lists: Vec<Link>,
    list: Option<Link>,
}

/// The query around the character that is at fault.
#[derive(Serialize)]
struct QueryError {
    words: String,
    before: String,
    at: String,
    after: String,
}

#[derive(Serialize)]
struct Order {
    value: &'static str,
    text: &'static str,
    chosen: bool,
}

/// Hits under a heading.
#[derive(Serialize)]
struct Group {
    title: Option<&'static str>,
    hits: Vec<Hit>,
}

#[derive(Serialize)]
struct Hit {
    line: Value,
    list: String,
    snippet: Vec<Piece>,
}

#[derive(Serialize)]
struct Piece {
    text: String,
    hit: bool,
}

pub(super) fn search(view: &SearchView, around: &Around<'_>) -> Search {
    let list = view.chrome.list.as_ref();
    let title = match list {
        Some(head) => format!("Search {}", clip(&one_line(&head.title), 100)),
        None => "Search all lists".to_owned(),
    };
    let query = clip(&one_line(&view.query), LONGEST_QUERY).into_owned();
    let asked = !query.is_empty();
    let mut page = around.frame("search", &title, &view.chrome);
    page.noindex |= asked;
    if !asked {
        // On a static host the same page comes whatever is asked, and answers in the browser.
        page.script = Some(around.links.to(&search_script_route()));
    }
    page.query.clone_from(&query);
    let paged = |offset: u64| paged(&query, &view.order, offset, around);
    let shown = view.hits.len() as u64;
    let partial = view.partial.len() as u64;
    let orders = [
        ("relevance", "best first"),
        ("new", "newest first"),
        ("old", "oldest first"),
    ];
    Search {
        error: view
            .error
            .as_ref()
            .map(|(words, at)| query_error(&view.query, words, *at)),
        total: number(view.total),
        one_hit: view.total == 1,
        range: (shown > 0 && shown < view.total).then(|| {
            format!(
                "{} to {}",
                number(view.offset + 1),
                number(view.offset + shown)
            )
        }),
        orders: orders
            .map(|(value, text)| Order {
                value,
                text,
                chosen: value == view.order,
            })
            .into(),
        order: view.order.clone(),
        groups: groups(view, around),
        earlier: (view.offset > 0).then(|| paged(view.offset.saturating_sub(view.per_page))),
        later: (view.offset + shown < view.total && shown > 0
            || partial > 0 && shown + partial == view.per_page)
            .then(|| paged(view.offset + view.per_page)),
        lists: list_links(&view.lists, around),
        list: list_name(&view.chrome).map(|name| Link {
            text: title.clone(),
            href: around.links.to(&Route::List(name.clone())),
        }),
        page,
        title,
        query,
        asked,
    }
}

/// The mails that answer, then those that have only some of the words.
fn groups(view: &SearchView, around: &Around<'_>) -> Vec<Group> {
    let group = |title, hits: &[SearchHit]| Group {
        title,
        hits: hits.iter().map(|hit| hit_model(hit, around)).collect(),
    };
    let mut groups = vec![group(None, &view.hits)];
    if !view.partial.is_empty() {
        groups.push(group(Some("With some of the words"), &view.partial));
    }
    groups
}

fn hit_model(hit: &SearchHit, around: &Around<'_>) -> Hit {
    let piece = |(text, hit): &(String, bool)| Piece {
        // Blanks at the ends hold the pieces apart, so only the characters are cleaned.
        text: text.replace(|c: char| c.is_control(), " "),
        hit: *hit,
    };
    Hit {
        line: Line::new(&hit.line, Some(&hit.list), &around.links).into_value(),
        list: hit.list.to_string(),
        snippet: hit.snippet.iter().map(piece).collect(),
    }
}

/// The fault's place counts characters; one past the end means that something is missing there.
fn query_error(query: &str, words: &str, at: usize) -> QueryError {
    let cut = |from: usize, to: usize| -> String {
        let piece: String = query.chars().skip(from).take(to - from).collect();
        one_line(&piece).into_owned()
    };
    let from = at.saturating_sub(60);
    QueryError {
        words: words.to_owned(),
        before: cut(from, at),
        at: cut(at, at.saturating_add(1)),
        after: cut(at.saturating_add(1), at.saturating_add(61)),
    }
}

/// The link to another page of the same hits. The order is named only when it is not the default,
/// so that a query has one URL.
fn paged(query: &str, order: &str, offset: u64, around: &Around<'_>) -> String {
    let mut link = around.links.to(around.route);
    link.push_str("?q=");
    push_form_value(&mut link, query);
    if !order.is_empty() && order != "relevance" {
        link.push_str("&order=");
        push_form_value(&mut link, order);
    }
    if offset > 0 {
        let _ = write!(link, "&offset={offset}");
    }
    link
}

/// As a form encodes it (URL Standard, application/x-www-form-urlencoded).
pub(super) fn push_form_value(out: &mut String, text: &str) {
    for byte in text.bytes() {
        match byte {
            b' ' => out.push('+'),
            b'*' | b'-' | b'.' | b'_' => out.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => out.push(char::from(byte)),
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
}

#[derive(Serialize)]
pub(super) struct Mid {
    page: Frame,
    title: &'static str,
    search: String,
}

pub(super) fn mid(chrome: &Chrome, around: &Around<'_>) -> Mid {
    let title = "Find a mail by its Message-ID";
    let mut page = around.frame("mid", title, chrome);
    page.script = Some(around.links.to(&mid_script_route()));
    page.noindex = true;
    Mid {
        page,
        title,
        search: around.links.to(&Route::Search(list_name(chrome).cloned())),
    }
}
