//! `import`, `reconcile`, `imports`.

use crate::args::{Global, ImportArgs, ReconcileArgs, SiteKind};
use crate::exit::{Exit, Failure};
use crate::open::{Opened, now, place, reading};
use crate::term::{self, Progress};
use posthoc_archive::source::{OpenOptions, Source, Split};
use posthoc_archive::{
    ArchiveError, Counts, ImportOptions, ImportReport, OldNumbers, Reader, SourceReport,
    index_words,
};
use posthoc_core::route::ListName;
use posthoc_core::text::TimeZone;
use posthoc_embedded::is_archive;
use posthoc_store::Store;
use posthoc_store::memory::MemoryStore;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

pub(crate) fn import(global: &Global, import: &ImportArgs) -> Result<Exit, Failure> {
    if let Some(SiteKind::Mailman2) = import.site {
        return super::mailman2::site(global, import);
    }
    if let Some(of_site) = pipermail_site(global, import)? {
        return self::import(global, &of_site);
    }
    let place = place(global)?;
    look_at_sources(import)?;
    let numbers = match &import.numbers_from {
        Some(tree) => Some(Arc::new(OldNumbers::read(tree)?)),
        None => None,
    };
    let options = ImportOptions {
        list: import.list.clone(),
        public: import.public,
        site: crate::open::site(&place.config, None)?,
        kind: import.kind,
        split: import.split.clone(),
        numbers: numbers.clone(),
        range: import.range.clone(),
        as_mhonarc: None,
        index: !import.no_index,
        dry_run: import.dry_run,
        honour_no_archive: import.honour_no_archive,
        now: now(),
        limits: place.config.limits(),
    };
    if import.dry_run && !is_archive(&place.dir) {
        let taken = take_all(global, import, &options, &MemoryStore::new());
        return told(global, import, None, &BTreeMap::new(), taken);
    }
    let opened = match import.dry_run {
        true => place.open()?,
        false => place.open_or_create()?,
    };
    if opened.created {
        term::note(
            global,
            &format!("made an archive in {}", opened.dir.display()),
        );
    }
    let before = if import.dry_run {
        BTreeMap::new()
    } else {
        opened.refresh(global);
        visibilities(&opened)?
    };
    let taken = take_all(global, import, &options, opened.store.as_ref());
    if options.index && !options.dry_run {
        // What an earlier run left, and words of an index that was lost.
        index_words(opened.store.as_ref(), &opened.limits)?;
    }
    let told = told(global, import, Some(&opened), &before, taken);
    if let (Some(numbers), Some(list), false) = (&numbers, &import.list, import.dry_run) {
        answered(global, &opened, numbers, list.as_str())?;
    }
    told
}

/// Old pages that are named in a report.
const NAMED: usize = 10;

/// Says how many of an old archive's pages lead to their mails, and which do not.
fn answered(
    global: &Global,
    opened: &Opened,
    numbers: &OldNumbers,
    list: &str,
) -> Result<(), Failure> {
    let missing = numbers.unanswered(opened.store.as_ref(), list)?;
    let all = numbers.pages();
    let kept = all - missing.len() as u64;
    let mut words = format!(
        "{kept} of {} keep their numbers",
        term::count(all, "old page")
    );
    if !missing.is_empty() {
        let named = missing[..missing.len().min(NAMED)].join(", ");
        let more = missing.len().saturating_sub(NAMED);
        let more = if more > 0 {
            format!(" and {more} more")
        } else {
            String::new()
        };
        words += &format!("; no mail was found for {named}{more}");
    }
    term::note(global, &words);
    Ok(())
}

