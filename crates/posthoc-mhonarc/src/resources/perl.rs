//! The Perl of resource files that is understood, as data: substitutions, transliterations, tests.
//!
//! Nothing is executed. What is not one of these forms is not read at all.

use regex::bytes::{Regex, RegexBuilder};
use std::borrow::Cow;

/// Bytes that a compiled expression may take.
const EXPRESSION_SIZE: usize = 1 << 20;

/// Statements that change a text one after the other.
#[derive(Clone, Debug)]
pub struct Rewrite(Vec<Step>);

#[derive(Clone, Debug)]
enum Step {
    /// `s/…/…/`
    Substitute { find: Regex, put: Put, all: bool },
    /// `tr/…/…/`: the byte for each byte.
    Transliterate(Box<[u8; 256]>),
}

#[derive(Clone, Debug)]
enum Put {
    /// A replacement in which `$1` stands for a group.
    Text(Vec<u8>),
    /// `'…'.('x' x length($1))`: words, and a byte as many times as a group is long.
    Masked(Vec<u8>, u8, usize),
}

/// A test of a header: true when one of its expressions is found.
#[derive(Clone, Debug)]
pub struct Test(Vec<Regex>);

impl Rewrite {
    /// Reads statements; none where one of them is not understood.
    pub fn read(code: &str) -> Option<Self> {
        let mut steps = Vec::new();
        let mut rest = skip(code);
        while !rest.is_empty() {
            let (step, after) = statement(rest)?;
            steps.push(step);
            rest = skip(after);
        }
        Some(Rewrite(steps))
    }

    /// The text after all statements.
    pub fn apply<'a>(&self, text: &'a [u8]) -> Cow<'a, [u8]> {
        self.0
            .iter()
            .fold(Cow::Borrowed(text), |text, step| step.apply(text))
    }
}

impl Step {
    fn apply<'a>(&self, text: Cow<'a, [u8]>) -> Cow<'a, [u8]> {
        match self {
            Step::Transliterate(table) => {
                Cow::Owned(text.iter().map(|byte| table[*byte as usize]).collect())
            }
            Step::Substitute { find, .. } if !find.is_match(&text) => text,
            Step::Substitute { find, put, all } => {
                let limit = usize::from(!all);
                let replaced = match put {
                    Put::Text(put) => find.replacen(&text, limit, put.as_slice()).into_owned(),
                    Put::Masked(before, byte, group) => {
                        let put = |found: &regex::bytes::Captures<'_>| {
                            let length = found.get(*group).map_or(0, |group| group.len());
                            [before.as_slice(), &vec![*byte; length]].concat()
                        };
                        find.replacen(&text, limit, put).into_owned()
                    }
                };
                Cow::Owned(replaced)
            }
        }
    }
}

impl Test {
    /// Reads `/…/i` joined by `or` or `||`; none where it is something else.
    pub fn read(code: &str) -> Option<Self> {
        let mut tests = Vec::new();
        let mut rest = skip(code);
        loop {
            let body = rest.strip_prefix('m').unwrap_or(rest);
            let (pattern, after) = delimited(body)?;
            let (flags, after) = flags(after);
            tests.push(expression(pattern, flags)?);
            rest = skip(after);
            if rest.is_empty() {
                return Some(Test(tests));
            }
            rest = skip(
                rest.strip_prefix("or")
                    .or_else(|| rest.strip_prefix("||"))?,
            );
        }
    }

    /// Whether a mail with this header is kept out.
    pub fn holds(&self, header: &[u8]) -> bool {
        self.0.iter().any(|test| test.is_match(header))
    }
}

/// Without blanks, ends of statements and comments before the next one.
fn skip(code: &str) -> &str {
    let mut rest = code.trim_start_matches([' ', '\t', '\r', '\n', ';']);
    while rest.starts_with('#') {
        let end = rest.find('\n').unwrap_or(rest.len());
        rest = rest[end..].trim_start_matches([' ', '\t', '\r', '\n', ';']);
    }
    rest
}

fn statement(code: &str) -> Option<(Step, &str)> {
    let code = code
        .strip_prefix("$_")
        .map_or(code, |rest| rest.trim_start());
    let code = code
        .strip_prefix("=~")
        .map_or(code, |rest| rest.trim_start());
    if let Some(body) = code.strip_prefix("tr").or_else(|| code.strip_prefix('y')) {
        let (from, to, after) = two(body)?;
        let (flags, after) = flags(after);
        let table = transliteration(from, to)?;
        return flags
            .is_empty()
            .then(|| (Step::Transliterate(Box::new(table)), after));
    }
    let (find, put, after) = two(code.strip_prefix('s')?)?;
    let (flags, after) = flags(after);
    let put = if flags.contains('e') {
        masked(put)?
    } else {
        Put::Text(replacement(put)?)
    };
    let all = flags.contains('g');
    let find = expression(find, flags)?;
    Some((Step::Substitute { find, put, all }, after))
}

/// What stands between a delimiter and its next unescaped like, and what follows.
fn delimited(code: &str) -> Option<(&str, &str)> {
    let delimiter = code.chars().next().filter(|c| c.is_ascii_punctuation())?;
    let close = match delimiter {
        '{' => '}',
        '(' => ')',
        '[' => ']',
        '<' => '>',
        other => other,
    };
    let body = &code[1..];
    let (mut escaped, mut depth) = (false, 0usize);
    for (at, c) in body.char_indices() {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if c == close && depth == 0 {
            return Some((&body[..at], &body[at + 1..]));
        } else if c == close {
            depth -= 1;
        } else if c == delimiter && close != delimiter {
            depth += 1;
        }
    }
    None
}

