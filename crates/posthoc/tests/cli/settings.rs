//! The configuration: what it does to lists, and when.

use crate::prelude::{Room, Server, list, mail, mailbox};

/// A room with an archive of two small lists, one of them public.
fn two_lists() -> Room {
    let room = Room::new();
    room.run(&["import", "--public", &list("town-hall.mbox")])
        .ends(0);
    room.write("yard.mbox", mailbox(3));
    room.run(&["import", "yard.mbox"]).ends(0);
    room
}

#[test]
fn a_server_takes_over_all_settings_or_none() {
    let room = two_lists();
    let mut server = Server::start(&room, &["serve", "--listen", "0"]);
    assert_eq!(server.status("/yard/").0, "404");
    room.write("archive/posthoc.toml", "[site]\ntitle = \"Harbour\"\n");
    room.write("archive/lists.d/town-hall.toml", "title = \"Hall\"\n");
    let broken = room.write(
        "archive/lists.d/yard.toml",
        "visibility = \"public\"\ntitel = \"Yard\"\n",
    );
    let said = server.reload();
    assert!(
        said.contains("stay as they were") && said.contains("yard.toml, line 2"),
        "{said}"
    );
    assert_eq!(server.status("/yard/").0, "404");
    assert!(!server.get("/").contains("Harbour"));
    assert!(!server.get("/town-hall/").contains("Hall</"));
    // A template that cannot be used is a mistake too, and nothing is recorded.
    std::fs::write(&broken, "visibility = \"public\"\n").unwrap();
    room.write("archive/templates/list.html", "{% if %}");
    let said = server.reload();
    assert!(
        said.contains("stay as they were") && said.contains("list.html"),
        "{said}"
    );
    assert_eq!(server.status("/yard/").0, "404");
    std::fs::remove_file(room.path("archive/templates/list.html")).unwrap();
    let said = server.reload();
    assert!(said.contains("read anew"), "{said}");
    assert_eq!(server.status("/yard/").0, "200");
    let home = server.get("/");
    assert!(home.contains("Harbour") && home.contains("Hall"), "{home}");
    // Closed again at once; and it stays closed when the configuration is gone.
    std::fs::write(&broken, "visibility = \"private\"\n").unwrap();
    server.reload();
    assert_eq!(server.status("/yard/").0, "404");
    std::fs::remove_dir_all(room.path("archive/lists.d")).unwrap();
    server.reload();
    assert_eq!(server.status("/yard/").0, "404");
    assert_eq!(server.status("/town-hall/").0, "200");
}

#[test]
fn every_mistake_is_told_at_once() {
    let room = two_lists();
    room.run(&["config", "check"]).ends(0);
    room.write(
        "archive/posthoc.toml",
        "[site]\ntitel = \"x\"\n[limits]\nparts = 0\n",
    );
    room.write("archive/lists.d/yard.toml", "visibility = \"open\"\n");
    let ran = room.run(&["config", "check"]).ends(78);
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!(lines.len(), 3, "{ran:?}");
    assert!(
        lines[0].contains("yard.toml, line 1: visibility = \"open\""),
        "{ran:?}"
    );
    assert!(
        lines[1].ends_with("posthoc.toml, line 2: unknown key \"titel\"; did you mean \"title\"?")
    );
    assert!(
        lines[2].ends_with("line 4: parts = 0: write 10 to 10000 parts"),
        "{ran:?}"
    );
    let json = room.run(&["config", "check", "--json"]).ends(78).json();
    assert_eq!(json["mistakes"][1]["line"], 2);
    // Other verbs tell the first and do nothing.
    let ran = room.run(&["lists"]).ends(78);
    assert!(
        ran.err.contains("yard.toml, line 1") && ran.err.contains("2 more"),
        "{ran:?}"
    );
    // Mail is kept all the same, and comes in when it is mended.
    room.feed(
        &["-a", "archive", "deliver", "--list", "yard"],
        mail(7).as_bytes(),
    )
    .ends(0);
    room.feed(
        &["-a", "archive", "deliver", "--list", "nobody"],
        mail(8).as_bytes(),
    )
    .ends(75);
    std::fs::remove_dir_all(room.path("archive/lists.d")).unwrap();
    std::fs::remove_file(room.path("archive/posthoc.toml")).unwrap();
    let lists = room.run(&["lists", "--json"]).ends(0).json();
    assert_eq!(lists[1]["messages"], 4, "{lists}");
}

