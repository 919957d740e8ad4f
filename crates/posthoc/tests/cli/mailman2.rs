//! `import --site mailman2`: an installation of our own making.

use crate::prelude::{POSTHOC, Room, Server};
use std::io::Write;
use std::process::{Command, Stdio};

/// A pickle of Python 2 in protocol 0, as a program that knows no pickles writes one: strings, numbers, and a
/// dictionary of who subscribes.
fn pickle(settings: &[(&str, &str)], numbers: &[(&str, &str)], members: &[&str]) -> Vec<u8> {
    let mut text = "(dp0\n".to_owned();
    for (name, value) in settings {
        text += &format!("S'{name}'\nS'{value}'\ns");
    }
    for (name, number) in numbers {
        text += &format!("S'{name}'\n{number}\ns");
    }
    text += "S'members'\n(d";
    for member in members {
        text += &format!("S'{member}'\nI0\ns");
    }
    // A class that must never be imported, and what it would be called with.
    text += "sS'bounce_info'\n(dS'x'\ncos\nsystem\n(S'touch stolen'\ntRss.";
    text.into_bytes()
}

const HASH: &str = "5baa61e4c9b93f3f0682250b6cf8331b7ee68fd8";

fn mail(n: usize, id: bool) -> String {
    let id = if id {
        format!("Message-ID: <{n}@x.example>\n")
    } else {
        String::new()
    };
    format!(
        "From ada@example.org Mon Sep  1 10:00:00 2025\n{id}Date: Mon, 1 Sep 2025 10:00:{n:02} +0000\n\
         From: Ada Example <ada@example.org>\nSubject: Mail {n}\n\ntext {n}\n\n"
    )
}

fn installation() -> Room {
    let room = Room::new();
    let list = |name: &str, private: &str, frequency: &str| {
        let settings = [
            ("real_name", "Keepers"),
            ("description", "Those who keep the light"),
            ("host_name", "lists.example.org"),
            ("web_page_url", "https://lists.example.org/mailman/"),
            ("subject_prefix", "[Keepers] "),
            ("preferred_language", "en"),
            ("password", HASH),
            ("mod_password", HASH),
        ];
        let numbers = [
            ("archive_private", private),
            ("advertised", "I01"),
            ("archive_volume_frequency", frequency),
            ("max_message_size", "L40L"),
        ];
        let pickle = pickle(&settings, &numbers, &["Ada@example.org", "ben@example.org"]);
        room.write(&format!("mailman/lists/{name}/config.pck"), pickle);
    };
    list("keepers", "I0", "I1");
    list("c++.users", "I1", "L0L");
    let mails: String = [(0, true), (1, false), (2, true), (2, true), (3, true)]
        .iter()
        .map(|(n, id)| mail(*n, *id))
        .collect();
    for name in ["keepers", "c++.users"] {
        room.write(
            &format!("mailman/archives/private/{name}.mbox/{name}.mbox"),
            &mails,
        );
    }
    room.write(
        "mailman/Mailman/mm_cfg.py",
        "from Defaults import *\nPUBLIC_MBOX = Yes\nARCHIVE_HTML_SANITIZER = 2\n",
    );
    room
}

/// An old tree whose numbers are others than a fresh run would give.
fn old_pages(room: &Room) {
    let page = |id: &str| {
        format!(
            "<LINK REL=\"made\" HREF=\"mailto:x%40y?Subject=Re%3A%20x&In-Reply-To=%3C{id}%3E\">"
        )
    };
    let at = "mailman/archives/private/keepers";
    for (number, id) in [
        (7, "3%40x.example"),
        (9, "0%40x.example"),
        (10, "2%40x.example"),
        (12, "2%40x.example"),
        (14, "lost%40x.example"),
    ] {
        room.write(&format!("{at}/2025-September/{number:06}.html"), page(id));
    }
    room.write(&format!("{at}/2025-September/thread.html"), "an index");
    room.write(
        &format!("{at}/stray/000001.html"),
        page("stray%40x.example"),
    );
    room.write(
        &format!("{at}/database/2025-September-article"),
        "a dictionary",
    );
    // Stale: it was made before most of the mails came.
    room.write(
        &format!("{at}/2025-September.txt"),
        "From a at b  Mon Sep  1 10:00:00 2025\nFrom: a at b\nMessage-ID: <stale@x.example>\n\n",
    );
}