/// Both halves of `s…` or `tr…`, and what follows.
fn two(code: &str) -> Option<(&str, &str, &str)> {
    let (first, _) = delimited(code)?;
    let delimiter = &code[..1];
    let after = &code[1 + first.len()..];
    if matches!(delimiter, "{" | "(" | "[" | "<") {
        let (second, rest) = delimited(after[1..].trim_start())?;
        return Some((first, second, rest));
    }
    let (second, rest) = delimited(after)?;
    Some((first, second, rest))
}

fn flags(code: &str) -> (&str, &str) {
    let end = code
        .find(|c: char| !c.is_ascii_lowercase())
        .unwrap_or(code.len());
    code.split_at(end)
}

fn expression(pattern: &str, flags: &str) -> Option<Regex> {
    if !flags.chars().all(|flag| "igmsxeo".contains(flag)) {
        return None;
    }
    RegexBuilder::new(
        &pattern
            .replace("\\/", "/")
            .replace("\\@", "@")
            .replace("\\#", "\\x23"),
    )
    .unicode(false)
    .case_insensitive(flags.contains('i'))
    .multi_line(flags.contains('m'))
    .dot_matches_new_line(flags.contains('s'))
    .ignore_whitespace(flags.contains('x'))
    .size_limit(EXPRESSION_SIZE)
    .build()
    .ok()
}

/// A replacement in the notation of the regex library: `$1` becomes `${1}`. Other variables are Perl's.
fn replacement(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next()? {
                digit @ '1'..='9' => out.extend_from_slice(format!("${{{digit}}}").as_bytes()),
                'n' => out.push(b'\n'),
                't' => out.push(b'\t'),
                '$' => out.extend_from_slice(b"$$"),
                other if other.is_ascii_alphanumeric() => return None,
                other => out.extend_from_slice(other.encode_utf8(&mut [0; 4]).as_bytes()),
            },
            '$' => match chars.next()? {
                digit @ '1'..='9' => out.extend_from_slice(format!("${{{digit}}}").as_bytes()),
                '&' => out.extend_from_slice(b"${0}"),
                _ => return None,
            },
            '@' if chars.peek().is_some_and(char::is_ascii_alphabetic) => return None,
            c => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    Some(out)
}

/// `'@'.('x' x length($1))`, the one computed replacement that the manual uses.
fn masked(code: &str) -> Option<Put> {
    let code: String = code.split_whitespace().collect();
    let (before, rest) = code.strip_prefix('\'')?.split_once("'.('")?;
    let byte = *rest.as_bytes().first()?;
    let group = rest
        .get(1..)?
        .strip_prefix("'xlength($")?
        .strip_suffix("))")?;
    Some(Put::Masked(
        before.as_bytes().to_vec(),
        byte,
        group.parse().ok()?,
    ))
}

fn transliteration(from: &str, to: &str) -> Option<[u8; 256]> {
    let (from, mut to) = (range(from)?, range(to)?);
    if to.is_empty() {
        to.clone_from(&from);
    }
    let last = *to.last()?;
    let mut table = std::array::from_fn(|byte| byte as u8);
    for (at, byte) in from.iter().enumerate().rev() {
        table[*byte as usize] = to.get(at).copied().unwrap_or(last);
    }
    Some(table)
}

fn range(text: &str) -> Option<Vec<u8>> {
    let bytes = text.as_bytes();
    if bytes.contains(&b'\\') || !text.is_ascii() {
        return None;
    }
    let mut out = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if at + 2 < bytes.len() && bytes[at + 1] == b'-' {
            out.extend(bytes[at]..=bytes[at + 2]);
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(code: &str, text: &str, expected: &str) {
        let rewrite = Rewrite::read(code).unwrap();
        assert_eq!(
            rewrite.apply(text.as_bytes()),
            expected.as_bytes(),
            "{code}"
        );
    }

    #[test]
    fn known_forms_are_done() {
        check(r"s/^\[list\]\s*//i;", "[List] Hello", "Hello");
        check(
            r"s|@(.+)$|'@'.('x' x length($1))|ge",
            "ann@example.org",
            "ann@xxxxxxxxxxx",
        );
        check("s/\\@/ at /g; s/\\./ dot /g", "a@b.c", "a at b dot c");
        check("tr/a-z/n-za-m/", "abcz", "nopm");
        check(r"s{(\w+)@(\w+)}{$2 at $1}", "a@b", "b at a");
        check("# comment\n$_ =~ s/x/y/;\n", "xx", "yx");
    }

    #[test]
    fn anything_else_is_refused() {
        for code in [
            "system('rm')",
            "s/a/`id`/e",
            "s/a/$ENV{X}/",
            "s/a(?=b)//",
            "return 1",
            "s/a",
        ] {
            assert!(Rewrite::read(code).is_none(), "{code}");
        }
        assert!(
            Test::read("/^X-Spam: yes/im or /^Subject: buy/im")
                .unwrap()
                .holds(b"Subject: x\nX-Spam: Yes\n")
        );
        assert!(Test::read("return 1 if /x/").is_none());
    }
}
