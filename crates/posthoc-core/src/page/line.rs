//! One mail in a list of mails, ready for a template.

use super::clean::{clip, one_line};
use super::links::Links;
use super::when;
use super::{MailLine, Person};
use crate::route::{ListName, Route};
use serde::Serialize;

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
    pub(super) fn new(person: &Person) -> Self {
        let name = clip(&one_line(&person.name), LONGEST_NAME).into_owned();
        Who {
            name: if name.is_empty() {
                "unknown".to_owned()
            } else {
                name
            },
            address: clip(&one_line(&person.address), LONGEST_NAME).into_owned(),
        }
    }
}

/// A mail's line, clean; the names are those of the templates.
#[derive(Serialize)]
pub(super) struct Line {
    /// Its page; none for a ghost.
    pub(super) href: Option<String>,
    /// Old anchors of both seed systems, `42` and `00042`; none where another page has them.
    pub(super) id: Option<String>,
    pub(super) padded_id: Option<String>,
    pub(super) key: String,
    /// Never empty: `(no subject)`.
    pub(super) subject: String,
    pub(super) untitled: bool,
    pub(super) author: Who,
    /// `2 Nov`
    pub(super) day: String,
    /// `2 Nov 2025`
    pub(super) date: String,
    pub(super) time: String,
    pub(super) rfc3339: String,
    pub(super) depth: u16,
    pub(super) elsewhere: bool,
    pub(super) current: bool,
    pub(super) ghost: bool,
    pub(super) attachments: u16,
    /// The day is another than that of the line before.
    pub(super) new_day: bool,
    /// The subject is another than the group's.
    pub(super) new_subject: bool,
}

impl Line {
    pub(super) fn new(line: &MailLine, list: Option<&ListName>, links: &Links<'_>) -> Self {
        let route = list.zip(line.address.as_ref()).map(|(list, address)| {
            Route::Message(list.clone(), address.volume.clone(), address.number)
        });
        let number = line
            .address
            .as_ref()
            .filter(|_| !line.elsewhere)
            .map(|address| address.number);
        let id = number.map(|number| number.to_string());
        let padded_id = number.map(|number| format!("{number:05}"));
        let subject = subject_words(&line.subject, SUBJECT_IN_LINE);
        Line {
            href: route.map(|route| links.to(&route)),
            padded_id: padded_id.filter(|padded| Some(padded) != id.as_ref()),
            id,
            key: line.key.to_string(),
            untitled: subject.is_none(),
            subject: subject.unwrap_or_else(|| NO_SUBJECT.to_owned()),
            author: Who::new(&line.author),
            day: when::day(&line.date),
            date: when::date(&line.date),
            time: when::time(&line.date),
            rfc3339: when::rfc3339(&line.date),
            depth: line.depth.min(DEEPEST),
            elsewhere: line.elsewhere,
            current: line.current,
            ghost: line.address.is_none(),
            attachments: line.attachments,
            new_day: true,
            new_subject: true,
        }
    }
}

/// What stands where a mail has no subject.
pub(super) const NO_SUBJECT: &str = "(no subject)";

/// The subject on one line, clipped; none when nothing is left to see.
pub(super) fn subject_words(subject: &str, most: usize) -> Option<String> {
    let clean = one_line(subject);
    (!clean.is_empty()).then(|| clip(&clean, most).into_owned())
}

/// Lines under one heading: a day is shown once, a subject only where it changes.
pub(super) fn lines(
    mails: &[MailLine],
    heading: Option<&str>,
    list: Option<&ListName>,
    links: &Links<'_>,
) -> Vec<Line> {
    let mut lines = Vec::with_capacity(mails.len());
    let mut last_day = None;
    let mut last_subject = heading.map(bare_subject);
    for mail in mails {
        let mut line = Line::new(mail, list, links);
        if !line.ghost {
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
