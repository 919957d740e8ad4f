//! `list add`, `set`, `show`, `rename`.

use super::config::{as_json, in_words, of_list};
use crate::args::{Global, ListArgs, ListVerb};
use crate::config::edit::{Change, file_of, write};
use crate::exit::{Exit, Failure};
use crate::open::{Opened, now, place, reading, told_of};
use crate::term;
use posthoc_archive::{ArchiveError, add_list, record_settings, rename_list, show_list};
use posthoc_core::page::Visibility;
use posthoc_core::route::ListName;
use serde_json::json;
use std::fmt::Write as _;
use std::time::Duration;

/// How long is waited for another posthoc that is writing.
const PATIENCE: Duration = Duration::from_secs(120);

pub(crate) fn list(global: &Global, list: &ListArgs) -> Result<Exit, Failure> {
    match &list.verb {
        ListVerb::Add { name, .. } => add(global, name, &list.verb),
        ListVerb::Set { name, settings } => set(global, name, settings),
        ListVerb::Show { name } => show(global, name),
        ListVerb::Rename {
            old,
            new,
            take_over,
        } => rename(global, old, new, *take_over),
    }
}

fn add(global: &Global, name: &ListName, verb: &ListVerb) -> Result<Exit, Failure> {
    let ListVerb::Add {
        public,
        private,
        title,
        take_over,
        ..
    } = verb
    else {
        return Ok(Exit::Done);
    };
    let mut opened = place(global)?.open()?;
    opened.refresh(global);
    let was = visibility(&opened, name)?;
    if was.is_none() {
        refuse_alias(&opened, name, None)?;
        refuse_former(&opened, name, *take_over)?;
    }
    let wanted = match (public, private) {
        (true, _) => Some(Visibility::Public),
        (_, true) => Some(Visibility::Private),
        _ => None,
    };
    let mut changes = Vec::new();
    let set = opened.config.list(Some(name)).visibility;
    if let (Some(wanted), Some(set)) = (wanted, set)
        && wanted != set
    {
        // What the configuration says would count again tomorrow.
        changes.push(change(Change::text("visibility", wanted.name()))?);
    }
    if let Some(title) = title {
        changes.push(change(Change::text("title", title))?);
    }
    if !changes.is_empty() {
        write(&opened.config, name, &changes)?;
        opened = opened.reread(global)?;
    }
    let (store, limits) = (opened.store.as_ref(), &opened.limits);
    match (&was, wanted) {
        (None, _) => add_list(
            store,
            name,
            *public,
            *take_over,
            &opened.site,
            now(),
            limits,
        )?,
        (Some(was), Some(wanted)) if was != wanted.name() => {
            show_list(store, name, wanted, now(), limits)?;
        }
        _ => {}
    }
    let is = visibility(&opened, name)?.unwrap_or_default();
    if global.json {
        term::json(&json!({"name": name, "visibility": is, "created": was.is_none()}))?;
    } else if !global.quiet {
        let done = match &was {
            None => "made",
            Some(was) if *was == is => "as before",
            Some(_) => "from now on",
        };
        let dir = term::line(&opened.dir.display().to_string());
        term::print(&format!("{name} in {dir}: {done}, {is}\n"))?;
        if is == "private" && was.is_some_and(|was| was != "private") {
            term::print("run publish again: it takes the list's pages out of the site\n")?;
        }
    }
    // Mail may have come for it before it was there.
    opened.refresh(global);
    Ok(Exit::Done)
}

fn set(global: &Global, name: &ListName, settings: &[String]) -> Result<Exit, Failure> {
    let opened = place(global)?.open()?;
    opened.refresh(global);
    let name = need(&opened, name)?;
    let changes: Result<Vec<Change>, String> = settings.iter().map(|s| Change::parse(s)).collect();
    let changes = change(changes)?;
    let path = write(&opened.config, &name, &changes)?;
    let opened = opened.reread(global)?;
    let recorded = record_settings(
        opened.store.as_ref(),
        &opened.site,
        PATIENCE,
        now(),
        &opened.limits,
    )?;
    for change in &recorded {
        told_of(global, change);
    }
    let is = visibility(&opened, &name)?.unwrap_or_default();
    if global.json {
        let keys: Vec<&str> = changes.iter().map(|change| change.key.name).collect();
        term::json(&json!({"name": name, "file": path, "set": keys, "visibility": is}))?;
    } else if !global.quiet {
        let path = term::line(&path.display().to_string()).to_string();
        let mut text = format!("{name}: written to {path}\n");
        let changed = |key: &str| recorded.iter().any(|change| change.key == key);
        text += match is.as_str() {
            "public" if changed("visibility") => {
                "it is public now: run publish to put it into the site\n"
            }
            "public" => {
                "run publish again, and send a running server the signal HUP, to show the change\n"
            }
            _ if changed("visibility") => {
                "the server hides it from now on; run publish again: it takes the list's pages out of the \
                 site\n"
            }
            _ => "send a running server the signal HUP to show the change\n",
        };
        if changes.iter().any(|change| change.value.is_none()) {
            text += "of a key that was taken out, what is recorded in the archive counts on; see `posthoc \
                     config show --list`\n";
        }
        term::print(&text)?;
    }
    Ok(Exit::Done)
}

