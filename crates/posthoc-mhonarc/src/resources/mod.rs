//! Resources: what a site's owner has set, and what is so by default.
//!
//! [`Resources::read`] takes in resource files one after the other; later ones win. Perl is never run: the
//! forms that are known ([`Rewrite`], [`Test`]) are done natively, all else is a [`Refusal`].

mod element;
mod explain;
mod options;
mod perl;
mod read;
mod table;

pub use explain::{Explained, explain};
pub use options::{Said, Word, instead, known_resources};
pub use perl::{Rewrite, Test};
pub(crate) use read::REPLACED;
pub use table::Name;

use regex::bytes::Regex;
use std::borrow::Cow;
use std::collections::BTreeMap;
use table::{Kind, TABLE};

/// Something in a resource file that is not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The resource, as the manual writes it.
    pub resource: String,
    /// What of it.
    pub what: String,
    /// What to use in its place.
    pub instead: &'static str,
}

/// The resources of an archive.
#[derive(Clone, Debug)]
pub struct Resources {
    /// By the place of the name in the table; none: by default.
    values: Vec<Option<Vec<u8>>>,
    /// DEFINEVAR, without the dollars.
    pub(crate) variables: BTreeMap<String, Vec<u8>>,
    /// DEFINEDERIVED: the file's name and its content, both with variables.
    pub(crate) derived: Vec<(Vec<u8>, Vec<u8>)>,
    /// What was set of resources that say nothing about pages, by their names; of flags `1` or `0`.
    pub elsewhere: BTreeMap<String, Vec<u8>>,
    /// SUBJECTSTRIPCODE.
    pub(crate) subject_strip: Option<Rewrite>,
    /// ADDRESSMODIFYCODE.
    pub(crate) address_modify: Option<Rewrite>,
    /// MSGEXCFILTER.
    pub(crate) exclude: Option<Test>,
}

impl Default for Resources {
    fn default() -> Self {
        Resources {
            values: vec![None; TABLE.len()],
            variables: BTreeMap::new(),
            derived: Vec::new(),
            elsewhere: BTreeMap::new(),
            subject_strip: None,
            address_modify: None,
            exclude: None,
        }
    }
}

impl Resources {
    /// Sets a resource as an option or the environment does. A flag is on for any value but `0` and the
    /// empty one.
    pub fn set(&mut self, name: Name, value: &[u8]) {
        self.values[name as usize] = Some(value.to_vec());
    }

    /// Defines a variable (DEFINEVAR) by its name without dollars.
    pub fn define(&mut self, name: &str, value: &[u8]) {
        self.variables.insert(name.to_owned(), value.to_vec());
    }

