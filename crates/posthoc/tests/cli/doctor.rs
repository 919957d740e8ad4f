//! doctor: each thing that is wrong, and nothing else.

use crate::prelude::{Room, mail};
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;

/// What is found with a remedy, by severity.
fn found(room: &Room, status: i32) -> Vec<(String, String)> {
    let told = room.run(&["doctor", "--json"]).ends(status).json();
    let findings = told["findings"].as_array().unwrap().iter();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    findings
        .map(|finding| {
            assert!(!text(&finding["remedy"]).is_empty(), "{finding}");
            (text(&finding["severity"]), text(&finding["what"]))
        })
        .collect()
}

#[track_caller]
fn finds(room: &Room, words: &str) {
    let found = found(room, 1);
    let fits = |(severity, what): &(String, String)| severity == "problem" && what.contains(words);
    assert_eq!(
        found.iter().filter(|finding| fits(finding)).count(),
        1,
        "{words}: {found:?}"
    );
}

#[test]
fn a_set_up_that_is_well_has_nothing_to_say_to() {
    let room = Room::new();
    room.run(&["init"]).ends(0);
    room.run(&["list", "add", "yard"]).ends(0);
    room.feed(&["deliver", "--list", "yard"], mail(1).as_bytes())
        .ends(0);
    let before = room.files("archive");
    assert_eq!(found(&room, 0), []);
    let ran = room.run(&["doctor"]).ends(0);
    assert!(ran.out.ends_with("archive: nothing to say\n"), "{ran:?}");
    assert_eq!(room.files("archive"), before);
}

#[test]
fn each_thing_that_is_wrong_is_told_with_a_remedy() {
    let room = Room::new();
    finds(&room, "no archive at");
    room.run(&["init"]).ends(0);
    let advice = found(&room, 0);
    assert_eq!(advice.len(), 1, "{advice:?}");
    room.run(&["list", "add", "yard"]).ends(0);
    let archive = room.path("archive");

    let settings = room.write("archive/posthoc.toml", "[site]\nnonsense = 1\n");
    finds(&room, "posthoc.toml, line 2");
    room.write("accounts", "");
    let open = "[serve]\nhtpasswd = \"../accounts\"\nlmtp = \"unix:/nowhere/at/all/lmtp\"\n";
    room.write("archive/posthoc.toml", open);
    std::fs::set_permissions(room.path("accounts"), Permissions::from_mode(0o644)).unwrap();
    finds(&room, "may read the hashes in");
    finds(&room, "/nowhere/at/all is not there");
    std::fs::remove_file(settings).unwrap();

    let nobody = room.write("archive/lists.d/gate.toml", "title = \"Gate\"\n");
    finds(&room, "lists.d/gate.toml is of a list that is not there");
    std::fs::remove_file(nobody).unwrap();
    room.run(&["list", "add", "gate"]).ends(0);
    let alias = room.write("archive/lists.d/yard.toml", "aliases = [\"gate\"]\n");
    finds(&room, "yard has the alias gate");
    std::fs::remove_file(alias).unwrap();
    let box_of = |path: &str| {
        let watch = format!("watch = [\"{path}\"]\n");
        room.write("archive/lists.d/yard.toml", watch)
    };
    room.write("no-mailbox", vec![0; 100]);
    box_of("../../no-mailbox");
    finds(
        &room,
        "no-mailbox is watched, and is neither a Maildir nor an mbox",
    );
    box_of("../incoming");
    finds(&room, "incoming is watched and lies in the archive");
    std::fs::create_dir_all(room.path("Maildir/new")).unwrap();
    box_of("../../Maildir");
    finds(&room, "Maildir/cur cannot be read");
    std::fs::create_dir_all(room.path("Maildir/cur")).unwrap();
    let watched = || {
        let found = found(&room, 0).into_iter();
        found
            .filter(|(_, what)| what.contains("is watched"))
            .count()
    };
    assert_eq!(watched(), 0);
    let watch = box_of("../../none");
    assert_eq!(watched(), 1, "it is not there");
    std::fs::remove_file(watch).unwrap();

    let lost = "{\"list\":\"nowhere\",\"received\":1,\"bytes\":2}\nx\n";
    let lost = room.write("archive/incoming/new/1.1.1-1", lost);
    finds(&room, "a list that is not there: nowhere");
    std::fs::write(&lost, "no line").unwrap();
    finds(&room, "1.1.1-1 cannot be read");
    let late = "{\"list\":\"yard\",\"received\":1,\"bytes\":2}\nx\n";
    std::fs::write(&lost, late).unwrap();
    finds(&room, "1 mail in incoming/ for more than five minutes");
    std::fs::remove_file(&lost).unwrap();

    std::fs::set_permissions(&archive, Permissions::from_mode(0o777)).unwrap();
    finds(&room, "everybody on this machine may write");
    std::fs::set_permissions(&archive, Permissions::from_mode(0o755)).unwrap();
    std::fs::remove_dir_all(archive.join("incoming/tmp")).unwrap();
    finds(&room, "incoming/tmp is not there");
}

#[test]
fn words_that_are_behind_are_told() {
    let room = Room::new();
    room.run(&["init"]).ends(0);
    let list = crate::prelude::list("town-hall.mbox");
    room.run(&["import", "--no-index", "--list", "town-hall", &list])
        .ends(0);
    let found = found(&room, 0);
    assert!(
        found[0].1.contains("search does not know the last"),
        "{found:?}"
    );
}
