//! Real situations between a closed list and an open one.

use crate::folder::Folder;
use crate::lab::{CROSS, HUSH, Lab, PLAIN, SHARED};
use crate::letter::{mbox, plain};
use crate::prelude::{Room, Server};
use crate::tokens::Secret;
use crate::walk::Got;

/// Paths of the mails that a page of results names.
fn hits(server: &Server, query: &str) -> Vec<String> {
    let got = Got::of(server, &format!("/search/?q={query}"));
    let text = String::from_utf8_lossy(&got.body).into_owned();
    let links = text.split("<h2><a href=\"../").skip(1);
    links
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect()
}

fn goes_to(server: &Server, target: &str) -> (u16, String) {
    let got = Got::of(server, target);
    let to = got
        .head
        .iter()
        .find_map(|line| line.strip_prefix("location: "));
    (got.status, to.unwrap_or_default().to_owned())
}

#[test]
fn the_same_mail_on_a_public_and_on_a_private_list() {
    let lab = Lab::new();
    let server = lab.serve();
    let path = format!("{PLAIN}/2025-November/msg00002.html");
    assert_eq!(
        hits(&server, "%22both+lists%22"),
        std::slice::from_ref(&path)
    );
    assert_eq!(
        goes_to(&server, &format!("/mid/{CROSS}/")),
        (301, format!("../../{path}"))
    );
    // The other mail of that id is a private one: there is no choice to make.
    let path = format!("{PLAIN}/2025-November/msg00005.html");
    assert_eq!(
        goes_to(&server, &format!("/mid/{SHARED}/")),
        (301, format!("../../{path}"))
    );
    // Taken down on the private list, it stays where it is public.
    let args = [
        "remove",
        CROSS,
        "--list",
        &lab.private,
        "--reason",
        "not there",
    ];
    lab.room.run(&args).ends(0);
    assert_eq!(hits(&server, "%22both+lists%22").len(), 1);
    let args = ["remove", CROSS, "--reason", "nowhere"];
    lab.room.run(&args).ends(0);
    assert_eq!(hits(&server, "%22both+lists%22").len(), 0);
    assert_eq!(goes_to(&server, &format!("/mid/{CROSS}/")).0, 410);
}

#[test]
fn a_private_mail_quoted_on_a_public_list_is_the_public_mails_word() {
    let lab = Lab::new();
    let server = lab.serve();
    let quoted = lab.tokens.of(Secret::Quoted).next().unwrap().0.to_owned();
    let path = format!("{PLAIN}/2025-November/msg00004.html");
    for query in [
        quoted.clone(),
        format!("quoted:{quoted}"),
        format!("%22keep+it+here%22+{quoted}"),
    ] {
        assert_eq!(
            hits(&server, &query),
            std::slice::from_ref(&path),
            "{query}"
        );
    }
    assert_eq!(hits(&server, &format!("nq:{quoted}")), Vec::<String>::new());
    assert_eq!(goes_to(&server, "/mid/told@open.example/").0, 404);
}

/// The order of two public mails beside a private list that has one of their words often.
fn order_beside(private_word: &str) -> Vec<String> {
    let room = Room::new();
    let mails = [
        plain("1@x.example", None, 3, "One", "The harbour is here."),
        plain("2@x.example", None, 3, "Two", "The lantern is here."),
    ];
    room.write("open.mbox", mbox(&[&mails[0], &mails[1]]));
    let private: Vec<String> = (0..30)
        .map(|n| {
            plain(
                &format!("p{n}@x.example"),
                None,
                3,
                "Closed",
                &format!("{private_word} {n}"),
            )
        })
        .collect();
    let private: Vec<&str> = private.iter().map(String::as_str).collect();
    room.write("closed.mbox", mbox(&private));
    room.run(&["import", "--public", "open.mbox"]).ends(0);
    room.run(&["import", "closed.mbox"]).ends(0);
    // Lists that hide addresses rank nothing.
    room.run(&["list", "set", "open", "mask=none"]).ends(0);
    let server = Server::start(&room, &["serve", "--listen", "0"]);
    hits(&server, "harbour+OR+lantern")
}

#[test]
fn a_rank_tells_nothing_of_the_words_of_other_lists() {
    let (one, other) = (order_beside("harbour"), order_beside("lantern"));
    assert_eq!(one.len(), 2);
    assert_eq!(one, other);
}

#[test]
fn an_id_alone_leads_to_no_unlisted_list() {
    let lab = Lab::new();
    let server = lab.serve();
    let hush = lab.ids.iter().find(|id| {
        lab.tokens
            .found(id.as_bytes())
            .iter()
            .any(|(of, _)| *of == Secret::Unlisted)
    });
    let hush = hush.unwrap();
    assert_eq!(goes_to(&server, &format!("/mid/{hush}/")).0, 404);
    assert_eq!(goes_to(&server, &format!("/search/?q=mid:{hush}")).0, 200);
    let path = format!("../../../{HUSH}/2025-November/msg00000.html");
    assert_eq!(
        goes_to(&server, &format!("/{HUSH}/mid/{hush}/")),
        (301, path)
    );
}

#[test]
fn a_closed_list_leaves_no_name_in_the_manifest() {
    let lab = Lab::new();
    for (visibility, named) in [("public", true), ("private", false)] {
        let set = format!("visibility={visibility}");
        lab.room.run(&["list", "set", HUSH, &set]).ends(0);
        let folder = Folder::publish(&lab, "out");
        assert_eq!(
            folder.places(Secret::Unlisted).contains("manifest"),
            named,
            "{visibility}"
        );
        assert_eq!(
            folder.places(Secret::Unlisted).is_empty(),
            !named,
            "{visibility}"
        );
    }
}
