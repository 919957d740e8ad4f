//! What a query asks, in terms that every index answers alike: tokens, days as instants, list
//! numbers. Backends and the matcher know only this.

use super::Field;
use super::ast::{Expr, Query, as_message_id};
use super::places::{Places, Standing};
use super::stem::{Forms, Stems};
use super::token::query_tokens;
use crate::text::TimeZone;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What the words of a query are resolved with.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// Days begin and end in this zone: the list's, or the site's over several lists.
    pub zone: &'a TimeZone,
    /// The present, seconds UTC, for `today` and `2w..`.
    pub now: i64,
    /// Numbers of lists by their names in lower case; a name that is not here finds nothing.
    pub lists: &'a BTreeMap<String, u32>,
    /// What the catalog answered for leaves of the query; a leaf that is not here finds nothing.
    pub standing: &'a Standing,
    /// Languages of the lists that are searched: a word finds its forms by their rules.
    pub stems: Stems,
}

/// A stored part of a mail; the parts that [`Field::Body`] and words without a field stand for are
/// alternatives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// [`Doc::subject`](super::Doc::subject)
    Subject,
    /// [`Doc::author`](super::Doc::author)
    Author,
    /// [`Doc::to`](super::Doc::to)
    To,
    /// [`Doc::text`](super::Doc::text)
    Text,
    /// [`Doc::quoted`](super::Doc::quoted)
    Quoted,
    /// [`Doc::cc`](super::Doc::cc)
    Cc,
    /// [`Doc::files`](super::Doc::files)
    Files,
    /// [`Doc::types`](super::Doc::types)
    Types,
    /// [`Doc::marks`](super::Doc::marks)
    Marks,
    /// [`Doc::language`](super::Doc::language)
    Language,
}

impl Part {
    /// Whether it is written in a language; names and addresses are not.
    pub(super) fn is_text(self) -> bool {
        matches!(self, Part::Subject | Part::Text | Part::Quoted)
    }
}

/// Every part, in order.
pub const PARTS: [Part; 10] = [
    Part::Subject,
    Part::Author,
    Part::To,
    Part::Text,
    Part::Quoted,
    Part::Cc,
    Part::Files,
    Part::Types,
    Part::Marks,
    Part::Language,
];

/// A resolved query. As deep as the [`Expr`] that it comes from, plus two.
#[derive(Clone, Debug, PartialEq)]
pub enum Plan {
    /// Every mail.
    All,
    /// No mail.
    None,
    /// All of these.
    And(Vec<Plan>),
    /// Any of these.
    Or(Vec<Plan>),
    /// Not this.
    Not(Box<Plan>),
    /// In one of the parts: these tokens, each at its offset from the others.
    Sequence(Vec<Part>, Vec<(u32, String)>),
    /// In one of the parts: a form of the word.
    Formed(Vec<Part>, Forms),
    /// In one of the parts: all the tokens anywhere, and a token with that beginning.
    Beginning(Vec<Part>, Vec<String>, String),
    /// Dated from the first instant on and before the second.
    Dated(Option<i64>, Option<i64>),
    /// On the list.
    List(u32),
    /// With that Message-ID, by [`id_hash`].
    Id(u64),
    /// Of so many stored bytes, both ends included.
    Sized(Option<u64>, Option<u64>),
    /// Among these mails.
    Among(Arc<Places>),
}

/// The number that stands for a Message-ID in an index.
pub fn id_hash(id: &str) -> u64 {
    let hash = blake3::hash(id.as_bytes());
    let mut first = [0; 8];
    first.copy_from_slice(&hash.as_bytes()[..8]);
    u64::from_be_bytes(first)
}

impl Query {
    /// Resolves the query.
    pub fn plan(&self, scope: &Scope<'_>) -> Plan {
        plan(self.expr(), scope)
    }
}

fn plan(expr: &Expr, scope: &Scope<'_>) -> Plan {
    match expr {
        Expr::All => Plan::All,
        Expr::And(items) => Plan::And(each(items, scope)),
        Expr::Or(items) => Plan::Or(each(items, scope)),
        Expr::Not(inner) => Plan::Not(Box::new(plan(inner, scope))),
        Expr::Term { field: None, text } => match as_message_id(text) {
            Some(id) => Plan::Or(vec![Plan::Id(id_hash(id)), sequence(None, text)]),
            None => word(None, text, scope.stems),
        },
        Expr::Term { field, text } => word(*field, text, scope.stems),
        Expr::Phrase { field, text } => sequence(*field, text),
        Expr::Prefix { field, text } => beginning(*field, text),
        Expr::Date { from, to } => {
            // A day off the calendar (`9999y..`, the end of 9999) is an open end.
            let start = from.and_then(|when| when.start(scope.zone, scope.now));
            let end = to.and_then(|when| when.end(scope.zone, scope.now));
            Plan::Dated(start, end)
        }
        Expr::Before(when) => match when.start(scope.zone, scope.now) {
            Some(start) => Plan::Dated(None, Some(start)),
            None => Plan::None,
        },
        Expr::List(name) => scope.lists.get(name).map_or(Plan::None, |n| Plan::List(*n)),
        Expr::Mid(id) => Plan::Id(id_hash(id)),
        Expr::Has(has) => Plan::Sequence(vec![Part::Marks], vec![(0, has.name().to_owned())]),
        Expr::Size { from, to } => Plan::Sized(*from, *to),
        Expr::Is(_) | Expr::Thread(_) => {
            let known = scope.standing.iter().find(|(leaf, _)| leaf == expr);
            known.map_or(Plan::None, |(_, places)| Plan::Among(Arc::clone(places)))
        }
    }
}

