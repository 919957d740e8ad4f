//! Settings that shape pages: of the site, and of each list.

use super::link_rules::{FooterPatterns, LinkRules};
use super::people::People;
use super::theme::Theme;
use crate::query::Stems;
use crate::route::{ListName, Route, Volume};
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

/// What search engines are asked to do with a list. Ordered from open to closed. A wish, no fence: it
/// binds only those who keep to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Robots {
    /// To find it: its mails stand in sitemaps.
    #[default]
    Index,
    /// To read it for its links, and not to show it.
    NoIndex,
    /// Not to read it at all (`robots.txt`, RFC 9309).
    None,
}

impl Robots {
    /// Its name in settings; anything else is none.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "index" => Some(Robots::Index),
            "noindex" => Some(Robots::NoIndex),
            "none" => Some(Robots::None),
            _ => None,
        }
    }
}

/// Whose pages a list has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LayoutName {
    /// Posthoc's own.
    #[default]
    Posthoc,
    /// Pipermail's.
    Pipermail,
}

impl LayoutName {
    /// Its name in settings; anything else is none.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "posthoc" => Some(LayoutName::Posthoc),
            "pipermail" => Some(LayoutName::Pipermail),
            _ => None,
        }
    }

    /// A mail's page in this layout.
    pub fn message(self, list: ListName, volume: Volume, number: u32) -> Route {
        match self {
            LayoutName::Posthoc => Route::Message(list, volume, number),
            LayoutName::Pipermail => Route::Old(list, volume, number),
        }
    }
}

/// What Pipermail's layout needs to know beside what every list has; Mailman's names stand beside.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PipermailSettings {
    /// The page with more about the list (`listinfo`), absolute; none: the list's own page.
    pub listinfo: Option<String>,
    /// `subject_prefix`: taken off for sorting and threads.
    pub subject_tag: String,
    /// `ARCHIVE_HTML_SANITIZER`: what becomes of HTML parts.
    pub html_parts: HtmlParts,
    /// `SCRUBBER_DONT_USE_ATTACHMENT_FILENAME` is off: files have the names that mails give them.
    pub attachment_names: bool,
    /// `PUBLIC_MBOX`: the table of contents links the whole mailbox.
    pub whole_mbox: bool,
    /// Text volumes are offered as they are, not compressed.
    pub plain_text: bool,
    /// Mailman's template files: their paths below the folder, and what is in them.
    pub templates: Arc<Vec<(String, Vec<u8>)>>,
}

/// What becomes of HTML parts in Pipermail's layout.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HtmlParts {
    /// They are left out; a note stands in their place.
    Remove,
    /// They are stored, escaped, beside the page.
    #[default]
    Store,
    /// They stand in the text, escaped.
    Inline,
}

impl HtmlParts {
    /// Its name in settings; anything else is none.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "remove" => Some(HtmlParts::Remove),
            "store" => Some(HtmlParts::Store),
            "inline" => Some(HtmlParts::Inline),
            _ => None,
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
    /// The list takes no mail any more, and why; its pages then ask nobody to write.
    pub closed: Option<String>,
    /// What stands behind the name and an @ in the address of a list that has none set.
    pub domain: Option<String>,
    /// What its mails have as `List-Id`, between the brackets; none: as its address says.
    pub list_id: Option<String>,
    /// BCP 47 language of its pages; English when none.
    pub language: Option<String>,
    /// Languages by whose rules a search of it finds other forms of a word; that of its pages when none.
    pub stems: Option<Stems>,
    /// Who may see it; as recorded when none.
    pub visibility: Option<Visibility>,
    /// How its addresses are shown; as recorded when none.
    pub mask: Option<Mask>,
    /// Its downloads; as recorded when none.
    pub downloads: Option<Downloads>,
    /// What search engines are asked to do with it.
    pub robots: Robots,
    /// Nobody has a page with all their mails.
    pub no_author_pages: bool,
    /// Names of header fields that the public copy leaves out, beside the built-in ones; any case,
    /// `*` at the end for every name that begins so. As recorded when none.
    pub drop: Option<Vec<String>>,
    /// Words of its texts that are links.
    pub link_rules: Arc<LinkRules>,
    /// Lines that begin a footer, beside those that are known.
    pub footer_patterns: Arc<FooterPatterns>,
    /// Whose pages it has.
    pub layout: LayoutName,
    /// What those pages need when they are Pipermail's.
    pub pipermail: PipermailSettings,
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
    /// Texts that override the built-in ones: language (`de`) and source, in Fluent's syntax.
    pub strings: Vec<(String, String)>,
    /// Its style sheet, logo and icon.
    pub theme: Theme,
    /// Of lists that have settings of their own, what counts for them, inherited keys included.
    pub lists: BTreeMap<ListName, ListSettings>,
    /// Of every other list.
    pub defaults: ListSettings,
    /// Whose addresses are whose, and who wants no page.
    pub people: People,
    /// Other names of lists, and whose they are.
    pub aliases: BTreeMap<ListName, ListName>,
}

impl ListSettings {
    /// BCP 47 language of its pages.
    pub fn language(&self) -> &str {
        self.language.as_deref().unwrap_or("en")
    }

    /// The languages by whose rules a search finds other forms of a word.
    pub fn stems(&self) -> Stems {
        self.stems.unwrap_or_else(|| Stems::of([self.language()]))
    }

    /// Where one posts to the list of that name, as far as it is known.
    pub fn address_of(&self, name: &ListName) -> Option<String> {
        let made = || Some(format!("{name}@{}", self.domain.as_ref()?));
        self.address.clone().or_else(made)
    }
}

impl Site {
    /// Whether the site has its host for itself, so that `robots.txt` and `sitemap.xml` are its own. One
    /// that knows no URL may have.
    pub fn owns_root(&self) -> bool {
        let Some(base) = self.base_url.as_deref() else {
            return true;
        };
        let host = base.split_once("://").map_or(base, |(_, host)| host);
        !host.trim_end_matches('/').contains('/')
    }

    /// A list's settings.
    pub fn list(&self, name: &ListName) -> &ListSettings {
        self.lists.get(name).unwrap_or(&self.defaults)
    }
}
