//! Maildirs, numbered trees, folders of files, and the strange things that stand in them.

use crate::{FROM, mail};
use posthoc_archive::source::{Kind, OpenOptions, Piece, Reason, Source, SourceError};
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use tempfile::TempDir;

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn read(path: &Path, kind: Option<Kind>) -> (Kind, Vec<Piece>) {
    let options = OpenOptions {
        kind,
        ..OpenOptions::default()
    };
    let mut source = Source::open(path, &options).unwrap();
    let pieces: Vec<_> = source.by_ref().map(Result::unwrap).collect();
    assert_eq!(source.bytes_read(), source.total_bytes().unwrap());
    assert_eq!(
        pieces.last().map_or(0, |piece| piece.end),
        source.position()
    );
    (source.description().kind, pieces)
}

fn names(pieces: &[Piece]) -> Vec<&str> {
    let mails = pieces.iter().filter_map(|piece| piece.mail.as_ref());
    mails
        .map(|mail| mail.file.as_deref().unwrap_or("-"))
        .collect()
}

fn refused(pieces: &[Piece]) -> Vec<(&str, Reason)> {
    let refused = pieces.iter().filter_map(|piece| piece.refused.as_ref());
    refused
        .map(|one| (one.file.as_deref().unwrap_or("-"), one.reason))
        .collect()
}

/// A folder must be found to be of a kind, at a path within it, with these mails in this order.
#[track_caller]
fn check(files: &[&str], at: &str, kind: Kind, expected: &[&str]) {
    let text = mail("a", "one");
    let files: Vec<_> = files.iter().map(|name| (*name, text.as_str())).collect();
    let folder = folder(&files);
    let (found, pieces) = read(&folder.path().join(at), None);
    assert_eq!((found, names(&pieces)), (kind, expected.to_vec()));
}

#[test]
fn kinds_are_found() {
    check(
        &[
            "cur/9.a:2,S",
            "new/10.b",
            "tmp/11.c",
            "cur/.hidden",
            "cur/8.d:2,",
        ],
        "",
        Kind::Maildir,
        &["cur/8.d:2,", "cur/9.a:2,S", "new/10.b"],
    );
    check(
        &["10", "9", ".mh_sequences", ",8", "new/x"],
        "",
        Kind::Mh,
        &["9", "10"],
    );
    check(
        &["list/archive/2", "list/archive/10", "list/index"],
        "list",
        Kind::Numbered,
        &["2", "10"],
    );
    check(
        &[
            "archive/1/00",
            "archive/0/02",
            "archive/0/10",
            "archive/0/index",
            "archive/threads/200311",
        ],
        "archive",
        Kind::Numbered,
        &["0/02", "0/10", "1/00"],
    );
    check(
        &[
            "l@x/2003-11/arctxt/10",
            "l@x/2003-11/arctxt/9",
            "l@x/2004-01/arctxt/1",
            "l@x/2004-01/index",
        ],
        "l@x",
        Kind::Numbered,
        &["2003-11/arctxt/9", "2003-11/arctxt/10", "2004-01/arctxt/1"],
    );
    check(&["a/2003-11/arctxt/1"], "a/2003-11", Kind::Numbered, &["1"]);
    check(
        &["b.eml", "a.eml", "c/d.txt"],
        "",
        Kind::Files,
        &["a.eml", "b.eml", "c/d.txt"],
    );
}

