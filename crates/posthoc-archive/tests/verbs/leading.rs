//! Where an answer leads on: facets, threads, other shapes, and the words that were meant.

use crate::prelude::*;
use crate::public::{get, with_list};
use crate::removal::take_down;
use posthoc_archive::{Reader, SearchRequest, Shape};
use posthoc_core::page::{Audience, Downloads, Mask, Page};
use posthoc_store::{Order, Store};
use std::io::Read;

/// Nine mails of two years, from three people, in six threads.
fn years() -> MemoryStore {
    let store = MemoryStore::new();
    let by = |name: &str, text: String| {
        text.replace("Ada Example <ada@", &format!("{name} Example <{name}@"))
    };
    let plain = |n: usize, month: &str, subject: &str, answers: &[&str]| {
        let date = format!("{n:02} {month} 10:00:00 +0000");
        mail(
            &format!("{n}@x.example"),
            &date,
            subject,
            answers,
            "ring the bell",
        )
    };
    let patch = "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-old bell\n+new bell\n";
    let mails = [
        plain(1, "Dec 2024", "clocks", &[]),
        by("Bea", plain(2, "Dec 2024", "Re: clocks", &["1@x.example"])),
        plain(3, "Mar 2025", "bells", &[]),
        by(
            "Bea",
            plain(4, "Mar 2025", "Re: bells", &["3@x.example"]) + patch,
        ),
        by("Bea", plain(5, "Mar 2025", "Re: bells", &["3@x.example"])),
        by("Cy", plain(6, "Apr 2025", "boats", &[])),
        plain(7, "Apr 2025", "lamps", &[]),
        plain(8, "Apr 2025", "wells", &[]),
    ];
    take_bytes(&store, "pub", &mbox(&mails));
    let other = [plain(9, "May 2025", "kernel", &[])];
    take_bytes(&store, "other", &mbox(&other));
    store
}

fn answer(store: &dyn Store, mask: Mask, list: Option<&str>, query: &str, shape: Shape) -> Page {
    with_list(mask, Downloads::Mbox, |settings| {
        let reader = Reader::new(store, settings, Audience::Public).unwrap();
        let request = SearchRequest {
            query: query.to_owned(),
            lists: Vec::new(),
            order: Order::NewestFirst,
            offset: 0,
            limit: 0,
            snippets: true,
            forms: true,
            now: NOW,
        };
        let list = list.map(|name| ListName::new(name).unwrap());
        let answer = reader.search_answer(list.as_ref(), &request, shape);
        answer.unwrap().unwrap().page
    })
}

fn text(page: Page) -> String {
    String::from_utf8(page.bytes).unwrap()
}

/// The words and counts of the links that narrow down: `2024 2, 2025 6; Bea Example 3`.
fn facets(page: &str) -> String {
    let Some((_, beside)) = page.split_once("<aside") else {
        return String::new();
    };
    let mut groups = Vec::new();
    for nav in beside.split("<nav").skip(1) {
        let links = nav.split("<li><a").skip(1).filter_map(|link| {
            let (_, words) = link.split_once('>')?;
            let href = link.starts_with(" href=");
            let mut plain = String::new();
            for piece in words.split('<').take_while(|piece| *piece != "/li>\n") {
                let (tag, text) = piece.split_once('>').unwrap_or(("", piece));
                if !tag.contains("class=\"lv\"") {
                    plain += text;
                }
            }
            let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
            href.then_some(plain)
        });
        groups.push(links.collect::<Vec<_>>().join(", "));
    }
    groups.join("; ")
}

