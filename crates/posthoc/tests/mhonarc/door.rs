//! `posthoc mhonarc`: the real binary beside the room that makes its pages, and beside the real mhonarc.

use crate::{case, compare, is_installed, own};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const BINARY: &str = env!("CARGO_BIN_EXE_posthoc");

/// Runs the binary as mhonarc, without a home folder's resources.
pub(crate) fn command() -> Command {
    let mut command = Command::new(BINARY);
    command
        .arg("mhonarc")
        .env("TZ", "UTC")
        .env_remove("M2H_RCFILE")
        .env("HOME", "/nonexistent");
    command
}

pub(crate) fn done(output: &Output) -> String {
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{words}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub(crate) fn run(out: &Path, words: &[&str]) -> String {
    done(
        &command()
            .arg("-outdir")
            .arg(out)
            .args(words)
            .output()
            .expect("runs"),
    )
}

/// Pages and files, without the archive.
pub(crate) fn tree(out: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    compare::read(out, "", &mut files);
    files.retain(|name, _| !name.starts_with(".posthoc"));
    files
}

/// Compares two trees; of what differs the names are told, not the bytes.
fn same(ours: &BTreeMap<String, Vec<u8>>, expected: &BTreeMap<String, Vec<u8>>) {
    let differing: Vec<&String> = ours
        .keys()
        .chain(expected.keys())
        .filter(|name| ours.get(*name) != expected.get(*name))
        .collect();
    assert!(differing.is_empty(), "{differing:?}");
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

fn small() -> String {
    own("small.mbox").display().to_string()
}

/// The mails of a mailbox, each with its From_ line.
fn mails() -> Vec<Vec<u8>> {
    let mbox = std::fs::read(own("small.mbox")).expect("is read");
    let mut starts: Vec<usize> = case::starts(&mbox).collect();
    starts.push(mbox.len());
    starts
        .windows(2)
        .map(|pair| mbox[pair[0]..pair[1]].to_vec())
        .collect()
}

#[test]
fn the_command_line_writes_the_pages_that_the_room_makes() {
    for name in ["defaults", "pages", "subject", "utf8"] {
        let out = folder();
        let resources = own(&format!("resources/{name}.mrc"));
        run(
            out.path(),
            &["-rcfile", &resources.display().to_string(), &small()],
        );
        let expected = case::tree(&own("small.mbox"), Some(&resources));
        same(&tree(out.path()), &expected);
    }
}

#[test]
fn mails_added_one_by_one_in_any_order_give_what_one_run_over_all_gives() {
    let mails = mails();
    // Every third mail, then those behind them, then the rest.
    let order: Vec<usize> = (0..3)
        .flat_map(|from| (from..mails.len()).step_by(3))
        .collect();
    let (one_by_one, at_once, mbox) = (folder(), folder(), folder());
    let mut all = Vec::new();
    for at in order {
        all.extend_from_slice(&mails[at]);
        let mut child = command()
            .args(["-add", "-quiet", "-outdir"])
            .arg(one_by_one.path())
            .stdin(Stdio::piped())
            .spawn()
            .expect("runs");
        std::io::Write::write_all(&mut child.stdin.take().expect("open"), &mails[at])
            .expect("is taken");
        assert!(child.wait().expect("ends").success());
    }
    let all_of_them = mbox.path().join("all");
    std::fs::write(&all_of_them, all).expect("is written");
    run(at_once.path(), &[&all_of_them.display().to_string()]);
    same(&tree(one_by_one.path()), &tree(at_once.path()));
}

/// As procmail runs it: each waits for the lock, none is lost, and the pages are those of one run over all.
#[test]
fn twenty_adds_at_once_leave_every_mail_and_every_page() {
    let out = folder();
    let mut children = Vec::new();
    for nth in 0..20 {
        let mut child = command()
            .args([
                "-add",
                "-quiet",
                "-locktries",
                "200",
                "-lockdelay",
                "1",
                "-outdir",
            ])
            .arg(out.path())
            .stdin(Stdio::piped())
            .spawn()
            .expect("runs");
        let above = nth / 2;
        let mail = format!(
            "From: a@example.org\nSubject: Mail {nth}\nMessage-ID: <{nth}@example.org>\n\
             In-Reply-To: <{above}@example.org>\nDate: Thu, 8 Mar 2012 10:{nth:02}:00 +0000\n\n\
             Seen in <{}@example.org>.\n",
            19 - nth
        );
        std::io::Write::write_all(&mut child.stdin.take().expect("open"), mail.as_bytes())
            .expect("is taken");
        children.push(child);
    }
    for child in &mut children {
        assert!(child.wait().expect("ends").success());
    }
    let added = tree(out.path());
    assert_eq!(
        added.keys().filter(|name| name.starts_with("msg")).count(),
        20
    );
    run(out.path(), &["-editidx"]);
    same(&tree(out.path()), &added);
}

#[test]
fn removed_mails_leave_holes_and_their_files_go() {
    let out = folder();
    run(out.path(), &[&small()]);
    let before = tree(out.path());
    let said = command()
        .args(["-rmm", "-outdir"])
        .arg(out.path())
        .args(["0", "<alt@example.org>", "99"])
        .output();
    let said = said.expect("runs");
    assert!(String::from_utf8_lossy(&said.stderr).contains("\"99\" is not in the archive"));
    done(&said);
    let after = tree(out.path());
    assert!(!after.contains_key("msg00000.html") && after.contains_key("msg00001.html"));
    assert!(after.len() < before.len());
    // Added again it stays away, and the next mail has the next number.
    run(out.path(), &["-add", &small()]);
    same(&tree(out.path()), &after);
    let more = out.path().join("more.mbox");
    let mail = "From a@example.org Thu Mar  8 10:00:00 2012\nFrom: a@example.org\nMessage-ID: <more@example.org>\n\nx\n";
    std::fs::write(&more, mail).expect("is written");
    run(out.path(), &["-add", &more.display().to_string()]);
    assert!(tree(out.path()).contains_key("msg00007.html"));
}

/// A new archive is put in the old one's place by two renames: killed between them, nothing is lost.
#[test]
fn a_run_killed_while_it_puts_a_new_archive_in_place_loses_nothing() {
    let out = folder();
    run(out.path(), &[&small()]);
    let before = tree(out.path());
    run(out.path(), &[&small()]);
    let path = |name: &str| out.path().join(name);
    std::fs::rename(path(".posthoc"), path(".posthoc.new")).expect("is renamed");
    let none = path("none.mbox");
    std::fs::write(&none, "").expect("is written");
    run(out.path(), &["-add", &none.display().to_string()]);
    run(out.path(), &["-editidx"]);
    std::fs::remove_file(&none).expect("is removed");
    same(&tree(out.path()), &before);
}

#[test]
fn resources_are_kept_between_runs_and_come_from_the_environment() {
    let out = folder();
    let made = command()
        .env("M2H_MSGPREFIX", "m")
        .args(["-title", "A title of ours", "-nothread", "-outdir"])
        .arg(out.path())
        .arg(small())
        .output();
    done(&made.expect("runs"));
    run(out.path(), &["-editidx"]);
    let files = tree(out.path());
    assert!(files.contains_key("m00000.html") && !files.contains_key("threads.html"));
    assert!(
        String::from_utf8_lossy(&files["maillist.html"]).contains("<title>A title of ours</title>")
    );
}

#[test]
fn a_folder_with_blanks_and_a_hash_is_one_as_any_other() {
    let above = folder();
    let out = above.path().join("a list #2");
    std::fs::create_dir(&out).expect("is made");
    run(&out, &[&small()]);
    assert!(out.join("msg00006.html").is_file());
}

#[test]
fn a_held_lock_ends_with_status_75_and_nothing_is_changed() {
    let out = folder();
    std::fs::create_dir(out.path().join(".mhonarc.lck")).expect("is made");
    let tried = command()
        .args(["-locktries", "1", "-outdir"])
        .arg(out.path())
        .arg(small())
        .output()
        .expect("runs");
    assert_eq!(tried.status.code(), Some(75));
    assert!(tree(out.path()).is_empty());
    // One that a run of ours left is taken over.
    std::fs::write(out.path().join(".mhonarc.lck/posthoc"), "").expect("is written");
    run(out.path(), &["-locktries", "1", &small()]);
}

#[test]
fn an_archive_of_the_originals_is_not_begun_anew() {
    let out = folder();
    std::fs::write(out.path().join(".mhonarc.db"), "1;").expect("is written");
    let tried = command()
        .arg("-outdir")
        .arg(out.path())
        .arg(small())
        .output()
        .expect("runs");
    assert_eq!(tried.status.code(), Some(73));
    assert!(String::from_utf8_lossy(&tried.stderr).contains("add to it with -add"));
}

/// What both programs are told, one run after the other.
const RUNS: &[&[&str]] = &[
    &["-add", "SMALL"],
    &["-rmm", "2", "note-7@example.org"],
    &["-annotate", "-notetext", "A note & more", "1"],
    &[
        "-editidx",
        "-title",
        "Another title",
        "-multipg",
        "-idxsize",
        "3",
    ],
];

/// Runs both programs with the same words in two folders; the names of the files that differ.
fn differing(theirs: &Path, ours: &Path, words: &[&str]) -> Vec<String> {
    let mut original = Command::new("mhonarc");
    original
        .env("TZ", "UTC")
        .args(["-quiet", "-outdir"])
        .arg(theirs);
    done(&original.args(words).output().expect("runs"));
    run(ours, words);
    compare::differing(theirs, &tree(ours))
}

/// The mail in HTML, of which the original hands more on.
const HTML_MAIL: &str = "msg00004.html";

#[test]
fn other_indexes_are_those_of_the_original_mhonarc_oracle() {
    if !is_installed() {
        return;
    }
    let (theirs, ours) = (folder(), folder());
    let (resources, small) = (own("others/main.mrc").display().to_string(), small());
    let words = ["-rcfile", &resources, &small];
    assert_eq!(differing(theirs.path(), ours.path(), &words), [HTML_MAIL]);
    for name in ["authors.html", "subjects.html", "slim.html"] {
        assert!(ours.path().join(name).is_file(), "{name}");
    }
    // Without them their pages go.
    run(ours.path(), &[&small]);
    assert!(!ours.path().join("slim.html").exists());
}

/// What has no header has a number too, or all numbers behind it would be others.
#[test]
fn text_without_a_header_is_numbered_as_by_the_original_mhonarc_oracle() {
    if !is_installed() {
        return;
    }
    let (theirs, ours, mbox) = (folder(), folder(), folder());
    let mbox = mbox.path().join("mbox");
    let mut mails = mails();
    let from = b"From a@example.org Tue Mar  6 08:00:00 2012\n";
    mails.insert(
        2,
        [&from[..], b"* R405: added\n  a bar line\n\nand more\n\n"].concat(),
    );
    std::fs::write(&mbox, mails.concat()).expect("is written");
    let mbox = mbox.display().to_string();
    let differing = differing(theirs.path(), ours.path(), &[&mbox]);
    // Of the text itself the original shows the rest; the mail in HTML is one further.
    assert_eq!(differing, ["msg00002.html", "msg00005.html"]);
    assert!(ours.path().join("msg00007.html").is_file());
}

#[test]
fn a_file_of_another_index_that_is_not_there_is_told_and_the_rest_is_made() {
    let out = folder();
    let told = command()
        .args(["-otherindex", "nowhere.mrc", "-outdir"])
        .arg(out.path())
        .arg(small())
        .output()
        .expect("runs");
    assert!(String::from_utf8_lossy(&told.stderr).contains("no resource file nowhere.mrc"));
    done(&told);
    assert!(out.path().join("maillist.html").is_file());
}

#[test]
fn mails_that_are_too_many_or_too_old_go_as_with_the_original_mhonarc_oracle() {
    if !is_installed() {
        return;
    }
    let (theirs, ours) = (folder(), folder());
    let small = small();
    for words in [
        &[&small, "-maxsize", "6"][..],
        &["-editidx", "-maxsize", "4"],
        &[
            "-editidx",
            "-maxsize",
            "0",
            "-expiredate",
            "Wed, 7 Mar 2012 12:00:00 +0000",
        ],
        &["-editidx", "-expireage", "1"],
    ] {
        let differing = differing(theirs.path(), ours.path(), words);
        // In texts the original leaves links to mails that went.
        let mut expected = vec![HTML_MAIL, "msg00006.html"];
        expected.retain(|name| ours.path().join(name).is_file());
        expected.retain(|name| *name == HTML_MAIL || words[0] != small);
        assert_eq!(differing, expected, "{words:?}");
    }
    assert!(!ours.path().join("msg00000.html").exists());
    // Their bytes are kept.
    let listed = Command::new(BINARY)
        .arg("-a")
        .arg(ours.path().join(".posthoc"))
        .arg("removals")
        .output();
    assert!(done(&listed.expect("runs")).contains("mhonarc: expired"));
}

#[test]
fn runs_one_after_the_other_leave_what_they_leave_with_the_original_mhonarc_oracle() {
    if !is_installed() {
        return;
    }
    let (theirs, ours) = (folder(), folder());
    for words in [&["SMALL"][..]].iter().chain(RUNS) {
        let small = small();
        let words: Vec<&str> = words
            .iter()
            .map(|word| if *word == "SMALL" { &small } else { *word })
            .collect();
        let differing = differing(theirs.path(), ours.path(), &words);
        assert_eq!(differing, [HTML_MAIL], "{words:?}");
    }
    let scan = |program: &mut Command, out: &Path| {
        let said = done(
            &program
                .env("TZ", "UTC")
                .args(["-scan", "-quiet", "-outdir"])
                .arg(out)
                .output()
                .expect("runs"),
        );
        said.replace(&out.display().to_string(), "OUT")
    };
    let (original, own) = (
        scan(&mut Command::new("mhonarc"), theirs.path()),
        scan(&mut command(), ours.path()),
    );
    assert_eq!(own.trim(), original.trim());
}
