//! Which way a text runs: decided where the page is made, so that browsers, readers of text and
//! programs that read aloud are told the same.

use crate::text::Html;

/// Appends the attributes of a block whose first letter is of a script that runs from right to left
/// (Unicode Bidirectional Algorithm, rules P2 and P3); nothing for all other text. Hebrew script is
/// Hebrew by far, so its language is told too; Arabic script is that of many languages.
pub(super) fn push_direction<'a>(html: &mut Html, lines: impl IntoIterator<Item = &'a str>) {
    for line in lines {
        // UTF-8 of U+0590 and above begins with 0xD6 or more; nearly all text has no such byte.
        let first = match line.bytes().any(|byte| byte >= 0xD6) {
            true => line.chars().find(|c| c.is_alphabetic()),
            false => line.chars().find(char::is_ascii_alphabetic),
        };
        match first {
            None => continue,
            Some('\u{590}'..='\u{5FF}' | '\u{FB1D}'..='\u{FB4F}') => {
                html.push_literal(" dir=\"rtl\" lang=\"he\"");
            }
            Some(c) if runs_left(c) => html.push_literal(" dir=\"rtl\""),
            Some(_) => {}
        }
        return;
    }
}

/// Letters of Arabic, Syriac, Thaana, N'Ko and the other scripts that run to the left.
fn runs_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFF}'
        | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_letter_decides() {
        let table = [
            ("plain", ""),
            ("", ""),
            ("123 -- ", ""),
            ("שלום, see the patch", " dir=\"rtl\" lang=\"he\""),
            ("> \"12 مرحبا", " dir=\"rtl\""),
            ("the word שלום", ""),
            ("Ščedrý večer", ""),
        ];
        for (text, attributes) in table {
            let mut html = Html::new();
            push_direction(&mut html, [text]);
            assert_eq!(html.as_str(), attributes, "{text}");
        }
        let mut html = Html::new();
        push_direction(&mut html, ["...", "مرحبا"]);
        assert_eq!(html.as_str(), " dir=\"rtl\"");
    }
}
