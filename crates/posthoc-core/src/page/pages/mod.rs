//! What each kind of page gives its template.

mod attachments;
mod author;
mod door;
mod facets;
mod fault;
mod index;
mod lists;
mod mail;
mod search;
mod stats;
mod tree;

use super::frame::{Frame, Link};
use super::line::{Line, lines};
use super::links::Links;
use super::strings::{Arg, Strings, Text};
use super::{Chrome, NoticeView, Site, Told, View};
use crate::route::{ListName, Route};
use crate::text::Html;
use minijinja::Value;
use minijinja::value::Serde;
use serde::Serialize;
use std::sync::Arc;

/// What every page model is made from.
struct Around<'a> {
    route: &'a Route,
    site: &'a Site,
    links: Links,
}

impl Around<'_> {
    fn frame(&self, kind: &'static str, title: &str, chrome: &Chrome) -> Frame {
        Frame::new(kind, title, chrome, self.route, &self.links, self.site)
    }

    /// A text in which nothing is filled in.
    fn text(&self, text: Text) -> &str {
        self.links.strings.get(text)
    }

    /// A text, filled in.
    fn with(&self, text: Text, args: &[(&str, Arg<'_>)]) -> String {
        self.links.strings.with(text, args)
    }

    /// `12,345`
    fn number(&self, number: u64) -> String {
        self.links.strings.number(number)
    }

    /// `12 mails in 3 threads`
    fn counts(&self, mails: u64, threads: u64) -> String {
        let args = [
            ("mails", Arg::Count(mails)),
            ("threads", Arg::Count(threads)),
        ];
        self.with(Text::Counts, &args)
    }

    /// `mail`, `mails`: behind a number that is shown already.
    fn mails_word(&self, count: u64) -> String {
        self.with(Text::MailsWord, &[("count", Arg::Count(count))])
    }

    /// `November 2025: 12 mails`
    fn labelled(&self, label: &str, text: &str) -> String {
        let args = [("label", Arg::Words(label)), ("text", Arg::Words(text))];
        self.with(Text::Labelled, &args)
    }
}

/// Markup on its way into a template: it is not escaped again.
#[derive(Serialize)]
#[serde(transparent)]
struct Safe(Value);

impl Safe {
    fn new(html: Html) -> Self {
        Safe(Value::from_safe_string(html.into_string()))
    }
}

/// The template's name and its context. Feeds, files and what crawlers read have no template; a notice without
/// words stands for them.
pub(super) fn context(
    route: &Route,
    view: &View,
    site: &Site,
    strings: &Arc<Strings>,
) -> (&'static str, Value) {
    let around = Around {
        route,
        site,
        links: Links::new(route, site, strings),
    };
    match view {
        View::Home(view) => ("home.html", Value::from(Serde(lists::home(view, &around)))),
        View::List(view) => ("list.html", Value::from(Serde(lists::list(view, &around)))),
        View::Index(view) => (
            "index.html",
            Value::from(Serde(index::index(view, &around))),
        ),
        View::Attachments(view) => (
            "attachments.html",
            Value::from(Serde(attachments::attachments(view, &around))),
        ),
        View::Author(view) => (
            "person.html",
            Value::from(Serde(author::author(view, &around))),
        ),
        View::Stats(view) => (
            "stats.html",
            Value::from(Serde(stats::stats(view, &around))),
        ),
        View::Message(view) => (
            "message.html",
            Value::from(Serde(mail::message(view, &around))),
        ),
        View::Thread(view) => (
            "thread.html",
            Value::from(Serde(mail::thread(view, &around))),
        ),
        View::Search(view) => (
            "search.html",
            Value::from(Serde(search::search(view, &around))),
        ),
        View::MidPage(chrome) => ("mid.html", Value::from(Serde(search::mid(chrome, &around)))),
        View::SignIn(view) => (
            "sign-in.html",
            Value::from(Serde(door::sign_in(view, &around))),
        ),
        View::Notice(view) => ("notice.html", Value::from(Serde(notice(view, &around)))),
        View::Feed(_)
        | View::Robots(_)
        | View::Sitemap(_)
        | View::File { .. }
        | View::Foreign { .. } => {
            let nothing = NoticeView {
                chrome: Chrome::default(),
                title: Told::Words(String::new()),
                words: Vec::new(),
                links: Vec::new(),
                moved: false,
                choices: Vec::new(),
            };
            ("notice.html", Value::from(Serde(notice(&nothing, &around))))
        }
    }
}

/// The list whose mails a page's lines are.
fn list_name(chrome: &Chrome) -> Option<&ListName> {
    chrome.list.as_ref().map(|head| &head.name)
}

#[derive(Serialize)]
struct Notice {
    page: Frame,
    title: String,
    words: Vec<String>,
    links: Vec<Link>,
    choices: Vec<Value>,
}

fn notice(view: &NoticeView, around: &Around<'_>) -> Notice {
    let strings = &around.links.strings;
    let title = strings.told(&view.title);
    let links: Vec<Link> = view
        .links
        .iter()
        .map(|(text, route)| Link {
            text: strings.told(text),
            href: around.links.to(route),
        })
        .collect();
    let mut page = around.frame("notice", &title, &view.chrome);
    page.noindex = true;
    if view.moved {
        page.refresh = links.first().map(|link| link.href.clone());
    }
    Notice {
        page,
        title,
        words: view.words.iter().map(|told| strings.told(told)).collect(),
        links,
        choices: lines(&view.choices, None, list_name(&view.chrome), &around.links)
            .into_iter()
            .map(Line::into_value)
            .collect(),
    }
}
