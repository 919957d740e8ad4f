//! Markup with variables, read once.

use regex::bytes::Regex;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::pattern::of_bytes;

/// Custom variables within custom variables.
const DEPTH: usize = 8;

/// Bytes of one template with its custom variables put in.
const LONGEST: usize = 1 << 20;

/// Markup cut at its variables.
#[derive(Clone, Debug, Default)]
pub(crate) struct Template(pub(crate) Vec<Piece>);

/// A piece of markup.
#[derive(Clone, Debug)]
pub(crate) enum Piece {
    /// As it is.
    Text(Vec<u8>),
    /// `$NAME:30U(argument)$`
    Variable(Variable),
}

/// A variable as written.
#[derive(Clone, Debug, Default)]
pub(crate) struct Variable {
    pub(crate) name: String,
    /// Characters that are shown at most; 0: all.
    pub(crate) clip: usize,
    /// `J`: within a string of JavaScript.
    pub(crate) script: bool,
    /// `U`: within a URL.
    pub(crate) url: bool,
    /// `M`: addresses become links.
    pub(crate) mailto: bool,
    /// Between parentheses.
    pub(crate) argument: String,
}

static FORM: LazyLock<Regex> =
    LazyLock::new(|| of_bytes(r"(?s-u)^([^:(]*)(?::(\d*)([A-Za-z]*))?(?:\((.*)\))?$"));

impl Template {
    /// Reads markup; custom variables are put in.
    pub(crate) fn read(markup: &[u8], custom: &BTreeMap<String, Vec<u8>>) -> Self {
        let mut pieces = Vec::new();
        // What is still to be read, innermost last.
        let mut open: Vec<Vec<u8>> = vec![markup.to_vec()];
        let mut length = 0;
        while let Some(text) = open.pop() {
            let Some(start) = memchr::memchr(b'$', &text) else {
                push_text(&text, &mut pieces);
                continue;
            };
            let Some(end) = memchr::memchr(b'$', &text[start + 1..]).map(|end| start + 1 + end)
            else {
                push_text(&text, &mut pieces);
                continue;
            };
            push_text(&text[..start], &mut pieces);
            let inner = text[start + 1..end].to_vec();
            length += start + 1;
            open.push(text[end + 1..].to_vec());
            if inner.is_empty() {
                push_text(b"$", &mut pieces);
                continue;
            }
            let variable = Variable::read(&inner);
            match custom.get(&variable.name) {
                Some(value) if open.len() < DEPTH && length < LONGEST => open.push(value.clone()),
                Some(_) => {}
                None => pieces.push(Piece::Variable(variable)),
            }
        }
        Template(pieces)
    }
}

fn push_text(text: &[u8], pieces: &mut Vec<Piece>) {
    match pieces.last_mut() {
        _ if text.is_empty() => {}
        Some(Piece::Text(before)) => before.extend_from_slice(text),
        _ => pieces.push(Piece::Text(text.to_vec())),
    }
}

impl Variable {
    fn read(inner: &[u8]) -> Self {
        let Some(found) = FORM.captures(inner) else {
            return Variable {
                name: String::from_utf8_lossy(inner).into_owned(),
                ..Variable::default()
            };
        };
        let group = |at: usize| {
            let bytes = found.get(at).map_or(&b""[..], |group| group.as_bytes());
            String::from_utf8_lossy(bytes).into_owned()
        };
        let modifiers = group(3);
        Variable {
            name: group(1),
            clip: group(2).parse().unwrap_or(0),
            script: modifiers.contains('J'),
            url: modifiers.contains('U'),
            mailto: modifiers.contains('M'),
            argument: group(4),
        }
    }
}
