use crate::prelude::*;
use std::fs;

#[test]
fn importing_twice_adds_nothing() {
    let store = MemoryStore::new();
    let first = take(&store, "hall", &small_list("town-hall.mbox"));
    assert!(first.counts.stored > 30);
    let generation = store.journal().generation().unwrap();
    let second = take(&store, "hall", &small_list("town-hall.mbox"));
    assert_eq!(second.counts.read, first.counts.read);
    assert_eq!(second.counts.duplicate, first.counts.read);
    assert_eq!(second.sources[0].sha256, first.sources[0].sha256);
    assert_eq!(
        store.journal().generation().unwrap(),
        generation,
        "nothing was recorded"
    );
}

#[test]
fn a_dry_run_says_the_same_and_changes_nothing() {
    let store = MemoryStore::new();
    let dry = ImportOptions {
        dry_run: true,
        ..options("hall")
    };
    let path = [small_list("town-hall.mbox")];
    let said = import(&store, &path, &dry, &mut |_| {}).unwrap();
    assert_eq!(store.journal().generation().unwrap().0, 0);
    let done = take(&store, "hall", &path[0]);
    assert_eq!(said.counts, done.counts);
    let again = import(&store, &path, &dry, &mut |_| {}).unwrap();
    assert_eq!(again.counts.duplicate, done.counts.read);
}

#[test]
fn the_source_comes_out_as_it_went_in() {
    for name in ["town-hall.mbox", "lighthouse-keepers.mbox"] {
        let store = MemoryStore::new();
        let report = take(&store, "hall", &small_list(name));
        let mut out = Vec::new();
        with_settings(|settings| {
            let reader = Reader::new(&store, settings, Audience::Operator).unwrap();
            export_source(&store, &reader, report.sources[0].id, &mut out).unwrap();
        });
        assert!(out == fs::read(small_list(name)).unwrap());
    }
}

/// An mbox that grew, and whose last mail was half when it was read first.
#[test]
fn a_growing_source_is_completed() {
    let whole = fs::read(small_list("town-hall.mbox")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hall.mbox");
    let clean = MemoryStore::new();
    let expected = take(&clean, "hall", &small_list("town-hall.mbox"))
        .counts
        .stored;
    for cut in [whole.len() / 3, whole.len() / 2, whole.len() - 40] {
        let store = MemoryStore::new();
        fs::write(&path, &whole[..cut]).unwrap();
        take(&store, "hall", &path);
        fs::write(&path, &whole).unwrap();
        let report = take(&store, "hall", &path);
        let mut out = Vec::new();
        with_settings(|settings| {
            let reader = Reader::new(&store, settings, Audience::Operator).unwrap();
            assert_eq!(
                reader.lists().unwrap()[0].messages,
                expected,
                "cut at {cut}"
            );
            export_source(&store, &reader, report.sources[0].id, &mut out).unwrap();
            let found = check(&store, &reader, &mut |_, _| {}).unwrap();
            assert_eq!(found.damage, Vec::<String>::new());
        });
        assert!(out == whole, "cut at {cut}");
    }
}

#[test]
fn copies_and_variants_are_told_apart() {
    let plain = mail(
        "a@x",
        "Mon, 3 Nov 2025 10:00:00 +0000",
        "Bells",
        &[],
        "Ding.",
    );
    let traced = format!("Received: from x by y; Mon, 3 Nov 2025 10:01:00 +0000\n{plain}");
    let other = mail(
        "a@x",
        "Mon, 3 Nov 2025 11:00:00 +0000",
        "Bells",
        &[],
        "Dong.",
    );
    let store = MemoryStore::new();
    let report = take_bytes(
        &store,
        "bells",
        &mbox(&[plain.clone(), traced, other, plain]),
    );
    let counts = report.counts;
    assert_eq!((counts.stored, counts.copy, counts.duplicate), (2, 1, 1));
    with_settings(|settings| {
        let reader = Reader::new(&store, settings, Audience::Operator).unwrap();
        let shown = reader.show(None, "<a@x>").unwrap();
        assert_eq!(shown.len(), 2);
        assert_ne!(shown[0].key, shown[1].key);
    });
}

/// Three orders of the same mails: the same forest, and pages that differ in numbers alone.
#[test]
fn the_order_of_import_does_not_matter() {
    let mails = mails_of("town-hall.mbox");
    let forest = |order: &[usize]| {
        let mails: Vec<String> = order
            .iter()
            .map(|at| String::from_utf8_lossy(&mails[*at]).into_owned())
            .collect();
        let store = MemoryStore::new();
        take_bytes(&store, "hall", &mbox(&mails));
        with_settings(|settings| {
            let reader = Reader::new(&store, settings, Audience::Operator).unwrap();
            let mut threads: Vec<Vec<String>> = Vec::new();
            for mail in &mails {
                let message = posthoc_core::message::parse(mail.as_bytes(), &Limits::default());
                let lines = reader.thread_lines(None, &message.id.0).unwrap();
                let lines = lines
                    .iter()
                    .map(|l| format!("{} {} {:?}", l.depth, l.id, l.parent));
                threads.push(lines.collect());
            }
            threads.sort();
            threads.dedup();
            threads
        })
    };
    let order: Vec<usize> = (0..mails.len()).collect();
    let expected = forest(&order);
    let reversed: Vec<usize> = order.iter().rev().copied().collect();
    assert_eq!(forest(&reversed), expected);
    for step in [7, 11] {
        let mut shuffled = order.clone();
        shuffled.sort_by_key(|at| (at * step) % mails.len());
        assert_eq!(forest(&shuffled), expected);
    }
}

/// The second list's record holds no bytes of its own; the index has not reached it.
#[test]
fn a_cross_post_behind_the_index_is_found() {
    let text = mail(
        "x@x",
        "Mon, 3 Nov 2025 10:00:00 +0000",
        "Bells",
        &[],
        "quasar",
    );
    let store = MemoryStore::new();
    take_bytes(&store, "one", &mbox(std::slice::from_ref(&text)));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("two.mbox");
    fs::write(&path, mbox(&[text])).unwrap();
    let later = ImportOptions {
        index: false,
        ..options("two")
    };
    import(&store, &[path], &later, &mut |_| {}).unwrap();
    with_settings(|settings| {
        let reader = Reader::new(&store, settings, Audience::Public).unwrap();
        let request = request("quasar");
        assert_eq!(reader.search(&request).unwrap().total, 2);
    });
}
