//! What is known of a folder's pages from the run that wrote them.

use posthoc_mhonarc::{Archive, Mail, Site, Ties};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashSet};

/// The format, with the program's version: pages that another one wrote are made anew.
const FORMAT: &str = concat!("posthoc: mails of MHonArc, 1, ", env!("CARGO_PKG_VERSION"));

/// What a run leaves for the next, so that one which adds mails makes those pages alone that the new mails
/// change. Derived: where it is missing or does not fit, every page is made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MhonarcKept {
    format: String,
    /// The journal's state that the pages show.
    pub(crate) state: u64,
    /// [`Archive::shape`]
    shape: u64,
    /// [`Archive::kept`]; behind all else.
    #[serde(skip)]
    pub(crate) mails: Vec<u8>,
    /// [`Site::tie`] of each mail.
    ties: Vec<u64>,
    /// Ids that mails name and the archive does not hold, by their marks, and the numbers of those mails.
    unknown: Vec<(u64, u32)>,
}

impl MhonarcKept {
    /// Of its bytes; none where this version of the program did not write them.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (mut kept, mails) = postcard::take_from_bytes::<MhonarcKept>(bytes).ok()?;
        kept.mails = mails.to_vec();
        (kept.format == FORMAT).then_some(kept)
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        // Writing to memory does not fail; what cannot be read again is made anew.
        let mut bytes = postcard::to_allocvec(self).unwrap_or_default();
        bytes.extend_from_slice(&self.mails);
        bytes
    }

    /// What is to be kept of a site, but for the ids that its pages will tell. What an earlier run kept of the
    /// mails is taken over.
    pub(crate) fn of(
        archive: &Archive,
        site: &Site<'_>,
        state: u64,
        before: Option<&mut Self>,
    ) -> Self {
        let ties = Ties::of(site);
        let places = 0..archive.mails().len();
        MhonarcKept {
            format: FORMAT.to_owned(),
            state,
            shape: archive.shape(),
            mails: match before {
                Some(before) => {
                    archive.kept_behind(std::mem::take(&mut before.mails), before.ties.len())
                }
                None => archive.kept(),
            },
            ties: places
                .into_par_iter()
                .map(|at| site.tie(&ties, at))
                .collect(),
            unknown: Vec::new(),
        }
    }

    /// The places of the mails, from 0, whose pages say something else than what is known says.
    /// `changed` are the numbers of mails that are no longer what they were.
    pub(crate) fn stale(
        &self,
        now: &MhonarcKept,
        mails: &[Mail],
        changed: &BTreeSet<u32>,
    ) -> Vec<usize> {
        if self.shape != now.shape || self.ties.len() > mails.len() {
            return (0..mails.len()).collect();
        }
        let came: HashSet<u64> = mails[self.ties.len()..].iter().map(Mail::mark).collect();
        let named = self.unknown.iter().filter(|(id, _)| came.contains(id));
        let naming: HashSet<u32> = named.map(|(_, number)| *number).collect();
        let is_stale = |at: &usize| {
            let number = mails[*at].number;
            self.ties.get(*at) != Some(&now.ties[*at])
                || naming.contains(&number)
                || changed.contains(&number)
        };
        (0..mails.len()).filter(is_stale).collect()
    }

    /// Takes over the ids that pages name which were not made now, and those that the others told.
    pub(crate) fn take_unknown(&mut self, before: Option<Self>, told: Vec<(u32, Vec<u64>)>) {
        let made: HashSet<u32> = told.iter().map(|(number, _)| *number).collect();
        self.unknown = before.map(|before| before.unknown).unwrap_or_default();
        self.unknown.retain(|(_, number)| !made.contains(number));
        for (number, ids) in told {
            self.unknown.extend(ids.into_iter().map(|id| (id, number)));
        }
    }
}
