//! Many mails together: one fsync of the journal makes all of them durable.

use super::enter::{Entered, enter};
use super::recipient::{Claims, lists_for};
use super::{AT_ONCE, raw, take_waiting};
use crate::error::{ArchiveError, Result};
use crate::intake::{Arrived, Intake, Pace, Prepared, prepare_parsed};
use crate::tables::{ListRow, Rows};
use posthoc_core::message::{Hold, Limits, parse};
use posthoc_core::page::Site;
use posthoc_core::route::ListName;
use posthoc_store::{Packing, Store};
use rayon::prelude::*;
use std::time::{Duration, Instant};

/// How long rows and words of mails that keep coming wait: readers see a mail within a second.
const PACE: Pace = Pace {
    rows: Duration::from_millis(200),
    words: Duration::from_millis(800),
};
/// How long to wait for the lock; who holds it longer is let be, and the mails wait in the spool.
const PATIENCE: Duration = Duration::from_millis(100);
/// After how long without mail the words are committed and the index let go.
const REST: Duration = Duration::from_millis(500);

/// A mail as a door took it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    /// The addresses that it was handed in for, `local@domain`.
    pub recipients: Vec<String>,
    /// Its bytes, lines ended by LF.
    pub bytes: Vec<u8>,
    /// The door's clock when it was whole, seconds UTC.
    pub received: i64,
}

/// What became of a mail for one of its recipients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Posting {
    /// It is in the archive of these lists, durable; also when it was there already.
    Archived(Vec<ListName>),
    /// It is durable in the spool, for these lists.
    Waiting(Vec<ListName>),
    /// It is durable, and waits for somebody's decision: a machine sent it to these lists by mistake.
    Held(Vec<ListName>),
    /// It wants to be in no archive (`X-No-Archive`); nothing is kept of it.
    NoArchive,
    /// No list is meant.
    NoList,
    /// It has passed more than a hundred mail systems.
    Loop,
    /// There is no room left for it, neither in the journal nor in the spool; nothing was accepted. Where.
    Full(String),
    /// Neither journal nor spool could take it; nothing was accepted. Why not.
    Failed(String),
}

/// Takes mails in, together. Keeps the index open while mails keep coming.
pub struct Letterbox<'s> {
    store: &'s dyn Store,
    open: Option<Intake<'s>>,
    last: Instant,
}

/// A mail that was read.
struct Letter {
    mail: Prepared,
    claims: Claims,
}

impl<'s> Letterbox<'s> {
    /// Of that archive. Opens nothing yet.
    pub fn new(store: &'s dyn Store) -> Self {
        Letterbox {
            store,
            open: None,
            last: Instant::now(),
        }
    }

    /// Takes mails in: what is answered is true when this returns, for each mail and each of its
    /// recipients, in order. What waits in the spool goes first. Where the lock is held by another, or
    /// the journal cannot be written, the mails go to the spool.
    pub fn take(
        &mut self,
        mails: &[Posted],
        site: &Site,
        now: i64,
        limits: &Limits,
    ) -> Vec<Vec<Posting>> {
        let letters: Vec<Letter> = mails.par_iter().map(|mail| read(mail, limits)).collect();
        self.last = Instant::now();
        match self.journal(mails, &letters, site, now, limits) {
            Ok(postings) => postings,
            Err(_) => {
                // What it holds may be of a state that is gone.
                self.open = None;
                self.spool(mails, &letters, site)
            }
        }
    }

