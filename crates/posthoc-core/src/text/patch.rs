//! Where a patch lies in a text: unified diffs by their counts, git's headers, context diffs.

use super::flowed::Line;

/// The number of lines that belong to the patch beginning at `lines[0]`; 0 when none begins there.
/// Quoted lines belong to no patch here: one that is quoted is found where quotes are shown.
pub fn patch_length(lines: &[Line<'_>]) -> usize {
    if !begins(lines) {
        return 0;
    }
    let mut at = 0;
    while let Some(line) = lines.get(at).filter(|l| l.depth == 0) {
        let text = line.text.as_ref();
        if let Some((old, new)) = hunk_counts(text) {
            at += 1 + hunk_length(&lines[at + 1..], old, new);
        } else if is_context_line(text) {
            at += 1 + context_length(&lines[at + 1..]);
        } else if is_header(text) || goes_on(&lines[at..]) {
            at += 1;
        } else {
            break;
        }
    }
    at
}

/// Whether a patch begins at the first line: a line alone could be anything, so the next one must
/// agree, except after git's own words.
fn begins(lines: &[Line<'_>]) -> bool {
    let text = |n: usize| {
        lines
            .get(n)
            .filter(|l| l.depth == 0)
            .map_or("", |l| l.text.as_ref())
    };
    let first = text(0);
    first.starts_with("diff --git ")
        || (first.starts_with("diff -") && (is_file_line(text(1)) || text(1).starts_with("*** ")))
        || (first.starts_with("Index: ") && (text(1).starts_with("=====") || is_file_line(text(1))))
        || (first.starts_with("--- ") && text(1).starts_with("+++ "))
        || (first.starts_with("*** ")
            && text(1).starts_with("--- ")
            && text(2).starts_with("*****"))
}

fn is_file_line(text: &str) -> bool {
    text.starts_with("--- ") || text.starts_with("+++ ")
}

/// Lines that stand between hunks.
fn is_header(text: &str) -> bool {
    const STARTS: [&str; 21] = [
        "diff ",
        "index ",
        "Index: ",
        "--- ",
        "+++ ",
        "*** ",
        "=====",
        "new file mode",
        "deleted file mode",
        "old mode",
        "new mode",
        "similarity index",
        "dissimilarity index",
        "rename from",
        "rename to",
        "copy from",
        "copy to",
        "Binary files ",
        "GIT binary patch",
        "Only in ",
        "\\ No newline",
    ];
    STARTS.iter().any(|start| text.starts_with(start))
}

/// Whether at most two empty lines are followed by another piece of the patch.
fn goes_on(lines: &[Line<'_>]) -> bool {
    let empty = lines
        .iter()
        .take(3)
        .take_while(|l| l.depth == 0 && l.text.trim_end().is_empty())
        .count();
    (1..3).contains(&empty)
        && lines.get(empty).is_some_and(|l| {
            hunk_counts(&l.text).is_some() && l.depth == 0 || begins(&lines[empty..])
        })
}

/// The two counts of `@@ -1,5 +1,6 @@`.
pub(super) fn hunk_counts(text: &str) -> Option<(u32, u32)> {
    let (old, rest) = text.strip_prefix("@@ -")?.split_once(" +")?;
    let (new, _) = rest.split_once(" @@")?;
    let count = |range: &str| match range.split_once(',') {
        Some((_, count)) => count.parse().ok(),
        None => range.parse::<u32>().ok().map(|_| 1),
    };
    Some((count(old)?, count(new)?))
}

/// How many of the lines fill a hunk of that many old and new lines.
fn hunk_length(lines: &[Line<'_>], mut old: u32, mut new: u32) -> usize {
    let mut length = 0;
    for line in lines {
        let first = line.text.as_bytes().first();
        let fits = match first {
            _ if line.depth > 0 => false,
            Some(b'\\') => true,
            Some(b'-') if old > 0 => {
                old -= 1;
                true
            }
            Some(b'+') if new > 0 => {
                new -= 1;
                true
            }
            Some(b' ' | b'\t') | None if old > 0 && new > 0 => {
                old -= 1;
                new -= 1;
                true
            }
            _ => false,
        };
        if !fits {
            break;
        }
        length += 1;
    }
    length
}

/// `***************`, `*** 1,5 ****` and `--- 1,6 ----` of a context diff.
pub(super) fn is_context_line(text: &str) -> bool {
    text.starts_with("***************")
        || (text.starts_with("*** ") && text.ends_with(" ****"))
        || (text.starts_with("--- ") && text.ends_with(" ----"))
}

fn context_length(lines: &[Line<'_>]) -> usize {
    lines
        .iter()
        .take_while(|l| {
            let bytes = l.text.as_bytes();
            l.depth == 0 && bytes.len() >= 2 && b" !+-".contains(&bytes[0]) && bytes[1] == b' '
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::super::flowed::fixed;
    use super::*;

    #[test]
    fn patches_are_measured() {
        let check = |text: &str, expected: usize| {
            assert_eq!(patch_length(&fixed(text)), expected, "{text}");
        };
        check("--- a\n+++ b\n@@ -1,2 +1,2 @@\n x\n-y\n+z\n-- \n1.0\n", 6);
        check(
            "diff --git a/x b/x\nindex 1..2\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-y\n+z\n\nThanks\n",
            7,
        );
        check(
            "--- a\n+++ b\n@@ -1 +1 @@\n-y\n+z\n\n@@ -9 +9 @@\n-y\n+z\nDone",
            9,
        );
        check(
            "Index: x\n=======\n--- x\n+++ x\n@@ -0,0 +1,2 @@\n+a\n+\n+b\n",
            7,
        );
        check(
            "*** a\n--- b\n***************\n*** 1,2 ****\n! x\n  y\n--- 1,2 ----\n! z\n  y\nbye",
            9,
        );
        check("--- that is all ---\nbye", 0);
        check("plain", 0);
        check("", 0);
        check("diff --git a/x b/x\n@@ -1,99999999999 +1 @@\n", 1);
    }
}
