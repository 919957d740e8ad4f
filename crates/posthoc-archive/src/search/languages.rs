//! In what languages a list is written.

use super::SearchRequest;
use crate::error::Result;
use crate::load::Reader;
use posthoc_core::query::Stems;
use posthoc_core::route::ListName;
use posthoc_store::Order;
use std::cmp::Reverse;

/// A language counts from this share of a list's mails on; those of a few words have none.
const SHARE: u64 = 10;
/// Mails that say something of a list.
const MAILS: u64 = 20;
/// Languages of one list.
const LANGUAGES: usize = 3;

impl Reader<'_> {
    /// The languages to set as a list's `stems`, each with its share in percent, most first: those that
    /// many of its mails seem to be in, as far as the index knows them. None when they are what the list
    /// has, when it says itself what its stems are, or when there is little to judge by.
    ///
    /// # Errors
    /// No such list; what storage refuses.
    pub fn stems_to_propose(&self, list: &ListName) -> Result<Vec<(&'static str, u64)>> {
        let row = self.rows.need_list(list.as_str())?;
        let settings = self.settings_of(&row);
        if settings.stems.is_some() {
            return Ok(Vec::new());
        }
        let count = |typed: String| -> Result<u64> {
            let found = self.search(&SearchRequest {
                query: typed,
                lists: vec![list.clone()],
                order: Order::NewestFirst,
                offset: 0,
                limit: 0,
                snippets: false,
                forms: false,
                now: 0,
            })?;
            Ok(found.total)
        };
        let all = count("*".to_owned())?;
        let mut found = Vec::new();
        for language in Stems::languages() {
            let mails = count(format!("lang:{language}"))?;
            if mails >= MAILS && mails * 100 >= all * SHARE {
                found.push((language, mails * 100 / all));
            }
        }
        found.sort_by_key(|(_, share)| Reverse(*share));
        found.truncate(LANGUAGES);
        let names = found.iter().map(|(language, _)| *language);
        if Stems::of(names) == settings.stems() {
            found.clear();
        }
        Ok(found)
    }
}
