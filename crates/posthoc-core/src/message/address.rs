//! Address fields (RFC 5322 section 3.4, its obsolete forms, and Pipermail's `user at host`).

use super::Mailbox;
use super::parameters::{quoted_end, unescape, without_comments};
use crate::text::{header_text, unfold};

/// Reads at most `most` mailboxes out of an address field. Groups are dissolved; what holds no
/// address keeps its text as a name.
pub(super) fn parse(raw: &[u8], fallback: Option<&str>, most: usize) -> Vec<Mailbox> {
    let text = unfold(raw);
    let mut found = Vec::new();
    let mut lexer = Lexer {
        text: &text,
        at: 0,
        quotes_end: false,
        angles_end: false,
    };
    while found.len() < most {
        let (pieces, end) = lexer.entry();
        if !pieces.is_empty()
            && let Some(mailbox) = mailbox(&pieces, fallback)
        {
            found.push(mailbox);
        }
        if end {
            break;
        }
    }
    found
}

/// A piece of one entry of an address list.
enum Piece<'a> {
    /// Words outside quotes, comments and brackets.
    Plain(&'a [u8]),
    /// The inside of a quoted string.
    Quoted(&'a [u8]),
    /// The inside of a comment.
    Comment(&'a [u8]),
    /// The inside of `<…>`.
    Angle(&'a [u8]),
}

struct Lexer<'a> {
    text: &'a [u8],
    at: usize,
    /// No closing quote lies ahead.
    quotes_end: bool,
    /// No closing `>` lies ahead.
    angles_end: bool,
}

impl<'a> Lexer<'a> {
    /// The pieces up to the next separator, and whether the text is at its end. Every byte is
    /// looked at a bounded number of times.
    fn entry(&mut self) -> (Vec<Piece<'a>>, bool) {
        let mut pieces = Vec::new();
        let mut plain = self.at;
        let push_plain = |pieces: &mut Vec<Piece<'a>>, from: usize, to: usize| {
            let words = self.text[from..to].trim_ascii();
            if !words.is_empty() {
                pieces.push(Piece::Plain(words));
            }
        };
        while self.at < self.text.len() {
            let (at, byte) = (self.at, self.text[self.at]);
            self.at += 1;
            let rest = &self.text[self.at..];
            let (piece, length) = match byte {
                b',' | b';' => {
                    push_plain(&mut pieces, plain, at);
                    return (pieces, false);
                }
                // The name of a group ends here: it is dropped.
                b':' if pieces.is_empty() && !self.text[plain..at].contains(&b'@') => {
                    plain = self.at;
                    continue;
                }
                b'"' if !self.quotes_end => match quoted_end(rest) {
                    Some(length) => (Piece::Quoted(&rest[..length]), length + 1),
                    None => {
                        self.quotes_end = true;
                        continue;
                    }
                },
                b'<' if !self.angles_end => match memchr::memchr(b'>', rest) {
                    Some(length) => (Piece::Angle(&rest[..length]), length + 1),
                    None => {
                        self.angles_end = true;
                        continue;
                    }
                },
                b'(' => {
                    let (inside, length) = comment(rest);
                    (Piece::Comment(inside), length)
                }
                _ => continue,
            };
            push_plain(&mut pieces, plain, at);
            pieces.push(piece);
            self.at += length;
            plain = self.at;
        }
        push_plain(&mut pieces, plain, self.text.len());
        (pieces, true)
    }
}

/// The inside of a comment and its length with the closing bracket. Comments nest; one that is
/// never closed ends with the text.
fn comment(text: &[u8]) -> (&[u8], usize) {
    let mut depth = 1u32;
    let mut escaped = false;
    for (at, byte) in text.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'(' => depth += 1,
            b')' => {
                depth -= 1;
                if depth == 0 {
                    return (&text[..at], at + 1);
                }
            }
            _ => {}
        }
    }
    (text, text.len())
}

