//! A mail's blocks as HTML.

use super::BodyView;
use super::clean::{body_line, clip, code_line, one_line};
use super::files::{is_shown_image, size_words};
use super::html_mail::push_html_mail;
use super::links::Links;
use super::prose::{push_fixed, push_linked};
use crate::message::{Attachment, Block, QuotedLine};
use crate::route::Route;
use crate::text::Html;
use minijinja::Value;
use std::sync::{Arc, OnceLock};

/// Levels of quotes that are drawn; deeper ones stand at the last.
const DEEPEST_QUOTE: u8 = 8;

/// Attachments that are shown as pictures; later ones are links.
const MOST_PICTURES: usize = 64;

/// A mail's content as HTML, made once for all pages that show it with the same links.
#[derive(Clone, Debug, Default)]
pub struct Shown(Arc<OnceLock<(String, Value)>>);

/// The whole content as markup for a template: what an earlier page made of it, if its links were
/// the same. They are when the link to the first file is: a mail's files stand in one folder.
pub(super) fn body_html(view: &BodyView, links: &Links) -> Value {
    let make = || Value::from_safe_string(all_blocks(view, links).into_string());
    let first_link = view.files.first().map(|route| links.to(route));
    let first_link = first_link.unwrap_or_default();
    match view.shown.0.get() {
        Some((made_with, html)) if *made_with == first_link => html.clone(),
        Some(_) => make(),
        None => view.shown.0.get_or_init(|| (first_link, make())).1.clone(),
    }
}

/// Blocks, then the attachments that no block showed.
fn all_blocks(view: &BodyView, links: &Links) -> Html {
    let mut html = Html::new();
    let mut placed = vec![false; view.body.attachments.len()];
    for block in &view.body.blocks {
        match block {
            Block::Flowed(paragraphs) => push_flowed(&mut html, paragraphs),
            Block::Fixed(lines) => push_fixed(&mut html, lines.iter().map(String::as_str)),
            Block::Quote(lines) => push_quote(&mut html, lines),
            Block::Signature(lines) => push_signature(&mut html, lines),
            Block::Patch(lines) => push_patch(&mut html, lines),
            Block::Html(source) => push_html_mail(&mut html, source, view, links),
            Block::Attachment(n) => {
                if let Some(placed) = placed.get_mut(*n) {
                    *placed = true;
                    push_file(&mut html, view, *n, links);
                }
            }
            Block::Forwarded {
                subject,
                author,
                date,
            } => push_forwarded(&mut html, subject, author, date),
            Block::Note(words) => {
                html.push_literal("<p class=\"note\">");
                html.push_text(&one_line(words));
                html.push_literal("</p>\n");
            }
        }
    }
    for n in (0..placed.len()).filter(|n| !placed[*n]) {
        push_file(&mut html, view, n, links);
    }
    html
}

fn push_flowed(html: &mut Html, paragraphs: &[String]) {
    for paragraph in paragraphs.iter().filter(|text| !text.trim().is_empty()) {
        html.push_literal("<p class=\"flow\">");
        push_linked(html, body_line(paragraph).trim_end());
        html.push_literal("</p>\n");
    }
}

/// Quotes are nested by depth; three colours follow each other.
fn push_quote(html: &mut Html, lines: &[QuotedLine]) {
    const OPEN: [&str; 3] = [
        "<blockquote class=\"q1\">",
        "<blockquote class=\"q2\">",
        "<blockquote class=\"q3\">",
    ];
    let mut open = 0;
    for run in lines.chunk_by(|a, b| shown_depth(a) == shown_depth(b)) {
        let depth = shown_depth(&run[0]);
        while open > depth {
            html.push_literal("</blockquote>\n");
            open -= 1;
        }
        while open < depth {
            html.push_literal(OPEN[usize::from(open) % 3]);
            html.push_literal("\n");
            open += 1;
        }
        push_fixed(html, run.iter().map(|line| line.text.as_str()));
    }
    for _ in 0..open {
        html.push_literal("</blockquote>\n");
    }
}

fn shown_depth(line: &QuotedLine) -> u8 {
    line.depth.clamp(1, DEEPEST_QUOTE)
}

