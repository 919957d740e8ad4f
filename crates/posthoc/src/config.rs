//! `posthoc.toml`: one file, few keys, every mistake told with its line.

use crate::exit::{Exit, Failure};
use crate::open::absolute;
use posthoc_core::text::TimeZone;
use std::path::{Path, PathBuf};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The file's name in an archive and in [`SYSTEM`].
pub(crate) const NAME: &str = "posthoc.toml";
/// Where a machine's own file is.
const SYSTEM: &str = "/etc/posthoc";

/// How `url --list` writes permalinks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Permalink {
    /// `LIST/mid.html#MESSAGE-ID`: found in the browser, on static and live sites.
    #[default]
    Hash,
    /// `LIST/mid/MESSAGE-ID/`: live sites only.
    Path,
}

/// What the file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Config {
    /// The file that was read.
    pub(crate) file: Option<PathBuf>,
    /// The archive's folder, absolute.
    pub(crate) archive: Option<PathBuf>,
    /// The site's title; empty when not set.
    pub(crate) title: String,
    /// The site's URL, without a slash at its end.
    pub(crate) url: Option<String>,
    /// IANA name of the zone of lists that are made; UTC when not set.
    pub(crate) time_zone: Option<String>,
    /// The form of permalinks.
    pub(crate) permalink: Permalink,
}

/// Keys and what they hold, a table's name first; the root's is empty.
const KEYS: [(&str, &[&str]); 2] = [
    ("", &["archive", "site"]),
    ("site", &["permalink", "time_zone", "title", "url"]),
];

impl Config {
    /// The zone of lists that are made.
    pub(crate) fn zone(&self) -> String {
        self.time_zone.clone().unwrap_or_else(|| "UTC".to_owned())
    }

    /// Reads a file that must be there.
    pub(crate) fn read(path: &Path) -> Result<Config, Failure> {
        let path = absolute(path);
        let text =
            std::fs::read_to_string(&path).map_err(|error| Failure::io("read", &path, &error))?;
        Config::parse(&text, &path).map_err(|wrong| {
            let line = text[..wrong.at.min(text.len())].matches('\n').count() + 1;
            Failure::new(
                Exit::Config,
                format!("{}, line {line}: {}", path.display(), wrong.what),
            )
        })
    }

    /// The first of the files that is there: in the archive, then the machine's.
    pub(crate) fn find(archive: Option<&Path>) -> Result<Config, Failure> {
        let places = archive.into_iter().chain([Path::new(SYSTEM)]);
        match places.map(|dir| dir.join(NAME)).find(|path| path.is_file()) {
            Some(path) => Config::read(&path),
            None => Ok(Config::default()),
        }
    }

    fn parse(text: &str, path: &Path) -> Result<Config, Wrong> {
        let root = DeTable::parse(text).map_err(|error| Wrong {
            at: error.span().map_or(0, |span| span.start),
            what: error.message().to_owned(),
        })?;
        let mut config = Config {
            file: Some(path.to_owned()),
            ..Config::default()
        };
        for (name, value) in keys(root.get_ref(), "")? {
            match (name, value.get_ref()) {
                ("archive", DeValue::String(dir)) => {
                    let base = path.parent().unwrap_or(Path::new("/"));
                    config.archive = Some(absolute(&base.join(dir.as_ref())));
                }
                ("site", DeValue::Table(site)) => {
                    for (name, value) in keys(site, "site")? {
                        config.site(name, value)?;
                    }
                }
                (name, other) => return Err(Wrong::kind(value, name, other)),
            }
        }
        Ok(config)
    }

    fn site(&mut self, name: &str, value: &Spanned<DeValue<'_>>) -> Result<(), Wrong> {
        let DeValue::String(text) = value.get_ref() else {
            return Err(Wrong::kind(value, name, value.get_ref()));
        };
        let wrong = |what: String| Wrong {
            at: value.span().start,
            what,
        };
        match name {
            "title" => self.title = text.to_string(),
            "url" => {
                if !(text.starts_with("https://") || text.starts_with("http://")) {
                    return Err(wrong(format!(
                        "url = {text:?} does not begin with https:// or http://"
                    )));
                }
                self.url = Some(text.trim_end_matches('/').to_owned());
            }
            "time_zone" => {
                if TimeZone::named(text).is_none() {
                    return Err(wrong(format!(
                        "time_zone = {text:?} is not known; write it as in Europe/Prague"
                    )));
                }
                self.time_zone = Some(text.to_string());
            }
            _ => {
                self.permalink = match text.as_ref() {
                    "mid" => Permalink::Path,
                    "mid.html#" => Permalink::Hash,
                    _ => {
                        return Err(wrong(format!(
                            "permalink = {text:?}: write \"mid\" (live sites) or \"mid.html#\" (works everywhere)"
                        )));
                    }
                };
            }
        }
        Ok(())
    }
}

