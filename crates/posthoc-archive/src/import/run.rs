//! The deciding half of an import.

use super::again::Again;
use super::chunk::{Chunk, Chunks, Item, from_lines_count};
use super::dry::DryRun;
use super::numbers::{OldNumbers, lead};
use crate::error::{ArchiveError, Result};
use crate::intake::{Arrived, Batch, Decision, Intake, PATIENCE, Prepared, decide};
use crate::lists::{ensure_list, known_as};
use crate::report::{Counts, ImportReport, SourceReport};
use crate::source::{Kind, OpenOptions, Source, Split, mhonarc_number};
use crate::spans::{Span, Spans, read as read_spans};
use crate::tables::{ListRow, Rows, SourceRow};
use posthoc_core::message::{Dialect, Limits, MessageKey, RawMessage, Summary, parse};
use posthoc_core::page::Site;
use posthoc_core::route::ListName;
use posthoc_core::text::TimeZone;
use posthoc_mhonarc::{Refused, Resources};
use posthoc_store::{
    Head, MailHead, Packing, QuarantineHead, SourceEndHead, SourceHead, SpansHead, Store, Verdict,
};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::time::Instant;

/// How an import is to be done.
#[derive(Clone, Debug)]
pub struct ImportOptions {
    /// The list; from each source's name when not given.
    pub list: Option<ListName>,
    /// Lists that it creates are public where their settings say nothing else.
    pub public: bool,
    /// The settings of lists that it creates.
    pub site: Site,
    /// The sources' kind; found out when not given.
    pub kind: Option<Kind>,
    /// How an mbox is cut.
    pub split: Split,
    /// Keep the numbers that an old archive gave.
    pub numbers: Option<Arc<OldNumbers>>,
    /// Take only these mails of a source, counted from 0; the others are refused as `out_of_range`.
    pub range: Option<std::ops::Range<u64>>,
    /// Refuse what MHonArc with these resources refuses: a mail whose id the list has, and what its
    /// MSGEXCFILTER and CHECKNOARCHIVE mean; and take what it takes: also text without a header.
    pub as_mhonarc: Option<Arc<Resources>>,
    /// Index the words now.
    pub index: bool,
    /// Report, change nothing.
    pub dry_run: bool,
    /// Refuse mails that ask not to be archived (`X-No-Archive`).
    pub honour_no_archive: bool,
    /// The clock, seconds UTC.
    pub now: i64,
    /// What one mail may cost.
    pub limits: Limits,
}

/// How far an import is.
#[derive(Clone, Debug)]
pub struct Progress {
    /// The source's path.
    pub path: String,
    /// Packed bytes read.
    pub bytes: u64,
    /// Of how many; none for a pipe.
    pub total: Option<u64>,
    /// Mails read of this source.
    pub mails: u64,
}

/// Takes in sources, one after the other. Opens all of them before the first is read, so that a
/// wrong path is told at once.
///
/// # Errors
/// A source that cannot be opened or breaks off (what came before is kept), a list name that cannot
/// be had, and what storage refuses.
pub fn import(
    store: &dyn Store,
    paths: &[PathBuf],
    options: &ImportOptions,
    progress: &mut dyn FnMut(&Progress),
) -> Result<ImportReport> {
    let begin = Instant::now();
    for path in paths.iter().filter(|path| path.as_os_str() != "-") {
        open(path, options)?;
    }
    let mut reports = Vec::new();
    for path in paths {
        reports.push(one(store, path, options, progress)?);
    }
    Ok(ImportReport::of(reports, begin.elapsed().as_secs_f64()))
}

fn open(path: &Path, options: &ImportOptions) -> Result<Source> {
    let open = OpenOptions {
        kind: options.kind,
        split: options.split.clone(),
        ..Default::default()
    };
    Ok(Source::open(path, &open)?)
}

/// One source on its way in.
struct Run<'a> {
    options: &'a ImportOptions,
    list: ListName,
    /// Journal number of its record, once there is one.
    source: Option<u64>,
    /// What an earlier run of the same source had reached: length and hash at its end.
    earlier_end: Option<(u64, String)>,
    description: (String, String),
    counts: Counts,
    neighbour: Option<i64>,
    again: Again<'a>,
    from_lines: Option<bool>,
    dates: Option<(i64, i64)>,
}

