//! Text of any charset as bytes of a page, by the resources CHARSETCONVERTERS, CHARSETALIASES and TEXTENCODE.

use super::push_escaped;
use super::words::decoded_words;
use crate::resources::{Name, REPLACED, Refusal, Resources};
use encoding_rs::Encoding;
use posthoc_core::text::{decode, header_text};
use std::collections::HashMap;

/// What is done with text of a charset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Converter {
    /// Bytes stay, HTML's own characters become entities.
    Escape,
    /// Characters become numeric entities.
    Entities,
    /// The text becomes UTF-8.
    Utf8,
    /// Header words stay encoded.
    Ignore,
    /// Header words are decoded and nothing else.
    Decode,
}

/// The converters of an archive.
#[derive(Clone, Debug)]
pub(crate) struct Charsets {
    aliases: HashMap<String, String>,
    converters: HashMap<String, Converter>,
    /// Without an entry of its own.
    other: Option<Converter>,
    /// Whether the built-in converters stand behind those.
    built_in: bool,
    /// TEXTENCODE: everything becomes UTF-8 as it is read.
    encode: bool,
    /// DECODEHEADS.
    decode_heads: bool,
    /// DEFCHARSET.
    pub(crate) default: String,
}

impl Charsets {
    pub(crate) fn of(resources: &Resources, refused: &mut Vec<Refusal>) -> Self {
        let mut aliases = HashMap::new();
        for line in resources.lines(Name::CharsetAliases) {
            let Some((name, others)) = line.split_once(';') else {
                continue;
            };
            for alias in others.split(',') {
                aliases.insert(
                    alias.trim().to_ascii_lowercase(),
                    name.trim().to_ascii_lowercase(),
                );
            }
        }
        let mut charsets = Charsets {
            aliases,
            converters: HashMap::new(),
            other: None,
            built_in: !resources
                .value(Name::CharsetConverters)
                .starts_with(REPLACED),
            encode: false,
            decode_heads: resources.is_on(Name::DecodeHeads),
            default: resources.word(Name::DefCharset).to_ascii_lowercase(),
        };
        for line in resources.lines(Name::CharsetConverters) {
            let mut pieces = line.split(';').map(str::trim);
            let (Some(name), Some(routine)) = (pieces.next(), pieces.next()) else {
                continue;
            };
            match converter(routine) {
                Some(converter) if name.eq_ignore_ascii_case("default") => {
                    charsets.other = Some(converter)
                }
                Some(converter) => {
                    charsets
                        .converters
                        .insert(name.to_ascii_lowercase(), converter);
                }
                None => refused.push(refusal("CHARSETCONVERTERS", &line)),
            }
        }
        for line in resources.lines(Name::TextEncode) {
            match line.split(';').next().map(str::trim) {
                Some("utf-8" | "utf8" | "UTF-8" | "UTF8") => charsets.encode = true,
                _ => refused.push(refusal("TEXTENCODE", &line)),
            }
        }
        charsets
    }

    /// The charset's base name.
    pub(crate) fn base<'a>(&'a self, name: &'a str) -> &'a str {
        self.aliases.get(name).map_or(name, String::as_str)
    }

    /// The base name of what a text declares; an empty name is the default's.
    fn declared<'a>(&'a self, charset: &'a str) -> &'a str {
        self.base(match charset {
            "" => &self.default,
            charset => charset,
        })
    }

    /// What is done with text that declares this charset; `plain` is header text that declares none.
    pub(crate) fn converter(&self, name: &str) -> Converter {
        if self.encode && name != "plain" {
            return Converter::Utf8;
        }
        let base = self.base(name);
        let built_in = || match base {
            _ if !self.built_in => None,
            "plain" => Some(Converter::Escape),
            base if is_known(base) => Some(Converter::Entities),
            _ => None,
        };
        let found = self
            .converters
            .get(base)
            .copied()
            .or_else(built_in)
            .or(self.other);
        found.unwrap_or(Converter::Escape)
    }

    /// Appends text of a declared charset; an empty name is the default's.
    pub(crate) fn push(&self, text: &[u8], charset: &str, out: &mut Vec<u8>) {
        let base = self.declared(charset);
        match self.converter(base) {
            Converter::Entities => push_entities(text, base, out),
            Converter::Utf8 => push_escaped(characters(text, base).as_bytes(), out),
            Converter::Escape | Converter::Ignore | Converter::Decode => push_escaped(text, out),
        }
    }
}

impl Charsets {
    /// A field's value as it is kept: with TEXTENCODE its words are decoded as it is read.
    pub(crate) fn encoded(&self, value: &[u8]) -> Vec<u8> {
        match (self.encode, self.decode_heads) {
            (true, _) => header_text(value, None).text.into_bytes(),
            (false, true) => decoded_words(value, self),
            (false, false) => value.to_vec(),
        }
    }

