//! The configuration: `posthoc.toml`, and `lists.d/NAME.toml` beside it.
//!
//! 1. `table` has every key, a row each; `key` says what a row is and checks a value.
//! 2. `read` takes the files to the last mistake; `nearest` knows what was meant.
//! 3. Here: where the files are, and what they mean for the rooms below.
//! 4. `edit` writes a list's file.
//! 5. `book` prints the reference page.

#[cfg(test)]
mod book;
pub(crate) mod edit;
pub(crate) mod key;
pub(crate) mod nearest;
mod read;
pub(crate) mod table;
#[cfg(test)]
mod tests;

pub(crate) use read::{Found, Settings, Wrong, key_named};

use crate::exit::{Exit, Failure};
use crate::open::absolute;
use key::{Table, Value};
use posthoc_archive::Watched;
use posthoc_core::message::Limits;
use posthoc_core::page::{
    Downloads, FooterPatterns, HtmlParts, LayoutName, LinkRules, ListSettings, MOST_RULES, Mask,
    PipermailSettings, Robots, Site, Visibility,
};
use posthoc_core::query::Stems;
use posthoc_core::route::ListName;
use posthoc_core::text::Frequency;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The file's name in an archive and in [`SYSTEM`].
pub(crate) const FILE: &str = "posthoc.toml";
/// The folder beside it with a file for each list.
pub(crate) const LISTS: &str = "lists.d";
/// What stands for everybody who is signed in, in the place of a file of members.
pub(crate) const SIGNED_IN: &str = "signed-in";
/// Where a machine's own files are.
const SYSTEM: &str = "/etc/posthoc";
/// Languages that count of those whose stems a list has.
const MOST_STEMS: usize = 3;

/// How `url --list` writes permalinks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Permalink {
    /// `LIST/mid.html#MESSAGE-ID`: found in the browser, on static and live sites.
    #[default]
    Hash,
    /// `LIST/mid/MESSAGE-ID/`: live sites only.
    Path,
}

/// What the files say, checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Config {
    /// The `posthoc.toml` that was read.
    pub(crate) file: Option<PathBuf>,
    /// The folder in which it and `lists.d` are, or would be.
    pub(crate) home: Option<PathBuf>,
    pub(crate) root: Settings,
    pub(crate) site: Settings,
    pub(crate) serve: Settings,
    pub(crate) limits: Settings,
    pub(crate) defaults: Settings,
    /// What the lists' own files say, without what they inherit.
    pub(crate) lists: BTreeMap<ListName, Settings>,
}

impl Settings {
    pub(crate) fn found(&self, name: &str) -> Option<&Found> {
        debug_assert!(table::KEYS.iter().any(|key| key.name == name), "{name}");
        self.0.get(name)
    }

    /// A string that is set.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.found(name)?.text()
    }

    /// A list of strings that is set.
    pub(crate) fn texts(&self, name: &str) -> Option<&[String]> {
        match &self.found(name)?.value {
            Value::Texts(texts) => Some(texts),
            _ => None,
        }
    }

    /// A list of lists' names; none when not set.
    pub(crate) fn names(&self, name: &str) -> Vec<ListName> {
        let texts = self.texts(name).unwrap_or_default();
        texts
            .iter()
            .filter_map(|text| ListName::new(text))
            .collect()
    }

    /// A list of paths, absolute; none when not set.
    pub(crate) fn paths(&self, name: &str) -> Vec<PathBuf> {
        let found = self.found(name);
        let texts = self.texts(name).unwrap_or_default().iter();
        let path = |text: &String| Some(found?.absolute(text));
        texts.filter_map(path).collect()
    }

    /// A path that is set, absolute.
    pub(crate) fn path(&self, name: &str) -> Option<PathBuf> {
        self.found(name)?.path()
    }
}

impl Found {
    /// A string.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A path, absolute.
    pub(crate) fn path(&self) -> Option<PathBuf> {
        Some(self.absolute(self.text()?))
    }

    /// What a path means in the file in which it stands.
    fn absolute(&self, text: &str) -> PathBuf {
        let base = self.file.parent().unwrap_or(Path::new("/"));
        absolute(&base.join(text))
    }
}

impl Config {
    /// Reads a file that must be there, and the lists beside it, to the last mistake.
    pub(crate) fn read(path: &Path, wrong: &mut Vec<Wrong>) -> Result<Config, Failure> {
        let path = absolute(path);
        std::fs::File::open(&path).map_err(|error| Failure::io("read", &path, &error))?;
        let home = path.parent().unwrap_or(Path::new("/"));
        Ok(read::read(home, Some(&path), wrong))
    }

    /// The first that is there: in the archive, then the machine's; else an empty one, which would
    /// be in the archive.
    pub(crate) fn find(archive: Option<&Path>, wrong: &mut Vec<Wrong>) -> Config {
        let places = archive.into_iter().chain([Path::new(SYSTEM)]);
        let Some(home) = places.into_iter().find(|folder| read::is_home(folder)) else {
            return Config {
                home: archive.map(Path::to_owned),
                ..Config::default()
            };
        };
        let file = home.join(FILE);
        read::read(home, file.is_file().then_some(file.as_path()), wrong)
    }

    /// The archive's folder, absolute.
    pub(crate) fn archive(&self) -> Option<PathBuf> {
        self.root.path("archive")
    }

    /// The site's URL, without a slash at its end.
    pub(crate) fn url(&self) -> Option<String> {
        let url = self.site.text("url")?;
        Some(url.trim_end_matches('/').to_owned())
    }

