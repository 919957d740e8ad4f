//! Pages in the language of their list, and what happens when it changes.

use crate::prelude::*;
use posthoc_core::page::{ListSettings, Page};
use std::collections::BTreeMap;

fn site(list: Option<&str>, defaults: Option<&str>) -> Site {
    let of = |language: Option<&str>| ListSettings {
        language: language.map(str::to_owned),
        ..ListSettings::default()
    };
    let name = ListName::new("cats").unwrap();
    Site {
        lists: [(name, of(list))].into(),
        defaults: of(defaults),
        ..Site::default()
    }
}

const MAIL: &str = "From a@example.org Mon Nov  3 10:00:00 2025\nFrom: Ada <ada@example.org>\n\
                    Subject: Bells\nDate: Mon, 3 Nov 2025 10:00:00 +0000\nMessage-ID: <1@example.org>\n\nDing.\n\n";

fn store() -> MemoryStore {
    let store = MemoryStore::new();
    take_bytes(&store, "cats", MAIL.as_bytes());
    store
}

fn text(files: &BTreeMap<String, Vec<u8>>, name: &str) -> String {
    String::from_utf8(files[name].clone()).unwrap()
}

#[test]
fn a_list_speaks_its_language_and_the_site_its_own() {
    let (store, folder) = (store(), tempfile::tempdir().unwrap());
    publish_as(&store, &site(Some("de"), Some("fr")), folder.path());
    let files = tree(folder.path());
    let list = text(&files, "cats/index.html");
    assert!(list.contains("<html lang=\"de\">") && list.contains("Neueste Threads"));
    let date = text(&files, "cats/2025-November/date.html");
    assert!(date.contains("3. November 2025"), "{date}");
    let mail = text(&files, "cats/2025-November/msg00000.html");
    assert!(
        mail.contains("<bdi>November 2025</bdi>"),
        "the crumb: {mail}"
    );
    let home = text(&files, "index.html");
    assert!(
        home.contains("<html lang=\"fr\">") && home.contains("Chercher dans toutes les listes")
    );
    // Each page's scripts are there, in its language and in no other.
    let scripts = files.keys().filter(|name| name.ends_with(".js"));
    let reader = scripts.filter(|name| text(&files, name).contains("localStorage"));
    let words: Vec<String> = reader.map(|name| text(&files, name)).collect();
    assert_eq!(words.len(), 2);
    for word in ["Link kopieren", "Copier le lien"] {
        assert!(words.iter().any(|script| script.contains(word)), "{word}");
    }
    for page in [&list, &home] {
        let from = page.split("<script src=\"").nth(1).unwrap();
        let src = from.split('"').next().unwrap().trim_start_matches("../");
        assert!(files.contains_key(src), "{src}");
    }
}

#[test]
fn another_language_is_another_page() {
    let (store, folder) = (store(), tempfile::tempdir().unwrap());
    publish_as(&store, &site(None, None), folder.path());
    let english = tree(folder.path());
    publish_as(&store, &site(Some("es"), Some("es")), folder.path());
    let spanish = tree(folder.path());
    for name in [
        "cats/index.html",
        "cats/2025-November/thread.html",
        "index.html",
    ] {
        assert_ne!(english[name], spanish[name], "{name}");
    }
    publish_as(&store, &site(None, None), folder.path());
    assert_same(&english, &tree(folder.path()), "back again");
}

#[test]
fn what_is_no_page_of_a_list_is_in_the_language_of_the_site() {
    let (next, token) = ("", "");
    let doors = [
        (Door::Closed { next }, "oder sie ist nur für Mitglieder."),
        (
            Door::In {
                token,
                next,
                said: Some(Said::Wrong),
            },
            "gehören nicht zusammen.",
        ),
        (
            Door::In {
                token,
                next,
                said: Some(Said::Wait(1)),
            },
            "in einer Sekunde noch einmal.",
        ),
        (
            Door::In {
                token,
                next,
                said: Some(Said::Wait(30)),
            },
            "in 30 Sekunden noch einmal.",
        ),
        (
            Door::In {
                token,
                next,
                said: Some(Said::Stale),
            },
            "nimmt keine Cookies an.",
        ),
        (
            Door::Out { name: "ada", token },
            "Sie sind als ada angemeldet.",
        ),
        (
            Door::Known { name: "ada" },
            "durch den Webserver dieser Site.",
        ),
    ];
    let troubles = [
        (Trouble::Failed, "konnte nicht erstellt werden."),
        (Trouble::Busy, "gerade zu viel verlangt."),
        (Trouble::TooOften, "Aus Ihrem Netz kamen zu viele."),
    ];
    with_site(&site(None, Some("de")), |settings| {
        let mut pages: Vec<(Page, &str)> = Vec::new();
        pages.extend(doors.iter().map(|(at, words)| (door(settings, at), *words)));
        pages.extend(troubles.map(|(why, words)| (trouble(settings, why), words)));
        let store = store();
        let reader = Reader::new(&store, settings, Audience::Public).unwrap();
        let none = reader.answer(&Route::parse("nowhere").unwrap_or(Route::NotFound));
        pages.push((
            none.unwrap().page,
            "Hier gibt es keine Seite dieses Namens.",
        ));
        for (page, words) in pages {
            let page = String::from_utf8(page.bytes).unwrap();
            assert!(
                page.contains(words) && page.contains("<html lang=\"de\""),
                "{words}: {page}"
            );
        }
    });
}