/// What each of some clauses comes to; one that is there again is looked up once.
fn each(items: &[Expr], scope: &Scope<'_>) -> Vec<Plan> {
    let mut different: Vec<&Expr> = Vec::new();
    for item in items {
        if !different.contains(&item) {
            different.push(item);
        }
    }
    different
        .into_iter()
        .map(|item| plan(item, scope))
        .collect()
}

/// The parts that a field means.
pub(super) fn parts(field: Option<Field>) -> Vec<Part> {
    match field {
        None => vec![Part::Subject, Part::Author, Part::Text, Part::Quoted],
        Some(Field::Author) => vec![Part::Author],
        Some(Field::To) => vec![Part::To],
        Some(Field::Cc) => vec![Part::Cc],
        Some(Field::Recipient) => vec![Part::To, Part::Cc],
        Some(Field::Anyone) => vec![Part::Author, Part::To, Part::Cc],
        Some(Field::Subject) => vec![Part::Subject],
        Some(Field::Body) => vec![Part::Text, Part::Quoted],
        Some(Field::Unquoted) => vec![Part::Text],
        Some(Field::Quoted) => vec![Part::Quoted],
        Some(Field::Filename) => vec![Part::Files],
        Some(Field::FileType) => vec![Part::Types],
        Some(Field::Language) => vec![Part::Language],
    }
}

/// Letters of a hash's beginning that find it.
const HASH: std::ops::Range<usize> = 7..40;

/// The beginning of a hash, as version control abbreviates it: hexadecimal digits, figures and letters
/// among them, seven or more.
pub(super) fn abbreviated(text: &str) -> Option<String> {
    let hash = text.to_ascii_lowercase();
    let figures = hash.bytes().filter(u8::is_ascii_digit).count();
    let hex = hash.bytes().all(|b| b.is_ascii_hexdigit());
    (hex && HASH.contains(&hash.len()) && figures > 0 && figures < hash.len()).then_some(hash)
}

/// A word; the beginning of a hash also finds the longer ones, and a word its forms in what is text.
fn word(field: Option<Field>, text: &str, stems: Stems) -> Plan {
    if let Some(hash) = abbreviated(text) {
        return Plan::Beginning(parts(field), Vec::new(), hash);
    }
    let Some(forms) = forms(text, stems) else {
        return sequence(field, text);
    };
    let (texts, others): (Vec<Part>, Vec<Part>) =
        parts(field).into_iter().partition(|part| part.is_text());
    let exact = |parts| Plan::Sequence(parts, vec![(0, forms.word().to_owned())]);
    match (texts.is_empty(), others.is_empty()) {
        (true, _) => exact(others),
        (false, true) => Plan::Formed(texts, forms),
        (false, false) => Plan::Or(vec![exact(others), Plan::Formed(texts, forms)]),
    }
}

/// The forms of what is typed, when that is one word.
pub(super) fn forms(text: &str, stems: Stems) -> Option<Forms> {
    match query_tokens(text).as_slice() {
        [token] if !token.single => Forms::of(&token.text, stems),
        _ => None,
    }
}

/// A phrase. Single letters of a script without blanks are beginnings of tokens and cannot stand
/// within a phrase: beside words they are passed over, alone they are looked for anywhere.
fn sequence(field: Option<Field>, text: &str) -> Plan {
    let tokens = query_tokens(text);
    if tokens.iter().all(|token| token.single) {
        let each = tokens
            .into_iter()
            .map(|token| Plan::Beginning(parts(field), Vec::new(), token.text));
        return Plan::And(each.collect());
    }
    let wanted = tokens.into_iter().filter(|token| !token.single);
    let mut wanted: Vec<(u32, String)> = wanted.map(|t| (t.offset, t.text)).collect();
    let first = wanted[0].0;
    for (offset, _) in &mut wanted {
        *offset -= first;
    }
    Plan::Sequence(parts(field), wanted)
}

fn beginning(field: Option<Field>, text: &str) -> Plan {
    let mut tokens = query_tokens(text);
    let Some(last) = tokens.pop() else {
        return Plan::None;
    };
    let others = tokens.into_iter().filter(|token| !token.single);
    Plan::Beginning(
        parts(field),
        others.map(|token| token.text).collect(),
        last.text,
    )
}
