//! Opening: what a path or a stream is, and what must be said when it is nothing.

use super::boundary::Rule;
use super::decode::{Progress, Undecodable, unpack};
use super::detect;
use super::error::SourceError;
use super::folder::{self, Entry};
use super::kind::{Compression, Kind, Split};
use super::line::{bom, looks_like_mail};
use super::piece::Piece;
use super::splitter::Splitter;
use super::walk::{Current, Source};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// How a source is to be read.
#[derive(Clone, Debug)]
pub struct OpenOptions {
    /// Its kind; `None`: found out.
    pub kind: Option<Kind>,
    /// How an mbox is cut.
    pub split: Split,
    /// The longest mail that is held and delivered, in bytes; a longer one goes by as gaps and is
    /// refused. Memory in use is up to twice this for a source that has such a mail.
    pub max_mail_bytes: u64,
}

impl Default for OpenOptions {
    fn default() -> Self {
        OpenOptions {
            kind: None,
            split: Split::Strict,
            max_mail_bytes: 256 << 20,
        }
    }
}

/// Every mail of an mbox, with the bytes between; concatenated, the pieces are the input.
pub fn split_bytes(bytes: &[u8], split: &Split) -> Vec<Piece> {
    let max = OpenOptions::default().max_mail_bytes;
    let mut splitter = Splitter::new(bytes, Rule::By(split.clone()), max);
    splitter.head();
    std::iter::from_fn(|| splitter.next_piece()).collect()
}

impl Source {
    /// Opens a path; `-` is standard input. Nothing is read but the first bytes and, of a folder,
    /// its names.
    ///
    /// # Errors
    /// [`SourceError::NoSuch`], [`SourceError::Unreadable`], [`SourceError::NotAMailSource`] and
    /// [`SourceError::Packed`]; all before the first mail.
    pub fn open(path: &Path, options: &OpenOptions) -> Result<Self, SourceError> {
        if path == Path::new("-") {
            return Self::from_reader(io::stdin(), "-", options);
        }
        let full = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let shown = full.display().to_string();
        let data = fs::metadata(&full).map_err(|error| no_access(&shown, error))?;
        if !data.is_dir() {
            return Self::open_file(&full, data.is_file().then_some(data.len()), options);
        }
        let Some(found) = Self::folder_as_asked(&full, options.kind) else {
            // Telling a folder that cannot be read from one that holds nothing.
            fs::read_dir(&full).map_err(|error| no_access(&shown, error))?;
            return Err(SourceError::NotAMailSource {
                path: shown,
                found: match options.kind {
                    Some(Kind::Mbox) => "a folder, where the kind asks for a file",
                    _ => "a folder that is no Maildir, MH folder or numbered archive",
                },
                remedy: "give the folder or file that holds the mails, or say --kind files",
            });
        };
        if found.kind == Kind::Mbox {
            let size = fs::metadata(&found.path).map(|data| data.len()).ok();
            return Self::open_file(&found.path, size, options);
        }
        fs::read_dir(&found.path).map_err(|error| no_access(&shown, error))?;
        Ok(Self::of_folder(&found.path, found.kind, options))
    }

    /// Where the mails of a folder are when it is of the kind that was asked for, or of any.
    fn folder_as_asked(path: &Path, asked: Option<Kind>) -> Option<detect::Found> {
        let found =
            detect::folder(path).filter(|found| asked.is_none_or(|kind| found.kind == kind));
        match asked {
            Some(kind @ (Kind::Mh | Kind::Numbered | Kind::Files | Kind::MhonarcPages)) => found
                .or_else(|| {
                    Some(detect::Found {
                        kind,
                        path: path.to_owned(),
                    })
                }),
            Some(Kind::Maildir | Kind::Mbox) | None => found,
        }
    }

