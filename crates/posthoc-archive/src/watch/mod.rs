//! Mailboxes that others fill, as fetchmail, getmail and mbsync do: looked at again and again, and what is
//! new in them is taken in. Nothing in them is ever changed; what was seen is known in memory alone, so the
//! first look after a start reads all, and mails that are there are known by their bytes.
//!
//! 1. `maildir`: a file that was not seen is a new mail, and whole: it was moved there.
//! 2. `mbox`: what stands behind the last mail is new, and may be half; locks are looked at, and a file that
//!    was truncated, replaced or edited is read from its beginning.
//! 3. Here: the mails of a look go into the archive together, and only then are seen.

mod maildir;
mod mbox;
mod own_marks;

use crate::deliver::Claims;
use crate::deliver::enter::{Entered, enter};
use crate::error::{ArchiveError, Result};
use crate::intake::{Arrived, Batch, Decision, Intake, Prepared, decide, prepare_parsed, stored};
use crate::lists::known_as;
use crate::source::SourceError;
use crate::tables::{ListRow, Rows};
use maildir::Maildir;
use mbox::Mbox;
use posthoc_core::message::{Limits, RawMessage, parse};
use posthoc_core::page::Site;
use posthoc_core::route::ListName;
use posthoc_store::{Packing, Store, StoreError, Verdict};
use rayon::prelude::*;
use std::path::PathBuf;
use std::time::Duration;

/// Mails of one look, and their bytes: how long the lock is held.
const MOST_MAILS: usize = 500;
const MOST_BYTES: u64 = 8 << 20;
/// From so many mails on they are packed as an import's.
const MANY: usize = 50;
/// How long is waited for the lock; the next look tries again.
const PATIENCE: Duration = Duration::from_millis(200);
/// Copies of one mail that a new one is compared with.
const MOST_COPIES: usize = 8;

/// A mailbox to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watched {
    /// A Maildir or an mbox.
    pub path: PathBuf,
    /// The list whose mails lie in it, all of them. Of several, those that a mail says: by `List-Id`, else by
    /// the addresses in `To` and `Cc`; what is for none of them is passed over.
    pub lists: Vec<ListName>,
}

/// What one look found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Looked {
    /// Mails that are in the archive now and were not.
    pub archived: u64,
    /// Mails that wait for somebody's decision.
    pub held: u64,
    /// Mails that were read and are not taken: known, for no list, or with `X-No-Archive`.
    pub passed: u64,
    /// There is more to be had at once.
    pub more: bool,
    /// What could not be read, and why: for whoever runs the server.
    pub trouble: Option<String>,
}

/// The kinds of mailboxes, with what was seen of each.
enum Kept {
    Maildir(Maildir),
    Mbox(Mbox),
}

/// A mailbox, and what was seen of it.
pub struct Watcher {
    of: Watched,
    seen: Option<Kept>,
    /// The numbers of its lists that were there at the last look.
    there: Vec<u32>,
}

impl Watcher {
    /// Opens nothing yet.
    pub fn new(of: Watched) -> Self {
        Watcher {
            of,
            seen: None,
            there: Vec::new(),
        }
    }

    /// What it looks at.
    pub fn of(&self) -> &Watched {
        &self.of
    }

    /// Takes in what is new, a bounded part of it; what is not taken in is looked at again the next time.
    /// `now` is the clock, seconds UTC.
    ///
    /// # Errors
    /// What storage refuses, but not a lock that is held; then nothing counts as seen.
    pub fn look(
        &mut self,
        store: &dyn Store,
        site: &Site,
        now: i64,
        limits: &Limits,
    ) -> Result<Looked> {
        let into = Destination {
            store,
            site,
            now,
            limits,
        };
        let there = self.lists_there(&into)?;
        if there.is_empty() {
            return Ok(self.without_list());
        }
        if there.iter().any(|list| !self.there.contains(list)) {
            // What was passed over may be for a list that has been made since; the rest is known by its bytes.
            self.seen = None;
        }
        self.there = there;
        let path = &self.of.path;
        let Ok(about) = std::fs::metadata(path) else {
            return self.look_at_what_is_gone(&into);
        };
        let fits = matches!(
            (&self.seen, about.is_dir()),
            (Some(Kept::Maildir(_)), true) | (Some(Kept::Mbox(_)), false)
        );
        if !fits {
            self.seen = Some(match about.is_dir() {
                true => Kept::Maildir(Maildir::new(path)),
                false => Kept::Mbox(Mbox::new(path)),
            });
        }
        self.look_in(&into)
    }

    fn lists_there(&self, into: &Destination<'_>) -> Result<Vec<u32>> {
        let rows = Rows::new(into.store.catalog().snapshot()?);
        let mut there = Vec::new();
        for name in &self.of.lists {
            there.extend(known_as(&rows, name, into.site)?.map(|row| row.list));
        }
        Ok(there)
    }

    /// Nothing is read while there is nowhere to put it.
    fn without_list(&mut self) -> Looked {
        (self.seen, self.there) = (None, Vec::new());
        let names: Vec<&str> = self.of.lists.iter().map(ListName::as_str).collect();
        let names = names.join(", ");
        Looked {
            trouble: Some(format!(
                "there is no list {names}; `posthoc list add NAME` makes one"
            )),
            ..Looked::default()
        }
    }

