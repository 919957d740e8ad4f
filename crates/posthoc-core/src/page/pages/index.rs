//! An index of a volume.

use super::attachments::file_items;
use super::lists::bars;
use super::{Around, Safe, list_name};
use crate::page::clean::{clip, one_line};
use crate::page::frame::{Frame, Link};
use crate::page::line::{Line, lines};
use crate::page::strings::{Arg, Text};
use crate::page::when;
use crate::page::{Downloads, IndexGroup, IndexView};
use crate::route::{IndexKind, ListName, Route, Volume};
use crate::text::Html;
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Index {
    page: Frame,
    /// `November 2025`
    title: String,
    /// `thread`, `subject`, `author`, `date`, `attachments`
    kind: &'static str,
    /// The words of the piece that this page is.
    cut: Option<String>,
    /// `12 mails`
    mails: String,
    activity: Option<Safe>,
    tabs: Vec<Tab>,
    cuts: Vec<Cut>,
    groups: Vec<Group>,
    downloads: Vec<Link>,
    earlier: Option<Link>,
    later: Option<Link>,
}

#[derive(Serialize)]
struct Tab {
    text: String,
    href: String,
    current: bool,
}

#[derive(Serialize)]
struct Cut {
    text: String,
    href: String,
    /// On the overview only: a piece's page must not change when another piece grows.
    messages: Option<String>,
    current: bool,
}

#[derive(Serialize)]
struct Group {
    label: String,
    /// Where the label leads: the thread's page, or the author's.
    whole: Option<String>,
    thread: Option<String>,
    goes_on: bool,
    /// Made in Rust, not by the template: a page may have thousands of them.
    lines: Safe,
}

pub(super) fn index(view: &IndexView, around: &Around<'_>) -> Index {
    let list = list_name(&view.chrome);
    let to = |list: &ListName, volume: &Volume, kind, cut: Option<&str>| {
        around.links.to(&Route::Index {
            list: list.clone(),
            volume: volume.clone(),
            kind,
            cut: cut.map(str::to_owned),
        })
    };
    let tabs = [
        (IndexKind::Thread, Text::TabThread),
        (IndexKind::Subject, Text::TabSubject),
        (IndexKind::Author, Text::TabAuthor),
        (IndexKind::Date, Text::TabDate),
        (IndexKind::Attachments, Text::TabAttachments),
    ];
    let whole = view.cut.is_none();
    let strings = &around.links.strings;
    let label = strings.volume(&view.volume);
    let cut = view.cut.as_ref().map(|cut| {
        let line = view.cuts.iter().find(|line| line.cut == *cut);
        line.map_or_else(
            || cut.clone(),
            |line| strings.label(&line.label).into_owned(),
        )
    });
    let title = match (&cut, view.kind) {
        (Some(cut), _) => format!("{label}, {cut}"),
        (None, IndexKind::Thread) => label.clone(),
        (None, IndexKind::Attachments) => {
            around.with(Text::AttachmentsOf, &[("volume", Arg::Words(&label))])
        }
        (None, kind) => {
            let kind = Arg::Words(kind.word());
            around.with(
                Text::IndexBy,
                &[("volume", Arg::Words(&label)), ("kind", kind)],
            )
        }
    };
    let most = view.activity.iter().copied().max().unwrap_or(0);
    let activity: Vec<u64> = view.activity.iter().map(|day| u64::from(*day)).collect();
    let neighbour = |volume: &Option<Volume>| {
        let (list, volume) = list.zip(volume.as_ref())?;
        Some(Link {
            text: strings.volume(volume),
            href: around
                .links
                .to(&Route::Volume(list.clone(), volume.clone())),
        })
    };
    let mut page = around.frame("index", &title, &view.chrome);
    // A piece does not tell how many mails the volume has, or each mail would change every piece.
    let mails = strings.mails(view.messages);
    page.description = whole.then(|| around.labelled(&title, &mails));
    Index {
        page,
        kind: view.kind.word(),
        mails,
        activity: (whole && most > 0).then(|| Safe::new(bars(&activity, u64::from(most)))),
        tabs: list.map_or_else(Vec::new, |list| {
            tabs.map(|(kind, text)| Tab {
                text: around.text(text).to_owned(),
                href: to(list, &view.volume, kind, None),
                current: kind == view.kind,
            })
            .into()
        }),
        cuts: list.map_or_else(Vec::new, |list| {
            let cut = |line: &crate::page::CutLine| Cut {
                text: strings.label(&line.label).into_owned(),
                href: to(list, &view.volume, view.kind, Some(&line.cut)),
                messages: whole.then(|| strings.number(line.messages)),
                current: view.cut.as_ref() == Some(&line.cut),
            };
            view.cuts.iter().map(cut).collect()
        }),
        groups: view
            .groups
            .iter()
            .map(|g| group(g, view.kind, list, around))
            .collect(),
        downloads: list.map_or_else(Vec::new, |list| downloads(list, view, around)),
        earlier: neighbour(&view.neighbours.0),
        later: neighbour(&view.neighbours.1),
        cut,
        title: label,
    }
}