    fn journal(
        &mut self,
        mails: &[Posted],
        letters: &[Letter],
        site: &Site,
        now: i64,
        limits: &Limits,
    ) -> Result<Vec<Vec<Posting>>> {
        let store = self.store;
        let intake = match &mut self.open {
            Some(intake) => intake,
            none => none.insert(Intake::new(store, limits).with_words()?.paced(PACE)),
        };
        let waiting = store.spool().names(AT_ONCE)?;
        let (done, postings) = intake.batch(PATIENCE, Packing::Single, |batch| {
            let done = take_waiting(store, batch, &waiting, now, limits)?;
            let mut postings = Vec::new();
            for (posted, letter) in mails.iter().zip(letters) {
                let arrived = Arrived::by_door(posted.received, now);
                let mut entered: Vec<(u32, Entered)> = Vec::new();
                let mut answers = Vec::new();
                for recipient in &posted.recipients {
                    let rows = match letter.refusal() {
                        None => lists_for(&batch.rows, site, recipient, &letter.claims)?,
                        Some(_) => Vec::new(),
                    };
                    for row in &rows {
                        if !entered.iter().any(|(list, _)| *list == row.list) {
                            let what = enter(batch, row, letter.mail.clone(), &arrived)?;
                            entered.push((row.list, what));
                        }
                    }
                    let is_held = |row: &ListRow| entered.contains(&(row.list, Entered::Held));
                    let taken = match rows.iter().all(is_held) {
                        true => Posting::Held,
                        false => Posting::Archived,
                    };
                    let names = rows.iter().filter_map(|row| ListName::new(&row.name));
                    answers.push(letter.answer(names.collect(), taken));
                }
                postings.push(answers);
            }
            Ok((done, postings))
        })?;
        for name in &done {
            store.spool().remove(name)?;
        }
        Ok(postings)
    }

    /// Mail by mail, each durable when it is answered.
    fn spool(&self, mails: &[Posted], letters: &[Letter], site: &Site) -> Vec<Vec<Posting>> {
        let all = mails.iter().zip(letters);
        all.map(|(posted, letter)| {
            let mut put = Vec::new();
            let recipients = posted.recipients.iter();
            let one = |recipient: &String| {
                let one = self.spool_one(posted, recipient, letter, site, &mut put);
                one.unwrap_or_else(|error| match &error {
                    ArchiveError::Store(full) if full.is_full() => Posting::Full(error.to_string()),
                    _ => Posting::Failed(error.to_string()),
                })
            };
            recipients.map(one).collect()
        })
        .collect()
    }

    fn spool_one(
        &self,
        posted: &Posted,
        recipient: &str,
        letter: &Letter,
        site: &Site,
        put: &mut Vec<u32>,
    ) -> Result<Posting> {
        if let Some(refusal) = letter.refusal() {
            return Ok(refusal);
        }
        let rows = Rows::new(self.store.catalog().snapshot()?);
        let lists = lists_for(&rows, site, recipient, &letter.claims)?;
        for row in lists.iter().filter(|row| !put.contains(&row.list)) {
            let spool = self.store.spool();
            spool.put(&row.name, posted.received, &posted.bytes)?;
        }
        put.extend(lists.iter().map(|row| row.list));
        let names = lists.iter().filter_map(|row| ListName::new(&row.name));
        Ok(letter.answer(names.collect(), Posting::Waiting))
    }

    /// To be called when no mail has come for a while: readers see what came, and after some rest the
    /// index is let go. Answers whether there is nothing more to do.
    ///
    /// # Errors
    /// What storage refuses; the mails are durable all the same, and whoever writes next goes on.
    pub fn rest(&mut self) -> Result<bool> {
        let Some(intake) = &mut self.open else {
            return Ok(true);
        };
        if self.last.elapsed() < REST {
            // Whoever holds the lock now derives these rows too.
            let _ = intake.settle(Duration::ZERO);
            return Ok(false);
        }
        match self.open.take() {
            Some(intake) => intake.finish().map(|()| true),
            None => Ok(true),
        }
    }
}

impl Letter {
    /// Why it is for no list, whoever it is handed in for.
    fn refusal(&self) -> Option<Posting> {
        match (self.mail.hold, self.mail.summary.no_archive) {
            (Some(Hold::Loop), _) => Some(Posting::Loop),
            (_, true) => Some(Posting::NoArchive),
            _ => None,
        }
    }

    fn answer(&self, lists: Vec<ListName>, taken: impl Fn(Vec<ListName>) -> Posting) -> Posting {
        match (self.refusal(), lists.is_empty()) {
            (Some(refusal), _) => refusal,
            (None, true) => Posting::NoList,
            (None, false) => taken(lists),
        }
    }
}

fn read(posted: &Posted, limits: &Limits) -> Letter {
    let raw = raw(posted.bytes.clone());
    let message = parse(&raw.unquoted(), limits);
    Letter {
        claims: Claims::of(&message),
        mail: prepare_parsed(raw, &message, limits, true),
    }
}
