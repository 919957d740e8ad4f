//! `init`, `list add`.

use crate::args::{Global, ListArgs, ListVerb};
use crate::exit::{Exit, Failure};
use crate::open::{now, place};
use crate::term;
use posthoc_archive::{add_list, show_list};
use posthoc_core::page::Visibility;
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
    let ListVerb::Add {
        name,
        public,
        private,
    } = &list.verb;
    let opened = place(global)?.open()?;
    opened.refresh(global);
    let store = opened.store.as_ref();
    let settings = opened.settings();
    let before = opened.reader(&settings)?.lists()?;
    let there = before.iter().find(|list| list.name == name.as_str());
    let was = there.map(|list| list.visibility.as_str());
    let (visibility, done) = match was {
        None => {
            add_list(
                store,
                name,
                *public,
                false,
                &opened.site,
                now(),
                &opened.limits,
            )?;
            (if *public { "public" } else { "private" }, "made")
        }
        Some(was) if *public && was != "public" => {
            show_list(store, name, Visibility::Public, now(), &opened.limits)?;
            ("public", "from now on")
        }
        Some(was) if *private && was != "private" => {
            show_list(store, name, Visibility::Private, now(), &opened.limits)?;
            ("private", "from now on")
        }
        Some(was) => (was, "as before"),
    };
    if global.json {
        let answer = json!({"name": name, "visibility": visibility, "created": was.is_none()});
        term::json(&answer)?;
    } else if !global.quiet {
        let dir = term::line(&opened.dir.display().to_string());
        term::print(&format!("{name} in {dir}: {done}, {visibility}\n"))?;
        if *private && was.is_some_and(|was| was != "private") {
            term::print("run publish again: it takes the list's pages out of the site\n")?;
        }
    }
    // Mail may have come for it before it was there.
    opened.refresh(global);
    Ok(Exit::Done)
}
