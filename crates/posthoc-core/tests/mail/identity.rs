//! What makes two mails copies of each other, and what does not.

use crate::read;

const MAIL: &str = "From: Ana Voss <Ana@example.org>\nSubject: Re: Fog\n\
Date: Mon, 8 Mar 2004 10:00:00 +0100\nMessage-ID: <a@example.org>\n\nFrom here on, fog.\n\nAna\n";

fn same(other: &str) -> bool {
    read(MAIL.as_bytes()).content_hash() == read(other.as_bytes()).content_hash()
}

#[test]
fn what_transport_and_lists_change_does_not_count() {
    for (change, to) in [
        ("", ""),
        ("\n", "\r\n"),
        ("From here", ">From here"),
        ("fog.\n", "fog.  \n"),
        ("Ana\n", "Ana\n\n\n"),
        ("Re: Fog", "[Keepers] Re: Fog"),
        ("Re: Fog", "Re: [Keepers] Re:  Fog"),
        ("Re: Fog", "[Keepers 12] RE: [x] Fog"),
        ("Ana@example.org", "ana@EXAMPLE.org"),
        ("Ana Voss <Ana@example.org>", "Ana@example.org (A. Voss)"),
        ("10:00:00 +0100", "09:00:00 GMT"),
        (
            "From: ",
            "Received: from x; Mon, 8 Mar 2004 10:00:01 +0100\nX-Loop: y\nFrom: ",
        ),
        (
            "\n\nFrom",
            "\nContent-Transfer-Encoding: quoted-printable\n\n=46rom",
        ),
        (
            "Ana\n",
            "Ana\n_______________________________________________\nKeepers mailing list\n\
             Keepers@lists.example.org\nhttps://lists.example.org/listinfo/keepers\n",
        ),
        (
            "Ana\n",
            "Ana\n-- \nTo unsubscribe from this list: send the line \"unsubscribe\"\n",
        ),
        (
            "Ana\n",
            "Ana\n\n---------------------------------------------------------------------\n\
             To unsubscribe, e-mail: keepers-unsubscribe@example.org\n",
        ),
    ] {
        assert!(same(&MAIL.replace(change, to)), "{change} {to}");
    }
}

#[test]
fn what_the_author_wrote_counts() {
    for (change, to) in [
        ("Fog", "Frog"),
        ("Re: Fog", "Fog"),
        ("fog.", "sun."),
        ("10:00:00", "10:00:01"),
        ("Ana@", "bea@"),
        ("Ana\n", "Ana\n-- \nA signature\n"),
        ("Ana\n", "Ana\n____\nA short rule and a mailing list\n"),
    ] {
        assert!(!same(&MAIL.replace(change, to)), "{change} {to}");
    }
    let patch = |n: u8| MAIL.replace("Re: Fog", &format!("[PATCH {n}/2] Fog"));
    assert_ne!(
        read(patch(1).as_bytes()).content_hash(),
        read(patch(2).as_bytes()).content_hash()
    );
}

#[test]
fn a_made_id_is_a_function_of_the_content() {
    let bare = MAIL.replace("Message-ID: <a@example.org>\n", "");
    let first = read(bare.as_bytes());
    let second = read(format!("Received: by x; y\n{bare}").as_bytes());
    assert!(first.id_is_made);
    assert_eq!(first.id, second.id);
    assert!(
        first.id.0.ends_with("@made.posthoc.invalid"),
        "{}",
        first.id
    );
    assert_ne!(first.id, read(bare.replace("fog", "sun").as_bytes()).id);
}
