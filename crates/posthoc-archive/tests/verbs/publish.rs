use crate::prelude::*;

#[test]
fn publishing_twice_writes_nothing() {
    let store = MemoryStore::new();
    take(&store, "hall", &small_list("town-hall.mbox"));
    let out = tempfile::tempdir().unwrap();
    let first = publish_to(&store, out.path());
    assert!(first.written.len() > 50);
    let before = tree(out.path());
    let second = publish_to(&store, out.path());
    assert_eq!((second.written.len(), second.deleted.len()), (0, 0));
    assert_same(&before, &tree(out.path()), "publishing again");
}

/// One mail at a time, published after each: the same files as publishing once at the end, and the
/// same again after everything was derived anew.
#[test]
fn incremental_equals_whole_equals_rebuilt() {
    let mails = mails_of("town-hall.mbox");
    let store = MemoryStore::new();
    let out = tempfile::tempdir().unwrap();
    // Not in order of date, so that late mails fill ghosts and split days.
    let mut order: Vec<usize> = (0..mails.len()).collect();
    order.sort_by_key(|at| (at * 17) % mails.len());
    for (turn, at) in order.iter().enumerate() {
        take_bytes(
            &store,
            "hall",
            &mbox(&[String::from_utf8_lossy(&mails[*at]).into_owned()]),
        );
        publish_to(&store, out.path());
        if turn % 9 == 0 {
            let whole = tempfile::tempdir().unwrap();
            publish_to(&store, whole.path());
            assert_same(
                &tree(out.path()),
                &tree(whole.path()),
                &format!("after mail {turn}"),
            );
        }
    }
    let whole = tempfile::tempdir().unwrap();
    publish_to(&store, whole.path());
    assert_same(
        &tree(out.path()),
        &tree(whole.path()),
        "incremental and whole",
    );
    rebuild(&store, &Limits::default(), true).unwrap();
    let rebuilt = tempfile::tempdir().unwrap();
    publish_to(&store, rebuilt.path());
    assert_same(
        &tree(out.path()),
        &tree(rebuilt.path()),
        "incremental and rebuilt",
    );
}

/// A busy volume, past the size at which indexes are cut: each mail touches a bounded number of
/// pages, and the result is that of publishing whole.
#[test]
fn long_volumes_are_cut_and_stay_in_step() {
    let mut mails = Vec::new();
    for n in 0..560_usize {
        let day = n % 28 + 1;
        let references: Vec<String> = match n % 5 {
            0 => Vec::new(),
            // One long thread, and many short ones.
            1 => (0..n.min(3))
                .map(|back| format!("m{}@x", n - 1 - back))
                .rev()
                .collect(),
            _ => vec![format!("m{}@x", n - n % 5)],
        };
        let references: Vec<&str> = references.iter().map(String::as_str).collect();
        let letter = (b'a' + (n % 26) as u8) as char;
        mails.push(mail(
            &format!("m{n}@x"),
            &format!("{day:02} Nov 2025 {:02}:00:00 +0000", n % 24),
            &format!("{letter}{} subject", n % 7),
            &references,
            "text",
        ));
    }
    let store = MemoryStore::new();
    let out = tempfile::tempdir().unwrap();
    take_bytes(&store, "busy", &mbox(&mails[..480]));
    publish_to(&store, out.path());
    for n in (480..560).step_by(4) {
        take_bytes(&store, "busy", &mbox(&mails[n..n + 4]));
        publish_to(&store, out.path());
        if (496..=508).contains(&n) || n == 556 {
            let whole = tempfile::tempdir().unwrap();
            publish_to(&store, whole.path());
            assert_same(
                &tree(out.path()),
                &tree(whole.path()),
                &format!("after {n}"),
            );
        }
    }
    let late = mail(
        "late@x",
        "2 Nov 2025 03:00:00 +0000",
        "q1 subject",
        &["m1@x"],
        "late",
    );
    // A volume that begins is told by the indexes of the one before, not by each of their pieces.
    let next = mail("next@x", "1 Dec 2025 03:00:00 +0000", "Next", &[], "next");
    for mail in [late, next] {
        take_bytes(&store, "busy", &mbox(&[mail]));
        let touched = publish_to(&store, out.path());
        let html = touched.written.iter();
        let html = html.filter(|path| path.ends_with(".html")).count();
        assert!(html <= 64, "{html} pages touched: {:?}", touched.written);
    }
    let whole = tempfile::tempdir().unwrap();
    publish_to(&store, whole.path());
    assert_same(&tree(out.path()), &tree(whole.path()), "a new volume");
}

