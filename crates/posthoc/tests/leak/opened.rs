//! The walk hears what is said: one gate is opened, and the tokens behind it are found.

use crate::folder::Folder;
use crate::lab::{HUSH, Lab, PARTLY};
use crate::letter::LEFT_OUT;
use crate::tokens::Secret;
use crate::walk::Walk;
use std::collections::BTreeSet;

/// Pages of a list with mails that say their words, as long as it has downloads.
const OF_LISTS: [&str; 21] = [
    "attachment",
    "eml",
    "feed",
    "index by author",
    "index by date",
    "index by subject",
    "index by thread",
    "index of attachments",
    "list",
    "mbox",
    "mbox volume",
    "message",
    "mid page",
    "search",
    "search by thread",
    "search feed",
    "search mbox",
    "text volume",
    "thread",
    "thread mbox",
    "volume",
];

fn check(found: &BTreeSet<&str>, expected: &[&str]) {
    for place in expected {
        assert!(found.contains(place), "{place} is not among {found:?}");
    }
}

/// What no surface says of a mail that is shown whole.
fn unsaid(lab: &Lab, walk: &Walk, secret: Secret, name: &str) -> Vec<String> {
    let said = walk.tokens(secret);
    let all = lab.tokens.of(secret).map(|(_, place)| place);
    let of_it = all.filter(|place| place.starts_with(name) && !said.contains(place));
    let mut unsaid: Vec<String> = of_it
        .map(|place| place[name.len() + 1..].to_owned())
        .collect();
    unsaid.sort();
    unsaid
}

#[test]
fn a_private_list_made_public_is_heard() {
    let lab = Lab::new();
    lab.remove();
    let set = ["list", "set", &lab.private, "visibility=public"];
    lab.room.run(&set).ends(0);
    let server = lab.serve();
    let walk = Walk::of(&lab, &server, false);
    check(&walk.places(Secret::Private), &OF_LISTS);
    check(
        &walk.places(Secret::Private),
        &["home", "mid", "number", "old", "/robots.txt"],
    );
    let mut left_out = LEFT_OUT.to_vec();
    left_out.sort();
    for name in ["private root", "private reply"] {
        assert_eq!(
            unsaid(&lab, &walk, Secret::Private, name),
            left_out,
            "{name}"
        );
    }
    let folder = Folder::publish(&lab, "out");
    let mut files = OF_LISTS.to_vec();
    files.retain(|kind| !["eml", "mbox", "thread mbox"].contains(kind));
    files.retain(|kind| !kind.starts_with("search "));
    check(&folder.places(Secret::Private), &files);
    let beside = ["home", "manifest", "search lines", "search words"];
    check(&folder.places(Secret::Private), &beside);
    let hashes = folder
        .said
        .iter()
        .filter(|(_, what, _)| what.starts_with("the hash of"));
    assert_eq!(hashes.count(), lab.private_ids.len());
}

#[test]
fn a_removed_mail_shown_again_is_heard() {
    let lab = Lab::new();
    lab.remove();
    let server = lab.serve();
    assert!(
        Walk::of(&lab, &server, false)
            .places(Secret::Removed)
            .is_empty()
    );
    lab.room.run(&["unremove", &lab.removed_id]).ends(0);
    let walk = Walk::of(&lab, &server, false);
    let mut places = OF_LISTS.to_vec();
    places.retain(|place| !["mid page", "search"].contains(place));
    check(&walk.places(Secret::Removed), &places);
    assert_eq!(
        unsaid(&lab, &walk, Secret::Removed, "removed").len(),
        LEFT_OUT.len()
    );
    lab.remove();
    assert!(
        Walk::of(&lab, &server, false)
            .places(Secret::Removed)
            .is_empty()
    );
}

#[test]
fn a_redacted_mail_made_whole_again_is_heard() {
    let lab = Lab::new();
    lab.remove();
    lab.room.run(&["unremove", PARTLY]).ends(0);
    let walk = Walk::of(&lab, &lab.serve(), false);
    let mut places = OF_LISTS.to_vec();
    places.retain(|place| !["mid page", "search", "list"].contains(place));
    check(&walk.places(Secret::Redacted), &places);
    let none: [&str; 0] = [];
    assert_eq!(unsaid(&lab, &walk, Secret::Redacted, "redacted"), none);
}

#[test]
fn addresses_without_a_mask_are_heard() {
    let lab = Lab::new();
    lab.room
        .run(&["list", "set", "masked", "mask=none"])
        .ends(0);
    let server = lab.serve();
    let walk = Walk::of(&lab, &server, false);
    let mut places = OF_LISTS.to_vec();
    places.retain(|place| !["mid page", "search", "list", "text volume"].contains(place));
    check(&walk.places(Secret::Masked), &places);
    let unsaid: Vec<_> = lab.tokens.of(Secret::Masked).collect();
    let unsaid: Vec<_> = unsaid
        .into_iter()
        .filter(|(_, place)| !walk.tokens(Secret::Masked).contains(place))
        .collect();
    let left_out = ["local part in Errors-To", "domain in Errors-To"];
    assert!(
        unsaid.iter().all(|(_, place)| left_out.contains(place)),
        "{unsaid:?}"
    );
}

#[test]
fn an_unlisted_list_made_public_is_heard() {
    let lab = Lab::new();
    lab.room
        .run(&["list", "set", HUSH, "visibility=public"])
        .ends(0);
    let walk = Walk::of(&lab, &lab.serve(), false);
    check(
        &walk.places(Secret::Unlisted),
        &["home", "mid", "search", "/robots.txt"],
    );
    let folder = Folder::publish(&lab, "out");
    check(
        &folder.places(Secret::Unlisted),
        &["home", "message", "manifest"],
    );
}
