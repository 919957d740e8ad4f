//! Archives that the real mhonarc made, taken over where they lie.

use crate::door::{command, run, tree as all_files};
use crate::{RESOURCES, case, compare, corpora, is_installed, original, own, run_original};
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Mails of the small mailbox that the old archive has; the others come later.
const OLD: usize = 4;

/// Resource files under which the real program loses what it has, or has no pages.
const NOT_TAKEN_OVER: &[&str] = &[
    // It reads pages that are called .gz through gunzip, though it did not pack them.
    "packed", "no-mails",
];

/// The folder's files but the database and the archive.
fn tree(out: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = all_files(out);
    files.remove(".mhonarc.db");
    files
}

fn split(mbox: &[u8], at: usize, folder: &Path) -> [PathBuf; 2] {
    let first = case::first_mails(mbox, at);
    let paths = ["first.mbox", "rest.mbox"].map(|name| folder.join(name));
    fs::write(&paths[0], first).expect("works");
    fs::write(&paths[1], &mbox[first.len()..]).expect("works");
    paths
}

/// The same mails added by the real program and by ours to what the real one made. It is then told to make its
/// pages anew: of those that lie there it leaves links behind which lead elsewhere by now.
fn differing(mbox: &[u8], at: usize, resources: Option<&Path>) -> Vec<String> {
    let folder = tempfile::tempdir().expect("works");
    let [first, rest] = split(mbox, at, folder.path());
    let (theirs, ours) = (folder.path().join("theirs"), folder.path().join("ours"));
    for out in [&theirs, &ours] {
        fs::create_dir(out).expect("works");
        original(&first, resources, out);
    }
    run_original(&theirs, &[OsStr::new("-add"), rest.as_os_str()]);
    run_original(&theirs, &[OsStr::new("-editidx")]);
    run(&ours, &["-quiet", "-add", rest.to_str().expect("works")]);
    compare::differing(&theirs, &tree(&ours))
}

