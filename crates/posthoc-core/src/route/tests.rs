#![allow(clippy::unwrap_used)]

use super::*;
use crate::message::{FileKey, MessageId, MessageKey};
use crate::text::MONTHS;
use proptest::prelude::*;

fn list(name: &str) -> ListName {
    ListName::new(name).unwrap()
}

fn key() -> MessageKey {
    MessageKey([7; 16])
}

fn every_kind() -> Vec<Route> {
    let (list, volume) = (list("town-hall"), Volume::parse("2025-November").unwrap());
    let index = |kind, cut: Option<&str>| Route::Index {
        list: list.clone(),
        volume: volume.clone(),
        kind,
        cut: cut.map(str::to_owned),
    };
    vec![
        Route::Home,
        Route::List(list.clone()),
        Route::Volume(list.clone(), volume.clone()),
        index(IndexKind::Thread, None),
        index(IndexKind::Subject, Some("a")),
        index(IndexKind::Author, Some("other")),
        index(IndexKind::Date, Some("03")),
        Route::Message(list.clone(), volume.clone(), 42),
        Route::Eml(list.clone(), volume.clone(), 123_456),
        Route::Mbox(list.clone(), volume.clone(), 0),
        Route::Old(list.clone(), volume.clone(), 42),
        Route::TextVolume(list.clone(), volume.clone()),
        Route::MboxVolume(list.clone(), volume.clone()),
        Route::Thread(list.clone(), key(), 1),
        Route::Thread(list.clone(), key(), 2),
        Route::ThreadMbox(list.clone(), key()),
        Route::Author(list.clone(), key(), 0),
        Route::Author(list.clone(), key(), 1),
        Route::Stats(list.clone()),
        Route::Attachment(list.clone(), FileKey(key().0), "a-b_c.tar.gz.bin".into()),
        Route::Attachments(list.clone()),
        index(IndexKind::Attachments, Some("03")),
        Route::Feed(list.clone()),
        Route::Search(None),
        Route::Search(Some(list.clone())),
        Route::MidPage(None),
        Route::MidPage(Some(list.clone())),
        Route::Mid(None, MessageId("a/b%2f+c@x.example".into())),
        Route::Mid(Some(list.clone()), MessageId("é\"<>@x".into())),
        Route::Number(list.clone(), 42),
        Route::Sitemap {
            list: list.clone(),
            volume: volume.clone(),
            cut: None,
        },
        Route::Sitemap {
            list: list.clone(),
            volume: volume.clone(),
            cut: Some("03".to_owned()),
        },
        Route::SitemapIndex,
        Route::Robots,
        Route::Asset("0123abcd.css".into()),
        Route::NotFound,
        Route::SignIn,
        Route::SignOut,
    ]
}

#[test]
fn paths_are_what_the_contract_says() {
    let paths: Vec<String> = every_kind().iter().map(Route::path).collect();
    let key = key();
    let expected = [
        "index.html",
        "town-hall/index.html",
        "town-hall/2025-November/index.html",
        "town-hall/2025-November/thread.html",
        "town-hall/2025-November/subject-a.html",
        "town-hall/2025-November/author-other.html",
        "town-hall/2025-November/date-03.html",
        "town-hall/2025-November/msg00042.html",
        "town-hall/2025-November/msg123456.eml",
        "town-hall/2025-November/msg00000.mbox",
        "town-hall/2025-November/000042.html",
        "town-hall/2025-November.txt.gz",
        "town-hall/2025-November.mbox.gz",
        &format!("town-hall/thread/{key}.html"),
        &format!("town-hall/thread/{key}-2.html"),
        &format!("town-hall/thread/{key}.mbox.gz"),
        &format!("town-hall/author/{key}.html"),
        &format!("town-hall/author/{key}-1.html"),
        "town-hall/stats.html",
        &format!("town-hall/attachments/{key}/a-b_c.tar.gz.bin"),
        "town-hall/attachments.html",
        "town-hall/2025-November/attachments-03.html",
        "town-hall/feed.atom",
        "search/index.html",
        "town-hall/search/index.html",
        "mid.html",
        "town-hall/mid.html",
        "mid/a%2Fb%252f%2Bc@x.example/",
        "town-hall/mid/%C3%A9%22%3C%3E@x/",
        "town-hall/n/42",
        "town-hall/2025-November/sitemap.xml",
        "town-hall/2025-November/sitemap-03.xml",
        "sitemap.xml",
        "robots.txt",
        "assets/0123abcd.css",
        "404.html",
        "~login",
        "~logout",
    ];
    assert_eq!(paths, expected);
}

