//! `search`.

use crate::args::{Global, HitFormat, OrderArg, SearchArgs};
use crate::exit::{Exit, Failure};
use crate::open::{Opened, now, reading};
use crate::term;
use posthoc_archive::{Found, FoundMails, SearchRequest, index_words};
use posthoc_core::page::{FromLine, mbox_entry};
use posthoc_core::text::TimeZone;
use posthoc_store::Order;
use serde_json::{Value, json};
use std::fmt::Write as _;

pub(crate) fn search(global: &Global, search: &SearchArgs) -> Result<Exit, Failure> {
    let opened = reading(global)?;
    let format = match (global.json, search.format) {
        (true, _) => HitFormat::Json,
        (false, format) => format,
    };
    let request = SearchRequest {
        query: search.query.join(" "),
        lists: search.list.clone(),
        order: match search.order {
            OrderArg::Best => Order::Relevance,
            OrderArg::Newest => Order::NewestFirst,
            OrderArg::Oldest => Order::OldestFirst,
        },
        offset: 0,
        limit: search.limit,
        snippets: matches!(format, HitFormat::Json | HitFormat::Text),
        forms: true,
        now: now(),
    };
    // The other formats are for scripts, which act on mails that answer.
    let partial = match format {
        HitFormat::Text => true,
        HitFormat::Json => search.partial,
        HitFormat::Ids | HitFormat::Urls | HitFormat::Mbox => false,
    };
    let (found, partial) = ask(global, &opened, &request, partial)?;
    print(&opened, &found, &partial, format)?;
    if format == HitFormat::Text && found.total == 0 {
        term::note(global, "nothing found");
    }
    Ok(if found.total == 0 {
        Exit::No
    } else {
        Exit::Done
    })
}

/// The mails that answer, and those that have some of the words.
type Answers = (FoundMails, Vec<Found>);

/// Asks, and once more when words were left for later and could be made up for.
fn ask(
    global: &Global,
    opened: &Opened,
    request: &SearchRequest,
    partial: bool,
) -> Result<Answers, Failure> {
    let settings = opened.settings();
    let asking = || -> Result<Answers, Failure> {
        let reader = opened.reader(&settings)?;
        let found = reader.search(request)?;
        let partial = match partial {
            true => reader.search_partial(request, &found)?,
            false => Vec::new(),
        };
        Ok((found, partial))
    };
    let (found, partial) = asking()?;
    if found.behind == 0 {
        return Ok((found, partial));
    }
    term::note(global, "reading words that an import left for later");
    if let Ok(true) = index_words(opened.store.as_ref(), &opened.limits) {
        return asking();
    }
    let line = format!(
        "{} records are not searched: another posthoc is writing",
        found.behind
    );
    term::note(global, &line);
    Ok((found, partial))
}

fn print(
    opened: &Opened,
    found: &FoundMails,
    partial: &[Found],
    format: HitFormat,
) -> Result<(), Failure> {
    match format {
        HitFormat::Json => {
            let told = |hits: &[Found]| -> Vec<Value> {
                hits.iter().map(|hit| as_json(opened, hit)).collect()
            };
            let mut answer = json!({"total": found.total, "hits": told(&found.hits)});
            if !partial.is_empty() {
                answer["partial"] = told(partial).into();
            }
            term::json(&answer)
        }
        HitFormat::Text => term::page(&in_words(opened, found, partial)),
        HitFormat::Ids => lines(found, |hit| hit.id.clone()),
        HitFormat::Urls => lines(found, |hit| opened.url(&hit.route.path())),
        HitFormat::Mbox => {
            let settings = opened.settings();
            let reader = opened.reader(&settings)?;
            for hit in &found.hits {
                let from_line = FromLine {
                    sender: "mboxrd",
                    date: TimeZone::utc().stamp(hit.date),
                };
                let mail = reader.show_raw(Some(&hit.list), &hit.number.to_string())?;
                term::bytes(&mbox_entry(&mail, &from_line))?;
            }
            Ok(())
        }
    }
}

fn lines(found: &FoundMails, line: impl Fn(&Found) -> String) -> Result<(), Failure> {
    let lines = found.hits.iter().map(|hit| term::line(&line(hit)) + "\n");
    term::print(&lines.collect::<String>())
}

fn as_json(opened: &Opened, hit: &Found) -> Value {
    let snippet: String = hit
        .hit
        .snippet
        .iter()
        .map(|(text, _)| text.as_str())
        .collect();
    json!({
        "id": hit.id,
        "list": hit.list,
        "key": hit.key,
        "url": opened.url(&hit.route.path()),
        "subject": hit.hit.line.subject,
        "from": hit.hit.line.author.name,
        "date": TimeZone::utc().stamp(hit.date).rfc3339(),
        "score": hit.score,
        "snippet": snippet,
    })
}

fn in_words(opened: &Opened, found: &FoundMails, partial: &[Found]) -> String {
    let mut text = lines_of(opened, &found.hits);
    let shown = found.hits.len() as u64;
    if found.total > shown {
        let _ = writeln!(
            text,
            "{shown} of {} shown; --limit shows more",
            term::count(found.total, "mail")
        );
    }
    if !partial.is_empty() {
        let _ = writeln!(text, "With some of the words:\n");
        text += &lines_of(opened, partial);
    }
    text
}

fn lines_of(opened: &Opened, hits: &[Found]) -> String {
    let mut text = String::new();
    for hit in hits {
        let line = &hit.hit.line;
        let date = TimeZone::utc().stamp(hit.date).rfc3339();
        let _ = writeln!(
            text,
            "{}  {}  {}  {}",
            hit.list,
            term::day(&date),
            term::line(&line.author.name),
            term::bold(&term::line(&line.subject))
        );
        let _ = writeln!(text, "    {}", opened.url(&hit.route.path()));
        let snippet: String = hit
            .hit
            .snippet
            .iter()
            .map(|(piece, is_hit)| match is_hit {
                true => term::bold(&term::line(piece)),
                false => term::line(piece),
            })
            .collect();
        if !snippet.trim().is_empty() {
            let _ = writeln!(text, "    {}", snippet.trim());
        }
        text.push('\n');
    }
    text
}
