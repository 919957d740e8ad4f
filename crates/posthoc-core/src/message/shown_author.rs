//! Who wrote a mail that a list sent in its own name.
//!
//! A domain may forbid others to send in its name (DMARC). Lists then put their own address into
//! `From` and say `Ada via LIST`; where Ada stands differs from program to program.

use super::{Mailbox, Message, address};

/// What stands between the author's name and the list's, in the languages of list programs.
const VIA: [&str; 6] = [
    " via ",
    " \u{fc}ber ",
    " v\u{ed}a ",
    " a trav\u{e9}s de ",
    " przez ",
    " door ",
];

/// Fields that name the author as the list got the mail, surest first.
const ORIGINAL: [&str; 5] = [
    "x-original-from",
    "original-from",
    "x-original-sender",
    "x-google-original-from",
    "author",
];

/// Mailboxes of one field looked at.
const MOST: usize = 20;

impl Message {
    /// The author as people know them: of `Ada via LIST <list@example.org>` it is Ada, with her own
    /// address when the mail tells it (`X-Original-From` and its cousins, `Author` of RFC 9057,
    /// `Reply-To`, or `Cc`). Without it only the name is made right. Any other mail: its author.
    ///
    /// This is what is shown; the identity of the content rests on `From` alone.
    pub fn shown_author(&self) -> Mailbox {
        let from = &self.author;
        let name = name_before_via(&from.name);
        if !self.is_from_the_list(name.is_some()) {
            return from.clone();
        }
        let found = self.original(name.as_deref());
        let name = match (name, &found) {
            (Some(name), _) if !name.contains('@') => name,
            (_, Some(found)) if !found.name.is_empty() => found.name.clone(),
            (Some(name), _) => name,
            (None, Some(_)) => String::new(),
            (None, None) => return from.clone(),
        };
        let address = match (found, name.contains('@') && !name.contains(' ')) {
            (Some(found), _) => found.address,
            // `ada@example.org via LIST`
            (None, true) => name.clone(),
            (None, false) => from.address.clone(),
        };
        let name = if name == address { String::new() } else { name };
        Mailbox { name, address }
    }

    /// Whether `From` is the list: by its own words about itself, or by a name with `via` in it and
    /// an address to which the mail was sent.
    fn is_from_the_list(&self, via: bool) -> bool {
        let address = self.author.address.to_lowercase();
        let Some((local, domain)) = address.split_once('@') else {
            return false;
        };
        let post = self.root.field("list-post");
        let posted = post.is_some_and(|field| {
            let value = field.value().to_lowercase();
            value.contains(&format!("mailto:{address}"))
        });
        let named = self.list_id.as_ref().is_some_and(|id| {
            id.strip_prefix(local)
                .is_some_and(|rest| rest.strip_prefix('.') == Some(domain))
        });
        // Pipermail's text volumes and others keep no field of the list.
        let sent = via
            && self
                .to
                .iter()
                .chain(&self.cc)
                .any(|to| to.address.eq_ignore_ascii_case(&address));
        let original = ORIGINAL
            .iter()
            .take(4)
            .any(|name| self.root.field(name).is_some());
        (posted || named || sent) && (via || original) || via && original
    }

    /// The author's own mailbox.
    fn original(&self, name: Option<&str>) -> Option<Mailbox> {
        let charset = self.root.charset.as_deref().or(self.charset.as_deref());
        let is_other = |mailbox: &Mailbox| {
            mailbox.address.contains('@')
                && !mailbox.address.eq_ignore_ascii_case(&self.author.address)
        };
        let mailboxes = |field: &str| -> Vec<Mailbox> {
            let raw = self.root.field(field).map(|f| f.raw.as_slice());
            let mut found = address::parse(raw.unwrap_or_default(), charset, MOST);
            found.retain(is_other);
            found
        };
        let same = |mailbox: &Mailbox| {
            name.is_some_and(|name| {
                mailbox.name.eq_ignore_ascii_case(name)
                    || mailbox.address.eq_ignore_ascii_case(name)
            })
        };
        let given = ORIGINAL
            .iter()
            .find_map(|field| mailboxes(field).into_iter().next());
        let replies = || {
            let mut replies = mailboxes("reply-to");
            let own = replies
                .iter()
                .position(same)
                .or((replies.len() == 1).then_some(0));
            own.map(|n| replies.swap_remove(n))
        };
        given
            .or_else(replies)
            .or_else(|| mailboxes("cc").into_iter().find(same))
    }
}

/// `Ada` of `Ada via LIST` or `'Ada' via LIST`.
fn name_before_via(name: &str) -> Option<String> {
    let (before, _) = VIA.iter().find_map(|via| name.rsplit_once(via))?;
    let before = before.trim().trim_matches(['\'', '"']).trim();
    (!before.is_empty()).then(|| before.to_owned())
}
