//! remove, unremove, removals, redact, verify-gone: what they say, and their exit status.

use crate::prelude::{Ran, Room};

const ID: &str = "1@skarv.example";

/// Two mails, the second an answer to the first.
fn room() -> Room {
    let room = Room::new();
    let mail = |n: u32, more: &str, text: &str| {
        format!(
            "From ada@skarv.example Mon Nov  3 10:00:0{n} 2025\nFrom: Ada <ada@skarv.example>\n\
             Message-ID: <{n}@skarv.example>\nDate: Mon, 3 Nov 2025 10:00:0{n} +0000\n{more}\n{text}\n\n"
        )
    };
    let lines = "a word in it\nthe second line\nthe third line\nthe fourth line\nthe fifth line";
    let quoted = lines.replace('\n', "\n> ");
    let first = mail(1, "Subject: The cellar key is lost\n", lines);
    let more = "Subject: Another one\nIn-Reply-To: <1@skarv.example>\n";
    let second = mail(2, more, &format!("> {quoted}\n\nI see."));
    room.write("town.mbox", first + &second);
    room.run(&["import", "--public", "--list", "town", "town.mbox"])
        .ends(0);
    room
}

/// What the audit log says: who does it depends on the machine.
fn log(room: &Room) -> Vec<String> {
    let log = room.run(&["removals", "--json"]).ends(0).json();
    let entries = log.as_array().unwrap().iter();
    entries
        .map(|entry| {
            let word = |name: &str| entry[name].as_str().unwrap_or_default().to_owned();
            assert!(
                !word("by").is_empty() && word("at").ends_with('Z'),
                "{entry}"
            );
            [word("action"), word("piece"), word("state"), word("reason")].join("|")
        })
        .collect()
}

#[track_caller]
fn says(ran: Ran, status: i32, out: &str) {
    let ran = ran.ends(status);
    assert_eq!(ran.out, out, "{ran:?}");
}

#[test]
fn a_removal_tells_what_it_does_and_who_quotes_it() {
    let room = room();
    let quotes = "quotes 5 lines of it: town 1: 2@skarv.example\n";
    says(
        room.run(&["remove", ID, "--dry-run"]),
        0,
        &format!("would be removed: town 0: The cellar key is lost\n{quotes}"),
    );
    room.run(&["remove", ID]).ends(64);
    room.run(&["remove", "nobody@knows", "--reason", "x"])
        .ends(1);
    says(room.run(&["remove", "-", "--reason", "asked for"]), 1, "");
    says(
        room.feed(&["remove", "-", "--reason", "asked for"], ID.as_bytes()),
        0,
        &format!(
            "removed: town 0: The cellar key is lost\n{quotes}run publish again for a site of files\n"
        ),
    );
    assert_eq!(log(&room), ["remove||removed|asked for"]);
    says(
        room.run(&["unremove", ID, "--reason", "a mistake"]),
        0,
        "1 mail shown again\n",
    );
    says(
        room.run(&["unremove", ID]),
        0,
        "nothing was removed of that; all is as before\n",
    );
    assert_eq!(
        log(&room),
        ["remove||shown|asked for", "unremove||shown|a mistake"]
    );
}

#[test]
fn a_redaction_lists_parts_and_tells_what_it_did() {
    let room = room();
    says(
        room.run(&["redact", ID, "--dry-run"]),
        0,
        "town 0: The cellar key is lost\n  part 1: text/plain, 75 bytes\n",
    );
    room.run(&["redact", ID, "--reason", "x"]).ends(64);
    room.run(&["redact", ID, "--part", "1"]).ends(64);
    room.run(&["redact", ID, "--bytes", "9..3", "--reason", "x"])
        .ends(64);
    let refused = room
        .run(&["redact", ID, "--part", "2", "--reason", "x"])
        .ends(1);
    assert!(refused.err.contains("part 2: the mail does not have it"));
    says(
        room.run(&["redact", ID, "--header", "Subject", "--reason", "asked for"]),
        0,
        &format!("redacted: town 0: {ID}\nrun publish again for a site of files\n"),
    );
    assert_eq!(log(&room), ["redact|header Subject|redacted|asked for"]);
    let shown = room.run(&["show", "--json", ID]).ends(0);
    assert!(shown.out.contains("[removed]") && !shown.out.contains("cellar"));
    assert!(
        room.run(&["show", "--raw", ID])
            .ends(0)
            .out
            .contains("cellar")
    );
    room.run(&["search", "cellar"]).ends(1);
    room.run(&["unremove", ID]).ends(0);
    room.run(&["search", "cellar"]).ends(0);
}

#[test]
fn a_purge_asks_and_leaves_no_trace() {
    let room = room();
    let raw = room.run(&["show", "--raw", ID]).ends(0).out;
    room.write("it.eml", raw);
    room.run(&["publish", "site"]).ends(0);
    let verify = ["verify-gone", "--mail", "it.eml", "--out", "site"];
    assert!(room.run(&verify).ends(1).out.contains("journal at "));
    let asked = room
        .run(&["remove", ID, "--purge", "--reason", "x"])
        .ends(64);
    assert!(asked.err.contains("--yes"), "{asked:?}");
    room.run(&["remove", ID, "--purge", "--yes", "--reason", "asked for"])
        .ends(0);
    assert_eq!(log(&room), ["purge||purged|asked for"]);
    room.run(&["publish", "site"]).ends(0);
    let gone = room.run(&verify).ends(0).out;
    assert!(gone.starts_with("0 traces of "), "{gone}");
    room.run(&["check"]).ends(0);
    let refused = room.run(&["unremove", ID]).ends(1);
    assert!(refused.err.contains("cannot be taken back"), "{refused:?}");
    room.run(&["verify-gone", ID]).ends(64);
}
