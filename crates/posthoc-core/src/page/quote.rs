//! Quotes as HTML: levels in colours, long ones folded, patches in them coloured.

use super::clean::{clip, one_line};
use super::direction::push_direction;
use super::linker::Linker;
use super::patch::push_patch_lines;
use super::prose::push_fixed;
use super::strings::{Arg, Strings, Text};
use crate::message::QuotedLine;
use crate::text::{Html, PatchReader};

/// Levels of quotes that are drawn; deeper ones stand at the last.
const DEEPEST: u8 = 8;
/// A quote of more lines than these is folded.
const LONGEST_OPEN: usize = 20;
/// Characters of a fold's first words.
const FIRST_WORDS: usize = 70;
/// Lines in which they are looked for.
const NEAR: usize = 30;

/// Quotes of one mail; the next may go on with a patch that an earlier one began.
pub(super) struct Quotes<'a> {
    linker: &'a Linker<'a>,
    strings: &'a Strings,
    /// Whether everything in the mail is quoted: then nothing is folded.
    alone: bool,
    patch: Option<(u8, PatchReader)>,
}

impl<'a> Quotes<'a> {
    /// Of a mail in which everything is quoted, or not.
    pub(super) fn new(alone: bool, linker: &'a Linker<'a>, strings: &'a Strings) -> Self {
        Quotes {
            linker,
            strings,
            alone,
            patch: None,
        }
    }

    /// Appends a quote; its levels are nested.
    pub(super) fn push(&mut self, html: &mut Html, lines: &[QuotedLine]) {
        let fold = !self.alone && is_long(lines);
        if fold {
            push_fold(html, "fold", lines, self.strings, Text::QuotedLines);
        }
        self.push_levels(html, lines);
        if fold {
            html.push_literal("</details>\n");
        }
    }

    /// Appends an earlier mail that stood below the text without marks.
    pub(super) fn push_original(&mut self, html: &mut Html, lines: &[QuotedLine]) {
        let fold = !self.alone && is_long(lines);
        if fold {
            let text = Text::EarlierLines;
            push_fold(html, "fold original", lines, self.strings, text);
        } else {
            html.push_literal("<div class=\"original\">\n");
        }
        self.push_levels(html, lines);
        html.push_literal(if fold { "</details>\n" } else { "</div>\n" });
    }

    /// Nested by depth; three colours follow each other.
    fn push_levels(&mut self, html: &mut Html, lines: &[QuotedLine]) {
        const OPEN: [&str; 3] = [
            "<blockquote class=\"q1\"",
            "<blockquote class=\"q2\"",
            "<blockquote class=\"q3\"",
        ];
        let mut open = 0;
        for run in lines.chunk_by(|a, b| shown_depth(a) == shown_depth(b)) {
            let depth = shown_depth(&run[0]);
            while open > depth {
                html.push_literal("</blockquote>\n");
                open -= 1;
            }
            while open < depth {
                html.push_literal(OPEN[usize::from(open) % 3]);
                push_direction(html, run.iter().map(|line| line.text.as_str()));
                html.push_literal(">\n");
                open += 1;
            }
            self.push_run(html, run);
        }
        for _ in 0..open {
            html.push_literal("</blockquote>\n");
        }
    }

    /// Lines of one depth: a patch, or what goes on with one, up to its end; then text.
    fn push_run(&mut self, html: &mut Html, mut run: &[QuotedLine]) {
        while !run.is_empty() {
            let begin = self.goes_on(run).then_some(0);
            let begin = begin.or_else(|| run.iter().position(begins_patch));
            let Some(begin) = begin else { break };
            let (text, patch) = run.split_at(begin);
            push_fixed(
                html,
                text.iter().map(|line| line.text.as_str()),
                self.linker,
            );
            let depth = shown_depth(&run[0]);
            let mut reader = match self.patch.take() {
                Some((at, reader)) if at == depth && begin == 0 => reader,
                _ => PatchReader::default(),
            };
            let end = patch.iter().skip(1).position(|line| !may_be_patch(line));
            let end = end.map_or(patch.len(), |at| at + 1);
            push_patch_lines(
                html,
                patch[..end].iter().map(|line| line.text.as_str()),
                &mut reader,
            );
            self.patch = Some((depth, reader));
            run = &patch[end..];
        }
        push_fixed(html, run.iter().map(|line| line.text.as_str()), self.linker);
    }