#[test]
fn every_kind_parses_back() {
    for route in every_kind() {
        assert_eq!(Route::parse(&route.path()), Some(route));
    }
}

#[test]
fn other_forms_parse_too() {
    let volume = Volume::parse("2025q4").unwrap();
    let table = [
        ("", Route::Home),
        ("town-hall/", Route::List(list("town-hall"))),
        ("c++/2025q4/", Route::Volume(list("c++"), volume.clone())),
        ("search/", Route::Search(None)),
        ("x/search/", Route::Search(Some(list("x")))),
        (
            "x/2025q4/msg0000042.html",
            Route::Message(list("x"), volume.clone(), 42),
        ),
        (
            "x/2025q4/msg100000.html",
            Route::Message(list("x"), volume.clone(), 100_000),
        ),
        (
            "x/2025q4/1234567.html",
            Route::Old(list("x"), volume, 1_234_567),
        ),
        ("mid/a@b", Route::Mid(None, MessageId("a@b".into()))),
        ("mid/a%40b/", Route::Mid(None, MessageId("a@b".into()))),
        ("mid/a%2540b/", Route::Mid(None, MessageId("a%40b".into()))),
    ];
    for (path, route) in table {
        assert_eq!(Route::parse(path), Some(route), "{path}");
    }
}

#[test]
fn hostile_and_unknown_paths_name_nothing() {
    let long = format!("mid/{}/", "a".repeat(9_000));
    let table = [
        "/",
        "/index.html",
        "..",
        "../index.html",
        "x/../y/",
        "x/./",
        "x//",
        "X/",
        "x/2025q4/..",
        "x/2025q4/../index.html",
        "x%2f2025q4/",
        "x/2025q4%2findex.html",
        "x/2025q4/msg00042.html\0",
        "x\\2025q4/",
        "x/2025q5/",
        "x/2025-november/",
        "x/2025q4/msg0042.html",
        "x/2025q4/msg99999999999.html",
        "x/2025q4/msg+0042.html",
        "x/2025q4/00042.html",
        "x/2025q4/thread-.html",
        "x/2025q4/thread-A.html",
        "x/2025q4/threads.html",
        "x/2025q4",
        "x",
        "x/n/042",
        "x/n/",
        "x/thread/short.html",
        "mid/",
        "mid//",
        "mid/%2E%2E/",
        "mid/a%00b/",
        "mid/a%4/",
        "mid/a/b/",
        "assets/",
        "assets/.htaccess",
        "assets/../x",
        "assets/a/b",
        "assets/%2e%2e",
        "search/x",
        "n/4",
        "robots.txt/",
        &long,
    ];
    for path in table {
        assert_eq!(Route::parse(path), None, "{path}");
    }
    let key = key();
    for name in ["", ".", "..", "a/b", ".x", "a b", "ü.txt"] {
        let path = format!("x/attachments/{key}/{name}");
        assert_eq!(Route::parse(&path), None, "{path}");
    }
    for page in ["0", "1", "02", "-2", ""] {
        let path = format!("x/thread/{key}-{page}.html");
        assert_eq!(Route::parse(&path), None, "{path}");
    }
    for page in ["0", "01", "-1", ""] {
        let path = format!("x/author/{key}-{page}.html");
        assert_eq!(Route::parse(&path), None, "{path}");
    }
}