fn one(
    store: &dyn Store,
    path: &Path,
    options: &ImportOptions,
    progress: &mut dyn FnMut(&Progress),
) -> Result<SourceReport> {
    let mut source = open(path, options)?;
    let about = source.description();
    let list = match &options.list {
        Some(list) => list.clone(),
        None => about
            .list_name_guess
            .as_deref()
            .and_then(ListName::new)
            .ok_or_else(|| {
                ArchiveError::BadListName(
                    about
                        .list_name_guess
                        .clone()
                        .unwrap_or_else(|| about.path.clone()),
                )
            })?,
    };
    let mut run = Run {
        options,
        list,
        source: None,
        earlier_end: None,
        description: (about.kind.to_string(), split_of(&about.split, options)),
        counts: Counts::default(),
        neighbour: None,
        again: Again::new(options),
        from_lines: None,
        dates: None,
    };
    if path.as_os_str() != "-" {
        source = run.resume(store, source, path)?;
    }
    let mut intake = Intake::new(store, &options.limits);
    if options.index && !options.dry_run {
        intake = intake.with_words()?;
    }
    let mut dry = options.dry_run.then(DryRun::default);
    let total = source.total_bytes();
    let failure = run.take_all(
        store,
        &mut intake,
        &mut source,
        dry.as_mut(),
        &mut |bytes, mails| {
            progress(&Progress {
                path: about.path.clone(),
                bytes,
                total,
                mails,
            });
        },
    );
    let sha256: String = source
        .sha256_so_far()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    run.counts.bytes = source.position();
    let report = run.report(&source, &sha256);
    let unchanged = run.earlier_end == Some((source.position(), sha256.clone()));
    if let (Ok(()), Some(id), None, false) = (&failure, run.source, &dry, unchanged) {
        let head = SourceEndHead {
            source: id,
            bytes: source.position(),
            sha256,
            report: serde_json::to_value(&report).unwrap_or_default(),
            at: options.now,
        };
        intake.batch(PATIENCE, Packing::Single, |batch| {
            batch.push(Head::SourceEnd(head), Vec::new())
        })?;
    }
    if !options.dry_run {
        intake.finish()?;
    }
    failure.map(|()| report)
}

/// Whether the mail of that place in its source was not asked for.
fn out_of_range(options: &ImportOptions, nth: u64) -> bool {
    let range = options.range.as_ref();
    range.is_some_and(|range| !range.contains(&nth))
}

/// Why MHonArc would not take a mail that is to be recorded so.
fn refused_by_mhonarc(
    options: &ImportOptions,
    head: &MailHead,
    mail: &Prepared,
) -> Option<&'static str> {
    let resources = options.as_mhonarc.as_ref()?;
    if matches!(head.verdict, Verdict::Variant(_)) {
        return Some("known_id");
    }
    let bytes = mail.raw.unquoted();
    let message = parse(&bytes, &options.limits);
    match resources.refuses(&message, &bytes)? {
        Refused::NoArchive => Some("no_archive"),
        Refused::Excluded => Some("excluded"),
        Refused::Duplicate => Some("known_id"),
    }
}

/// The number of a page of MHonArc's, by the name of its file, where the list has no mail of that number yet.
fn free_number(rows: &Rows<'_>, list: &ListRow, raw: &RawMessage) -> Result<Option<u32>> {
    let file = raw.file.as_deref();
    let file = file.filter(|_| raw.dialect == Dialect::MhonarcPage);
    Ok(match file.and_then(mhonarc_number) {
        Some(number) if rows.mail(list.list, number)?.is_none() => Some(number),
        _ => None,
    })
}

/// How a source is cut, as it is recorded: a run for other mails of it goes on from nowhere.
fn split_of(split: &Split, options: &ImportOptions) -> String {
    match &options.range {
        Some(range) => format!("{split} {}..{}", range.start, range.end),
        None => split.to_string(),
    }
}

