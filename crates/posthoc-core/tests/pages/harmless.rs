//! What must be true of every page, whatever strangers wrote into it.

use crate::poison::poison;
use crate::{render, sample};
use posthoc_core::page::{Layout, OwnLayout, Site, View, assets};
use posthoc_core::route::{IndexKind, Route};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Attributes that our templates, our blocks and sanitised mail may have: no `style`, no `on…`.
const ATTRIBUTES: [&str; 60] = [
    "data-eml",
    "data-list",
    "data-mail",
    "data-mbox",
    "data-root",
    "data-thread",
    "tabindex",
    "open",
    "autocapitalize",
    "autocomplete",
    "required",
    "spellcheck",
    "action",
    "alt",
    "align",
    "aria-current",
    "aria-hidden",
    "aria-label",
    "aria-labelledby",
    "border",
    "charset",
    "class",
    "colspan",
    "content",
    "datetime",
    "defer",
    "dir",
    "download",
    "height",
    "href",
    "http-equiv",
    "id",
    "lang",
    "loading",
    "maxlength",
    "method",
    "name",
    "placeholder",
    "preserveAspectRatio",
    "rel",
    "role",
    "rowspan",
    "scope",
    "selected",
    "src",
    "title",
    "type",
    "value",
    "viewBox",
    "width",
    "x",
    "y",
    "xmlns",
    "/",
    "version",
    "encoding",
    "term",
    "label",
    "scheme",
    "?",
];

/// The start tags of a page: names and attributes. Fails on markup that a browser would have to
/// repair.
fn tags(page: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut tags = Vec::new();
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if rest.starts_with(['/', '!', '?']) {
            continue;
        }
        assert!(
            rest.starts_with(|c: char| c.is_ascii_alphabetic()),
            "stray < before {rest:.40}"
        );
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap();
        let name = rest[..end].to_owned();
        rest = &rest[end..];
        let mut attributes = Vec::new();
        loop {
            rest = rest.trim_start();
            if let Some(after) = rest.strip_prefix("/>").or_else(|| rest.strip_prefix('>')) {
                rest = after;
                break;
            }
            let end = rest
                .find(|c: char| c == '=' || c == '>' || c.is_whitespace())
                .unwrap();
            let attribute = rest[..end].to_owned();
            rest = &rest[end..];
            let mut value = String::new();
            if let Some(after) = rest.strip_prefix("=\"") {
                let (inside, after) = after.split_once('"').unwrap();
                value = inside.to_owned();
                rest = after;
            }
            attributes.push((attribute, value));
        }
        tags.push((name, attributes));
    }
    tags
}

fn check_harmless(page: &str, what: &str) {
    let known: BTreeSet<&str> = ATTRIBUTES.into();
    for (name, attributes) in tags(page) {
        assert_ne!(name, "zzz", "{what}");
        for (attribute, value) in attributes {
            assert!(
                known.contains(attribute.as_str()),
                "{what}: <{name} {attribute}>"
            );
            assert!(!value.contains('<'), "{what}: {value}");
            let value = value.to_lowercase();
            if ["href", "src", "action"].contains(&attribute.as_str()) {
                assert!(
                    !value.contains("script:") && !value.starts_with("data:"),
                    "{what}: {value}"
                );
            }
            if ["src", "action"].contains(&attribute.as_str()) {
                assert!(!value.contains("//"), "{what}: {value}");
            }
        }
    }
}

const HOSTILE: [&str; 8] = [
    "\"><zzz onzzz=1>'><zzz onzzz=1>&<script>alert(1)</script>",
    "<zzz style='x' onclick=y>\r\n\r\n<zzz>",
    "--></title></main></script><zzz>]]>",
    "javascript:alert(1)//\u{202E}\0\u{8}",
    "{{ 7 * 7 }}{% raw %}<zzz>",
    "<img src=x onerror=alert(1)><svg onload=alert(1)><zzz>",
    "https://x.example/\"onmouseover=\"alert(1) <zzz>",
    "",
];

