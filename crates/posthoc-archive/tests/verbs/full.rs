//! A disk that is full at any step of a delivery: what was promised is there, once, when there is room again.

use crate::prelude::*;
use posthoc_store::faulty::{FaultyStore, Kind};
use std::sync::Arc;
use std::time::Duration;

const MAILS: usize = 3;

/// Nothing: it is promised. Else why it is not.
type Answer = std::result::Result<(), String>;

fn letter(number: usize) -> String {
    let id = format!("{number}@full.example");
    let date = "Mon, 3 Nov 2025 10:00:00 +0000";
    mail(&id, date, &format!("Berth {number}"), &[], "Text.")
}

fn hall() -> MemoryStore {
    let (store, limits) = (MemoryStore::new(), Limits::default());
    let list = ListName::new("hall").unwrap();
    add_list(&store, &list, true, false, &Site::default(), NOW, &limits).unwrap();
    store
}

/// Hands mails over to a store that fails at its n-th step, for each n; `door` says which mails are promised, and
/// how the others were refused. Returns what was said of mails that are not.
fn check(kind: Kind, door: fn(&dyn Store) -> Vec<Answer>) -> Vec<String> {
    let (limits, mut refusals) = (Limits::default(), Vec::new());
    let mut at = 1;
    loop {
        let store = hall();
        let faulty = FaultyStore::new(Arc::new(store.clone()), at, kind);
        let answers = door(&faulty);
        assert_eq!(answers.len(), MAILS);
        // The disk has room again, and whoever was refused comes again; the others too, as after a lost reply.
        take_in(&store, Duration::ZERO, NOW, &limits).unwrap();
        mend(&store, &limits).unwrap();
        with_settings(|settings| {
            let reader = Reader::new(&store, settings, Audience::Public).unwrap();
            for (number, answer) in answers.iter().enumerate() {
                let found = reader.show(None, &format!("{number}@full.example"));
                assert!(
                    answer.is_err() || found.is_ok(),
                    "step {at}: {number} is lost"
                );
            }
        });
        assert!(door(&store).iter().all(Answer::is_ok), "step {at}");
        with_settings(|settings| {
            let reader = Reader::new(&store, settings, Audience::Public).unwrap();
            let all = reader.lists().unwrap()[0].messages;
            assert_eq!(all, MAILS as u64, "step {at}");
        });
        assert_eq!(store.spool().names(10).unwrap().len(), 0, "step {at}");
        refusals.extend(answers.into_iter().filter_map(Answer::err));
        if !faulty.failed() {
            assert!(at > 12, "{at}");
            return refusals;
        }
        at += 1;
    }
}

fn by_pipe(store: &dyn Store) -> Vec<Answer> {
    let (list, limits) = (ListName::new("hall").unwrap(), Limits::default());
    let one = |number| {
        let done = deliver(store, &list, letter(number).as_bytes(), NOW, &limits);
        done.map(drop).map_err(|error| error.to_string())
    };
    (0..MAILS).map(one).collect()
}

fn by_lmtp(store: &dyn Store) -> Vec<Answer> {
    let (mut letterbox, limits) = (Letterbox::new(store), Limits::default());
    let answers = (0..MAILS).map(|number| {
        let posted = Posted {
            recipients: vec!["hall@full.example".to_owned()],
            bytes: letter(number).into_bytes(),
            received: NOW,
        };
        let mut postings = letterbox.take(&[posted], &Site::default(), NOW, &limits);
        match postings.pop().and_then(|mut one| one.pop()).unwrap() {
            Posting::Archived(_) | Posting::Waiting(_) => Ok(()),
            other => Err(format!("{other:?}")),
        }
    });
    let answers = answers.collect();
    // What is behind is made up for by whoever writes next.
    let _ = letterbox.rest();
    answers
}

#[test]
fn a_full_disk_at_any_step_of_a_delivery_loses_nothing_that_was_promised() {
    for kind in [Kind::Once, Kind::Crash] {
        let refusals = check(kind, by_pipe);
        assert!(!refusals.is_empty());
        check(kind, by_lmtp);
    }
}

#[test]
fn who_comes_by_lmtp_hears_that_the_disk_is_full() {
    let refusals = check(Kind::Crash, by_lmtp);
    assert!(refusals.iter().any(|said| said.starts_with("Full(")));
}
