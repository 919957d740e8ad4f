//! The author of a mail that a list sent in its own name.

use crate::read;

fn check(header: &str, name: &str, address: &str) {
    let mail = format!("{header}\nMessage-ID: <a@example.org>\n\nx\n");
    let message = read(mail.as_bytes());
    let shown = message.shown_author();
    assert_eq!(
        (shown.name.as_str(), shown.address.as_str()),
        (name, address),
        "{header}"
    );
}

#[test]
fn authors_behind_a_list() {
    let list =
        "From: Ada via Keepers <keepers@lists.example.org>\nList-Id: <keepers.lists.example.org>";
    // Mailman: Reply-To, alone or beside the list.
    check(
        &format!("{list}\nReply-To: Ada <ada@example.org>"),
        "Ada",
        "ada@example.org",
    );
    check(
        &format!(
            "{list}\nReply-To: keepers@lists.example.org, Ada <ada@example.org>, bo@example.org"
        ),
        "Ada",
        "ada@example.org",
    );
    // A list that takes the answers itself puts the author into Cc.
    check(
        &format!(
            "{list}\nReply-To: keepers@lists.example.org\nCc: Bo <bo@example.org>, Ada <ada@example.org>"
        ),
        "Ada",
        "ada@example.org",
    );
    check(
        &format!("{list}\nX-Original-From: \"Ada L.\" <ada@example.org>"),
        "Ada",
        "ada@example.org",
    );
    check(
        "From: \"'Ada' via keepers\" <keepers@lists.example.org>\nX-Original-From: Ada <ada@example.org>",
        "Ada",
        "ada@example.org",
    );
    check(
        "From: keepers@lists.example.org\nList-Post: <mailto:Keepers@lists.example.org>\n\
         X-Original-From: Ada <ada@example.org>",
        "Ada",
        "ada@example.org",
    );
    // The name alone, an address as the name, other languages, no field of the list.
    check(list, "Ada", "keepers@lists.example.org");
    check(
        "From: ada@example.org via Keepers <keepers@lists.example.org>\nTo: keepers@lists.example.org",
        "",
        "ada@example.org",
    );
    check(
        "From: =?utf-8?Q?Ada_=C3=BCber_Keepers?= <keepers@lists.example.org>\n\
         List-Post: <mailto:keepers@lists.example.org>\nReply-To: Ada <ada@example.org>",
        "Ada",
        "ada@example.org",
    );
}

#[test]
fn authors_of_their_own() {
    check(
        "From: Ada <ada@example.org>\nReply-To: Bo <bo@example.org>",
        "Ada",
        "ada@example.org",
    );
    check(
        "From: Ada via Bo <ada@example.org>\nTo: bo@example.org",
        "Ada via Bo",
        "ada@example.org",
    );
    check(
        "From: Keepers <keepers@lists.example.org>\nList-Post: <mailto:keepers@lists.example.org>\n\
         Reply-To: Ada <ada@example.org>",
        "Keepers",
        "keepers@lists.example.org",
    );
    check("Subject: x", "", "");
}

#[test]
fn identity_does_not_look_behind_a_list() {
    let mail = "From: Ada via K <k@lists.example.org>\nTo: k@lists.example.org\nReply-To: Ada <ada@example.org>\n\nx\n";
    let other = mail.replace("Reply-To: Ada <ada@example.org>\n", "");
    let hash = |mail: &str| read(mail.as_bytes()).content_hash();
    assert_eq!(hash(mail), hash(&other));
}
