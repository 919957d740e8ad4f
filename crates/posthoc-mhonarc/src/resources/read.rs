//! Resource files taken in.

use super::element::{Element, elements};
use super::perl::{Rewrite, Test};
use super::table::{ELSEWHERE, Kind, Name, TABLE, instead_of, named};
use super::{Refusal, Resources};

/// The line of a value that took the place of what is built in.
pub(crate) const REPLACED: &[u8] = b"-override-\n";

/// Files within files.
const DEPTH: usize = 16;

impl Resources {
    /// Takes in a resource file. `include` gives the content of a file that `<Include>` names, none where
    /// there is none. Answers what is not done.
    pub fn read(
        &mut self,
        file: &[u8],
        include: &mut dyn FnMut(&str) -> Option<Vec<u8>>,
    ) -> Vec<Refusal> {
        let mut refused = Vec::new();
        // Innermost last; each is what is still to be taken in, in reverse.
        let mut open: Vec<Vec<Element>> = vec![reversed(file)];
        while let Some(waiting) = open.last_mut() {
            let Some(element) = waiting.pop() else {
                open.pop();
                continue;
            };
            if element.name != "INCLUDE" {
                self.take(&element, &mut refused);
                continue;
            }
            let names = String::from_utf8_lossy(&element.content).into_owned();
            for name in names
                .lines()
                .map(str::trim)
                .filter(|name| !name.is_empty())
                .rev()
            {
                match include(name).filter(|_| open.len() < DEPTH) {
                    Some(file) => open.push(reversed(&file)),
                    None => refused.push(Refusal {
                        resource: "INCLUDE".to_owned(),
                        what: format!("{name} cannot be read"),
                        instead: "a path that exists, or the file's content in its place",
                    }),
                }
            }
        }
        refused
    }

    pub(super) fn take(&mut self, element: &Element, refused: &mut Vec<Refusal>) {
        let content = without_last_end(&element.content, element.chop);
        match element.name.as_str() {
            "DEFINEVAR" => {
                let (name, value) = first_line(content);
                let name = String::from_utf8_lossy(name);
                if element.replaces {
                    self.variables.clear();
                }
                self.variables
                    .insert(name.trim().to_owned(), value.to_vec());
                return;
            }
            "DEFINEDERIVED" => {
                let (name, value) = first_line(content);
                if element.replaces {
                    self.derived.clear();
                }
                self.derived.retain(|(known, _)| known != name.trim_ascii());
                self.derived
                    .push((name.trim_ascii().to_vec(), value.to_vec()));
                return;
            }
            _ => {}
        }
        let (name, on) = match named(&element.name) {
            Some(name) => (name, true),
            None => match element.name.strip_prefix("NO").and_then(named) {
                Some(name) => (name, false),
                None => {
                    self.set_elsewhere(&element.name, content);
                    return refused.extend(Self::not_done(&element.name, content));
                }
            },
        };
        self.assign(name, on, content, element.replaces, refused);
    }

    /// What says nothing about pages is kept for who runs the program.
    fn set_elsewhere(&mut self, name: &str, content: &[u8]) {
        let flag = |name: &&str| ELSEWHERE_FLAGS.contains(name);
        let (name, value) = match name.strip_prefix("NO").filter(flag) {
            Some(name) => (name, &b"0"[..]),
            None if flag(&name) => (name, &b"1"[..]),
            None => (name, content.trim_ascii()),
        };
        if ELSEWHERE.contains(&name) {
            self.elsewhere.insert(name.to_owned(), value.to_vec());
        }
    }

    pub(crate) fn assign(
        &mut self,
        name: Name,
        on: bool,
        content: &[u8],
        replaces: bool,
        refused: &mut Vec<Refusal>,
    ) {
        let mut kind = TABLE[name as usize].2;
        while let Kind::As(other) = kind {
            kind = TABLE[other as usize].2;
        }
        match kind {
            Kind::Flag(_) => self.set_flag(name, on),
            Kind::Perl => self.set_perl(name, content, refused),
            Kind::Markup(_) => self.set(name, content),
            Kind::Word(_) => self.set_word(name, content),
            Kind::Colons(_) => {
                // Lists of names are put together from lines; a new one takes the place of the old.
                let text = String::from_utf8_lossy(content);
                let lines: Vec<&str> = text
                    .lines()
                    .map(str::trim)
                    .filter(|l| !l.is_empty())
                    .collect();
                self.set(name, lines.join(":").as_bytes());
            }
            Kind::Lines(built_in) => {
                let order = name == Name::FieldOrder;
                let mut value =
                    if replaces && matches!(name, Name::CharsetConverters | Name::MimeFilters) {
                        // What is built in does not stand in the value: the mark says that it is gone.
                        REPLACED.to_vec()
                    } else if replaces && name == Name::TimeZones {
                        // Only what was set goes.
                        built_in.as_bytes().to_vec()
                    } else if replaces || order || name == Name::TextEncode {
                        Vec::new()
                    } else {
                        self.value(name).into_owned()
                    };
                let mut content = content.to_vec();
                if !content.ends_with(b"\n") {
                    content.push(b'\n');
                }
                // Files that are named later come first.
                match name {
                    Name::OtherIndexes => value.splice(..0, content).for_each(drop),
                    _ => value.extend(content),
                }
                self.set(name, &value);
            }
            Kind::As(_) => {}
        }
    }

