//! Settings that shape pages: of the site, and of each list.

use super::link_rules::{FooterPatterns, LinkRules};
use crate::route::ListName;
use crate::text::Frequency;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Who may see a list. Ordered from open to closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Visibility {
    /// Everybody.
    Public,
    /// Everybody who knows its URL.
    Unlisted,
    /// Its members.
    Private,
}

impl Visibility {
    /// Its name in settings and in the journal; anything else is none.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "public" => Some(Visibility::Public),
            "unlisted" => Some(Visibility::Unlisted),
            "private" => Some(Visibility::Private),
            _ => None,
        }
    }

    /// Its name in settings and in the journal.
    pub fn name(self) -> &'static str {
        match self {
            Visibility::Public => "public",
            Visibility::Unlisted => "unlisted",
            Visibility::Private => "private",
        }
    }
}

/// How much of an address others see. Ordered from open to closed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mask {
    /// The address as it is.
    None,
    /// `ada at example.org`, as Pipermail shows it.
    #[default]
    At,
    /// `ada at ...`: who, but not where.
    Domain,
    /// Nothing of it.
    Full,
}

impl Mask {
    /// All of them, from open to closed.
    pub const ALL: [Mask; 4] = [Mask::None, Mask::At, Mask::Domain, Mask::Full];

    /// Its name in settings and in the journal; anything else is none.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "none" => Some(Mask::None),
            "at" => Some(Mask::At),
            "domain" => Some(Mask::Domain),
            "full" => Some(Mask::Full),
            _ => None,
        }
    }

    /// Its name in settings and in the journal.
    pub fn name(self) -> &'static str {
        match self {
            Mask::None => "none",
            Mask::At => "at",
            Mask::Domain => "domain",
            Mask::Full => "full",
        }
    }
}

/// Which files of whole volumes and threads there are. Ordered from open to closed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Downloads {
    /// Mailboxes and text volumes.
    #[default]
    Mbox,
    /// Text volumes only.
    Text,
    /// None.
    None,
}

impl Downloads {
    /// Its name in settings and in the journal; anything else is none.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "mbox" => Some(Downloads::Mbox),
            "text" => Some(Downloads::Text),
            "none" => Some(Downloads::None),
            _ => None,
        }
    }

    /// Its name in settings and in the journal.
    pub fn name(self) -> &'static str {
        match self {
            Downloads::Mbox => "mbox",
            Downloads::Text => "text",
            Downloads::None => "none",
        }
    }
}

/// What a list's settings say. What protects people (`visibility`, `mask`, `downloads`, `drop`) is
/// ground state too: the closer of the two counts, so that a lost file opens nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListSettings {
    /// Its title; the name when empty.
    pub title: String,
    /// A sentence about it; may be empty.
    pub description: String,
    /// Where one posts; none: as `domain` says, else no reply link.
    pub address: Option<String>,
    /// What stands behind the name and an @ in the address of a list that has none set.
    pub domain: Option<String>,
    /// BCP 47 language of its pages; English when none.
    pub language: Option<String>,
    /// Who may see it; as recorded when none.
    pub visibility: Option<Visibility>,
    /// How its addresses are shown; as recorded when none.
    pub mask: Option<Mask>,
    /// Its downloads; as recorded when none.
    pub downloads: Option<Downloads>,
    /// Names of header fields that the public copy leaves out, beside the built-in ones; any case,
    /// `*` at the end for every name that begins so. As recorded when none.
    pub drop: Option<Vec<String>>,
    /// Words of its texts that are links.
    pub link_rules: Arc<LinkRules>,
    /// Lines that begin a footer, beside those that are known.
    pub footer_patterns: Arc<FooterPatterns>,
    /// How often a volume begins, for mail that comes from now on; as recorded when none.
    pub volumes: Option<Frequency>,
    /// IANA name of the zone in which its days and volumes begin, for mail that comes from now on; as
    /// recorded when none.
    pub time_zone: Option<String>,
}

/// Settings that shape pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Site {
    /// The site's title; `Mailing lists` when empty.
    pub title: String,
    /// Base URL with its path prefix, no trailing slash; none: only relative links, `urn:` ids.
    pub base_url: Option<String>,
    /// Templates that override the built-in ones: name (`message.html`) and source.
    pub templates: Vec<(String, String)>,
    /// Of lists that have settings of their own, what counts for them, inherited keys included.
    pub lists: BTreeMap<ListName, ListSettings>,
    /// Of every other list.
    pub defaults: ListSettings,
    /// Other names of lists, and whose they are.
    pub aliases: BTreeMap<ListName, ListName>,
}

impl Site {
    /// A list's settings.
    pub fn list(&self, name: &ListName) -> &ListSettings {
        self.lists.get(name).unwrap_or(&self.defaults)
    }
}
