//! The words of pages, in the page's language.
//!
//! 1. `compile`: files of texts in Fluent's syntax become patterns
//! 2. `names`: the texts that are filled in by Rust code, by number
//! 3. here: one language's texts, over English ones; numbers and dates as that language writes them
//!
//! A text is text, never markup: it is escaped like everything else, and what is put into it as markup
//! must be [`Html`]. No marks for directions are put around what is filled in: on pages `<bdi>` does
//! that, and attributes, titles and feeds stay free of invisible characters.

mod compile;
mod names;

pub(super) use compile::Fault;
pub(super) use names::Text;

use super::assets::Scripts;
use super::{Filling, Label, Told};
use crate::route::{Period, Volume};
use crate::text::{Html, Stamp, push_padded};
use compile::{Choice, Key, Pattern, Piece, Texts, compare, compile};
use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, OnceLock};
use unic_langid::LanguageIdentifier;

/// The texts that are built in, by language.
pub const BUILT_IN_STRINGS: [(&str, &str); 4] = [
    ("en", include_str!("en.ftl")),
    ("de", include_str!("de.ftl")),
    ("es", include_str!("es.ftl")),
    ("fr", include_str!("fr.ftl")),
];

/// Days that a month may have, and a nought for dates that are none.
const DAYS: usize = 32;

/// What is filled in.
#[derive(Clone, Copy)]
pub(super) enum Arg<'a> {
    /// Shown in groups of three digits; chooses by number and plural.
    Count(u64),
    /// The same, shown as mere digits.
    Digits(u64),
    /// Chooses by its own words.
    Words(&'a str),
    /// Markup of ours.
    Markup(&'a Html),
    /// Markup that a template made; text for everybody else.
    Given(&'a str),
}

/// What a text is handed out as.
pub(super) enum Filled<'a> {
    /// Not escaped yet.
    Text(&'a str),
    Markup(&'a Html),
    Given(&'a str),
}

/// Names of what is filled in, and what.
pub(super) type Args<'a> = &'a [(&'a str, Arg<'a>)];

/// All texts of one language.
pub(super) struct Strings {
    language: String,
    /// By name, for templates.
    texts: Texts,
    /// By number, for Rust code.
    known: Vec<Arc<Pattern>>,
    /// What stands between groups of three digits.
    group: String,
    /// Text runs from right to left.
    rtl: bool,
    months: [MonthNames; 12],
    weekdays: [String; 7],
    /// Made when a page asks for them.
    scripts: OnceLock<Scripts>,
}

impl fmt::Debug for Strings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Strings ({} texts)", self.texts.len())
    }
}

/// One month's names.
#[derive(Debug, Default)]
struct MonthNames {
    /// In a date: `November`.
    long: String,
    /// At the head of its volume: `November`.
    alone: String,
    /// In a calendar: `Nov`.
    cell: String,
    /// Short in a date: `Nov`.
    short: String,
    /// Its days: `2 Nov`.
    days: Vec<String>,
}

/// Whether a language has built-in texts of its own.
pub(super) fn is_built_in(language: &str) -> bool {
    let mut known = BUILT_IN_STRINGS.iter();
    known.any(|(name, _)| name.eq_ignore_ascii_case(language))
}

/// The built-in texts that a language's are laid over or taken from: its own, those of its first part.
fn built_in(language: &str) -> Option<&'static str> {
    let named = |name: &str| {
        let found = BUILT_IN_STRINGS
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, source)| *source)
    };
    named(language).or_else(|| named(language.split('-').next().unwrap_or_default()))
}

/// Whether a file of texts may be of a language of that name: BCP 47, as `de` or `pt-BR`.
pub fn is_language(name: &str) -> bool {
    name.parse::<LanguageIdentifier>().is_ok()
}

/// Where a site's own texts cannot be read.
pub(super) fn unreadable(language: &str, source: &str) -> Vec<Fault> {
    compile(language, source).1
}

/// What is wrong with a site's own texts: where they cannot be read, and what no page makes use of.
pub(super) fn faults(language: &str, source: &str) -> Vec<Fault> {
    let (texts, mut faults) = compile(language, source);
    let (english, _) = compile("en", BUILT_IN_STRINGS[0].1);
    faults.extend(compare(source, &texts, &english));
    faults.sort_by_key(|fault| fault.line);
    faults
}

