//! `quarantine`.

use crate::args::{Global, QuarantineArgs, QuarantineVerb};
use crate::exit::{Exit, Failure};
use crate::open::{now, reading};
use crate::term;
use posthoc_core::text::TimeZone;
use serde_json::json;

pub(crate) fn quarantine(global: &Global, quarantine: &QuarantineArgs) -> Result<Exit, Failure> {
    match &quarantine.verb {
        None => list(global),
        Some(QuarantineVerb::Show { id }) => {
            let opened = reading(global)?;
            let bytes = posthoc_archive::aside_bytes(opened.store.as_ref(), *id)?;
            term::bytes(&bytes)?;
            Ok(Exit::Done)
        }
        Some(QuarantineVerb::Release { ids }) => release(global, ids),
    }
}

fn list(global: &Global) -> Result<Exit, Failure> {
    let opened = reading(global)?;
    let settings = opened.settings();
    let reader = opened.reader(&settings)?;
    let aside = posthoc_archive::put_aside(opened.store.as_ref(), &reader)?;
    if global.json {
        term::json(&aside)?;
        return Ok(Exit::Done);
    }
    if aside.is_empty() {
        term::print("nothing was put aside\n")?;
        return Ok(Exit::Done);
    }
    let head = ["id", "list", "when", "why", "size", "import", "at", "file"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for one in aside {
        let why = match one.released {
            Some(number) => format!("{}, now mail {number}", one.reason),
            None => one.reason,
        };
        rows.push(vec![
            one.id.to_string(),
            one.list,
            term::day(&TimeZone::utc().stamp(one.at).rfc3339()).to_owned(),
            why,
            term::size(one.bytes),
            one.source.map(|id| id.to_string()).unwrap_or_default(),
            one.offset.to_string(),
            term::line(&one.file.unwrap_or_default()),
        ]);
    }
    term::page(&term::table(&rows))?;
    Ok(Exit::Done)
}

fn release(global: &Global, ids: &[u64]) -> Result<Exit, Failure> {
    let opened = reading(global)?;
    let mut released = Vec::new();
    for id in ids {
        let done = posthoc_archive::release(opened.store.as_ref(), *id, now(), &opened.limits);
        let (list, number) = done?;
        if !global.json && !global.quiet {
            term::print(&format!("{id} is mail {number} of {list}\n"))?;
        }
        released.push(json!({"id": id, "list": list, "number": number}));
    }
    if global.json {
        term::json(&released)?;
    }
    Ok(Exit::Done)
}
