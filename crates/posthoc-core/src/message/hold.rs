//! Mails that machines write to whoever stands in a header, and that reach a list's address by mistake. They
//! are held when they are delivered, for somebody to look at, so each rule asks for a sure sign: what is
//! posted on purpose by a program (`Auto-Submitted: auto-generated`, as commits and builds) is none.

use super::{Message, Part};

/// Why a mail is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Hold {
    /// It has passed more than [`MOST_HOPS`] mail systems: it goes in circles.
    Loop,
    /// A report on another mail: not delivered (RFC 3464), read (RFC 8098), complained about (RFC 5965); or
    /// one that comes from nobody's address and says so in no form.
    Bounce,
    /// An answer that no human wrote (RFC 3834): somebody is on holiday.
    AutoReply,
    /// A notice of list software to one subscriber: a password, a confirmation.
    Administrivia,
}

/// Mail systems that a mail may have passed (RFC 5321, 6.3).
pub const MOST_HOPS: usize = 100;

/// Fields that only programs which answer by themselves write.
const ANSWERING: [&str; 4] = [
    "x-autoreply",
    "x-autorespond",
    "x-autoresponder",
    "x-vacation",
];
/// Kinds of a multipart/report (RFC 6522) that tell of another mail.
const REPORTS: [&str; 4] = [
    "delivery-status",
    "disposition-notification",
    "feedback-report",
    "global-delivery-status",
];
/// What stands before the @ of programs that send mail back.
const DAEMONS: [&str; 2] = ["mailer-daemon", "mail-daemon"];

impl Hold {
    /// Why this mail is held; none when it is a mail as any.
    pub fn of(message: &Message) -> Option<Self> {
        let root = &message.root;
        if root.fields_named("received").count() > MOST_HOPS {
            return Some(Hold::Loop);
        }
        let address = &message.author.address;
        let local = address.rsplit_once('@').map_or(&**address, |(at, _)| at);
        if is_report(root) || (is_from_nobody(root) && is_one_of(local, &DAEMONS)) {
            return Some(Hold::Bounce);
        }
        if is_answer(root) {
            return Some(Hold::AutoReply);
        }
        // Mailman 2 writes it into what it says itself, never into a post.
        says(root, "x-list-administrivia", "yes").then_some(Hold::Administrivia)
    }

    /// The name in the journal and in reports.
    pub fn name(self) -> &'static str {
        match self {
            Hold::Loop => "loop",
            Hold::Bounce => "bounce",
            Hold::AutoReply => "auto_reply",
            Hold::Administrivia => "administrivia",
        }
    }
}

fn is_report(root: &Part) -> bool {
    let kind = root.parameter("report-type").unwrap_or_default();
    (root.media_type == "multipart/report" && is_one_of(kind, &REPORTS))
        || root.field("x-failed-recipients").is_some()
}

/// Whether its envelope named no sender (RFC 5321, 4.5.5), as far as the mail system wrote that down.
fn is_from_nobody(root: &Part) -> bool {
    let path = root.field("return-path");
    path.is_none_or(|path| path.value().trim() == "<>")
}

fn is_answer(root: &Part) -> bool {
    let submitted = root.field("auto-submitted").map(|field| field.value());
    // A comment may stand behind the word (RFC 5322, 3.2.2).
    let first = submitted
        .as_deref()
        .and_then(|value| value.split([';', '(']).next());
    first.is_some_and(|first| first.trim().eq_ignore_ascii_case("auto-replied"))
        || says(root, "precedence", "auto_reply")
        || ANSWERING.iter().any(|name| {
            let field = root.field(name);
            field.is_some_and(|field| !field.value().trim().eq_ignore_ascii_case("no"))
        })
}

fn says(root: &Part, name: &str, word: &str) -> bool {
    let field = root.field(name);
    field.is_some_and(|field| field.value().trim().eq_ignore_ascii_case(word))
}

fn is_one_of(word: &str, words: &[&str]) -> bool {
    words.iter().any(|other| other.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::Hold;
    use crate::message::{Limits, parse};

    #[track_caller]
    fn check(header: &str, hold: Option<Hold>) {
        let mail = format!("From: Ada <ada@x.example>\nSubject: Gate\n{header}\nText.\n");
        let message = parse(mail.as_bytes(), &Limits::default());
        assert_eq!(Hold::of(&message), hold, "{header}");
    }

    #[test]
    fn what_machines_send_back_is_held_and_what_they_post_is_not() {
        let bounce = Some(Hold::Bounce);
        check("", None);
        check(
            "Content-Type: multipart/report; report-type=\"Delivery-Status\"; boundary=b\n",
            bounce,
        );
        check(
            "Content-Type: multipart/report; report-type=other; boundary=b\n",
            None,
        );
        check("X-Failed-Recipients: eve@x.example\n", bounce);
        check("Return-Path: <>\n", None);
        check(
            "Auto-Submitted: auto-replied (vacation)\n",
            Some(Hold::AutoReply),
        );
        check(
            "Auto-Submitted: Auto-Replied; owner-email=\"a@x\"\n",
            Some(Hold::AutoReply),
        );
        check("Auto-Submitted: auto-generated\nPrecedence: bulk\n", None);
        check("Auto-Submitted: no\n", None);
        check("Precedence: auto_reply\n", Some(Hold::AutoReply));
        check("X-Autoreply: yes\n", Some(Hold::AutoReply));
        check("X-AutoReply: no\n", None);
        check("X-List-Administrivia: yes\n", Some(Hold::Administrivia));
        check(
            "X-List-Administrivia: no\nX-BeenThere: gate@x.example\n",
            None,
        );
        check(
            &"Received: by a; Mon, 3 Nov 2025 10:00:00 +0000\n".repeat(100),
            None,
        );
        check(
            &"Received: by a; Mon, 3 Nov 2025 10:00:00 +0000\n".repeat(101),
            Some(Hold::Loop),
        );
    }

    #[test]
    fn a_daemon_holds_nothing_but_what_nobody_sent() {
        for (mail, hold) in [
            (
                "From: MAILER-DAEMON@x.example\nSubject: failure\n\na\n",
                true,
            ),
            (
                "From: MAILER-DAEMON@x.example\nReturn-Path: <>\n\na\n",
                true,
            ),
            (
                "From: Mailer-Daemon@x.example\nReturn-Path: <ada@x.example>\n\na\n",
                false,
            ),
            ("From: postmaster@x.example\n\na\n", false),
        ] {
            let message = parse(mail.as_bytes(), &Limits::default());
            assert_eq!(Hold::of(&message).is_some(), hold, "{mail}");
        }
    }
}
