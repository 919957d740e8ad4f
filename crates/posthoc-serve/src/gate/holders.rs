//! Which list a name meant when the settings were read: who may read a list that has been renamed
//! since may not read another one that has taken its name.

use posthoc_archive::{Reader, Result};
use posthoc_core::page::Audience;
use posthoc_core::route::ListName;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// The numbers of lists by the names that the settings have for them.
#[derive(Debug, Default)]
pub(crate) struct Holders(Mutex<BTreeMap<ListName, u32>>);

impl Holders {
    /// Looks the names up. One that leads to no list yet means the first one that it leads to.
    ///
    /// # Errors
    /// What storage refuses.
    pub(crate) fn of<'n>(
        reader: &Reader<'_>,
        names: impl Iterator<Item = &'n ListName>,
    ) -> Result<Self> {
        let mut known = BTreeMap::new();
        for name in names {
            if let Some(number) = reader.number_of(name)? {
                known.insert(name.clone(), number);
            }
        }
        Ok(Holders(Mutex::new(known)))
    }

    /// The audience, without the names that mean another list now.
    ///
    /// # Errors
    /// What storage refuses.
    pub(crate) fn held(&self, reader: &Reader<'_>, audience: Audience) -> Result<Audience> {
        let Audience::Members(names) = audience else {
            return Ok(audience);
        };
        let mut kept = Vec::with_capacity(names.len());
        for name in names {
            let Some(number) = reader.number_of(&name)? else {
                continue;
            };
            let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if *known.entry(name.clone()).or_insert(number) == number {
                kept.push(name);
            }
        }
        Ok(Audience::Members(kept))
    }
}
