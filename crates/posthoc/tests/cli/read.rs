//! search, show, thread, url, lists.

use crate::prelude::{Room, list, mail};

/// A room with the town's list.
fn town() -> Room {
    let room = Room::new();
    room.run(&["import", "--public", &list("town-hall.mbox")])
        .ends(0);
    room
}

/// The names of an object's members.
#[track_caller]
fn members(value: &serde_json::Value, names: &[&str]) {
    let mut found: Vec<_> = value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    let mut names = names.to_vec();
    found.sort_unstable();
    names.sort_unstable();
    assert_eq!(found, names);
}

#[test]
fn search_answers_in_every_shape() {
    let room = town();
    let answer = room
        .run(&["search", "--json", "notice board", "--limit", "2"])
        .ends(0)
        .json();
    members(&answer, &["total", "hits"]);
    let hits = answer["hits"].as_array().unwrap();
    assert!(
        hits.len() == 2 && answer["total"].as_u64().unwrap() >= 2,
        "{answer}"
    );
    members(
        &hits[0],
        &[
            "id", "list", "key", "url", "subject", "from", "date", "score", "snippet",
        ],
    );
    assert!(hits[0]["date"].as_str().unwrap().ends_with('Z'));
    let ids = room
        .run(&[
            "search", "notice", "board", "--format", "ids", "--limit", "2",
        ])
        .ends(0);
    let listed: Vec<_> = hits.iter().map(|hit| hit["id"].as_str().unwrap()).collect();
    assert_eq!(ids.out.lines().collect::<Vec<_>>(), listed);
    let urls = room
        .run(&["search", "notice board", "--format", "urls"])
        .ends(0);
    assert!(
        urls.out
            .lines()
            .all(|url| url.starts_with("town-hall/2025-")),
        "{urls:?}"
    );
    let mbox = room
        .run(&["search", "notice board", "--format", "mbox"])
        .ends(0);
    assert!(mbox.out.starts_with("From mboxrd"), "{mbox:?}");
    let text = room.run(&["search", "subject:welcome"]).ends(0);
    assert!(
        text.out.contains("town-hall  2025-10-06  Marcel Okafor"),
        "{text:?}"
    );
}

#[test]
fn search_says_when_there_is_nothing_and_when_the_query_is_wrong() {
    let room = town();
    let none = room.run(&["search", "zeppelin"]).ends(1);
    assert!(
        none.out.is_empty() && none.err.contains("nothing found"),
        "{none:?}"
    );
    assert_eq!(
        room.run(&["search", "zeppelin", "--json"]).ends(1).json()["total"],
        0
    );
    let bad = room.run(&["search", "(harbour"]).ends(64);
    assert!(
        bad.err.contains("at byte 0") && bad.err.lines().count() == 1,
        "{bad:?}"
    );
    let list = room
        .run(&["search", "harbour", "--list", "nowhere"])
        .ends(66);
    assert!(list.err.contains("no list named"), "{list:?}");
}

#[test]
fn words_left_for_later_are_found() {
    let room = Room::new();
    room.run(&["import", "--no-index", &list("town-hall.mbox")])
        .ends(0);
    room.run(&["search", "harbour"]).ends(0);
}

#[test]
fn a_mail_is_known_by_all_its_names() {
    let room = town();
    let id = "fb5184189b22@pacific.example";
    let shown = room.run(&["show", "--json", id]).ends(0).json();
    members(
        &shown,
        &[
            "id",
            "key",
            "list",
            "number",
            "url",
            "subject",
            "from",
            "to",
            "cc",
            "date",
            "in_reply_to",
            "references",
            "text",
            "attachments",
            "defects",
        ],
    );
    members(&shown["from"], &["name", "address"]);
    let url = shown["url"].as_str().unwrap();
    let key = shown["key"].as_str().unwrap();
    let whole = format!("https://lists.example/archive/{url}");
    for name in [key, url, &whole, "<fb5184189b22@pacific.example>"] {
        assert_eq!(
            room.run(&["show", "--json", name]).ends(0).json(),
            shown,
            "{name}"
        );
    }
    let number = shown["number"].to_string();
    let by_number = room
        .run(&["show", "--json", "--list", "town-hall", &number])
        .ends(0);
    assert_eq!(by_number.json(), shown);
    let text = room.run(&["show", id]).ends(0).out;
    assert!(
        text.starts_with("From:       Desmond Quayle <dquayle@pacific.example>\n"),
        "{text}"
    );
    let only = room.run(&["show", "--text", id]).ends(0).out;
    assert!(only.starts_with("On Mon, 6 Oct 2025"), "{only}");
    let raw = room.run(&["show", "--raw", id]).ends(0).out;
    assert!(
        raw.contains("\nMessage-ID: <fb5184189b22@pacific.example>\n"),
        "{raw}"
    );
    let html = room.run(&["show", "--html", id]).ends(0).out;
    assert!(html.starts_with("<!doctype html>"), "{html}");
    for unknown in [
        "nobody@nowhere.example",
        "99999",
        "town-hall/2025-October/msg99999.html",
    ] {
        let ran = room.run(&["show", unknown]).ends(1);
        assert!(ran.err.contains("nothing is known as"), "{ran:?}");
    }
}

