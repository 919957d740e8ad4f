//! What stands beside a search's hits: links that narrow the query down.

use super::lists::bars;
use super::{Around, Safe};
use crate::page::Facets;
use crate::page::clean::{clip, one_line};
use crate::page::question::Question;
use crate::page::strings::{Arg, Text};
use crate::query::{Expr, Has, Query, When, by_author, within};
use serde::Serialize;
use std::collections::BTreeMap;

/// Years of the longest histogram: the newest ones.
const YEARS: u32 = 60;

/// The links beside the hits.
#[derive(Serialize)]
pub(super) struct Beside {
    histogram: Option<Histogram>,
    groups: Vec<Group>,
}

/// How many mails there are of each year, or of each month of one year.
#[derive(Serialize)]
struct Histogram {
    title: String,
    bars: Vec<Bar>,
}

#[derive(Serialize)]
struct Bar {
    /// `2025`, `Nov`
    short: String,
    /// What the words do not say for those who hear them: ` 2025`.
    year: String,
    href: Option<String>,
    count: String,
    /// `mails`, behind their number.
    mails: String,
    bar: Safe,
}

/// Links under a heading.
#[derive(Serialize)]
struct Group {
    title: String,
    links: Vec<Narrower>,
}

#[derive(Serialize)]
struct Narrower {
    text: String,
    href: String,
    count: String,
    /// `mails`, behind their number.
    mails: String,
}

/// Makes links of a query and one more condition.
struct Narrowing<'a> {
    query: Query,
    /// The same question but for its query.
    question: Question<'a>,
    around: &'a Around<'a>,
}

impl Narrowing<'_> {
    /// None when the query would be too long.
    fn link(&self, leaf: Expr) -> Option<String> {
        let query = self.query.narrowed(leaf).askable()?;
        let question = Question {
            query: &query,
            ..self.question
        };
        Some(asked(&question, self.around))
    }

    fn narrower(&self, text: &str, leaf: Expr, count: u64) -> Option<Narrower> {
        Some(Narrower {
            text: clip(&one_line(text), 60).into_owned(),
            href: self.link(leaf)?,
            count: self.around.number(count),
            mails: self.around.mails_word(count),
        })
    }
}

/// The link to a question, from the page at hand.
pub(super) fn asked(question: &Question<'_>, around: &Around<'_>) -> String {
    [
        &around.links.to(around.route),
        "?",
        &question.query_string(),
    ]
    .concat()
}

/// None when there is nothing to narrow down.
pub(super) fn beside(
    facets: &Facets,
    question: Question<'_>,
    around: &Around<'_>,
) -> Option<Beside> {
    let narrowing = Narrowing {
        query: Query::parse(question.query).ok()?,
        question: Question {
            offset: 0,
            ..question
        },
        around,
    };
    let lists = facets.lists.iter().filter_map(|(name, count)| {
        narrowing.narrower(name.as_str(), Expr::List(name.to_string()), *count)
    });
    let authors = facets
        .authors
        .iter()
        .filter_map(|(name, count)| narrowing.narrower(name, by_author(name)?, *count));
    let carried = facets.carried.iter().filter_map(|(has, count)| {
        let text = around.text(match has {
            Has::Attachment => Text::HasAttachment,
            Has::Patch => Text::HasPatch,
        });
        narrowing.narrower(text, Expr::Has(*has), *count)
    });
    let mut groups = vec![
        Group {
            title: around.text(Text::FacetList).to_owned(),
            links: lists.collect(),
        },
        Group {
            title: around.text(Text::FacetAuthor).to_owned(),
            links: authors.collect(),
        },
        Group {
            title: around.text(Text::FacetWith).to_owned(),
            links: carried.collect(),
        },
    ];
    groups.retain(|group| !group.links.is_empty());
    let histogram = histogram(facets, &narrowing);
    (histogram.is_some() || !groups.is_empty()).then_some(Beside { histogram, groups })
}

/// By year, or by month where all mails are of one year; none where they are of one month.
fn histogram(facets: &Facets, narrowing: &Narrowing<'_>) -> Option<Histogram> {
    let (first, _) = facets.months.first()?;
    let (last, _) = facets.months.last()?;
    let around = narrowing.around;
    let year = last / 100;
    if first == last {
        return None;
    }
    let mut counts: BTreeMap<u32, u64> = BTreeMap::new();
    let by_year = first / 100 != year;
    for (month, count) in &facets.months {
        let period = if by_year { month / 100 } else { *month };
        *counts.entry(period).or_default() += count;
    }
    let periods = match by_year {
        true => (first / 100).max(year.saturating_sub(YEARS - 1))..=year,
        false => year * 100 + 1..=year * 100 + 12,
    };
    let most = counts.values().copied().max().unwrap_or(0);
    let bars = periods.map(|period| {
        let count = counts.get(&period).copied().unwrap_or(0);
        bar(period, by_year, count, most, narrowing)
    });
    Some(Histogram {
        title: match by_year {
            true => around.text(Text::FacetYear).to_owned(),
            false => {
                let year = year.to_string();
                around.with(Text::FacetMonth, &[("year", Arg::Words(&year))])
            }
        },
        bars: bars.collect(),
    })
}

fn bar(period: u32, by_year: bool, count: u64, most: u64, narrowing: &Narrowing<'_>) -> Bar {
    let year = if by_year { period } else { period / 100 };
    let named = i16::try_from(year).ok();
    let (short, when) = match by_year {
        true => (year.to_string(), named.map(When::Year)),
        false => {
            let month = period % 100;
            let when = named.map(|year| When::Month(year, month as u8));
            let name = narrowing.around.links.strings.month_cell(month);
            (name.to_owned(), when)
        }
    };
    Bar {
        short,
        year: match by_year {
            true => String::new(),
            false => format!(" {year}"),
        },
        href: when
            .filter(|_| count > 0)
            .and_then(|when| narrowing.link(within(when))),
        count: narrowing.around.number(count),
        mails: narrowing.around.mails_word(count),
        bar: Safe::new(bars(&[count], most)),
    }
}
