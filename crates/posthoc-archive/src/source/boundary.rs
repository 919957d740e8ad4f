//! Where a mail ends: one rule over a window of the stream. Pure; what it answers does not depend
//! on how the stream was cut into reads.

use super::dialect::{MAX_HEADER, content_length};
use super::kind::{MsgSep, Split};
use super::line::{
    LOOKAHEAD, first_line, header_end, is_leading_separator, is_strict_separator, separator_end,
};
use memchr::{memchr, memmem};

/// How a stream is cut.
#[derive(Clone, Debug)]
pub(super) enum Rule {
    /// As `--split` says.
    By(Split),
    /// Not at all: the file is one mail.
    Whole,
}

/// A separator, as places in the window: the empty line before it, the line itself, what follows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Separator {
    /// Where the empty line begins, or the separator line when there is none.
    pub(super) gap: usize,
    /// Where the separator line begins.
    pub(super) line: usize,
    /// Where the next mail begins.
    pub(super) mail: usize,
}

/// The answer of a search.
#[derive(Clone, Copy, Debug)]
pub(super) enum Found {
    /// The next separator.
    At(Separator),
    /// The mail reaches to the end of input, or ends at this place before it.
    End(Option<usize>),
    /// Undecided: search on from this place when there is more input.
    More(usize),
}

/// The part of the stream that is held: `at_end` when nothing follows it.
#[derive(Clone, Copy)]
pub(super) struct Window<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) at_end: bool,
}

impl Window<'_> {
    /// Whether a separator at this place can be judged.
    fn reaches(&self, at: usize) -> bool {
        self.at_end || self.bytes.len() - at.min(self.bytes.len()) >= LOOKAHEAD
    }
}

impl Rule {
    /// Whether this rule unquotes and trims as mailboxes are written.
    pub(super) fn is_mbox(&self) -> bool {
        matches!(self, Rule::By(_))
    }

    /// Whether a separator stands at the very start of a stream, and where it ends.
    pub(super) fn leading(&self, bytes: &[u8]) -> Option<usize> {
        let is_one = match self {
            Rule::By(Split::EveryFrom) => bytes.starts_with(b"From "),
            Rule::By(Split::TextVolume) => begins_text_entry(bytes),
            Rule::By(Split::MsgSep(pattern)) => matches_line(pattern, bytes),
            Rule::Whole | Rule::By(_) => is_leading_separator(bytes),
        };
        if is_one { separator_end(bytes) } else { None }
    }

    /// The next separator after `scan`. `floor` is where a line is known to begin; `strict_before`
    /// says whether the strict rule asks for an empty line before (not in junk at the top).
    pub(super) fn search(
        &self,
        window: Window<'_>,
        floor: usize,
        scan: usize,
        strict_before: bool,
    ) -> Found {
        match self {
            Rule::Whole if window.at_end => Found::End(None),
            Rule::Whole => Found::More(window.bytes.len()),
            Rule::By(Split::MsgSep(pattern)) => {
                let next = |from: usize| memchr(b'\n', &window.bytes[from..]).map(|nl| from + nl);
                scan_lines(window, floor, scan, next, |line, _| {
                    matches_line(pattern, line)
                })
            }
            Rule::By(Split::EveryFrom) => {
                scan_lines(window, floor, scan, next_from(window.bytes), |_, _| true)
            }
            Rule::By(Split::TextVolume) => {
                let accept = |line: &[u8], _| begins_text_entry(line);
                scan_lines(window, floor, scan, next_from(window.bytes), accept)
            }
            Rule::By(Split::Strict | Split::ContentLength) => scan_lines(
                window,
                floor,
                scan,
                next_from(window.bytes),
                |line, blank| (blank || !strict_before) && is_strict_separator(line),
            ),
        }
    }
}

/// Whether an entry of a text volume begins here.
fn begins_text_entry(bytes: &[u8]) -> bool {
    let after = separator_end(bytes).map_or(&[][..], |end| &bytes[end..]);
    bytes.starts_with(b"From ") && (after.starts_with(b"From: ") || after.starts_with(b"Date: "))
}

