//! Accessibility trees: what a screen reader is given of each kind of page, as goldens.

use super::{Site, screen};
use crate::prove::hostile::browser::Browser;
use crate::prove::{Row, row};
use crate::run::root;
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fmt::Write;
use std::fs;

/// Roles that stand in a golden: those by which one moves about. The rest differs from browser to
/// browser.
const ROLES: [&str; 18] = [
    "RootWebArea",
    "main",
    "navigation",
    "banner",
    "contentinfo",
    "complementary",
    "search",
    "article",
    "region",
    "heading",
    "link",
    "button",
    "searchbox",
    "combobox",
    "textbox",
    "DisclosureTriangle",
    "blockquote",
    "image",
];

/// Compares the tree of each kind of page with its golden; `UPDATE_GOLDENS=1` writes them again.
pub(super) fn compared(
    browser: &mut Browser,
    site: &Site,
    pages: &[(&'static str, String)],
) -> Result<Row> {
    screen(browser, 1280, false)?;
    browser.call("Accessibility.enable", json!({}))?;
    let folder = root().join("xtask/web/trees");
    let update = std::env::var_os("UPDATE_GOLDENS").is_some();
    let mut other = Vec::new();
    for (kind, page) in pages {
        browser.go(&site.url(page))?;
        let tree = browser.call("Accessibility.getFullAXTree", json!({}))?;
        let tree = outline(&tree["nodes"]).with_context(|| page.clone())?;
        let golden = folder.join(format!("{kind}.txt"));
        if update {
            fs::create_dir_all(&folder)?;
            fs::write(&golden, &tree)?;
        }
        if fs::read_to_string(&golden).unwrap_or_default() != tree {
            let found = std::env::temp_dir().join(format!("posthoc-{kind}.found"));
            fs::write(&found, &tree)?;
            eprintln!("tree of {kind} ({page}): see {}", found.display());
            other.push(*kind);
        }
    }
    browser.call("Accessibility.disable", json!({}))?;
    Ok(row(
        format!("accessibility trees of {} kinds of page", pages.len()),
        match other.is_empty() {
            true => "as the goldens".to_owned(),
            false => format!("other than the goldens: {}", other.join(" ")),
        },
        "as the goldens",
        other.is_empty(),
    ))
}

/// One line for each node of a role that counts, set in by those above it.
fn outline(nodes: &Value) -> Result<String> {
    let nodes = nodes.as_array().context("no tree")?;
    let by_id: HashMap<&str, &Value> = nodes
        .iter()
        .filter_map(|node| Some((node["nodeId"].as_str()?, node)))
        .collect();
    let mut out = String::new();
    let mut open: Vec<(&Value, usize)> = nodes.first().map(|node| (node, 0)).into_iter().collect();
    while let Some((node, depth)) = open.pop() {
        let role = node["role"]["value"].as_str().unwrap_or_default();
        let counts = node["ignored"] != true && ROLES.contains(&role);
        if counts {
            let name = node["name"]["value"].as_str().unwrap_or_default();
            let name: Vec<&str> = name.split_whitespace().collect();
            let level = node["properties"].as_array().into_iter().flatten();
            let level = level
                .filter(|property| property["name"] == "level" && role == "heading")
                .find_map(|property| property["value"]["value"].as_u64());
            let level = level.map(|level| level.to_string()).unwrap_or_default();
            let line = format!("{}{role}{level} {}", "  ".repeat(depth), name.join(" "));
            writeln!(out, "{}", line.trim_end())?;
        }
        let below = depth + usize::from(counts);
        let children = node["childIds"].as_array().into_iter().flatten().rev();
        for child in children.filter_map(Value::as_str) {
            open.extend(by_id.get(child).map(|child| (*child, below)));
        }
    }
    Ok(out)
}