fn show(global: &Global, name: &ListName) -> Result<Exit, Failure> {
    let opened = reading(global)?;
    let name = need(&opened, name)?;
    let settings = opened.settings();
    let reader = opened.reader(&settings)?;
    let others = reader.other_names(&name)?;
    let rows = of_list(&opened.config, &name, &reader.recorded(&name)?);
    let lists = reader.lists()?;
    let about = lists.iter().find(|list| list.name == name.as_str());
    if global.json {
        let answer = json!({"list": about, "other_names": others, "settings": as_json(&rows)});
        term::json(&answer)?;
        return Ok(Exit::Done);
    }
    let mut text = String::new();
    if let Some(about) = about {
        let _ = writeln!(
            text,
            "{name}: {}, {} in {}, {}",
            term::line(&about.title),
            term::count(about.messages, "mail"),
            term::count(about.threads, "thread"),
            about.visibility
        );
    }
    if !others.is_empty() {
        let others: Vec<&str> = others.iter().map(ListName::as_str).collect();
        let _ = writeln!(text, "also known as {}", others.join(", "));
    }
    text.push('\n');
    text += &in_words(&rows, false);
    term::page(&text)?;
    Ok(Exit::Done)
}

fn rename(
    global: &Global,
    old: &ListName,
    new: &ListName,
    take_over: bool,
) -> Result<Exit, Failure> {
    let opened = place(global)?.open()?;
    opened.refresh(global);
    refuse_alias(&opened, new, Some(old))?;
    let (from, to) = (file_of(&opened.config, old), file_of(&opened.config, new));
    let moves = from.exists();
    if moves && to.exists() {
        let words = format!(
            "{} and {} are both there; put one of them away",
            from.display(),
            to.display()
        );
        return Err(Failure::new(Exit::CannotCreate, words));
    }
    let store = opened.store.as_ref();
    rename_list(store, old, new, take_over, now(), &opened.limits)?;
    if moves {
        std::fs::rename(&from, &to).map_err(|error| Failure::io("rename", &from, &error))?;
    }
    if global.json {
        term::json(&json!({"old": old, "name": new}))?;
    } else if !global.quiet {
        term::print(&format!(
            "{old} is {new} from now on; mail and links for {old} still arrive there\nrun publish again: it \
             moves the pages and leaves one at {old}/ that says where they are; send a running server the \
             signal HUP\n"
        ))?;
    }
    Ok(Exit::Done)
}

/// A setting that was given on the command line.
fn change<T>(parsed: Result<T, String>) -> Result<T, Failure> {
    parsed.map_err(|what| Failure::new(Exit::Usage, what))
}

fn visibility(opened: &Opened, name: &ListName) -> Result<Option<String>, Failure> {
    let settings = opened.settings();
    let lists = opened.reader(&settings)?.lists()?;
    let list = lists.into_iter().find(|list| list.name == name.as_str());
    Ok(list.map(|list| list.visibility))
}

/// The name of a list that must be there.
fn need(opened: &Opened, name: &ListName) -> Result<ListName, Failure> {
    let settings = opened.settings();
    let called = opened.reader(&settings)?.called(name)?;
    called.ok_or_else(|| ArchiveError::NoList(name.to_string()).into())
}

/// A list takes no name that the configuration gives to another one.
fn refuse_alias(opened: &Opened, name: &ListName, own: Option<&ListName>) -> Result<(), Failure> {
    match opened.site.aliases.get(name) {
        Some(other) if Some(other) != own => Err(Failure::new(
            Exit::CannotCreate,
            format!("{name} is an alias of the list {other}; take it out of that list's aliases"),
        )),
        _ => Ok(()),
    }
}

/// Before anything is written for a list that cannot be made.
fn refuse_former(opened: &Opened, name: &ListName, take_over: bool) -> Result<(), Failure> {
    let settings = opened.settings();
    match opened.reader(&settings)?.called(name)? {
        Some(list) if list != *name && !take_over => {
            let (name, list) = (name.to_string(), list.to_string());
            Err(ArchiveError::FormerName { name, list }.into())
        }
        _ => Ok(()),
    }
}