#[test]
fn settings_say_where_they_come_from() {
    let room = two_lists();
    room.write(
        "archive/posthoc.toml",
        "[site]\ntitle = \"Harbour\"\n\n[defaults]\nmask = \"full\"\n",
    );
    room.write("archive/lists.d/yard.toml", "# ours\ntitle = \"Yard\"\n");
    let rows = room
        .run(&["config", "show", "--list", "yard", "--json"])
        .ends(0)
        .json();
    let of = |key: &str| {
        let mut rows = rows.as_array().unwrap().iter();
        rows.find(|row| row["key"] == key).unwrap().clone()
    };
    assert_eq!(of("title")["from"]["line"], 2);
    assert_eq!(
        (&of("mask")["value"], &of("mask")["from"]["line"]),
        (&"full".into(), &5.into())
    );
    assert_eq!(
        (&of("visibility")["value"], &of("visibility")["from"]),
        (&"private".into(), &"recorded".into())
    );
    assert_eq!(
        (&of("language")["value"], &of("language")["from"]),
        (&"en".into(), &"default".into())
    );
    // Until it is recorded, a looser setting does not count.
    room.write("archive/lists.d/yard.toml", "visibility = \"public\"\n");
    let shown = room.run(&["config", "show", "--list", "yard"]).ends(0).out;
    let line = shown
        .lines()
        .find(|line| line.starts_with("visibility"))
        .unwrap();
    assert!(
        line.contains("private") && line.ends_with("recorded in the archive"),
        "{shown}"
    );
    room.run(&["lists"]).ends(0);
    let shown = room.run(&["config", "show", "--list", "yard"]).ends(0).out;
    let line = shown
        .lines()
        .find(|line| line.starts_with("visibility"))
        .unwrap();
    assert!(
        line.contains("public") && line.contains("yard.toml, line 1"),
        "{shown}"
    );
    let site = room.run(&["config", "show"]).ends(0).out;
    assert!(
        site.contains("site.title") && site.contains("limits.parts"),
        "{site}"
    );
}

#[test]
fn set_keeps_what_else_stands_in_the_file() {
    let room = two_lists();
    let file = room.write(
        "archive/lists.d/yard.toml",
        "# The yard, since 2003.\ndescription = \"Barrows\" # wheel-\n\n# never shown\ndrop = [\"X-Yard\"]\n",
    );
    let args = [
        "list",
        "set",
        "yard",
        "visibility=public",
        "description=Carts",
        "drop=X-Yard,X-Gate",
    ];
    let ran = room.run(&args).ends(0);
    assert!(ran.out.contains("public now: run publish"), "{ran:?}");
    assert_eq!(
        std::fs::read_to_string(&file).unwrap(),
        "# The yard, since 2003.\ndescription = \"Carts\" # wheel-\n\n# never shown\n\
         drop = [\"X-Yard\", \"X-Gate\"]\nvisibility = \"public\"\n"
    );
    assert_eq!(
        room.run(&["lists", "--json"]).json()[1]["visibility"],
        "public"
    );
    for (wrong, words) in [
        ("visibilty=public", "did you mean \"visibility\""),
        ("mask=some", "write none, at, domain, full"),
        ("mask", "write KEY=VALUE"),
        ("aliases=town-hall,search", "write names of lists"),
    ] {
        let ran = room.run(&["list", "set", "yard", wrong]).ends(64);
        assert!(ran.err.contains(words), "{ran:?}");
    }
    room.run(&["list", "set", "nobody", "mask=at"]).ends(66);
    // Taken out of the file it stays recorded: nothing opens, nothing closes.
    let ran = room.run(&["list", "set", "yard", "visibility="]).ends(0);
    assert!(ran.out.contains("counts on"), "{ran:?}");
    assert_eq!(
        room.run(&["lists", "--json"]).json()[1]["visibility"],
        "public"
    );
    let ran = room
        .run(&["list", "set", "yard", "visibility=private"])
        .ends(0);
    assert!(ran.out.contains("run publish again"), "{ran:?}");
    std::fs::remove_file(&file).unwrap();
    assert_eq!(
        room.run(&["lists", "--json"]).json()[1]["visibility"],
        "private"
    );
    // A list without a file gets one.
    room.run(&[
        "list",
        "set",
        "town-hall",
        "title=Town hall",
        "aliases=hall",
    ])
    .ends(0);
    let shown = room.run(&["list", "show", "hall"]).ends(0).out;
    assert!(
        shown.starts_with("town-hall: Town hall, ") && shown.contains("also known as hall"),
        "{shown}"
    );
    let ran = room.run(&["list", "set", "yard", "aliases=hall"]).ends(78);
    assert!(ran.err.contains("a name of the list"), "{ran:?}");
}

