//! format=flowed (RFC 3676), and quotes drawn as such.

use super::arguments::Arguments;
use super::links::push_urls;
use crate::text::push_escaped;

/// How lines belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    /// A blank at the end joins a line with the next.
    Flowed {
        /// `DelSp`: without that blank.
        joins: bool,
    },
    /// Every line is one (`fancyquote`).
    Fixed {
        /// Not in PRE, with a BR at each end.
        loose: bool,
    },
}

/// Marks of quotes that are counted.
const DEEPEST: usize = 100;

/// Appends escaped text.
pub(super) fn push(text: &[u8], how: How, arguments: &Arguments, out: &mut Vec<u8>) {
    let mut writer = Writer {
        out,
        arguments,
        depth: 0,
        block: Block::None,
        flows: false,
        end: b"",
    };
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        // The last line may have no end, and gets none.
        let (line, end) = line
            .strip_suffix(b"\n")
            .map_or((line, &b""[..]), |line| (line, &b"\n"[..]));
        writer.end = end;
        writer.line(line, how);
    }
    writer.quote_to(0);
    writer.close();
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Block {
    None,
    Pre,
}

struct Writer<'a> {
    out: &'a mut Vec<u8>,
    arguments: &'a Arguments,
    depth: usize,
    block: Block,
    /// The line before flows into this one.
    flows: bool,
    /// What ends the line.
    end: &'static [u8],
}

impl Writer<'_> {
    fn line(&mut self, line: &[u8], how: How) {
        let (mut rest, mut depth) = (line, 0);
        loop {
            let after = match how {
                How::Flowed { .. } => rest.strip_prefix(b"&gt;"),
                How::Fixed { .. } => rest
                    .strip_prefix(b"&gt;")
                    .or_else(|| rest.strip_prefix(b" &gt;")),
            };
            let Some(after) = after.filter(|_| depth < DEEPEST) else {
                break;
            };
            rest = after;
            depth += 1;
        }
        // A stuffed blank, or the one after the marks.
        if matches!(how, How::Flowed { .. }) || depth > 0 {
            rest = rest.strip_prefix(b" ").unwrap_or(rest);
        }
        if depth != self.depth {
            self.quote_to(depth);
        }
        match how {
            How::Fixed { loose: true } => {
                push_urls(rest, self.arguments, self.out);
                if !self.end.is_empty() {
                    self.out.extend_from_slice(b"<br>\n");
                }
            }
            How::Fixed { loose: false } => self.fixed(rest),
            How::Flowed { joins } => self.flowed(rest, joins),
        }
    }

    fn flowed(&mut self, line: &[u8], joins: bool) {
        if line == b"-- " {
            self.flows = false;
            return self.fixed(b"--");
        }
        let flows = line.ends_with(b" ");
        if !flows && !self.flows {
            return self.fixed(line);
        }
        self.close();
        let line = match line.strip_suffix(b" ") {
            Some(joined) if joins && flows => joined,
            _ => line,
        };
        self.out.extend_from_slice(b"<tt>");
        push_urls(line, self.arguments, self.out);
        self.out.extend_from_slice(self.end);
        self.out.extend_from_slice(b"</tt>");
        self.flows = flows;
    }

    fn fixed(&mut self, line: &[u8]) {
        if self.block == Block::None {
            self.out
                .extend_from_slice(b"<pre style=\"margin: 0em;\">\n");
            self.block = Block::Pre;
        }
        push_urls(line, self.arguments, self.out);
        self.out.extend_from_slice(self.end);
    }

    fn close(&mut self) {
        if self.block == Block::Pre {
            self.out.extend_from_slice(b"</pre>");
            self.block = Block::None;
        }
    }

    fn quote_to(&mut self, depth: usize) {
        self.close();
        self.flows = false;
        while self.depth > depth {
            self.out.extend_from_slice(b"</blockquote>");
            self.depth -= 1;
        }
        while self.depth < depth {
            match self.arguments.value("quoteclass") {
                Some(class) => {
                    self.out.extend_from_slice(b"<blockquote class=\"");
                    push_escaped(class.as_bytes(), self.out);
                    self.out.extend_from_slice(b"\">");
                }
                None => self.out.extend_from_slice(
                    b"<blockquote style=\"border-left: #5555EE solid 0.2em; margin: 0em; padding-left: 0.85em\">",
                ),
            }
            self.depth += 1;
        }
    }
}
