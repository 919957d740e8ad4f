//! A text with its addresses as a list shows them.

use super::address::{Found, addresses, is_invisible, may_have};
use crate::message::{Mailbox, Message, MessageId};
use crate::page::{Mask, Person};
use std::borrow::Cow;

/// What stands for an address of which nothing is shown.
pub const HIDDEN: &str = "[address hidden]";

impl Mask {
    /// A text with every address in it masked. Borrows where there is none.
    pub fn text(self, text: &str) -> Cow<'_, str> {
        if self == Mask::None || !may_have(text.as_bytes(), self.hides()) {
            return Cow::Borrowed(text);
        }
        let found = addresses(text, self.hides());
        if found.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut out = String::with_capacity(text.len() + found.len() * 16);
        let mut copied = 0;
        for address in found {
            out.push_str(&text[copied..address.from]);
            out.push_str(&self.written(text, address));
            copied = address.to;
        }
        out.push_str(&text[copied..]);
        Cow::Owned(out)
    }

    /// Whether a part of an address is hidden, not only written otherwise.
    pub fn hides(self) -> bool {
        self >= Mask::Domain
    }

    /// An address of a text, masked.
    pub(super) fn written(self, text: &str, address: Found) -> String {
        let visible = |from, to| -> String {
            let part: &str = &text[from..to];
            part.chars().filter(|c| !is_invisible(*c)).collect()
        };
        let local = visible(address.from, address.at);
        match self {
            Mask::None => text[address.from..address.to].to_owned(),
            Mask::At => format!("{local} at {}", visible(address.domain, address.to)),
            Mask::Domain => format!("{} at ...", who(&local)),
            Mask::Full => HIDDEN.to_owned(),
        }
    }

    /// An address from a field for addresses, where everything with an at sign is one; empty stays
    /// empty.
    pub fn address(self, address: &str) -> String {
        let Some((local, domain)) = address.rsplit_once('@') else {
            return self.text(address).into_owned();
        };
        match self {
            Mask::None => address.to_owned(),
            Mask::At => format!("{} at {domain}", local.replace('@', " at ")),
            Mask::Domain => format!("{} at ...", who(local)),
            Mask::Full => HIDDEN.to_owned(),
        }
    }

    /// A display name: whatever bears an at sign between other characters may be an address.
    pub fn display_name(self, name: &str) -> Cow<'_, str> {
        let masked = self.text(name);
        let is_left = |word: &str| word.trim_matches('@').contains('@');
        if self == Mask::None || !masked.contains('@') || !masked.split_whitespace().any(is_left) {
            return masked;
        }
        let words = masked.split_whitespace().map(|word| match is_left(word) {
            true => self.address(word),
            false => word.to_owned(),
        });
        Cow::Owned(words.collect::<Vec<_>>().join(" "))
    }

    /// A mailbox as pages show it: an address is masked also where it stands in the name's place.
    pub fn person(self, mailbox: &Mailbox) -> Person {
        let address = match (self, mailbox.address.as_str()) {
            (Mask::Full, _) | (_, "") => String::new(),
            (_, address) => self.address(address),
        };
        let local = mailbox.address.split(['@', ' ']).next().unwrap_or_default();
        let name = match mailbox.name.trim() {
            "" if local.is_empty() => String::new(),
            "" if self == Mask::Full => HIDDEN.to_owned(),
            "" if self == Mask::Domain => who(local).to_owned(),
            "" => local.to_owned(),
            name => self.display_name(name).into_owned(),
        };
        Person { name, address }
    }

    /// A Message-ID as it is shown: they look like addresses and are none, except those that are the
    /// address of somebody in the mail.
    pub fn id(self, id: &MessageId, message: &Message) -> MessageId {
        let people = [&message.author]
            .into_iter()
            .chain(&message.to)
            .chain(&message.cc);
        match self != Mask::None && is_somebody(&id.0, people) {
            true => MessageId(self.address(&id.0)),
            false => id.clone(),
        }
    }

    /// An id that a mail names in `References` or `In-Reply-To`: only one in brackets, or one that
    /// stands there alone, is no address.
    pub fn reference(self, id: &MessageId, message: &Message) -> MessageId {
        let bracketed = format!("<{}>", id.0);
        let is_id = |value: &str| value.contains(&bracketed) || value.trim() == id.0;
        let fields = ["references", "in-reply-to"].map(|name| message.root.fields_named(name));
        match fields
            .into_iter()
            .flatten()
            .any(|field| is_id(&field.value()))
        {
            true => self.id(id, message),
            false => MessageId(self.address(&id.0)),
        }
    }
}

/// Whether an id without its brackets is the address of one of these.
pub(super) fn is_somebody<'m>(id: &str, mut people: impl Iterator<Item = &'m Mailbox>) -> bool {
    people.any(|mailbox| !id.is_empty() && mailbox.address.eq_ignore_ascii_case(id))
}

