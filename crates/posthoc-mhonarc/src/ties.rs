//! Which pages of mails have to be made again when mails come.
//!
//! A page is made of its mail, of the resources, and of other mails that its markup names: the next, the
//! first of the thread, those who answer. [`Ties`] reads that markup once. [`Site::tie`] is a number for one
//! page, and another as soon as another mail stands where one of those stood. Where markup says what hangs on
//! all mails, so does the number.

use crate::archive::{Archive, Site};
use crate::resources::Name;
use crate::template::{Piece, Template, Variable};
use sha1::{Digest, Sha1};
use std::collections::{BTreeSet, HashSet};

/// What stands on a mail's page, seen from that mail.
const OWN: [Name; 10] = [
    Name::MsgPgSsMarkup,
    Name::MsgPgBegin,
    Name::MsgHead,
    Name::TopLinks,
    Name::SubjectHeader,
    Name::HeadBodySep,
    Name::MsgBodyEnd,
    Name::BotLinks,
    Name::MsgFoot,
    Name::MsgPgEnd,
];

/// Around the mails that answer and are answered (FOLREFS).
const AROUND_ANSWERS: [Name; 4] = [
    Name::FolUpBegin,
    Name::FolUpEnd,
    Name::RefsBegin,
    Name::RefsEnd,
];

/// What is written of other mails on a mail's page, seen from those.
const OTHERS: [Name; 9] = [
    Name::FolUpLiTxt,
    Name::RefsLiTxt,
    Name::MsgIdLink,
    Name::FieldsBeg,
    Name::FieldsEnd,
    Name::LabelBeg,
    Name::LabelEnd,
    Name::FldBeg,
    Name::FldEnd,
];

/// Links between pages of indexes.
const PAGE_LINKS: [Name; 12] = [
    Name::FirstPgLink,
    Name::LastPgLink,
    Name::NextPgLink,
    Name::NextPgLinkIa,
    Name::PrevPgLink,
    Name::PrevPgLinkIa,
    Name::TFirstPgLink,
    Name::TLastPgLink,
    Name::TNextPgLink,
    Name::TNextPgLinkIa,
    Name::TPrevPgLink,
    Name::TPrevPgLinkIa,
];

/// What the pages of an archive's mails say of other mails and of where they stand.
#[derive(Clone, Debug, Default)]
pub struct Ties {
    /// Mails by their specifications (`TNEXT`).
    targets: BTreeSet<String>,
    /// Arguments of `$TSLICE$`.
    slices: BTreeSet<String>,
    /// Who answers and who is answered.
    answers: bool,
    /// How many answer.
    counts_answers: bool,
    /// The mail's place in the main order.
    place: bool,
    /// Its level and place within its thread.
    level: bool,
    /// The pages of the main and the thread index that list it.
    listed: [bool; 2],
    /// How many pages indexes have.
    sheets: bool,
    /// How many mails there are.
    count: bool,
    /// A number for all that can be said of all mails, where something is said that hangs on it.
    all: Option<u64>,
}

/// Reads markup, each resource once from each point of view.
struct Reading<'a> {
    archive: &'a Archive,
    ties: Ties,
    seen: HashSet<(usize, bool)>,
    hangs_on_all: bool,
}

impl Reading<'_> {
    fn resource(&mut self, name: Name, own: bool) {
        if self.seen.insert((name as usize, own)) {
            let archive = self.archive;
            self.template(&archive.templates[name as usize], own);
        }
    }

    fn template(&mut self, template: &Template, own: bool) {
        for piece in &template.0 {
            if let Piece::Variable(variable) = piece {
                self.variable(variable, own);
            }
        }
    }

    /// `own`: seen from the mail whose page it is.
    fn variable(&mut self, variable: &Variable, own: bool) {
        let argument = variable.argument.as_str();
        let first = argument.split(';').next().unwrap_or_default().trim();
        let itself = matches!(first, "" | "CUR");
        match variable.name.as_str() {
            "BUTTON" | "LINK" => {
                self.target(argument.trim(), own);
                for end in ["", "IA"] {
                    let text = format!("{}{}{end}", argument.trim(), variable.name);
                    if let Some(name) = Name::all().find(|name| name.text() == text) {
                        self.resource(name, own);
                    }
                }
            }
            "PGLINK" => {
                self.ties.sheets = true;
                PAGE_LINKS.iter().for_each(|name| self.resource(*name, own));
            }
            "PGLINKLIST" | "PG" => self.ties.sheets = true,
            "TSLICE" if own => {
                self.ties.slices.insert(argument.to_owned());
                self.resource(Name::TSliceBeg, true);
                self.resource(Name::TSliceEnd, true);
                for name in crate::pages::SLICE_MARKUP {
                    self.resource(name, false);
                }
            }
            "NOTE" => {
                self.target(first, own);
                self.resource(Name::Note, own);
                self.resource(Name::NoteIa, own);
            }
            "IDXTITLE" => self.resource(Name::Title, own),
            "TIDXTITLE" => self.resource(Name::TTitle, own),
            "SUBJECT" | "SUBJECTNA" | "FROM" | "FROMNAME" | "FROMADDR" | "FROMADDRNAME"
            | "FROMADDRDOMAIN" | "DATE" | "MSGID" | "MSGHFIELD" | "MSGGMTDATE" | "MSGLOCALDATE"
            | "YYYYMMDD" | "DDMMYYYY" | "MMDDYYYY" | "MSG" | "MSGNUM" | "A_NAME" | "A_HREF"
            | "A_ATTR" | "ICON" | "ICONURL" | "NOTETEXT" => self.target(first, own),
            "ORDNUM" if own && itself => self.ties.place = true,
            "TLEVEL" | "MSGTORDNUM" if own && itself => self.ties.level = true,
            "NUMFOLUP" if own && itself => self.ties.counts_answers = true,
            "IDXFNAME" if own => self.ties.listed[0] = true,
            "TIDXFNAME" if own => self.ties.listed[1] = true,
            "IDXSIZE" | "NUMOFMSG" => self.ties.count = true,
            // The same on every page, or of the time at which it was made.
            "" | "GMTDATE" | "LOCALDATE" | "IDXLABEL" | "TIDXLABEL" | "IDXPREFIX"
            | "TIDXPREFIX" | "MSGPREFIX" | "NUMOFIDXMSG" | "NUMOFPAGES" | "PAGENUM" | "DOCURL"
            | "ATTACHMENTURL" | "ICONURLPREFIX" | "OUTDIR" | "PROG" | "VERSION" | "ENV" => {}
            _ => self.hangs_on_all = true,
        }
    }

    fn target(&mut self, specification: &str, own: bool) {
        match (specification, own) {
            ("" | "CUR", _) => {}
            (specification, true) => drop(self.ties.targets.insert(specification.to_owned())),
            (_, false) => self.hangs_on_all = true,
        }
    }
}