/// A mistake and its byte in the file.
#[derive(Debug, PartialEq, Eq)]
struct Wrong {
    at: usize,
    what: String,
}

impl Wrong {
    fn kind(value: &Spanned<DeValue<'_>>, name: &str, found: &DeValue<'_>) -> Wrong {
        let wanted = if name == "site" {
            "table, [site]"
        } else {
            "string, in quotes"
        };
        Wrong {
            at: value.span().start,
            what: format!("{name} must be a {wanted}, not a {}", found.type_str()),
        }
    }
}

type Entries<'t, 'i> = Vec<(&'static str, &'t Spanned<DeValue<'i>>)>;

/// A table's entries by their known names; an unknown one is an error with the nearest.
fn keys<'t, 'i>(table: &'t DeTable<'i>, name: &str) -> Result<Entries<'t, 'i>, Wrong> {
    let known = KEYS
        .iter()
        .find(|(table, _)| *table == name)
        .map_or(&[][..], |(_, keys)| *keys);
    let mut entries = Vec::new();
    for (key, value) in table {
        match known.iter().find(|known| **known == key.get_ref().as_ref()) {
            Some(known) => entries.push((*known, value)),
            None => {
                return Err(Wrong {
                    at: key.span().start,
                    what: unknown(key.get_ref(), known),
                });
            }
        }
    }
    Ok(entries)
}

fn unknown(key: &str, known: &[&str]) -> String {
    let nearest = known.iter().min_by_key(|known| distance(key, known));
    match nearest {
        Some(nearest) if distance(key, nearest) <= 1 + nearest.len() / 3 => {
            format!("unknown key {key:?}; did you mean {nearest:?}?")
        }
        _ => format!("unknown key {key:?}; known here: {}", known.join(", ")),
    }
}

/// Letters to change, add or leave out between two names (Levenshtein), of the first 40 each.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(40).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().take(40).enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let change = corner + usize::from(ca != *cb);
            corner = row[j + 1];
            row[j + 1] = change.min(corner + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn check(text: &str) -> Result<Config, (usize, String)> {
        Config::parse(text, Path::new("/a/posthoc.toml"))
            .map_err(|wrong| (text[..wrong.at].matches('\n').count() + 1, wrong.what))
    }

    #[test]
    fn every_key_is_read() {
        let config = check(
            "archive = \"lists\"\n[site]\ntitle = \"T\"\nurl = \"https://example.org/lists/\"\n\
             time_zone = \"Europe/Prague\"\npermalink = \"mid\"\n",
        )
        .unwrap();
        assert_eq!(config.archive.as_deref(), Some(Path::new("/a/lists")));
        assert_eq!(config.url.as_deref(), Some("https://example.org/lists"));
        assert_eq!(config.permalink, Permalink::Path);
        assert_eq!(config.title, "T");
        assert_eq!(config.time_zone.as_deref(), Some("Europe/Prague"));
    }

    #[test]
    fn mistakes_have_a_line_and_the_nearest_name() {
        for (text, line, what) in [
            (
                "[site]\ntitel = \"x\"",
                2,
                "unknown key \"titel\"; did you mean \"title\"?",
            ),
            (
                "[sites]\n",
                1,
                "unknown key \"sites\"; did you mean \"site\"?",
            ),
            (
                "\nmaximum = 1",
                2,
                "unknown key \"maximum\"; known here: archive, site",
            ),
            (
                "[site]\n\nurl = \"lists.example\"",
                3,
                "url = \"lists.example\" does not begin",
            ),
            (
                "[site]\ntime_zone = \"Mars\"",
                2,
                "time_zone = \"Mars\" is not known",
            ),
            (
                "archive = 3",
                1,
                "archive must be a string, in quotes, not a integer",
            ),
            ("site = 3", 1, "site must be a table, [site], not a integer"),
            ("[site]\ntitle = ", 2, ""),
        ] {
            let (at, said) = check(text).unwrap_err();
            assert!(
                at == line && said.starts_with(what),
                "{text:?}: line {at}: {said}"
            );
        }
    }
}
