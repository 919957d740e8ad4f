//! In which language a text is written, guessed from its script and its smallest words.

use super::token::{Purpose, Tokens};
use std::collections::HashMap;
use std::sync::LazyLock;

/// Words that are looked at.
const WORDS: usize = 500;
/// Small words of one language that a guess needs.
const ENOUGH: usize = 3;

/// Small words of languages in Latin and Cyrillic letters, folded as tokens are, chosen so that few are
/// words of two languages.
const SMALL_WORDS: &[(&str, &str)] = &[
    (
        "cs",
        "je jsem jsou byl ale jako nebo pro kdyz jsme bych neni taky jen uz ktery",
    ),
    (
        "da",
        "og jeg ikke det er til af som har hvad blev vaere ogsa fra kan",
    ),
    (
        "de",
        "und der die das ist nicht ich ein mit auch auf sich wie noch aber oder wenn bei wird habe",
    ),
    (
        "en",
        "the and is this that with not you for have are was but from what it of to be",
    ),
    (
        "eo",
        "kaj la estas mi ne por kiu ankau sed pri tiu via de vi oni",
    ),
    (
        "es",
        "que el los las una por con para como pero esta muy del hay se lo",
    ),
    (
        "fi",
        "ja on ei se etta joka mutta kun niin ovat voi jos myos oli",
    ),
    (
        "fr",
        "le les des est une pas pour que dans qui avec vous sur je mais ce il et du",
    ),
    ("hu", "es hogy nem egy ez az van meg csak ha vagy mint volt"),
    (
        "it",
        "che di non il una per sono con del della anche gli questo piu come ma",
    ),
    (
        "nl",
        "het een niet van dat ik voor met zijn ook maar aan wat hebben naar deze",
    ),
    (
        "pl",
        "nie jest sie na to ze jak ale czy jestem dla tego tylko przez lub",
    ),
    (
        "pt",
        "que nao uma para com os do da em um por mas como voce isso",
    ),
    ("ru", "и в не на что это я как но по для если так же есть"),
    (
        "sv",
        "och att det inte jag som en pa ar har med men for den kan",
    ),
    (
        "tr",
        "ve bir bu icin ile ben ama daha cok gibi degil var ne",
    ),
    ("uk", "і та не що це як для але якщо або ви ще його від"),
];

/// The languages that have a small word, as bits by their place in [`SMALL_WORDS`]: every word of every
/// mail is looked up here.
static LANGUAGES_OF: LazyLock<HashMap<&str, u32>> = LazyLock::new(|| {
    let mut languages = HashMap::new();
    for (at, (_, small)) in SMALL_WORDS.iter().enumerate() {
        for word in small.split(' ') {
            *languages.entry(word).or_default() |= 1 << at;
        }
    }
    languages
});
const _: () = assert!(SMALL_WORDS.len() <= u32::BITS as usize);
/// Bytes of the longest small word: a longer word is not looked up.
static LONGEST: LazyLock<usize> = LazyLock::new(|| {
    LANGUAGES_OF
        .keys()
        .map(|word| word.len())
        .max()
        .unwrap_or(0)
});

/// The language (ISO 639-1) of a text; none when too little speaks for one. Looks at the first
/// words only, so it takes bounded time.
pub fn language(text: &str) -> Option<&'static str> {
    let mut tokens = Tokens::new(text, Purpose::Query);
    let mut counts = [0usize; SMALL_WORDS.len()];
    let mut scripts = [0usize; SCRIPTS.len()];
    let mut words = 0;
    while words < WORDS
        && let Some(token) = tokens.next()
    {
        words += 1;
        if token.text.len() <= *LONGEST
            && let Some(languages) = LANGUAGES_OF.get(token.text)
        {
            for (at, count) in counts.iter_mut().enumerate() {
                *count += (languages >> at & 1) as usize;
            }
        }
        if !token.text.is_ascii()
            && let Some(script) = token.text.chars().find_map(script)
        {
            scripts[script] += 1;
        }
    }
    // A text with kana is Japanese, however many of its letters are Han.
    let (kana, han) = (scripts[0], scripts[1]);
    if kana * 10 > han && kana >= ENOUGH {
        return Some(SCRIPTS[0].0);
    }
    let most = (1..SCRIPTS.len()).max_by_key(|at| scripts[*at])?;
    if scripts[most] >= ENOUGH && scripts[most] * 3 > words {
        return Some(SCRIPTS[most].0);
    }
    let best = (0..counts.len()).max_by_key(|at| (counts[*at], std::cmp::Reverse(*at)))?;
    let second = (0..counts.len())
        .filter(|at| *at != best)
        .map(|at| counts[at]);
    let clear = second.max().unwrap_or(0) < counts[best];
    (counts[best] >= ENOUGH && clear).then_some(SMALL_WORDS[best].0)
}

/// Languages that alone, or nearly, use their script: its first and last letters.
const SCRIPTS: &[(&str, char, char)] = &[
    ("ja", '\u{3041}', '\u{30ff}'),
    ("zh", '\u{3400}', '\u{9fff}'),
    ("ko", '\u{ac00}', '\u{d7ff}'),
    ("el", '\u{370}', '\u{3ff}'),
    ("he", '\u{5d0}', '\u{5ea}'),
    ("ar", '\u{621}', '\u{6d3}'),
    ("th", '\u{e01}', '\u{e4e}'),
    ("hi", '\u{904}', '\u{97f}'),
];

fn script(c: char) -> Option<usize> {
    SCRIPTS
        .iter()
        .position(|(_, from, to)| (*from..=*to).contains(&c))
}