#[test]
fn a_kind_that_was_asked_for() {
    let text = mail("a", "one");
    let folder = folder(&[("archive/1", &text), ("archive/x", &text), ("2", &text)]);
    let asked = |kind| {
        let (_, pieces) = read(folder.path(), Some(kind));
        let mails = pieces.iter().filter_map(|piece| piece.mail.as_ref());
        mails
            .map(|mail| mail.file.clone().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(asked(Kind::Mh), ["2"]);
    assert_eq!(asked(Kind::Files), ["2", "archive/1", "archive/x"]);
    for kind in [Kind::Maildir, Kind::Mbox] {
        let options = OpenOptions {
            kind: Some(kind),
            ..OpenOptions::default()
        };
        let error = Source::open(folder.path(), &options).err();
        assert!(matches!(error, Some(SourceError::NotAMailSource { .. })));
    }
}

#[test]
fn mailman_keeps_a_mailbox_in_a_folder_of_its_name() {
    let text = format!("{FROM}{}", mail("a", "one"));
    let folder = folder(&[("Dev.mbox/Dev.mbox", &text)]);
    let source = Source::open(&folder.path().join("Dev.mbox"), &OpenOptions::default()).unwrap();
    let description = source.description();
    assert_eq!(description.kind, Kind::Mbox);
    assert_eq!(description.list_name_guess.as_deref(), Some("dev"));
    assert!(description.path.ends_with("Dev.mbox/Dev.mbox"));
}

#[test]
fn names_of_lists() {
    let text = format!("{FROM}{}", mail("a", "one"));
    for (path, name) in [
        ("linux-60k.mbox.zst", Some("linux-60k")),
        ("My List (old).TXT", Some("my-list--old-")),
        ("users@example.org.mbox", Some("users")),
        ("lists/dev/archive/0/1", Some("dev")),
        ("search.mbox", None),
        ("dev/2003-May.txt.gz", Some("dev")),
        ("été.mail", Some("t-")),
    ] {
        let folder = folder(&[(path, &text)]);
        let source = Source::open(&folder.path().join(path), &OpenOptions::default()).unwrap();
        assert_eq!(
            source.description().list_name_guess.as_deref(),
            name,
            "{path}"
        );
    }
}

#[test]
fn a_maildir_file_is_one_mail_whatever_it_quotes() {
    let inner = format!("{FROM}{}\n{FROM}{}", mail("a", "one"), mail("b", "two"));
    let (empty, plain) = (String::new(), mail("c", "three\n"));
    let folder = folder(&[("cur/1", &inner), ("cur/2", &empty), ("new/3", &plain)]);
    let (_, pieces) = read(folder.path(), None);
    assert_eq!(names(&pieces), ["cur/1", "new/3"]);
    assert_eq!(refused(&pieces), [("cur/2", Reason::NotMail)]);
    let first = pieces[0].mail.as_ref().unwrap();
    assert_eq!(pieces[0].gap, FROM.as_bytes());
    assert_eq!(first.from_line.as_deref(), Some(FROM.trim_end().as_bytes()));
    assert_eq!(first.bytes, &inner.as_bytes()[FROM.len()..]);
    assert_eq!((first.offset, first.last), (FROM.len() as u64, false));
    assert_eq!(pieces[2].mail.as_ref().unwrap().bytes, plain.as_bytes());
}

#[test]
fn files_hold_mails_or_mailboxes_or_are_refused() {
    let (a, b) = (mail("a", "one"), mail("b", "two"));
    let mbox = format!("{FROM}{a}\n{FROM}{b}");
    let with_junk = format!("by hand\n\n{mbox}");
    let quoting = format!("{a}\n{FROM}{b}");
    // Only its beginning is read, and the progress goes on all the same.
    let pdf = "%PDF-1.7\n\0\0".repeat(100_000);
    let folder = folder(&[
        ("1.eml", &a),
        ("2", &mbox),
        ("3.mbox", &with_junk),
        ("4.eml", &quoting),
        ("5.txt", "To be or not to be:\nthat is the question.\n"),
        ("6.sh", "#!/bin/sh\n# From: nobody\necho\n"),
        ("7.pdf", &pdf),
        ("README.md", "# Mail\n\nSubject: to change\n"),
        ("deep/er/8", &a),
    ]);
    let packed = zstd::encode_all(mbox.as_bytes(), 1).unwrap();
    fs::write(folder.path().join("9.zst"), packed).unwrap();
    let (kind, pieces) = read(folder.path(), Some(Kind::Files));
    assert_eq!(kind, Kind::Files);
    let expected = [
        "1.eml",
        "2",
        "2",
        "3.mbox",
        "3.mbox",
        "4.eml",
        "9.zst",
        "9.zst",
        "deep/er/8",
    ];
    assert_eq!(names(&pieces), expected);
    let not_mail = |name| (name, Reason::NotMail);
    assert_eq!(
        refused(&pieces),
        ["5.txt", "6.sh", "7.pdf", "README.md"].map(not_mail)
    );
}

#[test]
fn strange_things_are_counted_and_never_opened() {
    let a = mail("a", "one");
    let folder = folder(&[("cur/1", &a), ("cur/6", &a), ("new/7", &a), ("other", &a)]);
    let cur = folder.path().join("cur");
    let status = std::process::Command::new("mkfifo")
        .arg(cur.join("2"))
        .status()
        .unwrap();
    assert!(status.success());
    let _socket = std::os::unix::net::UnixListener::bind(cur.join("3")).unwrap();
    symlink("4", cur.join("4")).unwrap();
    symlink("../cur", cur.join("5")).unwrap();
    symlink("../other", cur.join("8")).unwrap();
    symlink("../absent", cur.join("9")).unwrap();
    fs::set_permissions(cur.join("6"), fs::Permissions::from_mode(0o0)).unwrap();
    let readable_all_the_same = fs::File::open(cur.join("6")).is_ok();
    let options = OpenOptions::default();
    let pieces: Vec<_> = Source::open(folder.path(), &options)
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let mut expected = vec![
        ("cur/2", Reason::SpecialFile),
        ("cur/3", Reason::SpecialFile),
        ("cur/4", Reason::Link),
        ("cur/5", Reason::Link),
    ];
    if !readable_all_the_same {
        expected.push(("cur/6", Reason::Unreadable));
    }
    expected.push(("cur/9", Reason::Link));
    assert_eq!(refused(&pieces), expected);
    let mails = names(&pieces);
    assert!(mails.contains(&"cur/1") && mails.contains(&"new/7") && mails.contains(&"cur/8"));
    assert!(Reason::Unreadable.is_quarantine() && !Reason::Link.is_quarantine());
}

#[test]
fn a_file_that_cannot_be_read_to_its_end_stops_nothing() {
    let a = mail("a", "one");
    let folder = folder(&[("3.eml", &a)]);
    let packed = zstd::encode_all(format!("{FROM}{a}").repeat(9_000).as_bytes(), 1).unwrap();
    fs::write(
        folder.path().join("1.mbox.zst"),
        &packed[..packed.len() / 2],
    )
    .unwrap();
    fs::write(folder.path().join("2.mbox.gz"), b"\x1F\x8B\x08\0").unwrap();
    let options = OpenOptions {
        kind: Some(Kind::Files),
        ..OpenOptions::default()
    };
    let pieces: Vec<_> = Source::open(folder.path(), &options)
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let unreadable = |name| (name, Reason::Unreadable);
    assert_eq!(
        refused(&pieces),
        ["1.mbox.zst", "2.mbox.gz"].map(unreadable)
    );
    assert_eq!(names(&pieces).last(), Some(&"3.eml"));
}

#[test]
fn going_on_in_a_folder() {
    let files: Vec<_> = (0..20)
        .map(|n| (format!("cur/{n}"), mail(&n.to_string(), "x")))
        .collect();
    let files: Vec<_> = files
        .iter()
        .map(|(n, t)| (n.as_str(), t.as_str()))
        .collect();
    let folder = folder(&files);
    let open = || Source::open(folder.path(), &OpenOptions::default()).unwrap();
    let mut first = open();
    for _ in 0..7 {
        first.next().unwrap().unwrap();
    }
    let mut second = open();
    second.skip_to(first.position()).unwrap();
    assert_eq!(first.sha256_so_far(), second.sha256_so_far());
    let rest = |source: Source| -> Vec<_> { source.map(Result::unwrap).collect() };
    assert_eq!(rest(first), rest(second));
    assert!(matches!(
        open().skip_to(1 << 30),
        Err(SourceError::Shorter { .. })
    ));
}
