//! What counts as an address in a text.
//!
//! Entry point: [`addresses`]. An address is a local part, an at sign and a domain of two labels or
//! more whose last one begins with two letters or more. The at sign may be written `@`, `%40`,
//! `=40`, `&#64;`, `&commat;` or as a wide `＠`; characters that nobody sees may stand anywhere in
//! it. No address is what ends like a file (`icon@2x.png`, `getty@tty1.service`), reads like a
//! version (`pkg@1.2.3`, `name@GLIBC_2.2.5`), is called (`x@w.view(`), has nothing before its at
//! sign (`@property`) or only one label behind it (`x@plt`), or is a Message-ID by what stands
//! before it.

use memchr::memmem;

/// Where an address lies, in bytes: its local part is `from..at`, its domain `domain..to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) from: usize,
    pub(super) at: usize,
    pub(super) domain: usize,
    pub(super) to: usize,
}

/// Ways to write an at sign besides `@` itself; they begin with `%`, `=`, `&` or the byte EF.
const AT_SIGNS: [&str; 9] = [
    "%40", "%2540", "=40", "&#64;", "&#x40;", "&#X40;", "&commat;", "\u{FF20}", "\u{FE6B}",
];
/// Last labels that are no top-level domains but ends of names of files, units and attributes.
const ENDINGS: [&str; 40] = [
    "png",
    "jpg",
    "jpeg",
    "gif",
    "svg",
    "webp",
    "bmp",
    "ico",
    "html",
    "htm",
    "css",
    "js",
    "json",
    "xml",
    "txt",
    "log",
    "patch",
    "diff",
    "java",
    "class",
    "jar",
    "dll",
    "exe",
    "php",
    "conf",
    "cfg",
    "ini",
    "yml",
    "yaml",
    "toml",
    "service",
    "socket",
    "timer",
    "target",
    "mount",
    "slice",
    "scope",
    "device",
    "swap",
    "automount",
];
/// Last labels that stay an address when a bracket follows: `ada@example.org(Ada)`. Those of two
/// letters do so as well.
const BEFORE_BRACKETS: [&str; 10] = [
    "com", "org", "net", "edu", "gov", "mil", "int", "info", "biz", "name",
];
/// Words before ` at example.org` that make it a place and no address.
const PLACES: [&str; 41] = [
    "a",
    "and",
    "are",
    "available",
    "back",
    "be",
    "developed",
    "documented",
    "down",
    "files",
    "found",
    "from",
    "here",
    "him",
    "host",
    "hosted",
    "is",
    "it",
    "located",
    "look",
    "looked",
    "looking",
    "me",
    "meet",
    "not",
    "now",
    "online",
    "or",
    "page",
    "project",
    "published",
    "register",
    "repository",
    "see",
    "site",
    "that",
    "them",
    "these",
    "up",
    "us",
    "you",
];
/// Before a Message-ID within a URL.
const ID_PATHS: [&str; 6] = [
    "/r/",
    "/mid/",
    "/msgid/",
    "/message-id/",
    "/id/",
    ".kernel.org/",
];
/// Beginnings of lines that hold Message-IDs, in lower case.
const ID_FIELDS: [&str; 5] = [
    "message-id:",
    "in-reply-to:",
    "references:",
    "resent-message-id:",
    "content-id:",
];
/// The longest local part in bytes; RFC 5321 allows 64.
const LONGEST_LOCAL: usize = 160;
/// How far back the beginning of a line or of a URL is looked for.
const LOOK_BACK: usize = 400;

/// Whether a text can hold an address at all. Costs next to nothing where it cannot.
pub(super) fn may_have(text: &[u8], words: bool) -> bool {
    memchr::memchr3(b'@', b'%', b'&', text).is_some()
        || memchr::memchr2(b'=', 0xEF, text).is_some()
        || (words && memmem::find(text, b" at ").is_some())
}

