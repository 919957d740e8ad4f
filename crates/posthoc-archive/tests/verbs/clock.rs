//! Mail that is delivered while the machine's clock is wrong, and after it has been set.

use crate::prelude::*;

const DAY: i64 = 86_400;
const YEAR: i64 = 365 * DAY;
/// `NOW` as a `Date` field has it.
const DATE: &str = "Sun, 22 Nov 2026 00:00:00 +0000";

fn hall() -> MemoryStore {
    let (store, limits) = (MemoryStore::new(), Limits::default());
    let list = ListName::new("hall").unwrap();
    add_list(&store, &list, true, false, &Site::default(), NOW, &limits).unwrap();
    store
}

fn deliver_at(store: &MemoryStore, clock: i64, id: &str, date: &str) {
    let (list, limits) = (ListName::new("hall").unwrap(), Limits::default());
    let text = mail(id, date, &format!("Berth {id}"), &[], "Text.");
    let done = deliver(store, &list, text.as_bytes(), clock, &limits).unwrap();
    assert_eq!(done, Delivery::Archived);
}

/// Pages of mails, in that order; also after everything was derived again.
#[track_caller]
fn check_pages(store: &MemoryStore, ids: &[(&str, &str)]) {
    let urls = |store: &MemoryStore| -> Vec<String> {
        with_settings(|settings| {
            let reader = Reader::new(store, settings, Audience::Public).unwrap();
            let url = |id: &str| reader.show(None, id).unwrap()[0].url.clone();
            ids.iter().map(|(id, _)| url(id)).collect()
        })
    };
    let wanted: Vec<&str> = ids.iter().map(|(_, page)| *page).collect();
    assert_eq!(urls(store), wanted);
    rebuild(store, &Limits::default(), true).unwrap();
    assert_eq!(urls(store), wanted);
}

/// Message-IDs of a list's feed, newest first.
fn feed(store: &MemoryStore) -> Vec<String> {
    let bytes = with_settings(|settings| {
        let reader = Reader::new(store, settings, Audience::Public).unwrap();
        let route = Route::Feed(ListName::new("hall").unwrap());
        reader.answer(&route).unwrap().page.bytes
    });
    let text = String::from_utf8(bytes).unwrap();
    let titles = text.split("<title>Berth ").skip(1);
    let id = |rest: &str| rest.split('<').next().unwrap().to_owned();
    titles.map(id).collect()
}

#[test]
fn a_clock_that_begins_in_1970_files_nothing_there() {
    let store = hall();
    // The very first mail, before anything is known.
    deliver_at(&store, 60, "first@x", DATE);
    deliver_at(&store, NOW, "second@x", DATE);
    deliver_at(
        &store,
        5 * YEAR,
        "third@x",
        "Tue, 1 Dec 2026 10:00:00 +0000",
    );
    deliver_at(&store, 5 * YEAR, "undated@x", "no date");
    deliver_at(
        &store,
        NOW + 10 * DAY,
        "fourth@x",
        "Wed, 2 Dec 2026 10:00:00 +0000",
    );
    check_pages(
        &store,
        &[
            ("first@x", "hall/2026-November/msg00000.html"),
            ("second@x", "hall/2026-November/msg00001.html"),
            ("third@x", "hall/2026-December/msg00002.html"),
            ("undated@x", "hall/2026-December/msg00003.html"),
            ("fourth@x", "hall/2026-December/msg00004.html"),
        ],
    );
    assert_eq!(feed(&store)[0], "fourth@x");
}

#[test]
fn a_clock_that_was_years_ahead_does_not_keep_later_mail_from_being_new() {
    let store = hall();
    // More than a feed has.
    for number in 0..40 {
        deliver_at(&store, NOW + 20 * YEAR, &format!("ahead{number}@x"), DATE);
    }
    let later: Vec<String> = (0..40).map(|number| format!("right{number}@x")).collect();
    for (number, id) in later.iter().enumerate() {
        deliver_at(&store, NOW + 60 * number as i64, id, DATE);
    }
    check_pages(
        &store,
        &[
            ("ahead0@x", "hall/2026-November/msg00000.html"),
            ("right39@x", "hall/2026-November/msg00079.html"),
        ],
    );
    let newest: Vec<&String> = later.iter().rev().take(30).collect();
    assert_eq!(feed(&store).iter().collect::<Vec<_>>(), newest);
}

#[test]
fn days_back_and_forth_lose_and_double_nothing() {
    let store = hall();
    let steps = [0, 9, -30, 400, -400, 3];
    let mut clock = NOW;
    for (number, days) in steps.iter().enumerate() {
        clock += days * DAY;
        let id = format!("step{number}@x");
        deliver_at(&store, clock, &id, DATE);
        // As after a lost reply, with the clock set meanwhile.
        deliver_at(&store, clock - 2 * DAY, &id, DATE);
    }
    let ids = feed(&store);
    let wanted: Vec<String> = (0..steps.len())
        .rev()
        .map(|n| format!("step{n}@x"))
        .collect();
    assert_eq!(ids, wanted);
}
