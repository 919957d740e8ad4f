//! A mail's page and a thread's page.

use super::tree::{Tree, tree_items};
use super::{Around, Safe, list_name};
use crate::message::{Block, MessageId, MessageKey};
use crate::page::body::body_html;
use crate::page::cite::{Reference, send_email};
use crate::page::clean::{clip, one_line};
use crate::page::frame::{Frame, Link};
use crate::page::line::{Line, Who, bare_subject, subject_words};
use crate::page::quoted::{Quoted, above};
use crate::page::strings::{Arg, Strings, Text};
use crate::page::when;
use crate::page::{Downloads, MailLine, Mask, MessageView, Person, Series, ThreadMail, ThreadView};
use crate::route::{ListName, Route};
use crate::text::{Stamp, patch_subject};
use minijinja::Value;
use serde::Serialize;
use std::collections::BTreeSet;
use std::fmt::Write;

/// Characters of a subject on the mail's own page.
const LONGEST_SUBJECT: usize = 10_000;
/// People shown in To or Cc before the rest is counted.
const MOST_PEOPLE: usize = 12;
/// Characters of a subject in a `mailto:` link.
const SUBJECT_IN_MAILTO: usize = 200;
/// Bytes of a Message-ID that still goes into a `mailto:` link; mail programs refuse longer links.
const ID_IN_MAILTO: usize = 500;

#[derive(Serialize)]
pub(super) struct Message {
    page: Frame,
    /// The whole subject.
    title: String,
    untitled: bool,
    author: Who,
    /// The page of all the author's mails.
    author_page: Option<String>,
    to: People,
    cc: People,
    postmark: Postmark,
    written_date: Option<String>,
    id: String,
    /// Language of the text, where the mail tells it.
    lang: Option<String>,
    body: Safe,
    /// The mail that this one answers; a ghost where it is not in the archive.
    answers: Option<Value>,
    reply: Option<String>,
    take: Take,
    /// The mail's own name and its thread's, for the script.
    key: String,
    thread_key: String,
    /// The thread beside the mail, line by line, and its items as they are built in.
    tree: Value,
    tree_items: Safe,
    thread: Option<String>,
    /// The page's place on the thread's page: `mKEY`.
    thread_anchor: String,
    thread_words: Option<String>,
    series: Option<SeriesModel>,
    variants: Vec<Value>,
    earlier: Option<Value>,
    later: Option<Value>,
    thread_earlier: Option<Value>,
    thread_later: Option<Value>,
}

/// What a reader can take along.
#[derive(Serialize)]
struct Take {
    /// The mail's own URL; none on a site that does not know where it is.
    link: Option<String>,
    /// The mail as a file, and its thread as a mailbox. A server has them and a folder of files does
    /// not, so the script asks before it links to them.
    eml: Option<String>,
    mbox: Option<String>,
    plain: String,
    bibtex: String,
    /// The command that answers a patch.
    git: Option<String>,
}

impl Take {
    fn new(view: &MessageView, title: &str, around: &Around<'_>) -> Self {
        let list = view.chrome.list.as_ref();
        let link = around.site.base_url.as_deref();
        let link = link.map(|base| around.route.url(base));
        let author = Who::new(&view.line.author, &around.links.strings);
        let id = one_line(&view.id.0);
        let list_title = list.map(|head| one_line(&head.title).into_owned());
        let key = view.line.key.to_string();
        let reference = Reference {
            author: &author.name,
            title,
            list: list_title.as_deref().unwrap_or_default(),
            date: &view.line.date,
            id: &id,
            key: &key,
            url: link.as_deref(),
        };
        let is_patch = |block: &Block| matches!(block, Block::Patch(_));
        let patches = patch_subject(title).is_some() || view.body.body.blocks.iter().any(is_patch);
        let open = list.filter(|head| head.downloads == Downloads::Mbox);
        let name = open.map(|head| &head.name);
        let place = name.zip(view.line.address.as_ref());
        Take {
            plain: reference.plain(&around.links.strings),
            bibtex: reference.bibtex(&around.links.strings),
            git: patches
                .then(|| send_email(&id, view.reply_to.as_deref(), copy_to(view)))
                .flatten(),
            eml: place.map(|(list, at)| {
                let route = Route::Eml(list.clone(), at.volume.clone(), at.number);
                around.links.to(&route)
            }),
            mbox: name.map(|list| {
                let route = Route::ThreadMbox(list.clone(), view.thread_key);
                around.links.to(&route)
            }),
            link,
        }
    }
}

