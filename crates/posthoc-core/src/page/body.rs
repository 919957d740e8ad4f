//! A mail's blocks as HTML.

use super::BodyView;
use super::card::push_card;
use super::clean::{body_line, one_line};
use super::files::{file_words, is_shown_image, size_words, type_words};
use super::html_mail::push_html_mail;
use super::linker::Linker;
use super::links::Links;
use super::patch::{attached_room, is_stat_line, push_attached, push_patch};
use super::picture::shown_size;
use super::prose::{push_fixed, push_flowed};
use super::quote::{Quotes, push_attribution};
use super::quoted::{Quoted, push_origin, quoted_by};
use super::strings::{Strings, Text};
use crate::message::{Attachment, Block, Note, OtherForm};
use crate::route::Route;
use crate::text::Html;
use minijinja::Value;
use std::sync::{Arc, OnceLock};

/// Attachments that are shown as pictures; later ones are links.
const MOST_PICTURES: usize = 64;

/// A mail's content as HTML, made once for all pages that show it with the same links.
#[derive(Clone, Debug, Default)]
pub struct Shown(Arc<OnceLock<(String, Made)>>);

/// A content as HTML, whole where nothing is put into it.
#[derive(Debug)]
struct Made {
    whole: Value,
    /// The pieces that end where it is told who wrote the quote below, and what is told there.
    pieces: Vec<(Html, String)>,
    /// The piece behind them.
    rest: Html,
}

impl Made {
    /// The content with a link to the mail that is quoted wherever it is told and known.
    fn with_origins(&self, quoted: &[Quoted], strings: &Strings) -> Value {
        if self.pieces.is_empty() || quoted.is_empty() {
            return self.whole.clone();
        }
        let alone = self.pieces.len() == 1;
        let mut html = Html::new();
        for (piece, told) in &self.pieces {
            html.push(piece);
            if let Some(origin) = quoted_by(told, quoted, alone) {
                push_origin(&mut html, origin, strings);
            }
        }
        html.push(&self.rest);
        Value::from_safe_string(html.into_string())
    }
}

/// The whole content as markup for a template: what an earlier page made of it, if its links were
/// the same. They are when the links to the first file and to the first mail that it names are: a
/// list's files stand in one folder, and relative links to mails differ by the page's folder only. Its
/// words are when the language is.
/// `quoted`: the mails that it may quote.
pub(super) fn body_html(view: &BodyView, links: &Links, quoted: &[Quoted]) -> Value {
    let make = || all_blocks(view, links);
    let mentioned = view.mentions.first().map(|(_, route)| route);
    let mut first_link = links.strings.language().to_owned();
    for route in view.files.first().into_iter().chain(mentioned) {
        first_link.push(' ');
        first_link.push_str(&links.to(route));
    }
    match view.shown.0.get() {
        Some((made_with, made)) if *made_with == first_link => {
            made.with_origins(quoted, &links.strings)
        }
        Some(_) => make().with_origins(quoted, &links.strings),
        None => {
            let shown = view.shown.0.get_or_init(|| (first_link, make()));
            shown.1.with_origins(quoted, &links.strings)
        }
    }
}

