//! What machines send to a list by mistake is held: kept, shown to nobody, and taken in when somebody says so.

use crate::prelude::*;
use crate::removal::take_down;
use std::time::Duration;

const DATE: &str = "Mon, 3 Nov 2025 10:00:00 +0000";

fn hall() -> ListName {
    ListName::new("hall").unwrap()
}

fn with_list() -> MemoryStore {
    let store = MemoryStore::new();
    let (site, limits) = (Site::default(), Limits::default());
    add_list(&store, &hall(), true, false, &site, NOW, &limits).unwrap();
    store
}

/// An answer of somebody's holiday, which says so in a field of that value.
fn answer(id: &str, header: &str) -> String {
    let text = "ZQXTOKEN: I am by the sea until Monday,\nand read no mail there at all.";
    format!("{header}\n{}", mail(id, DATE, "ZQXTOKEN away", &[], text))
}

const AWAY: &str = "Auto-Submitted: auto-replied";

fn post(store: &dyn Store, text: &str, recipients: &[&str]) -> Vec<Posting> {
    let posted = Posted {
        recipients: recipients.iter().map(|to| (*to).to_owned()).collect(),
        bytes: text.as_bytes().to_vec(),
        received: NOW,
    };
    let mut letterbox = Letterbox::new(store);
    let mut postings = letterbox.take(&[posted], &Site::default(), NOW, &Limits::default());
    while !letterbox.rest().unwrap() {
        std::thread::sleep(Duration::from_millis(20));
    }
    postings.remove(0)
}

fn aside(store: &dyn Store) -> Vec<PutAside> {
    with_settings(|settings| {
        let reader = Reader::new(store, settings, Audience::Operator).unwrap();
        put_aside(store, &reader).unwrap()
    })
}

fn messages(store: &dyn Store) -> u64 {
    with_settings(|settings| {
        let reader = Reader::new(store, settings, Audience::Public).unwrap();
        reader.lists().unwrap()[0].messages
    })
}

/// Nothing of a held mail is on any page, in any feed or search, nor is it counted.
#[track_caller]
fn shows_nothing(store: &dyn Store) {
    let out = tempfile::tempdir().unwrap();
    publish_to(store, out.path());
    let none = with_list();
    let without = tempfile::tempdir().unwrap();
    publish_to(&none, without.path());
    assert_same(&tree(without.path()), &tree(out.path()), "with a held mail");
    with_settings(|settings| {
        let reader = Reader::new(store, settings, Audience::Operator).unwrap();
        let request = request("ZQXTOKEN");
        assert_eq!(reader.search(&request).unwrap().total, 0);
        assert!(reader.show(None, "away@x").is_err());
    });
}

#[test]
fn a_held_mail_is_kept_once_and_shown_to_nobody() {
    let store = with_list();
    let text = answer("away@x", AWAY);
    let held = Posting::Held(vec![hall()]);
    assert_eq!(
        post(&store, &text, &["hall@x", "hall@x"]),
        [held.clone(), held.clone()]
    );
    // Again, with another way behind it, by this door and the others.
    assert_eq!(
        post(&store, &format!("X-Way: 2\n{text}"), &["hall@x"]),
        [held]
    );
    let limits = Limits::default();
    deliver(&store, &hall(), text.as_bytes(), NOW, &limits).unwrap();
    let folder = tempfile::tempdir().unwrap();
    for part in ["new", "cur"] {
        std::fs::create_dir(folder.path().join(part)).unwrap();
    }
    std::fs::write(folder.path().join("new/1.1.host"), &text).unwrap();
    let mut watcher = Watcher::new(Watched {
        path: folder.path().to_owned(),
        lists: vec![hall()],
    });
    let looked = watcher
        .look(&store, &Site::default(), NOW, &limits)
        .unwrap();
    assert_eq!((looked.archived, looked.held), (0, 1));
    let one = aside(&store);
    assert_eq!(one.len(), 1, "{one:?}");
    assert_eq!((&*one[0].reason, &*one[0].list), ("auto_reply", "hall"));
    assert_eq!(aside_bytes(&store, one[0].id).unwrap(), text.as_bytes());
    assert_eq!(one[0].released, None);
    shows_nothing(&store);
    rebuild(&store, &limits, true).unwrap();
    assert_eq!(aside(&store), one);
    shows_nothing(&store);
}

