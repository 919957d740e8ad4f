//! Plain text as blocks: quotes, signature, patches, and the rest as paragraphs or fixed lines.

use super::{Block, QuotedLine};
use crate::text::{Line, fixed, flowed, patch_length};

/// Lines that may stand behind a bare `--` for it to be a signature's.
const SIGNATURE_LINES: usize = 12;

/// How a text part wants to be read.
#[derive(Clone, Copy)]
pub(super) struct Format {
    /// `format=flowed`
    pub(super) flowed: bool,
    /// `delsp=yes`
    pub(super) delsp: bool,
}

/// Appends the blocks of a text. Empty lines at its start and end are left out.
pub(super) fn push_text(text: &str, format: Format, blocks: &mut Vec<Block>) {
    let all = if format.flowed {
        flowed(text, format.delsp)
    } else {
        fixed(text)
    };
    let is_empty = |line: &Line<'_>| line.depth == 0 && line.text.trim_end().is_empty();
    let start = all.iter().position(|l| !is_empty(l)).unwrap_or(all.len());
    let end = all
        .iter()
        .rposition(|l| !is_empty(l))
        .map_or(start, |n| n + 1);
    let lines = &all[start..end];
    let mut writer = Writer {
        blocks,
        format,
        fresh: true,
        in_signature: false,
    };
    let mut at = 0;
    while at < lines.len() {
        let patch = patch_length(&lines[at..]);
        if patch > 0 {
            let patch_lines = lines[at..at + patch]
                .iter()
                .map(|l| l.text.clone().into_owned());
            writer.blocks.push(Block::Patch(patch_lines.collect()));
            writer.fresh = true;
            writer.in_signature = false;
            at += patch;
            continue;
        }
        if begins_signature(&lines[at..]) {
            writer.blocks.push(Block::Signature(Vec::new()));
            writer.fresh = false;
            writer.in_signature = true;
        } else {
            writer.push(&lines[at]);
        }
        at += 1;
    }
}

/// Whether the first line is the mark of a signature: `-- `, or `--` near the end (software that
/// strips blanks has passed by).
fn begins_signature(lines: &[Line<'_>]) -> bool {
    lines.first().is_some_and(|l| {
        l.depth == 0 && (l.text == "-- " || (l.text == "--" && lines.len() <= SIGNATURE_LINES + 1))
    })
}

struct Writer<'a> {
    blocks: &'a mut Vec<Block>,
    format: Format,
    /// The next line begins a block.
    fresh: bool,
    in_signature: bool,
}

impl Writer<'_> {
    fn push(&mut self, line: &Line<'_>) {
        let text = || line.text.clone().into_owned();
        // A quote or a forwarded mail behind a signature is no part of it.
        if line.depth > 0 || line.text.starts_with("-----Original Message") {
            self.in_signature = false;
        }
        let last = if self.fresh {
            None
        } else {
            self.blocks.last_mut()
        };
        self.fresh = false;
        if line.depth > 0 {
            let quoted = QuotedLine {
                depth: line.depth,
                text: text(),
            };
            match last {
                Some(Block::Quote(lines)) => lines.push(quoted),
                _ => self.blocks.push(Block::Quote(vec![quoted])),
            }
            return;
        }
        match last {
            Some(Block::Signature(lines)) if self.in_signature => lines.push(text()),
            Some(Block::Flowed(lines)) if self.format.flowed => lines.push(text()),
            Some(Block::Fixed(lines)) if !self.format.flowed => lines.push(text()),
            _ if self.format.flowed => self.blocks.push(Block::Flowed(vec![text()])),
            _ => self.blocks.push(Block::Fixed(vec![text()])),
        }
    }
}
