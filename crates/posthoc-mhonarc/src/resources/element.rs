//! The elements of a resource file: where they begin, what stands in them.

/// An element as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Element {
    /// The line that opens it, from 1 on.
    pub(super) line: usize,
    /// Upper case.
    pub(super) name: String,
    /// `chop`: the last line end is not part of the content.
    pub(super) chop: bool,
    /// `override`: in place of what was set before, not beside it.
    pub(super) replaces: bool,
    /// The lines between the tags, with their ends.
    pub(super) content: Vec<u8>,
}

/// The name that a line's tag opens, upper case, and what stands behind the name in the tag.
fn opening(line: &[u8]) -> Option<(String, String)> {
    let inner = line.trim_ascii_start().strip_prefix(b"<")?;
    let inner = &inner[..memchr::memchr(b'>', inner)?];
    let name_end = inner
        .iter()
        .position(|byte| !(byte.is_ascii_alphanumeric() || *byte == b'_'))
        .unwrap_or(inner.len());
    let (name, rest) = inner.split_at(name_end);
    let separate = rest.is_empty() || rest[0].is_ascii_whitespace();
    (!name.is_empty() && separate).then(|| {
        (
            String::from_utf8_lossy(name).to_ascii_uppercase(),
            String::from_utf8_lossy(rest).to_ascii_lowercase(),
        )
    })
}

/// Whether a line is the end tag of a name.
fn closes(line: &[u8], name: &str) -> bool {
    let Some(inner) = line.trim_ascii_start().strip_prefix(b"</") else {
        return false;
    };
    inner.len() >= name.len()
        && inner[..name.len()].eq_ignore_ascii_case(name.as_bytes())
        && inner[name.len()..].trim_ascii_start().starts_with(b">")
}

/// Every element that `takes` says something about, in order: `None` is no element, `Some(true)` one with
/// content, `Some(false)` one without. Lines between elements are comments, also where they look like
/// parts of one. An element that is not ended takes the rest of the file.
pub(super) fn elements(file: &[u8], takes: impl Fn(&str) -> Option<bool>) -> Vec<Element> {
    let mut found = Vec::new();
    let mut lines = file.split_inclusive(|byte| *byte == b'\n').zip(1..);
    while let Some((line, number)) = lines.next() {
        let Some((name, attributes)) = opening(line) else {
            continue;
        };
        let Some(has_content) = takes(&name) else {
            continue;
        };
        let has = |word: &str| attributes.split_whitespace().any(|given| given == word);
        let mut element = Element {
            line: number,
            chop: has("chop"),
            replaces: has("override"),
            name,
            content: Vec::new(),
        };
        if has_content {
            for (line, _) in lines.by_ref() {
                if closes(line, &element.name) {
                    break;
                }
                element.content.extend_from_slice(line);
            }
        }
        found.push(element);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(file: &str, expected: &[(&str, &str)]) {
        let known = |name: &str| match name {
            "TITLE" | "LISTEND" => Some(true),
            "SORT" => Some(false),
            _ => None,
        };
        let found = elements(file.as_bytes(), known);
        let found: Vec<(&str, &str)> = found
            .iter()
            .map(|e| (e.name.as_str(), std::str::from_utf8(&e.content).unwrap()))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn elements_are_found_as_the_original_finds_them() {
        check("text\n<Title>\na\n</TITLE>\n", &[("TITLE", "a\n")]);
        check("<!-- x\n<Sort>\n-->\n", &[("SORT", "")]);
        check("<b>\n<Title chop>\n<b>\n</Title >\n", &[("TITLE", "<b>\n")]);
        check("</Title>\n<ListEnd>\nend", &[("LISTEND", "end")]);
        check("<Titles>\nx\n</Titles>\n", &[]);
    }
}
