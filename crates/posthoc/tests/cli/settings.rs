//! The configuration: what it does to lists, and when.

use crate::prelude::{Room, Server, list, mailbox};

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
