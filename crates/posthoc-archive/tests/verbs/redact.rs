//! Redaction: a piece is gone from every page and file, the rest of the mail stays.

use crate::prelude::*;
use crate::removal::{clean, put_back, readable, site, status, total, why};

const DATE: &str = "Mon, 3 Nov 2025 10:00:00 +0000";
/// In what is taken out, and nowhere else.
const TOKEN: &str = "zyxomma";

/// A mail with a text, a text file, and a picture; `subject`, `author`, `text` and `file` are pieces.
fn letter(id: &str, subject: &str, author: &str, text: &str, file: &str) -> String {
    format!(
        "Message-ID: <{id}>\nDate: {DATE}\nFrom: {author}\nSubject: {subject}\nMIME-Version: 1.0\n\
         Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nKept words.\n{text}\n\
         --b\nContent-Type: text/plain; name={file}.txt\nContent-Disposition: attachment; \
         filename={file}.txt\n\n{file} attached\n--b\nContent-Type: text/plain; name=kept.txt\n\
         Content-Disposition: attachment; filename=kept.txt\n\nkept file\n--b--\n"
    )
}

/// Takes pieces out of the mail `it@x`.
fn take_out(
    store: &dyn Store,
    list: Option<&str>,
    pieces: &[Piece],
) -> std::result::Result<u64, String> {
    take_out_of(store, "it@x", list, pieces)
}

/// The same of another mail.
pub fn take_out_of(
    store: &dyn Store,
    id: &str,
    list: Option<&str>,
    pieces: &[Piece],
) -> std::result::Result<u64, String> {
    let list = list.and_then(ListName::new);
    let chosen = with_settings(|settings| {
        let reader = Reader::new(store, settings, Audience::Operator).unwrap();
        let names = [id.to_owned()];
        reader.removal(&names, None, list.as_ref(), NOW).unwrap()
    });
    redact(store, &Limits::default(), &chosen, pieces, &why()).map_err(|error| error.to_string())
}

/// Files of the site that hold the token.
fn traces(store: &dyn Store) -> Vec<String> {
    let found = readable(&site(store)).into_iter();
    found
        .filter(|(name, text)| name.contains(TOKEN) || text.contains(TOKEN))
        .map(|(name, _)| name)
        .collect()
}

/// The mail between two others; taking the pieces out leaves no token, and it stays so.
fn check_gone(it: &str, pieces: &[Piece], seen_in: &[&str]) {
    let store = MemoryStore::new();
    let other = |id: &str, references: &[&str]| mail(id, DATE, "Other", references, "o");
    let mails = [other("a@x", &[]), it.to_owned(), other("c@x", &["it@x"])];
    take_bytes(&store, "town", &mbox(&mails));
    let before = site(&store);
    let seen = traces(&store);
    for name in seen_in {
        assert!(
            seen.iter().any(|seen| seen.contains(name)),
            "{name}: {seen:?}"
        );
    }
    // The words of files are not searched.
    let findable = total(&store, TOKEN);
    assert_eq!(findable, u64::from(pieces != [Piece::Part(2)]));
    let out = tempfile::tempdir().unwrap();
    publish_to(&store, out.path());

    assert_eq!(take_out(&store, None, pieces), Ok(1));
    assert_eq!(traces(&store), Vec::<String>::new());
    assert_eq!((total(&store, TOKEN), total(&store, "kept")), (0, 1));
    let after = site(&store);
    let page = readable(&after)["town/2025-November/msg00001.html"].clone();
    assert!(page.contains("[removed]"), "{page}");
    publish_to(&store, out.path());
    assert_same(&tree(out.path()), &after, "published again");
    for path in ["msg00001.eml", "msg00001.mbox"] {
        let (found, bytes) = status(&store, &format!("town/2025-November/{path}"));
        assert_eq!(found, Status::Found, "{path}");
        assert!(
            bytes.contains("removed") && !bytes.contains(TOKEN),
            "{path}"
        );
    }
    clean(&store);

    // It comes again, also as a longer copy; and everything is derived anew.
    for again in [it.to_owned(), format!("X-Trace: a longer copy\n{it}")] {
        take_bytes(&store, "town", &mbox(&[again]));
        assert_eq!((traces(&store), total(&store, TOKEN)), (Vec::new(), 0));
    }
    assert_same(&site(&store), &after, "came again");
    rebuild(&store, &Limits::default(), true).unwrap();
    assert_same(&site(&store), &after, "rebuilt");
    assert_eq!((total(&store, TOKEN), total(&store, "kept")), (0, 1));
    clean(&store);

    with_settings(|settings| {
        let reader = Reader::new(&store, settings, Audience::Operator).unwrap();
        let raw = reader.show_raw(None, "it@x").unwrap();
        assert!(raw == it.as_bytes(), "operators have all of it");
        let log = reader.removals().unwrap();
        assert_eq!(log.len(), pieces.len());
        assert!(
            log.iter()
                .all(|entry| entry.action == "redact" && entry.state == "redacted")
        );
    });
    assert_eq!(put_back(&store, "it@x"), 1);
    let mut back = site(&store);
    back.retain(|name, _| !name.starts_with("_rules/"));
    assert_same(&back, &before, "taken back");
    assert_eq!(total(&store, TOKEN), findable);
    clean(&store);
}

