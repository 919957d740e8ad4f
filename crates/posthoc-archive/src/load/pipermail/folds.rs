//! Volumes as Pipermail's layout needs them: every mail's header, in the order of arrival. They are kept
//! between pages, for each of them would read the whole volume again.

use crate::error::Result;
use crate::intake::as_it_lay;
use crate::load::Reader;
use crate::tables::{ListRow, MailRow};
use posthoc_core::message::parse;
use posthoc_core::page::{Mask, public_bytes};
use posthoc_core::route;
use posthoc_pipermail::{Article, Placed, Settings, Volume};
use posthoc_store::{Generation, Head};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Mails whose headers are kept, at most; the volume that was used longest ago goes first.
const KEPT: usize = 50_000;

/// Volumes at hand, for all readers with the same settings.
#[derive(Default)]
pub struct Folds(Mutex<Vec<Kept>>);

struct Kept {
    list: u32,
    name: String,
    slot: Arc<Slot>,
    mails: usize,
}

/// A volume in its newest known state; whoever makes it lets others wait.
#[derive(Default)]
struct Slot(Mutex<Option<(Generation, Arc<Fold>)>>);

/// A volume's mails that are shown, and of which state they are.
#[derive(Default)]
pub(super) struct Fold {
    pub(super) volume: Volume,
    /// Which mails they are, and which record each shows.
    seen: Vec<Seen>,
    /// When the archive took the last of them in: what Pipermail calls archived.
    pub(super) archived: i64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Seen {
    number: u32,
    seq: u64,
    redacted: bool,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Folds {
    /// The slot of a volume, which from now on is the one used last.
    fn slot(&self, list: u32, name: &str) -> Arc<Slot> {
        let mut kept = locked(&self.0);
        let at = kept
            .iter()
            .position(|kept| kept.list == list && kept.name == name);
        let entry = match at {
            Some(at) => kept.remove(at),
            None => Kept {
                list,
                name: name.to_owned(),
                slot: Arc::default(),
                mails: 0,
            },
        };
        let slot = Arc::clone(&entry.slot);
        kept.push(entry);
        slot
    }

    /// Notes how large a volume is, and lets go of others when they are too many.
    fn note(&self, slot: &Arc<Slot>, mails: usize) {
        let mut kept = locked(&self.0);
        if let Some(entry) = kept.iter_mut().find(|kept| Arc::ptr_eq(&kept.slot, slot)) {
            entry.mails = mails;
        }
        let mut all: usize = kept.iter().map(|kept| kept.mails + 1).sum();
        let mut old = 0;
        while all > KEPT && old + 1 < kept.len() {
            all -= kept[old].mails + 1;
            old += 1;
        }
        kept.drain(..old);
    }
}

impl Reader<'_> {
    /// A volume's mails that are shown; none where there is no such volume.
    pub(super) fn fold(
        &self,
        list: &ListRow,
        name: &route::Volume,
        settings: &Settings,
    ) -> Result<Option<Arc<Fold>>> {
        if self.rows.volume(list.list, name)?.is_none() {
            return Ok(None);
        }
        let slot = self.settings.folds.slot(list.list, name.as_str());
        let mut state = locked(&slot.0);
        let known = state.take();
        let fold = match known {
            Some((generation, fold)) if generation == self.generation() => fold,
            known => {
                let known = known.map(|(_, fold)| fold);
                self.folded(list, name, settings, known)?
            }
        };
        *state = Some((self.generation(), Arc::clone(&fold)));
        drop(state);
        self.settings.folds.note(&slot, fold.seen.len());
        Ok(Some(fold))
    }

    /// Reads what is not known yet: the whole volume, or the mails that came behind those that are.
    fn folded(
        &self,
        list: &ListRow,
        name: &route::Volume,
        settings: &Settings,
        known: Option<Arc<Fold>>,
    ) -> Result<Arc<Fold>> {
        let mut rows = Vec::new();
        for number in self.all_numbers(list, name)? {
            let found = self.mail_at(list, number)?;
            let found = found.filter(|found| !found.is_rest() && !found.row.hidden);
            rows.extend(found.map(|found| (number, found.row)));
        }
        let seen: Vec<Seen> = rows
            .iter()
            .map(|(number, row)| Seen::of(*number, row))
            .collect();
        let known = known.filter(|known| seen.starts_with(&known.seen));
        let begin = known.as_ref().map_or(0, |known| known.seen.len());
        if let Some(known) = known.as_ref().filter(|_| begin == seen.len()) {
            return Ok(Arc::clone(known));
        }
        let mut fold = Fold {
            volume: known
                .as_ref()
                .map_or_else(Volume::default, |known| known.volume.clone()),
            archived: known.map_or(0, |known| known.archived),
            seen,
        };
        for (number, row) in &rows[begin..] {
            let placed = Placed {
                number: *number,
                ..self.placed_in_pipermail(list, row)?
            };
            let bytes = self.pipermail_bytes(list, row)?;
            let message = parse(header(&bytes), self.limits());
            fold.volume.add(Article::read(&message, &placed, settings));
            fold.archived = fold.archived.max(self.archived(row)?);
        }
        Ok(Arc::new(fold))
    }

    /// A mail's bytes as this layout shows them. It masks addresses as Pipermail did; where the list hides
    /// more, it is given them masked.
    pub(super) fn pipermail_bytes(&self, list: &ListRow, row: &MailRow) -> Result<Vec<u8>> {
        let bytes = match row.redacted {
            true => self.shown_bytes(list.list, row)?,
            false => as_it_lay(self.store(), row.seq)?.into_mail(),
        };
        let mask = self.mask(list);
        Ok(match mask {
            Mask::None | Mask::At => bytes,
            Mask::Domain | Mask::Full => {
                public_bytes(&bytes, mask, &self.dropped_fields(list), self.limits())
            }
        })
    }

    /// When a mail was taken in: when its source was, or at its delivery.
    fn archived(&self, row: &MailRow) -> Result<i64> {
        let source = match self.store().journal().read(row.first)?.head {
            Head::Mail(head) => head.source,
            _ => None,
        };
        let source = match source {
            Some(source) => self.rows.source(source)?,
            None => None,
        };
        Ok(source.map_or(row.received, |source| source.at))
    }

    /// Where a mail stands, as the layout is told.
    pub(super) fn placed_in_pipermail(&self, list: &ListRow, row: &MailRow) -> Result<Placed> {
        let bearing = self.rows.bearing_key(list.list, row.id_key)?;
        Ok(Placed {
            number: row.number,
            date: row.date,
            repeats_id: bearing.iter().any(|number| *number < row.number),
        })
    }
}

impl Seen {
    fn of(number: u32, row: &MailRow) -> Self {
        Seen {
            number,
            seq: row.seq,
            redacted: row.redacted,
        }
    }
}

/// A mail's header alone: indexes need no more. Of a mail without an id all, for its id is made of it.
fn header(bytes: &[u8]) -> &[u8] {
    let ends = [&b"\n\n"[..], b"\n\r\n"]
        .map(|end| memchr::memmem::find(bytes, end).map_or(bytes.len(), |at| at + end.len()));
    let header = &bytes[..ends[0].min(ends[1])];
    let named = b"\nmessage-id:";
    let has_id = header
        .windows(named.len())
        .any(|window| window.eq_ignore_ascii_case(named))
        || header
            .get(..named.len() - 1)
            .is_some_and(|first| first.eq_ignore_ascii_case(&named[1..]));
    match has_id {
        true => header,
        false => bytes,
    }
}