/// A list's folder as Pipermail left it is taken by its text volumes, with the numbers of its pages.
fn pipermail_site(global: &Global, import: &ImportArgs) -> Result<Option<ImportArgs>, Failure> {
    let [tree] = import.sources.as_slice() else {
        return Ok(None);
    };
    if import.kind.is_some() || !tree.is_dir() {
        return Ok(None);
    }
    let sources = posthoc_archive::pipermail_texts(tree)?;
    if sources.is_empty() {
        return Ok(None);
    }
    let folder = crate::open::absolute(tree);
    let name = folder.file_name().and_then(|name| name.to_str());
    let list = import.list.clone().or_else(|| name.and_then(ListName::new));
    let Some(list) = list else {
        return Err(ArchiveError::BadListName(folder.display().to_string()).into());
    };
    term::note(
        global,
        &format!(
            "{}: an archive of Pipermail; what is in its text volumes is taken: addresses as they are masked \
             there, no attachments. Its mailbox holds more, where you have it",
            folder.display()
        ),
    );
    Ok(Some(ImportArgs {
        sources,
        list: Some(list),
        numbers_from: Some(folder),
        public: import.public,
        kind: None,
        site: None,
        split: Split::TextVolume,
        no_index: import.no_index,
        dry_run: import.dry_run,
        honour_no_archive: import.honour_no_archive,
        strict: import.strict,
        range: None,
    }))
}

/// What was taken in, and what ended the rest.
struct Taken {
    report: ImportReport,
    failure: Option<Failure>,
}

/// Every source, one after the other. One that is broken does not keep the others out; storage that
/// fails does.
fn take_all(
    global: &Global,
    import: &ImportArgs,
    options: &ImportOptions,
    store: &dyn Store,
) -> Taken {
    let begin = Instant::now();
    let mut reports: Vec<SourceReport> = Vec::new();
    let mut failure: Option<Failure> = None;
    for (n, path) in import.sources.iter().enumerate() {
        let progress = Progress::new(global, "import");
        let taken =
            posthoc_archive::import(store, std::slice::from_ref(path), options, &mut |at| {
                progress.at(at.bytes, at.total.unwrap_or(0), || {
                    let of = match import.sources.len() {
                        1 => String::new(),
                        all => format!("{} of {all}, ", n + 1),
                    };
                    format!("{of}{}", term::count(at.mails, "mail"))
                });
            });
        drop(progress);
        match taken {
            Ok(report) => reports.extend(report.sources),
            Err(error) => {
                let goes_on = matches!(error, ArchiveError::Source(_));
                if let Some(earlier) = failure.replace(error.into()) {
                    earlier.tell();
                }
                if !goes_on {
                    break;
                }
            }
        }
    }
    Taken {
        report: ImportReport::of(reports, begin.elapsed().as_secs_f64()),
        failure,
    }
}

/// Tells a wrong path or name before anything is changed.
fn look_at_sources(import: &ImportArgs) -> Result<(), Failure> {
    let options = OpenOptions {
        kind: import.kind,
        split: import.split.clone(),
        ..OpenOptions::default()
    };
    let mut names: BTreeMap<String, &Path> = BTreeMap::new();
    for path in &import.sources {
        if path.as_os_str() == "-" {
            if import.list.is_none() {
                return Err(Failure::new(
                    Exit::Usage,
                    "standard input has no name; say which list it fills with --list NAME",
                ));
            }
            continue;
        }
        let about = Source::open(path, &options)?.description();
        if import.list.is_some() {
            continue;
        }
        let Some(name) = about.list_name_guess else {
            return Err(ArchiveError::BadListName(about.path).into());
        };
        if let Some(other) = names.insert(name.clone(), path) {
            return Err(Failure::new(
                Exit::Usage,
                format!(
                    "{} and {} would both fill the list {name}; say --list {name} if that is meant, or \
                     import them one by one with names of their own",
                    other.display(),
                    path.display()
                ),
            ));
        }
    }
    Ok(())
}

fn visibilities(opened: &Opened) -> Result<BTreeMap<String, String>, Failure> {
    let settings = opened.settings();
    let lists = opened.reader(&settings)?.lists()?;
    let pairs = lists.into_iter().map(|list| (list.name, list.visibility));
    Ok(pairs.collect())
}

