//! Words that are forms of one another: those with the same stem by Snowball's rules for a language.
//!
//! An index holds words as they stand. Forms are found when a question is asked, so what a list's
//! languages are may change at any time.

use frostem::{Algorithm, Stemmer};

/// The languages that have stems, by their tags (ISO 639-1), in the order of [`Stems`].
const LANGUAGES: [(&str, Algorithm); 21] = [
    ("ca", Algorithm::Catalan),
    ("cs", Algorithm::Czech),
    ("da", Algorithm::Danish),
    ("de", Algorithm::German),
    ("el", Algorithm::Greek),
    ("en", Algorithm::English),
    ("eo", Algorithm::Esperanto),
    ("es", Algorithm::Spanish),
    ("fi", Algorithm::Finnish),
    ("fr", Algorithm::French),
    ("hu", Algorithm::Hungarian),
    ("it", Algorithm::Italian),
    ("nb", Algorithm::Norwegian),
    ("nl", Algorithm::Dutch),
    ("no", Algorithm::Norwegian),
    ("pl", Algorithm::Polish),
    ("pt", Algorithm::Portuguese),
    ("ro", Algorithm::Romanian),
    ("ru", Algorithm::Russian),
    ("sv", Algorithm::Swedish),
    ("tr", Algorithm::Turkish),
];

/// Letters of the shortest word that has other forms.
const SHORTEST: usize = 3;

/// Languages by whose rules words are taken for forms of one another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stems(u32);

impl Stems {
    /// No language: a word is itself alone.
    pub const NONE: Stems = Stems(0);

    /// The languages of some tags (`de`, `pt-BR`). One that has no stems here adds nothing.
    pub fn of<'t>(tags: impl IntoIterator<Item = &'t str>) -> Stems {
        tags.into_iter()
            .filter_map(number)
            .fold(Stems::NONE, |stems, number| Stems(stems.0 | 1 << number))
    }

    /// Whether a language has stems.
    pub fn has(tag: &str) -> bool {
        number(tag).is_some()
    }

    /// The tags of all languages that have stems, in order.
    pub fn languages() -> impl Iterator<Item = &'static str> {
        LANGUAGES.iter().map(|(tag, _)| *tag)
    }

    /// These and others.
    #[must_use]
    pub fn and(self, other: Stems) -> Stems {
        Stems(self.0 | other.0)
    }

    fn algorithms(self) -> impl Iterator<Item = Algorithm> {
        let languages = LANGUAGES.iter().enumerate();
        languages
            .filter(move |(number, _)| self.0 & 1 << number != 0)
            .map(|(_, (_, algorithm))| *algorithm)
    }
}

fn number(tag: &str) -> Option<usize> {
    let language = tag.split('-').next().unwrap_or_default();
    LANGUAGES
        .iter()
        .position(|(known, _)| known.eq_ignore_ascii_case(language))
}

/// A word and what makes another word a form of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Forms {
    word: String,
    stems: Vec<Stem>,
}

#[derive(Clone, Debug, PartialEq)]
struct Stem {
    algorithm: Algorithm,
    stem: String,
    /// What the forms begin with.
    begins: usize,
}

impl Forms {
    /// Of a folded word. `None` when it has no other forms: a short one, or one with figures or signs.
    pub fn of(word: &str, languages: Stems) -> Option<Forms> {
        if word.chars().take(SHORTEST).count() < SHORTEST || !is_of_letters(word) {
            return None;
        }
        let mut stems: Vec<Stem> = Vec::new();
        for algorithm in languages.algorithms() {
            let stem = stem(algorithm, word);
            let letters: Vec<usize> = stem.char_indices().map(|(at, _)| at).collect();
            let begins = match letters.len() {
                0 | 1 => continue,
                2 => stem.len(),
                // Stems change their last letter: `try` and `tries` have `tri`.
                more => letters[more - 1],
            };
            stems.push(Stem {
                algorithm,
                stem,
                begins,
            });
        }
        (!stems.is_empty()).then(|| Forms {
            word: word.to_owned(),
            stems,
        })
    }

    /// The word itself.
    pub fn word(&self) -> &str {
        &self.word
    }

