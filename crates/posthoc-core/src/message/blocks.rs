//! Plain text as blocks: quotes, signature, patches, footers, and the rest as paragraphs or fixed
//! lines.
//!
//! 1. Lines with their depth of `>` (`text::flowed`), then of other marks (`text::other_marks`).
//! 2. What lists appended is cut off at the end (`text::footer`).
//! 3. One walk over what is left: patches, the frame of an inline signature, an earlier mail below
//!    the text (`text::original`), the signature, and all else line by line.

use super::{Block, QuotedLine};
use crate::text::{
    Line, attribution_before, begins_original, begins_unmarked, find_other_marks, fixed, flowed,
    footer_start, frame_length, is_forward_line, patch_length, undo_dash_escapes,
};
use std::ops::Range;

/// Lines that may stand behind a bare `--` for it to be a signature's.
const SIGNATURE_LINES: usize = 12;

/// How a text part wants to be read.
#[derive(Clone, Copy, Default)]
pub(super) struct Format {
    /// `format=flowed`
    pub(super) flowed: bool,
    /// `delsp=yes`
    pub(super) delsp: bool,
}

/// Appends the blocks of a text. Empty lines at its start and end are left out.
pub(super) fn push_text(text: &str, format: Format, blocks: &mut Vec<Block>) {
    let mut all = if format.flowed {
        flowed(text, format.delsp)
    } else {
        fixed(text)
    };
    if memchr::memmem::find(text.as_bytes(), crate::text::SIGNED.as_bytes()).is_some() {
        undo_dash_escapes(&mut all);
    }
    find_other_marks(&mut all);
    let range = filled(&all);
    let lines = &all[range];
    let (lines, footer) = lines.split_at(footer_start(lines));
    let mut writer = Writer {
        blocks,
        format,
        fresh: true,
        in_signature: false,
        above: None,
    };
    writer.walk(&lines[filled(lines)]);
    if !footer.is_empty() {
        writer.blocks.push(Block::Footer(texts(footer)));
    }
}

