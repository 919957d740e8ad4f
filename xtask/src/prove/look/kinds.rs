//! Pages by their kinds, and the links on them.

use super::files;
use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::path::Path;

/// The kind of a page, by its path; none for what is no page of ours.
fn kind(path: &str) -> Option<&'static str> {
    let name = path.rsplit('/').next()?;
    let depth = path.matches('/').count();
    if !name.ends_with(".html") || path.contains("/attachments/") {
        return None;
    }
    Some(match (depth, name) {
        (0, "index.html") => "home",
        (0, "404.html") => "not-found",
        (_, "mid.html") => "mid",
        _ if path.contains("search/") => "search",
        _ if path.contains("/thread/") => "thread",
        _ if path.contains("/author/") => "person",
        (1, "stats.html") => "stats",
        (1, "index.html") => "list",
        (1, "attachments.html") => "list-attachments",
        (2, _) if name.starts_with("msg") => "message",
        (2, _) if name.starts_with("author") => "index-author",
        (2, _) if name.starts_with("subject") => "index-subject",
        (2, _) if name.starts_with("date") => "index-date",
        (2, _) if name.starts_with("attachments") => "index-attachments",
        (2, "index.html") => "index-thread",
        _ => return None,
    })
}

/// Months of the own list that have less to show than November.
const LESS: [&str; 3] = ["/2025-October/", "/2025-December/", "/2026-"];

/// So many pages of each kind, spread evenly over all of them.
pub(super) fn some_of_each(tree: &Path, most: usize) -> Result<Vec<String>> {
    let mut by_kind: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for path in files(tree)?.into_keys() {
        if let Some(kind) = kind(&path) {
            by_kind.entry(kind).or_default().push(path);
        }
    }
    let spread = by_kind.into_values().flat_map(|paths| {
        let step = paths.len().div_ceil(most).max(1);
        paths.into_iter().step_by(step)
    });
    Ok(spread.collect())
}

/// One page of each kind of the own lists: of the month that has most to show, and the thread and the mail of
/// the patch.
pub(super) fn one_of_each(tree: &Path) -> Result<Vec<(&'static str, String)>> {
    let mut pages: Vec<(&'static str, String)> = Vec::new();
    for path in files(tree)?.into_keys() {
        let Some(kind) = kind(&path) else { continue };
        let ours = !path.contains('/') || path.starts_with("town-hall/");
        let less = LESS.iter().any(|less| path.contains(less));
        if ours && !less && !pages.iter().any(|(known, _)| *known == kind) {
            pages.push((kind, path));
        }
    }
    let chosen = [
        ("message", "town-hall/2025-November/msg00030.html"),
        ("thread", "town-hall/thread/jychxosmruklpbrrgaizz3mxhy.html"),
    ];
    for (kind, path) in chosen {
        let page = pages.iter_mut().find(|(known, _)| *known == kind);
        page.context("no mail of the own list")?.1 = path.to_owned();
    }
    Ok(pages)
}

/// The links of a page, without those to its own places.
pub(super) fn links(html: &str) -> Vec<String> {
    let mut links = Vec::new();
    for name in [" href=\"", " src=\""] {
        for rest in html.split(name).skip(1) {
            let link = rest.split('"').next().unwrap_or_default();
            links.push(link.replace("&amp;", "&"));
        }
    }
    links.retain(|link| !link.starts_with('#'));
    links
}

/// The file to which a link of a page leads; none for one that leads elsewhere.
pub(super) fn resolved(page: &str, link: &str) -> Option<String> {
    let path = link.split(['#', '?']).next().unwrap_or_default();
    let scheme = path.split('/').next().unwrap_or_default();
    if scheme.contains(':') || path.starts_with("//") {
        return None;
    }
    let mut steps: Vec<&str> = match path.starts_with('/') {
        true => Vec::new(),
        false => page.split('/').collect(),
    };
    steps.pop();
    for step in path.trim_start_matches('/').split('/') {
        match step {
            ".." => drop(steps.pop()),
            "." => {}
            step => steps.push(step),
        }
    }
    let to = steps.join("/");
    Some(match to.is_empty() || to.ends_with('/') {
        true => format!("{to}index.html"),
        false => to,
    })
}

/// Bytes of a mail's page beside the mail's own content.
pub(super) fn beside_text(html: &str) -> usize {
    let body = html.split_once("<div class=\"body\"");
    let body = body.and_then(|(_, rest)| rest.split_once("<footer class=\"verbs\">"));
    html.len() - body.map_or(0, |(body, _)| body.len())
}
