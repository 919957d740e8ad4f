//! The rules of the house that no compiler knows. Each check gives a list of lines, one per breach.
//!
//! 1. [`rooms`]: crates depend downward only, the core on nothing impure, async only at the doors.
//! 2. [`licences`]: every dependency may be used under a licence that we accept.
//! 3. [`order`]: inside posthoc-core each room uses only those before it, and touches no machine.
//! 4. [`pages`]: no second way to make a page.
//! 5. [`texts`]: left-over markers, switched-off tests, machine paths, long files, lost crates.
//! 6. [`limits`]: the book's table of limits says what the code says.

mod licences;
mod limits;
mod metadata;
mod order;
mod pages;
mod rooms;
mod texts;

use crate::run::{command, read, root};
use anyhow::{Result, bail};
use std::collections::BTreeSet;

/// The default build's dependency tree stays under this.
pub(crate) const MOST_PACKAGES: usize = 300;

/// Runs all checks; an error when one finds something.
pub(crate) fn run() -> Result<()> {
    let metadata = metadata::read()?;
    let texts = tracked_texts()?;
    let checks = [
        rooms::check(&metadata),
        licences::check(&metadata),
        order::check(&texts),
        pages::check(&texts),
        texts::check(&texts, &metadata),
        limits::check(&texts),
        packages()?,
    ];
    let breaches: Vec<String> = checks.into_iter().flatten().collect();
    for breach in &breaches {
        eprintln!("{breach}");
    }
    if !breaches.is_empty() {
        bail!("tidy: {} breaches", breaches.len());
    }
    eprintln!(
        "tidy: {} files, {} packages, nothing to say",
        texts.len(),
        metadata.packages.len()
    );
    Ok(())
}

/// Path and content of every tracked (or new, not ignored) file that is UTF-8 text.
pub(crate) fn tracked_texts() -> Result<Vec<(String, String)>> {
    let list = [
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ];
    let paths = read(&mut command("git", &list))?;
    let mut texts = Vec::new();
    for path in paths.split('\0').filter(|path| !path.is_empty()) {
        let full = root().join(path);
        // A file that is deleted but still in the index is not there to be read.
        if full.is_file()
            && let Ok(text) = String::from_utf8(std::fs::read(&full)?)
        {
            texts.push((path.to_owned(), text));
        }
    }
    Ok(texts)
}

/// `name version` of every package that the default `posthoc` binary is made of.
pub(crate) fn packages_of_the_binary() -> Result<BTreeSet<String>> {
    let arguments = [
        "tree", "--locked", "-p", "posthoc", "-e", "normal", "--prefix", "none",
    ];
    let tree = read(&mut command("cargo", &arguments))?;
    Ok(tree
        .lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            Some(format!("{} {}", words.next()?, words.next()?))
        })
        .collect())
}

fn packages() -> Result<Vec<String>> {
    let count = packages_of_the_binary()?.len();
    let breach =
        format!("posthoc: {count} packages in the default tree, {MOST_PACKAGES} is too many");
    Ok(if count < MOST_PACKAGES {
        Vec::new()
    } else {
        vec![breach]
    })
}
