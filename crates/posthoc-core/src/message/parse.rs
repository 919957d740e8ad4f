//! From bytes to [`Message`].

use super::tree::{Holds, Section, Wanted};
use super::{
    Defect, Limits, Mailbox, Message, MessageId, Part, address, identity, ids, parameters, tree,
};
use crate::text::{SentDate, mend_mojibake};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// `Received` fields looked at.
const MOST_RECEIVED: usize = 100;

/// Reads a mail. Total: any bytes give a [`Message`], and what is wrong with them is among its
/// defects. `raw` is the mail with its mbox quoting undone (see
/// [`RawMessage::unquoted`](super::RawMessage::unquoted)); a byte order mark, From_ lines and empty
/// lines before the first field are passed over; line ends may be LF, CRLF, both, or CR alone.
///
/// Time and memory are linear in the size of `raw` times the depth of its MIME tree, and bounded by
/// `limits`. A mail without any header line has an empty `root.fields`, and all of it is text.
pub fn parse(raw: &[u8], limits: &Limits) -> Message {
    parse_as(raw, limits, None)
}

/// Reads a mail as [`parse`] does; `default` is the charset of 8-bit text that names none and is not
/// UTF-8: a list's. It does not count for the identity of the content.
pub fn parse_as(raw: &[u8], limits: &Limits, default: Option<&str>) -> Message {
    let raw = with_line_feeds(raw);
    let mut defects = BTreeSet::new();
    let root = tree::build(&raw, limits, default, &mut defects);
    let charset = root.charset.clone().or(default.map(str::to_owned));
    let mailboxes = |name: &str| {
        let fields = root.fields_named(name);
        let mut all = Vec::new();
        for field in fields {
            let room = limits.addresses.saturating_sub(all.len());
            all.extend(address::parse(&field.raw, charset.as_deref(), room));
        }
        all
    };
    let mut author = first_author(&root, charset.as_deref());
    let (to, cc) = (mailboxes("to"), mailboxes("cc"));
    let sent = sent(&root, &mut defects);
    let named = root
        .fields_named("message-id")
        .find_map(|f| ids::message_id(&f.raw));
    let (mut references, in_reply_to) = answered(&root, limits, &author, &to);
    if let Some(whole) = whole_of_piece(&root) {
        references.retain(|id| *id != whole);
        if references.len() >= limits.references {
            references.remove(0);
        }
        references.insert(0, whole);
    }
    mend(&mut author.name, &mut defects);
    let mut subject = root
        .field("subject")
        .map(|f| f.value().into_owned())
        .unwrap_or_default();
    mend(&mut subject, &mut defects);
    let mut message = Message {
        id: MessageId(String::new()),
        id_is_made: named.is_none(),
        references,
        in_reply_to,
        subject,
        author,
        to,
        cc,
        sent,
        list_id: root.field("list-id").and_then(|f| list_id(&f.value())),
        no_archive: no_archive(&root),
        root,
        charset: default.map(str::to_owned),
        defects: Vec::new(),
    };
    message.id = match named {
        Some((id, bad)) => {
            if bad {
                defects.insert(Defect::BadMessageId);
            }
            id
        }
        None => {
            defects.insert(Defect::NoMessageId);
            identity::made_id(&message)
        }
    };
    message.references.retain(|id| *id != message.id);
    message.defects = defects.into_iter().collect();
    message
}

/// The mail's bytes with line feeds, every part of it with its place in them, and the decoded buffers
/// that some of them lie in. Of their fields only those are read that describe a part or name the
/// mail's people.
pub(crate) fn sections<'r>(
    raw: &'r [u8],
    limits: &Limits,
) -> (Cow<'r, [u8]>, Vec<Section>, Vec<Vec<u8>>) {
    let raw = with_line_feeds(raw);
    let (sections, buffers) =
        tree::sections(&raw, limits, None, Wanted::Structure, &mut BTreeSet::new());
    (raw, sections, buffers)
}

/// The bytes of the mails that a mail holds (message/rfc822), in order of appearance; not those within
/// them.
pub fn inner_mails(raw: &[u8], limits: &Limits) -> Vec<Vec<u8>> {
    let (raw, sections, buffers) = sections(raw, limits);
    let mut inside = vec![false; sections.len()];
    let mut mails = Vec::new();
    for (at, section) in sections.iter().enumerate() {
        let within = at > 0 && inside[section.parent];
        let is_mail = section.part.media_type == "message/rfc822";
        inside[at] = within || is_mail;
        if !is_mail || within {
            continue;
        }
        let buffer = match section.holds {
            Holds::Buffer(number) => buffers.get(number.saturating_sub(1)).cloned(),
            _ => raw.get(section.body.clone()).map(<[u8]>::to_vec),
        };
        mails.extend(buffer);
    }
    mails
}

/// Reads at most `most` mailboxes out of an address field.
pub(crate) fn mailboxes(raw: &[u8], charset: Option<&str>, most: usize) -> Vec<Mailbox> {
    address::parse(raw, charset, most)
}

