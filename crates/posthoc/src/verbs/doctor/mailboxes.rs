//! Mailboxes that are watched: whether they can be read, and whose their mail is.

use super::Findings;
use crate::config::Config;
use posthoc_archive::Watched;
use posthoc_archive::source::{Kind, OpenOptions, Source, SourceError};
use std::fs;
use std::path::Path;

pub(super) fn look(dir: &Path, config: &Config, findings: &mut Findings) {
    for watched in config.watched() {
        let Watched { path, lists } = &watched;
        let at = path.display();
        let named = lists.iter().map(|list| format!("lists.d/{list}.toml"));
        let files = named.collect::<Vec<_>>().join(" and ");
        let inside = match (path.canonicalize(), dir.canonicalize()) {
            (Ok(path), Ok(dir)) => path.starts_with(dir),
            _ => false,
        };
        if inside {
            findings.problem(
                format!("{at} is watched and lies in the archive's own folder"),
                format!("have mail put elsewhere, and change `watch` in {files}"),
            );
            continue;
        }
        if !path.exists() {
            findings.advice(
                format!("{at} is watched and is not there: it counts as empty"),
                format!(
                    "nothing need be done where its first mail makes it; else mend `watch` in {files}"
                ),
            );
            continue;
        }
        if let Some((what, remedy)) = unreadable(path) {
            findings.problem(format!("{at} is watched, and {what}"), remedy);
        }
        for list in lists.iter().filter(|_| lists.len() > 1) {
            let settings = config.list(Some(list));
            let is_told = settings.address.is_some()
                || settings.domain.is_some()
                || settings.list_id.is_some();
            if !is_told {
                findings.advice(
                    format!("{at} is watched for several lists, and the address of {list} is not known"),
                    format!("set `address` or `list_id` in lists.d/{list}.toml, by which its mails are told"),
                );
            }
        }
    }
}

/// Why no mail can be had from there, and what to do.
fn unreadable(path: &Path) -> Option<(String, String)> {
    let is_folder = path.is_dir();
    let none = || {
        Some((
            "is neither a Maildir nor an mbox".to_owned(),
            "a Maildir is a folder with the folders new, cur and tmp".to_owned(),
        ))
    };
    if !is_folder && !path.is_file() {
        return none();
    }
    let options = OpenOptions {
        kind: is_folder.then_some(Kind::Maildir),
        ..OpenOptions::default()
    };
    let opened = Source::open(path, &options);
    let parts = ["new", "cur"].map(|part| path.join(part));
    let closed = parts.iter().find(|part| fs::read_dir(part).is_err());
    match (opened, closed) {
        (Ok(_), Some(part)) if is_folder => Some((
            format!("{} cannot be read", part.display()),
            "let the server's user read and enter it".to_owned(),
        )),
        (Ok(_), _) => None,
        (Err(SourceError::NotAMailSource { .. }), _) => none(),
        (Err(error), _) => Some((
            format!("cannot be read: {error}"),
            "let the server's user read it".to_owned(),
        )),
    }
}