    /// Whether lines go on with a patch that was quoted before at the same depth.
    fn goes_on(&self, run: &[QuotedLine]) -> bool {
        let known = self.patch.as_ref();
        known.is_some_and(|(depth, _)| *depth == shown_depth(&run[0]))
            && run.iter().all(may_be_patch)
            && run
                .iter()
                .any(|line| line.text.starts_with(['+', '-', '@', ' ', '\t']))
    }
}

fn begins_patch(line: &QuotedLine) -> bool {
    let text = line.text.as_str();
    match text.as_bytes().first() {
        Some(b'd') => text.starts_with("diff --git ") || text.starts_with("diff -"),
        Some(b'@') => text.starts_with("@@ -") && text.contains(" @@"),
        Some(b'I') => text.starts_with("Index: "),
        Some(b'-') => text.starts_with("--- a/"),
        _ => false,
    }
}

fn may_be_patch(line: &QuotedLine) -> bool {
    let text = line.text.as_str();
    match text.as_bytes().first() {
        None | Some(b'+' | b'-' | b' ' | b'@' | b'\t' | b'\\') => true,
        _ => [
            "diff ",
            "index ",
            "Index: ",
            "=====",
            "new file",
            "deleted file",
            "rename ",
            "similarity ",
            "old mode",
            "new mode",
        ]
        .iter()
        .any(|start| text.starts_with(start)),
    }
}

fn shown_depth(line: &QuotedLine) -> u8 {
    line.depth.clamp(1, DEEPEST)
}

/// Whether a quote takes more lines than are shown open; a flowed paragraph takes several.
fn is_long(lines: &[QuotedLine]) -> bool {
    let rows = |line: &QuotedLine| line.text.len() / 80 + 1;
    lines.iter().map(rows).sum::<usize>() > LONGEST_OPEN
}

/// Begins a closed fold that says what is in it.
fn push_fold(
    html: &mut Html,
    class: &'static str,
    lines: &[QuotedLine],
    strings: &Strings,
    text: Text,
) {
    html.push_literal("<details class=\"");
    html.push_literal(class);
    html.push_literal("\"><summary>");
    let count = [("count", Arg::Digits(lines.len() as u64))];
    strings.push_html(html, text, &count);
    // A greeting or who wrote says little; looked for in a few lines only.
    let words = |text: &str| text.chars().any(char::is_alphanumeric) && !text.starts_with("---");
    let speaks = |text: &str| words(text) && text.len() > 20 && !text.trim_end().ends_with(':');
    let near = || lines.iter().take(NEAR);
    let first = near().find(|line| speaks(&line.text));
    if let Some(first) = first.or_else(|| near().find(|line| words(&line.text))) {
        html.push_literal(": <bdi>");
        html.push_text(&clip(&one_line(&first.text), FIRST_WORDS));
        html.push_literal("</bdi>");
    }
    html.push_literal("</summary>\n");
}

/// Appends the lines that say who wrote the quote below; the paragraph is left open.
pub(super) fn push_attribution(html: &mut Html, lines: &[String], linker: &Linker<'_>) {
    html.push_literal("<p class=\"wrote\"");
    push_direction(html, lines.iter().map(String::as_str));
    html.push_literal(">");
    let filled = lines.iter().filter(|line| !line.trim().is_empty());
    for (n, line) in filled.enumerate() {
        html.push_literal(if n > 0 { "\n" } else { "" });
        linker.push(html, super::clean::body_line(line).trim());
    }
}
