//! Reads `posthoc.toml` and `lists.d/`, to the last mistake.

use super::key::{Key, Table, Value, kind_of};
use super::nearest::unknown;
use super::table::KEYS;
use super::{Config, FILE, LISTS};
use posthoc_core::route::ListName;
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Bytes of one file.
const LONGEST: u64 = 1 << 20;
/// Mistakes that are told of one file.
const MOST: usize = 100;

/// A mistake: where and what.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Wrong {
    pub(crate) file: PathBuf,
    /// From 1; 0 where it is the file itself that is wrong.
    pub(crate) line: usize,
    pub(crate) what: String,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file.display(), self.what),
            line => write!(f, "{}, line {line}: {}", self.file.display(), self.what),
        }
    }
}

/// What one table of a file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Settings(pub(super) BTreeMap<&'static str, Found>);

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) value: Value,
    pub(crate) file: Arc<PathBuf>,
    pub(crate) line: usize,
}

/// The tables of `posthoc.toml`.
const TABLES: [(&str, Table); 4] = [
    ("defaults", Table::List),
    ("limits", Table::Limits),
    ("serve", Table::Serve),
    ("site", Table::Site),
];

/// Reads what is there of a folder's configuration; `file` is its `posthoc.toml` under any name.
pub(super) fn read(home: &Path, file: Option<&Path>, wrong: &mut Vec<Wrong>) -> Config {
    let mut config = Config {
        home: Some(home.to_owned()),
        file: file.map(Path::to_owned),
        ..Config::default()
    };
    if let Some(path) = file {
        let mut reading = File::open(path);
        if let Some(text) = reading.text() {
            reading.site(&text, &mut config);
        }
        wrong.append(&mut reading.wrong);
    }
    lists(&home.join(LISTS), &mut config, wrong);
    wrong.sort();
    config
}

/// Every `*.toml` of a folder; other files there are nobody's business.
fn lists(folder: &Path, config: &mut Config, wrong: &mut Vec<Wrong>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        let Some(name) = path.file_name().map(|name| name.to_string_lossy()) else {
            continue;
        };
        let Some(stem) = name
            .strip_suffix(".toml")
            .filter(|_| !name.starts_with('.'))
        else {
            continue;
        };
        let mut reading = File::open(&path);
        match ListName::new(stem) {
            None => reading.itself(format!(
                "{stem:?} is not a list's name: use a-z 0-9 . _ + -, up to 200, and no reserved word \
                 such as search"
            )),
            Some(list) if config.lists.contains_key(&list) => reading.itself(format!(
                "a second file of the list {list}; its name is the same in lower case"
            )),
            Some(list) => {
                if let Some(text) = reading.text() {
                    let settings = reading.list(&text);
                    config.lists.insert(list, settings);
                }
            }
        }
        wrong.append(&mut reading.wrong);
    }
    aliases(config, wrong);
}

/// A name leads to one list only.
pub(super) fn aliases(config: &Config, wrong: &mut Vec<Wrong>) {
    let mut taken: BTreeMap<ListName, &ListName> =
        config.lists.keys().map(|l| (l.clone(), l)).collect();
    for (list, settings) in &config.lists {
        let Some(found) = settings.0.get("aliases") else {
            continue;
        };
        for alias in settings.names("aliases") {
            let other = *taken.entry(alias.clone()).or_insert(list);
            if other != list {
                wrong.push(Wrong {
                    file: found.file.to_path_buf(),
                    line: found.line,
                    what: format!("{alias} is a name of the list {other} already"),
                });
            }
        }
    }
}

/// One file as it is read.
struct File {
    path: Arc<PathBuf>,
    /// Where its lines begin.
    lines: Vec<usize>,
    wrong: Vec<Wrong>,
}

impl File {
    fn open(path: &Path) -> Self {
        File {
            path: Arc::new(path.to_owned()),
            lines: Vec::new(),
            wrong: Vec::new(),
        }
    }

    /// A mistake of the file itself.
    fn itself(&mut self, what: String) {
        self.wrong.push(Wrong {
            file: self.path.to_path_buf(),
            line: 0,
            what,
        });
    }

    /// A mistake at a byte.
    fn at(&mut self, at: usize, what: String) {
        if self.wrong.len() < MOST {
            self.wrong.push(Wrong {
                file: self.path.to_path_buf(),
                line: self.line(at),
                what,
            });
        }
    }

    fn line(&self, at: usize) -> usize {
        self.lines.partition_point(|begin| *begin <= at)
    }