impl Run<'_> {
    /// Goes on where an earlier run of the same source stopped, when its beginning is unchanged.
    fn resume(&mut self, store: &dyn Store, mut source: Source, path: &Path) -> Result<Source> {
        let rows = Rows::new(store.catalog().snapshot()?);
        let Some(list) = known_as(&rows, &self.list, &self.options.site)? else {
            return Ok(source);
        };
        let name = source.description().path;
        let Some((seq, row)) = rows.source_of(list.list, &name)? else {
            return Ok(source);
        };
        if (&row.kind, &row.split) != (&self.description.0, &self.description.1) {
            return Ok(source);
        }
        let same = source.skip_to(row.to).is_ok() && {
            let sha256: String = source
                .sha256_so_far()
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect();
            row.to == 0 || sha256 == row.sha256
        };
        if !same {
            return open(path, self.options);
        }
        self.neighbour = last_date(store, &rows, seq, &row)?;
        self.from_lines = Some(row.from_lines);
        self.source = Some(seq);
        self.earlier_end = row.end;
        self.counts.read = row.read;
        self.counts.removed = removed_of(store, &rows, list.list, seq)?.min(row.read);
        self.counts.duplicate = row.read - self.counts.removed;
        Ok(source)
    }

    /// Reads on one thread, takes in on this one.
    fn take_all(
        &mut self,
        store: &dyn Store,
        intake: &mut Intake<'_>,
        source: &mut Source,
        mut dry: Option<&mut DryRun>,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<()> {
        let options = self.options;
        let name = source.description().path;
        std::thread::scope(|scope| {
            let (send, receive) = sync_channel(0);
            scope.spawn(move || {
                for chunk in Chunks::new(source, &options.limits, options.index) {
                    if send.send(chunk).is_err() {
                        break;
                    }
                }
            });
            for chunk in receive {
                let chunk = chunk?;
                let bytes = chunk.progress;
                match &mut dry {
                    Some(dry) => dry.take(store, &self.list, chunk, &mut self.counts)?,
                    None => self.take(intake, &name, chunk)?,
                }
                progress(bytes, self.counts.read);
            }
            Ok(())
        })
    }

    /// Takes in one chunk: its mails and its spans become durable together.
    fn take(&mut self, intake: &mut Intake<'_>, path: &str, chunk: Chunk) -> Result<()> {
        let from_lines = *self
            .from_lines
            .get_or_insert_with(|| from_lines_count(&chunk));
        intake.batch(PATIENCE, Packing::Blocks, |batch| {
            let list = ensure_list(
                batch,
                &self.list,
                self.options.public,
                &self.options.site,
                self.options.now,
            )?;
            let source = match self.source {
                Some(source) => source,
                None => batch.push(Head::Source(self.source_head(&list, path)), Vec::new())?,
            };
            let mut counts = self.counts.clone();
            let mut arrived = Arrived {
                source: Some(source),
                delivered: None,
                now: self.options.now,
                from_line_counts: from_lines,
                neighbour: self.neighbour,
                ..Arrived::default()
            };
            let mut again = self.again.clone();
            let mut dates = self.dates;
            let mut spans = Spans::default();
            let mut fresh = false;
            for item in chunk.items {
                match item {
                    Item::Gap(bytes) => spans.bytes(&bytes),
                    Item::Mail(mail) if out_of_range(self.options, counts.read) => {
                        counts.read += 1;
                        counts.refused += 1;
                        counts.reason("out_of_range");
                        spans.bytes(&mail.raw.bytes);
                    }
                    // MHonArc numbers it as any other.
                    Item::Mail(mail) if mail.headless && self.options.as_mhonarc.is_none() => {
                        counts.read += 1;
                        counts.quarantined += 1;
                        counts.reason("no_header");
                        let head = quarantine(
                            list.list,
                            source,
                            mail.raw.offset,
                            mail.raw.file.clone(),
                            "no_header",
                            self.options.now,
                        );
                        let place = (source, mail.raw.offset);
                        spans.record(batch.push(head, mail.raw.bytes)?);
                        again.rest(batch, &list.name, place)?;
                        fresh = true;
                    }
                    Item::Mail(mail) => {
                        counts.read += 1;
                        if mail.summary.no_archive && self.options.honour_no_archive {
                            counts.refused += 1;
                            counts.reason("no_archive");
                            spans.bytes(&mail.raw.bytes);
                            continue;
                        }
                        // The list's next number changes with every mail.
                        let list = batch.rows.need_list(&list.name)?;
                        let place = (source, mail.raw.offset);
                        let mut old = Vec::new();
                        if let Some(numbers) = &self.options.numbers {
                            old = numbers.free(batch, list.list, &mail)?;
                            arrived.floor = numbers.floor();
                        }
                        arrived.old = old.first().cloned();
                        arrived.number = free_number(&batch.rows, &list, &mail.raw)?;
                        match decide(&batch.rows, &list, &mail, &arrived)? {
                            Decision::Duplicate(seq, hidden) => {
                                if let Some(head) = batch.mail_head(seq)? {
                                    let of = (list.list, head.number);
                                    lead(batch, of, &old, place, self.options.now)?;
                                }
                                *(if hidden {
                                    &mut counts.removed
                                } else {
                                    &mut counts.duplicate
                                }) += 1;
                                again.came(batch, &list.name, place, seq)?;
                                spans.record(seq);
                            }
                            Decision::Removed => {
                                counts.removed += 1;
                                spans.removed(mail.raw.bytes.len() as u64);
                            }
                            Decision::Record(head, _)
                                if let Some(reason) =
                                    refused_by_mhonarc(self.options, &head, &mail) =>
                            {
                                counts.refused += 1;
                                counts.reason(reason);
                                spans.bytes(&mail.raw.bytes);
                            }
                            Decision::Record(head, date) => {
                                arrived.neighbour = Some(date);
                                count(batch, &list, &head.verdict, &mail.summary, &mut counts)?;
                                if !matches!(head.verdict, Verdict::Copy(_)) {
                                    let (first, last) = dates.unwrap_or((date, date));
                                    dates = Some((first.min(date), last.max(date)));
                                }
                                fresh = true;
                                let number = head.number;
                                let seq = batch.push_mail(Head::Mail(*head), *mail, date)?;
                                spans.record(seq);
                                old.retain(|(_, old)| *old != number);
                                let of = (list.list, number);
                                lead(batch, of, &old, place, self.options.now)?;
                                again.came(batch, &list.name, place, seq)?;
                            }
                        }
                    }
                    Item::Refused(refusal) => {
                        counts.read += 1;
                        counts.reason(refusal.reason.as_str());
                        if refusal.reason.is_quarantine() {
                            counts.quarantined += 1;
                            let head = quarantine(
                                list.list,
                                source,
                                refusal.offset,
                                refusal.file,
                                refusal.reason.as_str(),
                                self.options.now,
                            );
                            batch.push(head, Vec::new())?;
                            fresh = true;
                        } else {
                            counts.refused += 1;
                        }
                    }
                }
            }
            let seen = self.earlier_end == Some((chunk.to, chunk.sha256.clone()));
            if fresh || !seen {
                let head = SpansHead {
                    source,
                    from: chunk.from,
                    to: chunk.to,
                    sha256: chunk.sha256,
                    read: counts.read,
                    open: chunk.open,
                };
                batch.push(Head::Spans(head), spans.done())?;
            }
            self.source = Some(source);
            self.neighbour = arrived.neighbour;
            self.again = again;
            self.dates = dates;
            self.counts = counts;
            Ok(())
        })
    }

    fn source_head(&self, list: &ListRow, path: &str) -> SourceHead {
        SourceHead {
            list: list.list,
            path: path.to_owned(),
            kind: self.description.0.clone(),
            split: self.description.1.clone(),
            from_lines: self.from_lines.unwrap_or(false),
            at: self.options.now,
        }
    }

    fn report(&self, source: &Source, sha256: &str) -> SourceReport {
        let about = source.description();
        let date = |unix: i64| TimeZone::utc().stamp(unix).rfc3339();
        SourceReport {
            id: self.source.unwrap_or(0),
            path: about.path,
            sha256: sha256.to_owned(),
            kind: self.description.0.clone(),
            dialect: about.dialect.map(dialect_name),
            split: self.description.1.clone(),
            list: self.list.to_string(),
            counts: self.counts.clone(),
            first_date: self.dates.map(|(first, _)| date(first)),
            last_date: self.dates.map(|(_, last)| date(last)),
        }
    }
}

