//! Message-IDs that a text names.

/// Bytes of an id on each side of its at sign.
const LONGEST: usize = 200;
/// An id's left side is at least so long, and has a digit: most addresses do not.
const SHORTEST: usize = 8;

/// What stands in a text as `<ID>` and may be a Message-ID, without its brackets, each once, at most
/// `most`, in order. An address may be among it. Linear.
pub fn mentioned(text: &[u8], found: &mut Vec<String>, most: usize) {
    for at in memchr::memchr_iter(b'@', text) {
        if found.len() >= most {
            return;
        }
        let is_id = |b: &u8| b.is_ascii_graphic() && !b"<>@()\",;:\\".contains(b);
        let before = &text[at.saturating_sub(LONGEST)..at];
        let left = before.iter().rev().take_while(|b| is_id(b)).count();
        let after = &text[at + 1..text.len().min(at + 1 + LONGEST)];
        let right = after.iter().take_while(|b| is_id(b)).count();
        let framed = left < before.len()
            && before[before.len() - left - 1] == b'<'
            && after.get(right) == Some(&b'>');
        let local = &text[at - left..at];
        if !framed || right == 0 || left < SHORTEST || !local.iter().any(u8::is_ascii_digit) {
            continue;
        }
        let id = String::from_utf8_lossy(&text[at - left..at + 1 + right]);
        if !found.iter().any(|known| *known == id) {
            found.push(id.into_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_in_brackets() {
        let check = |text: &str, expected: &[&str]| {
            let mut found = Vec::new();
            mentioned(text.as_bytes(), &mut found, 3);
            assert_eq!(found, expected, "{text}");
        };
        check(
            "In <20251103.42@example.org>, Ada wrote",
            &["20251103.42@example.org"],
        );
        check("Ada <ada@example.org> wrote", &[]);
        check("<20251103.42@example.org", &[]);
        check("20251103.42@example.org>", &[]);
        check("<2025 1103.42@example.org>", &[]);
        check("<12345678@> <@x> <>", &[]);
        check(
            "<10000000@a><10000000@a><20000000@a><30000000@a><40000000@a>",
            &["10000000@a", "20000000@a", "30000000@a"],
        );
        check(&"<1@".repeat(1_000), &[]);
    }
}
