//! A query asked of one mail, without an index: for the tail that the index has not reached, and the
//! definition of what every index must answer.

use super::Doc;
use super::plan::{PARTS, Part, Plan};
use super::stem::Forms;
use super::token::{Purpose, Tokens};
use std::collections::BTreeMap;

/// A resolved query, made ready for many mails.
#[derive(Clone, Debug)]
pub struct Matcher {
    plan: Plan,
    words: BTreeMap<String, usize>,
    beginnings: Vec<String>,
    forms: Vec<Forms>,
    parts: Vec<Part>,
}

/// Where a part of a mail has the words.
#[derive(Debug)]
struct Found {
    positions: Vec<Vec<u32>>,
    begun: Vec<bool>,
    formed: Vec<bool>,
}

impl Matcher {
    /// Of this plan.
    pub fn new(plan: Plan) -> Self {
        let mut matcher = Matcher {
            plan: Plan::All,
            words: BTreeMap::new(),
            beginnings: Vec::new(),
            forms: Vec::new(),
            parts: Vec::new(),
        };
        matcher.collect(&plan);
        matcher.plan = plan;
        matcher
    }

    /// Whether the mail answers. Takes time linear in the mail's text, times the length of the
    /// longest phrase.
    pub fn matches(&self, doc: &Doc) -> bool {
        let found: Vec<Option<Found>> = PARTS
            .iter()
            .map(|part| {
                self.parts
                    .contains(part)
                    .then(|| self.look(doc.part(*part)))
            })
            .collect();
        self.holds(&self.plan, doc, &found)
    }

    fn collect(&mut self, plan: &Plan) {
        match plan {
            Plan::And(items) | Plan::Or(items) => {
                for item in items {
                    self.collect(item);
                }
            }
            Plan::Not(inner) => self.collect(inner),
            Plan::Sequence(parts, tokens) => {
                self.parts.extend(parts);
                for (_, word) in tokens {
                    self.want(word);
                }
            }
            Plan::Beginning(parts, others, beginning) => {
                self.parts.extend(parts);
                for word in others {
                    self.want(word);
                }
                self.beginnings.push(beginning.clone());
            }
            Plan::Formed(parts, forms) => {
                self.parts.extend(parts);
                self.forms.push(forms.clone());
            }
            Plan::All
            | Plan::None
            | Plan::Dated(..)
            | Plan::List(_)
            | Plan::Id(_)
            | Plan::Sized(..)
            | Plan::Among(_) => {}
        }
    }

    fn want(&mut self, word: &str) {
        let next = self.words.len();
        self.words.entry(word.to_owned()).or_insert(next);
    }

    fn look(&self, text: &str) -> Found {
        let mut found = Found {
            positions: vec![Vec::new(); self.words.len()],
            begun: vec![false; self.beginnings.len()],
            formed: vec![false; self.forms.len()],
        };
        let mut tokens = Tokens::new(text, Purpose::Index);
        while let Some(token) = tokens.next() {
            if let Some(word) = self.words.get(token.text) {
                found.positions[*word].push(token.position);
            }
            for (begun, beginning) in found.begun.iter_mut().zip(&self.beginnings) {
                *begun |= token.text.starts_with(beginning.as_str());
            }
            for (formed, forms) in found.formed.iter_mut().zip(&self.forms) {
                *formed = *formed || forms.has(token.text);
            }
        }
        found
    }

    /// As deep as the plan, which is bounded.
    fn holds(&self, plan: &Plan, doc: &Doc, found: &[Option<Found>]) -> bool {
        match plan {
            Plan::All => true,
            Plan::None => false,
            Plan::And(items) => items.iter().all(|item| self.holds(item, doc, found)),
            Plan::Or(items) => items.iter().any(|item| self.holds(item, doc, found)),
            Plan::Not(inner) => !self.holds(inner, doc, found),
            Plan::Sequence(parts, tokens) => parts
                .iter()
                .filter_map(|part| found[*part as usize].as_ref())
                .any(|found| self.has_sequence(found, tokens)),
            Plan::Beginning(parts, others, beginning) => parts
                .iter()
                .filter_map(|part| found[*part as usize].as_ref())
                .any(|found| self.has_beginning(found, others, beginning)),
            Plan::Formed(parts, forms) => parts
                .iter()
                .filter_map(|part| found[*part as usize].as_ref())
                .any(|found| self.has_form(found, forms)),
            Plan::Dated(from, to) => {
                from.is_none_or(|from| doc.date >= from) && to.is_none_or(|to| doc.date < to)
            }
            Plan::List(list) => doc.list == *list,
            Plan::Id(id) => super::id_hash(&doc.id) == *id,
            Plan::Sized(from, to) => {
                from.is_none_or(|from| doc.size >= from) && to.is_none_or(|to| doc.size <= to)
            }
            Plan::Among(places) => places.contains(doc.list, doc.number),
        }
    }

    fn has_sequence(&self, found: &Found, tokens: &[(u32, String)]) -> bool {
        let mut starts: Option<Vec<u32>> = None;
        for (offset, word) in tokens {
            let at = self.words.get(word).map(|word| &found.positions[*word]);
            let here = at
                .into_iter()
                .flatten()
                .filter_map(|p| p.checked_sub(*offset));
            starts = Some(match starts {
                None => here.collect(),
                Some(starts) => both(&starts, here),
            });
            if starts.as_ref().is_some_and(Vec::is_empty) {
                return false;
            }
        }
        starts.is_some()
    }

    fn has_form(&self, found: &Found, forms: &Forms) -> bool {
        let mut formed = self.forms.iter().zip(&found.formed);
        formed.any(|(known, formed)| *formed && known == forms)
    }

    fn has_beginning(&self, found: &Found, others: &[String], beginning: &str) -> bool {
        let has = |word: &String| {
            let word = self.words.get(word);
            word.is_some_and(|word| !found.positions[*word].is_empty())
        };
        let mut begun = self.beginnings.iter().zip(&found.begun);
        others.iter().all(has) && begun.any(|(known, begun)| *begun && known == beginning)
    }
}

/// What is in both rising sequences.
fn both(left: &[u32], right: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut left = left.iter().copied().peekable();
    right
        .filter(|r| {
            while left.next_if(|l| l < r).is_some() {}
            left.peek() == Some(r)
        })
        .collect()
}