/// The report's name of a dialect.
fn dialect_name(dialect: Dialect) -> String {
    match dialect {
        Dialect::None => "none",
        Dialect::Mboxo => "mboxo",
        Dialect::Mboxrd => "mboxrd",
        Dialect::Mboxcl => "mboxcl",
        Dialect::Mboxcl2 => "mboxcl2",
        Dialect::MhonarcPage => "mhonarc-page",
    }
    .to_owned()
}

/// Counts a mail that is recorded; one that is taken down is counted as removed.
fn count(
    batch: &Batch<'_>,
    list: &ListRow,
    verdict: &Verdict,
    summary: &Summary,
    counts: &mut Counts,
) -> Result<()> {
    let (list, id_key) = (list.list, MessageKey::of(&summary.id));
    let hidden = match verdict {
        Verdict::Copy(number) => batch
            .rows
            .mail(list, *number)?
            .is_some_and(|row| row.hidden),
        Verdict::New | Verdict::Variant(_) => {
            let closed = batch.rows.closed(list, id_key, &summary.content)?;
            closed.is_some()
        }
    };
    match verdict {
        _ if hidden => counts.removed += 1,
        Verdict::Copy(_) => counts.copy += 1,
        Verdict::New | Verdict::Variant(_) => {
            counts.stored += 1;
            counts.defects(&summary.defects);
        }
    }
    Ok(())
}