#[test]
fn links_are_relative() {
    let volume = || Volume::parse("2025-November").unwrap();
    let (town, gown) = (list("town-hall"), list("town"));
    let message = Route::Message(town.clone(), volume(), 42);
    let table = [
        (Route::Home, Route::Home, "index.html"),
        (
            Route::Home,
            message.clone(),
            "town-hall/2025-November/msg00042.html",
        ),
        (message.clone(), Route::Home, "../../index.html"),
        (message.clone(), message.clone(), "msg00042.html"),
        (message.clone(), Route::List(town.clone()), "../index.html"),
        (message.clone(), Route::List(gown), "../../town/index.html"),
        (
            message.clone(),
            Route::TextVolume(town.clone(), volume()),
            "../2025-November.txt.gz",
        ),
        (
            message.clone(),
            Route::Asset("a.css".into()),
            "../../assets/a.css",
        ),
        (Route::Search(None), Route::Home, "../index.html"),
        (
            Route::Mid(None, MessageId("a@b".into())),
            message,
            "../../town-hall/2025-November/msg00042.html",
        ),
        (
            Route::Mid(None, MessageId("a@b".into())),
            Route::Mid(None, MessageId("a@b".into())),
            "./",
        ),
    ];
    for (from, to, link) in table {
        assert_eq!(from.link_to(&to), link);
    }
}

#[test]
fn urls_are_short() {
    assert_eq!(
        Route::Home.url("https://x.example/lists"),
        "https://x.example/lists/"
    );
    let url = Route::Volume(list("a"), Volume::parse("2025").unwrap()).url("https://x.example/");
    assert_eq!(url, "https://x.example/a/2025/");
}

/// Follows a relative link as a browser does.
fn follow(from: &str, link: &str) -> String {
    let mut segments: Vec<&str> = from.split('/').collect();
    segments.pop();
    for segment in link.split('/') {
        match segment {
            ".." => drop(segments.pop()),
            "." => {}
            other => segments.push(other),
        }
    }
    segments.join("/")
}

prop_compose! {
    fn any_route()(
        kind in 0usize..18,
        name in "[a-z0-9][a-z0-9._+-]{0,20}",
        year in 1970i16..2100,
        month in 0usize..12,
        number in any::<u32>(),
        bytes in any::<[u8; 16]>(),
        file in "[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}",
        id in "[^\0]{1,200}",
        cut in proptest::option::of("[a-z0-9]{1,5}"),
    ) -> Route {
        let list = ListName::new(&name).unwrap_or_else(|| list("town-hall"));
        let volume = Volume::parse(&format!("{year:04}-{}", MONTHS[month])).unwrap();
        let id = MessageId(if id == "." || id == ".." { "a@b".into() } else { id });
        let key = MessageKey(bytes);
        match kind {
            0 => Route::List(list),
            1 => Route::Volume(list, volume),
            2 => Route::Index { list, volume, kind: IndexKind::Date, cut },
            3 => Route::Message(list, volume, number),
            4 => Route::Eml(list, volume, number),
            5 => Route::Old(list, volume, number),
            6 => Route::TextVolume(list, volume),
            7 => Route::MboxVolume(list, volume),
            8 => Route::Thread(list, key, number.max(1)),
            9 => Route::Attachment(list, FileKey(key.0), file),
            10 => Route::Mid(Some(list), id),
            11 => Route::Mid(None, id),
            12 => Route::Number(list, number),
            13 => Route::Asset(file),
            14 => Route::PlainVolume(list, volume),
            16 => Route::WholeMbox(list),
            15 => Route::Scrubbed {
                list,
                day: number % 100_000_000,
                mail: number,
                name: file,
            },
            _ => Route::ThreadMbox(list, key),
        }
    }
}

proptest! {
    #[test]
    fn parse_is_the_inverse_of_path(route in any_route()) {
        prop_assert_eq!(Route::parse(&route.path()), Some(route));
    }

    #[test]
    fn links_lead_where_they_say(from in any_route(), to in any_route()) {
        let there = follow(&from.path(), &from.link_to(&to));
        prop_assert_eq!(Route::parse(&there), Some(to));
    }

    #[test]
    fn parse_never_panics(path in "\\PC{0,80}") {
        if let Some(route) = Route::parse(&path) {
            prop_assert_eq!(Route::parse(&route.path()), Some(route));
        }
    }
}
