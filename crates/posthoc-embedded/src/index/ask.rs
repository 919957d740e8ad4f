//! From a resolved query to the engine's.

use super::among::Among;
use super::formed::Formed;
use super::left_out::LeftOut;
use super::schema::Fields;
use posthoc_core::query::{Part, Plan};
use std::ops::Bound;
use std::sync::Arc;
use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, Occur, PhraseQuery, Query,
    RangeQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::IndexRecordOption;

/// The engine's query for a plan behind the gate.
pub(super) fn ask(fields: &Fields, plan: &Plan, lists: Option<&[u32]>) -> Box<dyn Query> {
    let asked = build(fields, plan);
    let Some(lists) = lists else {
        return asked;
    };
    let gate = lists
        .iter()
        .map(|list| Term::from_field_u64(fields.list, u64::from(*list)));
    let gate: Box<dyn Query> = match lists {
        [] => return Box::new(EmptyQuery),
        [_] => Box::new(BooleanQuery::new_multiterms_query(gate.collect())),
        _ => Box::new(TermSetQuery::new(gate)),
    };
    Box::new(BooleanQuery::new(vec![
        (Occur::Must, unscored(gate)),
        (Occur::Must, asked),
    ]))
}

/// How much a word weighs in a part.
fn weight(part: Part) -> f32 {
    match part {
        Part::Subject => 3.0,
        Part::Author => 2.0,
        Part::To | Part::Cc | Part::Text | Part::Files => 1.0,
        Part::Quoted => 0.3,
        Part::Types | Part::Marks | Part::Language => 0.0,
    }
}

fn unscored(query: Box<dyn Query>) -> Box<dyn Query> {
    Box::new(ConstScoreQuery::new(query, 0.0))
}

fn left_out(fields: &Fields, plan: &Plan) -> Box<dyn Query> {
    Box::new(LeftOut(build(fields, plan)))
}

/// As deep as the plan, which is bounded.
fn build(fields: &Fields, plan: &Plan) -> Box<dyn Query> {
    match plan {
        Plan::All => unscored(Box::new(AllQuery)),
        Plan::None => Box::new(EmptyQuery),
        Plan::And(items) => all_of(fields, items),
        Plan::Or(items) => {
            let items = items
                .iter()
                .map(|item| (Occur::Should, build(fields, item)));
            Box::new(BooleanQuery::new(items.collect()))
        }
        Plan::Not(inner) => Box::new(BooleanQuery::new(vec![
            (Occur::Must, unscored(Box::new(AllQuery))),
            (Occur::MustNot, left_out(fields, inner)),
        ])),
        Plan::Sequence(parts, tokens) => any_of(parts, |part| sequence(fields, part, tokens)),
        Plan::Formed(parts, forms) => any_of(parts, |part| {
            Box::new(Formed {
                field: fields.part(part),
                forms: forms.clone(),
            })
        }),
        Plan::Beginning(parts, others, beginning) => {
            any_of(parts, |part| begins(fields, part, others, beginning))
        }
        Plan::Dated(from, to) => dated(fields, *from, *to),
        Plan::List(list) => unscored(number(fields.list, u64::from(*list))),
        Plan::Id(id) => number(fields.id, *id),
        Plan::Sized(from, to) => sized(fields, *from, *to),
        Plan::Among(places) => unscored(Box::new(Among(Arc::clone(places)))),
    }
}

fn all_of(fields: &Fields, items: &[Plan]) -> Box<dyn Query> {
    let mut clauses: Vec<(Occur, Box<dyn Query>)> = items
        .iter()
        .map(|item| match item {
            Plan::Not(inner) => (Occur::MustNot, left_out(fields, inner)),
            item => (Occur::Must, build(fields, item)),
        })
        .collect();
    if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
        clauses.push((Occur::Must, unscored(Box::new(AllQuery))));
    }
    Box::new(BooleanQuery::new(clauses))
}

fn any_of(parts: &[Part], each: impl Fn(Part) -> Box<dyn Query>) -> Box<dyn Query> {
    let weighed =
        |part: &Part| -> Box<dyn Query> { Box::new(BoostQuery::new(each(*part), weight(*part))) };
    match parts {
        [only] => weighed(only),
        parts => {
            let parts = parts.iter().map(|part| (Occur::Should, weighed(part)));
            Box::new(BooleanQuery::new(parts.collect()))
        }
    }
}

fn sequence(fields: &Fields, part: Part, tokens: &[(u32, String)]) -> Box<dyn Query> {
    let field = fields.part(part);
    let terms = tokens
        .iter()
        .map(|(offset, word)| (*offset as usize, Term::from_field_text(field, word)));
    match tokens {
        [] => Box::new(EmptyQuery),
        [(_, word)] => word_query(Term::from_field_text(field, word)),
        _ => Box::new(PhraseQuery::new_with_offset(terms.collect())),
    }
}

/// What comes behind every token that begins so: none has a character after U+10FFFF, nor that one.
pub(super) fn behind(beginning: &str) -> String {
    format!("{beginning}\u{10ffff}")
}

fn begins(fields: &Fields, part: Part, others: &[String], beginning: &str) -> Box<dyn Query> {
    let field = fields.part(part);
    let end = behind(beginning);
    let range = RangeQuery::new(
        Bound::Included(Term::from_field_text(field, beginning)),
        Bound::Excluded(Term::from_field_text(field, &end)),
    );
    let mut clauses: Vec<(Occur, Box<dyn Query>)> = vec![(Occur::Must, Box::new(range))];
    for word in others {
        let word = word_query(Term::from_field_text(field, word));
        clauses.push((Occur::Must, word));
    }
    Box::new(BooleanQuery::new(clauses))
}

fn word_query(term: Term) -> Box<dyn Query> {
    Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
}

fn number(field: tantivy::schema::Field, value: u64) -> Box<dyn Query> {
    let term = Term::from_field_u64(field, value);
    Box::new(TermQuery::new(term, IndexRecordOption::Basic))
}

fn dated(fields: &Fields, from: Option<i64>, to: Option<i64>) -> Box<dyn Query> {
    let instant = |value| Term::from_field_i64(fields.date, value);
    let range = match (from, to) {
        (None, None) => return unscored(Box::new(AllQuery)),
        (Some(from), Some(to)) if from >= to => return Box::new(EmptyQuery),
        (from, to) => RangeQuery::new(
            from.map_or(Bound::Unbounded, |from| Bound::Included(instant(from))),
            to.map_or(Bound::Unbounded, |to| Bound::Excluded(instant(to))),
        ),
    };
    unscored(Box::new(range))
}

fn sized(fields: &Fields, from: Option<u64>, to: Option<u64>) -> Box<dyn Query> {
    let bytes = |value| Term::from_field_u64(fields.size, value);
    let range = RangeQuery::new(
        from.map_or(Bound::Unbounded, |from| Bound::Included(bytes(from))),
        to.map_or(Bound::Unbounded, |to| Bound::Included(bytes(to))),
    );
    unscored(Box::new(range))
}
