//! `show`, `thread`, `url`, `lists`.

use crate::args::{Global, ShowArgs, ThreadArgs, UrlArgs};
use crate::config::Permalink;
use crate::exit::{Exit, Failure};
use crate::open::{Opened, place, reading};
use crate::term;
use posthoc_archive::{Reader, Shown, ShownPerson};
use posthoc_core::message::MessageId;
use posthoc_core::route::{ListName, Route};
use std::fmt::Write as _;

pub(crate) fn show(global: &Global, show: &ShowArgs) -> Result<Exit, Failure> {
    let opened = reading(global)?;
    let settings = opened.settings();
    let reader = opened.reader(&settings)?;
    let list = show.list.as_ref();
    if show.raw || show.html {
        for id in &show.ids {
            match show.raw {
                true => term::bytes(&reader.show_raw(list, id)?)?,
                false => term::bytes(&reader.answer(&reader.show_route(list, id)?)?.page.bytes)?,
            }
        }
        return Ok(Exit::Done);
    }
    let mut mails = Vec::new();
    for id in &show.ids {
        mails.extend(shown(&opened, &reader, list, id)?);
    }
    if global.json {
        match &mails[..] {
            [one] => term::json(one)?,
            several => term::json(&several)?,
        }
    } else {
        let mut text = String::new();
        for (n, mail) in mails.iter().enumerate() {
            if n > 0 {
                text.push_str("\n\n");
            }
            if !show.text {
                text += &head(mail);
            }
            text += term::text(&mail.text).trim_end_matches('\n');
            text.push('\n');
        }
        term::page(&text)?;
    }
    Ok(Exit::Done)
}

/// The mails of a name, with whole URLs where the site's is known.
fn shown(
    opened: &Opened,
    reader: &Reader<'_>,
    list: Option<&ListName>,
    id: &str,
) -> Result<Vec<Shown>, Failure> {
    let mut mails = reader.show(list, id)?;
    for mail in &mut mails {
        mail.url = opened.url(&mail.url);
        for attachment in &mut mail.attachments {
            attachment.url = opened.url(&attachment.url);
        }
    }
    Ok(mails)
}

/// A mail's head for people, ended by an empty line.
fn head(mail: &Shown) -> String {
    let mut text = String::new();
    let mut field = |name: &str, value: String| {
        if !value.is_empty() {
            let _ = writeln!(text, "{name:<12}{}", term::line(&value));
        }
    };
    field("From:", person(&mail.from));
    field("To:", people(&mail.to));
    field("Cc:", people(&mail.cc));
    field("Date:", mail.date.replace('T', " ").replace('Z', " UTC"));
    field("Subject:", mail.subject.clone());
    field("List:", format!("{}, number {}", mail.list, mail.number));
    field("Message-ID:", mail.id.clone());
    field("Page:", mail.url.clone());
    for attachment in &mail.attachments {
        field(
            "Attached:",
            format!(
                "{} ({}, {})",
                attachment.name,
                attachment.media_type,
                term::size(attachment.size)
            ),
        );
    }
    field("Defects:", mail.defects.join(", "));
    text.push('\n');
    text
}

fn person(person: &ShownPerson) -> String {
    match (person.name.is_empty(), person.address.is_empty()) {
        (_, true) => person.name.clone(),
        (true, false) => person.address.clone(),
        (false, false) => format!("{} <{}>", person.name, person.address),
    }
}

fn people(people: &[ShownPerson]) -> String {
    people.iter().map(person).collect::<Vec<_>>().join(", ")
}

/// How far a tree is indented at most, in steps.
const DEEPEST: u16 = 30;

