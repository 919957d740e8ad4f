//! Everything out again, raw.

use crate::error::{ArchiveError, Result};
use crate::intake::stored;
use crate::load::Reader;
use crate::spans::{Span, read};
use crate::tables::{ListRow, MailRow};
use posthoc_core::page::{FromLine, mbox_entry};
use posthoc_core::route::ListName;
use posthoc_core::text::TimeZone;
use posthoc_store::{Head, Record, Store, StoreError};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// In which shape.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExportFormat {
    /// `OUT/LIST/VOLUME.mbox`, mboxrd.
    #[default]
    Mbox,
    /// `OUT/LIST/cur/…`, one file a mail, quoting undone.
    Maildir,
    /// `OUT/LIST.jsonl`, what `show --json` prints, one mail a line.
    Jsonl,
}

/// What an export wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExportReport {
    /// Mails, every kept copy counted.
    pub mails: u64,
    /// Mails that are taken down, and were left out.
    pub removed: u64,
    /// Files, without SHA256SUMS.
    pub files: u64,
}

/// A file that is written and hashed.
struct Hashed {
    file: BufWriter<File>,
    hash: Sha256,
    path: PathBuf,
}

impl Hashed {
    fn create(path: PathBuf) -> Result<Self> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|error| file_error("create", folder, error))?;
        }
        let file = File::create_new(&path).map_err(|error| file_error("create", &path, error))?;
        Ok(Hashed {
            file: BufWriter::new(file),
            hash: Sha256::new(),
            path,
        })
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.hash.update(bytes);
        self.file
            .write_all(bytes)
            .map_err(|error| file_error("write", &self.path, error))
    }

    fn finish(mut self) -> Result<(PathBuf, String)> {
        self.file
            .flush()
            .map_err(|error| file_error("write", &self.path, error))?;
        let hash = self
            .hash
            .finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        Ok((self.path, hash))
    }
}

fn file_error(action: &'static str, path: &Path, source: io::Error) -> ArchiveError {
    ArchiveError::File {
        action,
        path: path.to_owned(),
        source,
    }
}

/// Writes lists to a folder that must be empty or not there, with SHA256SUMS.
///
/// # Errors
/// A folder that holds something, and what storage and the file system refuse.
pub fn export(
    reader: &Reader<'_>,
    out: &Path,
    lists: &[ListName],
    format: ExportFormat,
) -> Result<ExportReport> {
    if fs::read_dir(out).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(ArchiveError::ForeignFolder(out.to_owned()));
    }
    fs::create_dir_all(out).map_err(|error| file_error("create", out, error))?;
    let mut report = ExportReport::default();
    let mut sums = Vec::new();
    let named: Result<Vec<_>> = lists
        .iter()
        .map(|n| reader.rows.need_list(n.as_str()))
        .collect();
    let named = named?;
    for list in reader.rows.lists()? {
        let wanted = lists.is_empty() || named.iter().any(|row| row.list == list.list);
        if wanted && reader.sees(&list) {
            report.removed += reader.rows.taken_down(list.list)?.len() as u64;
            one_list(reader, out, &list, format, &mut report, &mut sums)?;
        }
    }
    report.files = sums.len() as u64;
    sums.sort();
    let mut text = String::new();
    for (path, hash) in sums {
        let path = path
            .strip_prefix(out)
            .unwrap_or(&path)
            .display()
            .to_string();
        text += &format!("{hash}  {path}\n");
    }
    let path = out.join("SHA256SUMS");
    fs::write(&path, text).map_err(|error| file_error("write", &path, error))?;
    Ok(report)
}

