//! `deliver`: one mail on standard input. Whatever goes wrong, `main` ends with 75.

use crate::args::{DeliverArgs, Global};
use crate::exit::{Exit, Failure};
use crate::open::{now, place};
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
    let place = place(global)?;
    let store = EmbeddedStore::open(&place.dir)?;
    let limits = place.config.limits();
    if !may_have(&store, &deliver.list, &limits) {
        return Err(Failure::new(
            Exit::TryLater,
            format!(
                "no list named {} in {}; make it with `posthoc -a {1} list add {0}`",
                deliver.list,
                place.dir.display()
            ),
        ));
    }
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
    let done = posthoc_archive::deliver(&store, &deliver.list, &mail, now(), &limits)?;
    if global.json {
        let waits = done == Delivery::Waiting;
        term::json(&json!({"list": deliver.list, "waiting": waits}))?;
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

/// Whether the list is there. When the rows cannot be asked it may be: the spool keeps the mail.
fn may_have(store: &dyn Store, list: &ListName, limits: &Limits) -> bool {
    let _ = mend(store, limits);
    let site = Site::default();
    let Ok(layout) = OwnLayout::new(&site) else {
        return true;
    };
    let settings = Settings {
        site: &site,
        layout: &layout,
        limits,
    };
    let lists = Reader::new(store, &settings, Audience::Operator).and_then(|reader| reader.lists());
    lists.map_or(true, |lists| {
        lists.iter().any(|there| there.name == list.as_str())
    })
}