fn told(
    global: &Global,
    import: &ImportArgs,
    opened: Option<&Opened>,
    before: &BTreeMap<String, String>,
    taken: Taken,
) -> Result<Exit, Failure> {
    let Taken { report, failure } = taken;
    if global.json {
        term::json(&report)?;
    } else if !global.quiet && !report.sources.is_empty() {
        let mut text = in_words(&report, global.verbose);
        match opened {
            _ if import.dry_run => text += "\nthis was a dry run: nothing was changed\n",
            Some(opened) => text += &what_next(import, opened, before, &report)?,
            None => {}
        }
        term::print(&text)?;
    }
    if let Some(failure) = failure {
        return Err(failure);
    }
    let wrong = report.counts.refused + report.counts.quarantined;
    if import.strict && wrong > 0 {
        return Err(Failure::new(
            Exit::BadInput,
            format!(
                "{} not taken, and --strict was given",
                term::count(wrong, "mail")
            ),
        ));
    }
    Ok(Exit::Done)
}

/// A count's heading, whether it is shown when there are none, and the count.
type Column = (&'static str, bool, fn(&Counts) -> u64);

const COLUMNS: [Column; 8] = [
    ("read", true, |counts| counts.read),
    ("= stored", true, |counts| counts.stored),
    ("+ copy", true, |counts| counts.copy),
    ("+ duplicate", true, |counts| counts.duplicate),
    ("+ removed", false, |counts| counts.removed),
    ("+ held", false, |counts| counts.held),
    ("+ refused", true, |counts| counts.refused),
    ("+ quarantined", true, |counts| counts.quarantined),
];

fn in_words(report: &ImportReport, verbose: bool) -> String {
    let shown: Vec<_> = COLUMNS
        .iter()
        .filter(|(_, always, count)| *always || count(&report.counts) > 0)
        .collect();
    let row = |name: &str, counts: &Counts| -> Vec<String> {
        let numbers = shown.iter().map(|(_, _, count)| count(counts).to_string());
        std::iter::once(name.to_owned()).chain(numbers).collect()
    };
    let head = std::iter::once("list").chain(shown.iter().map(|(name, _, _)| *name));
    let mut rows = vec![head.map(str::to_owned).collect()];
    for source in &report.sources {
        rows.push(row(&source.list, &source.counts));
    }
    if report.sources.len() > 1 {
        rows.push(row("all", &report.counts));
    }
    let mut text = term::table(&rows);
    let counts = &report.counts;
    let _ = writeln!(
        text,
        "{} in {:.1} s, {:.0} mails a second",
        term::size(counts.bytes),
        report.seconds,
        report.messages_per_second
    );
    if !counts.reasons.is_empty() {
        let _ = writeln!(text, "not taken because: {}", named(&counts.reasons));
    }
    if counts.repaired > 0 && verbose {
        let _ = writeln!(
            text,
            "{} with defects, read all the same: {}",
            term::count(counts.repaired, "mail"),
            named(&counts.defects)
        );
    }
    text
}

fn named(counts: &BTreeMap<String, u64>) -> String {
    let words: Vec<String> = counts
        .iter()
        .map(|(name, n)| format!("{name} {n}"))
        .collect();
    words.join(", ")
}

/// What became of the lists, and what to do with them now.
fn what_next(
    import: &ImportArgs,
    opened: &Opened,
    before: &BTreeMap<String, String>,
    report: &ImportReport,
) -> Result<String, Failure> {
    let now = visibilities(opened)?;
    let dir = term::line(&opened.dir.display().to_string());
    let mut text = String::new();
    let mut filled: Vec<&str> = report.sources.iter().map(|s| s.list.as_str()).collect();
    filled.sort_unstable();
    filled.dedup();
    let mut private = false;
    let settings = opened.settings();
    let reader = opened.reader(&settings)?;
    let mut languages = String::new();
    for name in filled {
        if let Some(list) = ListName::new(name) {
            languages += &in_languages(&reader, &list)?;
        }
        let Some(visibility) = now.get(name) else {
            continue;
        };
        private |= visibility == "private";
        if !before.contains_key(name) {
            let _ = writeln!(text, "made the {visibility} list {name} in {dir}");
        } else if import.public && visibility != "public" {
            let _ = writeln!(
                text,
                "the list {name} was there already and stays {visibility}; `posthoc list add --public \
                 {name}` makes it public"
            );
        }
    }
    if !text.is_empty() && private {
        text += "private lists are neither published nor served; `posthoc list add --public NAME` makes one public\n";
    }
    if !text.is_empty() {
        let here = opened.dir == crate::open::absolute(Path::new("archive"));
        let flag = if here {
            String::new()
        } else {
            format!(" -a {dir}")
        };
        let _ = writeln!(
            text,
            "next: posthoc{flag} search WORDS, or posthoc{flag} publish FOLDER"
        );
    }
    text += &languages;
    if !text.is_empty() {
        text.insert(0, '\n');
    }
    Ok(text)
}

/// What to set so that a search finds other forms of a list's words; empty when there is nothing to set.
fn in_languages(reader: &Reader<'_>, list: &ListName) -> Result<String, Failure> {
    let found = reader.stems_to_propose(list)?;
    if found.is_empty() {
        return Ok(String::new());
    }
    let shares: Vec<String> = found
        .iter()
        .map(|(language, share)| format!("{language} {share} %"))
        .collect();
    let tags: Vec<String> = found
        .iter()
        .map(|(language, _)| format!("\"{language}\""))
        .collect();
    Ok(format!(
        "mails of {list} seem to be in these languages: {}; `stems = [{}]` in lists.d/{list}.toml lets a \
         search find other forms of their words\n",
        shares.join(", "),
        tags.join(", ")
    ))
}

pub(crate) fn reconcile(global: &Global, reconcile: &ReconcileArgs) -> Result<Exit, Failure> {
    let opened = place(global)?.open()?;
    let options = OpenOptions {
        kind: reconcile.kind,
        split: reconcile.split.clone(),
        ..OpenOptions::default()
    };
    let source = Source::open(&reconcile.source, &options)?;
    opened.refresh(global);
    let settings = opened.settings();
    let reader = opened.reader(&settings)?;
    let answer = posthoc_archive::reconcile(&reader, &reconcile.list, source, &opened.limits)?;
    if global.json {
        term::json(&answer)?;
    } else {
        let mut text = String::new();
        for missing in &answer.missing {
            let place = match &missing.file {
                Some(file) => file.clone(),
                None => format!("byte {}", missing.offset),
            };
            let _ = writeln!(
                text,
                "{}  {}  {}",
                term::line(&missing.id),
                term::line(&place),
                term::line(&missing.subject)
            );
        }
        let missing = answer.missing.len() as u64;
        let _ = match missing {
            0 => writeln!(
                text,
                "all {} of the source are on {}",
                term::count(answer.read, "mail"),
                reconcile.list
            ),
            _ => writeln!(
                text,
                "{missing} of {} are not on {}; `posthoc import --list {1} SOURCE` takes them in",
                term::count(answer.read, "mail"),
                reconcile.list
            ),
        };
        term::page(&text)?;
    }
    Ok(if answer.missing.is_empty() {
        Exit::Done
    } else {
        Exit::No
    })
}

pub(crate) fn imports(global: &Global) -> Result<Exit, Failure> {
    let opened = reading(global)?;
    let settings = opened.settings();
    let sources = opened.reader(&settings)?.sources()?;
    if global.json {
        term::json(&sources)?;
        return Ok(Exit::Done);
    }
    if sources.is_empty() {
        let dir = term::line(&opened.dir.display().to_string());
        term::print(&format!(
            "nothing was imported into {dir} yet; see `posthoc import --help`\n"
        ))?;
        return Ok(Exit::Done);
    }
    let head = ["id", "list", "when", "kind", "read", "size", "source"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for source in sources {
        let read = source.report.as_ref().and_then(|report| report.get("read"));
        let read = read.and_then(serde_json::Value::as_u64);
        let mut path = term::line(&source.path);
        if !source.complete {
            path += "  (interrupted: import it again to go on)";
        }
        rows.push(vec![
            source.id.to_string(),
            source.list,
            term::day(&TimeZone::utc().stamp(source.at).rfc3339()).to_owned(),
            source.kind,
            read.map(|read| read.to_string()).unwrap_or_default(),
            term::size(source.bytes),
            path,
        ]);
    }
    term::page(&term::table(&rows))?;
    Ok(Exit::Done)
}
