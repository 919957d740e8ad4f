//! `config check`, `config show`.

use crate::args::{ConfigArgs, ConfigVerb, Global};
use crate::config::key::{Default, Key, Table, Value};
use crate::config::table::KEYS;
use crate::config::{Config, Found};
use crate::exit::{Exit, Failure};
use crate::open::{place, place_with_mistakes, site};
use crate::term;
use crate::theme;
use posthoc_core::page::{Downloads, Mask, Visibility};
use posthoc_core::route::ListName;
use posthoc_embedded::is_archive;
use serde_json::json;
use std::fmt::Write as _;

pub(crate) fn config(global: &Global, config: &ConfigArgs) -> Result<Exit, Failure> {
    match &config.verb {
        ConfigVerb::Check => check(global),
        ConfigVerb::Show { list } => show(global, list.as_ref()),
    }
}

fn check(global: &Global) -> Result<Exit, Failure> {
    let (place, wrong) = place_with_mistakes(global)?;
    if wrong.is_empty() {
        // Templates are settings too.
        let face = theme::of(&place.dir);
        let site = site(&place.config, Some(&face))?;
        theme::layout(&site, &face)?;
    }
    if global.json {
        let told = wrong
            .iter()
            .map(|wrong| json!({"file": wrong.file, "line": wrong.line, "what": wrong.what}));
        term::json(&json!({"mistakes": told.collect::<Vec<_>>()}))?;
    } else if !wrong.is_empty() || !global.quiet {
        let mut text = String::new();
        for wrong in &wrong {
            let _ = writeln!(text, "{}", term::line(&wrong.to_string()));
        }
        if wrong.is_empty() {
            let file = place.config.file.as_ref();
            let file = file.map_or("no posthoc.toml".to_owned(), |f| f.display().to_string());
            let lists = term::count(place.config.lists.len() as u64, "file");
            let _ = writeln!(text, "{}, {lists} of lists: no mistake", term::line(&file));
        }
        term::print(&text)?;
    }
    Ok(match wrong.is_empty() {
        true => Exit::Done,
        false => Exit::Config,
    })
}

/// A key as it counts.
pub(crate) struct Effective {
    key: &'static Key,
    value: Option<Value>,
    from: From,
}

/// Where a value comes from.
enum From {
    File(Found),
    Recorded,
    Default,
}

fn show(global: &Global, list: Option<&ListName>) -> Result<Exit, Failure> {
    let place = place(global)?;
    let rows = match list {
        Some(list) => {
            let (mut list, mut recorded) = (list.clone(), Vec::new());
            let config = place.config.clone();
            if is_archive(&place.dir) {
                let opened = place.open()?;
                let settings = opened.settings();
                let reader = opened.reader(&settings)?;
                list = reader.called(&list)?.unwrap_or(list);
                recorded = reader.recorded(&list)?;
            }
            of_list(&config, &list, &recorded)
        }
        None => of_site(&place.config),
    };
    match global.json {
        true => term::json(&as_json(&rows))?,
        false => term::page(&in_words(&rows, list.is_none()))?,
    }
    Ok(Exit::Done)
}

fn of_site(config: &Config) -> Vec<Effective> {
    let keys = KEYS.iter().filter(|key| key.table != Table::OneList);
    let row = |key: &'static Key| {
        let settings = match key.table {
            Table::Root => &config.root,
            Table::Site => &config.site,
            Table::Serve => &config.serve,
            Table::Limits => &config.limits,
            Table::List | Table::OneList => &config.defaults,
        };
        effective(key, settings.found(key.name))
    };
    keys.map(row).collect()
}

/// What counts for a list: of what is recorded and what is set the closer.
pub(crate) fn of_list(
    config: &Config,
    list: &ListName,
    recorded: &[(&'static str, String)],
) -> Vec<Effective> {
    let keys = KEYS
        .iter()
        .filter(|key| matches!(key.table, Table::OneList | Table::List));
    let row = |key: &'static Key| {
        let mut found = config.found(Some(list), key.name);
        if key.name == "time_zone" {
            found = found.or_else(|| config.site.found("time_zone"));
        }
        let recorded = recorded.iter().find(|(name, _)| *name == key.name);
        match recorded.map(|(_, value)| value.as_str()) {
            Some(value) if !value.is_empty() && counts(key.name, value, found) => Effective {
                key,
                value: Some(match key.name {
                    "drop" => Value::Texts(value.split(", ").map(str::to_owned).collect()),
                    _ => Value::Text(value.to_owned()),
                }),
                from: From::Recorded,
            },
            _ => effective(key, found),
        }
    };
    keys.map(row).collect()
}

fn effective(key: &'static Key, found: Option<&Found>) -> Effective {
    match found {
        Some(found) => Effective {
            key,
            value: Some(found.value.clone()),
            from: From::File(found.clone()),
        },
        None => Effective {
            key,
            value: key.default.value(),
            from: From::Default,
        },
    }
}

/// Whether what is recorded counts before what is set.
fn counts(name: &str, recorded: &str, found: Option<&Found>) -> bool {
    let set = match found.map(|found| &found.value) {
        Some(Value::Text(text)) => text,
        Some(_) => return false,
        None => return true,
    };
    match name {
        "visibility" => Visibility::named(recorded) > Visibility::named(set),
        "mask" => Mask::named(recorded) > Mask::named(set),
        "downloads" => Downloads::named(recorded) > Downloads::named(set),
        // Until the setting is recorded, new mail goes where the record says.
        "volumes" | "time_zone" => recorded != set,
        _ => false,
    }
}

pub(crate) fn as_json(rows: &[Effective]) -> serde_json::Value {
    let row = |row: &Effective| {
        let mut shown = json!({
            "key": row.key.name,
            "value": row.value.as_ref().map(Value::json),
            "means": row.key.means,
        });
        shown["from"] = match &row.from {
            From::File(found) => json!({"file": *found.file, "line": found.line}),
            From::Recorded => json!("recorded"),
            From::Default => json!("default"),
        };
        shown
    };
    rows.iter().map(row).collect()
}

/// A table; of the whole configuration with the name of each key's table.
pub(crate) fn in_words(rows: &[Effective], whole: bool) -> String {
    let mut table = vec![["key", "value", "from"].map(str::to_owned).to_vec()];
    for row in rows {
        let title = if whole { title(row.key.table) } else { "" };
        let value = match (&row.value, row.key.default) {
            (Some(value), _) => term::line(&value.toml()).to_string(),
            (None, Default::Unset(words)) => format!("({})", words.replace('`', "")),
            (None, _) => String::new(),
        };
        let from = match &row.from {
            From::File(found) => {
                term::line(&format!("{}, line {}", found.file.display(), found.line)).to_string()
            }
            From::Recorded => "recorded in the archive".to_owned(),
            From::Default => "default".to_owned(),
        };
        let key = match title {
            "" => row.key.name.to_owned(),
            title => format!("{title}.{}", row.key.name),
        };
        table.push(vec![key, value, from]);
    }
    term::table(&table)
}

fn title(table: Table) -> &'static str {
    match table {
        Table::Root | Table::OneList => "",
        Table::Site => "site",
        Table::Serve => "serve",
        Table::Limits => "limits",
        Table::List => "defaults",
    }
}