fn push_signature(html: &mut Html, lines: &[String]) {
    html.push_literal("<div class=\"signature\">-- ");
    for line in lines {
        html.push_literal("\n");
        push_linked(html, body_line(line).trim_end());
    }
    html.push_literal("</div>\n");
}

fn push_patch(html: &mut Html, lines: &[String]) {
    html.push_literal("<pre class=\"patch\"><code>");
    for line in lines {
        let class = patch_class(line);
        if let Some(open) = class {
            html.push_literal(open);
        }
        html.push_text(&code_line(line));
        html.push_literal("\n");
        if class.is_some() {
            html.push_literal("</span>");
        }
    }
    html.push_literal("</code></pre>\n");
}

fn patch_class(line: &str) -> Option<&'static str> {
    const FILE: [&str; 8] = [
        "diff ",
        "--- ",
        "+++ ",
        "index ",
        "Index: ",
        "new file ",
        "deleted file ",
        "rename ",
    ];
    if FILE.iter().any(|start| line.starts_with(start)) {
        return Some("<span class=\"file-line\">");
    }
    match line.as_bytes().first()? {
        b'+' => Some("<span class=\"added\">"),
        b'-' => Some("<span class=\"removed\">"),
        b'@' => Some("<span class=\"hunk\">"),
        _ => None,
    }
}

fn push_forwarded(html: &mut Html, subject: &str, author: &str, date: &str) {
    html.push_literal("<div class=\"forwarded\"><p class=\"label\">Forwarded mail</p>");
    for (class, text) in [
        ("<p class=\"subject\"><bdi>", subject),
        ("<p><bdi>", author),
        ("<p><bdi>", date),
    ] {
        let text = one_line(text);
        if !text.is_empty() {
            html.push_literal(class);
            html.push_text(&text);
            html.push_literal("</bdi></p>");
        }
    }
    html.push_literal("</div>\n");
}

fn push_file(html: &mut Html, view: &BodyView, n: usize, links: &Links) {
    let Some(attachment) = view.body.attachments.get(n) else {
        return;
    };
    let name = file_words(attachment);
    html.push_literal("<figure class=\"file\"><figcaption>");
    match view.files.get(n) {
        None => html.push_text(&name),
        Some(route) => {
            html.push_literal("<a href=\"");
            html.push_text(&links.to(route));
            html.push_literal("\" download=\"");
            html.push_text(&name.replace(['/', '\\'], "_"));
            html.push_literal("\"><bdi>");
            html.push_text(&name);
            html.push_literal("</bdi></a>");
        }
    }
    html.push_literal(" <span>");
    html.push_text(&clip(&one_line(&attachment.media_type), 80));
    html.push_literal(" · ");
    html.push_text(&size_words(attachment.bytes.len() as u64));
    html.push_literal("</span></figcaption>");
    let shown = |route: &&Route| {
        n < MOST_PICTURES && is_image_route(route) && !stands_in_html(view, attachment)
    };
    if let Some(route) = view.files.get(n).filter(shown) {
        html.push_literal("<img src=\"");
        html.push_text(&links.to(route));
        html.push_literal("\" alt=\"");
        html.push_text(&name);
        html.push_literal("\" loading=\"lazy\">");
    }
    html.push_literal("</figure>\n");
}

/// Whether an HTML part shows the picture already.
fn stands_in_html(view: &BodyView, attachment: &Attachment) -> bool {
    let Some(id) = attachment.content_id.as_ref().filter(|id| !id.is_empty()) else {
        return false;
    };
    let link = format!("cid:{id}");
    view.body
        .blocks
        .iter()
        .any(|block| matches!(block, Block::Html(source) if source.contains(&link)))
}

/// A file's name as shown and offered for saving.
fn file_words(attachment: &Attachment) -> String {
    let name = clip(&one_line(&attachment.name), 120).into_owned();
    if name.is_empty() {
        "attachment".to_owned()
    } else {
        name
    }
}

/// Inert names keep an image's extension only when its bytes are such an image.
pub(super) fn is_image_route(route: &Route) -> bool {
    matches!(route, Route::Attachment(_, _, name) if is_shown_image(name))
}