#[test]
fn facets_count_what_is_found() {
    let store = years();
    let of = |mask, list, query| facets(&text(answer(&store, mask, list, query, Shape::Mails)));
    for mask in [Mask::At, Mask::Full] {
        let table = [
            (
                None,
                "bell",
                "2024 2, 2025 7; pub 8, other 1; Ada Example 5, Bea Example 3, Cy Example 1; a patch 1",
            ),
            (
                Some("pub"),
                "bell",
                "2024 2, 2025 6; Ada Example 4, Bea Example 3, Cy Example 1; a patch 1",
            ),
            (
                Some("pub"),
                "bell date:2025",
                "Mar 3, Apr 3; Ada Example 3, Bea Example 2, Cy Example 1; a patch 1",
            ),
            (
                Some("pub"),
                "subject:clocks",
                "Ada Example 1, Bea Example 1",
            ),
            (Some("pub"), "subject:boats", ""),
            (Some("pub"), "nobody", ""),
        ];
        for (list, query, expected) in table {
            let found = of(mask, list, query);
            assert_eq!(found, expected, "{mask:?} {query}");
        }
    }
}

/// What a link says it finds, it finds.
#[test]
fn facets_lead_to_as_many_mails() {
    let store = years();
    for mask in [Mask::At, Mask::Full] {
        let page = text(answer(&store, mask, None, "bell OR clock", Shape::Mails));
        let (_, beside) = page.split_once("<aside").unwrap();
        let mut seen = 0;
        for link in beside.split("href=\"index.html?q=").skip(1) {
            let (query, rest) = link.split_once('&').unwrap();
            let (_, count) = rest.split_once("class=\"count\">").unwrap();
            let count: u64 = count.split('<').next().unwrap().parse().unwrap();
            let query = query
                .replace('+', " ")
                .replace("%28", "(")
                .replace("%29", ")")
                .replace("%3A", ":")
                .replace("%22", "\"");
            let page = text(answer(&store, mask, None, &query, Shape::Mails));
            let expected = format!("role=\"status\">{count} mail");
            assert!(page.contains(&expected), "{mask:?} {query}: {expected}");
            seen += 1;
        }
        assert!(seen >= 7, "{seen}");
    }
}

/// A mail that was taken down is in no count, also while the index still has it.
#[test]
fn removed_mails_are_not_counted() {
    let store = years();
    // Nobody else writes while there is a writer: the index stays where it is.
    let writer = store.index().writer().unwrap();
    take_down(&store, &["4@x.example", "6@x.example"], None, false);
    let page = |store: &MemoryStore| {
        let page = answer(store, Mask::At, Some("pub"), "bell", Shape::Mails);
        facets(&text(page))
    };
    let expected = "2024 2, 2025 4; Ada Example 4, Bea Example 2";
    let reached = store.index().generation().unwrap();
    assert_ne!(reached, store.journal().generation().unwrap());
    assert_eq!(page(&store), expected);
    drop(writer);
    store.index().clear().unwrap();
    assert_eq!(page(&store), expected);
}

#[test]
fn threads_are_one_hit_each() {
    let store = years();
    let page = text(answer(&store, Mask::At, None, "bell", Shape::Threads));
    assert!(page.contains("9 mails in 6 threads"), "{page}");
    assert_eq!(page.matches("<h2><a href=").count(), 6);
    assert!(page.contains("3 mails of this thread"));
    assert!(page.contains("2 mails of this thread"));
    take_down(&store, &["4@x.example"], None, false);
    let page = text(answer(&store, Mask::Full, None, "bell", Shape::Threads));
    assert!(page.contains("8 mails in 6 threads"), "{page}");
    assert!(!page.contains("3 mails of this thread"));
}

