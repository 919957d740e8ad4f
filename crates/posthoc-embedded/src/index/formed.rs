//! A word with its forms, which are looked up in the index's dictionary when the question is asked.
//!
//! The dictionary has the words of every list; that tells nothing, because a form counts only on mails
//! behind the gate. All forms weigh as rare as they are together, and the best of a mail counts, others
//! a little: so a mail with three forms does not come before one that is about the word, and a slip of
//! somebody's keyboard is no rare word.

use super::ask::behind;
use posthoc_core::query::Forms;
use std::collections::BTreeSet;
use tantivy::query::{
    Bm25StatisticsProvider, BoostQuery, DisjunctionMaxQuery, EmptyQuery, EnableScoring, Query,
    TermQuery, Weight,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, Term};

/// What a form weighs beside the word as it was typed.
const OTHER_FORM: f32 = 0.8;
/// What the forms of a mail that are not its best add to it.
const BESIDE: f32 = 0.2;

/// A word or one of its forms, in a field.
#[derive(Clone, Debug)]
pub(super) struct Formed {
    pub(super) field: Field,
    pub(super) forms: Forms,
}

impl Formed {
    /// The terms of the index that are forms, in order.
    fn terms(&self, searcher: &Searcher) -> tantivy::Result<Vec<Term>> {
        let mut found: BTreeSet<String> = BTreeSet::from([self.forms.word().to_owned()]);
        for segment in searcher.segment_readers() {
            let index = segment.inverted_index(self.field)?;
            for beginning in self.forms.beginnings() {
                let mut words = index
                    .terms()
                    .range()
                    .ge(beginning)
                    .lt(behind(beginning))
                    .into_stream()?;
                while words.advance() {
                    if let Ok(word) = std::str::from_utf8(words.key())
                        && self.forms.has(word)
                        && !found.contains(word)
                    {
                        found.insert(word.to_owned());
                    }
                }
            }
        }
        let term = |word: &String| Term::from_field_text(self.field, word);
        Ok(found.iter().map(term).collect())
    }

    fn any_of(&self, terms: &[Term]) -> Box<dyn Query> {
        let typed = Term::from_field_text(self.field, self.forms.word());
        let each = |term: &Term| -> Box<dyn Query> {
            let word = TermQuery::new(term.clone(), IndexRecordOption::WithFreqs);
            match *term == typed {
                true => Box::new(word),
                false => Box::new(BoostQuery::new(Box::new(word), OTHER_FORM)),
            }
        };
        match terms {
            [] => Box::new(EmptyQuery),
            [only] => each(only),
            terms => Box::new(DisjunctionMaxQuery::with_tie_breaker(
                terms.iter().map(each).collect(),
                BESIDE,
            )),
        }
    }
}

impl Query for Formed {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let searcher = scoring.searcher().ok_or_else(|| {
            tantivy::TantivyError::InvalidArgument("forms need the index's words".to_owned())
        })?;
        let terms = self.terms(searcher)?;
        let query = self.any_of(&terms);
        match scoring {
            EnableScoring::Enabled {
                searcher,
                statistics_provider,
            } if terms.len() > 1 => {
                let together = Together::of(&terms, statistics_provider)?;
                query.weight(EnableScoring::enabled_from_statistics_provider(
                    &together, searcher,
                ))
            }
            scoring => query.weight(scoring),
        }
    }
}

/// How rare forms are together: as if each stood in all the mails that have any of them.
struct Together<'a> {
    mails: u64,
    others: &'a dyn Bm25StatisticsProvider,
}

impl<'a> Together<'a> {
    fn of(terms: &[Term], others: &'a dyn Bm25StatisticsProvider) -> tantivy::Result<Self> {
        let mut mails = 0_u64;
        for term in terms {
            mails = mails.saturating_add(others.doc_freq(term)?);
        }
        Ok(Together {
            mails: mails.min(others.total_num_docs()?),
            others,
        })
    }
}

impl Bm25StatisticsProvider for Together<'_> {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        self.others.total_num_tokens(field)
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        self.others.total_num_docs()
    }

    fn doc_freq(&self, _: &Term) -> tantivy::Result<u64> {
        Ok(self.mails)
    }
}