/// A thread that several mails of one run make too long to be shown whole is whole on no page that was there.
#[test]
fn a_thread_that_grows_long_at_once_is_nowhere_shown_as_it_was() {
    let letter = |n: usize| {
        let date = format!("{} Nov 2025 {:02}:00:00 +0000", n / 24 + 3, n % 24);
        let parent = format!("m{}@x", n.saturating_sub(1 + n % 4));
        let references: &[&str] = if n == 0 { &[] } else { &[&parent] };
        mail(&format!("m{n}@x"), &date, "Berth", references, "text")
    };
    let mails: Vec<String> = (0..40).map(letter).collect();
    for (before, after) in [(15, 24), (19, 21), (20, 21), (20, 27), (23, 40)] {
        let store = MemoryStore::new();
        let (out, whole) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        take_bytes(&store, "hall", &mbox(&mails[..before]));
        publish_to(&store, out.path());
        take_bytes(&store, "hall", &mbox(&mails[before..after]));
        publish_to(&store, out.path());
        publish_to(&store, whole.path());
        let what = format!("{before} mails and then {after}");
        assert_same(&tree(out.path()), &tree(whole.path()), &what);
    }
}

/// What a private list holds is on no public page.
#[test]
fn private_lists_are_not_published() {
    let store = MemoryStore::new();
    let secret = mail(
        "s@zqxhidden",
        "Mon, 3 Nov 2025 10:00:00 +0000",
        "TOKENSUBJECT",
        &[],
        "TOKENTEXT",
    );
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("zqxhidden.mbox");
    std::fs::write(&path, mbox(&[secret])).unwrap();
    let private = ImportOptions {
        public: false,
        ..options("zqxhidden")
    };
    import(&store, &[path], &private, &mut |_| {}).unwrap();
    take(&store, "hall", &small_list("town-hall.mbox"));
    let out = tempfile::tempdir().unwrap();
    let report = publish_to(&store, out.path());
    assert_eq!(
        report.left_out,
        [("zqxhidden".to_owned(), "private".to_owned())]
    );
    for (name, bytes) in tree(out.path()) {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert!(
            !name.contains("zqxhidden") && !text.contains("zqxhidden"),
            "{name}"
        );
        assert!(!text.contains("TOKEN"), "{name}");
    }
    with_settings(|settings| {
        let reader = Reader::new(&store, settings, Audience::Public).unwrap();
        let unknown = reader
            .answer(&Route::List(ListName::new("nothing").unwrap()))
            .unwrap();
        let private = reader
            .answer(&Route::List(ListName::new("zqxhidden").unwrap()))
            .unwrap();
        assert_eq!(private.status, Status::NotFound);
        assert_eq!(private.page.bytes, unknown.page.bytes);
        let request = request("TOKENTEXT");
        assert_eq!(reader.search(&request).unwrap().total, 0);
        let operator = Reader::new(&store, settings, Audience::Operator).unwrap();
        assert_eq!(operator.search(&request).unwrap().total, 1);
    });
}

#[test]
fn a_folder_of_others_is_not_written_to() {
    let store = MemoryStore::new();
    take(&store, "hall", &small_list("town-hall.mbox"));
    let out = tempfile::tempdir().unwrap();
    std::fs::write(out.path().join("precious.txt"), "mine").unwrap();
    with_settings(|settings| {
        let refused = publish(
            &store,
            settings,
            out.path(),
            &PublishOptions::default(),
            &|_, _| {},
        );
        assert!(matches!(refused, Err(ArchiveError::ForeignFolder(_))));
        let adopt = PublishOptions {
            adopt: true,
            ..Default::default()
        };
        publish(&store, settings, out.path(), &adopt, &|_, _| {}).unwrap();
    });
    assert_eq!(
        std::fs::read(out.path().join("precious.txt")).unwrap(),
        b"mine"
    );
}