/// A patch's series: parts and versions as links.
#[derive(Serialize)]
struct SeriesModel {
    /// `Patch 2 of 7, version 3`
    words: String,
    parts: Vec<PartModel>,
    versions: Vec<PartModel>,
}

/// One part or one version.
#[derive(Serialize)]
struct PartModel {
    number: u32,
    /// The words behind its tags.
    title: String,
    href: Option<String>,
    current: bool,
}

impl SeriesModel {
    fn new(series: &Series, list: Option<&ListName>, around: &Around<'_>) -> Self {
        let model = |(number, mail): &(u32, MailLine)| {
            let line = Line::new(mail, list, &around.links);
            let subject = line.subject_or_words();
            PartModel {
                number: *number,
                title: patch_subject(&subject)
                    .map_or(&*subject, |p| p.title)
                    .to_owned(),
                href: line.href.clone(),
                current: mail.current,
            }
        };
        let text = match (series.part, series.of) {
            (_, 1) => Text::SeriesSingle,
            (0, _) => Text::SeriesCover,
            _ => Text::SeriesPart,
        };
        let digits = |number: u32| Arg::Digits(number.into());
        let args = [("part", digits(series.part)), ("of", digits(series.of))];
        let mut words = around.with(text, &args);
        if series.version != 1 {
            let version = digits(series.version);
            let args = [("series", Arg::Words(&words)), ("version", version)];
            words = around.with(Text::SeriesVersion, &args);
        }
        SeriesModel {
            words,
            parts: series.parts.iter().map(model).collect(),
            versions: match series.versions.len() {
                0 | 1 => Vec::new(),
                _ => series.versions.iter().map(model).collect(),
            },
        }
    }
}

/// The date as a postmark shows it.
#[derive(Serialize)]
struct Postmark {
    weekday: String,
    day: String,
    year: i16,
    time: String,
    full: String,
    rfc3339: String,
}

impl Postmark {
    fn new(stamp: &Stamp, strings: &Strings) -> Self {
        Postmark {
            weekday: strings.weekday(stamp).to_owned(),
            day: strings.postmark(stamp),
            year: stamp.year,
            time: when::time(stamp),
            full: when::full(stamp, strings),
            rfc3339: when::rfc3339(stamp),
        }
    }
}

/// Some people and how many more.
#[derive(Serialize)]
struct People {
    shown: Vec<Who>,
    more: usize,
}

impl People {
    fn new(people: &[Person], strings: &Strings) -> Self {
        let shown = people.iter().take(MOST_PEOPLE);
        People {
            shown: shown.map(|one| Who::new(one, strings)).collect(),
            more: people.len().saturating_sub(MOST_PEOPLE),
        }
    }
}

pub(super) fn message(view: &MessageView, around: &Around<'_>) -> Message {
    let list = list_name(&view.chrome);
    let strings = &*around.links.strings;
    let subject = subject_words(&view.line.subject, LONGEST_SUBJECT);
    let none = around.text(Text::NoSubject);
    let title = subject.as_deref().unwrap_or(none).to_owned();
    let line = |mail: &MailLine| Line::new(mail, list, &around.links).into_value();
    let related = |mail: &Option<MailLine>| mail.as_ref().map(line);
    let window: Vec<&MailLine> = view.thread.iter().collect();
    let here = window.iter().position(|mail| mail.current);
    let quoted = here.map_or_else(Vec::new, |here| {
        let mut ways = above(&window);
        let quoted = |at: usize| {
            let href = Line::new(window[at], list, &around.links).href;
            Quoted::new(window[at], href.unwrap_or_default(), strings)
        };
        ways.swap_remove(here).into_iter().map(quoted).collect()
    });
    let answered = here.and_then(|here| answered(&window, here));
    let mut page = around.frame("message", &title, &view.chrome);
    page.description = description(view);
    Message {
        page,
        lang: view.body.language.clone(),
        answers: answered.map(line),
        take: Take::new(view, &title, around),
        key: view.line.key.to_string(),
        thread_key: view.thread_key.to_string(),
        untitled: subject.is_none(),
        title,
        author: Who::new(&view.line.author, &around.links.strings),
        author_page: view.author_page.as_ref().map(|page| around.links.to(page)),
        to: People::new(&view.to, &around.links.strings),
        cc: People::new(&view.cc, &around.links.strings),
        postmark: Postmark::new(&view.line.date, strings),
        written_date: view
            .written_date
            .as_ref()
            .map(|date| clip(&one_line(date), 80).into_owned()),
        id: clip(&one_line(&view.id.0), 1_000).into_owned(),
        body: Safe(body_html(&view.body, &around.links, &quoted)),
        reply: view
            .reply_to
            .as_ref()
            .map(|address| mailto(address, copy_to(view), &view.line.subject, &view.id)),
        tree: Tree::value(&view.thread, list, &around.links),
        tree_items: Safe::new(tree_items(&window, list, &around.links, false)),
        thread: thread_link(list, view.thread_key, 1, around),
        thread_anchor: format!("m{}", view.line.key),
        thread_words: view
            .thread_counts
            .map(|(mails, people)| counts(mails.into(), people.into(), strings)),
        series: view
            .series
            .as_ref()
            .map(|series| SeriesModel::new(series, list, around)),
        variants: view.variants.iter().map(line).collect(),
        earlier: related(&view.related.earlier),
        later: related(&view.related.later),
        thread_earlier: related(&view.related.thread_earlier),
        thread_later: related(&view.related.thread_later),
    }
}