/// Whether a mail with this id and content is taken down on a list, or is hidden when it comes.
pub(super) fn is_removed(rows: &Rows<'_>, list: &ListRow, summary: &Summary) -> Result<bool> {
    let id_key = MessageKey::of(&summary.id);
    for number in rows.bearing_key(list.list, id_key)? {
        if let Some(row) = rows.mail(list.list, number)?
            && row.content == summary.content
        {
            return Ok(row.hidden);
        }
    }
    Ok(rows.closed(list.list, id_key, &summary.content)?.is_some())
}

fn quarantine(
    list: u32,
    source: u64,
    offset: u64,
    file: Option<String>,
    reason: &str,
    at: i64,
) -> Head {
    Head::Quarantine(QuarantineHead {
        list,
        source: Some(source),
        offset,
        file,
        reason: reason.to_owned(),
        at,
    })
}

/// Mails of a source that are taken down now.
fn removed_of(store: &dyn Store, rows: &Rows<'_>, list: u32, source: u64) -> Result<u64> {
    let mut removed = 0;
    for number in rows.taken_down(list)? {
        let Some(row) = rows.mail(list, number)? else {
            continue;
        };
        for seq in rows.records_of(list, &row)? {
            let came_with = match store.journal().read(seq)?.head {
                Head::Mail(head) => head.source,
                Head::Purged(head) => head.source,
                _ => None,
            };
            removed += u64::from(came_with == Some(source));
        }
    }
    Ok(removed)
}

/// The date of the last mail that a source brought: the neighbour of the next one. Without it, a mail
/// without a date would be dated otherwise after an interruption.
fn last_date(store: &dyn Store, rows: &Rows<'_>, seq: u64, row: &SourceRow) -> Result<Option<i64>> {
    for (spans, _) in row.spans.iter().rev().take(8) {
        let packed = store.journal().read(*spans)?.body;
        for span in read_spans(&packed)?.into_iter().rev() {
            let Span::Record(record) = span else { continue };
            if let Head::Mail(head) = store.journal().read(record)?.head
                && head.source == Some(seq)
            {
                let mail = rows.mail(head.list, head.number)?;
                return Ok(mail.map(|mail| mail.date));
            }
        }
    }
    Ok(None)
}
