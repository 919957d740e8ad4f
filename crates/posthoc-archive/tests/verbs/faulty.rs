//! A publish that fails at any step, of what it reads or of what it writes: each file of the site is the old one or
//! the new one, whole, and the next run makes the site what it would be anew.

use crate::prelude::*;
use crate::removal::take_down;
use posthoc_store::faulty::{FaultyStore, Kind};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

type Files = BTreeMap<String, Vec<u8>>;

/// A list of a few mails, a site of it, and what came and went since.
struct Case {
    store: MemoryStore,
    before: tempfile::TempDir,
    /// The files of the site as it is, and of one that is made anew.
    old: Files,
    new: Files,
}

fn letter(number: usize, date: &str) -> String {
    let parent = format!("{}@faulty.example", number.saturating_sub(1));
    let references: &[&str] = if number == 0 { &[] } else { &[&parent] };
    let id = format!("{number}@faulty.example");
    mail(&id, date, &format!("Berth {number}"), references, "Text.")
}

impl Case {
    /// An answer comes, in a new volume; a mail goes where that is wanted.
    fn new(goes: bool) -> Case {
        let store = MemoryStore::new();
        let first = letter(0, "3 Nov 2025 10:00:00 +0000");
        take_bytes(
            &store,
            "hall",
            &mbox(&[first, letter(1, "4 Nov 2025 10:00:00 +0000")]),
        );
        let before = tempfile::tempdir().unwrap();
        publish_to(&store, before.path());
        let old = tree(before.path());
        take_bytes(
            &store,
            "hall",
            &mbox(&[letter(2, "1 Dec 2025 10:00:00 +0000")]),
        );
        if goes {
            take_down(&store, &["0@faulty.example"], None, false);
        }
        let new = anew(&store);
        assert_ne!(old, new);
        Case {
            store,
            before,
            old,
            new,
        }
    }

    /// A folder with the site as it is.
    fn site(&self) -> tempfile::TempDir {
        let site = tempfile::tempdir().unwrap();
        copy(self.before.path(), site.path());
        site
    }

    /// Nothing is half, and the next run makes up for it.
    fn after(&self, settings: &Settings<'_>, site: &Path, what: &str) {
        for (name, bytes) in tree(site) {
            let is = |files: &Files| files.get(&name).is_some_and(|file| *file == bytes);
            // Search files are named by what is in them, and nothing names those of a run that failed.
            let is_unnamed = name.contains("/shards/");
            assert!(
                is(&self.old) || is(&self.new) || is_unnamed,
                "{what}: {name}"
            );
        }
        for name in self.old.keys().filter(|name| self.new.contains_key(*name)) {
            assert!(site.join(name).is_file(), "{what}: {name} is gone");
        }
        run(&self.store, settings, site, false).unwrap();
        assert_same(&tree(site), &self.new, what);
    }
}

fn anew(store: &MemoryStore) -> Files {
    let whole = tempfile::tempdir().unwrap();
    publish_to(store, whole.path());
    tree(whole.path())
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let twin = to.join(path.file_name().unwrap());
        match path.is_dir() {
            true => copy(&path, &twin),
            false => drop(fs::copy(&path, &twin).unwrap()),
        }
    }
}

/// One run; `hold` as a round of `publish --follow`.
fn run(
    store: &dyn Store,
    settings: &Settings<'_>,
    out: &Path,
    hold: bool,
) -> Result<PublishReport> {
    let options = PublishOptions {
        hold,
        ..PublishOptions::default()
    };
    publish(store, settings, out, &options, &|_, _| {})
}

#[test]
fn a_store_that_fails_at_any_step_of_a_publish_leaves_no_half_page() {
    for (hold, kind) in [(false, Kind::Once), (true, Kind::Crash)] {
        let case = Case::new(!hold);
        with_settings(|settings| {
            let mut at = 1;
            loop {
                let site = case.site();
                let faulty = FaultyStore::reading(Arc::new(case.store.clone()), at, kind);
                let done = run(&faulty, settings, site.path(), hold);
                if !faulty.failed() {
                    done.unwrap();
                    break;
                }
                let what = format!("step {at}, {kind:?}");
                assert!(done.is_err(), "{what}");
                case.after(settings, site.path(), &what);
                at += 1;
            }
            assert!(at > 100, "{at}");
        });
    }
}

/// Files below a folder, those of its bookkeeping too.
fn all(folder: &Path) -> BTreeSet<PathBuf> {
    let mut files: BTreeSet<PathBuf> = tree(folder).into_keys().map(PathBuf::from).collect();
    let own = tree(&folder.join(".posthoc")).into_keys();
    files.extend(own.map(|name| Path::new(".posthoc").join(name)));
    files.insert(PathBuf::from(".posthoc/writing"));
    files
}

/// What stands in a file's way: a folder where its bytes would be written first, or where it would be.
fn obstacle(file: &Path, beside: bool) -> PathBuf {
    let name = file.file_name().unwrap().to_string_lossy().into_owned();
    match beside {
        true => file.with_file_name(format!(".posthoc-{name}")),
        false => file.to_owned(),
    }
}

/// Every file that a run writes is one that it once cannot write.
#[test]
fn a_site_whose_files_cannot_be_written_has_no_half_page() {
    for hold in [false, true] {
        let case = Case::new(!hold);
        with_settings(|settings| {
            let done = case.site();
            run(&case.store, settings, done.path(), hold).unwrap();
            let mut failures = 0;
            for name in all(done.path()) {
                let site = case.site();
                let file = site.path().join(&name);
                let in_the_way = obstacle(&file, file.exists() || !name.starts_with("hall/search"));
                fs::create_dir_all(&in_the_way).unwrap();
                let failed = run(&case.store, settings, site.path(), hold).is_err();
                fs::remove_dir(&in_the_way).unwrap();
                failures += usize::from(failed);
                case.after(
                    settings,
                    site.path(),
                    &format!("{} in the way", name.display()),
                );
            }
            let changed = tree(done.path()).into_iter();
            let changed = changed
                .filter(|(name, bytes)| case.old.get(name) != Some(bytes))
                .count();
            assert!(
                changed > 10 && failures >= changed,
                "{failures} of {changed}"
            );
        });
    }
}
