//! What kind of source a path is, and what its list may be called.

use super::kind::Kind;
use posthoc_core::route::{ListName, Volume};
use std::fs;
use std::path::{Path, PathBuf};

/// What a folder turned out to be, and where its mails are.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) kind: Kind,
    pub(super) path: PathBuf,
}

/// The kind of a folder by what stands in it; `None` when it is nothing that we know.
pub(super) fn folder(path: &Path) -> Option<Found> {
    let here = |kind| {
        Some(Found {
            kind,
            path: path.to_owned(),
        })
    };
    let within = Contents::of(path);
    let (cur, new) = (is_dir(path, "cur"), is_dir(path, "new"));
    // An MH folder may have a folder of either name in it.
    if (cur && new) || ((cur || new) && !within.number_files) {
        return here(Kind::Maildir);
    }
    if let Some(mbox) = mbox_of_that_name(path) {
        return Some(Found {
            kind: Kind::Mbox,
            path: mbox,
        });
    }
    let in_archive = path
        .file_name()
        .is_some_and(|name| name == "archive" || name == "arctxt");
    if within.number_folders || within.months || (within.number_files && in_archive) {
        return here(Kind::Numbered);
    }
    if within.number_files {
        return here(Kind::Mh);
    }
    for inner in ["archive", "arctxt"] {
        let inside = path.join(inner);
        let contents = Contents::of(&inside);
        if contents.number_folders || contents.number_files {
            return Some(Found {
                kind: Kind::Numbered,
                path: inside,
            });
        }
    }
    if within.mail_names {
        here(Kind::Files)
    } else {
        None
    }
}

fn is_dir(path: &Path, name: &str) -> bool {
    fs::metadata(path.join(name)).is_ok_and(|data| data.is_dir())
}

/// Mailman 2 keeps `LIST.mbox/LIST.mbox`.
fn mbox_of_that_name(path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?.to_str()?;
    ["", ".gz", ".zst"]
        .iter()
        .map(|ending| path.join(format!("{name}{ending}")))
        .find(|file| fs::metadata(file).is_ok_and(|data| data.is_file()))
}

#[derive(Debug, Default)]
struct Contents {
    number_files: bool,
    number_folders: bool,
    months: bool,
    mail_names: bool,
}

impl Contents {
    fn of(path: &Path) -> Self {
        let mut contents = Contents::default();
        let Ok(entries) = fs::read_dir(path) else {
            return contents;
        };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let Ok(data) = fs::metadata(entry.path()) else {
                continue;
            };
            if data.is_dir() {
                contents.number_folders |= is_number(&name) && Self::has_numbers(&entry.path());
                contents.months |= is_month(&name) && is_dir(&entry.path(), "arctxt");
            } else if data.is_file() {
                contents.number_files |= is_number(&name);
                contents.mail_names |= has_mail_ending(&name);
            }
        }
        contents
    }

    fn has_numbers(path: &Path) -> bool {
        fs::read_dir(path).is_ok_and(|entries| {
            entries.flatten().any(|entry| {
                is_number(&entry.file_name().to_string_lossy())
                    && fs::metadata(entry.path()).is_ok_and(|data| data.is_file())
            })
        })
    }
}

/// Whether a file's name says that it is one mail, whatever its body quotes.
pub(super) fn is_one_mail(name: &str) -> bool {
    without_ending(name, &PACKED)
        .to_ascii_lowercase()
        .ends_with(".eml")
}

/// Whether a file is named as MH, mlmmj, ezmlm and Sympa name mails.
pub(super) fn is_number(name: &str) -> bool {
    !name.is_empty() && name.len() <= 20 && name.bytes().all(|b| b.is_ascii_digit())
}

/// Sympa's folders of a month: `2003-11`.
fn is_month(name: &str) -> bool {
    name.split_once('-')
        .is_some_and(|(y, m)| y.len() == 4 && m.len() == 2 && is_number(y) && is_number(m))
}

fn has_mail_ending(name: &str) -> bool {
    let stem = without_ending(name, &PACKED);
    stem.ends_with(".eml") || stem.ends_with(".mbox")
}

const PACKED: [&str; 4] = [".gz", ".zst", ".bz2", ".xz"];
const PLAIN: [&str; 6] = [".mbox", ".mbx", ".mail", ".eml", ".txt", ".maildir"];

fn without_ending<'a>(name: &'a str, endings: &[&str]) -> &'a str {
    endings
        .iter()
        .find_map(|ending| name.strip_suffix(ending))
        .filter(|stem| !stem.is_empty())
        .unwrap_or(name)
}

/// A list's name from a path: the last part that is not of a list manager's making (`archive`, a
/// number, Pipermail's `2003-May.txt.gz`),
/// without endings and host, in lower case, every other character a `-`.
pub(super) fn list_name(path: &Path) -> Option<String> {
    let plain = |name: &str| {
        let name = without_ending(without_ending(name, &PACKED), &PLAIN);
        name.to_owned()
    };
    let own = |name: &str| {
        Volume::parse(&plain(name)).is_some()
            || is_number(name)
            || is_month(name)
            || matches!(
                name,
                "archive" | "arctxt" | "archives" | "maildir" | "Maildir" | "cur" | "new"
            )
    };
    let name = path
        .components()
        .rev()
        .take(4)
        .map(|part| part.as_os_str().to_string_lossy())
        .find(|name| !own(name))?
        .to_lowercase();
    let stem = plain(&name);
    let stem = stem.split('@').next().unwrap_or(&stem);
    let clean: String = stem
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || "._+-".contains(c) {
                c
            } else {
                '-'
            }
        })
        .collect();
    let clean = clean.trim_start_matches(['.', '_', '-']);
    ListName::new(clean).map(|name| name.as_str().to_owned())
}