impl Strings {
    /// The texts of a language: the built-in ones, over them a site's own. What neither has is English.
    pub(super) fn new(language: &str, own: Option<&str>) -> Self {
        let (mut texts, _) = compile("en", BUILT_IN_STRINGS[0].1);
        for source in built_in(language).into_iter().chain(own) {
            texts.extend(compile(language, source).0);
        }
        let known = Text::NAMES.iter().map(|name| texts.get(*name).cloned());
        let mut strings = Strings {
            language: language.to_owned(),
            known: known.map(Option::unwrap_or_default).collect(),
            texts,
            group: String::new(),
            rtl: false,
            months: Default::default(),
            weekdays: Default::default(),
            scripts: OnceLock::new(),
        };
        strings.group = strings.get(Text::DigitGroups).to_owned();
        strings.rtl = strings.get(Text::Direction) == "rtl";
        for number in 0..12 {
            strings.months[number] = strings.month_names(number as u64 + 1);
        }
        for (number, name) in strings.weekdays.iter_mut().enumerate() {
            let day = [("weekday", Arg::Digits(number as u64 + 1))];
            let pattern = &strings.known[Text::Weekday as usize];
            push(pattern, &day, "", &mut |piece| {
                name.push_str(piece.as_str())
            });
        }
        strings
    }

    fn month_names(&self, number: u64) -> MonthNames {
        let month = [("month", Arg::Digits(number))];
        let short = self.with(Text::MonthShort, &month);
        let days = (0..DAYS as u64).map(|day| {
            let day = [("day", Arg::Digits(day)), ("month", Arg::Words(&short))];
            self.with(Text::DateDay, &day)
        });
        MonthNames {
            days: days.collect(),
            long: self.with(Text::Month, &month),
            alone: self.with(Text::MonthAlone, &month),
            cell: self.with(Text::MonthCell, &month),
            short,
        }
    }

    /// The scripts in this language.
    pub(super) fn scripts(&self) -> &Scripts {
        self.scripts.get_or_init(|| Scripts::new(self))
    }

    /// Which language it is.
    pub(super) fn language(&self) -> &str {
        &self.language
    }

    /// Whether the language's text runs from right to left.
    pub(super) fn rtl(&self) -> bool {
        self.rtl
    }

    /// A text in which nothing is filled in.
    pub(super) fn get(&self, text: Text) -> &str {
        self.known[text as usize].plain().unwrap_or_default()
    }

    /// The text of that name in which nothing is filled in.
    pub(super) fn plain(&self, name: &str) -> Option<&str> {
        self.texts.get(name)?.plain()
    }

    /// A text, filled in.
    pub(super) fn with(&self, text: Text, args: Args<'_>) -> String {
        let mut out = String::new();
        self.push_to(&mut out, text, args);
        out
    }

    fn push_to(&self, out: &mut String, text: Text, args: Args<'_>) {
        let pattern = &self.known[text as usize];
        push(pattern, args, &self.group, &mut |piece| {
            out.push_str(piece.as_str())
        });
    }

    /// Appends a text, filled in and escaped.
    pub(super) fn push_html(&self, html: &mut Html, text: Text, args: Args<'_>) {
        let pattern = &self.known[text as usize];
        push(pattern, args, &self.group, &mut |piece| match piece {
            Filled::Text(text) | Filled::Given(text) => html.push_text(text),
            Filled::Markup(markup) => html.push(markup),
        });
    }

