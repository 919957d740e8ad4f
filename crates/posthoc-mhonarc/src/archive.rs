//! An archive: mails in the order of their arrival, and what is known once all are there.

use crate::fields::Fields;
use crate::forest::{Forest, sort_subject};
use crate::mail::{Mail, Refused};
use crate::resources::{Name, Refusal, Resources};
use crate::template::Template;
use crate::text::{Calendar, Charsets, parse_date};
use posthoc_core::message::{Message, MhonarcPage};
use posthoc_core::text::TimeZone;
use regex::bytes::Regex;
use std::collections::{BTreeMap, HashMap};

/// Mails that are looked at for the one above another.
const STEPS_UP: usize = 10_000;

/// What an archive is told about the world around it.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// The time of the run, seconds since 1970.
    pub now: i64,
    /// The machine's time zone.
    pub time_zone: TimeZone,
    /// What `$ENV(NAME)$` stands for.
    pub environment: BTreeMap<String, String>,
    /// What `$OUTDIR$` stands for.
    pub folder: String,
}

/// Mails and resources.
#[derive(Clone, Debug)]
pub struct Archive {
    pub(crate) resources: Resources,
    pub(crate) around: Surroundings,
    pub(crate) calendar: Calendar,
    pub(crate) charsets: Charsets,
    pub(crate) templates: Vec<Template>,
    pub(crate) derived: Vec<(Template, Template)>,
    pub(crate) mails: Vec<Mail>,
    pub(crate) ids: HashMap<Vec<u8>, usize>,
    pub(crate) notes: HashMap<u32, Vec<u8>>,
    /// EXCS.
    pub(crate) hidden: Vec<Regex>,
    pub(crate) next: u32,
}

impl Archive {
    /// An empty archive, and what of its resources is not done.
    pub fn new(resources: Resources, around: Surroundings) -> (Self, Vec<Refusal>) {
        let mut refused = Vec::new();
        let charsets = refusals(&resources, &mut refused);
        let hidden = crate::filter::header::hidden(&resources);
        let read = |markup: &[u8]| Template::read(markup, &resources.variables);
        let templates = Name::all()
            .map(|name| read(&resources.value(name)))
            .collect();
        let derived = resources
            .derived
            .iter()
            .map(|(name, content)| (read(name), read(content)))
            .collect();
        let archive = Archive {
            calendar: Calendar::of(&resources, around.time_zone.clone()),
            charsets,
            templates,
            derived,
            resources,
            around,
            mails: Vec::new(),
            ids: HashMap::new(),
            notes: HashMap::new(),
            next: 0,
            hidden,
        };
        (archive, refused)
    }

    /// Takes in a mail under the next number. `raw` are the bytes that `message` was read from.
    ///
    /// # Errors
    /// Why it does not belong to the archive: nothing has changed then.
    pub fn add(&mut self, message: &Message, raw: &[u8]) -> Result<u32, Refused> {
        match self.resources.refuses(message, raw) {
            Some(refused) => Err(refused),
            None => self.put(self.next, message, raw),
        }
    }

    /// Puts a mail that was taken in before under its number, whatever the resources refuse now. Numbers
    /// rise; of the body nothing is needed.
    ///
    /// # Errors
    /// [`Refused::Duplicate`]
    pub fn put(&mut self, number: u32, message: &Message, raw: &[u8]) -> Result<u32, Refused> {
        let mail = self.read(number, message, raw);
        self.push(mail)
    }

    /// Puts a mail under its number of which there is a page alone, as [`put`](Self::put) does. `undated` is its
    /// time where its date tells none, seconds since 1970.
    ///
    /// # Errors
    /// [`Refused::Duplicate`]
    pub fn put_page(
        &mut self,
        number: u32,
        page: &MhonarcPage<'_>,
        undated: i64,
    ) -> Result<u32, Refused> {
        self.push(Mail::of_page(page, number, undated, &self.calendar))
    }

    pub(crate) fn read(&self, number: u32, message: &Message, raw: &[u8]) -> Mail {
        Mail::read(
            message,
            header_of(raw),
            number,
            self.around.now,
            &self.resources,
            &self.calendar,
            &self.charsets,
        )
    }