fn next_from(bytes: &[u8]) -> impl Fn(usize) -> Option<usize> {
    let finder = memmem::Finder::new(b"\nFrom ");
    move |from| finder.find(&bytes[from..]).map(|nl| from + nl)
}

/// Asks `accept(line and what follows, whether an empty line is before)` at each line end that
/// `next` proposes.
fn scan_lines(
    window: Window<'_>,
    floor: usize,
    mut scan: usize,
    next: impl Fn(usize) -> Option<usize>,
    accept: impl Fn(&[u8], bool) -> bool,
) -> Found {
    let bytes = window.bytes;
    scan = scan.min(bytes.len());
    while let Some(newline) = next(scan) {
        let line = newline + 1;
        if !window.reaches(line) {
            return Found::More(newline);
        }
        let gap = blank_before(bytes, floor, line);
        if line < bytes.len()
            && let Some(end) = separator_end(&bytes[line..])
            && accept(&bytes[line..], gap < line)
        {
            return Found::At(Separator {
                gap,
                line,
                mail: line + end,
            });
        }
        scan = line;
    }
    if window.at_end {
        Found::End(None)
    } else {
        // The beginning of "\nFrom " may be all that is here yet.
        Found::More(bytes.len().saturating_sub(6).max(scan))
    }
}

fn matches_line(pattern: &MsgSep, bytes: &[u8]) -> bool {
    separator_end(bytes).is_some() && pattern.is_match(first_line(bytes).0)
}

/// Where the empty line directly before `line` begins; `line` itself when there is none. `floor`
/// is the first place known to begin a line.
pub(super) fn blank_before(bytes: &[u8], floor: usize, line: usize) -> usize {
    let starts_line = |at: usize| at == floor || (at > floor && bytes[at - 1] == b'\n');
    if line > floor && bytes[line - 1] == b'\n' {
        if starts_line(line - 1) {
            return line - 1;
        }
        if line - 1 > floor && bytes[line - 2] == b'\r' && starts_line(line - 2) {
            return line - 2;
        }
    }
    line
}

/// What `Content-Length` says about the mail that begins at `mail`.
#[derive(Clone, Copy, Debug)]
pub(super) enum Told {
    /// It ends where a separator or the end of input is.
    Ends(Found),
    /// Nothing that can be believed.
    Nothing,
    /// The window is too short to say.
    More,
}

/// Follows `Content-Length` of the mail at `mail` when it lands on a From_ line (an empty line may
/// stand before) or on the end of input, and within `limit` bytes.
pub(super) fn told_by_length(window: Window<'_>, mail: usize, limit: usize) -> Told {
    let rest = &window.bytes[mail..];
    let top = &rest[..rest.len().min(MAX_HEADER)];
    let Some((header, body)) = header_end(top) else {
        return if window.at_end || top.len() == MAX_HEADER {
            Told::Nothing
        } else {
            Told::More
        };
    };
    let target = content_length(&rest[..header])
        .and_then(|length| usize::try_from(length).ok())
        .and_then(|length| length.checked_add(body))
        .filter(|&end| end <= limit)
        .map(|end| mail + end);
    let Some(target) = target else {
        return Told::Nothing;
    };
    if !window.reaches(target) {
        return Told::More;
    }
    if target > window.bytes.len() {
        return Told::Nothing;
    }
    let after = &window.bytes[target..];
    let blank = match after {
        [b'\n', ..] => 1,
        [b'\r', b'\n', ..] => 2,
        _ => 0,
    };
    if after.len() == blank && window.at_end {
        return Told::Ends(Found::End(Some(target)));
    }
    let line = target + blank;
    let starts_line = blank > 0 || window.bytes[target - 1] == b'\n';
    if starts_line && is_strict_separator(&window.bytes[line..]) {
        let end = separator_end(&window.bytes[line..]).unwrap_or(0);
        return Told::Ends(Found::At(Separator {
            gap: target,
            line,
            mail: line + end,
        }));
    }
    Told::Nothing
}
