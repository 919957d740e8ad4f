//! import, imports, reconcile, export, rebuild, publish.

use crate::prelude::{Room, list, mail, mailbox};
use serde_json::Value;

fn number(value: &Value, name: &str) -> u64 {
    value[name]
        .as_u64()
        .unwrap_or_else(|| panic!("{name} in {value}"))
}

/// Imports and says the report, which must balance.
fn import(room: &Room, args: &[&str]) -> Value {
    let args: Vec<&str> = ["import", "--json"].iter().chain(args).copied().collect();
    let report = room.run(&args).ends(0).json();
    for counts in report["sources"]
        .as_array()
        .unwrap()
        .iter()
        .chain([&report])
    {
        let parts = [
            "stored",
            "copy",
            "duplicate",
            "removed",
            "held",
            "refused",
            "quarantined",
        ];
        let sum: u64 = parts.iter().map(|part| number(counts, part)).sum();
        assert_eq!(number(counts, "read"), sum, "{counts}");
    }
    report
}

#[test]
fn the_second_time_everything_is_there() {
    let room = Room::new();
    let sources = [list("town-hall.mbox"), list("lighthouse-keepers.mbox")];
    let sources = [sources[0].as_str(), sources[1].as_str()];
    let first = import(&room, &sources);
    assert_eq!(
        (number(&first, "read"), number(&first, "stored")),
        (107, 107)
    );
    let names: Vec<_> = first["sources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| &s["list"])
        .collect();
    assert_eq!(names, ["town-hall", "lighthouse-keepers"]);
    let journal = room.files("archive/journal");
    let again = import(&room, &sources);
    assert_eq!(
        (number(&again, "read"), number(&again, "duplicate")),
        (107, 107)
    );
    assert_eq!(room.files("archive/journal"), journal);
    room.run(&["check"]).ends(0);
}

#[test]
fn a_person_is_told_what_was_made_and_what_to_do() {
    let room = Room::new();
    let source = list("town-hall.mbox");
    let ran = room.run(&["import", &source]).ends(0);
    let dir = room.path("archive");
    assert!(
        ran.err
            .contains(&format!("made an archive in {}", dir.display())),
        "{ran:?}"
    );
    for words in [
        "town-hall    55        55",
        "made the private list town-hall",
        "list add --public NAME",
        "next: posthoc search",
    ] {
        assert!(ran.out.contains(words), "{words}: {ran:?}");
    }
    let quiet = room.run(&["import", &source, "-q"]).ends(0);
    assert_eq!((quiet.out.as_str(), quiet.err.as_str()), ("", ""));
}

#[test]
fn a_dry_run_changes_nothing() {
    let room = Room::new();
    let source = list("town-hall.mbox");
    let dry = import(&room, &["--dry-run", &source]);
    assert_eq!(number(&dry, "stored"), 55);
    assert!(!room.path("archive").exists());
    import(&room, &[&source]);
    let before = room.files("archive/journal");
    let dry = import(&room, &["-n", &source, &list("lighthouse-keepers.mbox")]);
    assert_eq!(
        (number(&dry, "stored"), number(&dry, "duplicate")),
        (52, 55)
    );
    assert_eq!(room.files("archive/journal"), before);
}

#[test]
fn a_pipe_needs_a_name_and_sources_that_share_one_are_told() {
    let room = Room::new();
    let mails = mailbox(3);
    let ran = room.feed(&["import", "-"], mails.as_bytes()).ends(64);
    assert!(ran.err.contains("--list NAME"), "{ran:?}");
    room.feed(&["import", "--list", "yard", "-"], mails.as_bytes())
        .ends(0);
    room.write("a/box.mbox", &mails);
    room.write("b/box.mbox", &mails);
    let ran = room.run(&["import", "a/box.mbox", "b/box.mbox"]).ends(64);
    assert!(ran.err.contains("would both fill the list box"), "{ran:?}");
    let both = import(&room, &["--list", "box", "a/box.mbox", "b/box.mbox"]);
    assert_eq!(
        (number(&both, "stored"), number(&both, "duplicate")),
        (3, 3)
    );
}

#[test]
fn one_broken_source_does_not_keep_the_others_out() {
    let room = Room::new();
    let whole = room.write("whole.mbox", mailbox(2));
    let gone = room.write("cut.mbox.gz", &GZIP[..GZIP.len() - 9]);
    let ran = room.run(&[
        "import",
        gone.to_str().unwrap(),
        whole.to_str().unwrap(),
        "--json",
    ]);
    assert_eq!(number(&ran.json(), "stored"), 2);
    assert!(
        ran.err.contains("cut off") || ran.err.contains("damaged"),
        "{ran:?}"
    );
    ran.ends(65);
}

/// One mail, packed by gzip(1): `From x Mon Nov  3 10:00:00 2025`, a subject, a text.
const GZIP: &[u8] = include_bytes!("one-mail.mbox.gz");

#[test]
fn strict_tells_what_was_not_taken() {
    let room = Room::new();
    room.write("files/a.eml", crate::prelude::mail(1));
    room.write("files/notes.bin", b"\x00\x01\x02 nothing of a mail");
    let report = import(&room, &["--kind", "files", "--list", "yard", "files"]);
    assert_eq!(
        (number(&report, "stored"), number(&report, "refused")),
        (1, 1)
    );
    assert_eq!(number(&report["reasons"], "not_mail"), 1);
    let strict = [
        "import", "--strict", "--kind", "files", "--list", "other", "files",
    ];
    room.run(&strict).ends(65);
}

#[test]
fn an_imported_file_comes_back_bit_for_bit() {
    let room = Room::new();
    let source = list("town-hall.mbox");
    import(&room, &[&source]);
    let sources = room.run(&["imports", "--json"]).ends(0).json();
    let id = sources[0]["id"].to_string();
    room.run(&["export", "--as-imported", &id, "back.mbox"])
        .ends(0);
    let bytes = std::fs::read(&source).unwrap();
    assert!(std::fs::read(room.path("back.mbox")).unwrap() == bytes);
    let piped = room.run(&["export", "--as-imported", &id, "-"]).ends(0);
    assert!(piped.out.as_bytes() == bytes);
    room.run(&["export", "--as-imported", &id, "back.mbox"])
        .ends(73);
    room.run(&["export", "--as-imported", "4711", "x"]).ends(1);
}

#[test]
fn an_export_holds_every_mail() {
    let room = Room::new();
    let source = list("town-hall.mbox");
    import(&room, &[&source]);
    for format in ["mbox", "maildir", "jsonl"] {
        let out = room
            .run(&["export", "--format", format, "--json", format])
            .ends(0);
        assert_eq!(number(&out.json(), "mails"), 55);
        assert!(room.path(format).join("SHA256SUMS").is_file());
    }
    let again = room
        .run(&["import", "--json", "--list", "again", "maildir/town-hall"])
        .ends(0);
    assert_eq!(number(&again.json(), "stored"), 55);
    let ran = room.run(&["export", "mbox"]).ends(73);
    assert!(ran.err.contains("empty"), "{ran:?}");
}

#[test]
fn reconcile_tells_what_is_missing() {
    let room = Room::new();
    room.write("half.mbox", mailbox(2));
    room.write("whole.mbox", mailbox(3));
    import(&room, &["--list", "yard", "half.mbox"]);
    room.run(&["reconcile", "--list", "yard", "half.mbox"])
        .ends(0);
    let ran = room
        .run(&["reconcile", "--list", "yard", "whole.mbox", "--json"])
        .ends(1);
    let answer = ran.json();
    assert_eq!(answer["read"], 3);
    assert_eq!(answer["missing"][0]["id"], "barrow.2@gate.example");
    let ran = room
        .run(&["reconcile", "--list", "yard", "whole.mbox"])
        .ends(1);
    assert!(ran.out.contains("Barrow number 2"), "{ran:?}");
}

#[test]
fn rebuild_changes_no_page() {
    let room = Room::new();
    import(
        &room,
        &[
            "--public",
            &list("town-hall.mbox"),
            &list("lighthouse-keepers.mbox"),
        ],
    );
    room.run(&["publish", "site"]).ends(0);
    room.run(&["rebuild"]).ends(0);
    let again = room
        .run(&["publish", "--full", "--json", "site"])
        .ends(0)
        .json();
    assert_eq!(again["written"].as_array().unwrap().len(), 0, "{again}");
    room.run(&["check"]).ends(0);
    room.run(&["search", "harbour"]).ends(0);
}

#[test]
fn only_public_lists_are_published_and_that_can_change() {
    let room = Room::new();
    import(&room, &[&list("town-hall.mbox")]);
    let ran = room.run(&["publish", "site"]).ends(0);
    assert!(
        ran.out.contains("left out: town-hall, which is private"),
        "{ran:?}"
    );
    assert!(!room.path("site/town-hall").exists());
    room.run(&["list", "add", "--public", "town-hall"]).ends(0);
    room.run(&["publish", "site"]).ends(0);
    assert!(room.path("site/town-hall/index.html").is_file());
    let ran = room.run(&["publish", "--print0", "site"]).ends(0);
    assert_eq!(ran.out, "");
    room.run(&["list", "add", "--private", "town-hall"]).ends(0);
    room.run(&["publish", "site"]).ends(0);
    assert!(!room.path("site/town-hall/index.html").exists());
    room.write("mine/index.html", "hello");
    let ran = room.run(&["publish", "mine"]).ends(73);
    assert!(ran.err.contains("--adopt"), "{ran:?}");
    assert_eq!(
        std::fs::read(room.path("mine/index.html")).unwrap(),
        b"hello"
    );
}

/// What has no header is put aside with its bytes, and can be taken in after all, once.
#[test]
fn what_was_put_aside_can_be_released() {
    let room = Room::new();
    let text = "\nOnly a note, left at the counter.\nFrom there nobody knows.\n";
    for folder in ["new", "tmp"] {
        std::fs::create_dir_all(room.path("yard").join(folder)).unwrap();
    }
    room.write("yard/cur/1.note:2,S", text);
    for n in 0..3 {
        room.write(&format!("yard/cur/2.{n}:2,S"), mail(n));
    }
    let ran = room.run(&["import", "yard", "--json"]).ends(0).json();
    assert_eq!(ran["quarantined"], 1, "{ran}");
    let aside = room.run(&["quarantine", "--json"]).ends(0).json();
    assert_eq!(aside[0]["reason"], "no_header");
    assert_eq!(aside[0]["released"], serde_json::Value::Null);
    let id = aside[0]["id"].to_string();
    let shown = room.run(&["quarantine", "show", &id]).ends(0).out;
    assert_eq!(shown, text);
    for _ in 0..2 {
        let done = room.run(&["quarantine", "release", &id, "--json"]).ends(0);
        assert_eq!(done.json()[0]["list"], "yard");
    }
    let listed = room.run(&["quarantine"]).ends(0).out;
    assert!(listed.contains("now mail"), "{listed}");
    let lists = room.run(&["lists", "--json"]).ends(0).json();
    assert_eq!(lists[0]["messages"], 4);
    let found = room.run(&["search", "counter", "--json"]).ends(0).json();
    assert_eq!(found["total"], 1);
    room.run(&["check"]).ends(0);
    let ran = room.run(&["quarantine", "show", "1"]).ends(1);
    assert!(ran.err.contains("number 1"), "{ran:?}");
}

#[test]
fn languages_of_a_list_are_proposed_until_they_are_set() {
    let room = Room::new();
    let mut mails = String::new();
    for n in 0..30 {
        mails += &format!(
            "From kara@hafen.example Mon Nov  3 10:00:00 2025\nFrom: Kara <kara@hafen.example>\n\
             Date: Mon, 3 Nov 2025 10:00:{n:02} +0100\nMessage-ID: <{n}@hafen.example>\n\
             Subject: Glocken\n\nIch habe die Glocken nicht gehört, aber der Küster sagt, dass sie um zwölf \
             geläutet wurden und dass das Seil der großen Glocke noch nicht wieder da ist.\n\n"
        );
    }
    room.write("hafen.mbox", &mails);
    let proposed = |words: &str| words.contains("`stems = [\"de\"]` in lists.d/hafen.toml");
    let said = room.run(&["import", "--public", "hafen.mbox"]).ends(0);
    assert!(proposed(&said.out), "{}", said.out);
    let total = |query: &str| {
        let found = room.run(&["search", "--json", "--limit", "1", "--", query]);
        number(&found.json(), "total")
    };
    assert_eq!(total("Glocken"), 30);
    assert_eq!((total("Glocke"), total("\"Glocke\"")), (30, 30));
    assert_eq!(total("Seilen"), 0);
    std::fs::create_dir_all(room.path("archive/lists.d")).unwrap();
    room.write("archive/lists.d/hafen.toml", "stems = [\"de\"]\n");
    assert_eq!((total("Seilen"), total("\"Seilen\"")), (30, 0));
    let said = room.run(&["import", "hafen.mbox"]).ends(0);
    assert!(!said.out.contains("stems"), "{}", said.out);
}
