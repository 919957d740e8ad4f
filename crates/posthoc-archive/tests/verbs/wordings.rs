//! Words as the wild writes them, and what finds them.

use crate::prelude::*;
use crate::public::with_list;
use crate::removal::take_down;
use posthoc_core::page::{Downloads, Mask};
use posthoc_store::Generation;

const DATE: &str = "Sun, 02 Nov 2025 15:31:00 +0100";

fn found(store: &dyn Store, query: &str) -> FoundMails {
    let request = request(query);
    with_list(Mask::At, Downloads::Mbox, |settings| {
        let reader = Reader::new(store, settings, Audience::Public).unwrap();
        reader.search(&request).unwrap()
    })
}

/// The numbers of the mails that answer, in order.
fn numbers(store: &dyn Store, query: &str) -> Vec<u32> {
    let mut numbers: Vec<u32> = found(store, query)
        .hits
        .iter()
        .map(|hit| hit.number)
        .collect();
    numbers.sort_unstable();
    numbers
}

/// A mail of one part.
fn typed(number: usize, from: &str, kind: &str, text: &str) -> String {
    format!(
        "From: {from}\nDate: {DATE}\nMessage-ID: <{number}@x.example>\nSubject: number {number}\n\
         MIME-Version: 1.0\nContent-Type: {kind}; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n\
         {text}\n"
    )
}

const PLAIN: &str = "text/plain";

/// A text, and queries that must find it.
const TEXTS: [(&str, &str, &[&str]); 12] = [
    // Cut by a hyphen at the end of a line.
    (
        PLAIN,
        "the carillon is over-\nwhelming today",
        &["overwhelming", "over"],
    ),
    // Wrapped softly: one paragraph.
    (
        "text/plain; format=flowed",
        "the great \nbronze bell",
        &["\"great bronze bell\""],
    ),
    // Broken by quote marks.
    (
        PLAIN,
        "> the tenor bell that is\n> rung at noon\nyes",
        &["\"that is rung\"", "q:\"is rung at\""],
    ),
    // Without a dot, and with one that is a letter's own.
    (
        PLAIN,
        "Diyarbakır ve İstanbul",
        &["diyarbakir", "istanbul", "İSTANBUL"],
    ),
    (
        PLAIN,
        "Die Straße ist groß",
        &["strasse", "STRASSE", "groß"],
    ),
    (
        PLAIN,
        "ὁ λόγος καὶ Ὀδυσσεύς",
        &["λογος", "ΛΌΓΟΣ", "οδυσσευσ"],
    ),
    // Taken apart (NFD), where readers type it put together or without marks.
    (
        PLAIN,
        "tie\u{302}\u{301}ng Vie\u{323}\u{302}t",
        &["tiếng việt", "tieng viet", "\"tiếng Việt\""],
    ),
    // Half as wide.
    (PLAIN, "ｶﾀｶﾅ ﾌﾟﾛｸﾞﾗﾑ", &["カタカナ", "プログラム"]),
    // HTML and nothing else.
    (
        "text/html",
        "<p>the <b>cam</b>panile<br>is <i>leaning</i></p><script>hidden()</script>",
        &["campanile leaning", "\"campanile is leaning\""],
    ),
    (
        "text/html",
        "<table><tr><td>cell</td><td>block</td></tr></table>&eacute;tude",
        &["\"cell block\"", "etude"],
    ),
    // Code.
    (
        PLAIN,
        "ptr->next uses foo_bar() of libfoo.so.6 in C++, see <stdio.h>, -fno-common and CVE-2021-33038; 1da177e4c3f4",
        &[
            "ptr->next",
            "foo_bar",
            "bar",
            "libfoo.so.6",
            "C++",
            "<stdio.h>",
            "\"-fno-common\"",
            "CVE-2021-33038",
            "1da177e",
        ],
    ),
    // The same in other forms.
    (
        PLAIN,
        "ringers were ringing the changes",
        &["ringer", "rings", "change", "changed"],
    ),
];

