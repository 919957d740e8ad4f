//! `remove`, `unremove`, `removals`, `verify-gone`.

use crate::args::{Global, RemoveArgs, UnremoveArgs, VerifyGoneArgs};
use crate::exit::{Exit, Failure};
use crate::open::{now, reading};
use crate::term;
use posthoc_archive::source::{OpenOptions, Source};
use posthoc_archive::{Chosen, Decided, Quoting};
use serde_json::json;
use std::io::{BufRead, IsTerminal, Write as _};

/// A query that means more mails than that is asked about.
const ASKED_ABOVE: usize = 10;
/// Bytes of ids that are read from standard input.
const IDS: u64 = 64 << 20;

pub(crate) fn remove(global: &Global, args: &RemoveArgs) -> Result<Exit, Failure> {
    let why = decided(args.reason.as_deref().unwrap_or_default());
    if !args.dry_run && why.reason.trim().is_empty() {
        return Err(Failure::new(
            Exit::Usage,
            "a removal needs a reason: --reason TEXT",
        ));
    }
    let opened = reading(global)?;
    let ids = ids(&args.ids)?;
    let settings = opened.settings();
    let reader = opened.reader(&settings)?;
    let query = args.query.as_deref();
    let chosen = reader.removal(&ids, query, args.list.as_ref(), why.now)?;
    if chosen.mails.is_empty() {
        return Err(Failure::new(
            Exit::No,
            "nothing answers; nothing was removed",
        ));
    }
    let quoting = reader.quoting(&chosen.mails)?;
    drop(reader);
    if args.dry_run {
        say(global, &chosen, &quoting, None)?;
        return Ok(Exit::Done);
    }
    if args.purge {
        let mails = term::count(chosen.mails.len() as u64, "mail");
        ask(args.yes, &format!("destroy {mails} for ever"))?;
    } else if args.query.is_some() && chosen.mails.len() > ASKED_ABOVE {
        ask(args.yes, &format!("remove {} mails", chosen.mails.len()))?;
    }
    let store = opened.store.as_ref();
    let removed = posthoc_archive::remove(store, &opened.limits, &chosen, &why, args.purge)?;
    if args.purge {
        posthoc_archive::finish_purges(store, &opened.limits)?;
    }
    say(global, &chosen, &quoting, Some(removed))?;
    Ok(Exit::Done)
}

pub(crate) fn unremove(global: &Global, args: &UnremoveArgs) -> Result<Exit, Failure> {
    let opened = reading(global)?;
    let ids = ids(&args.ids)?;
    let settings = opened.settings();
    let reader = opened.reader(&settings)?;
    let why = decided(&args.reason);
    let store = opened.store.as_ref();
    let back = posthoc_archive::unremove(store, &reader, args.list.as_ref(), &ids, &why)?;
    if global.json {
        term::json(&json!({"shown": back}))?;
    } else if !global.quiet {
        term::print(&match back {
            0 => "nothing was removed of that; all is as before\n".to_owned(),
            _ => format!("{} shown again\n", term::count(back, "mail")),
        })?;
    }
    Ok(Exit::Done)
}

pub(crate) fn verify_gone(global: &Global, args: &VerifyGoneArgs) -> Result<Exit, Failure> {
    let opened = reading(global)?;
    let settings = opened.settings();
    let reader = opened.reader(&settings)?;
    let mut mails = Vec::new();
    for id in &ids(&args.ids)? {
        let mail = reader.show_raw(None, id)?;
        if mail.is_empty() {
            let words =
                format!("{id} was purged, so nothing is known of it; give the mail with --mail");
            return Err(Failure::new(Exit::Usage, words));
        }
        mails.push(mail);
    }
    for file in &args.mail {
        let bytes = std::fs::read(file).map_err(|error| Failure::io("read", file, &error))?;
        if !bytes.starts_with(b"From ") {
            mails.push(bytes);
            continue;
        }
        for piece in Source::open(file, &OpenOptions::default())? {
            mails.extend(piece?.mail.map(|mail| mail.unquoted().into_owned()));
        }
    }
    drop(reader);
    let mut folders = vec![opened.dir.clone()];
    folders.extend(args.out.iter().cloned());
    let store = opened.store.as_ref();
    let found = posthoc_archive::find_traces(store, &folders, &mails, &opened.limits)?;
    if global.json {
        term::json(&found)?;
    } else {
        for trace in &found.traces {
            let words = format!("{} at {}: {}", trace.file, trace.offset, trace.what);
            term::print(&format!("{}\n", term::line(&words)))?;
        }
        if !global.quiet {
            let traces = term::count(found.traces.len() as u64, "trace");
            let strings = term::count(found.needles, "string");
            let files = term::count(found.files, "file");
            let records = term::count(found.records, "record");
            let shared = found.shared;
            term::print(&format!(
                "{traces} of {strings} in {files} and {records}; {shared} more are in other mails too\n"
            ))?;
        }
    }
    Ok(match found.traces.is_empty() {
        true => Exit::Done,
        false => Exit::No,
    })
}

