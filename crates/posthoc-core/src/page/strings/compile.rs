//! From a file of texts in Fluent's syntax to patterns that are filled in without looking anything up
//! twice.
//!
//! Of [Fluent](https://projectfluent.org) a file may use what pages need: texts, comments, arguments
//! (`{ $count }`), quoted characters (`{ "\u00A0" }`), and choices by an argument: its number, its
//! plural category in the file's language (CLDR), its word. What a file says else is a fault with its
//! line, never a page that is half made.

use fluent_syntax::ast::{
    Entry, Expression, InlineExpression, PatternElement, Variant, VariantKey,
};
use fluent_syntax::parser::parse_runtime;
use fluent_syntax::unicode::unescape_unicode_to_string;
use intl_pluralrules::{PluralCategory, PluralRuleType, PluralRules};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use unic_langid::LanguageIdentifier;

/// Braces within one another: the parser calls itself for each.
const DEEPEST: usize = 8;

/// Texts by their names.
pub(super) type Texts = BTreeMap<String, Arc<Pattern>>;

/// A text and the places in it.
#[derive(Default)]
pub(super) struct Pattern {
    pub(super) pieces: Vec<Piece>,
}

/// A piece of a text.
pub(super) enum Piece {
    Text(Box<str>),
    /// What stands under that name.
    Arg(Box<str>),
    Choice(Choice),
}

/// One of several texts, by an argument.
pub(super) struct Choice {
    pub(super) arg: Box<str>,
    pub(super) rules: Arc<PluralRules>,
    pub(super) variants: Vec<(Key, Pattern)>,
    /// When no other one holds.
    pub(super) other: Pattern,
}

/// When a variant holds.
pub(super) enum Key {
    Number(u64),
    /// A word, or a category of plurals where it is the name of one.
    Word(Box<str>, Option<PluralCategory>),
}

/// Why a file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::page) struct Fault {
    /// From 1.
    pub(in crate::page) line: usize,
    pub(in crate::page) reason: String,
}

