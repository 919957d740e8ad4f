//! Quote marks other than `>`: `|`, `:` and names (`Ada>`), where they are sure to be marks.

use super::attribution::is_attribution;
use super::flowed::{Line, quote_depth};

/// The longest name before a `>`, in bytes.
const LONGEST_NAME: usize = 15;
/// A line of prose has at least so many bytes.
const PROSE: usize = 30;
/// What stands before a `>` in transcripts of programs.
const PROMPTS: [&str; 40] = [
    "bash", "boot", "c", "cmd", "csh", "d", "dos", "erl", "ftp", "gdb", "ghci", "gnuplot", "grub",
    "hive", "i", "iex", "in", "input", "irb", "julia", "lftp", "maxima", "mongo", "mysql", "o",
    "octave", "ok", "out", "output", "perl", "postgres", "prolog", "psql", "python", "scala", "sh",
    "sql", "sqlite", "tcl", "telnet",
];

/// A mark at the start of a line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark<'a> {
    Bar,
    Colon,
    Name(&'a str),
}

/// Raises the depth of lines that are quoted by `|`, `:` or a name. A `|` or `:` is one below a line
/// that says who wrote (`Ada wrote:`) and from then on; a name as well, or by three lines of prose in
/// a row. Bars and colons are taken off; names stay, for they say who speaks. Linear.
pub fn find_other_marks(lines: &mut [Line<'_>]) {
    let mut bars = false;
    let mut colons = false;
    let mut names: Vec<String> = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let Some(mark) = mark(&lines[at]) else {
            at += 1;
            continue;
        };
        let length = lines[at..]
            .iter()
            .take_while(|line| self::mark(line) == Some(mark))
            .count();
        let (before, run) = lines.split_at(at);
        let run = &run[..length];
        let sure = match mark {
            Mark::Bar => !is_table(run) && (bars || is_introduced(before)),
            Mark::Colon => colons || is_introduced(before),
            Mark::Name(name) => {
                names.iter().any(|known| known == name)
                    || is_introduced(before)
                    || (length >= 3 && is_prose(run) && !is_prompt(name))
            }
        };
        if sure {
            match mark {
                Mark::Bar => bars = true,
                Mark::Colon => colons = true,
                Mark::Name(name) if names.len() < 16 => names.push(name.to_owned()),
                Mark::Name(_) => {}
            }
            for line in &mut lines[at..at + length] {
                quote(line);
            }
        }
        at += length;
    }
}

fn mark<'a>(line: &'a Line<'_>) -> Option<Mark<'a>> {
    if line.depth > 0 {
        return None;
    }
    let text = line.text.strip_prefix(' ').unwrap_or(&line.text);
    let ends = |at: usize| matches!(text.as_bytes().get(at), None | Some(b' ' | b'>'));
    match text.as_bytes().first()? {
        b'|' if ends(1) => Some(Mark::Bar),
        b':' if matches!(text.as_bytes().get(1), None | Some(b' ')) => Some(Mark::Colon),
        b'A'..=b'Z' | b'a'..=b'z' => {
            let near = &text.as_bytes()[..text.len().min(LONGEST_NAME + 1)];
            let end = memchr::memchr(b'>', near)?;
            let plain = |b: &u8| b.is_ascii_alphanumeric() || b"._-".contains(b);
            (near[..end].iter().all(plain) && ends(end + 1)).then(|| Mark::Name(&text[..end]))
        }
        _ => None,
    }
}

/// Takes the marks off, but for names.
fn quote(line: &mut Line<'_>) {
    let mut depth = 0u8;
    let mut rest = line.text.as_ref();
    while let Some(found) = rest
        .trim_start_matches(' ')
        .strip_prefix(['|', ':'])
        .filter(|found| found.is_empty() || found.starts_with([' ', '>']))
        .filter(|_| depth < u8::MAX)
    {
        depth += 1;
        rest = found;
    }
    if depth == 0 {
        line.depth = 1;
        return;
    }
    let (more, text) = quote_depth(rest);
    let text = match more {
        0 => text.strip_prefix(' ').unwrap_or(text),
        _ => text,
    };
    line.depth = depth.saturating_add(more);
    line.text = text.to_owned().into();
}

/// Whether the nearest line with text, at most three lines up, says who wrote.
fn is_introduced(before: &[Line<'_>]) -> bool {
    before
        .iter()
        .rev()
        .take(3)
        .find(|line| !line.text.trim().is_empty())
        .is_some_and(|line| line.depth == 0 && is_attribution(&line.text))
}

fn is_table(run: &[Line<'_>]) -> bool {
    run.iter().any(|line| {
        let bars = memchr::memchr_iter(b'|', line.text.as_bytes()).count();
        bars > 2 || (bars > 1 && line.text.trim_end().ends_with('|'))
    })
}

fn is_prose(run: &[Line<'_>]) -> bool {
    let long = |line: &&Line<'_>| line.text.len() > PROSE && line.text.trim().contains(' ');
    run.iter().filter(long).count() * 2 >= run.len()
}

fn is_prompt(name: &str) -> bool {
    PROMPTS.iter().any(|known| known.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::super::flowed::fixed;
    use super::*;

    fn check(text: &str, depths: &[u8], first: &str) {
        let mut lines = fixed(text);
        find_other_marks(&mut lines);
        let found: Vec<u8> = lines.iter().map(|line| line.depth).collect();
        assert_eq!(found, depths, "{text}");
        if let Some(line) = lines.iter().find(|line| line.depth > 0) {
            assert_eq!(line.text, first, "{text}");
        }
    }

    #[test]
    fn marks_are_found_where_they_are_sure() {
        check("Ada writes:\n| one\n| | two\nno", &[0, 1, 2, 0], "one");
        check(
            "Ada wrote:\n\n: one\n:\nno\n: two",
            &[0, 0, 1, 1, 0, 1],
            "one",
        );
        check("Ada wrote:\n| > one", &[0, 2], "one");
        check("Ada wrote:\nAL> one\nno", &[0, 1, 0], "AL> one");
        check("a table:\n| one | two |\n| 1   | 2   |", &[0, 0, 0], "");
        check("| a bar alone\n: a colon", &[0, 0], "");
        check("A wrote:\n| a | b |\n| c | d |", &[0, 0, 0], "");
        check(
            "SQL> select 1 from a long table of names\n"
                .repeat(3)
                .trim(),
            &[0, 0, 0],
            "",
        );
        let prose = "Ada> The bell is rung by hand on Sundays and on feasts\n";
        check(prose.repeat(3).trim(), &[1, 1, 1], prose.trim());
        check(prose.trim(), &[0], "");
    }
}
