//! What characters are to the tokenizer, and what is left of a word when it is compared.

use super::token::MAX_TOKEN_BYTES;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// What a character is to the tokenizer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// A letter or digit of a script with blanks.
    Word,
    /// A letter of a script without blanks.
    Letter,
    /// Belongs to the character before it.
    Mark,
    /// `_`
    Joiner,
    /// Separates.
    Other,
}

/// The class of a character.
pub(super) fn class(c: char) -> Class {
    if c.is_ascii() {
        return match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' => Class::Word,
            '_' => Class::Joiner,
            _ => Class::Other,
        };
    }
    // Soft hyphen, zero-width (non-)joiner, word joiner and variation selectors stand within words.
    let joins = matches!(
        c,
        '\u{ad}' | '\u{200c}' | '\u{200d}' | '\u{2060}' | '\u{fe00}'..='\u{fe0f}'
    );
    if joins || is_combining_mark(c) || matches!(c, '\u{ff9e}' | '\u{ff9f}') {
        Class::Mark
    } else if !c.is_alphanumeric() {
        Class::Other
    } else if is_unspaced(c) {
        Class::Letter
    } else {
        Class::Word
    }
}

fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{0e00}'..='\u{0eff}'      // Thai, Lao
        | '\u{1000}'..='\u{109f}'    // Burmese
        | '\u{1100}'..='\u{11ff}'    // Hangul jamo
        | '\u{1780}'..='\u{17ff}'    // Khmer
        | '\u{2e80}'..='\u{2fdf}'    // radicals
        | '\u{3005}'..='\u{3007}'
        | '\u{3021}'..='\u{30ff}'    // kana
        | '\u{3105}'..='\u{318f}'    // bopomofo, Hangul compatibility jamo
        | '\u{31a0}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}'    // Han
        | '\u{4e00}'..='\u{9fff}'
        | '\u{a960}'..='\u{a97f}'
        | '\u{ac00}'..='\u{d7ff}'    // Hangul
        | '\u{f900}'..='\u{faff}'
        | '\u{ff66}'..='\u{ffdc}'    // half-width kana and Hangul
        | '\u{1b000}'..='\u{1b16f}'
        | '\u{20000}'..='\u{3ffff}'
    )
}

/// Replaces the buffer by the folded word, at most [`MAX_TOKEN_BYTES`] long. Folding takes
/// compatibility forms apart (NFKD), makes letters small, drops the accents of Latin, Greek and
/// Cyrillic and the vowel points of Hebrew and Arabic, and puts the rest together again (NFC).
pub(super) fn fold_into(word: &str, buffer: &mut String) {
    buffer.clear();
    if word.is_ascii() {
        buffer.push_str(&word[..word.len().min(MAX_TOKEN_BYTES)]);
        buffer.make_ascii_lowercase();
        return;
    }
    let folded = word
        .nfkd()
        .flat_map(char::to_lowercase)
        .nfkd()
        .filter(|c| !is_dropped(*c))
        .nfc();
    for c in folded {
        let more = match c {
            'ß' => "ss",
            'æ' => "ae",
            'œ' => "oe",
            'ø' => "o",
            'đ' | 'ð' => "d",
            'ł' => "l",
            'ħ' => "h",
            'ŧ' => "t",
            'ı' => "i",
            'þ' => "th",
            'ς' => "σ",
            _ => "",
        };
        let length = if more.is_empty() {
            c.len_utf8()
        } else {
            more.len()
        };
        if buffer.len() + length > MAX_TOKEN_BYTES {
            break;
        }
        if more.is_empty() {
            buffer.push(c);
        } else {
            buffer.push_str(more);
        }
    }
}

/// Accents, points, and what is not seen. Compatibility forms may come apart into punctuation.
fn is_dropped(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}'
        | '\u{483}'..='\u{489}'
        | '\u{591}'..='\u{5c7}'
        | '\u{610}'..='\u{61a}'
        | '\u{640}'
        | '\u{64b}'..='\u{65f}'
        | '\u{670}'
        | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}'
    ) || (!c.is_alphanumeric() && c != '_' && !is_combining_mark(c))
}
