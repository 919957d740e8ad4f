//! The home page and a list's page.

use super::{Around, Safe};
use crate::page::clean::{clip, one_line};
use crate::page::frame::{Frame, Link, site_title};
use crate::page::line::Line;
use crate::page::strings::{Arg, Text};
use crate::page::when;
use crate::page::{HomeView, ListLine, ListView, ThreadLine, VolumeLine};
use crate::route::{ListName, Period, Route};
use crate::text::{Html, Stamp};
use minijinja::Value;
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Home {
    page: Frame,
    title: String,
    lists: Vec<ListModel>,
}

pub(super) fn home(view: &HomeView, around: &Around<'_>) -> Home {
    let title = site_title(around.site, &around.links.strings);
    Home {
        page: around.frame("home", &title, &view.chrome),
        lists: view
            .lists
            .iter()
            .map(|line| list_model(line, around))
            .collect(),
        title,
    }
}

/// A list among lists.
#[derive(Serialize)]
pub(super) struct ListModel {
    href: String,
    name: String,
    title: String,
    description: String,
    messages: String,
    threads: String,
    /// `1,234 mails in 56 threads`
    counts: String,
    /// `2003 to 2025`, `2025`; empty for an empty list.
    years: String,
    /// Date of the newest mail: `2 Nov 2025`.
    last: Option<String>,
    last_rfc3339: Option<String>,
    public: bool,
}

pub(super) fn list_model(line: &ListLine, around: &Around<'_>) -> ListModel {
    let years = match (line.first, line.last) {
        (Some(first), Some(last)) if first.year < last.year => {
            let (first, last) = (first.year.to_string(), last.year.to_string());
            let args = [("first", Arg::Words(&first)), ("last", Arg::Words(&last))];
            around.with(Text::Years, &args)
        }
        (_, Some(last)) => last.year.to_string(),
        _ => String::new(),
    };
    ListModel {
        href: around.links.to(&Route::List(line.head.name.clone())),
        name: line.head.name.to_string(),
        title: clip(&one_line(&line.head.title), 100).into_owned(),
        description: clip(&one_line(&line.head.description), 500).into_owned(),
        messages: around.number(line.messages),
        threads: around.number(line.threads),
        counts: around.counts(line.messages, line.threads),
        years,
        last: line
            .last
            .as_ref()
            .map(|last| around.links.strings.date(last)),
        last_rfc3339: line.last.as_ref().map(when::rfc3339),
        public: line.head.visibility == crate::page::Visibility::Public,
    }
}

#[derive(Serialize)]
pub(super) struct List {
    page: Frame,
    list: ListModel,
    /// Where one posts, and where one subscribes.
    address: Option<Link>,
    subscribe: Option<Link>,
    /// The list takes no mail any more: why, or nothing.
    closed: Option<String>,
    years: Vec<Year>,
    recent: Vec<RecentModel>,
    /// Mails within 7 and 30 days up to the newest one's; none for an empty list.
    news: Option<Safe>,
    files: String,
    stats: String,
    feed: String,
}

/// What is new as of the newest mail, and how many mails came in the week and the month up to it.
fn news(last: &Stamp, (week, month): (u64, u64), around: &Around<'_>) -> Safe {
    let strings = &around.links.strings;
    let mut date = Html::literal("<time datetime=\"");
    date.push_text(&when::rfc3339(last));
    date.push_literal("\">");
    date.push_text(&strings.date(last));
    date.push_literal("</time>");
    let mut html = Html::new();
    let args = [
        ("date", Arg::Markup(&date)),
        ("week", Arg::Count(week)),
        ("month", Arg::Count(month)),
        ("more", Arg::Words(if week == month { "no" } else { "yes" })),
    ];
    strings.push_html(&mut html, Text::News, &args);
    Safe::new(html)
}

/// A thread that has new mail.
#[derive(Serialize)]
struct RecentModel {
    href: String,
    key: String,
    first: Value,
    last: Value,
    messages: u64,
    /// There are more.
    more: bool,
}

fn recent(line: &ThreadLine, list: &ListName, around: &Around<'_>) -> RecentModel {
    let value = |mail| Line::new(mail, Some(list), &around.links).into_value();
    RecentModel {
        href: around.links.to(&Route::Thread(list.clone(), line.key, 1)),
        key: line.key.to_string(),
        first: value(&line.first),
        last: value(&line.last),
        messages: line.messages,
        more: line.more,
    }
}

/// A link to where one subscribes: an address or a URL.
fn subscribe_link(place: &str) -> Link {
    let text = one_line(place).into_owned();
    Link {
        href: match text.starts_with("https://") || text.starts_with("http://") {
            true => text.clone(),
            false => super::mail::mail_link(&text),
        },
        text,
    }
}

