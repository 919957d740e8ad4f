//! Writing for people: escaped, paged, with progress.

use crate::args::Global;
use crate::exit::Failure;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Between two lines of progress where there is no terminal.
const LINE_EVERY: Duration = Duration::from_secs(60);

/// Whether a character may change how a terminal shows others: C0 and C1 controls, line separators,
/// and the marks that turn text around or hide it.
fn is_control(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Escapes all controls: text that stands in one line.
pub(crate) fn line(text: &str) -> String {
    escape(text, is_control)
}

fn escape(text: &str, escaped: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t' | '\n' if escaped(c) => out.push(' '),
            '\r' if escaped(c) => {}
            _ if escaped(c) => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            _ => out.push(c),
        }
    }
    out
}

/// A mail's own text: on a terminal with its controls escaped, else as it is.
pub(crate) fn text(text: &str) -> String {
    if !io::stdout().is_terminal() {
        return text.to_owned();
    }
    escape(text, |c| is_control(c) && !matches!(c, '\n' | '\t'))
}

/// Words in bold, where that is wanted.
pub(crate) fn bold(text: &str) -> String {
    if io::stdout().is_terminal() && colours() {
        format!("\x1b[1m{text}\x1b[0m")
    } else {
        text.to_owned()
    }
}

/// <https://no-color.org>: set and not empty means none.
fn colours() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Prints text that ends in a line end.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}

/// Prints a mail's bytes; on a terminal as escaped text.
pub(crate) fn bytes(bytes: &[u8]) -> Result<(), Failure> {
    if io::stdout().is_terminal() {
        return print(&text(&String::from_utf8_lossy(bytes)));
    }
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    Ok(out.flush()?)
}

/// Prints text through `$PAGER` on a terminal, else as it is.
pub(crate) fn page(text: &str) -> Result<(), Failure> {
    let pager = std::env::var("PAGER").unwrap_or_default();
    if pager.trim().is_empty() || !io::stdout().is_terminal() {
        return print(text);
    }
    let mut command = Command::new("sh");
    command.arg("-c").arg(&pager).stdin(Stdio::piped());
    if std::env::var_os("LESS").is_none() {
        // Short text needs no key press, and bold stays bold.
        command.env("LESS", "FRX");
    }
    let Ok(mut pager) = command.spawn() else {
        return print(text);
    };
    if let Some(mut stdin) = pager.stdin.take() {
        // Leaving the pager before the end is no error.
        let _ = stdin.write_all(text.as_bytes());
    }
    let _ = pager.wait();
    Ok(())
}

/// Prints JSON alone; on a terminal with the controls that JSON allows escaped too.
pub(crate) fn json(value: &impl Serialize) -> Result<(), Failure> {
    let mut json = serde_json::to_string_pretty(value).map_err(io::Error::from)?;
    if io::stdout().is_terminal() {
        json = json
            .chars()
            .map(|c| match c {
                '\n' => c.to_string(),
                // Every control outside ASCII here is of the basic plane.
                c if is_control(c) => format!("\\u{:04x}", u32::from(c)),
                c => c.to_string(),
            })
            .collect();
    }
    json.push('\n');
    print(&json)
}

/// A word beside the answer, on standard error; none with `-q`.
pub(crate) fn note(global: &Global, text: &str) {
    if !global.quiet {
        eprintln!("posthoc: {}", line(text));
    }
}

/// `12.3 MB`.
pub(crate) fn size(bytes: u64) -> String {
    let mut value = bytes as f64;
    for unit in ["bytes", "kB", "MB", "GB"] {
        if value < 1000.0 {
            let digits = usize::from(unit != "bytes" && value < 100.0);
            return format!("{value:.digits$} {unit}");
        }
        value /= 1000.0;
    }
    format!("{value:.1} TB")
}

/// `1 mail`, `2 mails`.
pub(crate) fn count(n: u64, one: &str) -> String {
    format!("{n} {one}{}", if n == 1 { "" } else { "s" })
}

/// The day of an RFC 3339 date.
pub(crate) fn day(date: &str) -> &str {
    date.split('T').next().unwrap_or(date)
}

/// Columns with two spaces between; numbers stand right.
pub(crate) fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let number = |column: usize| {
        let mut cells = rows.iter().skip(1).filter_map(|row| row.get(column));
        cells.all(|cell| cell.chars().all(|c| c.is_ascii_digit() || c == '.'))
    };
    let right: Vec<bool> = (0..columns).map(number).collect();
    let mut out = String::new();
    for row in rows {
        let mut text = String::new();
        for (column, cell) in row.iter().enumerate() {
            let width = widths[column];
            let cell = match right[column] {
                true => format!("{cell:>width$}"),
                false => format!("{cell:<width$}"),
            };
            let gap = if column == 0 { "" } else { "  " };
            let _ = write!(text, "{gap}{cell}");
        }
        out.push_str(text.trim_end());
        out.push('\n');
    }
    out
}

/// How far a verb is: a bar on a terminal, a line a minute elsewhere, nothing with `-q`.
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    /// When the last line was printed; none: no lines.
    line: Option<Mutex<Instant>>,
    what: &'static str,
}

impl Progress {
    pub(crate) fn new(global: &Global, what: &'static str) -> Self {
        let terminal = io::stderr().is_terminal();
        let bar = (!global.quiet && terminal).then(|| {
            let bar = ProgressBar::new(0);
            let style = if colours() {
                "{bar:30.cyan}"
            } else {
                "{bar:30}"
            };
            let style =
                format!("{{spinner}} {{prefix}} {style} {{percent:>3}}% {{msg}} {{eta:>4}}");
            if let Ok(style) = ProgressStyle::with_template(&style) {
                bar.set_style(style);
            }
            bar.set_prefix(what);
            bar
        });
        let line = (!global.quiet && !terminal).then(|| Mutex::new(Instant::now()));
        Progress { bar, line, what }
    }

    /// Done so much of so much (0 when that is not known), with words about it.
    pub(crate) fn at(&self, done: u64, of: u64, words: impl Fn() -> String) {
        if let Some(bar) = &self.bar {
            bar.set_length(of.max(done));
            bar.set_position(done);
            bar.set_message(line(&words()));
        }
        if let Some(Ok(mut last)) = self.line.as_ref().map(Mutex::lock)
            && last.elapsed() >= LINE_EVERY
        {
            *last = Instant::now();
            let percent = match of {
                0 => String::new(),
                of => format!(" {}%", done.saturating_mul(100) / of),
            };
            eprintln!("posthoc: {}{percent} {}", self.what, line(&words()));
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_are_escaped() {
        assert_eq!(
            line("a\u{1b}[31mb\u{202e}c\u{9b}d\r\n\te"),
            "a\\u{1b}[31mb\\u{202e}c\\u{9b}d  e"
        );
        assert_eq!(line("Ünïcödé 漢字"), "Ünïcödé 漢字");
    }

    #[test]
    fn tables_and_sizes() {
        let row = |a: &str, b: &str| vec![a.to_owned(), b.to_owned()];
        let rows = [
            row("list", "mails"),
            row("a-long-name", "7"),
            row("b", "12"),
        ];
        assert_eq!(
            table(&rows),
            "list         mails\na-long-name      7\nb               12\n"
        );
        for (bytes, shown) in [
            (0, "0 bytes"),
            (999, "999 bytes"),
            (1500, "1.5 kB"),
            (338_600_000, "339 MB"),
        ] {
            assert_eq!(size(bytes), shown);
        }
    }
}
