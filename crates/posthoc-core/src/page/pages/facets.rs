//! What stands beside a search's hits: links that narrow the query down.

use super::lists::{bars, number};
use super::{Around, Safe};
use crate::page::Facets;
use crate::page::clean::{clip, one_line};
use crate::page::question::Question;
use crate::query::{Expr, Has, Query, When, by_author, within};
use crate::text::MONTHS;
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
    one: bool,
    bar: Safe,
}

/// Links under a heading.
#[derive(Serialize)]
struct Group {
    title: &'static str,
    links: Vec<Narrower>,
}

#[derive(Serialize)]
struct Narrower {
    text: String,
    href: String,
    count: String,
    one: bool,
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
            count: number(count),
            one: count == 1,
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
        let text = match has {
            Has::Attachment => "an attachment",
            Has::Patch => "a patch",
        };
        narrowing.narrower(text, Expr::Has(*has), *count)
    });
    let mut groups = vec![
        Group {
            title: "List",
            links: lists.collect(),
        },
        Group {
            title: "Author",
            links: authors.collect(),
        },
        Group {
            title: "With",
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
            true => "Year".to_owned(),
            false => format!("Month of {year}"),
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
            let name = MONTHS.get((month as usize).wrapping_sub(1)).copied();
            let when = named.map(|year| When::Month(year, month as u8));
            (name.unwrap_or_default().chars().take(3).collect(), when)
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
        count: number(count),
        one: count == 1,
        bar: Safe::new(bars(&[count], most)),
    }
}