/// Whether HTML that may have an address has an at sign in any writing.
pub(super) fn may_have_reference(html: &str, words: bool) -> bool {
    let bytes = html.as_bytes();
    memchr::memchr(b'@', bytes).is_some()
        || memmem::find(bytes, b"&#").is_some()
        || (words && memmem::find(bytes, b" at ").is_some())
        || AT_SIGNS
            .iter()
            .any(|form| memmem::find(bytes, form.as_bytes()).is_some())
}

/// Every address of a text in order, none overlapping. `words` tells that `ada at example.org`, as
/// other archives write it, is one too. Takes time linear in the text.
pub(super) fn addresses(text: &str, words: bool) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    for (at, end, in_words) in at_signs(text, words) {
        let least = found.last().map_or(0, |last| last.to);
        if at < least {
            continue;
        }
        let Some(from) = local_part(text, least, at) else {
            continue;
        };
        let Some(to) = domain(text, end) else {
            continue;
        };
        let place = in_words && is_place(text, from, at, end, to);
        if !place && !is_call(text, end, to) && !is_message_id(text, from) {
            found.push(Found {
                from,
                at,
                domain: end,
                to,
            });
        }
    }
    found
}

/// Every at sign in order: where it begins and ends, and whether it is a word. Found one at a time: a
/// text may be nothing but at signs.
fn at_signs(text: &str, words: bool) -> impl Iterator<Item = (usize, usize, bool)> {
    let bytes = text.as_bytes();
    let form = move |at: usize| {
        let form = AT_SIGNS
            .iter()
            .find(|form| bytes[at..].starts_with(form.as_bytes()))?;
        Some((at, at + form.len(), false))
    };
    let mut plain = memchr::memchr_iter(b'@', bytes)
        .map(|at| (at, at + 1, false))
        .peekable();
    let mut forms = memchr::memchr3_iter(b'%', b'&', b'=', bytes)
        .filter_map(form)
        .peekable();
    let mut wide = memchr::memchr_iter(0xEF, bytes).filter_map(form).peekable();
    let spoken = words.then(|| memmem::find_iter(bytes, b" at "));
    let mut spoken = spoken
        .into_iter()
        .flatten()
        .map(|at| (at, at + 4, true))
        .peekable();
    std::iter::from_fn(move || {
        let nearest = [plain.peek(), forms.peek(), wide.peek(), spoken.peek()];
        let first = *nearest.into_iter().flatten().min()?;
        plain
            .next_if_eq(&first)
            .or_else(|| forms.next_if_eq(&first))
            .or_else(|| wide.next_if_eq(&first))
            .or_else(|| spoken.next_if_eq(&first))
    })
}

/// Characters that take no room: hyphenation hints, zero-width characters, marks of direction.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{AD}'
            | '\u{34F}'
            | '\u{180E}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{2069}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}'
    )
}

fn is_local(c: char) -> bool {
    c.is_alphanumeric() || "._+-=!$%'*^`|~".contains(c) || is_invisible(c)
}

/// Where the local part that ends at `at` begins, not before `least`.
fn local_part(text: &str, least: usize, at: usize) -> Option<usize> {
    let near = text.ceil_char_boundary(at.saturating_sub(LONGEST_LOCAL));
    let before = &text[near.max(least)..at];
    let last_line = || &before[before.rfind('\n').map_or(0, |end| end + 1)..];
    // `"Ada L."@example.org`, `{ada,grace}@example.org`
    if let Some(open) = before.strip_suffix('"').map(|_| '"') {
        let line = last_line();
        let inside = &line[..line.len() - 1];
        return inside.rfind(open).map(|quote| at - (line.len() - quote));
    }
    if before.ends_with('}') {
        let line = last_line();
        return line.rfind('{').map(|open| at - (line.len() - open));
    }
    let run = before.trim_end_matches(is_local);
    let local = &before[run.len()..];
    let bare = local.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '_');
    (!bare.is_empty()).then(|| at - bare.len())
}

