//! `deliver`: one mail on standard input. Whatever goes wrong, `main` ends with 75.

use crate::args::{DeliverArgs, Global};
use crate::config::{lists_of, refuse};
use crate::exit::{Exit, Failure};
use crate::open::{now, place_with_mistakes, record};
use crate::term;
use posthoc_archive::{Delivery, Reader, Settings, mend};
use posthoc_core::message::Limits;
use posthoc_core::page::{Audience, OwnLayout, Site};
use posthoc_core::route::ListName;
use posthoc_embedded::EmbeddedStore;
use posthoc_store::Store;
use serde_json::json;
use std::io::Read;
use std::path::Path;

/// The longest mail that is read, in bytes; as for import.
const LONGEST: u64 = 256 << 20;

pub(crate) fn deliver(global: &Global, deliver: &DeliverArgs) -> Result<Exit, Failure> {
    let (place, wrong) = place_with_mistakes(global)?;
    if global.archive.is_none() && place.config.archive().is_none() {
        // What cannot be read may have named another archive.
        refuse(&wrong)?;
    }
    let store = EmbeddedStore::open(&place.dir)?;
    let limits = place.config.limits();
    let mut site = Site::default();
    lists_of(&place.config, &mut site);
    let Some(list) = known(&store, &deliver.list, &site, &limits) else {
        return Err(Failure::new(
            Exit::TryLater,
            format!(
                "no list named {} in {}; make it with `posthoc -a {1} list add {0}`",
                deliver.list,
                place.dir.display()
            ),
        ));
    };
    let mut mail = Vec::new();
    std::io::stdin()
        .lock()
        .take(LONGEST + 1)
        .read_to_end(&mut mail)
        .map_err(|error| Failure::io("read", Path::new("/dev/stdin"), &error))?;
    if mail.iter().all(u8::is_ascii_whitespace) {
        let line = "no mail on standard input; pipe one in, as in `posthoc deliver --list NAME < mail.eml`";
        return Err(Failure::new(Exit::TryLater, line));
    }
    if mail.len() as u64 > LONGEST {
        let line = "the mail on standard input is longer than 256 MiB; it was not taken";
        return Err(Failure::new(Exit::TryLater, line));
    }
    let done = match wrong.first() {
        None => posthoc_archive::deliver(&store, &list, &mail, now(), &limits)?,
        Some(wrong) => {
            // Where the mail belongs may be what is wrong: it waits until that is mended.
            store.spool().put(list.as_str(), now(), &mail)?;
            term::note(global, &format!("{wrong}; the mail is safe in incoming/"));
            Delivery::Waiting
        }
    };
    if wrong.is_empty() {
        record(global, &store, &site, &limits);
    }
    if global.json {
        let waits = done == Delivery::Waiting;
        term::json(&json!({"list": list, "waiting": waits}))?;
    }
    if global.verbose {
        let word = match done {
            Delivery::Archived => "archived",
            Delivery::Waiting => "safe in incoming/; the next verb takes it in",
        };
        term::note(global, word);
    }
    Ok(Exit::Done)
}

/// The list of that name, alias or former name. When the rows cannot be asked it may be there: the
/// spool keeps the mail.
fn known(store: &dyn Store, list: &ListName, site: &Site, limits: &Limits) -> Option<ListName> {
    let _ = mend(store, limits);
    let Ok(layout) = OwnLayout::new(&Site::default()) else {
        return Some(list.clone());
    };
    let settings = Settings {
        site,
        layout: &layout,
        limits,
        folds: &posthoc_archive::Folds::default(),
    };
    let reader = Reader::new(store, &settings, Audience::Operator);
    let called = reader.and_then(|reader| reader.called(list));
    called.unwrap_or_else(|_| Some(list.clone()))
}
