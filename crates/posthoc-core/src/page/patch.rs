//! Patches as HTML: a class for each kind of line, and how much they change.

use super::clean::{clip, code_line, one_line};
use super::prose::moves;
use super::strings::{Arg, Strings, Text};
use crate::message::Attachment;
use crate::text::{FileStat, Html, PatchLine, PatchReader, diffstat};

/// Files that are named one by one.
const MOST_FILES: usize = 100;
/// Lines of an attached patch that are shown open.
const LONGEST_OPEN: usize = 400;
/// Bytes of attached patches that one mail shows.
const ATTACHED_BYTES: usize = 256 << 10;

/// Appends a patch with its diffstat, unless the mail has one (`stat_is_told`).
pub(super) fn push_patch(html: &mut Html, lines: &[String], stat_is_told: bool, strings: &Strings) {
    if !stat_is_told {
        push_stat(html, &diffstat(lines.iter().map(String::as_str)), strings);
    }
    let lines = lines.iter().map(String::as_str);
    push_patch_lines(html, lines, &mut PatchReader::default());
}

/// Whether a line ends the diffstat that git makes.
pub(super) fn is_stat_line(line: &str) -> bool {
    line.starts_with(' ') && line.contains(" changed") && line.contains(" file")
}

/// Appends a patch's lines.
pub(super) fn push_patch_lines<'a>(
    html: &mut Html,
    lines: impl Iterator<Item = &'a str> + Clone,
    reader: &mut PatchReader,
) {
    html.push_literal("<pre class=\"patch\"");
    html.push_literal(moves(lines.clone()));
    html.push_literal("><code>");
    for line in lines {
        let open = match reader.read(line) {
            PatchLine::File => "<span class=\"file-line\">",
            PatchLine::Hunk => "<span class=\"hunk\">",
            PatchLine::Added => "<span class=\"added\">",
            PatchLine::Removed => "<span class=\"removed\">",
            PatchLine::Context => "",
        };
        html.push_literal(open);
        html.push_text(&code_line(line));
        html.push_literal("\n");
        if !open.is_empty() {
            html.push_literal("</span>");
        }
    }
    html.push_literal("</code></pre>\n");
}

/// `2 files changed, 12 lines added, 3 removed`, and each file where there are several.
fn push_stat(html: &mut Html, stats: &[FileStat], strings: &Strings) {
    if stats.is_empty() {
        return;
    }
    html.push_literal("<div class=\"stat\"><p>");
    push_sum(html, stats, strings);
    html.push_literal("</p>");
    if stats.len() > 1 {
        html.push_literal("<ul>");
        for stat in &stats[..stats.len().min(MOST_FILES)] {
            html.push_literal("<li><bdi>");
            html.push_text(&clip(&one_line(&stat.name), 200));
            html.push_literal("</bdi> <ins>+");
            html.push_number(stat.added.into());
            html.push_literal("</ins> <del>−");
            html.push_number(stat.removed.into());
            html.push_literal("</del></li>");
        }
        html.push_literal("</ul>");
    }
    html.push_literal("</div>\n");
}

fn push_sum(html: &mut Html, stats: &[FileStat], strings: &Strings) {
    let sum = |count: fn(&FileStat) -> u32| stats.iter().map(|s| u64::from(count(s))).sum::<u64>();
    let push = |html: &mut Html, text: Text, count: u64| {
        strings.push_html(html, text, &[("count", Arg::Digits(count))]);
    };
    push(html, Text::FilesChanged, stats.len() as u64);
    let (added, removed) = (sum(|s| s.added), sum(|s| s.removed));
    if added > 0 {
        html.push_literal(", <ins>");
        push(html, Text::LinesAdded, added);
        html.push_literal("</ins>");
    }
    if removed > 0 {
        html.push_literal(", <del>");
        let text = match added {
            0 => Text::LinesRemoved,
            _ => Text::Removed,
        };
        push(html, text, removed);
        html.push_literal("</del>");
    }
}

/// Appends an attached patch below its file's line, as long as there is `room`.
pub(super) fn push_attached(
    html: &mut Html,
    attachment: &Attachment,
    room: &mut usize,
    strings: &Strings,
) {
    let Some(text) = attached_patch(attachment) else {
        return;
    };
    if text.len() > *room {
        return;
    }
    *room -= text.len();
    let stats = diffstat(text.lines());
    if stats.is_empty() {
        return;
    }
    let open = memchr::memchr_iter(b'\n', text.as_bytes()).count() <= LONGEST_OPEN;
    html.push_literal(if open {
        "<details class=\"attached\" open><summary>"
    } else {
        "<details class=\"attached\"><summary>"
    });
    push_sum(html, &stats, strings);
    html.push_literal("</summary>\n");
    push_patch_lines(html, text.lines(), &mut PatchReader::default());
    html.push_literal("</details>");
}

/// What one mail may show of attached patches.
pub(super) const fn attached_room() -> usize {
    ATTACHED_BYTES
}

/// The text of an attachment that is a patch by its type or its name.
fn attached_patch(attachment: &Attachment) -> Option<&str> {
    let text = attachment.text.as_deref()?;
    let typed = ["text/x-patch", "text/x-diff", "text/diff", "text/patch"];
    let name = attachment.name.as_str();
    let named = [".patch", ".diff", ".patch.txt", ".diff.txt"]
        .iter()
        .any(|end| {
            name.len()
                .checked_sub(end.len())
                .and_then(|at| name.get(at..))
                .is_some_and(|tail| tail.eq_ignore_ascii_case(end))
        });
    (typed.contains(&attachment.media_type.as_str()) || named).then_some(text)
}
