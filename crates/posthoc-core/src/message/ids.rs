//! Message-IDs as they are met, in `Message-ID`, `References` and `In-Reply-To`.

use super::MessageId;
use crate::text::{header_text, unfold};

/// Longest id kept, in bytes; what is longer is cut, in every field alike.
const ID_BYTES: usize = 1_000;

/// Reads a `Message-ID` field. The flag tells that it breaks RFC 5322. `None` when nothing is there.
pub(super) fn message_id(raw: &[u8]) -> Option<(MessageId, bool)> {
    let folded = memchr::memchr(b'\n', raw.trim_ascii()).is_some();
    let (text, decoded) = plain(raw);
    let (id, clean) = match bracketed(&text).next() {
        Some(found) => {
            let id = tidy(found.inside)?;
            let exact = found.closed && found.before.trim().is_empty() && found.inside == id.0;
            let alone = text.trim().len() == found.inside.len() + 2;
            (id, exact && alone)
        }
        None => (unbracketed(&text)?, false),
    };
    let well_made = id.0.matches('@').count() == 1 && id.0.is_ascii() && id.0.len() < ID_BYTES;
    Some((id, !(clean && well_made) || decoded || folded))
}

/// Reads `References`: bracketed ids, or words with an `@` when there are no brackets at all. The
/// newest `most`, oldest first.
pub(super) fn references(raw: &[u8], most: usize) -> Vec<MessageId> {
    let (text, _) = plain(raw);
    let mut ids: Vec<MessageId> = bracketed(&text).filter_map(|f| tidy(f.inside)).collect();
    if ids.is_empty() {
        let words = text.split(|c: char| c.is_whitespace() || c == ',');
        ids = words.filter(|w| w.contains('@')).filter_map(tidy).collect();
    }
    let surplus = ids.len().saturating_sub(most);
    ids.drain(..surplus);
    ids
}

/// Reads `In-Reply-To`: bracketed ids only, without the addresses that some mailers put there
/// (`Message from Joe <joe@example.org> of "…" <id@host>`). At most `most`.
pub(super) fn in_reply_to(raw: &[u8], most: usize) -> Vec<MessageId> {
    let (text, _) = plain(raw);
    bracketed(&text)
        .filter(|found| {
            let mut words = found.before.split(|c: char| !c.is_alphanumeric());
            !words.any(|w| {
                ["from", "de", "von"]
                    .iter()
                    .any(|f| w.eq_ignore_ascii_case(f))
            })
        })
        .filter_map(|found| tidy(found.inside))
        .take(most)
        .collect()
}

/// The field's text on one line, and whether it held encoded words.
fn plain(raw: &[u8]) -> (String, bool) {
    let encoded = memchr::memmem::find(raw, b"=?")
        .is_some_and(|at| memchr::memmem::find(&raw[at..], b"?=").is_some());
    if encoded {
        let decoded = header_text(raw, None).text;
        if decoded.contains(['<', '@']) {
            return (decoded, true);
        }
    }
    (String::from_utf8_lossy(&unfold(raw)).into_owned(), false)
}

struct Found<'a> {
    /// Text between the id before and this one.
    before: &'a str,
    inside: &'a str,
    closed: bool,
}

/// Pieces in angle brackets; one that lacks its `>` ends at the next `<` or at the end.
fn bracketed(text: &str) -> impl Iterator<Item = Found<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let open = memchr::memchr(b'<', rest.as_bytes())?;
        let before = &rest[..open];
        let inner = rest[open..].trim_start_matches('<');
        let end = memchr::memchr2(b'<', b'>', inner.as_bytes()).unwrap_or(inner.len());
        let inside = &inner[..end];
        let closed = inner[end..].starts_with('>');
        rest = inner[end..].trim_start_matches('>');
        Some(Found {
            before,
            inside,
            closed,
        })
    })
}

/// An id without brackets: outside comments, the first word with an `@`, else all words joined.
fn unbracketed(text: &str) -> Option<MessageId> {
    let text = text.split('(').next().unwrap_or_default();
    let word = text
        .split_whitespace()
        .find(|w| w.contains('@'))
        .unwrap_or(text);
    tidy(word)
}

/// Takes blanks, control characters and stray brackets out: folding puts blanks into ids, in one
/// field and not in the other.
fn tidy(id: &str) -> Option<MessageId> {
    let mut id: String = id
        .chars()
        .filter(|c| !c.is_whitespace() && !c.is_control() && !matches!(c, '<' | '>'))
        .take(ID_BYTES)
        .collect();
    while id.len() > ID_BYTES {
        id.pop();
    }
    (!id.is_empty()).then_some(MessageId(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(ids: Vec<MessageId>) -> Vec<String> {
        ids.into_iter().map(|i| i.0).collect()
    }

    #[test]
    fn message_ids_of_the_wild() {
        let check = |raw: &str, id: &str, bad: bool| {
            assert_eq!(
                message_id(raw.as_bytes()),
                Some((MessageId(id.to_owned()), bad)),
                "{raw}"
            );
        };
        check(" <a.b@example.org>", "a.b@example.org", false);
        check("<a@example.org> ", "a@example.org", false);
        check("\n <a@example.org>", "a@example.org", false);
        check("<a\n b@example.org>", "ab@example.org", true);
        check("<a b@example.org>", "ab@example.org", true);
        check("<<a@example.org>>", "a@example.org", true);
        check("<a@example.org> junk", "a@example.org", true);
        check(
            "<a@example.org> (added by relay@example.org)",
            "a@example.org",
            true,
        );
        check("a@example.org", "a@example.org", true);
        check("a@example.org (comment)", "a@example.org", true);
        check("<nothing>", "nothing", true);
        check("no brackets", "nobrackets", true);
        check("<a@example.org", "a@example.org", true);
        check("=?utf-8?Q?=3Ca=40example.org=3E?=", "a@example.org", true);
        check("<a@b@example.org>", "a@b@example.org", true);
        assert_eq!(message_id(b" "), None);
        assert_eq!(message_id(b"<>"), None);
    }

    #[test]
    fn references_of_the_wild() {
        let check = |raw: &str, expected: &[&str]| {
            assert_eq!(texts(references(raw.as_bytes(), 3)), expected, "{raw}")
        };
        check("<a@x> <b@x>\n\t<c@x>", &["a@x", "b@x", "c@x"]);
        check("<a@x><b@x>,<c@x> <d@x>", &["b@x", "c@x", "d@x"]);
        check("<a@x <b@x>", &["a@x", "b@x"]);
        check("<a\n b@x> text <b@x", &["ab@x", "b@x"]);
        check("a@x b@x, c", &["a@x", "b@x"]);
        check("", &[]);
    }

    #[test]
    fn in_reply_to_of_the_wild() {
        let check = |raw: &str, expected: &[&str]| {
            assert_eq!(texts(in_reply_to(raw.as_bytes(), 9)), expected, "{raw}")
        };
        check("<a@x>", &["a@x"]);
        check("Your message of \"Mon, 8 Mar 2004\" <a@x>", &["a@x"]);
        check(
            "Message from Joe <joe@example.org> of \"Mon\" <a@x>",
            &["a@x"],
        );
        check("Message from Joe <joe@example.org>", &[]);
        check("joe@example.org's message", &[]);
        check("<a@x> (Joe's message of Monday)", &["a@x"]);
        check("<a@x> <b@x>", &["a@x", "b@x"]);
    }
}
