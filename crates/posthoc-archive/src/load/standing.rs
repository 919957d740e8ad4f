//! What a page's list says about how the page may be kept and found.

use super::Reader;
use crate::error::Result;
use posthoc_core::page::{Robots, Visibility};
use posthoc_core::route::{Route, Volume};

/// How a page may be kept and found by others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// It belongs to a volume that is not its list's newest, so that it changes rarely.
    pub settled: bool,
    /// Its list is not to be found by searching: it is not public, or asks not to be.
    pub unlisted: bool,
}

impl Reader<'_> {
    /// The standing of a route; that of a list which the audience may not see is that of no list.
    ///
    /// # Errors
    /// What storage refuses.
    pub fn standing(&self, route: &Route) -> Result<Standing> {
        let Some((list, _)) = self.route_list(route)? else {
            return Ok(Standing::default());
        };
        let settled = match volume(route) {
            Some(volume) => self.rows.volumes_beside(list.list, volume)?.1.is_some(),
            None => false,
        };
        Ok(Standing {
            settled,
            unlisted: self.visibility(&list) != Visibility::Public
                || self.settings_of(&list).robots != Robots::Index,
        })
    }
}

fn volume(route: &Route) -> Option<&Volume> {
    match route {
        Route::Volume(_, volume)
        | Route::Index { volume, .. }
        | Route::Message(_, volume, _)
        | Route::Old(_, volume, _)
        | Route::PlainVolume(_, volume)
        | Route::Eml(_, volume, _)
        | Route::Mbox(_, volume, _)
        | Route::Sitemap { volume, .. }
        | Route::TextVolume(_, volume)
        | Route::MboxVolume(_, volume) => Some(volume),
        _ => None,
    }
}