    /// A mailbox that was moved away may have got mails before; one that was never there is empty.
    fn look_at_what_is_gone(&mut self, into: &Destination<'_>) -> Result<Looked> {
        match &self.seen {
            Some(Kept::Mbox(_)) => self.look_in(into),
            _ => {
                self.seen = None;
                Ok(Looked::default())
            }
        }
    }

    fn look_in(&mut self, into: &Destination<'_>) -> Result<Looked> {
        let (lists, now) = (&self.of.lists, into.now);
        let mut take = |mails: Vec<RawMessage>| take(into, lists, mails);
        let looked = match &mut self.seen {
            Some(Kept::Maildir(maildir)) => maildir.look(now, &mut take),
            Some(Kept::Mbox(mbox)) => mbox.look(now, &mut take),
            None => Ok(Looked::default()),
        };
        match looked {
            Err(ArchiveError::Store(StoreError::Locked)) => Ok(Looked::default()),
            looked => looked,
        }
    }
}

/// Where mails go, and the clock then.
struct Destination<'a> {
    store: &'a dyn Store,
    site: &'a Site,
    now: i64,
    limits: &'a Limits,
}

/// Takes mails in; when it answers they are durable, or not to be taken.
type Take<'t> = &'t mut dyn FnMut(Vec<RawMessage>) -> Result<Taken>;

/// What became of mails.
#[derive(Clone, Copy, Debug, Default)]
struct Taken {
    archived: u64,
    held: u64,
    passed: u64,
}

impl Looked {
    fn add(&mut self, taken: Taken) {
        self.archived += taken.archived;
        self.held += taken.held;
        self.passed += taken.passed;
    }

    fn trouble(error: &SourceError) -> Self {
        Looked {
            trouble: Some(error.to_string()),
            ..Looked::default()
        }
    }
}

fn take(into: &Destination<'_>, lists: &[ListName], mails: Vec<RawMessage>) -> Result<Taken> {
    let Destination {
        store,
        site,
        now,
        limits,
    } = *into;
    if mails.is_empty() {
        return Ok(Taken::default());
    }
    let read = |raw: RawMessage| {
        let message = parse(&raw.unquoted(), limits);
        let claims = Claims::of(&message);
        (prepare_parsed(raw, &message, limits, true), claims)
    };
    let mails: Vec<(Prepared, Claims)> = mails.into_par_iter().map(read).collect();
    let packing = match mails.len() {
        ..MANY => Packing::Single,
        _ => Packing::Blocks,
    };
    let mut intake = Intake::new(store, limits).with_words()?;
    let taken = intake.batch(PATIENCE, packing, |batch| {
        let mut taken = Taken::default();
        for (mail, claims) in mails {
            let mut entered = Vec::new();
            for row in meant(batch, site, lists, &claims)? {
                entered.push(enter_once(store, batch, &row, mail.clone(), now)?);
            }
            if entered.contains(&Entered::Recorded) {
                taken.archived += 1;
            } else if entered.contains(&Entered::Held) {
                taken.held += 1;
            } else {
                taken.passed += 1;
            }
        }
        Ok(taken)
    })?;
    intake.finish()?;
    Ok(taken)
}

/// Which of a mailbox's lists a mail is for.
fn meant(
    batch: &Batch<'_>,
    site: &Site,
    lists: &[ListName],
    claims: &Claims,
) -> Result<Vec<ListRow>> {
    let mut rows = Vec::new();
    for name in lists {
        rows.extend(known_as(&batch.rows, name, site)?);
    }
    if let [_] = lists {
        return Ok(rows);
    }
    let claimed = claims.lists(&batch.rows, site)?;
    rows.retain(|row| claimed.iter().any(|other| other.list == row.list));
    Ok(rows)
}

/// Adds a mail to a batch unless it is there already. It came to the mailbox when its `Received` fields say,
/// as in an import: a mailbox may be old when it is watched for the first time.
fn enter_once(
    store: &dyn Store,
    batch: &mut Batch<'_>,
    list: &ListRow,
    mail: Prepared,
    now: i64,
) -> Result<Entered> {
    let arrived = Arrived {
        now,
        ..Arrived::default()
    };
    if let Decision::Record(head, _) = decide(&batch.rows, list, &mail, &arrived)?
        && let Verdict::Copy(number) = head.verdict
        && is_known_but_for_marks(store, batch, list, number, &mail)?
    {
        return Ok(Entered::Known);
    }
    enter(batch, list, mail, &arrived)
}

/// Whether a copy of the mail is there that differs in nothing but what a mail reader notes in its mailbox.
fn is_known_but_for_marks(
    store: &dyn Store,
    batch: &Batch<'_>,
    list: &ListRow,
    number: u32,
    mail: &Prepared,
) -> Result<bool> {
    let Some(row) = batch.rows.mail(list.list, number)? else {
        return Ok(false);
    };
    let mine = own_marks::without(&mail.raw.bytes);
    for seq in batch
        .rows
        .records_of(list.list, &row)?
        .into_iter()
        .take(MOST_COPIES)
    {
        // One of this very batch is not in the journal yet: it is kept twice rather than lost.
        let Ok(record) = stored(store, seq) else {
            continue;
        };
        if own_marks::without(&record.body) == mine {
            return Ok(true);
        }
    }
    Ok(false)
}
