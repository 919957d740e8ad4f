//! What is wrong with a style sheet, as far as it can be told without a browser.

/// What is wrong, each with its line: files that a page's policy has no browser load, and braces and
/// comments that do not end.
pub(super) fn faults(sheet: &str) -> Vec<(usize, String)> {
    let mut faults = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut line = 1;
    let mut rest = sheet;
    while let Some(c) = rest.chars().next() {
        let mut taken = c.len_utf8();
        match c {
            '/' if rest.starts_with("/*") => match rest[2..].find("*/") {
                Some(end) => taken = end + 4,
                None => {
                    faults.push((line, "this comment does not end".to_owned()));
                    break;
                }
            },
            '"' | '\'' => match string_end(rest, c) {
                Some(end) => taken = end,
                None => faults.push((line, "this string does not end in its line".to_owned())),
            },
            '{' => open.push(line),
            '}' if open.pop().is_none() => {
                faults.push((line, "this } ends nothing".to_owned()));
            }
            _ if begins(rest, "@import") => faults.push((
                line,
                "@import is refused by the pages' policy; put the rules in here".to_owned(),
            )),
            _ if begins(rest, "url(") => faults.push((
                line,
                "a theme's style sheet has no files to load, and pages refuse those of others"
                    .to_owned(),
            )),
            _ => {}
        }
        line += rest[..taken].matches('\n').count();
        rest = &rest[taken..];
    }
    faults.extend(
        open.iter()
            .map(|line| (*line, "this { does not end".to_owned())),
    );
    faults.sort_unstable();
    faults
}

fn begins(text: &str, word: &str) -> bool {
    text.get(..word.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(word))
}

/// Where a string that begins here ends; none when its line ends before.
fn string_end(text: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '\n' => return None,
            c if c == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_told_with_their_lines() {
        for (sheet, lines) in [
            ("a { b: \"}\"; } /* { */\n", vec![]),
            ("a {\n b: c;\n", vec![1]),
            ("a { b: c; }\n}\n", vec![2]),
            ("\n@IMPORT 'x.css';", vec![2]),
            ("a { b: URL(x.png); }", vec![1]),
            ("a { b: \"c\n; }", vec![1]),
            ("/* url(x) */ a { content: 'url(x)' }", vec![]),
            ("a{}\n\n/* x", vec![3]),
            ("é\u{fe0f}{", vec![1]),
        ] {
            let found: Vec<usize> = faults(sheet).iter().map(|(line, _)| *line).collect();
            assert_eq!(found, lines, "{sheet}");
        }
    }
}
