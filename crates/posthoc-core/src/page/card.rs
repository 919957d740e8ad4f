//! What a part says that programs wrote for programs, as a small table.

use super::clean::one_line;
use super::linker::Linker;
use super::strings::Strings;
use crate::message::Card;
use crate::text::Html;

/// Appends a card.
pub(super) fn push_card(html: &mut Html, card: &Card, linker: &Linker<'_>, strings: &Strings) {
    html.push_literal("<section class=\"card\"><p class=\"label\">");
    html.push_text(strings.of_card(card.label));
    html.push_literal("</p>");
    let title = one_line(&card.title);
    if !title.is_empty() {
        html.push_literal("<h3><bdi>");
        html.push_text(&title);
        html.push_literal("</bdi></h3>");
    }
    html.push_literal("<dl>");
    for (name, value) in &card.rows {
        html.push_literal("<div><dt>");
        html.push_text(strings.of_card(name));
        html.push_literal("</dt><dd>");
        linker.push(html, &one_line(value));
        html.push_literal("</dd></div>");
    }
    html.push_literal("</dl></section>\n");
}