#[test]
fn a_released_mail_is_one_as_any() {
    let store = with_list();
    let text = answer("away@x", AWAY);
    post(&store, &text, &["hall@x"]);
    let id = aside(&store)[0].id;
    let limits = Limits::default();
    for _ in 0..2 {
        assert_eq!(
            release(&store, id, NOW, &limits).unwrap(),
            ("hall".to_owned(), 0)
        );
    }
    assert_eq!(messages(&store), 1);
    assert_eq!(aside(&store)[0].released, Some(0));
    // It is known from now on, by whatever way it comes.
    let archived = Posting::Archived(vec![hall()]);
    assert_eq!(
        post(&store, &format!("X-Way: 2\n{text}"), &["hall@x"]),
        [archived]
    );
    assert_eq!((messages(&store), aside(&store).len()), (1, 1));
    // Another answer is held all the same.
    let other = Posting::Held(vec![hall()]);
    assert_eq!(post(&store, &answer("more@x", AWAY), &["hall@x"]), [other]);
    assert_eq!((messages(&store), aside(&store).len()), (1, 2));
}

#[test]
fn each_kind_is_held_with_its_reason() {
    let store = with_list();
    let hops = "Received: by a; Mon, 3 Nov 2025 10:00:00 +0000\n".repeat(101);
    let kinds = [
        ("loop", hops.trim_end()),
        ("bounce", "X-Failed-Recipients: eve@x.example"),
        ("auto_reply", AWAY),
        ("administrivia", "X-List-Administrivia: yes"),
    ];
    for (n, (_, header)) in kinds.iter().enumerate() {
        let text = answer(&format!("k{n}@x"), header);
        deliver(&store, &hall(), text.as_bytes(), NOW, &Limits::default()).unwrap();
    }
    let reasons: Vec<String> = aside(&store).into_iter().map(|one| one.reason).collect();
    assert_eq!(reasons, kinds.map(|(reason, _)| reason));
    // The mail system hears of a circle, so that it ends there.
    let circle = answer("circle@x", hops.trim_end());
    assert_eq!(post(&store, &circle, &["hall@x"]), [Posting::Loop]);
    // What asks to be in no archive is not kept, held or not.
    let quiet = answer("quiet@x", &format!("X-No-Archive: yes\n{AWAY}"));
    assert_eq!(post(&store, &quiet, &["hall@x"]), [Posting::NoArchive]);
    assert_eq!(aside(&store).len(), kinds.len());
    // An old archive that is imported has had its keepers.
    take_bytes(&store, "hall", &mbox(&[answer("old@x", AWAY)]));
    assert_eq!(messages(&store), 1);
}

/// A mail that was held, released and purged leaves no byte, in the record of its holding neither.
#[test]
fn a_purge_destroys_what_was_held() {
    let store = with_list();
    let text = answer("away@x", AWAY);
    post(&store, &text, &["hall@x"]);
    let limits = Limits::default();
    let held = aside(&store)[0].id;
    release(&store, held, NOW, &limits).unwrap();
    let traces = || {
        let mail = text.clone().into_bytes();
        find_traces(&store, &[], &[mail], &limits).unwrap().traces
    };
    assert!(!traces().is_empty());
    take_down(&store, &["away@x"], None, true);
    finish_purges(&store, &limits).unwrap();
    assert_eq!(traces(), []);
    assert!(matches!(
        aside_bytes(&store, held),
        Err(ArchiveError::NotKept { .. })
    ));
    // Nor is it held when it comes again.
    post(&store, &text, &["hall@x"]);
    assert_eq!(traces(), []);
    rebuild(&store, &limits, true).unwrap();
    assert_eq!(aside(&store).len(), 1);
}