#[test]
fn words_are_found_however_they_are_written() {
    let store = MemoryStore::new();
    let mails: Vec<String> = TEXTS
        .iter()
        .enumerate()
        .map(|(number, (kind, text, _))| typed(number, "Alice <a@x.example>", kind, text))
        .collect();
    take_bytes(&store, "pub", &mbox(&mails));
    for (number, (_, text, queries)) in TEXTS.iter().enumerate() {
        for query in *queries {
            let found = numbers(&store, query);
            assert!(
                found.contains(&(number as u32)),
                "{query} in {text}: {found:?}"
            );
        }
    }
    assert!(numbers(&store, "hidden").is_empty());
    assert!(numbers(&store, "\"rings\"").is_empty());
}

#[test]
fn two_hundred_equal_mails_are_two_hundred() {
    let store = MemoryStore::new();
    let mut mails: Vec<String> = (0..200)
        .map(|number| {
            typed(
                number,
                "Cron <cron@x.example>",
                PLAIN,
                "backup of the archive is done",
            )
        })
        .collect();
    let other = "why is the archive done?";
    mails.insert(70, typed(900, "Alice <a@x.example>", PLAIN, other));
    take_bytes(&store, "pub", &mbox(&mails));
    let all = found(&store, "archive done");
    assert_eq!((all.total, all.hits.len()), (201, 10));
    let mut ids: Vec<&str> = all.hits.iter().map(|hit| &*hit.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 10);
    assert_eq!(found(&store, "archive -from:cron").total, 1);
}

#[test]
fn a_person_with_five_addresses_is_found_by_name_and_by_each() {
    let store = MemoryStore::new();
    let hosts = [
        "x.example",
        "mail.y.example",
        "z.example",
        "w.example",
        "v.example",
    ];
    let mails: Vec<String> = (0..5)
        .map(|n| {
            typed(
                n,
                &format!("Ingrid Ás <ingrid{n}@{}>", hosts[n]),
                PLAIN,
                "hello",
            )
        })
        .collect();
    take_bytes(&store, "pub", &mbox(&mails));
    assert_eq!(numbers(&store, "from:ingrid"), [0, 1, 2, 3, 4]);
    assert_eq!(numbers(&store, "from:\"ingrid as\""), [0, 1, 2, 3, 4]);
    for (number, host) in (0..).zip(hosts) {
        let address = format!("from:ingrid{number}@{host}");
        assert_eq!(numbers(&store, &address), [number], "{address}");
    }
}

#[test]
fn negations_only_are_all_the_rest() {
    let store = MemoryStore::new();
    let texts = ["bell", "clock", "bells and clocks", "tower"];
    let mails: Vec<String> = (0..4)
        .map(|n| typed(n, "Alice <a@x.example>", PLAIN, texts[n]))
        .collect();
    take_bytes(&store, "pub", &mbox(&mails));
    assert_eq!(numbers(&store, "-bell"), [1, 3]);
    assert_eq!(numbers(&store, "NOT bell -clock"), [3]);
    assert_eq!(numbers(&store, "-\"bell\" -\"clock\""), [2, 3]);
    assert_eq!(found(&store, "-bell -clock -tower").total, 0);
}

#[test]
fn a_removed_mail_is_not_found_while_the_index_is_made_again() {
    let store = MemoryStore::new();
    let mails: Vec<String> = (0..30)
        .map(|n| typed(n, "Alice <a@x.example>", PLAIN, "the bell and its rope"))
        .collect();
    take_bytes(&store, "pub", &mbox(&mails));
    take_down(&store, &["7@x.example"], None, false);
    // From nothing, and with the index half a journal behind.
    for reached in [0, 12, 25] {
        store.index().clear().unwrap();
        let mut writer = store.index().writer().unwrap();
        writer.commit(Generation(reached)).unwrap();
        drop(writer);
        let mails = found(&store, "bell");
        assert!(mails.hits.iter().all(|hit| hit.number != 7), "{reached}");
    }
    rebuild(&store, &Limits::default(), true).unwrap();
    assert_eq!(found(&store, "bell").total, 29);
    assert!(numbers(&store, "mid:7@x.example").is_empty());
}