#[test]
fn an_archive_is_taken_over_with_its_resources_oracle() {
    if !is_installed() {
        return;
    }
    let mbox = fs::read(own("small.mbox")).expect("works");
    let mut wrong = Vec::new();
    for (name, expected) in RESOURCES {
        if NOT_TAKEN_OVER.contains(name) {
            continue;
        }
        let resources = own(&format!("resources/{name}.mrc"));
        let found = differing(&mbox, OLD, Some(&resources));
        // When it makes a page anew it tells of DEFINEDERIVED's files, too, as ours does of old pages.
        let of_its_own = if *name == "frames" { 2 } else { 0 };
        let new_html = usize::from(*expected > 0 || *name == "slice");
        if found.len() > new_html + of_its_own {
            wrong.push(format!("{name}: {}", found.join(" ")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_real_list_is_taken_over_corpora() {
    let Some(lists) = corpora().filter(|_| is_installed()) else {
        return;
    };
    let packed = lists.join("blinux-list.mbox.zst");
    let unpacked = Command::new("zstd")
        .arg("-dqc")
        .arg(&packed)
        .output()
        .expect("works");
    let mbox = case::first_mails(&unpacked.stdout, 200);
    let found = differing(mbox, 150, None);
    assert!(found.is_empty(), "{}", found.join(" "));
}

/// An archive of the first mails, as the real program made it.
fn old_archive() -> Option<(tempfile::TempDir, PathBuf)> {
    let folder = tempfile::tempdir().expect("works");
    let out = folder.path().join("out");
    fs::create_dir(&out).expect("works");
    is_installed().then(|| {
        original(&own("small.mbox"), None, &out);
        (folder, out)
    })
}

/// Pages packed with their links as they are: read and written so by both.
#[test]
fn a_packed_archive_stays_packed_oracle() {
    if !is_installed() {
        return;
    }
    let folder = tempfile::tempdir().expect("works");
    let mbox = fs::read(own("small.mbox")).expect("works");
    let [first, rest] = split(&mbox, OLD, folder.path());
    let resources = folder.path().join("packed.mrc");
    // A file whose random name ends in `_z` by chance would be left as it is by gzip.
    fs::write(&resources, "<GzipFiles>\n<GzipLinks>\n<FastTempFiles>\n").expect("works");
    let made = ["theirs", "ours", "fresh"].map(|name| folder.path().join(name));
    let [theirs, ours, fresh] = &made;
    for out in &made {
        fs::create_dir(out).expect("works");
    }
    original(&first, Some(&resources), theirs);
    original(&first, Some(&resources), ours);
    run_original(theirs, &[OsStr::new("-add"), rest.as_os_str()]);
    run_original(theirs, &[OsStr::new("-editidx")]);
    run(ours, &["-quiet", "-add", rest.to_str().expect("works")]);
    let words = ["-quiet", "-rcfile", resources.to_str().expect("works")];
    run(
        fresh,
        &[&words[..], &[own("small.mbox").to_str().expect("works")]].concat(),
    );
    let theirs = unpacked(theirs);
    for ours in [ours, fresh] {
        let found = compare::differing_trees(&theirs, &unpacked(ours));
        assert_eq!(found, ["msg00004.html.gz"], "but for the mail in HTML");
    }
}

/// A folder's files, those that are packed not so; each page is.
fn unpacked(out: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = tree(out);
    for (name, bytes) in &mut files {
        assert!(!name.ends_with(".html"), "{name}");
        if name.ends_with(".gz") {
            let mut page = Vec::new();
            let mut reader = flate2::read::GzDecoder::new(bytes.as_slice());
            reader.read_to_end(&mut page).expect("is packed");
            *bytes = page;
        }
    }
    files
}

fn page_names(out: &Path) -> Vec<String> {
    let names = tree(out).into_keys();
    names.filter(|name| name.starts_with("msg")).collect()
}

#[test]
fn pages_that_nothing_changes_stay_as_they_are_oracle() {
    let Some((_folder, out)) = old_archive() else {
        return;
    };
    // Somebody wrote into a page by hand: nothing that comes now concerns it.
    let by_hand = out.join("msg00001.html");
    let page = fs::read_to_string(&by_hand).expect("works");
    let page = page.replace(
        "<!--X-User-Footer-->",
        "<!--X-User-Footer--><p>By hand.</p>",
    );
    fs::write(&by_hand, &page).expect("works");
    let mail = out.with_file_name("new.mbox");
    let text = "From z@example.org Fri Mar  9 12:00:00 2012\nFrom: Zoe <z@example.org>\nSubject: New\n\
                Date: Fri, 9 Mar 2012 12:00:00 +0000\nMessage-ID: <new@example.org>\n\nNew.\n";
    fs::write(&mail, text).expect("works");
    run(&out, &["-quiet", "-add", mail.to_str().expect("works")]);
    assert_eq!(fs::read_to_string(&by_hand).expect("works"), page);
    assert!(out.join("msg00007.html").is_file());
    assert!(out.join(".posthoc/mhonarc.db").is_file());
}

#[test]
fn numbers_and_files_of_mails_that_go_oracle() {
    let Some((_folder, out)) = old_archive() else {
        return;
    };
    // The last mail was removed before: its number is not given again.
    run_original(&out, &[OsStr::new("-rmm"), OsStr::new("00006")]);
    let before = tree(&out);
    run(&out, &["-quiet", "-rmm", "00002"]);
    let expected: Vec<String> = (0..6)
        .filter(|n| *n != 2)
        .map(|n| format!("msg{n:05}.html"))
        .collect();
    assert_eq!(page_names(&out), expected);
    let derived: Vec<&String> = before
        .keys()
        .filter(|name| !name.ends_with(".html"))
        .collect();
    let told = |name: &str| {
        let page = String::from_utf8_lossy(&before[name]).into_owned();
        derived
            .iter()
            .filter(|file| page.contains(file.as_str()))
            .count()
    };
    let gone = told("msg00002.html");
    let left = tree(&out)
        .keys()
        .filter(|name| !name.ends_with(".html"))
        .count();
    assert_eq!(left, derived.len() - gone);
    run(
        &out,
        &["-quiet", "-add", own("small.mbox").to_str().expect("works")],
    );
    assert!(page_names(&out).contains(&"msg00007.html".to_owned()));
    assert!(!page_names(&out).contains(&"msg00006.html".to_owned()));
}

#[test]
fn a_database_cut_by_a_full_disk_is_refused_with_the_remedy_oracle() {
    let Some((_folder, out)) = old_archive() else {
        return;
    };
    let database = out.join(".mhonarc.db");
    let whole = fs::read(&database).expect("works");
    fs::write(&database, &whole[..whole.len() / 2]).expect("works");
    let before = tree(&out);
    let refused = command()
        .arg("-outdir")
        .arg(&out)
        .arg("-editidx")
        .output()
        .expect("runs");
    assert_eq!(refused.status.code(), Some(65));
    let words = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(
        words.contains("is not whole") && words.contains("mha-dbrecover"),
        "{words}"
    );
    assert_eq!(tree(&out), before);
    // The remedy is one.
    let recovered = Command::new("mha-dbrecover")
        .arg("-quiet")
        .arg("-outdir")
        .arg(&out)
        .output();
    assert!(recovered.expect("runs").status.success());
    run(&out, &["-quiet", "-editidx"]);
    assert!(before.keys().eq(tree(&out).keys()));
}

#[test]
fn there_is_a_way_back_oracle() {
    let Some((_folder, out)) = old_archive() else {
        return;
    };
    run(&out, &["-quiet", "-editidx"]);
    fs::remove_dir_all(out.join(".posthoc")).expect("works");
    let recovered = Command::new("mha-dbrecover")
        .arg("-quiet")
        .arg("-outdir")
        .arg(&out)
        .output();
    assert!(recovered.expect("runs").status.success());
    let scan = Command::new("mhonarc")
        .args(["-scan", "-outdir"])
        .arg(&out)
        .output()
        .expect("runs");
    let scan = String::from_utf8_lossy(&scan.stdout).into_owned();
    assert!(scan.contains("\n7 messages in"), "{scan}");
}

/// A page is a text of strangers: what it names as its files stays within the folder.
#[test]
fn a_page_names_no_file_of_others_oracle() {
    let Some((folder, out)) = old_archive() else {
        return;
    };
    let precious = folder.path().join("precious");
    fs::write(&precious, "x").expect("works");
    let file = out.join("msg00003.html");
    let page = fs::read_to_string(&file).expect("works");
    let page = page.replace(
        "<!--X-Head-End-->",
        "<!--X-Derived: ../precious -->\n<!--X-Head-End-->",
    );
    fs::write(&file, page).expect("works");
    run(&out, &["-quiet", "-rmm", "00003"]);
    assert!(precious.is_file());
    assert!(!file.exists());
}