    /// What each form begins with, but for the word itself, which may begin otherwise. Sorted; none
    /// begins with another.
    pub fn beginnings(&self) -> Vec<&str> {
        let mut all: Vec<&str> = self.stems.iter().map(Stem::beginning).collect();
        all.sort_unstable();
        all.dedup_by(|later, earlier| later.starts_with(&**earlier));
        all
    }

    /// Whether a folded word is a form: the word itself, or one of letters that has the same stem by the
    /// same language's rules, and begins as the stem does, but for the stem's last letter.
    pub fn has(&self, token: &str) -> bool {
        if token == self.word {
            return true;
        }
        let same = |one: &Stem| {
            token.starts_with(one.beginning())
                && is_of_letters(token)
                && stem(one.algorithm, token) == one.stem
        };
        self.stems.iter().any(same)
    }
}

impl Stem {
    fn beginning(&self) -> &str {
        &self.stem[..self.begins]
    }
}

fn is_of_letters(word: &str) -> bool {
    match word.is_ascii() {
        true => word.bytes().all(|byte| byte.is_ascii_lowercase()),
        false => word.chars().all(char::is_alphabetic),
    }
}

/// The stem of a folded word. Folding has dropped accents, which the rules of most languages do without;
/// Russian's endings need their short i, which is put back.
fn stem(algorithm: Algorithm, word: &str) -> String {
    let stemmer = Stemmer::new(algorithm);
    if algorithm == Algorithm::Russian
        && let Some(rest) = word.strip_suffix('и')
        && rest.ends_with(['а', 'е', 'и', 'о', 'у', 'ы', 'э', 'ю', 'я'])
    {
        return stemmer.stem(&format!("{rest}й")).into_owned();
    }
    stemmer.stem(word).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Words of one stem, by language; `|` parts those that are no forms of the first.
    const FORMS: &str = "
        en thread threads threaded threading | thready threat
        en try tries tried trying | trial
        en connection connections connected connect | connive
        en flush flushes flushed flushing | flash
        en hope hopes hoping hoped | hop
        de haus hauser hauses | hausrat
        de archiv archive archiven | architekt
        fr courriel courriels | courrier
        fr continuer continue continues continuait | contenu
        es cancion canciones | cantar
        pt lista listas | lisboa
        it lista liste | listino
        nl lijst lijsten | list
        sv lista listor listorna | lysa
        ru новыи новая нового новые | нос
        ru списка списки списком | спасибо
        fi talossa talosta talon | tulos
    ";

    #[test]
    fn forms_have_one_stem() {
        let mut wrong = Vec::new();
        for line in FORMS.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let (language, words) = line.split_once(' ').unwrap();
            let (same, others) = words.split_once(" | ").unwrap();
            for word in same.split(' ') {
                let forms = Forms::of(word, Stems::of([language])).unwrap();
                let lacks = same.split(' ').filter(|form| !forms.has(form));
                wrong.extend(lacks.map(|form| format!("{form} is no form of {word}: {forms:?}")));
                let has = others.split(' ').filter(|other| forms.has(other));
                wrong.extend(has.map(|other| format!("{other} is a form of {word}: {forms:?}")));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn words_without_forms() {
        for word in ["if", "x86", "c++", "foo_bar", "3d", "2019", ""] {
            assert_eq!(Forms::of(word, Stems::of(["en"])), None, "{word}");
        }
        assert_eq!(Forms::of("threads", Stems::NONE), None);
        assert_eq!(Stems::of(["xx", "", "zh"]), Stems::NONE);
        assert_eq!(Stems::of(["DE", "en-GB"]), Stems::of(["en", "de"]));
        assert!(!Forms::of("form", Stems::of(["en"])).unwrap().has("f0rm"));
    }

    #[test]
    fn each_beginning_once() {
        let forms = Forms::of("connections", Stems::of(["en", "de", "nl"])).unwrap();
        assert_eq!(forms.beginnings(), ["connec"]);
    }

    proptest! {
        #[test]
        fn any_word_has_a_stem(word in "\\p{L}{1,40}", other in "\\p{Ll}{0,64}") {
            let all = Stems::of(Stems::languages());
            for word in [word.to_lowercase(), word] {
                if let Some(forms) = Forms::of(&word, all) {
                    prop_assert!(forms.has(&word));
                    let begins = forms.beginnings();
                    let found = forms.has(&other) && other != word;
                    prop_assert!(!found || begins.iter().any(|begin| other.starts_with(begin)));
                }
            }
        }
    }
}
