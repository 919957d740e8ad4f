use crate::prelude::*;

fn deliver_one(store: &dyn Store, text: &str) -> Delivery {
    let list = ListName::new("hall").unwrap();
    deliver(store, &list, text.as_bytes(), NOW, &Limits::default()).unwrap()
}

#[test]
fn a_delivered_mail_is_there_at_once_and_once() {
    let store = MemoryStore::new();
    add_list(
        &store,
        &ListName::new("hall").unwrap(),
        true,
        false,
        &Site::default(),
        NOW,
        &Limits::default(),
    )
    .unwrap();
    let text = mail(
        "d@x",
        "Mon, 3 Nov 2025 10:00:00 +0000",
        "Hello",
        &[],
        "There.",
    );
    assert_eq!(deliver_one(&store, &text), Delivery::Archived);
    assert_eq!(deliver_one(&store, &text), Delivery::Archived);
    with_settings(|settings| {
        let reader = Reader::new(&store, settings, Audience::Public).unwrap();
        assert_eq!(reader.lists().unwrap()[0].messages, 1);
        assert_eq!(reader.show(None, "d@x").unwrap()[0].text.trim(), "There.");
    });
}

#[test]
fn fifty_mails_wait_while_another_holds_the_lock() {
    let store = MemoryStore::new();
    add_list(
        &store,
        &ListName::new("hall").unwrap(),
        true,
        false,
        &Site::default(),
        NOW,
        &Limits::default(),
    )
    .unwrap();
    {
        let _held = store.lock(std::time::Duration::ZERO).unwrap();
        for n in 0..50 {
            let text = mail(
                &format!("w{n}@x"),
                "Mon, 3 Nov 2025 10:00:00 +0000",
                "Wait",
                &[],
                "Text.",
            );
            assert_eq!(deliver_one(&store, &text), Delivery::Waiting);
        }
    }
    assert_eq!(
        take_in_if_free(&store, NOW, &Limits::default()).unwrap(),
        50
    );
    with_settings(|settings| {
        let reader = Reader::new(&store, settings, Audience::Public).unwrap();
        assert_eq!(reader.lists().unwrap()[0].messages, 50);
    });
}

#[test]
fn a_mail_for_a_list_that_is_not_there_stays_in_the_spool() {
    let store = MemoryStore::new();
    let text = mail(
        "d@x",
        "Mon, 3 Nov 2025 10:00:00 +0000",
        "Hello",
        &[],
        "There.",
    );
    deliver_one(&store, &text);
    assert_eq!(store.spool().names(10).unwrap().len(), 1);
    add_list(
        &store,
        &ListName::new("hall").unwrap(),
        true,
        false,
        &Site::default(),
        NOW,
        &Limits::default(),
    )
    .unwrap();
    assert_eq!(take_in_if_free(&store, NOW, &Limits::default()).unwrap(), 1);
}

#[test]
fn a_from_line_before_a_delivered_mail_is_passed_over() {
    let store = MemoryStore::new();
    add_list(
        &store,
        &ListName::new("hall").unwrap(),
        true,
        false,
        &Site::default(),
        NOW,
        &Limits::default(),
    )
    .unwrap();
    let text = mail(
        "f@x",
        "Mon, 3 Nov 2025 10:00:00 +0000",
        "Hello",
        &[],
        "There.",
    );
    deliver_one(
        &store,
        &format!("From ada@example.org  Mon Nov  3 10:00:00 2025\n{text}"),
    );
    with_settings(|settings| {
        let reader = Reader::new(&store, settings, Audience::Public).unwrap();
        assert_eq!(reader.show(None, "f@x").unwrap()[0].subject, "Hello");
        assert_eq!(reader.show_raw(None, "f@x").unwrap(), text.as_bytes());
    });
}
