//! Text of strangers made harmless to the eye: what escaping does not do.

use std::borrow::Cow;

/// Characters that reorder what stands after them (Unicode bidi embeddings, overrides and isolates,
/// UAX 9): in a subject or a name they would reach into the page around it.
fn reorders(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// C0, DEL and C1 controls, and line and paragraph separators.
fn controls(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// A subject or a name on one line: reordering characters are left out, control characters become
/// blanks, blanks at the ends go.
pub(super) fn one_line(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    // Nearly all text is plain, and bytes are looked at many at a time.
    if is_plain(text) || !text.contains(|c| controls(c) || reorders(c)) {
        return Cow::Borrowed(text);
    }
    let clean: String = text
        .chars()
        .filter(|c| !reorders(*c))
        .map(|c| if controls(c) { ' ' } else { c })
        .collect();
    Cow::Owned(clean.trim().to_owned())
}

/// [`one_line`] and [`clip`].
pub(super) fn one_line_clipped(text: &str, most: usize) -> Cow<'_, str> {
    match one_line(text) {
        Cow::Borrowed(text) => clip(text, most),
        Cow::Owned(text) => Cow::Owned(clip(&text, most).into_owned()),
    }
}

/// Only characters of ASCII that can be seen, and blanks.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|b| matches!(b, b' '..=b'~'))
}

/// At most so many characters, an ellipsis included when something was cut.
pub(super) fn clip(text: &str, most: usize) -> Cow<'_, str> {
    // Bytes are never fewer than characters: short text is settled without counting.
    if text.len() <= most || text.chars().nth(most).is_none() {
        return Cow::Borrowed(text);
    }
    let mut clipped: String = text.chars().take(most.saturating_sub(1)).collect();
    clipped.truncate(clipped.trim_end().len());
    clipped.push('…');
    Cow::Owned(clipped)
}

/// A line of a body: control characters other than the tab are shown as their pictures (U+2400
/// block), so that nothing is hidden and nothing acts.
pub(super) fn body_line(line: &str) -> Cow<'_, str> {
    let line = line.trim_end_matches(['\r', '\n']);
    let plain = |b: u8| matches!(b, b' '..=b'~' | b'\t');
    if line.bytes().all(plain) || !line.contains(|c: char| c != '\t' && controls(c)) {
        return Cow::Borrowed(line);
    }
    Cow::Owned(line.chars().map(picture).collect())
}

/// A line of code: as [`body_line`], and reordering characters become visible marks, because code
/// that reads otherwise than it runs is an attack.
pub(super) fn code_line(line: &str) -> Cow<'_, str> {
    let line = body_line(line);
    if line.is_ascii() || !line.contains(reorders) {
        return line;
    }
    Cow::Owned(
        line.chars()
            .map(|c| if reorders(c) { '\u{FFFD}' } else { c })
            .collect(),
    )
}

fn picture(c: char) -> char {
    match c {
        '\t' => c,
        '\0'..='\u{1F}' => char::from_u32(0x2400 + c as u32).unwrap_or('\u{FFFD}'),
        '\u{7F}' => '\u{2421}',
        c if controls(c) => '\u{FFFD}',
        c => c,
    }
}

/// Characters that XML 1.0 cannot hold are left out.
pub(super) fn xml_text(text: &str) -> Cow<'_, str> {
    let allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..);
    if text.chars().all(allowed) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter(|c| allowed(*c)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_is_one_line() {
        let table = [
            ("plain", "plain"),
            ("  a\tb\r\n c ", "a b   c"),
            ("invoice \u{202E}fdp.exe", "invoice fdp.exe"),
            ("\u{2066}x\u{2069}\0", "x"),
            ("\u{2028}", ""),
        ];
        for (text, clean) in table {
            assert_eq!(one_line(text), clean, "{text:?}");
        }
    }

    #[test]
    fn clip_counts_characters() {
        assert_eq!(clip("žluťoučký", 9), "žluťoučký");
        assert_eq!(clip("žluťoučký kůň", 10), "žluťoučký…");
        assert_eq!(clip("", 0), "");
    }

    #[test]
    fn controls_are_seen() {
        assert_eq!(body_line("a\u{1b}[31m\tb\r"), "a␛[31m\tb");
        assert_eq!(code_line("if \u{202E}x"), "if \u{FFFD}x");
        assert_eq!(xml_text("a\u{c}\u{fffe}b"), "ab");
    }
}