    /// What is done with text that declares this charset; an empty name is the default's.
    pub(crate) fn of_text(&self, charset: &str) -> Converter {
        self.converter(self.declared(charset))
    }

    /// Appends markup of a declared charset: only what is not ASCII is converted.
    pub(crate) fn push_markup(&self, text: &[u8], charset: &str, out: &mut Vec<u8>) {
        let base = self.declared(charset);
        match self.converter(base) {
            _ if text.is_ascii() && !text.contains(&0x1b) => out.extend_from_slice(text),
            Converter::Entities => {
                for c in characters(text, base).chars() {
                    match c {
                        c if c.is_ascii() => out.push(c as u8),
                        c => out.extend_from_slice(format!("&#x{:X};", c as u32).as_bytes()),
                    }
                }
            }
            Converter::Utf8 => out.extend_from_slice(characters(text, base).as_bytes()),
            Converter::Escape | Converter::Ignore | Converter::Decode => {
                out.extend_from_slice(text)
            }
        }
    }
}

fn refusal(resource: &str, line: &str) -> Refusal {
    Refusal {
        resource: resource.to_owned(),
        what: line.to_owned(),
        instead: "MHonArc::CharEnt::str2sgml, MHonArc::UTF8::str2sgml or mhonarc::htmlize",
    }
}

fn converter(routine: &str) -> Option<Converter> {
    match routine {
        "mhonarc::htmlize" => Some(Converter::Escape),
        "MHonArc::CharEnt::str2sgml" | "iso_8859::str2sgml" => Some(Converter::Entities),
        "MHonArc::UTF8::str2sgml" | "MHonArc::UTF8::to_utf8" => Some(Converter::Utf8),
        "-ignore-" => Some(Converter::Ignore),
        "-decode-" => Some(Converter::Decode),
        _ => None,
    }
}

/// The DOS and Macintosh charsets, and those whose names no browser knows.
const OTHERS: [&str; 24] = [
    "us-ascii",
    "cp437",
    "cp737",
    "cp775",
    "cp850",
    "cp852",
    "cp855",
    "cp857",
    "cp860",
    "cp861",
    "cp862",
    "cp863",
    "cp864",
    "cp865",
    "cp866",
    "cp869",
    "cp874",
    "cp932",
    "cp936",
    "cp949",
    "cp950",
    "big5-eten",
    "big5-hkscs",
    "iso-8859-1",
];

fn is_known(base: &str) -> bool {
    OTHERS.contains(&base) || (base != "utf-7" && Encoding::for_label(base.as_bytes()).is_some())
}

fn push_entities(text: &[u8], base: &str, out: &mut Vec<u8>) {
    if text.is_ascii() && !text.contains(&0x1b) {
        return push_escaped(text, out);
    }
    for c in characters(text, base).chars() {
        match c {
            c if c.is_ascii() => push_escaped(&[c as u8], out),
            c => out.extend_from_slice(format!("&#x{:X};", c as u32).as_bytes()),
        }
    }
}

/// Text decoded; what cannot be is a question mark, in UTF-8 the replacement character.
fn characters(text: &[u8], base: &str) -> String {
    match base {
        "utf-8" => String::from_utf8_lossy(text).into_owned(),
        "us-ascii" | "iso-8859-1" => text
            .iter()
            .map(|byte| latin(*byte, char::from(*byte)))
            .collect(),
        base if base.starts_with("iso-8859-") => text
            .iter()
            .map(|byte| {
                let encoding =
                    Encoding::for_label(base.as_bytes()).unwrap_or(encoding_rs::WINDOWS_1252);
                let c = encoding
                    .decode_without_bom_handling(&[*byte])
                    .0
                    .chars()
                    .next();
                latin(*byte, c.unwrap_or('?'))
            })
            .collect(),
        base => {
            let label = match base {
                "cp932" => "shift_jis",
                "cp936" => "gbk",
                "cp949" => "euc-kr",
                "cp950" | "big5-eten" | "big5-hkscs" => "big5",
                base => base,
            };
            let decoded = match Encoding::for_label(label.as_bytes()) {
                Some(encoding) => encoding.decode_without_bom_handling(text).0.into_owned(),
                None => decode(text, Some(label), None).shown(),
            };
            let known = |c: char| match c {
                '\u{fffd}' | '\u{80}'..='\u{9f}' => '?',
                c => c,
            };
            decoded.chars().map(known).collect()
        }
    }
}

/// The ISO charsets have nothing where windows has its quotes.
fn latin(byte: u8, c: char) -> char {
    match byte {
        0x80..=0x9f => '?',
        _ if c == '\u{fffd}' => '?',
        _ => c,
    }
}
