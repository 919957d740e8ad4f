//! One mail in a list of mails, ready for a template.

use super::clean::one_line_clipped;
use super::links::Links;
use super::strings::{Arg, Strings, Text};
use super::when;
use super::{MailLine, Person};
use crate::route::ListName;
use crate::text::{Html, push_padded};
use minijinja::Value;
use minijinja::value::{Enumerator, Object, Serde};
use serde::Serialize;
use std::borrow::Cow;
use std::sync::Arc;

/// Characters of a subject in a line; the mail's own page shows the whole.
const SUBJECT_IN_LINE: usize = 160;
/// Characters of a person's name anywhere.
const LONGEST_NAME: usize = 120;
/// Levels of a thread that are drawn; deeper mails stand at the last.
const DEEPEST: u16 = 12;

/// A person, clean.
#[derive(Serialize)]
pub(super) struct Who {
    pub(super) name: String,
    pub(super) address: String,
}

impl Who {
    pub(super) fn new(person: &Person, strings: &Strings) -> Self {
        Who {
            name: name_words(person, strings).into_owned(),
            address: one_line_clipped(&person.address, LONGEST_NAME).into_owned(),
        }
    }
}

/// A mail's line. What is shown of it is made clean when it is asked for: most pages show a part.
#[derive(Debug)]
pub(super) struct Line<'a> {
    pub(super) mail: &'a MailLine,
    links: &'a Links,
    /// Its page; none for a ghost.
    pub(super) href: Option<String>,
    /// The day is another than that of the line before.
    pub(super) new_day: bool,
    /// The subject is another than the group's.
    pub(super) new_subject: bool,
}

impl<'a> Line<'a> {
    pub(super) fn new(mail: &'a MailLine, list: Option<&ListName>, links: &'a Links) -> Self {
        let route = list.and_then(|list| mail.route(list));
        Line {
            href: route.map(|route| links.to(&route)),
            mail,
            links,
            new_day: true,
            new_subject: true,
        }
    }

    pub(super) fn ghost(&self) -> bool {
        self.mail.address.is_none()
    }

    /// What stands in a ghost's place; one that has a subject was removed.
    pub(super) fn ghost_words(&self) -> &'a str {
        self.links.strings.get(match self.mail.subject.is_empty() {
            true => Text::GhostMissing,
            false => Text::GhostRemoved,
        })
    }

    pub(super) fn depth(&self) -> u16 {
        self.mail.depth.min(DEEPEST)
    }

    /// Tells the level in words, for those who do not see the rules in the margin; nothing at a root.
    pub(super) fn push_level(&self, html: &mut Html) {
        if self.mail.depth > 0 {
            html.push_literal("<span class=\"lv\">");
            let level = [("level", Arg::Digits(self.mail.depth.into()))];
            self.links.strings.push_html(html, Text::Level, &level);
            html.push_literal(" </span>");
        }
    }

    /// The number by which the anchors of both seed systems name it; none where another page has
    /// them.
    fn number(&self) -> Option<u32> {
        let address = self.mail.address.as_ref().filter(|_| !self.mail.elsewhere);
        address.map(|address| address.number)
    }

    /// Pipermail's anchor: `42`.
    pub(super) fn id(&self) -> Option<String> {
        id(self.number())
    }

    /// MHonArc's anchor, `00042`, where it is another than Pipermail's.
    pub(super) fn padded_id(&self) -> Option<String> {
        padded_id(self.number())
    }

    /// On one line; none when nothing is left to see.
    pub(super) fn subject(&self) -> Option<Cow<'a, str>> {
        subject_words(&self.mail.subject, SUBJECT_IN_LINE)
    }

    /// The same, with words for a subject that is none.
    pub(super) fn subject_or_words(&self) -> Cow<'a, str> {
        let none = || Cow::Borrowed(self.links.strings.get(Text::NoSubject));
        self.subject().unwrap_or_else(none)
    }

    /// The author's name.
    pub(super) fn who(&self) -> Cow<'a, str> {
        name_words(&self.mail.author, &self.links.strings)
    }

    /// `3 files`
    pub(super) fn push_files(&self, html: &mut Html) {
        let count = [("count", Arg::Digits(self.mail.attachments.into()))];
        self.links.strings.push_html(html, Text::Files, &count);
    }

    /// `2 Nov`
    pub(super) fn day(&self) -> Cow<'a, str> {
        self.links.strings.day(&self.mail.date)
    }

    /// For a template.
    pub(super) fn into_value(self) -> Value {
        Value::from_object(Given {
            mail: self.mail.clone(),
            strings: Arc::clone(&self.links.strings),
            number: self.number(),
            href: self.href,
            new_day: self.new_day,
            new_subject: self.new_subject,
        })
    }
}

fn id(number: Option<u32>) -> Option<String> {
    number.map(|number| padded(number, 1))
}