    pub(crate) fn permalink(&self) -> Permalink {
        match self.site.text("permalink") {
            Some("mid") => Permalink::Path,
            _ => Permalink::Hash,
        }
    }

    /// A number, or its default.
    pub(crate) fn whole(&self, table: Table, name: &str) -> u64 {
        let settings = match table {
            Table::Serve => &self.serve,
            _ => &self.limits,
        };
        let default = || key_named(&[table], name).and_then(|key| key.default.value());
        match settings
            .found(name)
            .map(|found| found.value.clone())
            .or_else(default)
        {
            Some(Value::Whole(number)) => number,
            _ => 0,
        }
    }

    /// The mailboxes that others fill, each with all its lists.
    pub(crate) fn watched(&self) -> Vec<Watched> {
        let mut watched: BTreeMap<PathBuf, Vec<ListName>> = BTreeMap::new();
        for (name, own) in &self.lists {
            for path in own.paths("watch") {
                watched.entry(path).or_default().push(name.clone());
            }
        }
        let watched = watched.into_iter();
        watched
            .map(|(path, lists)| Watched { path, lists })
            .collect()
    }

    /// What one mail may cost.
    pub(crate) fn limits(&self) -> Limits {
        let of = |name| usize::try_from(self.whole(Table::Limits, name)).unwrap_or(usize::MAX);
        Limits {
            depth: of("depth"),
            parts: of("parts"),
            fields: of("fields"),
            header_bytes: of("header_bytes"),
            text_bytes: of("text_bytes"),
            html_bytes: of("html_bytes"),
            references: of("references"),
            addresses: of("addresses"),
            packed_files: of("packed_files"),
            packed_bytes: of("packed_bytes"),
        }
    }

    /// What is set for a list, and where: its own file, then `[defaults]`.
    pub(crate) fn found(&self, list: Option<&ListName>, name: &str) -> Option<&Found> {
        let own = list.and_then(|list| self.lists.get(list));
        own.and_then(|own| own.found(name))
            .or_else(|| self.defaults.found(name))
    }

    /// What is set for a list, inherited values included; of none: for lists without a file.
    pub(crate) fn list(&self, list: Option<&ListName>) -> ListSettings {
        let text = |name: &str| match &self.found(list, name)?.value {
            Value::Text(text) => Some(text.as_str()),
            _ => None,
        };
        let texts = |name: &str| match self.found(list, name).map(|found| &found.value) {
            Some(Value::Texts(texts)) => texts[..texts.len().min(MOST_RULES)].to_vec(),
            _ => Vec::new(),
        };
        let is = |name: &str, on: bool| {
            let found = self.found(list, name).map(|found| &found.value);
            found == Some(&Value::Switch(on))
        };
        ListSettings {
            title: text("title").unwrap_or_default().to_owned(),
            description: text("description").unwrap_or_default().to_owned(),
            address: text("address").map(str::to_owned),
            closed: text("closed").map(str::to_owned),
            domain: text("domain").map(str::to_owned),
            list_id: text("list_id").map(str::to_owned),
            language: text("language").map(str::to_owned),
            stems: match self.found(list, "stems").map(|found| &found.value) {
                Some(Value::Texts(tags)) => {
                    Some(Stems::of(tags.iter().take(MOST_STEMS).map(String::as_str)))
                }
                _ => None,
            },
            visibility: text("visibility").and_then(Visibility::named),
            mask: text("mask").and_then(Mask::named),
            downloads: text("downloads").and_then(Downloads::named),
            no_author_pages: is("author_pages", false),
            robots: text("robots").and_then(Robots::named).unwrap_or_default(),
            drop: match self.found(list, "drop").map(|found| &found.value) {
                Some(Value::Texts(texts)) => Some(texts.clone()),
                _ => None,
            },
            link_rules: Arc::new(LinkRules::parse(&texts("link_rules")).unwrap_or_default()),
            footer_patterns: Arc::new(
                FooterPatterns::parse(&texts("footer_patterns")).unwrap_or_default(),
            ),
            layout: text("layout")
                .and_then(LayoutName::named)
                .unwrap_or_default(),
            pipermail: PipermailSettings {
                listinfo: text("listinfo").map(str::to_owned),
                subject_tag: text("subject_tag").unwrap_or_default().to_owned(),
                html_parts: text("html_parts")
                    .and_then(HtmlParts::named)
                    .unwrap_or_default(),
                attachment_names: is("attachment_names", true),
                whole_mbox: is("mbox_link", true),
                plain_text: text("text_volumes") == Some("plain"),
                templates: Arc::default(),
            },
            volumes: text("volumes").and_then(Frequency::named),
            time_zone: text("time_zone")
                .or_else(|| self.site.text("time_zone"))
                .map(str::to_owned),
        }
    }
}

/// What counts for every list, and for the lists without a file of their own.
pub(crate) fn lists_of(config: &Config, site: &mut Site) {
    site.defaults = config.list(None);
    for (name, own) in &config.lists {
        site.lists.insert(name.clone(), config.list(Some(name)));
        for alias in own.names("aliases") {
            site.aliases.insert(alias, name.clone());
        }
    }
}

/// The first mistake, for verbs that cannot go on.
pub(crate) fn refuse(wrong: &[Wrong]) -> Result<(), Failure> {
    let Some(first) = wrong.first() else {
        return Ok(());
    };
    let more = match wrong.len() {
        1 => String::new(),
        n => format!("; and {} more, see `posthoc config check`", n - 1),
    };
    Err(Failure::new(Exit::Config, format!("{first}{more}")))
}