/// The line that another one answers, among lines in display order.
fn answered<'v>(lines: &[&'v MailLine], at: usize) -> Option<&'v MailLine> {
    let depth = lines[at].depth.checked_sub(1)?;
    let above = lines[..at].iter().rev();
    above.copied().find(|line| line.depth <= depth)
}

/// The first words that the author wrote, for those who list pages.
fn description(view: &MessageView) -> Option<String> {
    const LONGEST: usize = 160;
    let text = view.body.body.blocks.iter().find_map(|block| match block {
        Block::Fixed(lines) | Block::Flowed(lines) => {
            let words = lines.iter().flat_map(|line| line.split_whitespace());
            let text = words.take(LONGEST / 2).collect::<Vec<_>>().join(" ");
            (!text.is_empty()).then_some(text)
        }
        _ => None,
    })?;
    Some(clip(&one_line(&text), LONGEST).into_owned())
}

/// `7 mails, 4 people`
fn counts(mails: u64, people: u64, strings: &Strings) -> String {
    let args = [
        ("mails", Arg::Digits(mails)),
        ("people", Arg::Digits(people)),
    ];
    strings.with(Text::CountsOfPeople, &args)
}

fn thread_link(
    list: Option<&ListName>,
    key: MessageKey,
    page: u32,
    around: &Around<'_>,
) -> Option<String> {
    list.map(|list| around.links.to(&Route::Thread(list.clone(), key, page)))
}

/// The author, to whom an answer goes too: where a list shows addresses. Of a mail whose `From` a list
/// wrote for its author, it is the author's own.
fn copy_to(view: &MessageView) -> Option<&str> {
    let address = view.line.author.address.as_str();
    let plain = |c: char| c.is_ascii_alphanumeric() || ".@_+-=".contains(c);
    let is_open = view.body.mask == Mask::None && address.contains('@') && address.len() <= 254;
    (is_open && address.chars().all(plain)).then_some(address)
}

/// A `mailto:` link with subject and In-Reply-To (RFC 6068).
fn mailto(address: &str, copy: Option<&str>, subject: &str, id: &MessageId) -> String {
    let mut link = mail_link(address);
    link.push('?');
    if let Some(copy) = copy.filter(|copy| !copy.eq_ignore_ascii_case(address)) {
        link.push_str("cc=");
        push_encoded(&mut link, copy, b"@");
        link.push('&');
    }
    link.push_str("subject=");
    let subject = one_line(subject);
    let subject = clip(bare_subject(&subject), SUBJECT_IN_MAILTO);
    push_encoded(&mut link, &format!("Re: {subject}"), b"");
    let id = one_line(&id.0);
    if id.len() <= ID_IN_MAILTO {
        link.push_str("&In-Reply-To=");
        push_encoded(&mut link, &format!("<{id}>"), b"@");
    }
    link
}

/// A `mailto:` link to an address alone.
pub(super) fn mail_link(address: &str) -> String {
    let mut link = "mailto:".to_owned();
    push_encoded(&mut link, &one_line(address), b"@");
    link
}

fn push_encoded(out: &mut String, text: &str, also: &[u8]) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || also.contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
}

#[derive(Serialize)]
pub(super) struct Thread {
    page: Frame,
    title: String,
    untitled: bool,
    mails: Vec<Mail>,
    /// `7 mails, 4 people`, of this page.
    counts: String,
    /// The mails of this page as a tree of links to their places on it.
    outline: Safe,
    key: String,
    page_number: u32,
    /// `page 2`
    page_words: String,
    earlier: Option<Link>,
    later: Option<Link>,
}

