//! What a list's settings say of its texts: words that are links, and lines that begin a footer.

use crate::message::{Block, Body};
use crate::text::Html;
use regex::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};

/// Rules of one list.
pub const MOST_RULES: usize = 20;
/// Bytes that a compiled pattern may take.
const SIZE: usize = 1 << 20;
/// Lines at the end of a text in which a footer may begin.
const FOOTER_LINES: usize = 40;

/// Words of a text that are links, as `bug #?(\d+) -> https://bugs.example.org/$1`: a regular
/// expression, ` -> `, and a URL in which `$1` to `$9` stand for its groups and `$0` for all.
#[derive(Clone, Debug, Default)]
pub struct LinkRules {
    written: Vec<String>,
    any: Option<RegexSet>,
    rules: Vec<(Regex, String)>,
}

impl PartialEq for LinkRules {
    fn eq(&self, other: &Self) -> bool {
        self.written == other.written
    }
}

impl Eq for LinkRules {}

impl LinkRules {
    /// Reads rules.
    ///
    /// # Errors
    /// What is wrong with the first one that cannot be read, in words.
    pub fn parse(rules: &[String]) -> Result<Self, String> {
        if rules.len() > MOST_RULES {
            return Err(format!("there are more than {MOST_RULES} rules"));
        }
        let mut read = Vec::new();
        for rule in rules {
            let (pattern, url) = rule
                .rsplit_once(" -> ")
                .ok_or_else(|| format!("{rule:?} has no \" -> \" before its URL"))?;
            let url = url.trim();
            if !(url.starts_with("https://") || url.starts_with("http://")) {
                return Err(format!("{url:?} does not begin with https:// or http://"));
            }
            read.push((compiled(pattern.trim())?, url.to_owned()));
        }
        let patterns = read.iter().map(|(regex, _)| regex.as_str());
        let any = RegexSetBuilder::new(patterns)
            .size_limit(SIZE * MOST_RULES)
            .build();
        Ok(LinkRules {
            written: rules.to_vec(),
            any: any.ok().filter(|_| !read.is_empty()),
            rules: read,
        })
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Appends a text with the links that the rules make of it: the first match from the left, and of
    /// two at one place that of the earlier rule. Takes time linear in the text for each rule.
    pub(super) fn push(&self, html: &mut Html, text: &str) {
        if self.any.as_ref().is_some_and(|any| !any.is_match(text)) {
            return html.push_text(text);
        }
        let mut next: Vec<Option<std::ops::Range<usize>>> = vec![Some(0..0); self.rules.len()];
        let mut at = 0;
        loop {
            let mut best: Option<(usize, std::ops::Range<usize>)> = None;
            for (n, (regex, _)) in self.rules.iter().enumerate() {
                let stale = next[n]
                    .as_ref()
                    .is_some_and(|m| m.start < at || m.is_empty());
                if stale {
                    next[n] = regex.find_at(text, at).map(|found| found.range());
                }
                if let Some(found) = next[n].clone().filter(|found| !found.is_empty())
                    && best
                        .as_ref()
                        .is_none_or(|(_, known)| found.start < known.start)
                {
                    best = Some((n, found));
                }
            }
            let Some((n, found)) = best else { break };
            let (regex, url) = &self.rules[n];
            html.push_text(&text[at..found.start]);
            html.push_literal("<a href=\"");
            match regex.captures_at(text, found.start) {
                Some(groups) => html.push_text(&filled(url, &groups)),
                None => html.push_text(url),
            }
            html.push_literal("\" rel=\"nofollow noopener noreferrer\">");
            html.push_text(&text[found.clone()]);
            html.push_literal("</a>");
            at = found.end;
        }
        html.push_text(&text[at..]);
    }
}

/// Reads a pattern; one that matches nothing at all is refused.
fn compiled(pattern: &str) -> Result<Regex, String> {
    let regex = RegexBuilder::new(pattern)
        .size_limit(SIZE)
        .build()
        .map_err(|error| {
            let words = error.to_string();
            let last = words.lines().last().unwrap_or_default();
            format!(
                "{pattern:?} is no regular expression: {}",
                last.trim_start_matches("error: ")
            )
        })?;
    match regex.is_match("") {
        true => Err(format!("{pattern:?} matches nothing at all")),
        false => Ok(regex),
    }
}

/// The URL with what the groups caught, written so that it stays one piece of a URL.
fn filled(url: &str, groups: &regex::Captures<'_>) -> String {
    let mut out = String::new();
    let mut rest = url;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        let digit = after.chars().next().and_then(|c| c.to_digit(10));
        match digit {
            Some(n) => {
                for byte in groups.get(n as usize).map_or("", |m| m.as_str()).bytes() {
                    match byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
                        true => out.push(char::from(byte)),
                        false => out.push_str(&format!("%{byte:02X}")),
                    }
                }
                rest = &after[1..];
            }
            None => {
                out.push('$');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// Lines that begin a footer of a list: regular expressions.
#[derive(Clone, Debug, Default)]
pub struct FooterPatterns {
    written: Vec<String>,
    any: Option<RegexSet>,
}

impl PartialEq for FooterPatterns {
    fn eq(&self, other: &Self) -> bool {
        self.written == other.written
    }
}

impl Eq for FooterPatterns {}

impl FooterPatterns {
    /// Reads patterns.
    ///
    /// # Errors
    /// What is wrong with the first one that cannot be read, in words.
    pub fn parse(patterns: &[String]) -> Result<Self, String> {
        if patterns.len() > MOST_RULES {
            return Err(format!("there are more than {MOST_RULES} patterns"));
        }
        for pattern in patterns {
            compiled(pattern)?;
        }
        let any = RegexSetBuilder::new(patterns)
            .size_limit(SIZE * MOST_RULES)
            .build();
        Ok(FooterPatterns {
            written: patterns.to_vec(),
            any: any.ok().filter(|_| !patterns.is_empty()),
        })
    }

    /// Makes a footer of what stands from such a line on, in each text's last 40 lines.
    pub fn mark(&self, body: &mut Body) {
        let Some(any) = &self.any else { return };
        let mut blocks = Vec::with_capacity(body.blocks.len());
        for mut block in std::mem::take(&mut body.blocks) {
            let mut footer = Vec::new();
            if let Block::Fixed(lines) | Block::Flowed(lines) | Block::Signature(lines) = &mut block
            {
                let from = lines.len().saturating_sub(FOOTER_LINES);
                let begin = lines[from..].iter().position(|line| any.is_match(line));
                footer = begin.map_or_else(Vec::new, |at| lines.split_off(from + at));
                if lines.is_empty() && !footer.is_empty() {
                    block = Block::Footer(std::mem::take(&mut footer));
                }
            }
            blocks.push(block);
            if !footer.is_empty() {
                blocks.push(Block::Footer(footer));
            }
        }
        body.blocks = blocks;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rules: &[&str], text: &str, expected: &str) {
        let rules: Vec<String> = rules.iter().map(|rule| (*rule).to_owned()).collect();
        let rules = LinkRules::parse(&rules).unwrap();
        let mut html = Html::new();
        rules.push(&mut html, text);
        let plain = html
            .as_str()
            .replace(" rel=\"nofollow noopener noreferrer\"", "");
        assert_eq!(plain, expected, "{text}");
    }

    #[test]
    fn words_become_links() {
        let bugs = r"\b[Bb]ug #?(\d+) -> https://bugs.example.org/show?id=$1";
        let commits = r"\b[0-9a-f]{12,40}\b -> https://git.example.org/commit/$0";
        check(
            &[bugs, commits],
            "Bug 42 & 0123456789ab, bug #7",
            "<a href=\"https://bugs.example.org/show?id=42\">Bug 42</a> &amp; \
             <a href=\"https://git.example.org/commit/0123456789ab\">0123456789ab</a>, \
             <a href=\"https://bugs.example.org/show?id=7\">bug #7</a>",
        );
        check(&[bugs], "no number", "no number");
        check(
            &["<(.*)> -> https://x.example/$1?$"],
            "<\"a b&>",
            "<a href=\"https://x.example/%22a%20b%26?$\">&lt;&quot;a b&amp;&gt;</a>",
        );
    }

    #[test]
    fn wrong_rules_are_told() {
        for rule in [
            "bug (\\d+) https://x.example/$1",
            "bug -> ftp://x.example/",
            "bug -> javascript:x",
            "( -> https://x.example/",
            "x* -> https://x.example/",
            "(a{999}){999} -> https://x.example/",
        ] {
            assert!(LinkRules::parse(&[rule.to_owned()]).is_err(), "{rule}");
        }
    }

    #[test]
    fn footers_by_pattern() {
        let patterns = FooterPatterns::parse(&["^Rung by the tower".into()]).unwrap();
        let fixed = |text: &str| Block::Fixed(text.lines().map(str::to_owned).collect());
        let mut body = Body {
            blocks: vec![
                fixed("Hello\n\nRung by the tower\nof the town"),
                fixed("Rung by the tower"),
            ],
            ..Body::default()
        };
        patterns.mark(&mut body);
        let footer = |text: &str| Block::Footer(text.lines().map(str::to_owned).collect());
        let expected = vec![
            fixed("Hello\n\n"),
            footer("Rung by the tower\nof the town"),
            footer("Rung by the tower"),
        ];
        assert_eq!(body.blocks, expected);
    }
}
