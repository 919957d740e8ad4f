//! Resources from the command line, from the environment, and as an archive keeps them between runs.

use super::table::{ELSEWHERE, Kind, NOT_DONE, Name, TABLE, instead_of, named};
use super::{Refusal, Resources};
use std::fmt::Write as _;

/// What a kept set of resources begins with.
const KEPT: &str = "posthoc: resources of MHonArc, 1\n";

/// What an option of the command line is to the resources.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// It stands alone.
    Flag,
    /// A value comes behind it.
    Value,
    /// It is known, and not done: its value, if it has one, is not looked at.
    NotDone,
}

/// The resource of an option, and whether it is switched on.
fn resource_of(option: &str) -> Option<(Name, bool)> {
    let option = option.to_ascii_uppercase();
    let option = match option.as_str() {
        "TNOSORT" => "NOTSORT",
        "TNOSUBSORT" => "NOTSUBSORT",
        option => option,
    };
    let flag = |name: &Name| matches!(TABLE[*name as usize].2, Kind::Flag(_));
    match named(option) {
        Some(name) => Some((name, true)),
        None => {
            let name = option.strip_prefix("NO").and_then(named).filter(flag);
            name.map(|name| (name, false))
        }
    }
}

impl Resources {
    /// Every option that sets a resource, as the command line has it without its dash.
    pub fn options() -> Vec<String> {
        let mut options = Vec::new();
        for (_, text, kind) in TABLE {
            let text = text.to_ascii_lowercase();
            match kind {
                Kind::Lines(_) => continue,
                Kind::Flag(_) => options.push(format!("no{text}")),
                _ => {}
            }
            options.push(text);
        }
        options.extend(NOT_DONE.iter().map(|(text, _)| text.to_ascii_lowercase()));
        options.extend(["tnosort", "tnosubsort"].map(str::to_owned));
        options
    }

    /// What an option is; none where it is no resource's.
    pub fn option(option: &str) -> Option<Word> {
        if instead_of(option).is_some() {
            return Some(Word::NotDone);
        }
        let (name, _) = resource_of(option)?;
        match TABLE[name as usize].2 {
            Kind::Lines(_) => None,
            Kind::Flag(_) => Some(Word::Flag),
            _ => Some(Word::Value),
        }
    }

    /// Sets a resource by its option. Answers what of it is not done.
    pub fn set_option(&mut self, option: &str, value: &[u8]) -> Vec<Refusal> {
        let mut refused = Vec::new();
        if let Some((name, on)) = resource_of(option) {
            self.assign(name, on, value, false, &mut refused);
        }
        refused
    }

    /// Variables of the command line: `NAME=VALUE`, several between blanks, a value with blanks in quotes.
    pub fn define_all(&mut self, text: &str) {
        let mut rest = text.trim_start();
        while let Some((name, after)) = rest.split_once('=') {
            let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
            let (value, left) = match quote {
                Some(quote) => after[1..].split_once(quote).unwrap_or((&after[1..], "")),
                None => after.split_once(char::is_whitespace).unwrap_or((after, "")),
            };
            self.define(name.trim(), value.as_bytes());
            rest = left.trim_start();
        }
    }

    /// Sets what the environment says: `M2H_` and the resource's name.
    pub fn read_environment(&mut self, get: &dyn Fn(&str) -> Option<String>) {
        for (name, text, kind) in TABLE {
            let skipped = matches!(kind, Kind::Lines(_) | Kind::Perl);
            if skipped && *name != Name::OtherIndexes {
                continue;
            }
            if let Some(value) = get(&format!("M2H_{text}")) {
                self.set(*name, value.as_bytes());
            }
        }
    }

    /// All that is set, to be [kept](Self::restored) until the next run (SAVERESOURCES).
    pub fn kept(&self) -> Vec<u8> {
        let mut out = KEPT.as_bytes().to_vec();
        let mut entry = |kind: char, name: &[u8], value: &[u8]| {
            let mut head = String::new();
            // Writing to memory does not fail.
            let _ = writeln!(head, "{kind} {} {}", name.len(), value.len());
            out.extend_from_slice(head.as_bytes());
            out.extend_from_slice(name);
            out.extend_from_slice(value);
            out.push(b'\n');
        };
        for (name, text, _) in TABLE {
            if let Some(value) = &self.values[*name as usize] {
                entry('R', text.as_bytes(), value);
            }
        }
        for (name, value) in &self.variables {
            entry('V', name.as_bytes(), value);
        }
        for (name, value) in &self.derived {
            entry('D', name, value);
        }
        for (name, value) in &self.elsewhere {
            entry('E', name.as_bytes(), value);
        }
        out
    }

