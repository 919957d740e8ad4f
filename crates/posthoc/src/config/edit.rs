//! Writes a list's file: what stands in it besides, comments and order too, stays.

use super::key::{Key, Kind, Table, Value};
use super::read::{aliases, key_named, names};
use super::{Config, Found, LISTS, nearest, refuse};
use crate::exit::{Exit, Failure};
use posthoc_core::route::ListName;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use toml::de::DeValue;
use toml_edit::{DocumentMut, Item};

/// A key of a list and what it is to be; nothing: the key is taken out of the file.
pub(crate) struct Change {
    pub(crate) key: &'static Key,
    pub(crate) value: Option<Value>,
}

impl Change {
    /// From `KEY=VALUE`; entries of a list of strings stand between commas, and `KEY=` takes the key
    /// out.
    pub(crate) fn parse(text: &str) -> Result<Change, String> {
        let (name, value) = text
            .split_once('=')
            .ok_or_else(|| format!("{text:?}: write KEY=VALUE, as in visibility=public"))?;
        let tables = [Table::OneList, Table::List];
        let key = key_named(&tables, name.trim())
            .ok_or_else(|| nearest::unknown("key", name, &names(&tables)))?;
        if value.is_empty() {
            return Ok(Change { key, value: None });
        }
        let quoted = |text: &str| Value::Text(text.trim().to_owned()).toml();
        let toml = match key.kind {
            Kind::Texts(_) => {
                let items: Vec<String> = value.split(',').map(quoted).collect();
                format!("[{}]", items.join(", "))
            }
            Kind::Whole(..) | Kind::Switch => value.trim().to_owned(),
            _ => quoted(value),
        };
        let parsed = DeValue::parse(&toml).map_err(|error| error.message().to_owned())?;
        let value = key.kind.check(key.name, parsed.get_ref())?;
        Ok(Change {
            key,
            value: Some(value),
        })
    }

    pub(crate) fn text(name: &str, value: &str) -> Result<Change, String> {
        Change::parse(&format!("{name}={value}"))
    }
}

/// The file of a list: the one that is there, else the one that would be.
pub(crate) fn file_of(config: &Config, list: &ListName) -> PathBuf {
    let folder = config.home.as_deref().unwrap_or(Path::new(".")).join(LISTS);
    let entries = std::fs::read_dir(&folder).into_iter().flatten().flatten();
    let there = entries.map(|entry| entry.path()).find(|path| {
        let stem = path.file_stem().and_then(|stem| stem.to_str());
        path.extension().is_some_and(|end| end == "toml")
            && stem.and_then(ListName::new).as_ref() == Some(list)
    });
    there.unwrap_or_else(|| folder.join(format!("{list}.toml")))
}

/// Writes changes into a list's file, whole or not at all; answers where it is.
pub(crate) fn write(
    config: &Config,
    list: &ListName,
    changes: &[Change],
) -> Result<PathBuf, Failure> {
    let path = file_of(config, list);
    refuse_taken_aliases(config, list, &path, changes)?;
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(Failure::io("read", &path, &error)),
    };
    let wrong = |what: String| Failure::new(Exit::Config, format!("{}: {what}", path.display()));
    let mut document: DocumentMut = text
        .parse()
        .map_err(|error: toml_edit::TomlError| wrong(error.message().to_owned()))?;
    for change in changes {
        let Some(value) = &change.value else {
            document.remove(change.key.name);
            continue;
        };
        let fresh: toml_edit::Value = value
            .toml()
            .parse()
            .map_err(|error: toml_edit::TomlError| wrong(error.message().to_owned()))?;
        match document.get_mut(change.key.name) {
            // What stands around the value, a comment behind it, stays.
            Some(Item::Value(there)) => {
                let decor = there.decor().clone();
                *there = fresh;
                *there.decor_mut() = decor;
            }
            _ => {
                document.insert(change.key.name, Item::Value(fresh));
            }
        }
    }
    replace(&path, &document.to_string()).map_err(|error| Failure::io("write", &path, &error))?;
    Ok(path)
}

fn refuse_taken_aliases(
    config: &Config,
    list: &ListName,
    path: &Path,
    changes: &[Change],
) -> Result<(), Failure> {
    let mut after = config.clone();
    let own = after.lists.entry(list.clone()).or_default();
    for change in changes {
        if let Some(value) = &change.value {
            let (file, line) = (Arc::new(path.to_owned()), 0);
            let value = value.clone();
            own.0.insert(change.key.name, Found { value, file, line });
        }
    }
    let mut wrong = Vec::new();
    aliases(&after, &mut wrong);
    refuse(&wrong)
}

/// Puts a file in place whole, with the rights of the one before.
fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    // Files with a leading dot are nobody's settings.
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let temporary = folder.join(format!(".{name}.new"));
    let mut file = std::fs::File::create(&temporary)?;
    if let Ok(about) = std::fs::metadata(path) {
        file.set_permissions(about.permissions())?;
    }
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(&temporary, path)?;
    std::fs::File::open(folder)?.sync_all()
}