impl Pattern {
    /// The text itself, where nothing is to be filled in.
    pub(super) fn plain(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [] => Some(""),
            [Piece::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// The names of all that is filled in or chosen by.
    pub(super) fn args(&self) -> BTreeSet<&str> {
        let mut args = BTreeSet::new();
        let mut open = vec![self];
        while let Some(pattern) = open.pop() {
            for piece in &pattern.pieces {
                match piece {
                    Piece::Text(_) => {}
                    Piece::Arg(name) => {
                        args.insert(&**name);
                    }
                    Piece::Choice(choice) => {
                        args.insert(&*choice.arg);
                        open.push(&choice.other);
                        open.extend(choice.variants.iter().map(|(_, pattern)| pattern));
                    }
                }
            }
        }
        args
    }

    fn push_text(&mut self, text: &str) {
        // A text is one line of a page, however its file breaks it.
        let text = text.replace(['\n', '\r'], " ");
        match self.pieces.last_mut() {
            Some(Piece::Text(before)) => *before = format!("{before}{text}").into(),
            _ => self.pieces.push(Piece::Text(text.into())),
        }
    }
}

/// The rules of plurals of a language: those of its first part where it has none of its own, and
/// English ones where it is unknown.
fn rules(language: &str) -> Arc<PluralRules> {
    let first = language.split('-').next().unwrap_or_default();
    let of = |name: &str| {
        let language: LanguageIdentifier = name.parse().ok()?;
        PluralRules::create(language, PluralRuleType::CARDINAL).ok()
    };
    let found = of(language).or_else(|| of(first)).or_else(|| of("en"));
    // English has rules.
    Arc::new(found.unwrap_or_else(|| unreachable!("rules of English")))
}

/// The texts of a file in that language, and what is wrong with it.
pub(super) fn compile(language: &str, source: &str) -> (Texts, Vec<Fault>) {
    if let Some(line) = too_deep(source) {
        let reason = format!("more than {DEEPEST} braces within one another");
        return (Texts::new(), vec![Fault { line, reason }]);
    }
    // What is missing at the end is missing in the last line that says anything.
    let end = source.trim_end().len();
    let line_at = |at: usize| {
        let before = &source.as_bytes()[..at.min(end)];
        before.iter().filter(|byte| **byte == b'\n').count() + 1
    };
    let (resource, errors) = match parse_runtime(source) {
        Ok(resource) => (resource, Vec::new()),
        Err((resource, errors)) => (resource, errors),
    };
    let mut faults: Vec<Fault> = errors
        .iter()
        .map(|error| Fault {
            line: line_at(error.pos.start),
            reason: error.kind.to_string(),
        })
        .collect();
    let rules = rules(language);
    let mut texts = Texts::new();
    for entry in resource.body {
        let Entry::Message(message) = entry else {
            if let Entry::Term(term) = entry {
                let line = line_of(source, &format!("-{}", term.id.name));
                let reason = "a term; write its words where they are used".to_owned();
                faults.push(Fault { line, reason });
            }
            continue;
        };
        let name = message.id.name;
        let mut fault = |reason: &str| {
            faults.push(Fault {
                line: line_of(source, name),
                reason: format!("{name}: {reason}"),
            });
        };
        if !message.attributes.is_empty() {
            fault("has attributes, which nothing reads");
        }
        let elements = message.value.map(|value| value.elements);
        match pattern(elements.unwrap_or_default(), &rules) {
            Err(reason) => fault(reason),
            Ok(_) if texts.contains_key(name) => fault("stands here twice"),
            Ok(pattern) => {
                texts.insert(name.to_owned(), Arc::new(pattern));
            }
        }
    }
    faults.sort_by_key(|fault| fault.line);
    (texts, faults)
}

/// What is wrong with a file of a site's own, beside English texts: a name that no page asks for, an
/// argument that is not given, one that the text leaves out.
pub(super) fn compare(source: &str, texts: &Texts, english: &Texts) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (name, pattern) in texts {
        let mut fault = |reason: String| {
            let line = line_of(source, name);
            faults.push(Fault { line, reason });
        };
        let Some(known) = english.get(name) else {
            fault(format!("{name}: no page has a text of that name"));
            continue;
        };
        let (args, given) = (pattern.args(), known.args());
        for arg in args.difference(&given) {
            fault(format!("{name}: there is no ${arg} here"));
        }
        for arg in given.difference(&args) {
            fault(format!("{name}: does not say where ${arg} belongs"));
        }
    }
    faults
}

/// The line where braces stand too deep within one another.
fn too_deep(source: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (at, byte) in source.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            _ => continue,
        }
        if depth > DEEPEST {
            return Some(source[..at].matches('\n').count() + 1);
        }
    }
    None
}

/// The line where a text begins; the last such one, as the fault of a second one is meant.
pub(super) fn line_of(source: &str, name: &str) -> usize {
    let begins = |line: &str| {
        let rest = line.strip_prefix(name);
        rest.is_some_and(|rest| rest.trim_start().starts_with('='))
    };
    let lines: Vec<&str> = source.lines().collect();
    lines.iter().rposition(|line| begins(line)).unwrap_or(0) + 1
}

fn pattern(
    elements: Vec<PatternElement<&str>>,
    rules: &Arc<PluralRules>,
) -> Result<Pattern, &'static str> {
    let mut made = Pattern::default();
    for element in elements {
        match element {
            PatternElement::TextElement { value } => made.push_text(value),
            PatternElement::Placeable { expression } => push(&mut made, expression, rules)?,
        }
    }
    Ok(made)
}

