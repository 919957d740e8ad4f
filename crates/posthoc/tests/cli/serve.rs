//! serve with sources: a scratch archive, shown on this machine.

use crate::prelude::{Room, Server, list};

#[test]
fn a_mailbox_is_shown_without_an_archive() {
    let room = Room::new();
    let args = ["serve", "--listen", "0", &list("town-hall.mbox")];
    for _ in 0..2 {
        let server = Server::start(&room, &args);
        let home = server.get("/");
        assert!(
            home.starts_with("HTTP/1.1 200") && home.contains("town-hall"),
            "{home}"
        );
        let mail = server.get("/town-hall/2025-October/msg00003.html");
        assert!(mail.contains("LOST, ONE OAR"), "{mail}");
    }
    assert!(!room.path("archive").exists());
    let scratch = std::fs::read_dir(room.path("cache/posthoc"))
        .unwrap()
        .count();
    assert_eq!(scratch, 1);
}