#[derive(Serialize)]
struct Mail {
    line: Value,
    /// Levels by which it is set in: few, so that a line of mail keeps its room.
    inset: u16,
    postmark: String,
    lang: Option<String>,
    /// The mail on this page that it answers.
    answers: Option<Link>,
    body: Option<Safe>,
}

pub(super) fn thread(view: &ThreadView, around: &Around<'_>) -> Thread {
    const DEEPEST_INSET: u16 = 4;
    let list = list_name(&view.chrome);
    let strings = &*around.links.strings;
    let subject = subject_words(&view.subject, LONGEST_SUBJECT);
    let none = around.text(Text::NoSubject);
    let title = subject.as_deref().unwrap_or(none).to_owned();
    let mut last_subject = bare_subject(&view.subject);
    let mut mails = Vec::with_capacity(view.mails.len());
    let lines: Vec<&MailLine> = view.mails.iter().map(|mail| &mail.line).collect();
    let ways = above(&lines);
    let place = |line: &MailLine| format!("#m{}", line.key);
    for (at, ThreadMail { line, body }) in view.mails.iter().enumerate() {
        let quoted = ways[at].iter().map(|above| lines[*above]);
        let quoted: Vec<Quoted> = quoted
            .map(|mail| Quoted::new(mail, place(mail), strings))
            .collect();
        let mut model = Line::new(line, list, &around.links);
        let bare = bare_subject(&line.subject);
        model.new_subject = body.is_some() && bare != last_subject;
        if body.is_some() {
            last_subject = bare;
        }
        mails.push(Mail {
            line: model.into_value(),
            inset: line.depth.min(DEEPEST_INSET),
            postmark: when::full(&line.date, strings),
            lang: body.as_ref().and_then(|body| body.language.clone()),
            answers: answered(&lines, at)
                .filter(|mail| mail.address.is_some())
                .map(|mail| Link {
                    text: Who::new(&mail.author, strings).name,
                    href: place(mail),
                }),
            body: body
                .as_ref()
                .map(|body| Safe(body_html(body, &around.links, &quoted))),
        });
    }
    let page_words = around.with(Text::PageNumber, &[("page", Arg::Digits(view.page.into()))]);
    let words = match view.page {
        1 => title.clone(),
        _ => format!("{title}, {page_words}"),
    };
    let other = |text: Text, page: u32| {
        thread_link(list, view.key, page, around).map(|href| Link {
            text: around.text(text).to_owned(),
            href,
        })
    };
    let shown = || lines.iter().filter(|line| line.address.is_some());
    let people: BTreeSet<&str> = shown().map(|line| line.author.name.as_str()).collect();
    let counts = counts(shown().count() as u64, people.len() as u64, strings);
    let mut page = around.frame("thread", &words, &view.chrome);
    page.description = Some(around.labelled(&counts, &clip(&title, 200)));
    Thread {
        page,
        outline: Safe::new(tree_items(&lines, list, &around.links, true)),
        counts,
        key: view.key.to_string(),
        untitled: subject.is_none(),
        title,
        mails,
        page_number: view.page,
        page_words,
        earlier: (view.page > 1)
            .then(|| other(Text::EarlierOfThread, view.page - 1))
            .flatten(),
        later: view
            .more
            .then(|| other(Text::LaterOfThread, view.page.saturating_add(1)))
            .flatten(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replies_by_mail() {
        let table = [
            ("bells", "a@x", "Re%3A%20bells&In-Reply-To=%3Ca@x%3E"),
            ("Re: bells", "a@x", "Re%3A%20bells&In-Reply-To=%3Ca@x%3E"),
            (
                "a&b?\r\nBcc: c@x",
                "a\r\nb@x",
                "Re%3A%20a%26b%3F%20%20Bcc%3A%20c%40x&In-Reply-To=%3Ca%20%20b@x%3E",
            ),
        ];
        for (subject, id, expected) in table {
            let link = mailto("town-hall@x.example", None, subject, &MessageId(id.into()));
            assert_eq!(
                link,
                format!("mailto:town-hall@x.example?subject={expected}")
            );
        }
        let long = mailto("l@x", None, &"š".repeat(5_000), &MessageId("y".repeat(600)));
        assert!(long.len() < 2_000 && !long.contains("In-Reply-To"));
        let copied = mailto("l@x", Some("a+b@x"), "s", &MessageId("i@x".into()));
        assert!(copied.starts_with("mailto:l@x?cc=a%2Bb@x&subject="));
        let own = mailto("l@x", Some("L@x"), "s", &MessageId("i@x".into()));
        assert!(own.starts_with("mailto:l@x?subject="));
    }
}