fn push(
    made: &mut Pattern,
    expression: Expression<&str>,
    rules: &Arc<PluralRules>,
) -> Result<(), &'static str> {
    match expression {
        Expression::Inline(InlineExpression::StringLiteral { value }) => {
            made.push_text(&unescape_unicode_to_string(value));
        }
        Expression::Inline(InlineExpression::NumberLiteral { value }) => made.push_text(value),
        Expression::Inline(InlineExpression::VariableReference { id }) => {
            made.pieces.push(Piece::Arg(id.name.into()));
        }
        Expression::Inline(InlineExpression::Placeable { expression }) => {
            push(made, *expression, rules)?;
        }
        Expression::Inline(_) => {
            return Err("only arguments, quoted characters and choices may stand in braces");
        }
        Expression::Select { selector, variants } => {
            let InlineExpression::VariableReference { id } = selector else {
                return Err("a choice may be made by an argument only");
            };
            let piece = choice(id.name, variants, rules)?;
            made.pieces.push(Piece::Choice(piece));
        }
    }
    Ok(())
}

fn choice(
    arg: &str,
    variants: Vec<Variant<&str>>,
    rules: &Arc<PluralRules>,
) -> Result<Choice, &'static str> {
    let mut choice = Choice {
        arg: arg.into(),
        rules: Arc::clone(rules),
        variants: Vec::new(),
        other: Pattern::default(),
    };
    for variant in variants {
        let made = pattern(variant.value.elements, rules)?;
        match variant.key {
            _ if variant.default => choice.other = made,
            VariantKey::Identifier { name } => {
                let key = Key::Word(name.into(), category(name));
                choice.variants.push((key, made));
            }
            VariantKey::NumberLiteral { value } => {
                let number = value
                    .parse()
                    .map_err(|_| "only whole numbers can be chosen by")?;
                choice.variants.push((Key::Number(number), made));
            }
        }
    }
    Ok(choice)
}

fn category(name: &str) -> Option<PluralCategory> {
    Some(match name {
        "zero" => PluralCategory::ZERO,
        "one" => PluralCategory::ONE,
        "two" => PluralCategory::TWO,
        "few" => PluralCategory::FEW,
        "many" => PluralCategory::MANY,
        "other" => PluralCategory::OTHER,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_told_with_their_lines() {
        let table = [
            ("a = x\nb\nc = y\n", 2, "Expected a token"),
            ("a = x\na = y\n", 2, "a: stands here twice"),
            ("a = { $b\n\n", 1, "Expected a token"),
            ("\n-brand = x\n", 2, "a term"),
            ("a = { b }\n", 1, "a: only arguments"),
            ("\n\na = { NUMBER($b) }\n", 3, "a: only arguments"),
            ("a = x\n    .title = y\n", 1, "a: has attributes"),
            (
                "a = { $n ->\n    [1.5] x\n   *[other] y\n }\n",
                1,
                "a: only whole",
            ),
        ];
        for (source, line, reason) in table {
            let (_, faults) = compile("en", source);
            let first = faults.first().unwrap_or_else(|| panic!("{source}"));
            assert_eq!(first.line, line, "{source}: {first:?}");
            assert!(first.reason.starts_with(reason), "{source}: {first:?}");
        }
        let deep = format!("a = x\nb = {}", "{".repeat(100_000));
        assert_eq!(
            compile("en", &deep).1.first().map(|fault| fault.line),
            Some(2)
        );
    }

    #[test]
    fn a_file_is_compared_with_english() {
        let english = compile("en", "a = { $x }\nb = y\n").0;
        let source = "b = z\n\na = { $y }\nc = d\n";
        let faults = compare(source, &compile("de", source).0, &english);
        let lines: Vec<(usize, &str)> = faults
            .iter()
            .map(|fault| (fault.line, fault.reason.as_str()))
            .collect();
        let expected = [
            (3, "a: there is no $y here"),
            (3, "a: does not say where $x belongs"),
            (4, "c: no page has a text of that name"),
        ];
        assert_eq!(lines, expected);
    }

    #[test]
    fn a_text_is_one_line_and_knows_its_arguments() {
        let source = "a = one\n    two { \"\\u00A0\" }\nb = { $n ->\n    [one] { $x }\n   *[other] { $y }\n }\n";
        let (texts, faults) = compile("de-AT", source);
        assert_eq!(faults, []);
        assert_eq!(texts["a"].plain(), Some("one two \u{a0}"));
        assert_eq!(texts["b"].args(), BTreeSet::from(["n", "x", "y"]));
    }
}