/// Where the domain that begins at `start` ends.
fn domain(text: &str, start: usize) -> Option<usize> {
    let rest = &text[start..];
    if let Some(literal) = rest.strip_prefix('[') {
        let inside = |b: u8| b.is_ascii_hexdigit() || b":.IPv".contains(&b);
        let length = literal.bytes().take(64).take_while(|b| inside(*b)).count();
        return (length >= 7 && literal.as_bytes().get(length) == Some(&b']'))
            .then_some(start + length + 2);
    }
    let other = |c: char| !(c.is_alphanumeric() || ".-_".contains(c) || is_invisible(c));
    let run = &rest[..rest.find(other).unwrap_or(rest.len())];
    // The longest beginning that ends in a label fit to be the last one.
    let mut best = None;
    let (mut labels, mut numbers) = (0, 0);
    let mut at = 0;
    for label in run.split('.') {
        labels += 1;
        if let Some(length) = last_label(label)
            && labels >= 2
            && !(labels >= 3 && numbers == labels - 1)
        {
            best = Some(start + at + length);
        }
        numbers += usize::from(label.starts_with(|c: char| c.is_ascii_digit()));
        if label.trim_matches(is_invisible).is_empty() {
            break;
        }
        at += label.len() + 1;
    }
    best
}

/// How much of a label can be a top-level domain: two letters or more, then nothing but what cannot
/// belong to a name. `xn--` begins the written form of letters.
fn last_label(label: &str) -> Option<usize> {
    if label.len() > 4
        && label
            .get(..4)
            .is_some_and(|s| s.eq_ignore_ascii_case("xn--"))
    {
        return Some(label.trim_end_matches(['-', '_']).len());
    }
    let letters = label
        .find(|c: char| !c.is_alphabetic() && !is_invisible(c))
        .unwrap_or(label.len());
    let name = &label[..letters];
    let plain = name.chars().filter(|c| !is_invisible(*c)).count();
    let next = label[letters..].chars().next();
    let ends = next.is_none_or(|c| c == '-' || c == '_');
    let file = ENDINGS.iter().any(|end| name.eq_ignore_ascii_case(end));
    (plain >= 2 && ends && !file).then_some(letters)
}

/// Whether `look at example.org` speaks of a place.
fn is_place(text: &str, from: usize, at: usize, domain: usize, to: usize) -> bool {
    let word = &text[from..at];
    let host = &text[domain..to];
    host.get(..4)
        .is_some_and(|www| www.eq_ignore_ascii_case("www."))
        || text[to..].starts_with('/')
        || PLACES.iter().any(|place| word.eq_ignore_ascii_case(place))
}

/// Whether a bracket follows and the last label is none that everybody knows.
fn is_call(text: &str, domain: usize, to: usize) -> bool {
    if !text[to..].starts_with('(') {
        return false;
    }
    let host = &text[domain..to];
    let last = host.rsplit('.').next().unwrap_or_default();
    last.len() != 2
        && !BEFORE_BRACKETS
            .iter()
            .any(|name| last.eq_ignore_ascii_case(name))
}

/// Whether what stands before says that a Message-ID follows: a field of that kind, `mid:`, `cid:`,
/// a path of an archive.
fn is_message_id(text: &str, from: usize) -> bool {
    let before = &text[text.ceil_char_boundary(from.saturating_sub(LOOK_BACK))..from];
    let line = &before[before.rfind('\n').map_or(0, |end| end + 1)..];
    if line.ends_with("mid:") || line.ends_with("cid:") {
        return true;
    }
    if line.ends_with('<') {
        let start = line.trim_start_matches(['>', '|', ' ', '\t']);
        let is_field = |name: &str| {
            start
                .get(..name.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(name))
        };
        return ID_FIELDS.iter().any(|name| is_field(name));
    }
    let word = line.rsplit(char::is_whitespace).next().unwrap_or_default();
    word.find("://").is_some_and(|scheme| {
        let path = &word[scheme + 3..];
        !path.contains('?') && ID_PATHS.iter().any(|known| path.contains(known))
    })
}