fn one_list(
    reader: &Reader<'_>,
    out: &Path,
    list: &ListRow,
    format: ExportFormat,
    report: &mut ExportReport,
    sums: &mut Vec<(PathBuf, String)>,
) -> Result<()> {
    match format {
        ExportFormat::Mbox => {
            for (volume, _) in reader.rows.volumes(list.list)? {
                let mut file = Hashed::create(out.join(&list.name).join(format!("{volume}.mbox")))?;
                for number in reader.rows.volume_numbers(list.list, &volume)? {
                    let Some(row) = reader.rows.mail(list.list, number)? else {
                        continue;
                    };
                    for bytes in copies(reader, list, &row)? {
                        let date = TimeZone::utc().stamp(row.date);
                        let from_line = FromLine {
                            sender: "mboxrd",
                            date,
                        };
                        file.write(&mbox_entry(&bytes, &from_line))?;
                        report.mails += 1;
                    }
                }
                sums.push(file.finish()?);
            }
        }
        ExportFormat::Maildir => {
            let folder = out.join(&list.name);
            for name in ["tmp", "new"] {
                let folder = folder.join(name);
                fs::create_dir_all(&folder)
                    .map_err(|error| file_error("create", &folder, error))?;
            }
            for number in reader.numbers(list.list)? {
                let row = reader.rows.mail(list.list, number)?;
                let Some(row) = row.filter(|row| !row.hidden) else {
                    continue;
                };
                for (n, bytes) in copies(reader, list, &row)?.into_iter().enumerate() {
                    let name = format!("{}.{number:08}_{n}.posthoc:2,S", row.received.max(0));
                    let mut file = Hashed::create(folder.join("cur").join(name))?;
                    file.write(&bytes)?;
                    sums.push(file.finish()?);
                    report.mails += 1;
                }
            }
        }
        ExportFormat::Jsonl => {
            let mut file = Hashed::create(out.join(format!("{}.jsonl", list.name)))?;
            let name = ListName::new(&list.name);
            for number in reader.numbers(list.list)? {
                let row = reader.rows.mail(list.list, number)?;
                if row.is_none_or(|row| row.hidden) {
                    continue;
                }
                for shown in reader.show(name.as_ref(), &number.to_string())? {
                    let mut line = serde_json::to_vec(&shown).unwrap_or_default();
                    line.push(b'\n');
                    file.write(&line)?;
                    report.mails += 1;
                }
            }
            sums.push(file.finish()?);
        }
    }
    Ok(())
}

/// A mail's bytes, mbox quoting undone: the shown one first, then every kept copy; of a redacted mail
/// only the shown one, without what was taken out of it.
fn copies(reader: &Reader<'_>, list: &ListRow, row: &MailRow) -> Result<Vec<Vec<u8>>> {
    let mut all = vec![reader.shown_bytes(list.list, row)?];
    if row.redacted {
        return Ok(all);
    }
    let seqs = reader.rows.records_of(list.list, row)?;
    for seq in seqs.into_iter().filter(|seq| *seq != row.seq) {
        all.push(reader.unquoted_bytes(seq)?);
    }
    Ok(all)
}

/// What giving a source back came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SourceExport {
    /// Bytes written.
    pub bytes: u64,
    /// Mails that were destroyed or not kept, with their From_ lines: a placeholder stands for each, and
    /// the source is not whole any more.
    pub removed: u64,
}

/// What stands for a mail of so many bytes that is not there any more.
fn placeholder(bytes: u64) -> String {
    format!(
        "From posthoc-removed Thu Jan  1 00:00:00 1970\nSubject: [removed]\n\n[{bytes} bytes were removed]\n\n"
    )
}

/// Gives a source back: the decompressed file, bit for bit, but for mails that were destroyed.
///
/// # Errors
/// [`ArchiveError::Unknown`] when no source has that number or it was a folder; `Damaged` when what
/// comes out is not what went in.
pub fn export_source(
    store: &dyn Store,
    reader: &Reader<'_>,
    source: u64,
    out: &mut dyn Write,
) -> Result<SourceExport> {
    let Some(row) = reader.rows.source(source)?.filter(|row| row.kind == "mbox") else {
        return Err(ArchiveError::Unknown(format!("source {source}")));
    };
    let path = PathBuf::from(&row.path);
    let mut hash = Sha256::new();
    let mut done = SourceExport::default();
    for (seq, _) in &row.spans {
        let packed = store.journal().read(*seq)?.body;
        for span in read(&packed)? {
            let bytes = match span {
                Span::Bytes(bytes) => Cow::Borrowed(bytes),
                Span::Removed(bytes) => {
                    done.removed += 1;
                    Cow::Owned(placeholder(bytes).into_bytes())
                }
                Span::Record(seq) => match stored(store, seq)? {
                    Record {
                        head: Head::Purged(left),
                        ..
                    } => {
                        done.removed += 1;
                        Cow::Owned(placeholder(left.size).into_bytes())
                    }
                    record => Cow::Owned(record.body),
                },
            };
            hash.update(&bytes);
            done.bytes += bytes.len() as u64;
            out.write_all(&bytes)
                .map_err(|error| file_error("write", &path, error))?;
        }
    }
    let sha256: String = hash
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    match row.end {
        Some((_, expected)) if expected != sha256 && done.removed == 0 => {
            Err(StoreError::Damaged {
                what: format!("source {source} comes out with sha256 {sha256}, not {expected}"),
                path,
                offset: done.bytes,
            }
            .into())
        }
        _ => Ok(done),
    }
}
