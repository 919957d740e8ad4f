//! The shapes of an answer over HTTP.

use crate::situation::{Asked, archive};
use posthoc_core::page::{Audience, Downloads, ListSettings, Site};
use posthoc_core::route::ListName;
use std::collections::BTreeMap;

#[test]
fn each_shape_is_what_it_says() {
    let asked = Asked::public(&["wherry"]);
    let page = asked.get("/search/?q=one");
    for link in [
        "?q=one&amp;as=threads",
        "?q=one&amp;as=atom",
        "?q=one&amp;as=mbox.gz",
    ] {
        assert!(page.text().contains(link), "{link}");
    }
    let threads = asked.get("/search/?q=two+OR+three&as=threads");
    assert!(
        threads.text().contains("2 mails in 1 thread"),
        "{}",
        threads.text()
    );
    assert!(
        threads
            .text()
            .contains("<input type=\"hidden\" name=\"as\" value=\"threads\">")
    );
    let feed = asked.get("/wherry/search/?q=two&as=atom");
    assert_eq!(feed.status, 200);
    assert_eq!(
        feed.header("content-type"),
        "application/atom+xml; charset=utf-8"
    );
    assert_eq!(feed.header("x-robots-tag"), "noindex");
    assert!(feed.text().contains("<title>wherry: two</title>"));
    let mails = asked.get("/search/?q=two&as=mbox.gz");
    assert_eq!(mails.status, 200);
    assert_eq!(mails.header("content-type"), "application/gzip");
    assert_eq!(mails.bytes[..2], [0x1f, 0x8b]);
    // A Message-ID is a question like others where the mails themselves are asked for.
    let one = asked.get("/search/?q=two@example.org&as=mbox.gz");
    assert_eq!(one.status, 200);
    assert_eq!(
        asked.get("/search/?q=two@example.org&as=threads").status,
        302
    );
}

#[test]
fn what_is_no_file_says_why() {
    let asked = Asked::public(&["wherry"]);
    for target in ["/search/?q=%22&as=atom", "/search/?q=%22&as=mbox.gz"] {
        let got = asked.get(target);
        assert_eq!(got.status, 422, "{target}");
        assert!(got.text().contains("class=\"error\""), "{target}");
    }
    assert_eq!(asked.get("/search/?q=%22&as=threads").status, 200);
    let settings = ListSettings {
        downloads: Some(Downloads::None),
        ..ListSettings::default()
    };
    let site = Site {
        lists: BTreeMap::from([(ListName::new("wherry").unwrap(), settings)]),
        ..Site::default()
    };
    let asked = Asked::of(archive(&["wherry"]), site, Audience::Public, "");
    let got = asked.get("/wherry/search/?q=two&as=mbox.gz");
    assert_eq!(got.status, 422);
    assert!(
        !asked
            .get("/wherry/search/?q=two")
            .text()
            .contains("mbox.gz")
    );
}

/// Nothing of a private list is counted, suggested or given away; a member finds it all.
#[test]
fn a_private_list_is_in_no_shape() {
    let asked = Asked::public(&["town-hall"]);
    for query in [
        "q=heliotrope",
        "q=heliotropf",
        "q=list:wherry",
        "q=*+-from:nobody",
    ] {
        for shape in ["", "&as=threads", "&as=atom"] {
            let got = asked.get(&format!("/search/?{query}{shape}"));
            assert_eq!(got.status, 200, "{query}{shape}");
            for word in ["wherry/", "Did you mean", "eliotrope</bdi>", "wherry</bdi>"] {
                assert!(!got.text().contains(word), "{query}{shape}: {word}");
            }
        }
    }
    for target in [
        "/wherry/search/?q=two&as=threads",
        "/wherry/search/?q=two&as=atom",
        "/wherry/search/?q=two&as=mbox.gz",
    ] {
        let got = asked.get(target);
        let nowhere = asked.get(&target.replace("wherry", "unknown"));
        assert_eq!((got.status.as_u16(), &got.bytes), (404, &nowhere.bytes));
    }
    let all = asked.get("/search/?q=*&as=mbox.gz");
    let of_list = asked.get("/town-hall/search/?q=*&as=mbox.gz");
    assert_eq!(all.bytes, of_list.bytes);
    let member = Audience::Members(vec![ListName::new("wherry").unwrap()]);
    let member = Asked::of(archive(&["town-hall"]), Site::default(), member, "");
    let got = member.get("/search/?q=heliotropf");
    assert!(got.text().contains("<bdi>heliotrope</bdi>"));
    assert!(got.header("cache-control").starts_with("private"));
    assert!(
        member
            .get("/search/?q=*")
            .text()
            .contains("<bdi>wherry</bdi>")
    );
}