impl Ties {
    /// Reads the markup of an archive's pages of mails.
    pub fn of(site: &Site<'_>) -> Self {
        let archive = site.archive;
        let mut reading = Reading {
            archive,
            ties: Ties::default(),
            seen: HashSet::new(),
            hangs_on_all: false,
        };
        OWN.iter().for_each(|name| reading.resource(*name, true));
        OTHERS
            .iter()
            .for_each(|name| reading.resource(*name, false));
        if archive.resources.is_on(Name::FolRefs) {
            reading.ties.answers = true;
            AROUND_ANSWERS
                .iter()
                .for_each(|name| reading.resource(*name, true));
        }
        for (name, content) in &archive.derived {
            reading.template(name, true);
            reading.template(content, true);
        }
        let mut ties = reading.ties;
        ties.all = reading.hangs_on_all.then(|| site.all_standings());
        ties
    }
}

/// Words of a number.
#[derive(Default)]
struct Words(Vec<u8>);

impl Words {
    fn push(&mut self, word: usize) {
        self.0.extend_from_slice(&(word as u64).to_le_bytes());
    }

    fn number(&self) -> u64 {
        mark(&self.0)
    }
}

/// A number for bytes, the same on every machine and in every version.
pub(crate) fn mark(bytes: &[u8]) -> u64 {
    let digest = Sha1::digest(bytes);
    digest
        .iter()
        .take(8)
        .fold(0, |number, byte| (number << 8) | u64::from(*byte))
}

impl Site<'_> {
    /// A number that is another when the page of the `at`-th mail, from 0, says something else of other mails
    /// or of where it stands. Links to mails within its text are not in it: those are
    /// [`Page::unknown`](crate::Page::unknown).
    pub fn tie(&self, ties: &Ties, at: usize) -> u64 {
        let mut words = Words::default();
        let number = |at: usize| self.archive.mails[at].number as usize;
        for specification in &ties.targets {
            words.push(
                self.target(specification, Some(at))
                    .map_or(usize::MAX, number),
            );
        }
        if ties.answers {
            for answer in self.direct_answers(at) {
                words.push(number(answer));
            }
            words.push(usize::MAX);
            self.answered(at).for_each(|at| words.push(number(at)));
            words.push(usize::MAX);
        }
        if ties.counts_answers {
            words.push(self.direct_answers(at).len());
        }
        let node = &self.forest.nodes[at];
        if ties.place {
            words.push(self.place[at]);
        }
        if ties.level {
            words.push(node.level);
            words.push(node.place - self.forest.nodes[node.root].place);
        }
        for (is_shown, place) in ties.listed.iter().zip([self.place[at], node.listed]) {
            words.push(if *is_shown { self.sheet_of(place) } else { 0 });
        }
        for argument in &ties.slices {
            for listed in self.slice(at, argument) {
                self.push_standing(*listed, &mut words);
            }
        }
        words.push(if ties.sheets { self.sheet_count() } else { 0 });
        words.push(if ties.count {
            self.archive.mails.len()
        } else {
            0
        });
        words.push(ties.all.unwrap_or_default() as usize);
        words.number()
    }

    /// How a mail stands among others.
    fn push_standing(&self, at: usize, words: &mut Words) {
        let number = |at: usize| self.archive.mails[at].number as usize;
        let node = &self.forest.nodes[at];
        words.push(number(at));
        words.push(node.level);
        words.push(node.missing * 2 + usize::from(node.by_subject));
        for replies in [&node.replies, &node.subject_replies] {
            replies.iter().for_each(|at| words.push(number(*at)));
            words.push(usize::MAX);
        }
    }

    fn all_standings(&self) -> u64 {
        let mut words = Words::default();
        self.order.iter().for_each(|at| words.push(*at));
        self.forest
            .listed
            .iter()
            .for_each(|at| self.push_standing(*at, &mut words));
        words.number()
    }
}
