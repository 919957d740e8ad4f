//! Which mails a removal concerns.

use super::Named;
use crate::error::{ArchiveError, Result};
use crate::load::Reader;
use crate::search::SearchRequest;
use crate::tables::{ListRow, MailRow};
use posthoc_core::message::MessageKey;
use posthoc_core::route::ListName;
use posthoc_store::{MAX_WINDOW, Order};
use std::collections::{BTreeMap, BTreeSet};

/// How far a takedown reaches into the future.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Whatever comes under the Message-ID is hidden: nothing that bears it is left.
    Id,
    /// Only what has the same content is: another mail with the same Message-ID stays shown.
    Content,
}

/// A mail that is to be taken down.
#[derive(Clone, Debug)]
pub struct Choice {
    pub(crate) list: u32,
    pub(crate) row: MailRow,
    pub(crate) scope: Scope,
    /// On every list, not on this one alone.
    pub(crate) everywhere: bool,
    named: Named,
    subject: String,
}

impl Choice {
    /// The mail, as it is called.
    pub fn named(&self) -> &Named {
        &self.named
    }

    /// Its subject, for the operator who decides; empty when it was destroyed.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// Whether it is taken down already.
    pub fn is_removed(&self) -> bool {
        self.row.hidden
    }

    /// Whether its bytes are destroyed already.
    pub fn is_purged(&self) -> bool {
        self.row.purged
    }
}

/// The mails that a removal concerns, each once, by list and number.
#[derive(Clone, Debug, Default)]
pub struct Chosen {
    /// The mails.
    pub mails: Vec<Choice>,
    /// Mails that answer the query beyond those: more than can be taken down at once.
    pub beyond: u64,
}

impl Reader<'_> {
    /// The mails that names and a query mean. A Message-ID means all that bears it; a key, a URL or a
    /// query means that mail, on every list that has it; a number means that one mail. With `list`
    /// only what is on that list is meant.
    ///
    /// # Errors
    /// [`ArchiveError::Unknown`] for a name by which nothing is known; a bad query; what storage
    /// refuses.
    pub fn removal(
        &self,
        names: &[String],
        query: Option<&str>,
        list: Option<&ListName>,
        now: i64,
    ) -> Result<Chosen> {
        let mut places: BTreeSet<(u32, u32)> = BTreeSet::new();
        for name in names {
            places.extend(self.meant(list, name)?);
        }
        let mut chosen = Chosen::default();
        if let Some(query) = query {
            let found = self.search(&SearchRequest {
                query: query.to_owned(),
                lists: list.into_iter().cloned().collect(),
                order: Order::OldestFirst,
                offset: 0,
                limit: MAX_WINDOW,
                snippets: false,
                // What is taken down is what was typed.
                forms: false,
                now,
            })?;
            chosen.beyond = found.total.saturating_sub(found.hits.len() as u64);
            for hit in found.hits {
                let on = self.rows.need_list(hit.list.as_str())?.list;
                if let Some(row) = self.rows.mail(on, hit.number)? {
                    places.extend(self.everywhere(list, on, &row)?);
                }
            }
        }
        self.choices(&places, list.is_none(), &mut chosen)?;
        Ok(chosen)
    }

    /// The places of one name.
    fn meant(&self, list: Option<&ListName>, name: &str) -> Result<Vec<(u32, u32)>> {
        let found = self.named(list, name)?;
        if found.is_empty() {
            return Err(ArchiveError::Unknown(name.to_owned()));
        }
        let bare = name.trim().trim_start_matches('<').trim_end_matches('>');
        let by_number = list.is_some() && bare.parse::<u32>().is_ok();
        let mut places = Vec::new();
        for (on, row) in found {
            if by_number {
                places.push((on.list, row.number));
            } else {
                places.extend(self.everywhere(list, on.list, &row)?);
            }
        }
        Ok(places)
    }

    /// The places of a mail: on the list asked for, else on all.
    fn everywhere(
        &self,
        list: Option<&ListName>,
        on: u32,
        row: &MailRow,
    ) -> Result<Vec<(u32, u32)>> {
        let mut places = vec![(on, row.number)];
        if list.is_none() {
            for (on, number) in self.rows.places_of(row.key)? {
                let other = self.rows.mail(on, number)?;
                if other.is_some_and(|other| other.content == row.content) {
                    places.push((on, number));
                }
            }
        }
        Ok(places)
    }

    fn choices(
        &self,
        places: &BTreeSet<(u32, u32)>,
        everywhere: bool,
        chosen: &mut Chosen,
    ) -> Result<()> {
        let lists: BTreeMap<u32, ListRow> = self
            .rows
            .lists()?
            .into_iter()
            .map(|list| (list.list, list))
            .collect();
        for (on, number) in places {
            let (Some(list), Some(row)) = (lists.get(on), self.rows.mail(*on, *number)?) else {
                continue;
            };
            let left = match everywhere {
                true => self.left(lists.keys().copied(), row.id_key, places)?,
                false => self.left([*on].into_iter(), row.id_key, places)?,
            };
            chosen.mails.push(Choice {
                list: *on,
                scope: if left { Scope::Content } else { Scope::Id },
                everywhere,
                named: self.named_as(list, &row),
                subject: row.subject.clone(),
                row,
            });
        }
        Ok(())
    }

    /// Whether a mail that bears the id stays shown.
    fn left(
        &self,
        mut lists: impl Iterator<Item = u32>,
        id_key: MessageKey,
        places: &BTreeSet<(u32, u32)>,
    ) -> Result<bool> {
        lists.try_fold(false, |left, list| {
            let mut shown = left;
            for number in self.rows.bearing_key(list, id_key)? {
                let row = self.rows.mail(list, number)?;
                shown |= !places.contains(&(list, number)) && row.is_some_and(|row| !row.hidden);
            }
            Ok(shown)
        })
    }

    /// What a mail is called.
    pub(crate) fn named_as(&self, list: &ListRow, row: &MailRow) -> Named {
        Named {
            id: row.id.clone(),
            key: row.key.to_string(),
            list: list.name.clone(),
            number: row.number,
            url: self.message_path(list, row),
        }
    }
}