#[test]
fn a_subject_goes_from_every_index_feed_and_thread() {
    let it = letter(
        "it@x",
        &format!("The {TOKEN}"),
        "Ada <ada@example.org>",
        "t",
        "f",
    );
    let seen = [
        "msg00000", "msg00001", "thread/", "subject", "feed", "mbox", "txt",
    ];
    check_gone(&it, &[Piece::Header("Subject".to_owned())], &seen);
}

#[test]
fn an_author_goes_too() {
    let author = format!("{TOKEN} <{TOKEN}@example.org>");
    let it = letter("it@x", "S", &author, "t", "f");
    check_gone(
        &it,
        &[Piece::Header("from".to_owned())],
        &["msg00001", "author", "mbox"],
    );
}

#[test]
fn a_part_goes_with_its_name() {
    let it = letter("it@x", "S", "Ada <ada@example.org>", "t", TOKEN);
    check_gone(
        &it,
        &[Piece::Part(2)],
        &["msg00001", "attachments/", "mbox"],
    );
}

#[test]
fn bytes_go_and_what_stands_around_them_stays() {
    let it = letter("it@x", "S", "Ada <ada@example.org>", TOKEN, "f");
    let at = it.find(TOKEN).unwrap() as u64;
    let bytes = Piece::Bytes(at, at + TOKEN.len() as u64);
    check_gone(
        &it,
        &[bytes],
        &["msg00001", "thread/", "feed", "txt", "mbox"],
    );
}

#[test]
fn a_redacted_file_is_gone_and_the_others_keep_their_places() {
    let store = MemoryStore::new();
    let it = letter("it@x", "S", "Ada <ada@example.org>", "t", TOKEN);
    take_bytes(&store, "town", &mbox(&[it]));
    let files = |store: &dyn Store| -> Vec<String> {
        let site = site(store);
        let names = site.keys().filter(|name| name.contains("/attachments/"));
        names.cloned().collect()
    };
    let before = files(&store);
    take_out(&store, None, &[Piece::Part(2)]).unwrap();
    let after = files(&store);
    assert_eq!((before.len(), after.len()), (2, 2));
    let kept = before.iter().find(|name| name.contains("kept")).unwrap();
    assert!(after.contains(kept), "{after:?}");
    let gone = before.iter().find(|name| name.contains(TOKEN)).unwrap();
    assert_eq!(status(&store, gone).0, Status::Gone);
    assert_eq!(status(&store, kept).0, Status::Found);
    // No file of the site tells its name.
    assert_eq!(traces(&store), Vec::<String>::new());
}

#[test]
fn what_a_mail_does_not_have_is_refused() {
    let store = MemoryStore::new();
    let it = letter("it@x", "S", "Ada <ada@example.org>", "t", "f");
    take_bytes(&store, "town", &mbox(std::slice::from_ref(&it)));
    for piece in [
        Piece::Part(0),
        Piece::Part(4),
        Piece::Header("X-None".to_owned()),
        Piece::Header("message-id".to_owned()),
        Piece::Header("Content-Type".to_owned()),
        Piece::Bytes(5, 5),
        Piece::Bytes(0, 100_000),
    ] {
        take_out(&store, None, std::slice::from_ref(&piece)).unwrap_err();
    }
    // The same bytes have to stand there on every list.
    let other = format!("X-Other: list\n{it}");
    take_bytes(&store, "village", &mbox(&[other]));
    take_out(&store, None, &[Piece::Bytes(20, 30)]).unwrap_err();
    assert_eq!(
        take_out(&store, Some("town"), &[Piece::Bytes(20, 30)]),
        Ok(1)
    );
    assert_eq!(
        take_out(&store, None, &[Piece::Header("subject".into())]),
        Ok(2)
    );
}
