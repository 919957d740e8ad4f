//! `publish --follow`: publishes again and again as mail comes, until it is told to end.
//!
//! A round is a publish like any other, which holds back what would be dear for each mail; every quarter
//! of an hour, and at the end, a whole one makes up for it.

use crate::args::{Global, PublishArgs};
use crate::exit::{Exit, Failure};
use crate::open::{Opened, now, place};
use crate::term;
use posthoc_archive::{PublishOptions, PublishReport, Store, Waiting};
use posthoc_core::message::Limits;
use posthoc_serve::{Told, told};
use posthoc_store::StoreError;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

/// How often is looked whether there is something new; with the round it is at most two seconds from a
/// mail to its page.
const LOOK: Duration = Duration::from_millis(250);
/// How long at most is waited with what did not work.
const LONGEST: Duration = Duration::from_secs(64);
/// How often what is held back is written.
const DOWNLOADS: Duration = Duration::from_secs(15 * 60);

/// Publishes once, then whenever something is new. `say` prints what a round did.
pub(super) fn follow(
    global: &Global,
    publish: &PublishArgs,
    mut opened: Opened,
    options: &PublishOptions,
    mut say: impl FnMut(&PublishReport, Duration) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let told = told().map_err(|error| {
        let line = format!("cannot follow: {error}; run it again");
        Failure::new(Exit::TryLater, line)
    })?;
    let mut round = Round {
        out: &publish.out,
        options: options.clone(),
        waiting: Waiting::default(),
        shown: None,
        held: false,
        whole: Instant::now(),
    };
    // What is wrong from the beginning is for whoever began it.
    let began = Instant::now();
    say(&round.publish(&opened)?, began.elapsed())?;
    round.options.full = false;
    round.options.adopt = false;
    round.options.hold = true;
    let mut trouble = Trouble::default();
    loop {
        match wait(&told, trouble.pause.max(LOOK)) {
            Some(Told::End) => break,
            Some(Told::Reload) => match reload(global) {
                Ok(fresh) => {
                    opened = fresh;
                    round.shown = None;
                    term::note(global, "the settings were read anew");
                }
                Err(failure) => {
                    let words = failure.words();
                    term::note(global, &format!("the settings stay as they were: {words}"));
                }
            },
            None => {}
        }
        let began = Instant::now();
        match round.look(&opened) {
            Ok(report) => {
                trouble = Trouble::default();
                if let Some(report) = report {
                    say(&report, began.elapsed())?;
                }
            }
            Err(failure) => trouble.tell(global, &failure),
        }
    }
    round.options.hold = false;
    if round.held || round.is_behind(&opened)? {
        let began = Instant::now();
        say(&round.publish(&opened)?, began.elapsed())?;
    }
    Ok(())
}

/// What was told within this time.
fn wait(told: &Receiver<Told>, pause: Duration) -> Option<Told> {
    match told.recv_timeout(pause) {
        Ok(what) => Some(what),
        Err(RecvTimeoutError::Timeout) => None,
        // Without ears it could never be told to end.
        Err(RecvTimeoutError::Disconnected) => Some(Told::End),
    }
}

fn reload(global: &Global) -> Result<Opened, Failure> {
    let opened = place(global)?.open()?;
    opened.refresh(global);
    Ok(opened)
}

/// What a round knows from those before it.
struct Round<'a> {
    out: &'a Path,
    options: PublishOptions,
    waiting: Waiting,
    /// The state that is shown.
    shown: Option<u64>,
    /// A whole run has something to make up for.
    held: bool,
    /// When there was a whole run.
    whole: Instant,
}

impl Round<'_> {
    /// Takes in what waits, and publishes where something is new or due.
    fn look(&mut self, opened: &Opened) -> Result<Option<PublishReport>, Failure> {
        let limits: &Limits = &opened.limits;
        match self.waiting.look(opened.store.as_ref(), now(), limits) {
            Ok(_) => {}
            // Others take it in where this user may not.
            Err(error) if crate::open::may_not_write(&error) => {}
            Err(error) => return Err(error.into()),
        }
        let due = self.held && self.whole.elapsed() >= DOWNLOADS;
        if !due && !self.is_behind(opened)? {
            return Ok(None);
        }
        self.options.hold = !due;
        self.publish(opened).map(Some)
    }

    /// Whether the rows have a state that is not shown.
    fn is_behind(&self, opened: &Opened) -> Result<bool, StoreError> {
        let generation = opened.store.catalog().snapshot()?.generation().0;
        Ok(self.shown != Some(generation))
    }

    fn publish(&mut self, opened: &Opened) -> Result<PublishReport, Failure> {
        let report = super::publish::run(opened, self.out, &self.options, &|_, _| {})?;
        self.shown = Some(report.generation);
        self.held = report.held;
        if !report.held {
            self.whole = Instant::now();
        }
        Ok(report)
    }
}

/// What did not work, said once, and tried less and less often.
#[derive(Default)]
struct Trouble {
    said: String,
    pause: Duration,
}

impl Trouble {
    fn tell(&mut self, global: &Global, failure: &Failure) {
        if self.said != failure.words() {
            failure.words().clone_into(&mut self.said);
            term::note(global, &format!("the site stays as it is: {}", self.said));
        }
        self.pause = (self.pause * 2).clamp(LOOK, LONGEST);
    }
}
