//! Words that stand nowhere else, and where they are found.

use posthoc_core::text::{base64, quoted_printable};
use std::collections::BTreeMap;
use std::io::Read;

/// Letters of a token.
const LENGTH: usize = 14;
/// Letters of a base64 word that could hold one.
const SHORTEST: usize = 16;

/// Why a word may not be said; the last ones may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Secret {
    /// Of a private list.
    Private,
    /// Of an unlisted list: for those alone who ask for a page of that list.
    Unlisted,
    /// Of a removed mail.
    Removed,
    /// Of a piece that was taken out of a public mail.
    Redacted,
    /// Of an address on a list that hides them.
    Masked,
    /// The id of a private mail that a public mail names.
    Named,
    /// Of a private mail, quoted in a public one.
    Quoted,
    /// Of a public list.
    Open,
}

/// Every token, why it is one and where it stands.
#[derive(Default)]
pub(crate) struct Tokens {
    all: BTreeMap<String, (Secret, String)>,
}

impl Tokens {
    /// A new word: `zq` and twelve letters that follow from its number.
    pub(crate) fn new_word(&mut self, secret: Secret, place: &str) -> String {
        let word = word(self.all.len() as u64 + 1);
        self.add(&word, secret, place);
        word
    }

    /// Takes a word of that shape as a token.
    pub(crate) fn add(&mut self, word: &str, secret: Secret, place: &str) {
        assert_eq!(word.len(), LENGTH, "{word}");
        let taken = self.all.insert(word.to_owned(), (secret, place.to_owned()));
        assert!(taken.is_none(), "{word} twice");
    }

    pub(crate) fn of(&self, secret: Secret) -> impl Iterator<Item = (&str, &str)> {
        let words = self.all.iter();
        words
            .filter(move |(_, (of, _))| *of == secret)
            .map(|(word, (_, place))| (word.as_str(), place.as_str()))
    }

    /// The tokens that bytes say, to whomever decodes them.
    pub(crate) fn found(&self, bytes: &[u8]) -> Vec<(Secret, &str)> {
        let mut found = Vec::new();
        for form in forms(bytes) {
            for word in words(&form) {
                if let Some((secret, place)) = self.all.get(&word) {
                    found.push((*secret, place.as_str()));
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// The word of a number; 0 is nobody's.
pub(crate) fn word(number: u64) -> String {
    let mut state = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d;
    let mut word = "zq".to_owned();
    while word.len() < LENGTH {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        word.push(char::from(b'a' + ((state >> 40) % 26) as u8));
    }
    word
}

/// Every run of letters that could be a token, in small letters.
fn words(bytes: &[u8]) -> Vec<String> {
    let mut words = Vec::new();
    for (at, pair) in bytes.windows(2).enumerate() {
        if pair.eq_ignore_ascii_case(b"zq")
            && let Some(word) = bytes.get(at..at + LENGTH)
        {
            words.push(String::from_utf8_lossy(word).to_ascii_lowercase());
        }
    }
    words
}

/// Bytes as they are, unpacked, without tags, and decoded in all the ways of mails.
fn forms(bytes: &[u8]) -> Vec<Vec<u8>> {
    if bytes.starts_with(b"\x1f\x8b") {
        let mut plain = Vec::new();
        let mut packed = flate2::read::MultiGzDecoder::new(bytes);
        packed.read_to_end(&mut plain).unwrap();
        return forms(&plain);
    }
    let mut forms = vec![bytes.to_vec(), quoted_printable(bytes).0];
    let (mut text, mut within) = (Vec::new(), false);
    for byte in bytes {
        match byte {
            b'<' => within = true,
            b'>' if within => within = false,
            byte if !within => text.push(*byte),
            _ => {}
        }
    }
    forms.push(text);
    let is_base64 = |b: &u8| b.is_ascii_alphanumeric() || b"+/=".contains(b);
    let mut encoded = Vec::new();
    for run in bytes.split(|b| !is_base64(b)) {
        if run.len() >= SHORTEST {
            forms.push(base64(run).0);
            encoded.extend_from_slice(run);
        }
    }
    // Lines that belong together.
    forms.push(base64(&encoded).0);
    forms
}

#[test]
fn a_token_is_found_however_it_is_written() {
    let mut tokens = Tokens::default();
    let word = tokens.new_word(Secret::Private, "here");
    let (begin, end) = word.split_at(5);
    let encoded = crate::letter::base64_of(format!("so {word} says").as_bytes());
    for text in [
        word.clone(),
        word.to_uppercase(),
        format!("x{word}y"),
        format!("{begin}<mark>{end}</mark>"),
        format!("{begin}=\n{end}"),
        format!("=?utf-8?b?{encoded}?="),
        format!("lines:\n{}\n{}\n", &encoded[..16], &encoded[16..]),
    ] {
        assert_eq!(
            tokens.found(text.as_bytes()),
            [(Secret::Private, "here")],
            "{text}"
        );
    }
    assert!(tokens.found(super::tokens::word(0).as_bytes()).is_empty());
}