#[test]
fn every_list_is_taken_with_its_settings_and_no_password() {
    let room = installation();
    let ran = room
        .run(&["import", "--site", "mailman2", "mailman"])
        .ends(0);
    assert!(
        ran.out.contains("keepers") && ran.out.contains("c++.users"),
        "{ran:?}"
    );
    let read = |name: &str| std::fs::read_to_string(room.path(name)).unwrap();
    let keepers = read("archive/lists.d/keepers.toml");
    for line in [
        "layout = \"pipermail\"",
        "title = \"Keepers\"",
        "description = \"Those who keep the light\"",
        "address = \"keepers@lists.example.org\"",
        "listinfo = \"https://lists.example.org/mailman/listinfo/keepers\"",
        "visibility = \"public\"",
        "volumes = \"monthly\"",
        "mbox_link = true",
        "html_parts = \"inline\"",
    ] {
        assert!(keepers.contains(line), "{line}: {keepers}");
    }
    let users = read("archive/lists.d/c++.users.toml");
    assert!(
        users.contains("visibility = \"private\"") && users.contains("volumes = \"yearly\""),
        "{users}"
    );
    assert_eq!(
        read("archive/lists.d/c++.users.members"),
        "ada@example.org\nben@example.org\n"
    );
    assert!(!room.path("stolen").exists());
    for (path, bytes) in room.files("archive") {
        let held = memchr::memmem::find(&bytes, HASH.as_bytes());
        assert!(held.is_none(), "{} holds a password", path.display());
    }
    // As Pipermail numbered them: the mail that stands twice has two numbers.
    room.run(&["publish", "out"]).ends(0);
    for n in 0..5 {
        assert!(
            room.path(&format!("out/keepers/2025-September/{n:06}.html"))
                .exists(),
            "{n}"
        );
    }
    assert!(
        !room.path("out/c++.users").exists(),
        "a private list was published"
    );
}

#[test]
fn a_second_run_and_what_was_set_by_hand_change_nothing() {
    let room = installation();
    room.write(
        "archive/lists.d/keepers.toml",
        "title = \"By hand\" # ours\n",
    );
    for _ in 0..2 {
        room.run(&["-q", "import", "--site", "mailman2", "mailman"])
            .ends(0);
    }
    let text = std::fs::read_to_string(room.path("archive/lists.d/keepers.toml")).unwrap();
    assert!(text.starts_with("title = \"By hand\" # ours\n"), "{text}");
    let lists = room.run(&["lists", "--json"]).ends(0).out;
    assert!(lists.contains("\"keepers\""), "{lists}");
    let dry = room
        .run(&["import", "-n", "--site", "mailman2", "mailman"])
        .ends(0);
    assert!(dry.out.contains("dry run"), "{dry:?}");
}

#[test]
fn old_numbers_answer() {
    let room = installation();
    old_pages(&room);
    let ran = room
        .run(&[
            "import", "--site", "mailman2", "--list", "keepers", "mailman",
        ])
        .ends(0);
    assert!(
        ran.err.contains("4 of 5 old pages keep their numbers"),
        "{ran:?}"
    );
    assert!(ran.err.contains("2025-September/000014.html"), "{ran:?}");
    room.run(&["publish", "out"]).ends(0);
    let page = |number: usize| {
        let path = room.path(&format!("out/keepers/2025-September/{number:06}.html"));
        std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{number}: {error}"))
    };
    // The mail without an id had no page of its own there: it comes behind the others.
    for (number, subject) in [
        (7, "Mail 3"),
        (9, "Mail 0"),
        (10, "Mail 2"),
        (12, "Mail 2"),
        (15, "Mail 1"),
    ] {
        assert!(page(number).contains(subject), "{number}");
    }
    let server = Server::start(&room, &["serve", "--listen", "0"]);
    let (status, _) = server.status("/keepers/2025-September/000012.html");
    assert_eq!(status, "200");
    drop(server);
    let again = room
        .run(&[
            "import", "--site", "mailman2", "--list", "keepers", "mailman",
        ])
        .ends(0);
    assert!(again.err.contains("4 of 5"), "{again:?}");
    room.run(&["check"]).ends(0);
}