#[test]
fn nothing_of_a_stranger_is_markup() {
    for hostile in HOSTILE {
        for (route, mut view) in sample::pages() {
            poison(&mut view, hostile);
            let is_file = matches!(view, View::File { .. });
            if !is_file {
                check_harmless(
                    &render(&route, &view),
                    &format!("{} {hostile:?}", route.path()),
                );
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 24,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]
    #[test]
    fn nothing_of_anybody_is_markup(hostile in "[<>\"'&/=! a-z\\-\u{0}-\u{1f}\u{202e}]{0,60}") {
        for (route, mut view) in sample::pages() {
            poison(&mut view, &hostile);
            if matches!(view, View::Message(_) | View::Feed(_) | View::Search(_)) {
                check_harmless(&render(&route, &view), &hostile);
            }
        }
    }
}

#[test]
fn every_page_has_its_furniture() {
    for (route, view) in sample::pages() {
        if matches!(view, View::File { .. } | View::Feed(_)) {
            continue;
        }
        let page = render(&route, &view);
        let path = route.path();
        assert!(
            page.starts_with("<!doctype html>\n<html lang=\"en\">"),
            "{path}"
        );
        let count = |piece: &str| page.matches(piece).count();
        for once in [
            "<h1",
            "<main ",
            "<title>",
            "viewport",
            "Content-Security-Policy",
            "class=\"skip\"",
        ] {
            assert_eq!(count(once), 1, "{path}: {once}");
        }
        assert!(
            !page.contains("style=") && !page.contains("javascript:"),
            "{path}"
        );
        let mut ids = BTreeSet::new();
        for (_, attributes) in tags(&page) {
            for (_, id) in attributes.iter().filter(|(name, _)| name == "id") {
                assert!(ids.insert(id.clone()), "{path}: id {id} twice");
            }
        }
    }
}

/// Follows a relative link as a browser does.
fn follow(from: &str, link: &str) -> String {
    let mut segments: Vec<&str> = from.split('/').collect();
    segments.pop();
    for segment in link.split('/') {
        match segment {
            ".." => drop(segments.pop()),
            other => segments.push(other),
        }
    }
    segments.join("/")
}

#[test]
fn every_link_leads_to_a_route_that_is_exported() {
    for (route, view) in sample::pages() {
        // Pages of the door are served only.
        if matches!(view, View::File { .. } | View::Feed(_) | View::SignIn(_)) {
            continue;
        }
        let page = render(&route, &view);
        for (name, attributes) in tags(&page) {
            for (attribute, value) in attributes {
                let outward = ["http", "mailto:", "#"]
                    .iter()
                    .any(|start| value.starts_with(start));
                if !["href", "src", "action"].contains(&attribute.as_str()) || outward {
                    continue;
                }
                let link = value.split(['?', '#']).next().unwrap();
                let there = match link.strip_prefix('/') {
                    Some(absolute) => absolute.to_owned(),
                    None => follow(&route.path(), link),
                };
                let to = Route::parse(&there);
                let exported = to
                    .as_ref()
                    .is_some_and(|to| to.export() != posthoc_core::route::Export::Live);
                assert!(exported, "{}: <{name} {attribute}={value}>", route.path());
            }
        }
    }
}

#[test]
fn the_thread_index_is_the_volumes_page() {
    let pages = sample::pages();
    let text = |route: &Route| {
        let (route, view) = pages.iter().find(|(other, _)| other == route).unwrap();
        render(route, view)
    };
    let (list, volume) = (sample::town(), sample::volume("2025-November"));
    let index = Route::Index {
        list: list.clone(),
        volume: volume.clone(),
        kind: IndexKind::Thread,
        cut: None,
    };
    assert_eq!(text(&Route::Volume(list, volume)), text(&index));
}

#[test]
fn assets_are_named_by_their_content() {
    for asset in assets() {
        assert_eq!(
            Route::parse(&format!("assets/{}", asset.name)),
            Some(Route::Asset(asset.name.into()))
        );
        assert!(
            !String::from_utf8_lossy(asset.bytes).contains("://"),
            "{}",
            asset.name
        );
    }
}

#[test]
fn long_subjects_are_clipped_in_lines_and_whole_on_their_page() {
    let subject = "š".repeat(5_000);
    let mut view = sample::message();
    view.line.subject.clone_from(&subject);
    Arc::make_mut(&mut view.thread)[4]
        .subject
        .clone_from(&subject);
    view.related.earlier = Some(view.line.clone());
    let route = Route::Message(sample::town(), sample::volume("2025-November"), 45);
    let page = render(&route, &View::Message(Box::new(view)));
    assert_eq!(page.matches(&subject).count(), 1);
    assert!(page.contains(&format!("<bdi>{}…</bdi>", "š".repeat(159))));
}

fn links(page: &str) -> Vec<String> {
    let attributes = tags(page)
        .into_iter()
        .flat_map(|(_, attributes)| attributes);
    attributes
        .filter(|(name, _)| name == "href")
        .map(|(_, link)| link)
        .collect()
}

#[test]
fn a_base_url_makes_whole_links_only_where_they_must_be() {
    let site = Site {
        base_url: Some("https://lists.example.org/archive".into()),
        ..Site::default()
    };
    let layout = OwnLayout::new(&site).unwrap();
    let render = |route: &Route, view: &View| {
        String::from_utf8(layout.render(route, view, &site).bytes).unwrap()
    };
    let feed = render(&Route::Feed(sample::town()), &View::Feed(sample::feed()));
    let base = "https://lists.example.org/archive/town-hall/";
    assert!(
        links(&feed).iter().all(|link| link.starts_with(base)),
        "{feed}"
    );
    let volume = Route::Volume(sample::town(), sample::volume("2025-November"));
    let index = render(&volume, &View::Index(sample::index(IndexKind::Thread)));
    assert!(index.contains(&format!(
        "<link rel=\"canonical\" href=\"{base}2025-November/\">"
    )));
    assert_eq!(
        links(&index)
            .iter()
            .filter(|link| link.starts_with("http"))
            .count(),
        1
    );
    let missing = render(&Route::NotFound, &View::Notice(sample::not_found()));
    let inside = |link: &String| link.starts_with("/archive/") || link == "#main";
    assert!(links(&missing).iter().all(inside), "{missing}");
}
