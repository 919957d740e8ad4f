//! The home page and a list's page.

use super::{Around, Safe};
use crate::page::clean::{clip, one_line};
use crate::page::frame::{Frame, Link, site_title};
use crate::page::line::Line;
use crate::page::when;
use crate::page::{HomeView, ListLine, ListView, ThreadLine, VolumeLine};
use crate::route::{ListName, Route};
use crate::text::Html;
use crate::text::MONTHS;
use minijinja::Value;
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Home {
    page: Frame,
    title: String,
    lists: Vec<ListModel>,
}

pub(super) fn home(view: &HomeView, around: &Around<'_>) -> Home {
    let title = site_title(around.site);
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
    one_message: bool,
    one_thread: bool,
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
            format!("{} to {}", first.year, last.year)
        }
        (_, Some(last)) => last.year.to_string(),
        _ => String::new(),
    };
    ListModel {
        href: around.links.to(&Route::List(line.head.name.clone())),
        name: line.head.name.to_string(),
        title: clip(&one_line(&line.head.title), 100).into_owned(),
        description: clip(&one_line(&line.head.description), 500).into_owned(),
        messages: number(line.messages),
        threads: number(line.threads),
        one_message: line.messages == 1,
        one_thread: line.threads == 1,
        years,
        last: line.last.as_ref().map(when::date),
        last_rfc3339: line.last.as_ref().map(when::rfc3339),
        public: line.head.visibility == crate::page::Visibility::Public,
    }
}

/// `12,345`
pub(super) fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
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
    news: Option<News>,
    files: String,
    stats: String,
    feed: String,
}

/// What is new as of the newest mail.
#[derive(Serialize)]
struct News {
    week: String,
    one_in_week: bool,
    month: String,
    /// All mails of the month came in the week.
    same: bool,
}

/// A thread that has new mail.
#[derive(Serialize)]
struct RecentModel {
    href: String,
    key: String,
    first: Value,
    last: Value,
    messages: String,
    one: bool,
}

fn recent(line: &ThreadLine, list: &ListName, around: &Around<'_>) -> RecentModel {
    let value = |mail| Line::new(mail, Some(list), &around.links).into_value();
    RecentModel {
        href: around.links.to(&Route::Thread(list.clone(), line.key, 1)),
        key: line.key.to_string(),
        first: value(&line.first),
        last: value(&line.last),
        messages: match line.more {
            true => format!("more than {}", number(line.messages)),
            false => number(line.messages),
        },
        one: line.messages == 1,
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
    one: bool,
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
            messages: number(volumes.iter().map(|volume| volume.messages).sum()),
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
    let (week, month) = view.news;
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
        news: view.line.last.map(|_| News {
            week: number(week),
            one_in_week: week == 1,
            month: number(month),
            same: week == month,
        }),
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
    let name = line.volume.as_str();
    name.contains('-') && !name.starts_with("Week")
}

fn volume_model(line: &VolumeLine, list: &ListName, most: u64, around: &Around<'_>) -> VolumeModel {
    let month = is_month(line).then(|| line.volume.start() / 100 % 100);
    let label = line.volume.label();
    VolumeModel {
        href: around
            .links
            .to(&Route::Volume(list.clone(), line.volume.clone())),
        short: short_label(&label, line.volume.start() / 10_000),
        label,
        month,
        messages: number(line.messages),
        one: line.messages == 1,
        bar: Safe::new(bars(&[line.messages], most)),
    }
}

/// A volume's words under its year: `Nov`, `Fourth quarter`, `3 Nov` for a week or a day, and the
/// year itself where the volume is the year.
pub(super) fn short_label(label: &str, year: u32) -> String {
    let year = format!(" {year}");
    let within = label.strip_suffix(&year).unwrap_or(label);
    let within = within.strip_prefix("Week of Monday ").unwrap_or(within);
    let word = within.rsplit(' ').next().unwrap_or(within);
    match MONTHS.contains(&word) {
        true => within[..within.len() - word.len() + 3].to_owned(),
        false => within.to_owned(),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_labels() {
        let table = [
            ("2025-May", "May"),
            ("2025-November", "Nov"),
            ("2025q4", "Fourth quarter"),
            ("2025", "2025"),
            ("20251103", "3 Nov"),
            ("Week-of-Mon-20251103", "3 Nov"),
        ];
        for (name, short) in table {
            let volume = crate::route::Volume::parse(name);
            let label = volume.map(|volume| volume.label()).unwrap_or_default();
            assert_eq!(short_label(&label, 2025), short);
        }
    }

    #[test]
    fn numbers_have_commas() {
        let table = [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (1_234_567, "1,234,567"),
        ];
        for (value, words) in table {
            assert_eq!(number(value), words);
        }
    }
}