#[test]
fn add_does_not_lose_against_the_configuration() {
    let room = Room::new();
    room.write(
        "archive/posthoc.toml",
        "[defaults]\nvisibility = \"public\"\nvolumes = \"yearly\"\n",
    );
    room.run(&["init"]).ends(0);
    room.run(&["list", "add", "open"]).ends(0);
    room.run(&["list", "add", "--private", "--title", "Closed", "closed"])
        .ends(0);
    let text = std::fs::read_to_string(room.path("archive/lists.d/closed.toml")).unwrap();
    assert_eq!(text, "visibility = \"private\"\ntitle = \"Closed\"\n");
    let lists = room.run(&["lists", "--json"]).json();
    assert_eq!(
        (&lists[0]["visibility"], &lists[0]["title"]),
        (&"private".into(), &"Closed".into())
    );
    assert_eq!(lists[1]["visibility"], "public");
    room.feed(&["deliver", "--list", "open"], mail(1).as_bytes())
        .ends(0);
    let url = room.run(&["url", "--list", "open", "0"]).ends(0).out;
    assert_eq!(url.trim(), "open/2025/msg00000.html");
    // Another frequency is for new mail, and is said.
    room.write("archive/posthoc.toml", "[defaults]\nvolumes = \"daily\"\n");
    let ran = room.run(&["lists"]).ends(0);
    assert!(
        ran.err
            .contains("open: volumes is daily from now on, was yearly; for new mail only"),
        "{ran:?}"
    );
    room.feed(&["deliver", "--list", "open"], mail(2).as_bytes())
        .ends(0);
    assert_eq!(
        room.run(&["url", "--list", "open", "0"]).out.trim(),
        "open/2025/msg00000.html"
    );
    assert_eq!(
        room.run(&["url", "--list", "open", "1"]).out.trim(),
        "open/20251103/msg00001.html"
    );
    room.run(&["check"]).ends(0);
}

#[test]
fn a_list_is_renamed_with_all_that_leads_to_it() {
    let room = two_lists();
    room.run(&["list", "set", "town-hall", "title=Hall", "aliases=hall"])
        .ends(0);
    room.run(&["publish", "site"]).ends(0);
    let ran = room
        .run(&["list", "rename", "town-hall", "council"])
        .ends(0);
    assert!(ran.out.contains("council from now on"), "{ran:?}");
    assert!(room.path("archive/lists.d/council.toml").exists());
    assert!(!room.path("archive/lists.d/town-hall.toml").exists());
    room.run(&["list", "rename", "town-hall", "council"])
        .ends(0);
    room.run(&["list", "rename", "yard", "hall"]).ends(73);
    room.run(&["list", "rename", "yard", "council"]).ends(73);
    room.run(&["list", "add", "town-hall"]).ends(73);
    room.run(&["list", "rename", "yard", "search"]).ends(64);
    for name in ["town-hall", "hall"] {
        let mail = mail(name.len());
        room.feed(&["deliver", "--list", name], mail.as_bytes())
            .ends(0);
        room.run(&["search", "--list", "town-hall", "barrow"])
            .ends(0);
    }
    let server = Server::start(&room, &["serve", "--listen", "0"]);
    for (old, new) in [
        ("/town-hall", "./council/"),
        ("/town-hall/", "../council/"),
        ("/hall/feed.atom", "../council/feed.atom"),
        (
            "/town-hall/2025-October/msg00003.html",
            "../../council/2025-October/msg00003.html",
        ),
        ("/town-hall/search/?q=oar", "../../council/search/?q=oar"),
        ("/town-hall/n/3", "../../council/n/3"),
    ] {
        assert_eq!(
            server.status(old),
            ("301".to_owned(), Some(new.to_owned())),
            "{old}"
        );
    }
    room.run(&["publish", "site"]).ends(0);
    let notice = std::fs::read_to_string(room.path("site/town-hall/index.html")).unwrap();
    assert!(notice.contains("../council/"), "{notice}");
    assert!(
        room.path("site/council/2025-October/msg00003.html")
            .exists()
    );
    assert!(!room.path("site/town-hall/2025-October").exists());
    room.run(&["list", "add", "--take-over", "town-hall"])
        .ends(0);
    assert_eq!(server.status("/town-hall/").0, "404");
    room.run(&["check"]).ends(0);
}