fn padded_id(number: Option<u32>) -> Option<String> {
    let number = number.filter(|number| *number < 10_000);
    number.map(|number| padded(number, 5))
}

fn padded(number: u32, width: usize) -> String {
    let mut out = String::new();
    push_padded(&mut out, number.into(), width);
    out
}

/// A line as a template is given it.
#[derive(Debug)]
struct Given {
    mail: MailLine,
    strings: Arc<Strings>,
    number: Option<u32>,
    href: Option<String>,
    new_day: bool,
    new_subject: bool,
}

/// A line's names in templates.
const FIELDS: [&str; 19] = [
    "href",
    "id",
    "padded_id",
    "key",
    "subject",
    "untitled",
    "author",
    "day",
    "date",
    "time",
    "rfc3339",
    "depth",
    "level",
    "elsewhere",
    "current",
    "ghost",
    "attachments",
    "new_day",
    "new_subject",
];

impl Object for Given {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        let (mail, strings) = (&self.mail, &self.strings);
        let subject = || subject_words(&mail.subject, SUBJECT_IN_LINE);
        Some(match key {
            "href" => self.href.clone().into(),
            "id" => id(self.number).into(),
            "padded_id" => padded_id(self.number).into(),
            "key" => mail.key.to_string().into(),
            "subject" => subject()
                .unwrap_or_else(|| strings.get(Text::NoSubject).into())
                .into(),
            "untitled" => subject().is_none().into(),
            "author" => Value::from(Serde(Who::new(&mail.author, &self.strings))),
            "day" => strings.day(&mail.date).into(),
            "date" => strings.date(&mail.date).into(),
            "time" => when::time(&mail.date).into(),
            "rfc3339" => when::rfc3339(&mail.date).into(),
            "depth" => mail.depth.min(DEEPEST).into(),
            "level" => mail.depth.into(),
            "elsewhere" => mail.elsewhere.into(),
            "current" => mail.current.into(),
            "ghost" => mail.address.is_none().into(),
            "attachments" => mail.attachments.into(),
            "new_day" => self.new_day.into(),
            "new_subject" => self.new_subject.into(),
            _ => return None,
        })
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Str(&FIELDS)
    }
}

/// The subject on one line, clipped; none when nothing is left to see.
pub(super) fn subject_words(subject: &str, most: usize) -> Option<Cow<'_, str>> {
    let clean = one_line_clipped(subject, most);
    (!clean.is_empty()).then_some(clean)
}

/// The subject and the author's name as a line shows them, empty where there is none to see. For lines that
/// are not made by a template.
pub fn line_words(mail: &MailLine) -> (Cow<'_, str>, Cow<'_, str>) {
    let subject = subject_words(&mail.subject, SUBJECT_IN_LINE);
    let author = one_line_clipped(&mail.author.name, LONGEST_NAME);
    (subject.unwrap_or_default(), author)
}

/// A person's name as it is shown; never empty.
pub(super) fn name_words<'a>(person: &'a Person, strings: &'a Strings) -> Cow<'a, str> {
    match one_line_clipped(&person.name, LONGEST_NAME) {
        name if name.is_empty() => Cow::Borrowed(strings.get(Text::UnknownPerson)),
        name => name,
    }
}

/// Lines under one heading: a day is shown once, a subject only where it changes.
pub(super) fn lines<'a>(
    mails: &'a [MailLine],
    heading: Option<&str>,
    list: Option<&ListName>,
    links: &'a Links,
) -> Vec<Line<'a>> {
    let mut lines = Vec::with_capacity(mails.len());
    let mut last_day = None;
    let mut last_subject = heading.map(bare_subject);
    for mail in mails {
        let mut line = Line::new(mail, list, links);
        if !line.ghost() {
            let day = (mail.date.year, mail.date.month, mail.date.day);
            line.new_day = last_day.replace(day) != Some(day);
            let subject = bare_subject(&mail.subject);
            line.new_subject = last_subject.as_ref() != Some(&subject);
            last_subject = Some(subject);
        }
        lines.push(line);
    }
    lines
}

/// The subject without its reply marks, for comparing only.
pub(super) fn bare_subject(subject: &str) -> &str {
    let mut rest = subject.trim();
    loop {
        let Some((mark, tail)) = rest.split_once(':') else {
            return rest;
        };
        let mark = mark.trim_end();
        let reply = ["re", "aw", "sv", "antw", "fwd", "fw"]
            .iter()
            .any(|word| mark.eq_ignore_ascii_case(word));
        if !reply {
            return rest;
        }
        rest = tail.trim_start();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bare() {
        for subject in ["x", "Re: x", "RE : re: AW:x", " Fwd: x "] {
            assert_eq!(bare_subject(subject), "x");
        }
        assert_eq!(bare_subject("Re: Re:"), "");
        assert_eq!(bare_subject("note: x"), "note: x");
    }
}