    /// Reads a stream as an mbox, packed or not; `name` stands in messages.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn from_reader(
        reader: impl Read + Send + 'static,
        name: &str,
        options: &OpenOptions,
    ) -> Result<Self, SourceError> {
        let progress = Progress::default();
        let (stream, compression) = unpack(reader, &progress).map_err(|e| undecodable(name, e))?;
        let rule = Rule::By(options.split.clone());
        let mut splitter = Splitter::new(stream, rule.clone(), options.max_mail_bytes);
        let head = splitter.head();
        if options.kind != Some(Kind::Mbox) && !holds_mail(head, &rule) {
            return Err(SourceError::NotAMailSource {
                path: name.to_owned(),
                found: "no From_ line and no mail header near its beginning",
                remedy: "if it is an mbox all the same, say --kind mbox",
            });
        }
        // One mail by its name and its first line: what its body quotes stays in it.
        if options.kind != Some(Kind::Mbox)
            && detect::is_one_mail(name)
            && rule.leading(&head[bom(head)..]).is_none()
        {
            splitter.set_rule(Rule::Whole);
        }
        let mut source = Self::new(name.to_owned(), Kind::Mbox, compression, options);
        source.progress = progress;
        source.current = Some(Current {
            splitter,
            file: None,
        });
        Ok(source)
    }

    fn open_file(
        path: &Path,
        size: Option<u64>,
        options: &OpenOptions,
    ) -> Result<Self, SourceError> {
        let shown = path.display().to_string();
        if matches!(options.kind, Some(kind) if !matches!(kind, Kind::Mbox | Kind::Files)) {
            return Err(SourceError::NotAMailSource {
                path: shown,
                found: "a file, where the kind asks for a folder",
                remedy: "give the folder, or another --kind",
            });
        }
        let file = File::open(path).map_err(|error| no_access(&shown, error))?;
        // What is appended while it is read is left to the next run.
        let reader = file.take(size.unwrap_or(u64::MAX));
        let mut source = Self::from_reader(reader, &shown, options)?;
        source.total = size;
        source.description.list_name_guess = detect::list_name(path);
        Ok(source)
    }

    fn of_folder(path: &Path, kind: Kind, options: &OpenOptions) -> Self {
        let shown = path.display().to_string();
        let mut source = Self::new(shown, kind, Compression::Plain, options);
        source.description.list_name_guess = detect::list_name(path);
        source.entries = folder::list(path, kind).into();
        let size = |entry: &Entry| match entry {
            Entry::File { size, .. } => *size,
            Entry::Refused(_) => 0,
        };
        source.total = Some(source.entries.iter().map(size).sum());
        source
    }
}

/// Whether a stream that begins like this may be read as an mbox, be it empty.
fn holds_mail(head: &[u8], rule: &Rule) -> bool {
    let mut lines = memchr::memchr_iter(b'\n', head).map(|newline| newline + 1);
    head.is_empty()
        || rule.leading(&head[bom(head)..]).is_some()
        || looks_like_mail(head)
        || (memchr::memchr(0, &head[..head.len().min(1_024)]).is_none()
            && lines.any(|line| line < head.len() && rule.leading(&head[line..]).is_some()))
}

/// Whether a file of a folder is to be cut: it begins with a separator, or is named as an mbox.
pub(super) fn is_mbox(head: &[u8], name: &str, rule: &Rule) -> bool {
    let name = name.trim_end_matches(".gz").trim_end_matches(".zst");
    rule.leading(&head[bom(head)..]).is_some()
        || ([".mbox", ".mbx"]
            .iter()
            .any(|ending| name.ends_with(ending))
            && holds_mail(head, rule))
}

fn no_access(path: &str, error: io::Error) -> SourceError {
    let path = path.to_owned();
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => SourceError::NoSuch { path },
        _ => SourceError::Unreadable {
            path,
            offset: 0,
            source: error,
        },
    }
}

fn undecodable(path: &str, error: Undecodable) -> SourceError {
    let path = path.to_owned();
    match error {
        Undecodable::Format(format) => SourceError::Packed { path, format },
        Undecodable::Io(source) => SourceError::Unreadable {
            path,
            offset: 0,
            source,
        },
    }
}
