//! What was probably meant, where nothing is found.
//!
//! No dictionary is asked, for it holds the words of lists that the audience may not see. The words one
//! slip away from what was typed are made by rule and asked for like any others, on the lists that are
//! searched; those that hide words suggest none.

use super::SearchRequest;
use super::question::{Asked, Question};
use crate::error::Result;
use crate::load::Reader;
use crate::tables::ListRow;
use posthoc_core::query::{Expr, Query, near_words};

/// Words of a query that others are looked for.
const WORDS: usize = 4;
/// Near words that are asked for at once, to find out whether any is worth asking for alone.
const AT_ONCE: usize = 64;

impl Reader<'_> {
    /// The query with other words for those that stand nowhere, and how many mails answer it; none when
    /// no mail does.
    pub(super) fn meant_query(
        &self,
        query: &Query,
        request: &SearchRequest,
        lists: &[ListRow],
    ) -> Result<Option<(String, u64)>> {
        // An index that is behind may still have the words of a mail that was taken down.
        if self.store().index().generation()? < self.generation() {
            return Ok(None);
        }
        let asked = Asked::new(self, lists).without_masked();
        let question = self.question(query, request, &asked)?;
        let mut other = query.clone();
        for word in query.single_words().into_iter().take(WORDS) {
            if self.count_open(&question, &Query::of(word.clone()))? == 0
                && let Some(near) = self.near_word(&question, word)?
            {
                other = other.with_word(word, &near);
            }
        }
        if other == *query {
            return Ok(None);
        }
        let total = self.count_open(&question, &other)?;
        let text = other.askable().filter(|_| total > 0);
        Ok(text.map(|text| (text, total)))
    }

    /// The word near this one that most mails have.
    fn near_word(&self, question: &Question<'_>, word: &Expr) -> Result<Option<String>> {
        let Expr::Term { field, text } = word else {
            return Ok(None);
        };
        // As they stand: hundreds of words are asked for, and the forms of one are near to another.
        let exactly = |text: &String| Expr::Phrase {
            field: *field,
            text: text.clone(),
        };
        let mut best: Option<(u64, String)> = None;
        for some in near_words(text).chunks(AT_ONCE) {
            let any = Query::of(Expr::Or(some.iter().map(exactly).collect()));
            if self.count_open(question, &any)? == 0 {
                continue;
            }
            for near in some {
                let count = self.count_open(question, &Query::of(exactly(near)))?;
                if count > best.as_ref().map_or(0, |(most, _)| *most) {
                    best = Some((count, near.clone()));
                }
            }
        }
        Ok(best.map(|(_, near)| near))
    }
}