pub(crate) fn thread(global: &Global, thread: &ThreadArgs) -> Result<Exit, Failure> {
    let opened = reading(global)?;
    let settings = opened.settings();
    let mut lines = opened
        .reader(&settings)?
        .thread_lines(thread.list.as_ref(), &thread.id)?;
    for line in &mut lines {
        line.url = opened.url(&line.url);
    }
    if global.json {
        term::json(&lines)?;
        return Ok(Exit::Done);
    }
    let mut text = String::new();
    let mut above = String::new();
    for line in &lines {
        let indent = "  ".repeat(usize::from(line.depth.min(DEEPEST)));
        if line.ghost {
            let _ = writeln!(
                text,
                "            {indent}(not here: {})",
                term::line(&line.id)
            );
            continue;
        }
        let bare = |subject: &str| subject.trim_start_matches("Re: ").to_lowercase();
        // A subject is said once, not in every answer.
        let subject = match bare(&line.subject) == above {
            true => String::new(),
            false => format!(": {}", term::bold(&term::line(&line.subject))),
        };
        above = bare(&line.subject);
        let _ = writeln!(
            text,
            "{}  {indent}{}{subject}  <{}>",
            term::day(&line.date),
            term::line(&line.from),
            term::line(&line.id)
        );
    }
    term::page(&text)?;
    Ok(Exit::Done)
}

pub(crate) fn url(global: &Global, url: &UrlArgs) -> Result<Exit, Failure> {
    if let Some(list) = &url.list
        && url.id.contains('@')
        && !url.id.contains("://")
    {
        let config = place(global)?.config;
        let path = permalink(config.permalink(), list, &url.id);
        let url = match config.url() {
            Some(base) => format!("{base}/{path}"),
            None => path,
        };
        return print_url(global, &url);
    }
    let opened = reading(global)?;
    let settings = opened.settings();
    let route = opened
        .reader(&settings)?
        .show_route(url.list.as_ref(), &url.id)?;
    print_url(global, &opened.url(&route.path()))
}

fn print_url(global: &Global, url: &str) -> Result<Exit, Failure> {
    if global.json {
        term::json(&serde_json::json!({"url": url}))?;
    } else {
        term::print(&format!("{}\n", term::line(url)))?;
    }
    if !url.contains("://") {
        term::note(
            global,
            "a path only: `url = \"https://…\"` under [site] in posthoc.toml makes it whole",
        );
    }
    Ok(Exit::Done)
}

/// Where a mail is found that may not be here yet.
fn permalink(form: Permalink, list: &ListName, id: &str) -> String {
    let id = id.trim().trim_start_matches('<').trim_end_matches('>');
    let path = Route::Mid(Some(list.clone()), MessageId(id.to_owned())).path();
    match form {
        Permalink::Path => path,
        Permalink::Hash => {
            let end = path.rsplit_once("mid/").map_or("", |(_, end)| end);
            format!("{list}/mid.html#{}", end.trim_end_matches('/'))
        }
    }
}

pub(crate) fn lists(global: &Global) -> Result<Exit, Failure> {
    let opened = reading(global)?;
    let settings = opened.settings();
    let lists = opened.reader(&settings)?.lists()?;
    if global.json {
        term::json(&lists)?;
        return Ok(Exit::Done);
    }
    if lists.is_empty() {
        let dir = term::line(&opened.dir.display().to_string());
        term::print(&format!(
            "no lists in {dir} yet; `posthoc import` takes some in, `posthoc list add` makes an empty one\n"
        ))?;
        return Ok(Exit::Done);
    }
    let head = ["list", "mails", "threads", "first", "last", "visibility"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for list in lists {
        let date = |date: Option<String>| {
            date.map_or_else(|| "-".to_owned(), |date| term::day(&date).to_owned())
        };
        rows.push(vec![
            list.name,
            list.messages.to_string(),
            list.threads.to_string(),
            date(list.first),
            date(list.last),
            list.visibility,
        ]);
    }
    term::page(&term::table(&rows))?;
    Ok(Exit::Done)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn permalinks_are_made_from_the_id_alone() {
        let list = ListName::new("town-hall").unwrap();
        for (form, id, path) in [
            (
                Permalink::Hash,
                "<a@b.example>",
                "town-hall/mid.html#a@b.example",
            ),
            (Permalink::Path, "a@b.example", "town-hall/mid/a@b.example/"),
            (
                Permalink::Hash,
                "a/b mid/c#%@x",
                "town-hall/mid.html#a%2Fb%20mid%2Fc%23%25@x",
            ),
        ] {
            assert_eq!(permalink(form, &list, id), path);
        }
    }
}
