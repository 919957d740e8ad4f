//! Pages made on every core, all of one state, in an order in which readers meet no dead link.

use super::manifest::Manifest;
use super::routes::{Stages, Work};
use super::write::Outcome;
use crate::error::Result;
use crate::intake::PATIENCE;
use crate::load::{Reader, Settings};
use posthoc_core::page::Audience;
use posthoc_store::Store;
use std::sync::{Mutex, PoisonError};

/// Which files of a folder are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pass {
    /// All: nobody reads it yet.
    All,
    /// Those that are not there. No page that is there links to them.
    New,
    /// Those that are there, which may link to the new ones from now on.
    Known,
}

impl Pass {
    /// The passes that a folder needs.
    pub(super) fn of(manifest: &Manifest) -> &'static [Pass] {
        match manifest.is_read() {
            true => &[Pass::New, Pass::Known],
            false => &[Pass::All],
        }
    }

    /// Whether it writes a path.
    pub(super) fn has(self, manifest: &Manifest, path: &str) -> Result<bool> {
        Ok(match self {
            Pass::All => true,
            Pass::New => !manifest.owns(path)?,
            Pass::Known => manifest.owns(path)?,
        })
    }
}

/// A reader for each core: a page that one makes links to nothing that another does not know.
pub(super) struct Readers<'a>(Vec<Mutex<Reader<'a>>>);

/// How often readers are opened until they are of one state, before others are kept from changing it.
const TRIES: usize = 50;

impl<'a> Readers<'a> {
    /// One reader, and one more for each core, of the same state.
    pub(super) fn open(
        store: &'a dyn Store,
        settings: &'a Settings<'a>,
        audience: &Audience,
    ) -> Result<(Reader<'a>, Self)> {
        let mut tries = 0;
        loop {
            // An import beside this commits again and again; in the end it is kept waiting.
            let guard = (tries >= TRIES).then(|| store.lock(PATIENCE)).transpose()?;
            let first = Reader::new(store, settings, audience.clone())?;
            let mut readers = Vec::new();
            for _ in 0..rayon::current_num_threads() {
                readers.push(Reader::new(store, settings, audience.clone())?);
            }
            let is_same = |reader: &Reader<'_>| reader.generation() == first.generation();
            if guard.is_some() || readers.iter().all(is_same) {
                let readers = readers.into_iter().map(Mutex::new).collect();
                return Ok((first, Readers(readers)));
            }
            tries += 1;
        }
    }

    /// Has every core take work in order until there is none, stage by stage.
    pub(super) fn make(
        &self,
        stages: &Stages,
        take: impl Fn(&Reader<'_>, &Works<'_>) -> Result<Vec<Outcome>> + Sync,
    ) -> Result<Vec<Outcome>> {
        let mut outcomes = Vec::new();
        for stage in stages.in_order() {
            let works = Works(Mutex::new(stage.iter()));
            let made = rayon::broadcast(|core| {
                let reader = self.0[core.index()]
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner);
                // After an error there is nothing left to do for the others.
                take(&reader, &works).inspect_err(|_| while works.next().is_some() {})
            });
            for of_core in made {
                outcomes.extend(of_core?);
            }
        }
        Ok(outcomes)
    }
}

/// The work that no core has begun.
pub(super) struct Works<'a>(Mutex<std::slice::Iter<'a, Work>>);

impl<'a> Works<'a> {
    pub(super) fn next(&self) -> Option<&'a Work> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).next()
    }
}
