//! What must be silent in every state.

use crate::asking::confirms_nothing;
use crate::folder::Folder;
use crate::lab::{HUSH, Lab};
use crate::prelude::Server;
use crate::tokens::Secret;
use crate::walk::{Got, Said, Walk, is_nowhere};
use std::collections::BTreeSet;

/// What of all that was said may not be said there.
pub(crate) fn leaks(said: &BTreeSet<Said>) -> Vec<&Said> {
    let is_leak = |(secret, _, place): &&Said| match secret {
        Secret::Private | Secret::Removed | Secret::Redacted | Secret::Masked => true,
        Secret::Unlisted => !place.starts_with(HUSH),
        Secret::Named => {
            let downloads = [
                "eml",
                "mbox",
                "plain volume",
                "text volume",
                "mbox volume",
                "thread mbox",
                "whole mbox",
                "search mbox",
            ];
            !downloads.contains(&&**place)
        }
        // Beside what says a public mail, its list's pages that say mails.
        Secret::Quoted => {
            ["home", "mid", "number", "old", "not found", "sign in"].contains(&&**place)
        }
        Secret::Open => false,
    };
    said.iter().filter(is_leak).collect()
}

/// Walks over a server that may say nothing. Answers how many requests it made.
pub(crate) fn is_silent(lab: &Lab, server: &Server, deep: bool) -> usize {
    let walk = Walk::of(lab, server, deep);
    assert_eq!(leaks(&walk.said), Vec::<&Said>::new());
    // It heard well: the public list says everything that a public copy does.
    assert!(
        walk.tokens(Secret::Open).len() > 40,
        "{:?}",
        walk.tokens(Secret::Open)
    );
    walk.requests
}

/// Publishes to a folder that may say nothing. Answers how many files it read.
pub(crate) fn publishes_nothing(lab: &Lab, out: &str) -> usize {
    let folder = Folder::publish(lab, out);
    assert_eq!(leaks(&folder.said), Vec::<&Said>::new());
    folder.files
}

#[test]
fn live_and_static_say_nothing() {
    let lab = Lab::new();
    lab.remove();
    let server = lab.serve();
    let requests = is_silent(&lab, &server, true);
    let compared = is_nowhere(&lab, &server);
    let files = publishes_nothing(&lab, "out");
    eprintln!("{requests} requests, {compared} compared, {files} files");
    assert!(requests > 5_000 && compared > 1_000 && files > 50);
}

/// There a mail's page has the name that elsewhere only leads to it.
#[test]
fn pipermails_layout_says_nothing() {
    let lab = Lab::new();
    lab.in_pipermail();
    lab.remove();
    let server = lab.serve();
    let walk = Walk::of(&lab, &server, true);
    let own = |said: &&Said| !(said.0 == Secret::Quoted && said.2 == "old");
    let said: Vec<&Said> = leaks(&walk.said).into_iter().filter(own).collect();
    assert_eq!(said, Vec::<&Said>::new());
    let heard = walk.places(Secret::Open);
    for place in [
        "old",
        "index by author",
        "plain volume",
        "text volume",
        "scrubbed",
    ] {
        assert!(heard.contains(place), "{place} is not among {heard:?}");
    }
    is_nowhere(&lab, &server);
    let folder = Folder::publish(&lab, "out");
    let quoted = |said: &&Said| said.0 != Secret::Quoted;
    let said: Vec<&Said> = leaks(&folder.said).into_iter().filter(quoted).collect();
    assert_eq!(said, Vec::<&Said>::new());
}

#[test]
fn no_search_confirms_anything() {
    let lab = Lab::new();
    lab.remove();
    let server = lab.serve();
    let secrets = [
        Secret::Private,
        Secret::Masked,
        Secret::Removed,
        Secret::Redacted,
    ];
    let asked = confirms_nothing(&lab, &server, &secrets);
    eprintln!("{asked} questions");
    assert!(asked > 2_000);
}

#[test]
fn no_refusal_says_anything() {
    let lab = Lab::new();
    lab.remove();
    let site = "[serve]\nsearches_per_minute = 1\nhosts = [\"lists.example.org\"]\n";
    lab.room.write("archive/posthoc.toml", site);
    let server = lab.serve();
    let mut walk = Walk::default();
    let private = &lab.private;
    let targets = [
        format!("/{private}/"),
        format!("/{private}/search/?q={private}"),
        "/plain/2025-November/msg00006.html".to_owned(),
        "/".to_owned(),
    ];
    let mut statuses = BTreeSet::new();
    for target in &targets {
        for (method, headers) in [
            ("GET", String::new()),
            ("GET", String::new()),
            ("PUT", String::new()),
            ("GET", "Host: other.example\r\n".to_owned()),
            ("GET", format!("Host: {private}\r\n")),
            ("GET", format!("Cookie: {private}={private}\r\n")),
            ("GET", "Transfer-Encoding: chunked\r\n".to_owned()),
            ("GET", format!("X: {}\r\n", "x".repeat(100_000))),
        ] {
            let got = Got::ask(&server, method, target, &headers);
            statuses.insert(got.status);
            walk.hear(&lab, "a refusal", &got);
        }
    }
    // A search page repeats what it was asked; nothing else does.
    let is_echo = |said: &&Said| said.1 == "the list's name";
    assert_eq!(
        leaks(&walk.said)
            .into_iter()
            .filter(|said| !is_echo(said))
            .count(),
        0,
        "{:?}",
        walk.said
    );
    for status in [200, 404, 405, 410, 421, 429] {
        assert!(
            statuses.contains(&status),
            "{status} is not among {statuses:?}"
        );
    }
}