/// Makes one mailbox of an entry's pieces; `None` when they hold nothing.
fn mailbox(pieces: &[Piece<'_>], fallback: Option<&str>) -> Option<Mailbox> {
    let angle = pieces.iter().rev().find_map(|p| match p {
        Piece::Angle(inside) => Some(*inside),
        _ => None,
    });
    let comments = pieces.iter().filter_map(|p| match p {
        Piece::Comment(inside) => Some(inside.to_vec()),
        _ => None,
    });
    let comment = comments
        .reduce(|a, b| [a, b].join(&b' '))
        .unwrap_or_default();
    let mut words = Vec::new();
    for piece in pieces {
        let word = match piece {
            Piece::Plain(word) => word.to_vec(),
            Piece::Quoted(inside) if angle.is_some() => unescape(inside),
            Piece::Quoted(inside) => [b"\"", *inside, b"\""].concat(),
            _ => continue,
        };
        // `"joe user"@example.org` is one address.
        let glued = angle.is_none() && word.starts_with(b"@");
        if !words.is_empty() && !glued {
            words.push(b' ');
        }
        words.extend_from_slice(&word);
    }
    let (address, name) = match angle {
        Some(inside) => (address_text(inside), words),
        None => bare(&words, !comment.is_empty()),
    };
    let name = if name.trim_ascii().is_empty() {
        comment
    } else {
        name
    };
    let name = tidy_name(&header_text(&name, fallback).text);
    let mailbox = Mailbox { name, address };
    (mailbox != Mailbox::default()).then_some(mailbox)
}

/// An entry without brackets: an address alone, Pipermail's `user at host`, a name with an address
/// among its words, or a name alone. `named` tells that a comment holds the name already.
fn bare(words: &[u8], named: bool) -> (String, Vec<u8>) {
    let tokens: Vec<&[u8]> = words
        .split(|b| b.is_ascii_whitespace())
        .filter(|t| !t.is_empty())
        .take(64)
        .collect();
    if let [local, at, host] = tokens.as_slice()
        && at.len() <= 4
        && at.iter().all(|b| b.is_ascii_lowercase() || *b >= 0x80)
        && !local.contains(&b'@')
        && (named || memchr::memchr(b'.', host).is_some())
    {
        return (address_text(&[local, &b"@"[..], host].concat()), Vec::new());
    }
    if words.starts_with(b"\"") && words.contains(&b'@') {
        return (address_text(words), Vec::new());
    }
    match tokens.iter().position(|t| t.contains(&b'@')) {
        Some(at) => {
            let others = tokens.iter().copied().filter(|t| !t.contains(&b'@'));
            let others: Vec<&[u8]> = others.collect();
            (address_text(tokens[at]), others.join(&b' '))
        }
        None if tokens.len() == 1 && !words.starts_with(b"=?") && !words.starts_with(b"\"") => {
            (address_text(words), Vec::new())
        }
        None => (String::new(), words.to_vec()),
    }
}

/// An address without a source route (`@a,@b:user@host`), `mailto:`, brackets and blanks.
fn address_text(inside: &[u8]) -> String {
    let quoted = memchr::memchr(b'"', inside).is_some();
    let text = match quoted {
        true => header_text(inside, None).text,
        // RFC 5322 allows comments even inside: `pete(his account)@silly.test`.
        false => header_text(&without_comments(inside), None).text,
    };
    let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '\''));
    let text = match text.rsplit_once(':') {
        Some((route, rest)) if route.starts_with('@') || route.eq_ignore_ascii_case("mailto") => {
            rest
        }
        _ => text,
    };
    if let Some((local, rest)) = text.split_once(' ')
        && let Some((at, host)) = rest.split_once(' ')
        && at.len() <= 4
        && !local.contains('@')
        && host.contains('.')
        && !host.contains([' ', '@'])
    {
        return format!("{local}@{host}");
    }
    // Blanks stand in addresses only inside quotes.
    if quoted {
        text.to_owned()
    } else {
        text.replace(char::is_whitespace, "")
    }
}

/// Quotes that were meant for a machine are taken off, runs of blanks made one.
fn tidy_name(name: &str) -> String {
    let mut name = name.trim();
    for quote in ['"', '\''] {
        if let Some(inside) = name.strip_prefix(quote).and_then(|n| n.strip_suffix(quote)) {
            name = inside.trim();
        }
    }
    let mut out = String::with_capacity(name.len());
    for word in name.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(raw: &str, expected: &[(&str, &str)]) {
        let found = parse(raw.as_bytes(), None, 10);
        let found: Vec<_> = found
            .iter()
            .map(|m| (m.name.as_str(), m.address.as_str()))
            .collect();
        assert_eq!(found, expected, "{raw}");
    }

    #[test]
    fn standard_addresses() {
        check("joe@example.org", &[("", "joe@example.org")]);
        check(
            "Joe User <joe@example.org>",
            &[("Joe User", "joe@example.org")],
        );
        check(
            "\"User, Joe\" <joe@example.org>, b@example.org",
            &[("User, Joe", "joe@example.org"), ("", "b@example.org")],
        );
        check(
            "joe@example.org (Joe (the) User)",
            &[("Joe (the) User", "joe@example.org")],
        );
        check(
            "Friends: a@example.org, B <b@example.org>;",
            &[("", "a@example.org"), ("B", "b@example.org")],
        );
        check("undisclosed-recipients:;", &[]);
        check(
            "<@relay.example:joe@example.org>",
            &[("", "joe@example.org")],
        );
        check(
            "\"joe user\"@example.org",
            &[("", "\"joe user\"@example.org")],
        );
        check(
            "=?utf-8?Q?Ren=C3=A9?= <r@example.org>",
            &[("Ren\u{e9}", "r@example.org")],
        );
        check("A \"B\" C <d@example.org>", &[("A B C", "d@example.org")]);
    }

    #[test]
    fn addresses_of_the_wild() {
        check(
            "joe at example.org (Joe User)",
            &[("Joe User", "joe@example.org")],
        );
        check(
            "joe en example.org (=?iso-8859-1?Q?Jos=E9?=)",
            &[("Jos\u{e9}", "joe@example.org")],
        );
        check("joe \u{e0} example.org", &[("", "joe@example.org")]);
        check("a@example.org b@example.org", &[("", "a@example.org")]);
        check(
            "Pete(A wonderful \\) chap) <pete(his account)@silly.test(his host)>",
            &[("Pete", "pete@silly.test")],
        );
        check("joe at desk (Joe User)", &[("Joe User", "joe@desk")]);
        check("Joe User", &[("Joe User", "")]);
        check("root", &[("", "root")]);
        check("Joe joe@example.org", &[("Joe", "joe@example.org")]);
        check(
            "'joe@example.org' <joe@example.org>",
            &[("joe@example.org", "joe@example.org")],
        );
        check(
            "\"unclosed <joe@example.org>",
            &[("\"unclosed", "joe@example.org")],
        );
        check(
            "\"=?utf-8?Q?Ren=C3=A9?=\" <r@example.org>",
            &[("Ren\u{e9}", "r@example.org")],
        );
        check("Joe <joe@example.org", &[("Joe", "joe@example.org")]);
        check("<joe@example.org> (Joe)", &[("Joe", "joe@example.org")]);
        check(
            "Joe <mailto:joe@example.org>",
            &[("Joe", "joe@example.org")],
        );
        check("", &[]);
        check(",,;:<>()\"", &[("\"", "")]);
    }
}
