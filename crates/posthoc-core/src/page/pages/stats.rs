//! A list in numbers: pictures, and a table behind each.

use super::{Around, Safe, list_name};
use crate::page::frame::Frame;
use crate::page::line::{Line, name_words};
use crate::page::strings::{Arg, Text};
use crate::page::{Busy, LongThread, MonthLine, StatsView};
use crate::route::{ListName, Route};
use crate::text::Html;
use minijinja::Value;
use serde::Serialize;

/// Months that are drawn one by one; of more, the years are.
const MOST_BARS: usize = 120;
/// Height of a picture in units of its own.
const HEIGHT: u64 = 100;

#[derive(Serialize)]
pub(super) struct Stats {
    page: Frame,
    /// `1,234 mails in 56 threads from 7 addresses`
    counts: String,
    /// There are some.
    months: bool,
    by_year: bool,
    most: Most,
    chart: Safe,
    /// The first and the last bar.
    first: String,
    last: String,
    month_rows: Safe,
    hour_chart: Safe,
    hour_rows: Safe,
    /// `9 to 10 o'clock`
    busy_hour: String,
    longest: Vec<Long>,
    busiest: Vec<Writer>,
}

/// The highest bar.
#[derive(Default, Serialize)]
struct Most {
    name: String,
    messages: String,
}

#[derive(Serialize)]
struct Long {
    href: String,
    first: Value,
    messages: u64,
}

#[derive(Serialize)]
struct Writer {
    name: String,
    href: Option<String>,
    /// `12 mails`
    mails: String,
}

/// One bar, or one row: what it counts, mails, threads.
struct Bar {
    name: String,
    messages: u64,
    threads: u64,
}

pub(super) fn stats(view: &StatsView, around: &Around<'_>) -> Stats {
    let list = list_name(&view.chrome);
    let by_year = view.months.len() > MOST_BARS;
    let month = |line: &MonthLine| month(line, around);
    let months: Vec<Bar> = view.months.iter().map(month).collect();
    let bars = match by_year {
        true => view
            .months
            .chunk_by(|a, b| a.month / 100 == b.month / 100)
            .map(year)
            .collect(),
        false => view.months.iter().map(month).collect::<Vec<Bar>>(),
    };
    let hours: Vec<Bar> = (0..)
        .zip(view.hours)
        .map(|line| hour(line, around))
        .collect();
    let name = |bar: Option<&Bar>| bar.map_or_else(String::new, |bar| bar.name.clone());
    Stats {
        page: around.frame("stats", around.text(Text::Statistics), &view.chrome),
        counts: counts(view, around),
        months: !months.is_empty(),
        by_year,
        most: highest(&bars).map_or_else(Most::default, |bar| Most {
            name: bar.name.clone(),
            messages: around.number(bar.messages),
        }),
        chart: Safe::new(chart(&bars)),
        first: name(bars.first()),
        last: name(bars.last()),
        month_rows: Safe::new(rows(&months, true, around)),
        hour_chart: Safe::new(chart(&hours)),
        hour_rows: Safe::new(rows(&hours, false, around)),
        busy_hour: name(highest(&hours)),
        longest: list.map_or_else(Vec::new, |list| {
            let long = |thread| long(thread, list, around);
            view.longest.iter().map(long).collect()
        }),
        busiest: view
            .busiest
            .iter()
            .map(|busy| writer(busy, around))
            .collect(),
    }
}

/// Mails, threads, and the addresses where they are counted.
fn counts(view: &StatsView, around: &Around<'_>) -> String {
    let counts = around.counts(view.messages, view.threads);
    let Some(addresses) = view.authors else {
        return counts;
    };
    let addresses = Arg::Count(addresses);
    let args = [("counts", Arg::Words(&counts)), ("addresses", addresses)];
    around.with(Text::CountsOfAddresses, &args)
}

fn month(line: &MonthLine, around: &Around<'_>) -> Bar {
    Bar {
        name: around.links.strings.month_number(line.month),
        messages: line.messages,
        threads: line.threads,
    }
}

fn year(months: &[MonthLine]) -> Bar {
    Bar {
        name: (months[0].month / 100).to_string(),
        messages: months.iter().map(|line| line.messages).sum(),
        threads: months.iter().map(|line| line.threads).sum(),
    }
}

fn hour((hour, messages): (u64, u64), around: &Around<'_>) -> Bar {
    let args = [("from", Arg::Digits(hour)), ("to", Arg::Digits(hour + 1))];
    Bar {
        name: around.with(Text::HourSpan, &args),
        messages,
        threads: 0,
    }
}

/// The first of the highest.
fn highest(bars: &[Bar]) -> Option<&Bar> {
    bars.iter().rev().max_by_key(|bar| bar.messages)
}

/// A bar for each, as high as it has mails, and in front of it one as high as it has threads. The
/// table behind tells the numbers, so the picture itself is for those alone who see it.
fn chart(bars: &[Bar]) -> Html {
    let most = highest(bars).map_or(1, |bar| bar.messages.max(bar.threads).max(1));
    let mut html = Html::literal("<svg class=\"bars\" viewBox=\"0 0 ");
    html.push_number(bars.len() as u64 * 4);
    html.push_literal(" 100\" preserveAspectRatio=\"none\" aria-hidden=\"true\">");
    for (nth, bar) in bars.iter().enumerate() {
        for (value, class) in [(bar.messages, ""), (bar.threads, " class=\"t\"")] {
            let height = value.min(most) * HEIGHT / most;
            if value == 0 {
                continue;
            }
            let height = height.max(1);
            html.push_literal("<rect");
            html.push_literal(class);
            html.push_literal(" x=\"");
            html.push_number(nth as u64 * 4);
            html.push_literal("\" y=\"");
            html.push_number(HEIGHT - height);
            html.push_literal("\" width=\"3\" height=\"");
            html.push_number(height);
            html.push_literal("\"/>");
        }
    }
    html.push_literal("</svg>");
    html
}

fn rows(bars: &[Bar], with_threads: bool, around: &Around<'_>) -> Html {
    let mut html = Html::new();
    for bar in bars {
        html.push_literal("<tr><th scope=\"row\">");
        html.push_text(&bar.name);
        html.push_literal("</th><td>");
        html.push_text(&around.number(bar.messages));
        if with_threads {
            html.push_literal("</td><td>");
            html.push_text(&around.number(bar.threads));
        }
        html.push_literal("</td></tr>\n");
    }
    html
}

fn long(thread: &LongThread, list: &ListName, around: &Around<'_>) -> Long {
    Long {
        href: around.links.to(&Route::Thread(list.clone(), thread.key, 1)),
        first: Line::new(&thread.first, Some(list), &around.links).into_value(),
        messages: thread.messages,
    }
}

fn writer(busy: &Busy, around: &Around<'_>) -> Writer {
    Writer {
        name: name_words(&busy.person, &around.links.strings).into_owned(),
        href: busy.route.as_ref().map(|route| around.links.to(route)),
        mails: around.links.strings.mails(busy.messages),
    }
}