    fn text(&mut self) -> Option<String> {
        let path = Arc::clone(&self.path);
        let bytes = match std::fs::metadata(&*path) {
            Ok(about) if !about.is_file() => {
                self.itself("is not a file".to_owned());
                return None;
            }
            Ok(about) if about.len() > LONGEST => {
                self.itself("is longer than 1 MiB".to_owned());
                return None;
            }
            Ok(_) => std::fs::read(&*path),
            Err(error) => Err(error),
        };
        let bytes = match bytes {
            Ok(bytes) => bytes,
            Err(error) => {
                self.itself(format!("cannot be read: {}", crate::exit::plain(&error)));
                return None;
            }
        };
        let ends = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
        self.lines = std::iter::once(0)
            .chain(ends.map(|(at, _)| at + 1))
            .collect();
        match String::from_utf8(bytes) {
            Ok(text) => Some(text),
            Err(error) => {
                self.at(
                    error.utf8_error().valid_up_to(),
                    "is not UTF-8; save it as UTF-8".to_owned(),
                );
                None
            }
        }
    }

    /// The document, as far as it can be read.
    fn document<'t>(&mut self, text: &'t str) -> Spanned<DeTable<'t>> {
        let (root, errors) = DeTable::parse_recoverable(text);
        for error in errors {
            let at = error.span().map_or(0, |span| span.start);
            self.at(at, error.message().replace('\n', ", "));
        }
        root
    }

    /// `posthoc.toml`.
    fn site(&mut self, text: &str, config: &mut Config) {
        let root = self.document(text);
        let mut known: Vec<&str> = TABLES.iter().map(|(name, _)| *name).collect();
        known.extend(names(&[Table::Root]));
        known.sort_unstable();
        for (key, value) in root.get_ref() {
            let name = key.get_ref().as_ref();
            let Some((_, table)) = TABLES.iter().find(|(known, _)| *known == name) else {
                self.entry(key, value, &[Table::Root], &known, &mut config.root);
                continue;
            };
            let DeValue::Table(entries) = value.get_ref() else {
                let what = kind_of(value.get_ref());
                self.at(
                    value.span().start,
                    format!("{name} must be a table, [{name}], not {what}"),
                );
                continue;
            };
            let settings = match table {
                Table::Site => &mut config.site,
                Table::Serve => &mut config.serve,
                Table::Limits => &mut config.limits,
                _ => &mut config.defaults,
            };
            let known = names(&[*table]);
            for (key, value) in entries {
                self.entry(key, value, &[*table], &known, settings);
            }
        }
    }

    /// `lists.d/NAME.toml`.
    fn list(&mut self, text: &str) -> Settings {
        let root = self.document(text);
        let tables = [Table::OneList, Table::List];
        let known = names(&tables);
        let mut settings = Settings::default();
        for (key, value) in root.get_ref() {
            self.entry(key, value, &tables, &known, &mut settings);
        }
        settings
    }

    fn entry(
        &mut self,
        key: &Spanned<impl AsRef<str>>,
        value: &Spanned<DeValue<'_>>,
        tables: &[Table],
        known: &[&str],
        settings: &mut Settings,
    ) {
        let name = key.get_ref().as_ref();
        let Some(key_known) = key_named(tables, name) else {
            let what = match key_named(&[Table::OneList], name) {
                Some(_) if tables.contains(&Table::List) => {
                    format!("{name} is each list's own; it belongs in {LISTS}/NAME.toml")
                }
                _ => unknown("key", name, known),
            };
            return self.at(key.span().start, what);
        };
        match key_known.kind.check(name, value.get_ref()) {
            Ok(found) => {
                let found = Found {
                    value: found,
                    file: Arc::clone(&self.path),
                    line: self.line(key.span().start),
                };
                settings.0.insert(key_known.name, found);
            }
            Err(what) => self.at(value.span().start, what),
        }
    }
}

/// The key of that name in one of these tables.
pub(crate) fn key_named(tables: &[Table], name: &str) -> Option<&'static Key> {
    KEYS.iter()
        .find(|key| tables.contains(&key.table) && key.name == name)
}

/// The names of these tables' keys, sorted.
pub(super) fn names(tables: &[Table]) -> Vec<&'static str> {
    let keys = KEYS.iter().filter(|key| tables.contains(&key.table));
    let mut names: Vec<&str> = keys.map(|key| key.name).collect();
    names.sort_unstable();
    names
}

/// Whether a folder has a configuration.
pub(super) fn is_home(folder: &Path) -> bool {
    folder.join(FILE).is_file() || folder.join(LISTS).is_dir()
}