/// Blocks, then the attachments that no block showed.
fn all_blocks(view: &BodyView, links: &Links) -> Made {
    let mut html = Html::new();
    let mut pieces = Vec::new();
    let mut placed = vec![false; view.body.attachments.len()];
    let mut room = attached_room();
    let linker = Linker::new(view, links);
    let strings = &*links.strings;
    let alone = !view.body.blocks.iter().any(is_own);
    let mut quotes = Quotes::new(alone, &linker, strings);
    let mut stat_is_told = false;
    for block in &view.body.blocks {
        match block {
            Block::Flowed(paragraphs) => push_flowed(&mut html, paragraphs, &linker),
            Block::Fixed(lines) => {
                stat_is_told = lines.iter().any(|line| is_stat_line(line));
                push_fixed(&mut html, lines.iter().map(String::as_str), &linker);
            }
            Block::Attribution(lines) => {
                push_attribution(&mut html, lines, &linker);
                pieces.push((std::mem::take(&mut html), lines.join(" ")));
                html.push_literal("</p>\n");
            }
            Block::Quote(lines) => quotes.push(&mut html, lines),
            Block::Original(lines) => quotes.push_original(&mut html, lines),
            Block::Signature(lines) => push_signature(&mut html, lines, &linker),
            Block::Patch(lines) => push_patch(&mut html, lines, stat_is_told, strings),
            Block::Footer(lines) => push_dimmed(&mut html, "footer", lines, &linker),
            Block::Frame(lines) => push_dimmed(&mut html, "frame", lines, &linker),
            Block::Html(source) => push_html_mail(&mut html, source, view, links),
            Block::Attachment(n) => {
                if let Some(placed) = placed.get_mut(*n) {
                    *placed = true;
                    push_file(&mut html, view, *n, links, &mut room);
                }
            }
            Block::Forwarded {
                subject,
                author,
                date,
            } => push_forwarded(&mut html, [subject, author, date], strings),
            Block::Other(Some(form)) => {
                html.push_literal("<details class=\"other\"><summary>");
                html.push_text(strings.get(match form {
                    OtherForm::Text => Text::AsPlain,
                    OtherForm::Html => Text::AsHtml,
                }));
                html.push_literal("</summary>\n");
            }
            Block::Other(None) => html.push_literal("</details>\n"),
            Block::Card(card) => push_card(&mut html, card, &linker, strings),
            Block::Note(note) => {
                html.push_literal("<p class=\"note\">");
                html.push_text(strings.get(match note {
                    Note::CutText => Text::CutPlain,
                    Note::CutHtml => Text::CutHtml,
                }));
                html.push_literal("</p>\n");
            }
        }
    }
    for n in (0..placed.len()).filter(|n| !placed[*n]) {
        push_file(&mut html, view, n, links, &mut room);
    }
    let mut whole = Html::new();
    for (piece, _) in &pieces {
        whole.push(piece);
    }
    let whole = match pieces.is_empty() {
        true => std::mem::take(&mut html),
        false => {
            whole.push(&html);
            whole
        }
    };
    Made {
        whole: Value::from_safe_string(whole.into_string()),
        pieces,
        rest: html,
    }
}

/// Whether a block is what the author wrote.
fn is_own(block: &Block) -> bool {
    match block {
        Block::Fixed(lines) | Block::Flowed(lines) => {
            lines.iter().any(|line| !line.trim().is_empty())
        }
        Block::Patch(_) | Block::Html(_) => true,
        _ => false,
    }
}

fn push_signature(html: &mut Html, lines: &[String], linker: &Linker<'_>) {
    html.push_literal("<div class=\"signature\">-- ");
    for line in lines {
        html.push_literal("\n");
        linker.push(html, body_line(line).trim_end());
    }
    html.push_literal("</div>\n");
}

/// What software put around the text.
fn push_dimmed(html: &mut Html, class: &'static str, lines: &[String], linker: &Linker<'_>) {
    html.push_literal("<div class=\"dim ");
    html.push_literal(class);
    html.push_literal("\">");
    for (n, line) in lines.iter().enumerate() {
        html.push_literal(if n > 0 { "\n" } else { "" });
        linker.push(html, body_line(line).trim_end());
    }
    html.push_literal("</div>\n");
}

fn push_forwarded(html: &mut Html, [subject, author, date]: [&str; 3], strings: &Strings) {
    html.push_literal("<div class=\"forwarded\"><p class=\"label\">");
    html.push_text(strings.get(Text::ForwardedMail));
    html.push_literal("</p>");
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

fn push_file(html: &mut Html, view: &BodyView, n: usize, links: &Links, room: &mut usize) {
    let Some(attachment) = view.body.attachments.get(n) else {
        return;
    };
    let name = file_words(&attachment.name);
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
    html.push_text(&type_words(&attachment.media_type));
    html.push_literal(" · ");
    html.push_text(&size_words(attachment.bytes.len() as u64, &links.strings));
    html.push_literal("</span></figcaption>");
    let shown = |route: &&Route| {
        n < MOST_PICTURES && is_image_route(route) && !stands_in_html(view, attachment)
    };
    let picture = view.files.get(n).filter(shown);
    if let Some((route, (width, height))) = picture.zip(shown_size(&attachment.bytes)) {
        html.push_literal("<img src=\"");
        html.push_text(&links.to(route));
        html.push_literal("\" alt=\"");
        html.push_text(&name);
        html.push_literal("\" width=\"");
        html.push_number(width.into());
        html.push_literal("\" height=\"");
        html.push_number(height.into());
        html.push_literal("\" loading=\"lazy\">");
    }
    push_attached(html, attachment, room, &links.strings);
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

/// Inert names keep an image's extension only when its bytes are such an image.
pub(super) fn is_image_route(route: &Route) -> bool {
    matches!(route, Route::Attachment(_, _, name) if is_shown_image(name))
}
