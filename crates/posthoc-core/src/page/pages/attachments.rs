//! A list's files: which volumes have some, and the lines of one volume's.

use super::Around;
use crate::page::clean::clip;
use crate::page::files::size_words;
use crate::page::frame::{Frame, Link};
use crate::page::line::Line;
use crate::page::strings::{Arg, Strings, Text};
use crate::page::when;
use crate::page::{AttachmentsView, IndexGroup};
use crate::route::{IndexKind, ListName, Route};
use crate::text::Html;
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Attachments {
    page: Frame,
    years: Vec<Year>,
}

#[derive(Serialize)]
struct Year {
    year: u32,
    volumes: Vec<Link>,
}

pub(super) fn attachments(view: &AttachmentsView, around: &Around<'_>) -> Attachments {
    let list = super::list_name(&view.chrome);
    let year_of = |volume: &crate::route::Volume| volume.start() / 10_000;
    let link = |volume: &crate::route::Volume| {
        let route = Route::Index {
            list: list?.clone(),
            volume: volume.clone(),
            kind: IndexKind::Attachments,
            cut: None,
        };
        Some(Link {
            text: around.links.strings.volume_in_year(volume),
            href: around.links.to(&route),
        })
    };
    let years = view.volumes.chunk_by(|a, b| year_of(a) == year_of(b));
    Attachments {
        page: around.frame("attachments", around.text(Text::Attachments), &view.chrome),
        years: years
            .map(|volumes| Year {
                year: year_of(&volumes[0]),
                volumes: volumes.iter().rev().filter_map(link).collect(),
            })
            .collect(),
    }
}

/// The items of a day: each mail's files under each other, then whose they are.
pub(super) fn file_items(group: &IndexGroup, list: Option<&ListName>, around: &Around<'_>) -> Html {
    let mut html = Html::new();
    let strings = &*around.links.strings;
    for (mail, files) in group.lines.iter().zip(&group.files) {
        let line = Line::new(mail, list, &around.links);
        html.push_literal("<li><time datetime=\"");
        html.push_text(&when::rfc3339(&mail.date));
        html.push_literal("\">");
        html.push_text(&when::time(&mail.date));
        html.push_literal("</time><span class=\"what\">");
        for file in &files.files {
            html.push_literal("<a href=\"");
            html.push_text(&around.links.to(&file.route));
            html.push_literal("\" download=\"");
            html.push_text(&file.name.replace(['/', '\\'], "_"));
            html.push_literal("\"><bdi>");
            html.push_text(&file.name);
            html.push_literal("</bdi></a> <span class=\"who\">");
            html.push_text(&clip(&file.media_type, 80));
            html.push_literal(" · ");
            html.push_text(&size_words(file.size, strings));
            html.push_literal("</span><br>");
        }
        if files.more > 0 {
            html.push_literal("<span class=\"who\">");
            let more = [("count", Arg::Count(files.more))];
            strings.push_html(&mut html, Text::FilesMore, &more);
            html.push_literal("</span><br>");
        }
        html.push_literal("<span class=\"with\">");
        push_origin(&mut html, &line, strings);
        html.push_literal("</span></span></li>\n");
    }
    html
}

/// In which mail files are, and whose it is.
fn push_origin(html: &mut Html, line: &Line<'_>, strings: &Strings) {
    let mut mail = Html::literal("<a href=\"");
    mail.push_text(line.href.as_deref().unwrap_or_default());
    mail.push_literal("\"><bdi>");
    mail.push_text(&line.subject_or_words());
    mail.push_literal("</bdi></a>");
    let mut author = Html::literal("<bdi>");
    author.push_text(&line.who());
    author.push_literal("</bdi>");
    let args = [
        ("mail", Arg::Markup(&mail)),
        ("author", Arg::Markup(&author)),
    ];
    strings.push_html(html, Text::FileOrigin, &args);
}