/// A local part without another address packed into it (`bounce+ada=example.org`).
fn who(local: &str) -> &str {
    let end = local.find(['=', '%', '!', '@']).unwrap_or(local.len());
    &local[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(mask: Mask, table: &[(&str, &str)]) {
        for (text, expected) in table {
            assert_eq!(mask.text(text), *expected, "{text:?}");
        }
    }

    /// Masking once stopped at the wide blank of East Asian texts before an address.
    #[test]
    fn wide_blanks_before_an_address() {
        check(
            Mask::At,
            &[(
                "\u{3000}\u{3000}ada@example.org",
                "\u{3000}\u{3000}ada at example.org",
            )],
        );
    }

    #[test]
    fn addresses_are_masked() {
        check(
            Mask::At,
            &[
                ("ada@example.org", "ada at example.org"),
                (
                    "<ada@example.org>, (b.c+d@x-y.co.uk).",
                    "<ada at example.org>, (b.c+d at x-y.co.uk).",
                ),
                ("mailto:ada@example.org?x", "mailto:ada at example.org?x"),
                ("ada%40example.org", "ada at example.org"),
                ("ada=40example.org", "ada at example.org"),
                (
                    "ada&#64;example.org ada&commat;example.org",
                    "ada at example.org ada at example.org",
                ),
                ("ada\u{ad}@exam\u{200b}ple.org", "ada at example.org"),
                ("ada＠example.org", "ada at example.org"),
                ("ådå@exämple.org", "ådå at exämple.org"),
                (
                    "a@xn--exmple-cua.xn--p1ai.",
                    "a at xn--exmple-cua.xn--p1ai.",
                ),
                ("\"Ada L.\"@example.org", "\"Ada L.\" at example.org"),
                ("git@github.com:x/y.git", "git at github.com:x/y.git"),
                ("ada@[192.0.2.1]", "ada at [192.0.2.1]"),
                ("\u{3000}ada@example.org", "\u{3000}ada at example.org"),
                ("ada@example.org(Ada)", "ada at example.org(Ada)"),
                ("a@b.org@c.org", "a at b.org@c.org"),
                (
                    "-Signed-off-by: Ada <ada@example.org>",
                    "-Signed-off-by: Ada <ada at example.org>",
                ),
            ],
        );
        check(
            Mask::Domain,
            &[
                ("Ada <ada@example.org>", "Ada <ada at ...>"),
                (
                    "bounce+ada=example.org@lists.example.org",
                    "bounce+ada at ...",
                ),
                (
                    "On Monday ada at example.org wrote",
                    "On Monday ada at ... wrote",
                ),
                (
                    "look at example.org, or met at www.example.org",
                    "look at example.org, or met at www.example.org",
                ),
            ],
        );
        check(
            Mask::Full,
            &[
                ("<ada@example.org>", "<[address hidden]>"),
                ("{ada,grace}@example.org", "[address hidden]"),
                (
                    "https://example.org/u?mail=ada@example.org&x",
                    "https://example.org/u?[address hidden]&x",
                ),
            ],
        );
        check(Mask::None, &[("ada@example.org", "ada@example.org")]);
    }

    #[test]
    fn code_stays() {
        for text in [
            "@@ -1,3 +1,4 @@ fn main@x",
            "@property",
            "  @app.route('/')",
            "foo@2x.png",
            "@Override",
            "$Id: x@y $",
            "a @ b",
            "X@W",
            "x@w.view(1)",
            "npm pkg@1.2.3 pkg@1.2.3-beta.next",
            "sizeof(x)@plt",
            "name@GLIBC_2.2.5",
            "getty@tty1.service",
            "root@localhost",
            "100%, a=40, &amp; b",
            "Link: https://lore.kernel.org/r/20210601.42@example.org",
            "Message-ID: <20210601.42@example.org>",
            "> In-Reply-To: <20210601.42@example.org>",
            "<cid:part1.42@example.org>",
        ] {
            for mask in [Mask::At, Mask::Domain, Mask::Full] {
                assert_eq!(mask.text(text), text);
            }
        }
    }

    #[test]
    fn people() {
        let check = |mask: Mask, name: &str, address: &str, expected: (&str, &str)| {
            let mailbox = Mailbox {
                name: name.into(),
                address: address.into(),
            };
            let person = mask.person(&mailbox);
            assert_eq!((person.name.as_str(), person.address.as_str()), expected);
        };
        let ada = "ada@example.org";
        check(Mask::At, "", ada, ("ada", "ada at example.org"));
        check(Mask::Domain, ada, ada, ("ada at ...", "ada at ..."));
        check(Mask::Full, ada, ada, (HIDDEN, ""));
        check(Mask::Full, "Ada", ada, ("Ada", ""));
        check(Mask::Full, "", ada, (HIDDEN, ""));
        check(Mask::Full, "root@localhost", "root@localhost", (HIDDEN, ""));
        check(Mask::Full, "", "", ("", ""));
        check(
            Mask::At,
            "",
            "root@localhost",
            ("root", "root at localhost"),
        );
    }

    #[test]
    fn hostile_text_takes_linear_time() {
        for piece in [
            "a@",
            "a%40",
            "{@",
            "\"@",
            "a@b.",
            "<a@b.c",
            " at ",
            "x at y.zz ",
        ] {
            let text = piece.repeat((1 << 17) / piece.len());
            assert!(Mask::Full.text(&text).len() < 2 << 20);
        }
    }
}
