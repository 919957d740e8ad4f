//! `init`, `list add`.

use crate::args::{Global, ListArgs, ListVerb};
use crate::exit::{Exit, Failure};
use crate::open::{now, place};
use crate::term;
use posthoc_archive::add_list;
use posthoc_embedded::{EmbeddedStore, is_archive};
use serde_json::json;

pub(crate) fn init(global: &Global) -> Result<Exit, Failure> {
    let place = place(global)?;
    let dir = place.dir.clone();
    if is_archive(&dir) {
        return Err(Failure::new(
            Exit::CannotCreate,
            format!(
                "{} is an archive already; it was left as it is",
                dir.display()
            ),
        ));
    }
    place.refuse_foreign()?;
    EmbeddedStore::create(&dir)?;
    if global.json {
        term::json(&json!({"archive": dir}))?;
    } else if !global.quiet {
        term::print(&format!(
            "made an empty archive in {}\nnext: posthoc -a {0} import SOURCE…, or list add NAME and deliver\n",
            term::line(&dir.display().to_string())
        ))?;
    }
    Ok(Exit::Done)
}

pub(crate) fn list(global: &Global, list: &ListArgs) -> Result<Exit, Failure> {
    let ListVerb::Add { name, public } = &list.verb;
    let opened = place(global)?.open()?;
    opened.refresh(global);
    let settings = opened.settings();
    let before = opened.reader(&settings)?.lists()?;
    let there = before.iter().find(|list| list.name == name.as_str());
    if there.is_none() {
        add_list(opened.store.as_ref(), name, *public, now(), &opened.limits)?;
    }
    let visibility = match there {
        Some(list) => list.visibility.clone(),
        None if *public => "public".to_owned(),
        None => "private".to_owned(),
    };
    if global.json {
        let answer = json!({"name": name, "visibility": visibility, "created": there.is_none()});
        term::json(&answer)?;
    } else if !global.quiet {
        let done = if there.is_none() {
            "made"
        } else {
            "there already:"
        };
        let dir = term::line(&opened.dir.display().to_string());
        term::print(&format!("{done} the {visibility} list {name} in {dir}\n"))?;
    }
    // Mail may have come for it before it was there.
    opened.refresh(global);
    Ok(Exit::Done)
}