/// `os.popen(PUBLIC_EXTERNAL_ARCHIVER % …, 'w')`: a shell, the mail on standard input, and nobody who looks at the
/// exit status.
#[test]
fn mailman_hands_its_mails_over() {
    let room = installation();
    room.run(&["-q", "import", "--site", "mailman2", "mailman"])
        .ends(0);
    let archiver = format!("{POSTHOC} deliver --list keepers");
    let hand_over = |mail: &str| {
        let mut shell = Command::new("sh");
        let mut shell = shell
            .args(["-c", &archiver])
            .current_dir(room.path(""))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        shell
            .stdin
            .take()
            .unwrap()
            .write_all(mail.as_bytes())
            .unwrap();
        assert!(shell.wait().unwrap().success());
    };
    hand_over(&mail(20, true));
    hand_over(&mail(21, true).replace("Subject:", "X-Archive: no\nSubject:"));
    hand_over(&mail(22, true).replace("Subject:", "X-No-Archive: yes\nSubject:"));
    for (id, status) in [
        ("20@x.example", 0),
        ("21@x.example", 1),
        ("22@x.example", 1),
    ] {
        assert_eq!(room.run(&["show", id]).status, status, "{id}");
    }
}

#[test]
fn config_list_stands_in_for_a_broken_pickle() {
    let room = installation();
    room.write("mailman/lists/keepers/config.pck", b"\x80\x05broken");
    let ran = room
        .run(&["import", "--site", "mailman2", "mailman"])
        .ends(65);
    assert!(ran.err.contains("config_list"), "{ran:?}");
    room.write(
        "mailman/lists/keepers/config.txt",
        "real_name = 'Keepers'\ndescription = \"\"\"Those who keep\nthe light\"\"\"\narchive_private = 0\nadvertised = 1\n",
    );
    room.run(&["import", "--site", "mailman2", "mailman"])
        .ends(0);
    let text = std::fs::read_to_string(room.path("archive/lists.d/keepers.toml")).unwrap();
    assert!(text.contains("Those who keep the light"), "{text}");
    let none = room.run(&["import", "--site", "mailman2", "mailman/archives"]);
    assert!(none.status == 66 && none.err.contains("lists"), "{none:?}");
}

/// A folder of pages and text volumes, without its mailbox: no empty line stands before an entry where a file was
/// taken out, and a text may hold a line that begins one.
#[test]
fn pages_without_a_mailbox_are_taken_by_their_text_volumes() {
    let room = Room::new();
    let entry = |n: usize, text: &str| {
        format!(
            "From ada at example.org  Mon Sep  1 10:00:{n:02} 2025\nFrom: ada at example.org (Ada Example)\n\
             Date: Mon, 1 Sep 2025 10:00:{n:02} +0000\nSubject: Mail {n}\nMessage-ID: <{n}@x.example>\n\n{text}\n"
        )
    };
    let text = [
        entry(0, "URL: https://lists.example.org/attachments/a.bin"),
        entry(1, "\nFrom here on all is well\n"),
        entry(2, "\ntext\n"),
    ];
    room.write("keepers/2025-September.txt", text.concat());
    for number in [3, 5, 6] {
        room.write(
            &format!("keepers/2025-September/{number:06}.html"),
            "a page",
        );
    }
    let ran = room.run(&["import", "--public", "keepers"]).ends(0);
    assert!(
        ran.err.contains("3 of 3 old pages keep their numbers"),
        "{ran:?}"
    );
    let shown = room.run(&["show", "--list", "keepers", "5"]).ends(0).out;
    assert!(
        shown.contains("Mail 1") && shown.contains("all is well"),
        "{shown}"
    );
    assert!(shown.contains("ada@example.org"), "{shown}");
}
