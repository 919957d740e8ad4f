//! The states between: while something changes, and after it has.

use crate::closed::{is_silent, leaks, publishes_nothing};
use crate::lab::{CROSS, Lab, PLAIN};
use crate::letter::{About, letter, mbox, plain};
use crate::tokens::Secret;
use crate::walk::{Got, Said, Walk, is_nowhere};

/// Mails of the import that is watched.
const MANY: usize = 400;

/// What a reader could try while rows change: pages where new mails come first.
fn glance(lab: &Lab, server: &crate::prelude::Server, walk: &mut Walk, fresh: &str) {
    let private = &lab.private;
    for target in [
        "/".to_owned(),
        "/search/?q=boats".to_owned(),
        "/search/?q=boats&order=new".to_owned(),
        "/search/?q=zq*".to_owned(),
        format!("/mid/{CROSS}/"),
        format!("/{private}/"),
        format!("/{private}/feed.atom"),
        format!("/{private}/2025-November.mbox.gz"),
        format!("/{private}/n/6"),
        format!("/{fresh}/"),
        format!("/{fresh}/feed.atom"),
        format!("/{PLAIN}/feed.atom"),
        "/robots.txt".to_owned(),
    ] {
        let got = Got::of(server, &target);
        let gone = target.contains(private.as_str()) || target.contains(fresh);
        assert!(!gone || got.status == 404, "{target}: {}", got.status);
        walk.hear(lab, &target, &got);
    }
}

#[test]
fn an_import_a_delivery_and_a_rebuild_open_no_window() {
    let mut lab = Lab::new();
    let fresh = lab.tokens.new_word(Secret::Private, "a new list's name");
    let mut mails = Vec::new();
    for n in 0..MANY {
        let about = About {
            secret: Secret::Private,
            name: &format!("import {n}"),
            id: None,
            answers: Some(CROSS),
            day: 9,
        };
        mails.push(letter(&mut lab.tokens, &about).0);
    }
    lab.remove();
    let mails: Vec<&str> = mails.iter().map(String::as_str).collect();
    lab.room.write("more.mbox", mbox(&mails[1..]));
    let server = lab.serve();
    let mut walk = Walk::default();
    let deliver = ["deliver", "--list", &lab.private];
    lab.room.feed(&deliver, mails[0].as_bytes()).ends(0);
    let mut glances = 0;
    for args in [
        &["import", "more.mbox", "--list", &lab.private][..],
        &["import", "more.mbox", "--list", &fresh],
        &["rebuild"],
    ] {
        let mut child = lab.room.command(args).spawn().unwrap();
        drop(child.stdin.take());
        while child.try_wait().unwrap().is_none() {
            glance(&lab, &server, &mut walk, &fresh);
            glances += 1;
        }
        assert!(child.wait().unwrap().success(), "{args:?}");
        glance(&lab, &server, &mut walk, &fresh);
    }
    eprintln!("{glances} glances, {} requests", walk.requests);
    assert!(glances >= 3, "nothing was seen of it: {glances}");
    assert_eq!(leaks(&walk.said), Vec::<&Said>::new());
    is_silent(&lab, &server, false);
    publishes_nothing(&lab, "out");
}

#[test]
fn a_lost_configuration_opens_nothing() {
    let lab = Lab::new();
    lab.remove();
    // What protects people is recorded when a verb reads the settings.
    lab.room
        .run(&["list", "set", "masked", "mask=full"])
        .ends(0);
    let mut server = lab.serve();
    std::fs::remove_dir_all(lab.room.path("archive/lists.d")).unwrap();
    server.reload();
    is_silent(&lab, &server, false);
    drop(server);
    let server = lab.serve();
    is_silent(&lab, &server, false);
    is_nowhere(&lab, &server);
    drop(server);
    std::fs::remove_file(lab.room.path("archive/posthoc.toml")).unwrap();
    is_silent(&lab, &lab.serve(), false);
    publishes_nothing(&lab, "out");
}

#[test]
fn private_then_public_then_private() {
    let lab = Lab::new();
    lab.remove();
    let mut server = lab.serve();
    publishes_nothing(&lab, "out");
    let before = Got::of(&server, "/");
    lab.set_private("visibility = \"public\"");
    assert!(server.reload().contains("read anew"));
    assert!(!leaks(&Walk::of(&lab, &server, false).said).is_empty());
    lab.room.run(&["publish", "out"]).ends(0);
    assert!(
        lab.room
            .path(&format!("out/{}/index.html", lab.private))
            .exists()
    );
    // A file that cannot be read closes nothing and opens nothing.
    lab.set(PLAIN, "visibility = \"publick\"\n");
    assert!(server.reload().contains("stay as they were"));
    assert_eq!(Got::of(&server, &format!("/{}/", lab.private)).status, 200);
    lab.set(PLAIN, "visibility = \"public\"\nmask = \"none\"\n");
    lab.set_private("visibility = \"private\"");
    assert!(server.reload().contains("read anew"));
    is_silent(&lab, &server, false);
    is_nowhere(&lab, &server);
    assert_eq!(Got::of(&server, "/"), before);
    publishes_nothing(&lab, "out");
    // A broken file on top of a closed list.
    lab.set_private("visibility = \"publicly\"");
    assert!(server.reload().contains("stay as they were"));
    is_silent(&lab, &server, false);
}

#[test]
fn a_removal_while_a_reader_pages_through_a_search() {
    let lab = Lab::new();
    let more: Vec<String> = (0..60)
        .map(|n| {
            plain(
                &format!("p{n}@open.example"),
                None,
                1 + n % 9,
                &format!("Page {n}"),
                "Boats on a page.",
            )
        })
        .collect();
    let more: Vec<&str> = more.iter().map(String::as_str).collect();
    lab.import("more.mbox", &mbox(&more), &["--list", PLAIN]);
    let server = lab.serve();
    let page = |offset: usize| {
        let got = Got::of(
            &server,
            &format!("/{PLAIN}/search/?q=boats&order=old&offset={offset}"),
        );
        let text = String::from_utf8_lossy(&got.body).into_owned();
        let said = lab.tokens.found(&got.body);
        let hidden = said.iter().any(|(of, _)| *of == Secret::Removed);
        (text.matches("<h2><a href=").count(), hidden, text)
    };
    let all = |from: usize| -> Vec<(usize, bool)> {
        (from..100)
            .step_by(25)
            .map(page)
            .map(|(hits, hidden, _)| (hits, hidden))
            .collect()
    };
    let before = all(0);
    assert!(
        before.iter().any(|(_, hidden)| *hidden),
        "{before:?}: {}",
        page(0).2
    );
    lab.remove();
    let after = all(0);
    assert!(after.iter().all(|(_, hidden)| !hidden), "{after:?}");
    let hits = |pages: &[(usize, bool)]| pages.iter().map(|(hits, _)| hits).sum::<usize>();
    assert_eq!(hits(&after) + 1, hits(&before), "{before:?} {after:?}");
}
