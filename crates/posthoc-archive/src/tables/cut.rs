//! Where a long index is cut: by content, so that a late mail touches its own piece only and a
//! rebuild cuts alike.

/// An index of up to that many mails is one page.
pub(crate) const CUT_ABOVE: u64 = 500;

/// The key by which the subject and author indexes sort: folded to lower case, reply marks and
/// surrounding marks dropped, at most 60 characters.
pub(crate) fn index_key(text: &str) -> String {
    let mut rest = text.trim();
    loop {
        let lower: String = rest.chars().take(5).flat_map(char::to_lowercase).collect();
        let mark = ["re:", "aw:", "sv:", "fwd:", "fw:", "antw:"]
            .iter()
            .find(|m| lower.starts_with(**m));
        match mark {
            Some(mark) => rest = rest.get(mark.len()..).unwrap_or_default().trim_start(),
            None => break,
        }
    }
    let folded = rest
        .chars()
        .flat_map(char::to_lowercase)
        .filter(|c| !c.is_control());
    folded
        .skip_while(|c| !c.is_alphanumeric())
        .take(60)
        .collect::<String>()
        .trim()
        .to_owned()
}

/// The names of the pieces that a sort key may stand in, coarsest first: its first one, two and
/// three letters, and those with the day. Letters and digits of ASCII stand for themselves, others
/// as `u` and their hexadecimal number.
pub(crate) fn prefixes(key: &str, day: u32) -> [String; 4] {
    let mut names: [String; 4] = Default::default();
    let mut name = String::new();
    let mut letters = key.chars().filter(|c| c.is_alphanumeric());
    for slot in names.iter_mut().take(3) {
        match letters.next() {
            Some(letter) if letter.is_ascii() => name.push(letter),
            Some(letter) => name += &format!("u{:04x}", u32::from(letter)),
            None => {}
        }
        *slot = if name.is_empty() {
            "none".to_owned()
        } else {
            name.clone()
        };
    }
    names[3] = format!("{}{day:08}", names[2]);
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_drop_reply_marks_and_fold() {
        assert_eq!(index_key("Re: AW:  [tag] Hello\u{7}"), "tag] hello");
        assert_eq!(index_key("RE:"), "");
        assert_eq!(index_key(&"x".repeat(5_000)).len(), 60);
    }

    #[test]
    fn prefixes_are_safe_in_paths() {
        assert_eq!(
            prefixes("ab cd", 20251103),
            ["a", "ab", "abc", "abc20251103"]
        );
        assert_eq!(prefixes("жа", 1)[1], "u0436u0430");
        assert_eq!(prefixes("", 1)[0], "none");
        assert_eq!(prefixes("a", 1)[..3], ["a", "a", "a"]);
    }
}