fn downloads(list: &ListName, view: &IndexView, around: &Around<'_>) -> Vec<Link> {
    let volume = &view.volume;
    let link = |text: Text, route: Route| Link {
        text: around.text(text).to_owned(),
        href: around.links.to(&route),
    };
    let mut links = Vec::new();
    if view.downloads <= Downloads::Text {
        links.push(link(
            Text::DownloadPlain,
            Route::TextVolume(list.clone(), volume.clone()),
        ));
    }
    if view.downloads == Downloads::Mbox {
        links.push(link(
            Text::DownloadMbox,
            Route::MboxVolume(list.clone(), volume.clone()),
        ));
    }
    links
}

fn group(
    group: &IndexGroup,
    kind: IndexKind,
    list: Option<&ListName>,
    around: &Around<'_>,
) -> Group {
    let words = around.links.strings.label(&group.label);
    let label = clip(&one_line(&words), 200).into_owned();
    // In the thread and subject indexes the heading is the subject, so lines need not repeat it.
    let heading = match kind {
        IndexKind::Thread | IndexKind::Subject => Some(&*words),
        IndexKind::Author | IndexKind::Date | IndexKind::Attachments => None,
    };
    let thread = list
        .zip(group.thread)
        .map(|(list, key)| around.links.to(&Route::Thread(list.clone(), key, 1)));
    Group {
        label: if label.is_empty() {
            around.text(Text::NoSubject).to_owned()
        } else {
            label
        },
        whole: match &group.author {
            Some(author) => Some(around.links.to(author)),
            None => thread.clone(),
        },
        thread,
        goes_on: group.goes_on,
        lines: Safe::new(match kind {
            IndexKind::Attachments => file_items(group, list, around),
            _ => line_items(&lines(&group.lines, heading, list, &around.links), kind),
        }),
    }
}

/// The items of a group: when in the margin, then whom or what the heading does not tell.
pub(super) fn line_items(lines: &[Line<'_>], kind: IndexKind) -> Html {
    let mut html = Html::new();
    for line in lines {
        html.push_literal("<li class=\"d");
        html.push_number(line.depth().into());
        if line.ghost() {
            html.push_literal("\"><span class=\"what ghost\">");
            line.push_level(&mut html);
            html.push_text(line.ghost_words());
            html.push_literal("</span></li>\n");
            continue;
        }
        html.push_literal(if line.mail.elsewhere {
            " elsewhere\""
        } else {
            "\""
        });
        push_id(&mut html, line.id().as_deref());
        html.push_literal(">");
        let date = &line.mail.date;
        let time = match kind {
            IndexKind::Date => Some(when::time(date).into()),
            _ => line.new_day.then(|| line.day()),
        };
        if let Some(time) = time {
            html.push_literal("<time datetime=\"");
            html.push_text(&when::rfc3339(date));
            html.push_literal("\">");
            html.push_text(&time);
            html.push_literal("</time>");
        }
        push_what(&mut html, line, kind);
        html.push_literal("</li>\n");
    }
    html
}

fn push_what(html: &mut Html, line: &Line<'_>, kind: IndexKind) {
    let by_person = matches!(kind, IndexKind::Thread | IndexKind::Subject);
    let untitled = line.subject().is_none();
    let subject = line.subject_or_words();
    let (words, more) = match kind {
        IndexKind::Thread | IndexKind::Subject => (line.who(), line.new_subject.then_some(subject)),
        IndexKind::Author => (subject, None),
        IndexKind::Date | IndexKind::Attachments => (subject, Some(line.who())),
    };
    html.push_literal("<span class=\"what\">");
    if kind == IndexKind::Thread {
        line.push_level(html);
    }
    html.push_literal("<a");
    push_id(html, line.padded_id().as_deref());
    html.push_literal(" href=\"");
    html.push_text(line.href.as_deref().unwrap_or_default());
    html.push_literal(if untitled && !by_person {
        "\" class=\"untitled\"><bdi>"
    } else {
        "\"><bdi>"
    });
    html.push_text(&words);
    html.push_literal("</bdi></a>");
    if let Some(more) = more {
        html.push_literal(" <span class=\"who\"><bdi>");
        html.push_text(&more);
        html.push_literal("</bdi></span>");
    }
    let files = line.mail.attachments;
    if files > 0 {
        html.push_literal(" <span class=\"files\">");
        line.push_files(html);
        html.push_literal("</span>");
    }
    html.push_literal("</span>");
}

fn push_id(html: &mut Html, id: Option<&str>) {
    if let Some(id) = id {
        html.push_literal(" id=\"");
        html.push_text(id);
        html.push_literal("\"");
    }
}