/// The lines without empty ones at the start and the end.
fn filled(lines: &[Line<'_>]) -> Range<usize> {
    let start = lines.iter().position(|l| !is_empty(l));
    let start = start.unwrap_or(lines.len());
    let end = lines.iter().rposition(|l| !is_empty(l));
    start..end.map_or(start, |n| n + 1)
}

fn is_empty(line: &Line<'_>) -> bool {
    line.depth == 0 && line.text.trim_end().is_empty()
}

fn texts(lines: &[Line<'_>]) -> Vec<String> {
    lines.iter().map(|l| l.text.clone().into_owned()).collect()
}

/// Whether the first line is the mark of a signature: `-- `, or `--` near the end (software that
/// strips blanks has passed by).
fn begins_signature(lines: &[Line<'_>]) -> bool {
    lines.first().is_some_and(|l| {
        l.depth == 0 && (l.text == "-- " || (l.text == "--" && lines.len() <= SIGNATURE_LINES + 1))
    })
}

struct Writer<'a, 't> {
    blocks: &'a mut Vec<Block>,
    format: Format,
    /// The next line begins a block.
    fresh: bool,
    in_signature: bool,
    /// The nearest line above that is not empty.
    above: Option<&'t str>,
}

impl<'t> Writer<'_, 't> {
    fn walk(&mut self, lines: &'t [Line<'_>]) {
        let mut at = 0;
        // Below a line that says that a mail is passed on, its short header is no earlier mail.
        let mut passed_on = false;
        while at < lines.len() {
            let rest = &lines[at..];
            let patch = patch_length(rest);
            if patch > 0 {
                self.push_whole(Block::Patch(texts(&rest[..patch])));
                self.above = Some("");
                at += patch;
                continue;
            }
            let frame = frame_length(rest);
            if frame > 0 {
                self.push_whole(Block::Frame(texts(&rest[..frame])));
                at += frame;
                continue;
            }
            if begins_signature(rest) {
                self.blocks.push(Block::Signature(Vec::new()));
                self.fresh = false;
                self.in_signature = true;
                at += 1;
                continue;
            }
            if !passed_on && self.is_original(rest) {
                let end = rest.iter().position(|l| l.depth == 0 && frame_begins(l));
                let end = end.unwrap_or(rest.len());
                self.push_whole(Block::Original(original(&rest[..end])));
                at += end;
                continue;
            }
            let line = &lines[at];
            if line.depth == 0 && !is_empty(line) {
                passed_on = is_forward_line(&line.text) || (passed_on && line.text.contains(':'));
                self.above = Some(&line.text);
            }
            self.push(line);
            at += 1;
        }
    }

    /// Whether from here on everything is an earlier mail without marks.
    fn is_original(&self, rest: &[Line<'_>]) -> bool {
        if rest[0].depth > 0 || is_empty(&rest[0]) {
            return false;
        }
        begins_original(rest, self.above) || (self.above.is_some() && begins_unmarked(rest) > 0)
    }

    fn push_whole(&mut self, block: Block) {
        self.blocks.push(block);
        self.fresh = true;
        self.in_signature = false;
    }

    fn push(&mut self, line: &Line<'_>) {
        let text = || line.text.clone().into_owned();
        if line.depth > 0 {
            return self.push_quoted(QuotedLine {
                depth: line.depth,
                text: text(),
            });
        }
        let last = if self.fresh {
            None
        } else {
            self.blocks.last_mut()
        };
        self.fresh = false;
        match last {
            Some(Block::Signature(lines)) if self.in_signature => lines.push(text()),
            Some(Block::Flowed(lines)) if self.format.flowed => lines.push(text()),
            Some(Block::Fixed(lines)) if !self.format.flowed => lines.push(text()),
            _ if self.format.flowed => self.blocks.push(Block::Flowed(vec![text()])),
            _ => self.blocks.push(Block::Fixed(vec![text()])),
        }
    }

    /// A quote behind a signature is no part of it.
    fn push_quoted(&mut self, line: QuotedLine) {
        if let (false, Some(Block::Quote(lines))) = (self.fresh, self.blocks.last_mut()) {
            return lines.push(line);
        }
        if !self.fresh {
            self.split_attribution();
        }
        self.fresh = false;
        self.in_signature = false;
        self.blocks.push(Block::Quote(vec![line]));
    }

    /// The last lines of the block before a quote, where they say who wrote it, become a block of
    /// their own.
    fn split_attribution(&mut self) {
        let Some(Block::Fixed(lines) | Block::Flowed(lines) | Block::Signature(lines)) =
            self.blocks.last_mut()
        else {
            return;
        };
        let filled = |line: &String| !line.trim().is_empty();
        let end = lines.iter().rposition(filled).map_or(0, |at| at + 1);
        let above = lines[..end].iter().rev().map(String::as_str);
        let count = attribution_before(above.take_while(|line| !line.trim().is_empty()));
        if count == 0 {
            return;
        }
        let who = lines.split_off(end - count);
        let left = lines.iter().any(filled);
        if !left && !matches!(self.blocks.last(), Some(Block::Signature(_))) {
            self.blocks.pop();
        }
        self.blocks.push(Block::Attribution(who));
    }
}

fn frame_begins(line: &Line<'_>) -> bool {
    line.text.starts_with("-----BEGIN PGP SIGNATURE")
}

/// An earlier mail's lines; each mail below it is one deeper.
fn original(lines: &[Line<'_>]) -> Vec<QuotedLine> {
    let mut base = 0u8;
    let mut above: Option<&str> = None;
    let mut header = true;
    let mut quoted = Vec::with_capacity(lines.len());
    for (at, line) in lines.iter().enumerate() {
        let empty = is_empty(line);
        // The first header belongs to the first mail, whatever stands around it.
        if !empty && !header {
            let rest = &lines[at..];
            if begins_original(rest, above) || begins_unmarked(rest) > 0 {
                base = base.saturating_add(1);
                header = true;
            }
        }
        if empty && above.is_some_and(|above| !above.trim_start().starts_with("--")) {
            header = false;
        }
        if !empty && line.depth == 0 {
            above = Some(&line.text);
        }
        quoted.push(QuotedLine {
            depth: base.saturating_add(line.depth).saturating_add(1),
            text: line.text.clone().into_owned(),
        });
    }
    quoted
}
