//! Publishing that ends in the middle, and what the next run makes of it.

use crate::prelude::*;
use posthoc_core::page::{ListSettings, Visibility};
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Publishes until so much work is done, and ends there as a killed run does: nothing is tidied up.
fn killed(store: &dyn Store, out: &Path, after: u64) -> bool {
    let works = AtomicU64::new(0);
    let run = catch_unwind(AssertUnwindSafe(|| {
        with_settings(|settings| {
            let options = PublishOptions {
                adopt: true,
                ..PublishOptions::default()
            };
            publish(store, settings, out, &options, &|_, _| {
                assert!(works.fetch_add(1, Relaxed) < after, "killed");
            })
            .unwrap();
        });
    }));
    run.is_err()
}

/// What the log of a killed run names.
fn begun(out: &Path) -> Vec<String> {
    let log = fs::read_to_string(out.join(".posthoc/writing")).unwrap();
    let pages = log.lines().filter_map(|line| line.strip_prefix("page "));
    pages.map(str::to_owned).collect()
}

fn half(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap().to_str().unwrap();
    path.with_file_name(format!(".posthoc-{name}"))
}

#[test]
fn half_files_of_a_killed_run_go_and_those_of_others_stay() {
    let store = MemoryStore::new();
    take(&store, "hall", &small_list("town-hall.mbox"));
    let fresh = tempfile::tempdir().unwrap();
    publish_to(&store, fresh.path());
    let wanted = tree(fresh.path());
    for after in [0, 1, 2] {
        let room = tempfile::tempdir().unwrap();
        let out = room.path();
        let theirs = [
            out.join(".posthoc-index.html.bak"),
            out.join("hall/.posthoc-notes"),
            out.join("photos/.posthoc-index.html"),
        ];
        for path in &theirs {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "mine").unwrap();
        }
        assert!(killed(&store, out, after));
        let begun = begun(out);
        assert!(begun.len() > after as usize, "{begun:?}");
        for path in &begun {
            fs::write(half(&out.join(path)), "<html").unwrap();
        }
        fs::write(out.join(".posthoc/.posthoc-state.json"), "{").unwrap();
        // The kill came while a line was written: of a file that was not begun.
        let log = out.join(".posthoc/writing");
        let mut text = fs::read(&log).unwrap();
        text.extend(b"page hall/.posthoc-no");
        fs::write(&log, text).unwrap();
        publish_to(&store, out);
        for path in &theirs {
            assert_eq!(fs::read(path).unwrap(), b"mine", "{}", path.display());
            fs::remove_file(path).unwrap();
        }
        assert_same(&wanted, &tree(out), "after a kill");
        let own: Vec<_> = fs::read_dir(out.join(".posthoc"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.starts_with(".posthoc-") || name == "writing")
            .collect();
        assert!(own.is_empty(), "{own:?}");
        let again = publish_to(&store, out);
        assert_eq!((again.written.len(), again.deleted.len()), (0, 0));
    }
}

/// What a killed run wrote of a list is in no manifest; it must not stay when the list is closed before the
/// next run.
#[test]
fn what_a_killed_run_wrote_goes_with_its_list() {
    let hall = ListName::new("hall").unwrap();
    let mut closed = Site::default();
    closed.lists.insert(
        hall,
        ListSettings {
            visibility: Some(Visibility::Private),
            ..ListSettings::default()
        },
    );
    let closed_layout = OwnLayout::new(&closed).unwrap();
    let limits = Limits::default();
    let folds = Folds::default();
    let settings = Settings {
        site: &closed,
        layout: &closed_layout,
        limits: &limits,
        folds: &folds,
    };
    for first_published in [false, true] {
        let store = MemoryStore::new();
        let room = tempfile::tempdir().unwrap();
        let out = room.path();
        let other = mail(
            "a@x",
            "Mon, 3 Nov 2025 10:00:00 +0000",
            "Gate",
            &[],
            "Open.",
        );
        take_bytes(&store, "gate", &mbox(&[other]));
        if first_published {
            publish_to(&store, out);
        }
        take(&store, "hall", &small_list("town-hall.mbox"));
        assert!(killed(&store, out, 2));
        assert!(tree(out).keys().any(|path| path.starts_with("hall/")));
        // A second kill, which begins nothing of the list, forgets nothing of the first.
        let again = catch_unwind(AssertUnwindSafe(|| {
            let options = PublishOptions::default();
            publish(&store, &settings, out, &options, &|_, _| panic!("killed")).unwrap();
        }));
        assert!(again.is_err());
        let options = PublishOptions::default();
        publish(&store, &settings, out, &options, &|_, _| {}).unwrap();
        let left: Vec<String> = tree(out)
            .into_keys()
            .filter(|path| path.contains("hall"))
            .collect();
        assert!(left.is_empty(), "{left:?}");
        let fresh = tempfile::tempdir().unwrap();
        publish(&store, &settings, fresh.path(), &options, &|_, _| {}).unwrap();
        assert_same(&tree(fresh.path()), &tree(out), "after two kills");
    }
}
