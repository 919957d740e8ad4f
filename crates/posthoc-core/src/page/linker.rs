//! What is a link in a line of text: URLs, Message-IDs that the archive holds, what a list's rules
//! say, and addresses where they are shown as they are.

use super::links::Links;
use super::{BodyView, LinkRules, Mask};
use crate::text::Html;
use linkify::{LinkFinder, LinkKind};
use std::sync::LazyLock;

/// Bytes of a line in which links are looked for.
const LONGEST_LINKED_LINE: usize = 64 << 10;

static SCHEMES: LazyLock<LinkFinder> = LazyLock::new(|| finder(&[LinkKind::Url], true));
static BARE_HOSTS: LazyLock<LinkFinder> = LazyLock::new(|| finder(&[LinkKind::Url], false));
static ADDRESSES: LazyLock<LinkFinder> =
    LazyLock::new(|| finder(&[LinkKind::Url, LinkKind::Email], true));

fn finder(kinds: &[LinkKind], schemes: bool) -> LinkFinder {
    let mut finder = LinkFinder::new();
    finder.kinds(kinds).url_must_have_scheme(schemes);
    finder
}

/// Makes the links of one mail's text.
#[derive(Default)]
pub(super) struct Linker<'a> {
    /// Ids as they stand in the text, without brackets, and where they lead.
    mentions: Vec<(&'a str, String)>,
    rules: Option<&'a LinkRules>,
    /// Addresses are links too.
    addresses: bool,
}

impl<'a> Linker<'a> {
    /// For a mail's text on one page.
    pub(super) fn new(view: &'a BodyView, links: &Links) -> Self {
        let mentions = view.mentions.iter();
        Linker {
            mentions: mentions
                .map(|(id, route)| (id.as_str(), links.to(route)))
                .collect(),
            rules: Some(&*view.rules).filter(|rules| !rules.is_empty()),
            addresses: view.mask == Mask::None,
        }
    }

    /// Appends one line of text with its links.
    pub(super) fn push(&self, html: &mut Html, line: &str) {
        if line.len() > LONGEST_LINKED_LINE {
            return html.push_text(line);
        }
        let mut rest = line;
        if !self.mentions.is_empty() {
            let mut from = 0;
            while let Some(at) = memchr::memchr(b'<', &rest.as_bytes()[from..]) {
                let open = from + at + 1;
                let tail = &rest[open..];
                let known = self.mentions.iter().find(|(id, _)| {
                    tail.strip_prefix(id)
                        .is_some_and(|end| end.starts_with('>'))
                });
                let Some((id, href)) = known else {
                    from = open;
                    continue;
                };
                self.push_urls(html, &rest[..open]);
                html.push_literal("<a href=\"");
                html.push_text(href);
                html.push_literal("\">");
                html.push_text(id);
                html.push_literal("</a>");
                rest = &tail[id.len()..];
                from = 0;
            }
        }
        self.push_urls(html, rest);
    }

    fn push_urls(&self, html: &mut Html, line: &str) {
        let bare = line.contains("www.");
        let addresses = self.addresses && memchr::memchr(b'@', line.as_bytes()).is_some();
        let finder: &LinkFinder = match (bare, addresses) {
            (true, _) => &BARE_HOSTS,
            (false, true) => &ADDRESSES,
            (false, false) if line.contains("://") => &SCHEMES,
            (false, false) => return self.push_words(html, line),
        };
        for span in finder.spans(line) {
            let text = span.as_str();
            let prefix = match span.kind() {
                Some(LinkKind::Email) => Some("mailto:"),
                Some(_) => prefix(text),
                None => None,
            };
            let Some(prefix) = prefix else {
                self.push_words(html, text);
                continue;
            };
            html.push_literal("<a href=\"");
            html.push_literal(prefix);
            html.push_text(text);
            html.push_literal("\" rel=\"nofollow noopener noreferrer\">");
            html.push_text(text);
            html.push_literal("</a>");
        }
    }

    fn push_words(&self, html: &mut Html, text: &str) {
        match self.rules {
            Some(rules) => rules.push(html, text),
            None => html.push_text(text),
        }
    }
}

/// What a link's address needs before it; none when it must not be a link.
fn prefix(url: &str) -> Option<&'static str> {
    let starts = |scheme: &str| {
        url.get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    if ["http://", "https://", "ftp://"].iter().any(|s| starts(s)) {
        Some("")
    } else {
        starts("www.").then_some("http://")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(linker: &Linker<'_>, line: &str, expected: &str) {
        let mut html = Html::new();
        linker.push(&mut html, line);
        let plain = html
            .as_str()
            .replace(" rel=\"nofollow noopener noreferrer\"", "");
        assert_eq!(plain, expected, "{line}");
    }

    #[test]
    fn urls() {
        let linker = Linker::default();
        check(
            &linker,
            "see <https://a.example/?x=1&y=2>, www.b.example. not c.example mailto:d@e.example",
            "see &lt;<a href=\"https://a.example/?x=1&amp;y=2\">https://a.example/?x=1&amp;y=2</a>\
             &gt;, <a href=\"http://www.b.example\">www.b.example</a>. not c.example \
             mailto:d@e.example",
        );
        let mut html = Html::new();
        linker.push(
            &mut html,
            "javascript://x.example/%0aalert(1) data://y HTTPS://Z.example",
        );
        assert!(html.as_str().starts_with("javascript://x"), "{html}");
        assert!(
            html.as_str().contains("<a href=\"HTTPS://Z.example\""),
            "{html}"
        );
        let rel = "rel=\"nofollow noopener noreferrer\"";
        assert!(html.as_str().contains(rel), "{html}");
    }

    #[test]
    fn ids_addresses_and_rules() {
        let rules = LinkRules::parse(&["bug #?(\\d+) -> https://bugs.example/$1".into()]).unwrap();
        let linker = Linker {
            mentions: vec![("1@x.example", "m1.html".into())],
            rules: Some(&rules),
            addresses: false,
        };
        check(
            &linker,
            "<0@x.example> <1@x.example>> bug #42",
            "&lt;0@x.example&gt; &lt;<a href=\"m1.html\">1@x.example</a>&gt;&gt; \
             <a href=\"https://bugs.example/42\">bug #42</a>",
        );
        check(
            &linker,
            "1@x.example <1@x.example",
            "1@x.example &lt;1@x.example",
        );
        let linker = Linker {
            addresses: true,
            ..Linker::default()
        };
        check(
            &linker,
            "<ada@x.example>",
            "&lt;<a href=\"mailto:ada@x.example\">ada@x.example</a>&gt;",
        );
    }
}