    /// What was kept; none where it is not whole.
    pub fn restored(kept: &[u8]) -> Option<Self> {
        let mut resources = Resources::default();
        let mut rest = kept.strip_prefix(KEPT.as_bytes())?;
        while !rest.is_empty() {
            let end = memchr::memchr(b'\n', rest)?;
            let head = std::str::from_utf8(&rest[..end]).ok()?;
            let mut words = head.split(' ');
            let (kind, name, value) = (words.next()?, words.next()?, words.next()?);
            let (name, value): (usize, usize) = (name.parse().ok()?, value.parse().ok()?);
            rest = &rest[end + 1..];
            let whole = rest.get(..name.checked_add(value)?)?;
            rest = rest[whole.len()..].strip_prefix(b"\n")?;
            resources.restore(kind, &whole[..name], &whole[name..])?;
        }
        Some(resources)
    }

    fn restore(&mut self, kind: &str, name: &[u8], value: &[u8]) -> Option<()> {
        match kind {
            "R" => {
                let name = named(std::str::from_utf8(name).ok()?)?;
                match TABLE[name as usize].2 {
                    Kind::Perl => self.set_perl(name, value, &mut Vec::new()),
                    _ => self.set(name, value),
                }
            }
            "V" => self.define(std::str::from_utf8(name).ok()?, value),
            "E" => {
                let name = std::str::from_utf8(name).ok()?;
                self.elsewhere.insert(name.to_owned(), value.to_vec());
            }
            "D" => self.derived.push((name.to_vec(), value.to_vec())),
            _ => return None,
        }
        Some(())
    }
}

/// What to use in place of a resource or option that is not done; none where it is, or is unknown.
pub fn instead(name: &str) -> Option<&'static str> {
    instead_of(name)
}

/// What is done with a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Said {
    /// As MHonArc does.
    Done,
    /// It says how files are written or locked: the command line has its own answer.
    Elsewhere,
    /// Refused by name.
    NotDone,
}

/// Every resource that is known, as the manual writes it, and what is done with it.
pub fn known_resources() -> Vec<(&'static str, Said)> {
    let own = ["DEFINEDERIVED", "DEFINEVAR", "INCLUDE"];
    let mut known: Vec<(&str, Said)> = TABLE
        .iter()
        .map(|(_, text, _)| (*text, Said::Done))
        .collect();
    known.extend(own.map(|text| (text, Said::Done)));
    known.extend(ELSEWHERE.iter().map(|text| (*text, Said::Elsewhere)));
    known.extend(NOT_DONE.iter().map(|(text, _)| (*text, Said::NotDone)));
    known.sort_unstable();
    known
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_comes_back() {
        let mut resources = Resources::default();
        let file = b"<Title>\nA title\n</Title>\n<DefineVar>\nX\na\nb\n</DefineVar>\n<NoDoc>\n\
            <SubjectStripCode>\ns/^x//;\n</SubjectStripCode>\n<DefineDerived>\na.txt\n$SUBJECT$\n</DefineDerived>\n";
        assert_eq!(resources.read(file, &mut |_| None), []);
        resources.define_all("A=1 B='two words' C=\"3\"");
        let kept = resources.kept();
        let back = Resources::restored(&kept).unwrap();
        assert_eq!(back.kept(), kept);
        assert!(back.subject_strip.is_some() && !back.is_on(Name::Doc));
        assert_eq!(back.variables["B"], b"two words");
        for end in 0..kept.len() {
            let half = Resources::restored(&kept[..end]);
            assert!(
                half.is_none_or(|half| half.kept().len() <= end),
                "cut at {end}"
            );
        }
    }

    #[test]
    fn options_are_resources() {
        let check = |option: &str, expected: Option<Word>| {
            assert_eq!(Resources::option(option), expected, "{option}");
        };
        check("authsort", Some(Word::Flag));
        check("noauthsort", Some(Word::Flag));
        check("title", Some(Word::Value));
        check("nosubjecttxt", Some(Word::Value));
        check("maxsize", Some(Word::Value));
        check("varregex", Some(Word::NotDone));
        check("excs", None);
        check("bogus", None);
        let mut resources = Resources::default();
        resources.set_option("nothread", b"");
        resources.set_option("idxsize", b"20");
        assert!(!resources.is_on(Name::Thread));
        assert_eq!(resources.number(Name::IdxSize), 20);
        resources
            .read_environment(&|name| (name == "M2H_TITLE").then(|| "From outside".to_owned()));
        assert_eq!(resources.word(Name::Title), "From outside");
    }
}
