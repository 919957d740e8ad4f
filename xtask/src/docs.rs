//! The book's links and the documentation of the code.

use crate::run::{command, root, show};
use crate::tidy;
use anyhow::{Result, bail};
use std::path::{Component, Path, PathBuf};

/// Checks that every chapter is in the book's table and that no relative link leads nowhere, then
/// builds the documentation of the code without warnings.
pub(crate) fn run() -> Result<()> {
    let problems = check_links()?;
    for problem in &problems {
        eprintln!("{problem}");
    }
    if !problems.is_empty() {
        bail!("{} broken links or lost chapters", problems.len());
    }
    let mut doc = command("cargo", &["doc", "--workspace", "--no-deps", "--locked"]);
    show(doc.env("RUSTDOCFLAGS", "-D warnings"))
}

fn check_links() -> Result<Vec<String>> {
    let texts = tidy::tracked_texts()?;
    let mut problems = Vec::new();
    let mut chapters = Vec::new();
    for (path, text) in texts.iter().filter(|(path, _)| path.ends_with(".md")) {
        let folder = Path::new(path).parent().unwrap_or(Path::new(""));
        for (line, target) in links(text) {
            let file = target.split('#').next().unwrap_or_default();
            if file.is_empty() || file.contains("://") || file.starts_with("mailto:") {
                continue;
            }
            let target = flatten(&folder.join(file));
            if !root().join(&target).exists() {
                problems.push(format!("{path}:{line}: leads nowhere: {file}"));
            }
            if path == "docs/SUMMARY.md" {
                chapters.push(target);
            }
        }
    }
    for (path, _) in texts.iter().filter(|(path, _)| path.starts_with("docs/")) {
        if path.ends_with(".md") && path != "docs/SUMMARY.md" && !chapters.contains(&path.into()) {
            problems.push(format!("{path}: not in docs/SUMMARY.md"));
        }
    }
    Ok(problems)
}

/// Line number and target of each `[…](target)` outside code blocks.
fn links(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut in_code = false;
    for (number, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        if in_code {
            continue;
        }
        for piece in line.split("](").skip(1) {
            if let Some((target, _)) = piece.split_once(')') {
                found.push((number + 1, target));
            }
        }
    }
    found
}

/// The path without `.` and `..`.
fn flatten(path: &Path) -> PathBuf {
    let mut flat = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => {
                flat.pop();
            }
            Component::CurDir => {}
            other => flat.push(other),
        }
    }
    flat
}