#[test]
fn a_folder_is_for_one_audience() {
    let store = MemoryStore::new();
    take(&store, "hall", &small_list("town-hall.mbox"));
    let private = ImportOptions {
        public: false,
        ..options("board")
    };
    let source = [small_list("town-hall.mbox")];
    import(&store, &source, &private, &mut |_| {}).unwrap();
    let (open, closed) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let members = PublishOptions {
        members: vec![ListName::new("board").unwrap()],
        ..Default::default()
    };
    let everybody = PublishOptions::default();
    with_settings(|settings| {
        let run =
            |out: &std::path::Path, options| publish(&store, settings, out, options, &|_, _| {});
        let report = run(open.path(), &everybody).unwrap();
        assert_eq!(
            report.left_out,
            [("board".to_owned(), "private".to_owned())]
        );
        assert!(!open.path().join("board").exists());
        let report = run(closed.path(), &members).unwrap();
        assert_eq!(report.lists, ["board", "hall"]);
        assert!(closed.path().join("board/index.html").exists());
        for (out, options) in [(open.path(), &members), (closed.path(), &everybody)] {
            let refused = run(out, options);
            assert!(matches!(refused, Err(ArchiveError::OtherAudience { .. })));
        }
        // A folder from before there were audiences is for everybody.
        std::fs::remove_file(open.path().join(".posthoc/audience")).unwrap();
        assert!(run(open.path(), &members).is_err());
        assert!(run(open.path(), &everybody).is_ok());
        let unknown = PublishOptions {
            members: vec![ListName::new("unknown").unwrap()],
            ..Default::default()
        };
        assert!(matches!(
            run(closed.path(), &unknown),
            Err(ArchiveError::NoList(_))
        ));
    });
    assert!(!open.path().join("board").exists());
}

/// A killed run leaves search files that no state knows; they go, and nothing of others does.
#[test]
fn search_files_that_nothing_names_go() {
    let store = MemoryStore::new();
    take(&store, "hall", &small_list("town-hall.mbox"));
    let out = tempfile::tempdir().unwrap();
    publish_to(&store, out.path());
    let shards = out.path().join("hall/search/shards");
    let left = shards.join("0123456789abcdef");
    std::fs::create_dir_all(&left).unwrap();
    std::fs::write(left.join("0.js"), b"posthoc(\"  \")\n").unwrap();
    std::fs::create_dir_all(out.path().join(".posthoc/runs")).unwrap();
    std::fs::write(shards.join("mine.js"), b"precious").unwrap();
    let late = mail(
        "late@x",
        "Sun, 30 Nov 2025 10:00:00 +0000",
        "late",
        &[],
        "late",
    );
    take_bytes(&store, "hall", &mbox(&[late]));
    let report = publish_to(&store, out.path());
    assert!(!left.exists());
    assert!(!out.path().join(".posthoc/runs").exists());
    assert!(
        report
            .deleted
            .contains(&"hall/search/shards/0123456789abcdef/0.js".to_owned())
    );
    assert!(
        report
            .written
            .contains(&"hall/search/shards/root.js".to_owned())
    );
    std::fs::remove_file(shards.join("mine.js")).unwrap();
    let whole = tempfile::tempdir().unwrap();
    publish_to(&store, whole.path());
    assert_same(
        &tree(out.path()),
        &tree(whole.path()),
        "after the leftovers",
    );
}

#[test]
fn search_is_left_out_and_comes_back() {
    let store = MemoryStore::new();
    take(&store, "hall", &small_list("town-hall.mbox"));
    let out = tempfile::tempdir().unwrap();
    publish_to(&store, out.path());
    let with = tree(out.path());
    let none = PublishOptions {
        no_search: true,
        ..Default::default()
    };
    with_settings(|settings| publish(&store, settings, out.path(), &none, &|_, _| {}).unwrap());
    let mut without = with.clone();
    without.retain(|path, _| !path.contains("search/shards/"));
    assert_same(&tree(out.path()), &without, "without search");
    assert!(!out.path().join("hall/search/shards").exists());
    publish_to(&store, out.path());
    assert_same(&tree(out.path()), &with, "with search again");
}