    /// Attaches a note to a mail (ANNOTATE); an empty one takes it away.
    pub fn annotate(&mut self, number: u32, note: &[u8]) {
        if note.is_empty() {
            self.notes.remove(&number);
        } else {
            self.notes.insert(number, note.to_vec());
        }
    }

    /// The mails, by arrival.
    pub fn mails(&self) -> &[Mail] {
        &self.mails
    }

    /// The archive as it stands, with every order and thread.
    pub fn site(&self) -> Site<'_> {
        let mut by_time: Vec<usize> = (0..self.mails.len()).collect();
        by_time.sort_by_key(|at| (self.mails[*at].time, self.mails[*at].number));
        let forest = Forest::grow(&self.mails, &by_time, &self.ids, &self.resources);
        let order = self.main_order(&by_time);
        let mut place = vec![0; order.len()];
        order
            .iter()
            .enumerate()
            .for_each(|(at, mail)| place[*mail] = at);
        Site {
            archive: self,
            forest,
            order,
            place,
        }
    }

    /// The same mails under other resources, and what of those is not done. What was read from the mails stays
    /// as it was read.
    pub fn dressed(&self, resources: Resources) -> (Self, Vec<Refusal>) {
        let (mut archive, refused) = Archive::new(resources, self.around.clone());
        archive.mails.clone_from(&self.mails);
        archive.ids.clone_from(&self.ids);
        archive.notes.clone_from(&self.notes);
        archive.next = self.next;
        (archive, refused)
    }

    /// The numbers of the mails that are to be taken away, the oldest first: those that are too old (EXPIREAGE,
    /// EXPIREDATE), and as many as are too many (MAXSIZE).
    pub fn expired(&self) -> Vec<u32> {
        let resources = &self.resources;
        let most = resources.number(Name::MaxSize);
        let age = resources
            .word(Name::ExpireAge)
            .parse::<i64>()
            .unwrap_or(0)
            .saturating_abs();
        let written = resources.word(Name::ExpireDate);
        let date = parse_date(written.as_bytes(), &self.calendar).unwrap_or(0);
        let over = |left: usize| most > 0 && left > most;
        if !over(self.mails.len()) && age == 0 && date == 0 {
            return Vec::new();
        }
        let is_old = |mail: &Mail| {
            age > 0 && self.around.now.saturating_sub(mail.time) > age || mail.time < date
        };
        let mut by_time: Vec<&Mail> = self.mails.iter().collect();
        by_time.sort_by_key(|mail| (mail.time, mail.number));
        let (all, mails) = (by_time.len(), by_time.into_iter().enumerate());
        let gone = mails.take_while(|(before, mail)| over(all - before) || is_old(mail));
        gone.map(|(_, mail)| mail.number).collect()
    }

    fn main_order(&self, by_time: &[usize]) -> Vec<usize> {
        let resources = &self.resources;
        let mut order = by_time.to_vec();
        if !resources.is_on(Name::SubSort)
            && !resources.is_on(Name::AuthSort)
            && !resources.is_on(Name::Sort)
        {
            order.sort_unstable();
        }
        if resources.is_on(Name::Reverse) {
            order.reverse();
        }
        // Subjects and authors stand in their order also where the mails of each stand upside down.
        if resources.is_on(Name::SubSort) {
            let reply = resources.expression(Name::SubjectReplyRxp);
            let article = resources.expression(Name::SubjectArticleRxp);
            order.sort_by_cached_key(|at| {
                sort_subject(&self.mails[*at].subject, reply.as_ref(), article.as_ref())
            });
        } else if resources.is_on(Name::AuthSort) {
            order.sort_by_cached_key(|at| self.mails[*at].from_name.to_ascii_lowercase());
        }
        order
    }
}

/// Names what of resources is not done, as far as it shows when all are there; gives their charsets.
pub(crate) fn refusals(resources: &Resources, refused: &mut Vec<Refusal>) -> Charsets {
    let charsets = Charsets::of(resources, refused);
    crate::filter::check(resources, refused);
    charsets
}

impl Resources {
    /// Why a mail is not to be taken in, as far as it says so itself.
    pub fn refuses(&self, message: &Message, raw: &[u8]) -> Option<Refused> {
        if self.is_on(Name::CheckNoArchive) && asks_not_to_be_archived(message) {
            return Some(Refused::NoArchive);
        }
        let test = self.exclude.as_ref()?;
        test.holds(header_of(raw)).then_some(Refused::Excluded)
    }
}