    /// The text of that name, filled in, piece by piece. False when there is no such text.
    pub(super) fn pieces(
        &self,
        name: &str,
        args: Args<'_>,
        out: &mut dyn FnMut(Filled<'_>),
    ) -> bool {
        let found = self.texts.get(name);
        if let Some(pattern) = found {
            push(pattern, args, &self.group, out);
        }
        found.is_some()
    }

    /// What a view says.
    pub(super) fn told(&self, told: &Told) -> String {
        let (name, fillings) = match told {
            Told::Words(words) => return words.clone(),
            Told::Text(name, fillings) => (name, fillings),
        };
        let arg = |filling| match filling {
            &Filling::Count(count) => Arg::Count(count),
            Filling::Words(words) => Arg::Words(words),
        };
        let args = fillings.iter().map(|(name, filling)| (*name, arg(filling)));
        let args: Vec<(&str, Arg<'_>)> = args.collect();
        self.named(name, &args)
    }

    /// The text of that name, filled in; nothing when there is none.
    pub(super) fn named(&self, name: &str, args: Args<'_>) -> String {
        let mut out = String::new();
        self.pieces(name, args, &mut |piece| out.push_str(piece.as_str()));
        out
    }

    /// A name in a card, which the message room gives in English: `Delivery report` is the text
    /// `card-delivery-report`.
    pub(super) fn of_card<'a>(&'a self, english: &'a str) -> &'a str {
        let name = format!("card-{}", english.to_ascii_lowercase().replace(' ', "-"));
        self.plain(&name).unwrap_or(english)
    }

    /// What a piece of an index or a group of its lines is called.
    pub(super) fn label<'a>(&'a self, label: &'a Label) -> Cow<'a, str> {
        match label {
            Label::Words(words) => words.into(),
            Label::Day(day) => self.day_number(*day).into(),
            Label::Others => self.get(Text::OtherLetters).into(),
            Label::WordsOfDay(words, day) => {
                let day = self.day_number(*day);
                let args = [("words", Arg::Words(words)), ("day", Arg::Words(&day))];
                self.with(Text::WordsOfDay, &args).into()
            }
        }
    }

    /// `12,345`
    pub(super) fn number(&self, number: u64) -> String {
        let mut out = String::new();
        push_grouped(&mut out, number, &self.group);
        out
    }

    /// `1 mail`, `1,234 mails`
    pub(super) fn mails(&self, count: u64) -> String {
        self.with(Text::Mails, &[("count", Arg::Count(count))])
    }

    /// `Sunday`
    pub(super) fn weekday(&self, stamp: &Stamp) -> &str {
        &self.weekdays[usize::from(stamp.weekday % 7)]
    }

    fn month(&self, month: u8) -> &MonthNames {
        &self.months[usize::from(month.clamp(1, 12)) - 1]
    }

    /// A month's name in a calendar, from 1: `Nov`.
    pub(super) fn month_cell(&self, month: u32) -> &str {
        &self.month(month.try_into().unwrap_or(1)).cell
    }

    /// `2 Nov`
    pub(super) fn day(&self, stamp: &Stamp) -> Cow<'_, str> {
        let month = self.month(stamp.month);
        match month.days.get(usize::from(stamp.day)) {
            Some(day) => Cow::Borrowed(day),
            None => Cow::Owned(self.with(
                Text::DateDay,
                &[
                    ("day", Arg::Digits(stamp.day.into())),
                    ("month", Arg::Words(&month.short)),
                ],
            )),
        }
    }

    /// `2 Nov`, as short as a calendar has it: a postmark is narrow.
    pub(super) fn postmark(&self, stamp: &Stamp) -> String {
        let args = [
            ("day", Arg::Digits(stamp.day.into())),
            ("month", Arg::Words(&self.month(stamp.month).cell)),
        ];
        self.with(Text::DatePostmark, &args)
    }

    /// `2 Nov 2025`
    pub(super) fn date(&self, stamp: &Stamp) -> String {
        let mut year = String::new();
        push_year(&mut year, stamp.year);
        let args = [
            ("day", Arg::Digits(stamp.day.into())),
            ("month", Arg::Words(&self.month(stamp.month).short)),
            ("year", Arg::Words(&year)),
        ];
        let mut out = String::with_capacity(16);
        self.push_to(&mut out, Text::Date, &args);
        out
    }

    /// `2 November 2025`
    pub(super) fn long_date(&self, stamp: &Stamp) -> String {
        let mut year = String::new();
        push_year(&mut year, stamp.year);
        self.long(stamp.day.into(), stamp.month, &year)
    }

    fn long(&self, day: u64, month: u8, year: &str) -> String {
        let args = [
            ("day", Arg::Digits(day)),
            ("month", Arg::Words(&self.month(month).long)),
            ("year", Arg::Words(year)),
        ];
        self.with(Text::DateLong, &args)
    }

    /// `Sunday 2 November 2025, 14:31 +0100`; `time` and `zone` are digits.
    pub(super) fn full_date(&self, stamp: &Stamp, time: &str, zone: &str) -> String {
        let mut year = String::new();
        push_year(&mut year, stamp.year);
        let args = [
            ("weekday", Arg::Words(self.weekday(stamp))),
            ("day", Arg::Digits(stamp.day.into())),
            ("month", Arg::Words(&self.month(stamp.month).long)),
            ("year", Arg::Words(&year)),
            ("time", Arg::Words(time)),
            ("zone", Arg::Words(zone)),
        ];
        let mut out = String::with_capacity(40);
        self.push_to(&mut out, Text::DateFull, &args);
        out
    }

    /// A day written as `20251102`: `2 November 2025`.
    pub(super) fn day_number(&self, day: u32) -> String {
        let month = u8::try_from(day / 100 % 100).unwrap_or(1);
        self.long((day % 100).into(), month, &(day / 10_000).to_string())
    }

    /// A month written as `202511`: `November 2025`.
    pub(super) fn month_number(&self, month: u32) -> String {
        let name = self.month(u8::try_from(month % 100).unwrap_or(1));
        let year = (month / 100).to_string();
        self.with(
            Text::MonthAndYear,
            &[
                ("month", Arg::Words(&name.alone)),
                ("year", Arg::Words(&year)),
            ],
        )
    }

    /// A volume in words: `November 2025`, `2025`, `Fourth quarter 2025`,
    /// `Week of Monday 3 November 2025`, `3 November 2025`.
    pub(super) fn volume(&self, volume: &Volume) -> String {
        let start = volume.start();
        let year = (start / 10_000).to_string();
        match volume.period() {
            Period::Year => year,
            Period::Month => self.month_number(start / 100),
            Period::Day => self.day_number(start),
            Period::Week => {
                let day = self.day_number(start);
                self.with(Text::WeekOf, &[("day", Arg::Words(&day))])
            }
            Period::Quarter => {
                let quarter = self.quarter(start);
                let args = [
                    ("quarter", Arg::Words(&quarter)),
                    ("year", Arg::Words(&year)),
                ];
                self.with(Text::QuarterAndYear, &args)
            }
        }
    }

    /// A volume's words under its year: `Nov`, `Fourth quarter`, `3 Nov` for a week or a day, and the
    /// year itself where the volume is the year.
    pub(super) fn volume_in_year(&self, volume: &Volume) -> String {
        let start = volume.start();
        let month = self.month(u8::try_from(start / 100 % 100).unwrap_or(1));
        match volume.period() {
            Period::Year => (start / 10_000).to_string(),
            Period::Month => month.cell.clone(),
            Period::Quarter => self.quarter(start),
            Period::Week | Period::Day => {
                let day = month.days.get(start as usize % 100);
                day.cloned().unwrap_or_default()
            }
        }
    }

    fn quarter(&self, start: u32) -> String {
        let number = (start / 100 % 100).clamp(1, 12).div_ceil(3);
        self.with(Text::Quarter, &[("quarter", Arg::Digits(number.into()))])
    }
}

impl<'a> Filled<'a> {
    fn as_str(&self) -> &'a str {
        match self {
            Filled::Text(text) | Filled::Given(text) => text,
            Filled::Markup(markup) => markup.as_str(),
        }
    }
}