/// A structured value, lower case, and its parameters, decoded.
pub(crate) fn structured(raw: &[u8], charset: Option<&str>) -> (String, Vec<(String, String)>) {
    let parsed = parameters::parse(raw, charset);
    (parsed.value, parsed.parameters)
}

/// The id of the mail of which this one is a piece (RFC 2046 section 5.2.2). All pieces refer to it, so
/// that they stand in one thread, whatever else they refer to and in whatever order they come.
fn whole_of_piece(root: &Part) -> Option<MessageId> {
    let is_piece = root.media_type == "message/partial";
    let id = root.parameter("id").filter(|_| is_piece)?;
    ids::message_id(format!("<{}>", id.trim_matches(['<', '>', ' '])).as_bytes()).map(|(id, _)| id)
}

/// Puts a text right that was taken for windows-1252.
fn mend(text: &mut String, defects: &mut BTreeSet<Defect>) {
    if let Some(meant) = mend_mojibake(text) {
        defects.insert(Defect::Mojibake);
        *text = meant;
    }
}

/// A mail whose lines end in CR alone gets line feeds.
fn with_line_feeds(raw: &[u8]) -> Cow<'_, [u8]> {
    let lonely = memchr::memchr(b'\n', raw).is_none() && memchr::memchr(b'\r', raw).is_some();
    if !lonely {
        return Cow::Borrowed(raw);
    }
    Cow::Owned(
        raw.iter()
            .map(|b| if *b == b'\r' { b'\n' } else { *b })
            .collect(),
    )
}

/// The first mailbox of `From`, else of `Sender`.
fn first_author(root: &Part, charset: Option<&str>) -> Mailbox {
    ["from", "sender"]
        .into_iter()
        .flat_map(|name| root.fields_named(name))
        .find_map(|f| address::parse(&f.raw, charset, 1).pop())
        .unwrap_or_default()
}

fn sent(root: &Part, defects: &mut BTreeSet<Defect>) -> Option<SentDate> {
    let mut fields = root
        .fields_named("date")
        .filter(|f| !f.value().is_empty())
        .peekable();
    if fields.peek().is_none() {
        defects.insert(Defect::NoDate);
        return None;
    }
    match fields.find_map(|f| SentDate::parse(&f.value())) {
        Some((date, lenient)) => {
            if lenient {
                defects.insert(Defect::OddDate);
            }
            Some(date)
        }
        None => {
            defects.insert(Defect::BadDate);
            None
        }
    }
}

/// Ids of `References` followed by what `In-Reply-To` adds, and those of `In-Reply-To` alone.
/// An id that is really the address of somebody who takes part is none.
fn answered(
    root: &Part,
    limits: &Limits,
    author: &Mailbox,
    to: &[Mailbox],
) -> (Vec<MessageId>, Vec<MessageId>) {
    let is_address = |id: &MessageId| {
        let people = to.iter().take(20).chain([author]);
        people
            .into_iter()
            .any(|m| m.address.eq_ignore_ascii_case(&id.0))
    };
    let mut replied: Vec<MessageId> = root
        .fields_named("in-reply-to")
        .flat_map(|f| ids::in_reply_to(&f.raw, 20))
        .take(20)
        .collect();
    replied.retain(|id| !is_address(id));
    let mut all: Vec<MessageId> = root
        .fields_named("references")
        .take(20)
        .flat_map(|f| ids::references(&f.raw, limits.references))
        .collect();
    let surplus = all.len().saturating_sub(limits.references);
    all.drain(..surplus);
    all.retain(|id| !is_address(id));
    // Where an id stands twice, the later place is the nearer relation.
    let mut seen = BTreeSet::new();
    let mut references: Vec<MessageId> = all
        .into_iter()
        .rev()
        .filter(|id| seen.insert(id.clone()))
        .collect();
    references.reverse();
    references.extend(
        replied
            .iter()
            .filter(|id| seen.insert((*id).clone()))
            .cloned(),
    );
    (references, replied)
}

impl Message {
    /// Dates of the `Received` fields that can be read, newest (topmost) first; seconds UTC: what
    /// follows the last semicolon (RFC 5321 section 4.4).
    pub fn received(&self) -> Vec<i64> {
        let fields = self.root.fields_named("received").take(MOST_RECEIVED);
        fields
            .filter_map(|f| SentDate::parse(f.value().rsplit_once(';')?.1))
            .map(|(date, _)| date.unix)
            .collect()
    }
}

/// `A phrase <list.example.org>` or `list.example.org` (RFC 2919).
fn list_id(value: &str) -> Option<String> {
    let inside = match value.rsplit_once('<') {
        Some((_, rest)) => rest.split('>').next().unwrap_or_default(),
        None => value,
    };
    let id = inside.trim().to_lowercase();
    (!id.is_empty() && id.len() <= 255).then_some(id)
}

fn no_archive(root: &Part) -> bool {
    let says = |name: &str, word: &str| {
        root.fields_named(name)
            .any(|f| f.value().trim().to_ascii_lowercase().starts_with(word))
    };
    says("x-no-archive", "yes") || says("x-archive", "no")
}
