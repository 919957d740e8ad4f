//! Real lists under every resource file, ours and those that come with the original. `cargo xtask prove
//! mhonarc` runs it and reads its lines: list, resources, files, files that differ.

use crate::{RESOURCES, case, compare, original, own};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Lists and how many of their first mails are taken; 0: all.
const LISTS: [(&str, usize); 5] = [
    ("noteedit-devel", 0),
    ("spamassassin-hard-ham-1", 0),
    ("blinux-list", 800),
    ("cake-slice", 400),
    ("linux-mips-60k", 2_000),
];

/// Mails of the one list that every test run compares.
const SLICE: usize = 40;

/// The file under which the original leaves the order of mails to chance.
const BY_CHANCE: &str = "author";

/// Where the Debian package has its examples.
const EXAMPLES: &str = "/usr/share/doc/mhonarc/examples";

/// Resource files by what they are called: none, the examples, ours.
fn resources(unpacked: &Path) -> Vec<(String, Option<PathBuf>)> {
    let mut all = vec![("none".to_owned(), None)];
    let examples = std::fs::read_dir(EXAMPLES).into_iter().flatten().flatten();
    let mut examples: Vec<PathBuf> = examples.map(|entry| entry.path()).collect();
    examples.sort();
    for path in examples {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if let Some(stem) = name
            .strip_suffix(".gz")
            .filter(|stem| stem.ends_with(".mrc"))
        {
            let plain = Command::new("gzip")
                .arg("-dc")
                .arg(&path)
                .output()
                .expect("runs");
            let file = unpacked.join(stem);
            std::fs::write(&file, plain.stdout).expect("is written");
            all.push((format!("example {stem}"), Some(file)));
        } else if name.ends_with(".mrc") {
            all.push((format!("example {name}"), Some(path)));
        }
    }
    for (name, _) in RESOURCES {
        all.push((
            (*name).to_owned(),
            Some(own(&format!("resources/{name}.mrc"))),
        ));
    }
    all
}

#[test]
fn every_resource_file_on_real_lists_corpora() {
    let folder = tempfile::tempdir().expect("a folder");
    let Some(lists) = crate::corpora().filter(|_| crate::is_installed()) else {
        return;
    };
    // Without a word of the whole matrix: the beginning of one list.
    let wanted = std::env::var("POSTHOC_MATRIX").ok();
    let lists_of = match &wanted {
        None => vec![("noteedit-devel", SLICE)],
        Some(wanted) => {
            let all = LISTS.iter().filter(|(list, _)| list.contains(wanted));
            all.copied().collect()
        }
    };
    let mut wrong = Vec::new();
    for (list, most) in lists_of {
        let packed = lists.join(format!("{list}.mbox.zst"));
        let unpacked = Command::new("zstd")
            .arg("-dqc")
            .arg(&packed)
            .output()
            .expect("runs");
        let mbox = folder.path().join(list);
        std::fs::write(&mbox, case::first_mails(&unpacked.stdout, most)).expect("is written");
        for (name, file) in resources(folder.path()) {
            let out = tempfile::tempdir().expect("a folder");
            original(&mbox, file.as_deref(), out.path());
            let (archive, refused) = case::archive_and_refusals(file.as_deref());
            for refusal in refused {
                println!("refused\t{name}\t{}\t{}", refusal.resource, refusal.what);
            }
            let ours = case::tree_in(archive, &mbox);
            let files = ours.len();
            let differing = compare::differing(out.path(), &ours);
            let some: Vec<&str> = differing.iter().take(5).map(String::as_str).collect();
            let told = format!(
                "{list}\t{name}\t{files}\t{}\t{}",
                differing.len(),
                some.join(" ")
            );
            println!("matrix\t{told}");
            if !differing.is_empty() && name != BY_CHANCE {
                wrong.push(told);
            }
        }
    }
    assert!(wanted.is_some() || wrong.is_empty(), "{}", wrong.join("\n"));
}
