//! A list's files: which volumes have some, and the lines of one volume's.

use super::Around;
use super::lists::short_label;
use crate::page::clean::clip;
use crate::page::files::size_words;
use crate::page::frame::{Frame, Link};
use crate::page::line::{Line, NO_SUBJECT};
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
            text: short_label(&volume.label(), year_of(volume)),
            href: around.links.to(&route),
        })
    };
    let years = view.volumes.chunk_by(|a, b| year_of(a) == year_of(b));
    Attachments {
        page: around.frame("attachments", "Attachments", &view.chrome),
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
            html.push_text(&size_words(file.size));
            html.push_literal("</span><br>");
        }
        if files.more > 0 {
            html.push_literal("<span class=\"who\">and ");
            html.push_text(&super::lists::number(files.more));
            html.push_literal(" more</span><br>");
        }
        html.push_literal("<span class=\"with\">in <a href=\"");
        html.push_text(line.href.as_deref().unwrap_or_default());
        html.push_literal("\"><bdi>");
        html.push_text(&line.subject().unwrap_or(NO_SUBJECT.into()));
        html.push_literal("</bdi></a> by <bdi>");
        html.push_text(&line.who());
        html.push_literal("</bdi></span></span></li>\n");
    }
    html
}
