//! The one place where HTML is made out of text.

use super::push_padded;
use std::fmt;

/// Escaped text or trusted markup. Only this file can construct one, so an unescaped byte of a
/// mail cannot reach a page by accident: text enters through [`Html::text`], sanitised mail through
/// [`Html::sanitised`], and our own literals through [`Html::literal`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Html(String);

impl Html {
    /// Nothing.
    pub const fn new() -> Self {
        Html(String::new())
    }

    /// Escapes `&`, `<`, `>`, `"` and `'`, so the result is safe as element content and inside a
    /// quoted attribute.
    pub fn text(text: &str) -> Self {
        let mut html = Html(String::with_capacity(text.len() + text.len() / 16));
        html.push_text(text);
        html
    }

    /// Markup written in this program's source. The lifetime keeps data from outside away.
    pub fn literal(markup: &'static str) -> Self {
        Html(markup.to_owned())
    }

    /// Takes what the sanitiser let through; its type proves that it went through one. It says of every `a`
    /// how it is related to where it leads, also where it leads nowhere; there that is taken out.
    pub fn sanitised(document: ammonia::Document) -> Self {
        const RELATION: &str = " rel=\"nofollow noopener noreferrer\"";
        let document = document.to_string();
        let mut out = String::with_capacity(document.len());
        let mut rest = document.as_str();
        while let Some((before, link)) = rest.split_once("<a") {
            // In what was sanitised every `>` ends a tag.
            let (tag, after) = link.split_once('>').unwrap_or((link, ""));
            out.push_str(before);
            out.push_str("<a");
            match tag.contains(" href=\"") {
                true => out.push_str(tag),
                false => out.push_str(&tag.replace(RELATION, "")),
            }
            out.push('>');
            rest = after;
        }
        out.push_str(rest);
        Html(out)
    }

    /// Appends escaped text.
    pub fn push_text(&mut self, text: &str) {
        // Writing to memory does not fail.
        let _ = Html::escape(text, |piece| {
            self.0.push_str(piece);
            Ok::<(), std::convert::Infallible>(())
        });
    }

    /// Hands out escaped text piece by piece.
    ///
    /// # Errors
    /// What `write` answers; nothing is handed out after that.
    pub fn escape<E>(text: &str, mut write: impl FnMut(&str) -> Result<(), E>) -> Result<(), E> {
        let mut rest = text;
        while let Some(at) = first_to_escape(rest.as_bytes()) {
            let (plain, tail) = rest.split_at(at);
            write(plain)?;
            write(match tail.as_bytes()[0] {
                b'&' => "&amp;",
                b'<' => "&lt;",
                b'>' => "&gt;",
                b'"' => "&quot;",
                _ => "&#39;",
            })?;
            rest = &tail[1..];
        }
        write(rest)
    }

    /// Appends a number.
    pub fn push_number(&mut self, number: u64) {
        push_padded(&mut self.0, number, 1);
    }

    /// Appends markup written in this program's source.
    pub fn push_literal(&mut self, markup: &'static str) {
        self.0.push_str(markup);
    }

    /// Appends another piece.
    pub fn push(&mut self, other: &Html) {
        self.0.push_str(&other.0);
    }

    /// The markup.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The markup, owned.
    pub fn into_string(self) -> String {
        self.0
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Where the first byte stands that may not stay as it is. Pieces are looked at as a whole first,
/// which the compiler does many bytes at a time.
fn first_to_escape(text: &[u8]) -> Option<usize> {
    const PIECE: usize = 32;
    let escaped = |byte: &u8| matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\'');
    let mut at = 0;
    for piece in text.chunks(PIECE) {
        if piece.iter().fold(false, |any, byte| any | escaped(byte)) {
            return piece.iter().position(escaped).map(|within| at + within);
        }
        at += piece.len();
    }
    None
}

impl fmt::Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