/// A mail's header with the end of its last line.
fn header_of(raw: &[u8]) -> &[u8] {
    let end = memchr::memmem::find(raw, b"\n\n").map(|at| at + 1);
    let end = end.or_else(|| memchr::memmem::find(raw, b"\r\n\r\n").map(|at| at + 2));
    &raw[..end.unwrap_or(raw.len())]
}

fn asks_not_to_be_archived(message: &Message) -> bool {
    let fields = Fields::of(&message.root);
    let says = |name: &str, word: &str| {
        fields.all(name).any(|value| {
            String::from_utf8_lossy(value)
                .to_ascii_lowercase()
                .contains(word)
        })
    };
    says("restrict", "no-external-archive") || says("x-no-archive", "yes")
}

/// An archive with its orders: what pages are made of.
#[derive(Clone, Debug)]
pub struct Site<'a> {
    pub(crate) archive: &'a Archive,
    pub(crate) forest: Forest,
    /// The main index, by places of arrival.
    pub(crate) order: Vec<usize>,
    /// Where a mail stands in it.
    pub(crate) place: Vec<usize>,
}

impl Site<'_> {
    /// The name of a mail's page.
    pub(crate) fn page_name(&self, at: usize) -> String {
        self.archive
            .resources
            .page_name(self.archive.mails[at].number)
    }

    /// The mail that a specification means, seen from another.
    pub(crate) fn target(&self, specification: &str, from: Option<usize>) -> Option<usize> {
        let forest = &self.forest;
        // The next by an order is the next also where its index stands upside down.
        let turned = if self.archive.resources.is_on(Name::Reverse) {
            -1
        } else {
            1
        };
        let by_main = |step: isize| {
            self.place
                .get(from?)
                .and_then(|at| step_in(&self.order, *at, step * turned))
        };
        let by_thread = |step: isize| step_in(&forest.order, forest.nodes.get(from?)?.place, step);
        // Where threads stand upside down, the one before is known by its root.
        let upside_down = self.archive.resources.is_on(Name::TReverse);
        let root = |at: usize| forest.nodes[at].root;
        let next_root = |step: isize| {
            let own = root(from?);
            let place = forest.nodes[own].place;
            let at = forest
                .roots
                .binary_search_by_key(&place, |root| forest.nodes[*root].place);
            step_in(&forest.roots, at.ok()?, step)
        };
        match specification.trim() {
            "" | "CUR" => from,
            "FIRST" => self.order.first().copied(),
            "LAST" => self.order.last().copied(),
            "NEXT" => by_main(1),
            "PREV" => by_main(-1),
            "TFIRST" => forest.order.first().copied(),
            "TLAST" => forest.order.last().copied(),
            "TNEXT" => by_thread(1),
            "TPREV" if upside_down && from.map(root) == from => next_root(-1),
            "TPREV" => by_thread(-1),
            "TNEXTIN" => by_thread(1).filter(|at| Some(root(*at)) == from.map(root)),
            "TPREVIN" => by_thread(-1).filter(|at| Some(root(*at)) == from.map(root)),
            "TNEXTTOP" => next_root(1),
            "TPREVTOP" => next_root(-1),
            "TTOP" => from.map(root),
            // The nearest before it that stands less deep; who answers nobody is its own.
            "TPARENT" => {
                let own = forest.nodes.get(from?)?;
                let before = forest.order[..own.place].iter().rev();
                let above = before
                    .take(STEPS_UP)
                    .find(|at| forest.nodes[**at].level < own.level);
                above.copied().filter(|_| own.level > 0).or(from)
            }
            "TEND" => {
                let own = root(from?);
                let start = forest.nodes[own].place;
                let length = forest.order[start..]
                    .iter()
                    .take_while(|at| root(**at) == own)
                    .count();
                forest.order.get(start + length - 1).copied()
            }
            _ => None,
        }
    }
}

fn step_in(order: &[usize], at: usize, step: isize) -> Option<usize> {
    order.get(at.checked_add_signed(step)?).copied()
}
