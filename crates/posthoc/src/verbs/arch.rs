//! `arch`: Mailman's `bin/arch`.

use super::import::import;
use super::publish::publish;
use crate::args::{ArchArgs, Global, ImportArgs, PublishArgs};
use crate::config::edit::{Change, file_of, write};
use crate::exit::{Exit, Failure};
use crate::open::{absolute, place};
use crate::term;
use posthoc_archive::source::{Kind, Split};
use posthoc_core::route::ListName;
use posthoc_embedded::is_archive;
use std::path::{Path, PathBuf};

/// Where Debian's Mailman keeps mailboxes.
const MAILMAN: &str = "/var/lib/mailman/archives/private";

pub(crate) fn arch(global: &Global, arch: &ArchArgs) -> Result<Exit, Failure> {
    let mbox = mailbox(arch)?;
    let range = match (arch.start, arch.end) {
        (None, None) => None,
        (start, end) => Some(start.unwrap_or(0)..end.map_or(u64::MAX, |end| end.saturating_add(1))),
    };
    if range.as_ref().is_some_and(std::ops::Range::is_empty) {
        return Err(Failure::new(
            Exit::Usage,
            "--end stands before --start; mails are counted from 0, and --end is taken too",
        ));
    }
    lay_out(global, &arch.list)?;
    let taken = import(
        global,
        &ImportArgs {
            sources: vec![mbox],
            list: Some(arch.list.clone()),
            public: arch.public,
            kind: Some(Kind::Mbox),
            split: Split::EveryFrom,
            no_index: arch.no_index,
            dry_run: false,
            honour_no_archive: false,
            strict: false,
            site: None,
            numbers_from: None,
            range,
        },
    )?;
    if arch.wipe {
        term::note(
            global,
            &format!(
                "--wipe: every page of {} is made again; its mails keep their numbers, for links name them",
                arch.list
            ),
        );
    }
    let Some(out) = &arch.out else {
        return Ok(taken);
    };
    publish(
        global,
        &PublishArgs {
            out: out.clone(),
            list: Vec::new(),
            audience: None,
            dry_run: false,
            adopt: false,
            full: arch.wipe,
            follow: false,
            no_search: arch.no_index,
            print0: false,
        },
    )
}

/// The mailbox that is named, else the list's own in Mailman's places.
fn mailbox(arch: &ArchArgs) -> Result<PathBuf, Failure> {
    if let Some(mbox) = &arch.mbox {
        return Ok(mbox.clone());
    }
    let own = format!("{0}.mbox/{0}.mbox", arch.list);
    let places = [Path::new(MAILMAN).join(&own), PathBuf::from(&own)];
    let found = places.iter().find(|place| place.is_file());
    found.cloned().ok_or_else(|| {
        Failure::new(
            Exit::NoInput,
            format!(
                "there is no mailbox at {} nor at {}; name it: posthoc arch {} MBOX",
                places[0].display(),
                absolute(&places[1]).display(),
                arch.list
            ),
        )
    })
}

/// Gives the list Pipermail's layout where its settings say nothing of a layout.
fn lay_out(global: &Global, list: &ListName) -> Result<(), Failure> {
    let place = place(global)?;
    if place.config.found(Some(list), "layout").is_some() {
        return Ok(());
    }
    if !is_archive(&place.dir) {
        place.refuse_foreign()?;
        std::fs::create_dir_all(&place.dir)
            .map_err(|error| Failure::io("make", &place.dir, &error))?;
    }
    let change =
        Change::text("layout", "pipermail").map_err(|why| Failure::new(Exit::Usage, why))?;
    write(&place.config, list, &[change])?;
    let file = file_of(&place.config, list);
    term::note(
        global,
        &format!(
            "{list} has Pipermail's layout from now on: {}",
            file.display()
        ),
    );
    Ok(())
}