pub(crate) fn removals(global: &Global) -> Result<Exit, Failure> {
    let opened = reading(global)?;
    let settings = opened.settings();
    let log = opened.reader(&settings)?.removals()?;
    if global.json {
        term::json(&log)?;
        return Ok(Exit::Done);
    }
    let head = ["when", "action", "mail", "now", "by", "why"].map(str::to_owned);
    let mut rows = vec![head.to_vec()];
    for entry in &log {
        let what = match entry.piece.as_str() {
            "" => entry.action.to_owned(),
            piece => format!("{} {piece}", entry.action),
        };
        let mail = format!(
            "{} {} {}",
            entry.mail.list, entry.mail.number, entry.mail.id
        );
        rows.push(vec![
            entry.at.replace('T', " ").replace('Z', ""),
            term::line(&what),
            term::line(mail.trim_end()),
            entry.state.to_owned(),
            term::line(&entry.by),
            term::line(&entry.reason),
        ]);
    }
    if log.is_empty() {
        term::print("nothing was removed\n")?;
    } else {
        term::page(&term::table(&rows))?;
    }
    Ok(Exit::Done)
}

/// The names on the command line, with those on standard input for `-`.
fn ids(given: &[String]) -> Result<Vec<String>, Failure> {
    let mut ids = Vec::new();
    for id in given {
        if id != "-" {
            ids.push(id.clone());
            continue;
        }
        for line in std::io::Read::take(std::io::stdin().lock(), IDS).lines() {
            let line = line.map_err(|error| {
                Failure::new(
                    Exit::BadInput,
                    format!("standard input: {error}; one id a line"),
                )
            })?;
            if !line.trim().is_empty() {
                ids.push(line.trim().to_owned());
            }
        }
    }
    Ok(ids)
}

/// Who decides, as the system names them.
pub(super) fn decided(reason: &str) -> Decided {
    let sudo = std::env::var("SUDO_USER").ok();
    let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    Decided {
        reason: reason.trim().to_owned(),
        by: decider(rustix::process::getuid().as_raw(), sudo, &users),
        now: now(),
    }
}

/// The system's name of a user id; behind root's, who became root. Other variables of the environment
/// are not asked: anybody can set them.
fn decider(uid: u32, sudo: Option<String>, users: &str) -> String {
    let behind_root = sudo.filter(|name| uid == 0 && !name.is_empty());
    let id = uid.to_string();
    let mut users = users.lines().map(|line| line.split(':'));
    let named = || {
        users.find_map(|mut fields| {
            let name = fields.next()?;
            (fields.nth(1)? == id).then(|| name.to_owned())
        })
    };
    behind_root
        .or_else(named)
        .unwrap_or_else(|| format!("uid {id}"))
}

/// Asks on a terminal; elsewhere `--yes` is needed.
fn ask(yes: bool, what: &str) -> Result<(), Failure> {
    if yes {
        return Ok(());
    }
    if !std::io::stdin().is_terminal() {
        let words = format!("this would {what}; look with --dry-run, then say --yes");
        return Err(Failure::new(Exit::Usage, words));
    }
    eprint!("{what}? Type yes: ");
    std::io::stderr().flush()?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    match answer.trim() {
        "yes" => Ok(()),
        _ => Err(Failure::new(Exit::No, "nothing was changed")),
    }
}

/// What was removed, or would be; and who quotes it.
fn say(
    global: &Global,
    chosen: &Chosen,
    quoting: &[Quoting],
    removed: Option<u64>,
) -> Result<(), Failure> {
    let mails: Vec<_> = chosen.mails.iter().map(|mail| mail.named()).collect();
    if global.json {
        return term::json(&json!({
            "mails": mails,
            "removed": removed,
            "beyond": chosen.beyond,
            "quoting": quoting,
        }));
    }
    if global.quiet {
        return Ok(());
    }
    let mut text = String::new();
    for mail in &chosen.mails {
        let named = mail.named();
        let state = match (mail.is_removed(), removed) {
            (true, _) => "removed before",
            (false, None) => "would be removed",
            (false, Some(_)) => "removed",
        };
        let what = format!("{} {}: {}", named.list, named.number, mail.subject());
        text += &format!("{state}: {}\n", term::line(&what));
    }
    if chosen.beyond > 0 {
        text += &format!("{} more answer: run it again for them\n", chosen.beyond);
    }
    for other in quoting {
        let lines = other.lines;
        let what = format!(
            "{} {}: {}",
            other.mail.list, other.mail.number, other.mail.id
        );
        text += &format!("quotes {lines} lines of it: {}\n", term::line(&what));
    }
    if removed.is_some_and(|removed| removed > 0) {
        text += "run publish again for a site of files\n";
    }
    term::print(&text)
}

#[cfg(test)]
mod tests {
    use super::decider;

    #[test]
    fn the_system_says_who_decides() {
        let users = "root:x:0:0::/root:/bin/sh\nada:x:1000:1000:Ada:/srv/ada:/bin/sh\n";
        let sudo = || Some("grace".to_owned());
        assert_eq!(decider(1000, None, users), "ada");
        assert_eq!(decider(1000, sudo(), users), "ada");
        assert_eq!(decider(0, sudo(), users), "grace");
        assert_eq!(decider(0, None, users), "root");
        assert_eq!(decider(7, None, users), "uid 7");
    }
}