/// The volumes of one year, in the order of the calendar.
#[derive(Serialize)]
struct Year {
    year: u32,
    messages: String,
    /// All volumes are months, so they stand in the columns of a calendar.
    monthly: bool,
    volumes: Vec<VolumeModel>,
}

#[derive(Serialize)]
struct VolumeModel {
    href: String,
    /// `November 2025`
    label: String,
    /// What the year's heading does not say: `Nov`.
    short: String,
    /// 1 to 12, for a month.
    month: Option<u32>,
    messages: String,
    /// `mails`, behind their number.
    mails: String,
    /// `November 2025: 12 mails`
    title: String,
    bar: Safe,
}

pub(super) fn list(view: &ListView, around: &Around<'_>) -> List {
    let name = &view.line.head.name;
    let most = view
        .volumes
        .iter()
        .map(|volume| volume.messages)
        .max()
        .unwrap_or(0);
    let mut sorted: Vec<&VolumeLine> = view.volumes.iter().collect();
    sorted.sort_by_key(|line| line.volume.start());
    let year_of = |line: &VolumeLine| line.volume.start() / 10_000;
    let years = sorted
        .chunk_by(|a, b| year_of(a) == year_of(b))
        .rev()
        .map(|volumes| Year {
            year: year_of(volumes[0]),
            messages: around.number(volumes.iter().map(|volume| volume.messages).sum()),
            monthly: volumes.iter().all(|line| is_month(line)),
            volumes: volumes
                .iter()
                .map(|line| volume_model(line, name, most, around))
                .collect(),
        })
        .collect();
    let mut page = around.frame("list", &view.line.head.title, &view.chrome);
    let description = clip(&one_line(&view.line.head.description), 200).into_owned();
    page.description = (!description.is_empty()).then_some(description);
    let open = view.part.closed.is_none();
    List {
        page,
        address: view
            .part
            .address
            .as_ref()
            .filter(|_| open)
            .map(|address| Link {
                text: one_line(address).into_owned(),
                href: super::mail::mail_link(address),
            }),
        subscribe: view
            .part
            .subscribe
            .as_deref()
            .filter(|_| open)
            .map(subscribe_link),
        closed: view
            .part
            .closed
            .as_ref()
            .map(|why| clip(&one_line(why), 300).into_owned()),
        news: view.line.last.map(|last| news(&last, view.news, around)),
        list: list_model(&view.line, around),
        years,
        recent: view
            .recent
            .iter()
            .map(|line| recent(line, name, around))
            .collect(),
        files: around.links.to(&Route::Attachments(name.clone())),
        stats: around.links.to(&Route::Stats(name.clone())),
        feed: around.links.to(&Route::Feed(name.clone())),
    }
}

fn is_month(line: &VolumeLine) -> bool {
    line.volume.period() == Period::Month
}

fn volume_model(line: &VolumeLine, list: &ListName, most: u64, around: &Around<'_>) -> VolumeModel {
    let month = is_month(line).then(|| line.volume.start() / 100 % 100);
    let strings = &around.links.strings;
    let label = strings.volume(&line.volume);
    VolumeModel {
        href: around
            .links
            .to(&Route::Volume(list.clone(), line.volume.clone())),
        short: strings.volume_in_year(&line.volume),
        title: around.labelled(&label, &strings.mails(line.messages)),
        label,
        month,
        messages: strings.number(line.messages),
        mails: around.mails_word(line.messages),
        bar: Safe::new(bars(&[line.messages], most)),
    }
}

/// Small bars as one picture: a bar's height is its part of the most. Widths are stretched by the
/// style sheet; the numbers stand in the text beside, so readers of text miss nothing.
pub(super) fn bars(values: &[u64], most: u64) -> Html {
    let mut html = Html::literal("<svg class=\"bars\" viewBox=\"0 0 ");
    html.push_text(&(values.len().max(1) * 4).to_string());
    html.push_literal(" 24\" preserveAspectRatio=\"none\" aria-hidden=\"true\">");
    for (n, value) in values.iter().enumerate().filter(|(_, value)| **value > 0) {
        // A square root keeps a month of ten mails visible beside one of a thousand.
        let part = (*value as f64 / most.max(1) as f64).sqrt();
        let height = ((part * 24.0).round() as u64).clamp(1, 24);
        html.push_literal("<rect x=\"");
        html.push_text(&(n * 4).to_string());
        html.push_literal(".5\" y=\"");
        html.push_text(&(24 - height).to_string());
        html.push_literal("\" width=\"3\" height=\"");
        html.push_text(&height.to_string());
        html.push_literal("\"/>");
    }
    html.push_literal("</svg>");
    html
}

/// The lists as plain links.
pub(super) fn list_links(lists: &[ListLine], around: &Around<'_>) -> Vec<Link> {
    lists
        .iter()
        .map(|line| Link {
            text: clip(&one_line(&line.head.title), 100).into_owned(),
            href: around.links.to(&Route::List(line.head.name.clone())),
        })
        .collect()
}
