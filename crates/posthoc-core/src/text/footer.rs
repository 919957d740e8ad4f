//! What list software appends to a mail.

use super::flowed::Line;

/// Lines that one footer may have.
const MOST_LINES: usize = 15;
/// Footers below each other.
const MOST_FOOTERS: usize = 4;
/// A line of so many equal signs parts a footer from the text.
const RULE: usize = 20;

/// Words that tell of a list, in lower case.
const WORDS: [&str; 14] = [
    "mailing list",
    "mailinglist",
    "mailing-list",
    "listinfo",
    "unsubscri",
    "mailman",
    "//lists.",
    "-request@",
    "-request at ",
    "list archive",
    "mailing liste",
    "liste de diffusion",
    "lista de correo",
    "sponsored by",
];

/// Where the footers begin that lists put below a text; the number of lines where there are none. A
/// footer is a rule (a line of 20 or more `_`, `-`, `=`, `*`; `--`, `-`) and at most 15 lines that
/// speak of a list. Looks at the last lines only.
pub fn footer_start(lines: &[Line<'_>]) -> usize {
    let mut end = text_end(lines, lines.len());
    let mut start = lines.len();
    for _ in 0..MOST_FOOTERS {
        match last_footer(&lines[..end]) {
            Some(at) => {
                start = at;
                end = text_end(lines, at);
            }
            None => break,
        }
    }
    start
}

/// The end without empty lines.
fn text_end(lines: &[Line<'_>], end: usize) -> usize {
    let filled = |line: &Line<'_>| line.depth > 0 || !line.text.trim().is_empty();
    lines[..end].iter().rposition(filled).map_or(0, |at| at + 1)
}

fn last_footer(lines: &[Line<'_>]) -> Option<usize> {
    let nearest = lines.len().saturating_sub(MOST_LINES + 1);
    let mut speaks = false;
    let mut speaks_of_leaving = false;
    let mut found = None;
    for at in (nearest..lines.len()).rev() {
        let line = &lines[at];
        if line.depth > 0 {
            break;
        }
        let text = line.text.trim_end();
        // A patch that changes such lines is none.
        if text.starts_with("@@ ") || text.starts_with("+++ ") {
            break;
        }
        let separates = is_rule(text) || matches!(text, "--" | "-" | "---");
        if separates {
            let enough = if is_rule(text) {
                speaks
            } else {
                speaks_of_leaving
            };
            if enough {
                found = Some(at);
                // A frame's upper line may stand a few lines above; a footer above has its own.
                break;
            }
            continue;
        }
        if !speaks_of_leaving {
            let lower = text.to_lowercase();
            speaks_of_leaving = lower.contains("unsubscri")
                || lower.contains("you received this message because you are subscribed");
            speaks |= speaks_of_leaving || WORDS.iter().any(|word| lower.contains(word));
        }
    }
    found
}

/// A line of nothing but one sign, or of Google's pattern.
fn is_rule(text: &str) -> bool {
    let Some(first) = text.bytes().next().filter(|b| b"_-=*".contains(b)) else {
        return false;
    };
    text.len() >= RULE && text.bytes().all(|b| b == first || b == b'~')
}

#[cfg(test)]
mod tests {
    use super::super::flowed::fixed;
    use super::*;

    #[test]
    fn footers() {
        let check = |text: &str, expected: usize| {
            assert_eq!(footer_start(&fixed(text)), expected, "{text}");
        };
        let rule = "_".repeat(47);
        check(
            &format!("Hello\n{rule}\nBell mailing list\nBell@lists.example.org\n"),
            1,
        );
        check(&format!("{rule}\nBell mailing list\n"), 0);
        check(
            "Hello\n\n-\nTo unsubscribe from this list: send the line\n",
            2,
        );
        check(
            "Hello\n-- \nTo UNSUBSCRIBE, email to bell-REQUEST@lists.example.org\n",
            1,
        );
        check("Hello\n-- \nAda\n", 3);
        check(&format!("Hello\n{rule}\nof nothing\n"), 3);
        check(
            &format!("Hello\n{rule}\nBell mailing list\n\n{rule}\nTower mailing list\n"),
            1,
        );
        check("", 0);
        check("unsubscribe", 1);
        let long = format!("{rule}\n{}mailing list", "x\n".repeat(40));
        check(&long, 42);
        let patch = format!(
            "Index: x\n{}\n--- x\n+++ x\n@@ -1 +1 @@\n mailing list\n+y",
            "=".repeat(67)
        );
        check(&patch, 7);
        check(&format!("> {rule}\n> Bell mailing list\n"), 2);
    }
}
