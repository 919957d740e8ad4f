//! Lines of iCalendar (RFC 5545) and vCard (RFC 6350): `NAME;PARAMETER=value:value`.

use std::borrow::Cow;

/// Lines looked at in one part.
const MOST_LINES: usize = 10_000;
/// Parameters looked at in one line.
const MOST_PARAMETERS: usize = 20;

/// One line, its folds undone.
pub(super) struct ContentLine {
    /// Upper case, without the group before a dot.
    pub(super) name: String,
    /// Names in upper case.
    parameters: Vec<(String, String)>,
    /// As written: see [`ContentLine::text`].
    pub(super) value: String,
}

impl ContentLine {
    /// A parameter's value.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Whether a parameter has that value, in whatever case.
    pub(super) fn says(&self, name: &str, value: &str) -> bool {
        self.parameter(name)
            .is_some_and(|said| said.eq_ignore_ascii_case(value))
    }

    /// The value with its escapes undone: `\n`, `\,`, `\;`, `\\`.
    pub(super) fn text(&self) -> Cow<'_, str> {
        unescaped(&self.value)
    }
}

/// Undoes escapes.
pub(super) fn unescaped(value: &str) -> Cow<'_, str> {
    if !value.contains('\\') {
        return Cow::Borrowed(value);
    }
    let mut out = String::with_capacity(value.len());
    let mut characters = value.chars();
    while let Some(c) = characters.next() {
        match c {
            '\\' => match characters.next() {
                Some('n' | 'N') => out.push('\n'),
                Some(escaped) => out.push(escaped),
                None => {}
            },
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Reads a value's pieces between a separator that is not escaped; each with its escapes undone.
pub(super) fn pieces(value: &str, separator: char) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut from = 0;
    let mut escaped = false;
    for (at, c) in value.char_indices() {
        if c == separator && !escaped {
            pieces.push(unescaped(&value[from..at]).into_owned());
            from = at + c.len_utf8();
        }
        escaped = c == '\\' && !escaped;
    }
    pieces.push(unescaped(&value[from..]).into_owned());
    pieces
}

/// All lines that can be read. A line that begins with a blank goes on with the one before it; one
/// in quoted-printable (vCard 2.1) goes on after a `=` at its end.
pub(super) fn content_lines(text: &str) -> Vec<ContentLine> {
    let mut unfolded: Vec<String> = Vec::new();
    for line in text.lines().take(MOST_LINES) {
        let soft = unfolded.last().is_some_and(|last| is_soft(last));
        match (line.strip_prefix([' ', '\t']), unfolded.last_mut()) {
            (Some(rest), Some(last)) if !soft => last.push_str(rest),
            (_, Some(last)) if soft => {
                last.pop();
                last.push_str(line.trim_start());
            }
            _ => unfolded.push(line.to_owned()),
        }
    }
    unfolded
        .iter()
        .filter_map(|line| content_line(line))
        .collect()
}

fn is_soft(line: &str) -> bool {
    line.ends_with('=')
        && line
            .split_once(':')
            .is_some_and(|(head, _)| head.to_ascii_uppercase().contains("QUOTED-PRINTABLE"))
}

fn content_line(line: &str) -> Option<ContentLine> {
    let mut quoted = false;
    let colon = line.char_indices().find(|(_, c)| {
        quoted ^= *c == '"';
        *c == ':' && !quoted
    })?;
    let (head, value) = (&line[..colon.0], &line[colon.0 + 1..]);
    let mut words = outside_quotes(head);
    let name = words.next()?.rsplit('.').next()?.trim();
    if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
        return None;
    }
    let parameters: Vec<(String, String)> = words
        .take(MOST_PARAMETERS)
        .map(|word| match word.split_once('=') {
            Some((name, value)) => (
                name.trim().to_ascii_uppercase(),
                value.trim().trim_matches('"').to_owned(),
            ),
            // vCard 2.1 names encodings alone.
            None => ("ENCODING".to_owned(), word.trim().to_owned()),
        })
        .collect();
    let mut line = ContentLine {
        name: name.to_ascii_uppercase(),
        parameters,
        value: value.trim_end().to_owned(),
    };
    if line.says("ENCODING", "QUOTED-PRINTABLE") {
        let (bytes, _) = crate::text::quoted_printable(line.value.as_bytes());
        line.value = crate::text::decode(&bytes, line.parameter("CHARSET"), None).shown();
    }
    Some(line)
}

/// Pieces between semicolons that stand in no quotes.
fn outside_quotes(head: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    head.split(move |c| {
        quoted ^= c == '"';
        c == ';' && !quoted
    })
}
