//! Pages as their readers get them: goldens of each kind, and what must be true of all.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::disallowed_types
)]

mod golden;
mod harmless;
mod long;
mod poison;
mod pseudo;
#[allow(unreachable_pub)]
mod sample;
mod templates;

use posthoc_core::page::{Layout, OwnLayout, Site, View};
use posthoc_core::route::Route;

fn site() -> Site {
    Site {
        title: "lists.example.org".into(),
        ..Site::default()
    }
}

fn render(route: &Route, view: &View) -> String {
    let site = site();
    let page = OwnLayout::new(&site).unwrap().render(route, view, &site);
    String::from_utf8(page.bytes).unwrap()
}

/// The part that is the page's own.
fn main_part(html: &str) -> &str {
    let begin = html.find("<main").unwrap();
    let end = html.find("</main>").unwrap();
    &html[begin..end]
}