    /// What would change pages and does not; none where it is unknown, or says nothing about pages.
    pub(crate) fn not_done(name: &str, content: &[u8]) -> Option<Refusal> {
        Some(Refusal {
            resource: name.to_owned(),
            what: String::from_utf8_lossy(content).trim().to_owned(),
            instead: instead_of(name)?,
        })
    }

    /// A sort order takes the place of another.
    fn set_flag(&mut self, name: Name, on: bool) {
        if on {
            let others: &[Name] = match name {
                Name::SubSort => &[Name::AuthSort],
                Name::AuthSort => &[Name::SubSort],
                Name::Sort => &[Name::SubSort, Name::AuthSort],
                Name::TSort => &[Name::TSubSort],
                _ => &[],
            };
            for other in others {
                self.set(*other, b"0");
            }
        }
        self.set(name, if on { b"1" } else { b"0" });
    }

    fn set_word(&mut self, name: Name, content: &[u8]) {
        let line = content
            .split(|byte| *byte == b'\n')
            .map(<[u8]>::trim_ascii)
            .find(|line| !line.is_empty());
        match line {
            Some(line) => self.set(name, line),
            // A blank format or name is the default again.
            None => self.values[name as usize] = None,
        }
    }

    pub(crate) fn set_perl(&mut self, name: Name, content: &[u8], refused: &mut Vec<Refusal>) {
        let code = String::from_utf8_lossy(content).into_owned();
        let mut refuse = |instead| {
            refused.push(Refusal {
                resource: TABLE[name as usize].1.to_owned(),
                what: code.trim().to_owned(),
                instead,
            });
        };
        match name {
            Name::SubjectStripCode => match Rewrite::read(&code) {
                Some(rewrite) => self.subject_strip = Some(rewrite),
                None => refuse("substitutions s/…/…/, or the list's subject_tag"),
            },
            Name::AddressModifyCode => match Rewrite::read(&code) {
                Some(rewrite) => self.address_modify = Some(rewrite),
                None => refuse("substitutions s/…/…/ and tr/…/…/, SPAMMODE, or the list's mask"),
            },
            _ => match Test::read(&code) {
                Some(test) => self.exclude = Some(test),
                None => refuse("tests /…/ joined by `or`, or the list's drop"),
            },
        }
        self.set(name, content);
    }
}

fn reversed(file: &[u8]) -> Vec<Element> {
    let mut found = in_order(file);
    found.reverse();
    found
}

/// The elements of a file.
pub(super) fn in_order(file: &[u8]) -> Vec<Element> {
    elements(file, |name| {
        if matches!(name, "INCLUDE" | "DEFINEVAR" | "DEFINEDERIVED") {
            return Some(true);
        }
        let flag = |name: Name| matches!(TABLE[name as usize].2, Kind::Flag(_));
        match named(name) {
            Some(name) => Some(!flag(name)),
            None => match name.strip_prefix("NO").and_then(named) {
                Some(name) => flag(name).then_some(false),
                None if ELSEWHERE.contains(&name) || instead_of(name).is_some() => {
                    Some(!ELSEWHERE_FLAGS.contains(&name))
                }
                None => {
                    let off = name.strip_prefix("NO");
                    off.filter(|name| ELSEWHERE_FLAGS.contains(name))
                        .map(|_| false)
                }
            },
        }
    })
}

/// Those of the elements that say nothing about pages which have no content.
const ELSEWHERE_FLAGS: &[&str] = &[
    "ARCHIVE",
    "CONLEN",
    "FASTTEMPFILES",
    "FOLLOWSYMLINKS",
    "GZIPFILES",
    "KEEPONRMM",
    "MODTIME",
    "POSIXSTRFTIME",
    "RECONVERT",
    "SAVERESOURCES",
    "USINGLASTPG",
];

fn first_line(content: &[u8]) -> (&[u8], &[u8]) {
    match memchr::memchr(b'\n', content) {
        Some(end) => (&content[..end], &content[end + 1..]),
        None => (content, b""),
    }
}

fn without_last_end(content: &[u8], chop: bool) -> &[u8] {
    match content.strip_suffix(b"\n") {
        Some(rest) if chop => rest.strip_suffix(b"\r").unwrap_or(rest),
        _ => content,
    }
}