/// A year with its sign.
fn push_year(out: &mut String, year: i16) {
    if year < 0 {
        out.push('-');
    }
    push_padded(out, year.unsigned_abs().into(), 1);
}

fn push_grouped(out: &mut String, number: u64, group: &str) {
    let mut digits = String::new();
    push_padded(&mut digits, number, 1);
    for (n, digit) in digits.char_indices() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            out.push_str(group);
        }
        out.push(digit);
    }
}

/// Hands out a pattern piece by piece. Patterns stand a few deep in one another at most.
fn push(pattern: &Pattern, args: Args<'_>, group: &str, out: &mut dyn FnMut(Filled<'_>)) {
    for piece in &pattern.pieces {
        match piece {
            Piece::Text(text) => out(Filled::Text(text)),
            Piece::Arg(name) => match arg(args, name) {
                Some(Arg::Words(words)) => out(Filled::Text(words)),
                Some(Arg::Markup(markup)) => out(Filled::Markup(markup)),
                Some(Arg::Given(markup)) => out(Filled::Given(markup)),
                Some(Arg::Digits(number)) => {
                    let mut digits = String::new();
                    push_padded(&mut digits, number, 1);
                    out(Filled::Text(&digits));
                }
                Some(Arg::Count(number)) => {
                    let mut digits = String::new();
                    push_grouped(&mut digits, number, group);
                    out(Filled::Text(&digits));
                }
                None => {}
            },
            Piece::Choice(choice) => push(chosen(choice, args), args, group, out),
        }
    }
}

fn arg<'a>(args: Args<'a>, name: &str) -> Option<Arg<'a>> {
    args.iter()
        .find(|(known, _)| *known == name)
        .map(|(_, arg)| *arg)
}

/// The variant of a number, else that of its plural; or that of a word.
fn chosen<'p>(choice: &'p Choice, args: Args<'_>) -> &'p Pattern {
    let variants = || choice.variants.iter();
    let found = match arg(args, &choice.arg) {
        Some(Arg::Count(number) | Arg::Digits(number)) => {
            let exact = variants().find(|(key, _)| matches!(key, Key::Number(n) if *n == number));
            exact.or_else(|| {
                let of = choice.rules.select(number).ok()?;
                variants().find(|(key, _)| matches!(key, Key::Word(_, Some(known)) if *known == of))
            })
        }
        Some(Arg::Words(words)) => {
            variants().find(|(key, _)| matches!(key, Key::Word(known, _) if **known == *words))
        }
        Some(Arg::Markup(_) | Arg::Given(_)) | None => None,
    };
    found.map_or(&choice.other, |(_, pattern)| pattern)
}

#[cfg(test)]
mod tests;
