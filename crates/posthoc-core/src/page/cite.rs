//! A mail in a bibliography, and the command that answers a patch.

use super::clean::{clip, one_line};
use super::strings::{Arg, Strings, Text};
use super::when;
use crate::text::Stamp;
use std::fmt::Write;

/// Characters of a subject in a reference.
const LONGEST_TITLE: usize = 300;
/// Bytes of the longest Message-ID that is put into a command or a reference.
const LONGEST_ID: usize = 500;

/// What a reference tells of a mail.
pub(super) struct Reference<'a> {
    pub(super) author: &'a str,
    pub(super) title: &'a str,
    pub(super) list: &'a str,
    pub(super) date: &'a Stamp,
    pub(super) id: &'a str,
    /// The mail's name on this site: what a BibTeX key is made of.
    pub(super) key: &'a str,
    /// None on a site that does not know where it is.
    pub(super) url: Option<&'a str>,
}

impl Reference<'_> {
    /// `Ada Lovelace, “Bells”, town-hall mailing list, 2 November 2025. Message-ID <1@x>. https://…`
    pub(super) fn plain(&self, strings: &Strings) -> String {
        let list = strings.with(Text::CitedList, &[("list", Arg::Words(self.list))]);
        let mut out = strings.with(
            Text::Cited,
            &[
                ("author", Arg::Words(self.author)),
                ("title", Arg::Words(&clip(self.title, LONGEST_TITLE))),
                ("list", Arg::Words(&list)),
                ("date", Arg::Words(&strings.long_date(self.date))),
                ("id", Arg::Words(&clip(&one_line(self.id), LONGEST_ID))),
            ],
        );
        if let Some(url) = self.url {
            out.push(' ');
            out.push_str(url);
        }
        out
    }

    /// An entry of type `@misc`, which every BibTeX style knows.
    pub(super) fn bibtex(&self, strings: &Strings) -> String {
        let mut out = format!("@misc{{posthoc-{},\n", self.key);
        let mut field = |name: &str, value: &str| {
            let _ = writeln!(out, "  {name} = {{{value}}},");
        };
        field("author", &format!("{{{}}}", escaped(self.author)));
        let title = clip(self.title, LONGEST_TITLE);
        field("title", &format!("{{{}}}", escaped(&title)));
        let list = escaped(self.list);
        let list = strings.with(Text::CitedList, &[("list", Arg::Words(&list))]);
        field("howpublished", &list);
        field("year", &self.date.year.to_string());
        field("month", when::bibtex_month(self.date));
        let id = one_line(self.id);
        let id = format!("Message-ID: <{}>", escaped(&clip(&id, LONGEST_ID)));
        field("note", &id);
        if let Some(url) = self.url {
            field("url", url);
        }
        out.push('}');
        out
    }
}

/// Text that TeX takes as text. Braces are kept out: an entry must stay well nested.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '{' => out.push('('),
            '}' => out.push(')'),
            '\\' => out.push_str("\\textbackslash "),
            '~' => out.push_str("\\textasciitilde "),
            '^' => out.push_str("\\textasciicircum "),
            '&' | '%' | '$' | '#' | '_' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

/// The command that sends a patch as an answer. None for an id that is no plain word: a command is
/// copied into a shell, and no quoting is so safe as nothing to quote.
pub(super) fn send_email(id: &str, to: Option<&str>, copy: Option<&str>) -> Option<String> {
    let plain = |text: &str| {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || ".@_+-=$%".contains(c);
        !text.is_empty() && text.len() <= LONGEST_ID && text.chars().all(is_plain)
    };
    if !plain(id) {
        return None;
    }
    let mut command = format!("git send-email --in-reply-to='<{id}>'");
    for (option, address) in [(" --to=", to), (" --cc=", copy)] {
        if let Some(address) = address.filter(|address| plain(address)) {
            let _ = write!(command, "{option}'{address}'");
        }
    }
    command.push_str(" *.patch");
    Some(command)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::TimeZone;

    #[test]
    fn references() {
        let date = TimeZone::utc().stamp(1_762_093_860);
        let reference = Reference {
            author: "Ada & Bob {x}",
            title: "50% of \\bells_",
            list: "town-hall",
            date: &date,
            id: "1@x",
            key: "abc",
            url: Some("https://l.example/m"),
        };
        assert_eq!(
            reference.plain(&Strings::new("en", None)),
            "Ada & Bob {x}, “50% of \\bells_”, town-hall mailing list, 2 November 2025. \
             Message-ID <1@x>. https://l.example/m"
        );
        assert_eq!(
            reference.bibtex(&Strings::new("en", None)),
            "@misc{posthoc-abc,\n  author = {{Ada \\& Bob (x)}},\n  \
             title = {{50\\% of \\textbackslash bells\\_}},\n  \
             howpublished = {town-hall mailing list},\n  year = {2025},\n  month = {nov},\n  \
             note = {Message-ID: <1@x>},\n  url = {https://l.example/m},\n}"
        );
    }

    #[test]
    fn commands_hold_plain_words_only() {
        let command = send_email("1@x", Some("l@x"), Some("a+b@x"));
        let expected = "git send-email --in-reply-to='<1@x>' --to='l@x' --cc='a+b@x' *.patch";
        assert_eq!(command.as_deref(), Some(expected));
        for id in ["a'; rm -rf ~;'@x", "", "a b@x", "$(x)@y"] {
            assert_eq!(send_email(id, None, None), None, "{id}");
        }
        let command = send_email("1@x", Some("l@x' ; x '"), None);
        let expected = "git send-email --in-reply-to='<1@x>' *.patch";
        assert_eq!(command.as_deref(), Some(expected));
    }
}