    /// The value as it was set, or its default.
    pub(crate) fn value(&self, name: Name) -> Cow<'_, [u8]> {
        let mut name = name;
        loop {
            if let Some(value) = &self.values[name as usize] {
                return Cow::Borrowed(value);
            }
            match TABLE[name as usize].2 {
                Kind::As(other) => name = other,
                Kind::Markup(text) | Kind::Word(text) | Kind::Colons(text) | Kind::Lines(text) => {
                    return self
                        .depending(name)
                        .map_or(Cow::Borrowed(text.as_bytes()), |text| {
                            Cow::Owned(text.into_bytes())
                        });
                }
                Kind::Flag(on) => return Cow::Borrowed(if on { b"1" } else { b"0" }),
                Kind::Perl => return Cow::Borrowed(b""),
            }
        }
    }

    /// The value of a resource that is text of a setting, not markup.
    pub(crate) fn word(&self, name: Name) -> String {
        String::from_utf8_lossy(&self.value(name)).trim().to_owned()
    }

    /// Whether a resource is on.
    pub(crate) fn is_on(&self, name: Name) -> bool {
        !matches!(&*self.value(name), b"" | b"0")
    }

    /// The number that a resource says; 0 where it says none.
    pub(crate) fn number(&self, name: Name) -> usize {
        self.word(name).parse().unwrap_or(0)
    }

    /// Entries between colons.
    pub(crate) fn colons(&self, name: Name) -> Vec<String> {
        let word = self.word(name);
        word.split([':', '\n'])
            .map(|piece| piece.trim().to_owned())
            .filter(|piece| !piece.is_empty())
            .collect()
    }

    /// Lines with something on them, trimmed.
    pub(crate) fn lines(&self, name: Name) -> Vec<String> {
        String::from_utf8_lossy(&self.value(name))
            .lines()
            .map(|line| line.trim().to_owned())
            .filter(|line| !line.is_empty())
            .collect()
    }

    /// A regular expression among the resources; the default where the set one is not understood.
    pub(crate) fn expression(&self, name: Name) -> Option<Regex> {
        let build = |text: &str| {
            regex::bytes::RegexBuilder::new(text)
                .case_insensitive(true)
                .unicode(false)
                .build()
                .ok()
        };
        build(&self.word(name)).or_else(|| match TABLE[name as usize].2 {
            Kind::Word(text) => build(text),
            _ => None,
        })
    }

    /// How the main index is sorted, in the words of its labels.
    fn order_words(&self) -> (&'static str, &'static str) {
        if self.is_on(Name::SubSort) {
            ("Subject", "Subject Index")
        } else if self.is_on(Name::AuthSort) {
            ("Author", "Author Index")
        } else if self.is_on(Name::Sort) {
            ("Date", "Date Index")
        } else {
            ("Message", "Message Index")
        }
    }

    /// Defaults that hang on other resources.
    fn depending(&self, name: Name) -> Option<String> {
        let spam = self.is_on(Name::SpamMode);
        let (order, index) = self.order_words();
        let opening = |title: &str, more: &str| {
            format!(
                "{}{title}</title>\n{more}</head>\n<body>\n",
                table::page_opening()
            )
        };
        Some(match name {
            Name::IdxLabel => index.to_owned(),
            Name::IdxPgBegin => opening("$IDXTITLE$", "") + "<h1>$IDXTITLE$</h1>\n",
            Name::TIdxPgBegin => opening("$TIDXTITLE$", "") + "<h1>$TIDXTITLE$</h1>\n",
            Name::MsgPgBegin if spam => opening("$SUBJECTNA$", ""),
            Name::MsgPgBegin => {
                opening("$SUBJECTNA$", "<link rev=\"made\" href=\"mailto:$FROMADDR$\">\n")
            }
            Name::LiTemplate if spam => {
                "<li><strong>$SUBJECT$</strong>\n<ul><li><em>From</em>: $FROMNAME$</li></ul>\n</li>\n".to_owned()
            }
            Name::FolUpLiTxt | Name::RefsLiTxt if spam => {
                "<li><strong>$SUBJECT$</strong>\n<ul><li><em>From:</em> $FROMNAME$</li></ul></li>\n".to_owned()
            }
            Name::MailToUrl if spam => "mailto:$TOADDRNAME$@DOMAIN.HIDDEN".to_owned(),
            Name::ListBegin => self.list_opening("$TIDXFNAME$", "$TIDXLABEL$", Name::Thread, "$PGLINK(PREV)$$PGLINK(NEXT)$"),
            Name::THead => self.list_opening("$IDXFNAME$", "$IDXLABEL$", Name::Main, "$PGLINK(TPREV)$$PGLINK(TNEXT)$"),
            Name::TopLinks => self.top_links(),
            Name::BotLinks => self.bottom_links(order),
            Name::NextLink => adjacent("Next", "NEXT", order),
            Name::PrevLink => adjacent("Prev", "PREV", order),
            Name::NextButton => format!("[<a href=\"$MSG(NEXT)$\">{order} Next</a>]"),
            Name::NextButtonIa => format!("[{order} Next]"),
            Name::PrevButton => format!("[<a href=\"$MSG(PREV)$\">{order} Prev</a>]"),
            Name::PrevButtonIa => format!("[{order} Prev]"),
            _ => return None,
        })
    }

    fn list_opening(&self, file: &str, label: &str, other: Name, pages: &str) -> String {
        let mut text = String::new();
        if self.is_on(other) {
            text += &format!("<ul>\n<li><a href=\"{file}\">{label}</a></li>\n</ul>\n");
        }
        if self.pages_are_cut() {
            text += pages;
            text += "\n";
        }
        text + "<hr>\n<ul>\n"
    }

    fn top_links(&self) -> String {
        let mut text = "<hr>\n".to_owned();
        let (main, thread) = (self.is_on(Name::Main), self.is_on(Name::Thread));
        if main {
            text += "$BUTTON(PREV)$$BUTTON(NEXT)$";
        }
        if thread {
            text += "$BUTTON(TPREV)$$BUTTON(TNEXT)$";
        }
        if main {
            text += "[<a href=\"$IDXFNAME$#$MSGNUM$\">$IDXLABEL$</a>]";
        }
        if thread {
            text += "[<a href=\"$TIDXFNAME$#$MSGNUM$\">$TIDXLABEL$</a>]";
        }
        text + "\n"
    }

    fn bottom_links(&self, order: &str) -> String {
        let (main, thread) = (self.is_on(Name::Main), self.is_on(Name::Thread));
        let mut text = "<ul>\n".to_owned();
        if main {
            text += "$LINK(PREV)$$LINK(NEXT)$";
        }
        if thread {
            text += "$LINK(TPREV)$$LINK(TNEXT)$";
        }
        if main || thread {
            text += "<li>Index(es):\n<ul>\n";
        }
        if main {
            text +=
                &format!("<li><a href=\"$IDXFNAME$#$MSGNUM$\"><strong>{order}</strong></a></li>\n");
        }
        if thread {
            text += "<li><a href=\"$TIDXFNAME$#$MSGNUM$\"><strong>Thread</strong></a></li>\n";
        }
        if main || thread {
            text += "</ul>\n</li>\n";
        }
        text + "</ul>\n"
    }

    /// Whether indexes are cut into pages.
    pub(crate) fn pages_are_cut(&self) -> bool {
        self.is_on(Name::MultiPg) && self.number(Name::IdxSize) > 0
    }
}