#[test]
fn a_thread_is_a_tree() {
    let room = town();
    let id = "fb5184189b22@pacific.example";
    let lines = room.run(&["thread", "--json", id]).ends(0).json();
    let lines = lines.as_array().unwrap();
    let names = [
        "id", "key", "parent", "depth", "ghost", "subject", "from", "date", "url",
    ];
    members(&lines[0], &names);
    assert!(lines[0]["depth"] == 0 && lines[0]["parent"].is_null());
    let this = lines.iter().find(|line| line["id"] == id).unwrap();
    assert_eq!(
        (&this["depth"], &this["parent"]),
        (&1.into(), &lines[0]["id"])
    );
    let text = room.run(&["thread", id]).ends(0).out;
    assert!(
        text.contains("\n2025-10-06    Desmond Quayle  <fb51"),
        "{text}"
    );
    room.run(&["thread", "nobody@nowhere.example"]).ends(1);
}

#[test]
fn permalinks_need_no_archive() {
    let room = Room::new();
    let id = "<a/b@gate.example>";
    let ran = room.run(&["url", "-q", "--list", "yard", id]).ends(0);
    assert_eq!(ran.out, "yard/mid.html#a%2Fb@gate.example\n");
    room.write(
        "c.toml",
        "[site]\nurl = \"https://lists.example/a/\"\npermalink = \"mid\"\n",
    );
    let ran = room
        .run(&["url", "--config", "c.toml", "--list", "yard", id])
        .ends(0);
    assert_eq!(
        ran.out,
        "https://lists.example/a/yard/mid/a%2Fb@gate.example/\n"
    );
    assert!(!room.path("archive").exists());
    let room = town();
    let ran = room.run(&["url", "-q", "--list", "town-hall", "3"]).ends(0);
    assert_eq!(ran.out, "town-hall/2025-October/msg00003.html\n");
}

#[test]
fn lists_are_told() {
    let room = town();
    let lists = room.run(&["lists", "--json"]).ends(0).json();
    let names = [
        "name",
        "title",
        "address",
        "messages",
        "threads",
        "first",
        "last",
        "visibility",
    ];
    members(&lists[0], &names);
    assert_eq!(
        (&lists[0]["messages"], &lists[0]["visibility"]),
        (&55.into(), &"public".into())
    );
    let text = room.run(&["lists"]).ends(0).out;
    assert!(
        text.contains("town-hall     55       12  2025-10-06"),
        "{text}"
    );
}

#[test]
fn a_subject_cannot_speak_to_the_terminal() {
    let room = Room::new();
    let evil = mail(1).replace("Barrow number 1", "red \u{1b}[31m\u{202e}gnorw");
    room.write("yard.eml", evil);
    room.run(&["import", "--list", "yard", "yard.eml"]).ends(0);
    for args in [
        &["search", "red"][..],
        &["thread", "--list", "yard", "0"],
        &["show", "--list", "yard", "0"],
    ] {
        let out = room.run(args).ends(0).out;
        assert!(!out.contains(['\u{1b}', '\u{202e}']), "{args:?}: {out:?}");
    }
}

#[test]
fn settings_are_found_and_templates_taken() {
    let room = town();
    room.write(
        "archive/posthoc.toml",
        "[site]\ntitle = \"The town\"\nurl = \"https://town.example\"\n",
    );
    let ran = room
        .run(&["search", "harbour", "--format", "urls", "--limit", "1"])
        .ends(0);
    assert!(
        ran.out.starts_with("https://town.example/town-hall/2025-"),
        "{ran:?}"
    );
    room.write(
        "archive/templates/home.html",
        "the town's own page, {{ 1 + 1 }}",
    );
    room.run(&["publish", "site"]).ends(0);
    let home = std::fs::read_to_string(room.path("site/index.html")).unwrap();
    assert_eq!(home, "the town's own page, 2");
    let elsewhere = Room::new();
    elsewhere.write("c.toml", format!("archive = {:?}\n", room.path("archive")));
    let ran = elsewhere
        .run(&["lists", "--json", "--config", "c.toml"])
        .ends(0);
    assert_eq!(ran.json()[0]["name"], "town-hall");
}
