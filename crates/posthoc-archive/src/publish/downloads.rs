//! Files of many mails, which a run beside readers leaves as they are for a while: one more mail would
//! have each of them written anew.

use super::manifest::{Manifest, State};
use crate::error::Result;
use crate::load::Reader;
use posthoc_core::route::{ListName, Route};
use std::collections::BTreeSet;

/// Which downloads wait for a later run.
#[derive(Default)]
pub(super) struct Wait {
    /// Of these lists.
    lists: BTreeSet<ListName>,
}

impl Wait {
    /// Of every list but those that begin a new volume now: the one before it is closed, and wanted.
    pub(super) fn of(reader: &Reader<'_>, lists: &[ListName], manifest: &Manifest) -> Result<Self> {
        let mut waiting = BTreeSet::new();
        for name in lists {
            let row = reader.rows.need_list(name.as_str())?;
            let newest = reader.rows.volumes(row.list)?.into_iter().next_back();
            let mut begins = false;
            for route in newest
                .iter()
                .flat_map(|(volume, _)| reader.download_routes(&row, name, volume))
            {
                begins |= !manifest.owns(&route.path())?;
            }
            if !begins {
                waiting.insert(name.clone());
            }
        }
        Ok(Wait { lists: waiting })
    }

    /// Whether a file that is there is left as it is.
    pub(super) fn has(&self, route: &Route) -> bool {
        is_download(route) && route.list().is_some_and(|list| self.lists.contains(list))
    }

    /// What runs before left and this one writes.
    pub(super) fn due(&self, before: &State) -> Vec<Route> {
        let routes = before.late.iter().filter_map(|path| Route::parse(path));
        routes.filter(|route| !self.has(route)).collect()
    }

    /// What runs before left and this one leaves too.
    pub(super) fn late(&self, before: &State) -> BTreeSet<String> {
        let is_late = |path: &&String| Route::parse(path).is_some_and(|route| self.has(&route));
        before.late.iter().filter(is_late).cloned().collect()
    }
}

fn is_download(route: &Route) -> bool {
    matches!(
        route,
        Route::TextVolume(..)
            | Route::MboxVolume(..)
            | Route::PlainVolume(..)
            | Route::WholeMbox(_)
    )
}