/// Indexes of their own resource files (OTHERINDEXES).
impl Resources {
    /// The resource files that are named, each once.
    pub fn other_indexes(&self) -> Vec<String> {
        let lines = self.lines(Name::OtherIndexes);
        let names = lines.iter().flat_map(|line| line.split(':').map(str::trim));
        let mut files: Vec<String> = Vec::new();
        for name in names.filter(|name| !name.is_empty()) {
            if !files.iter().any(|known| known == name) {
                files.push(name.to_owned());
            }
        }
        files
    }

    /// The resources with which another index is made, before its own file is read: what hangs on others by
    /// default stays as it is now, and the index is no thread index unless the file says so.
    #[must_use]
    pub fn for_other_index(&self) -> Self {
        let mut resources = self.clone();
        for name in Name::all() {
            if self.values[name as usize].is_none()
                && let Some(value) = self.depending(name)
            {
                resources.set(name, value.as_bytes());
            }
        }
        resources.set(Name::Thread, b"0");
        resources
    }

    /// Says that of the indexes only one is made: the thread index where that is wanted, else the main index.
    pub fn make_one_index(&mut self) {
        let thread = self.is_on(Name::Thread);
        self.set(Name::Main, if thread { b"0" } else { b"1" });
    }
}

/// Names of pages.
impl Resources {
    /// What the first pages are called: of a mail, of the main index, of the thread index.
    pub fn file_names(&self) -> Vec<String> {
        let indexes = [(false, 1), (true, 1), (false, 2), (true, 2)];
        let indexes = indexes.map(|(thread, number)| self.sheet_file(thread, number));
        [self.page_name(0)].into_iter().chain(indexes).collect()
    }

    /// The name of a mail's page.
    pub fn page_name(&self, number: u32) -> String {
        let (prefix, end) = (self.word(Name::MsgPrefix), self.word(Name::HtmlExt));
        format!("{prefix}{number:05}.{end}{}", self.packed())
    }

    /// The name of a page of an index as links have it.
    pub(crate) fn sheet_name(&self, thread: bool, number: usize) -> String {
        self.sheet_file(thread, number) + self.packed()
    }

    /// The file of a page of an index, which is not packed.
    pub(crate) fn sheet_file(&self, thread: bool, number: usize) -> String {
        let (first, prefix) = match thread {
            true => (Name::TIdxFname, Name::TIdxPrefix),
            false => (Name::IdxFname, Name::IdxPrefix),
        };
        let (prefix, end) = (self.word(prefix), self.word(Name::HtmlExt));
        match number {
            1 => self.word(first),
            number => format!("{prefix}{number}.{end}"),
        }
    }

    /// What mails' pages, and links to all pages, end with (GZIPLINKS).
    fn packed(&self) -> &'static str {
        match self.is_on(Name::GzipLinks) {
            true => ".gz",
            false => "",
        }
    }
}

fn adjacent(word: &str, which: &str, order: &str) -> String {
    format!(
        "<li>{word} by {order}:\n<strong><a href=\"$MSG({which})$\">$SUBJECT({which})$</a></strong>\n</li>\n"
    )
}

impl Resources {
    /// What is done to addresses that are shown: as set, or as SPAMMODE has it.
    pub(crate) fn address_modify(&self) -> Option<Rewrite> {
        match &self.address_modify {
            Some(rewrite) => Some(rewrite.clone()),
            None if self.is_on(Name::SpamMode) => {
                Rewrite::read(r"s|@(.+)$|'@'.('x' x length($1))|e")
            }
            None => None,
        }
    }
}
