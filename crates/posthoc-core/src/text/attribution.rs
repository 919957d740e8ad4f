//! Lines that say who wrote what follows: `On Monday Ada wrote:`, in the languages of mailers.

/// Lines that such words may take.
const MOST_LINES: usize = 4;
/// Bytes that they may take.
const LONGEST: usize = 400;

/// Words for writing, each in the form that a mailer uses; in lower case.
const VERBS: [&str; 46] = [
    "wrote",
    "writes",
    "written",
    "sent",
    "said",
    "écrit",
    "ecrit",
    "schrieb",
    "schreef",
    "geschreven",
    "escribió",
    "escribio",
    "escrigué",
    "escriure",
    "escreveu",
    "escreve",
    "scritto",
    "scrive",
    "scrisse",
    "skrev",
    "skriver",
    "skrifaði",
    "napisał",
    "napisała",
    "napisal",
    "napisał(a)",
    "pisze",
    "napsal",
    "napsala",
    "napsal(a)",
    "napsal/a",
    "píše",
    "kirjoitti",
    "írta",
    "yazdı",
    "scris",
    "пишет",
    "писал",
    "писала",
    "писал(а)",
    "написал",
    "написала",
    "написал(а)",
    "пише",
    "έγραψε",
    "rašė",
];
/// The same in scripts without blanks between words.
const UNSPACED: [&str; 5] = ["写道", "寫道", "書きました", "のメール", "작성"];

/// First words of lines that begin with a date and end with who wrote, as mailers make them; in
/// lower case.
const BEGINNINGS: [&str; 14] = [
    "on", "am", "le", "el", "il", "op", "em", "den", "på", "w", "dnia", "dne", "pe", "quoting",
];

/// Whether a line, or several joined by blanks, says who wrote what follows.
pub fn is_attribution(text: &str) -> bool {
    let text = text.trim();
    if text.len() > LONGEST {
        return false;
    }
    let (inner, framed) = unframed(text);
    let ends = inner.ends_with([':', '：']) || framed;
    ends && (has_verb(inner) || is_dated_mailbox(inner))
        || (inner.ends_with('>') && is_dated_mailbox(inner))
}

/// Whether such a line is so much of a mailer's making that a quote follows even without marks: it
/// begins with a date and names a time or a mailbox.
pub(super) fn is_mailers_attribution(text: &str) -> bool {
    let text = text.trim();
    if !is_attribution(text) {
        return false;
    }
    let (inner, _) = unframed(text);
    if is_dated_mailbox(inner) {
        return inner.ends_with([':', '：']);
    }
    // A day alone could stand in a sentence; a time of day, a year or a mailbox hardly.
    let has = |sign: &str| inner.contains(sign);
    let digits = inner.bytes().filter(u8::is_ascii_digit).count();
    let timed = digits >= 3 && inner.as_bytes().windows(3).any(is_time);
    begins_attribution(inner) && (timed || has_year(inner) || (has("<") && has("@")))
}

/// Whether a line begins as mailers begin to say who wrote: with such a word, or with a digit. Looks at
/// a few bytes.
pub(super) fn begins_attribution(text: &str) -> bool {
    let inner = text.trim_start_matches(['-', ' ', '\t']);
    if text.len() > LONGEST || inner.is_empty() {
        return false;
    }
    if inner.starts_with(|c: char| c.is_ascii_digit()) || inner.starts_with("Sent from ") {
        return true;
    }
    let near = &inner[..inner.floor_char_boundary(12)];
    let Some((first, _)) = near.split_once([' ', ',']) else {
        return false;
    };
    let is = |word: &&str| {
        *word == first || (first.len() == word.len() && first.to_lowercase() == **word)
    };
    first.starts_with(char::is_uppercase) && BEGINNINGS.iter().any(is)
}

/// How many of the last lines say who wrote what follows them; 0 when none do. Empty lines must not
/// stand among them.
pub fn attribution_before<'a>(mut lines: impl Iterator<Item = &'a str>) -> usize {
    let Some(last) = lines.next() else { return 0 };
    if is_attribution(last) && !goes_on_above(last) {
        return 1;
    }
    let trimmed = last.trim_end();
    if trimmed.len() > LONGEST || !trimmed.ends_with([':', '：', '>', '-']) {
        return 0;
    }
    let mut joined = last.trim().to_owned();
    for count in 2..=MOST_LINES {
        let Some(line) = lines.next().map(str::trim).filter(|line| !line.is_empty()) else {
            break;
        };
        joined = format!("{line} {joined}");
        if joined.len() > LONGEST {
            break;
        }
        if is_mailers_attribution(&joined) || (is_attribution(&joined) && !goes_on_above(&joined)) {
            return count;
        }
    }
    usize::from(is_attribution(last))
}

/// Whether only the end of such words stands here: `wrote:`, `<ada@example.org> wrote:`
fn goes_on_above(text: &str) -> bool {
    let text = text.trim();
    let first = text.split_whitespace().next().unwrap_or_default();
    text.starts_with('<') || is_verb(first) || (first.contains('@') && first.ends_with('>'))
}

/// The text without dashes around it, and whether it had some at its end.
fn unframed(text: &str) -> (&str, bool) {
    let inner = text.trim_start_matches('-').trim_start();
    match inner.strip_suffix("---") {
        Some(inner) => (inner.trim_end_matches('-').trim_end(), true),
        None => (inner, false),
    }
}

