//! The real mhonarc and ours on the same mails and resource files, file by file. Where the real one is not
//! installed there is nothing to compare with.

mod book;
mod case;
mod compare;
mod door;
mod matrix;
mod takeover;
mod ties;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

fn is_installed() -> bool {
    Command::new("mhonarc").arg("-v").output().is_ok()
}

/// The folder of real lists, where there is one.
fn corpora() -> Option<PathBuf> {
    let folder = std::env::var_os("POSTHOC_CORPORA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora"),
        PathBuf::from,
    );
    Some(folder.join("lists")).filter(|lists| lists.is_dir())
}

/// What the real program writes.
fn original(mbox: &Path, resources: Option<&Path>, folder: &Path) {
    let mut words = Vec::new();
    if let Some(file) = resources {
        words.extend([OsStr::new("-rcfile"), file.as_os_str()]);
    }
    words.push(mbox.as_os_str());
    run_original(folder, &words);
}

/// Runs the real program on a folder.
fn run_original(folder: &Path, words: &[&OsStr]) {
    let mut command = Command::new("mhonarc");
    command
        .env("TZ", "UTC")
        .args(["-quiet", "-outdir"])
        .arg(folder)
        .args(words);
    let done = command.output().expect("works");
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
}

/// Files that differ.
fn differing(mbox: &Path, resources: Option<&Path>) -> Vec<String> {
    let folder = tempfile::tempdir().expect("works");
    original(mbox, resources, folder.path());
    let ours = case::tree(mbox, resources);
    compare::differing(folder.path(), &ours)
}

fn own(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/mhonarc")
        .join(path)
}

/// Each of our resource files, and how many of its files differ on purpose: a mail in HTML, of which the
/// original hands on a handler by another name and a link that leads nowhere.
const RESOURCES: &[(&str, usize)] = &[
    ("author", 1),
    ("buttons", 1),
    ("dates", 1),
    ("defaults", 1),
    ("entry", 1),
    ("frames", 1),
    ("no-mails", 0),
    ("packed", 1),
    ("pages", 1),
    ("rules", 1),
    ("slice", 0),
    ("slices", 1),
    ("spam", 1),
    ("subject", 1),
    ("threads-only", 1),
    ("tree", 1),
    ("types", 1),
    ("utf8", 1),
];

#[test]
fn own_resource_files_give_the_pages_of_the_original_mhonarc_oracle() {
    if !is_installed() {
        return;
    }
    let mut wrong = Vec::new();
    for (name, expected) in RESOURCES {
        let found = differing(
            &own("small.mbox"),
            Some(&own(&format!("resources/{name}.mrc"))),
        );
        if found.len() != *expected {
            wrong.push(format!("{name}: {}", found.join(" ")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_resource_file_has_its_line() {
    let mut files: Vec<String> = std::fs::read_dir(own("resources"))
        .expect("works")
        .map(|entry| entry.expect("works").path())
        .filter(|path| path.extension().is_some_and(|end| end == "mrc"))
        .map(|path| {
            let name = path.file_stem().expect("works");
            name.to_string_lossy().into_owned()
        })
        .collect();
    files.sort();
    let told: Vec<&str> = RESOURCES.iter().map(|(name, _)| *name).collect();
    assert_eq!(files, told);
}

/// Real lists, how many of their first mails are taken (0: all), and how many files differ: each of a class
/// that `docs/mhonarc.md` names with its reason.
const LISTS: &[(&str, usize, usize)] = &[("blinux-list", 150, 0), ("noteedit-devel", 300, 0)];

#[test]
fn lists_give_the_pages_of_the_original_corpora() {
    let Some(lists) = corpora().filter(|_| is_installed()) else {
        return;
    };
    let mut wrong = Vec::new();
    for (name, most, expected) in LISTS {
        let packed = lists.join(format!("{name}.mbox.zst"));
        let unpacked = Command::new("zstd")
            .arg("-dqc")
            .arg(&packed)
            .output()
            .expect("works");
        let mbox = tempfile::NamedTempFile::new().expect("works");
        std::fs::write(mbox.path(), case::first_mails(&unpacked.stdout, *most)).expect("works");
        let found = differing(mbox.path(), None);
        if found.len() != *expected {
            wrong.push(format!(
                "{name}: {} differ: {}",
                found.len(),
                found.join(" ")
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