#[test]
fn a_mailbox_holds_all_that_is_found() {
    let store = years();
    take_down(&store, &["5@x.example"], None, false);
    let unpacked = |page: Page| {
        assert_eq!(page.media_type, "application/gzip");
        let mut text = String::new();
        flate2::read::MultiGzDecoder::new(&page.bytes[..])
            .read_to_string(&mut text)
            .unwrap();
        text
    };
    let taken = unpacked(answer(
        &store,
        Mask::At,
        None,
        "bell -list:other",
        Shape::Mailbox,
    ));
    let ids: Vec<&str> = taken
        .lines()
        .filter_map(|line| line.strip_prefix("Message-ID: <"))
        .map(|id| &id[..1])
        .collect();
    assert_eq!(ids.concat(), "1234678");
    let whole = with_list(Mask::At, Downloads::Mbox, |settings| {
        get(
            &store,
            settings,
            &Route::WholeMbox(ListName::new("pub").unwrap()),
        )
        .unwrap()
    });
    assert_eq!(taken.as_bytes(), whole, "the same public copies");
    let none = unpacked(answer(&store, Mask::At, None, "nobody", Shape::Mailbox));
    assert_eq!(none, "");
    let closed = with_list(Mask::At, Downloads::Text, |settings| {
        let reader = Reader::new(&store, settings, Audience::Public).unwrap();
        let request = SearchRequest {
            query: "bell".to_owned(),
            lists: Vec::new(),
            order: Order::Relevance,
            offset: 0,
            limit: 0,
            snippets: true,
            forms: true,
            now: NOW,
        };
        let on = |name: Option<&ListName>, shape| {
            let answer = reader.search_answer(name, &request, shape);
            answer.unwrap().unwrap().page
        };
        let closed = ListName::new("pub").unwrap();
        // Of all lists those alone that may be taken.
        let taken = unpacked(on(None, Shape::Mailbox));
        assert!(taken.contains("<9@x.example>") && !taken.contains("<1@x.example>"));
        assert!(!text(on(Some(&closed), Shape::Mails)).contains("mbox.gz"));
        text(on(Some(&closed), Shape::Mailbox))
    });
    assert!(closed.contains("not given away"), "{closed}");
}

#[test]
fn a_feed_has_the_newest_mails() {
    let store = years();
    let page = answer(&store, Mask::At, None, "bell -subject:lamps", Shape::Feed);
    assert_eq!(page.media_type, "application/atom+xml; charset=utf-8");
    let feed = text(page);
    assert_eq!(feed.matches("<entry>").count(), 8);
    let first = feed.split("<entry>").nth(1).unwrap();
    assert!(
        first.contains("<title>kernel</title>") && first.contains("../other/"),
        "{first}"
    );
    assert!(!feed.contains("<title>lamps</title>"));
    let bad = text(answer(&store, Mask::At, None, "\"bell", Shape::Feed));
    assert!(bad.contains("class=\"error\""));
}

#[test]
fn a_word_that_was_meant_is_suggested() {
    let store = years();
    let meant = |mask, list, query| {
        let page = text(answer(&store, mask, list, query, Shape::Mails));
        let (_, meant) = page.split_once("Did you mean <a href=")?;
        let (_, meant) = meant.split_once("<bdi>")?;
        let (query, rest) = meant.split_once("</bdi></a>? <span class=\"count\">")?;
        Some(format!("{query}: {}", rest.split('<').next()?))
    };
    let table = [
        (None, "kernle", Some("kernel: 1 mail")),
        (
            None,
            "subject:clockz -\"bells\"",
            Some("subject:clocks NOT &quot;bells&quot;: 2 mails"),
        ),
        (
            None,
            "\"ring the\" blel",
            Some("&quot;ring the&quot; bell: 9 mails"),
        ),
        (None, "from:Aada", Some("from:ada: 5 mails")),
        // What stands somewhere is not touched, nor what would find nothing.
        (None, "bell subject:xyzzyx", None),
        (None, "kernle subject:bells", None),
        (None, "kernle.c", None),
        // A word of another list is none of this one's.
        (Some("pub"), "kernle", None),
        (None, "bell", None),
    ];
    for (list, query, expected) in table {
        let found = meant(Mask::At, list, query);
        assert_eq!(found.as_deref(), expected, "{query}");
    }
    // The index knows what such a list hides.
    assert_eq!(meant(Mask::Full, Some("pub"), "blel"), None);
    let writer = store.index().writer().unwrap();
    take_down(&store, &["9@x.example"], None, false);
    let behind = store.index().generation().unwrap();
    assert_ne!(behind, store.journal().generation().unwrap());
    assert_eq!(meant(Mask::At, None, "kernle"), None);
    drop(writer);
    store.index().clear().unwrap();
    assert_eq!(meant(Mask::At, None, "kernle"), None);
}