fn has_verb(text: &str) -> bool {
    text.split_whitespace().any(is_verb)
        || (!text.is_ascii() && UNSPACED.iter().any(|verb| text.contains(verb)))
}

fn is_verb(word: &str) -> bool {
    let word = word.trim_end_matches([':', '：', ',', '-', '.', ';']);
    // `<ada@example.org>wrote:`
    let word = word.rsplit('>').next().unwrap_or(word);
    if !(3..=24).contains(&word.len()) {
        return false;
    }
    VERBS.contains(&word)
        || (!word.starts_with(|c: char| c.is_lowercase()) && {
            let lower = word.to_lowercase();
            VERBS.contains(&lower.as_str())
        })
}

/// `2014-10-17 11:28 GMT+03:00 Ada <ada@example.org>:`, `Thu, 26 Jun 2014 14:00 +0400 от Ada <…>:`
fn is_dated_mailbox(text: &str) -> bool {
    let end = text.trim_end_matches([':', '：']).trim_end();
    if !end.ends_with('>') {
        return false;
    }
    let Some(open) = memchr::memrchr(b'<', end.as_bytes()) else {
        return false;
    };
    let (before, mailbox) = end.split_at(open);
    // Only a time and a zone have colons; a line of a log has others.
    let says = |word: &str| word.ends_with([':', '>']) || word.contains("::");
    let whose = mailbox.contains('@') || mailbox.contains(" at ");
    if !whose || before.split_whitespace().any(says) {
        return false;
    }
    let bytes = before.as_bytes();
    let year_first = bytes.len() > 9
        && bytes[..4].iter().all(u8::is_ascii_digit)
        && (bytes.starts_with(b"19") || bytes.starts_with(b"20"))
        && matches!(bytes[4], b'-' | b'/' | b'.')
        && bytes[5].is_ascii_digit();
    let first = before.split_whitespace().next().unwrap_or_default();
    let day_first =
        first.ends_with(',') && first.len() <= 16 && has_year(before) && end.len() < text.len();
    year_first || (day_first && bytes.windows(3).any(is_time))
}

/// Whether four digits stand there that are a year of mail.
fn has_year(text: &str) -> bool {
    text.as_bytes()
        .windows(4)
        .any(|w| (w.starts_with(b"19") || w.starts_with(b"20")) && w.iter().all(u8::is_ascii_digit))
}

fn is_time(window: &[u8]) -> bool {
    window[0].is_ascii_digit() && matches!(window[1], b':' | b'.') && window[2].is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_wrote() {
        for text in [
            "Ada wrote:",
            "Ada Lovelace <ada@example.org> writes:",
            "> On Monday, Ada <ada@example.org> wrote:",
            "Op 13-02-2014 3:18 schreef Ada <ada@example.org>:",
            "Am 3. November 2025 um 12:00 schrieb Ada:",
            "W dniu 28 stycznia 2015 01:53 użytkownik Ada napisał:",
            "------On 12/29/1987 17:32 PM, Ada wrote-----",
            "2014-10-17 11:28 GMT+03:00 Ada <ada@example.org>:",
            "2011/4/7 Ada <ada@example.org>",
            "Thu, 26 Jun 2014 14:00:51 +0400 от Ada <ada@example.org>:",
            "26.06.2014, 14:41, \"Ada\" <ada@example.org>:",
            "Ada<ada@example.org>于2025年11月3日写道：",
            "\"ADA\" WROTE:",
        ] {
            assert!(is_attribution(text), "{text}");
        }
        for text in [
            "2008-05-30 09:14:27.899 fetchmail: SMTP> MAIL FROM:<ada at example.org>",
            "She wrote",
            "The following is true:",
            "wrote a book",
            "",
            ":",
        ] {
            assert!(!is_attribution(text), "{text}");
        }
    }

    #[test]
    fn what_only_mailers_write() {
        for text in [
            "On Tue, 4 Nov 2025 at 10:12, Ada <ada@example.org> wrote:",
            "On Nov 30, 2011, at 12:47 PM, Ada wrote:",
            "Le 23 janv. 2015 à 22:03, Ada <ada@example.org> a écrit :",
            "Den 14 september, 2015 02:23:18, Ada (ada@example.org) skrev:",
            "2014-10-17 11:28 GMT+03:00 Ada <ada@example.org>:",
        ] {
            assert!(is_mailers_attribution(text), "{text}");
        }
        for text in [
            "Ada wrote:",
            "On Monday Ada wrote:",
            "In his paper of 1999 he wrote a rule:",
        ] {
            assert!(!is_mailers_attribution(text), "{text}");
        }
    }

    #[test]
    fn over_several_lines() {
        let check = |text: &str, expected: usize| {
            assert_eq!(attribution_before(text.lines().rev()), expected, "{text}");
        };
        check(
            "Hello\nOn Nov 30, 2011, at 12:47 PM, Ada <\nada@example.org>\nwrote:",
            3,
        );
        check("Hello\nAda wrote:", 1);
        check(
            "On Fri, 6 May 2011, Ada of the town hall\n<ada@example.org> wrote:",
            2,
        );
        check("2014-10-17 11:28 GMT+03:00 Ada <\nada@example.org>:", 2);
        check("Hello\nWorld:", 0);
        check("", 0);
    }
}
