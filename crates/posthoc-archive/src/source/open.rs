//! The iterator over a source: its pieces, its position, its running hash.

use super::boundary::Rule;
use super::decode::{Progress, Stream, Undecodable, unpack};
use super::detect;
use super::error::SourceError;
use super::folder::{self, Entry};
use super::kind::{Compression, Description, Kind, Split};
use super::line::{bom, looks_like_mail};
use super::piece::{Piece, Reason, Refusal};
use super::splitter::Splitter;
use posthoc_core::message::Dialect;
use sha2::{Digest, Sha256};
use std::collections::VecDeque;
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

/// A source of mails; see the module for what it gives. After an error it gives nothing more.
pub struct Source {
    description: Description,
    options: OpenOptions,
    hash: Sha256,
    position: u64,
    progress: Progress,
    total: Option<u64>,
    dialects: [u64; 5],
    current: Option<Current>,
    entries: VecDeque<Entry>,
    done: bool,
}

/// The stream that is being read.
struct Current {
    splitter: Splitter<Stream>,
    /// Its name within a folder.
    file: Option<String>,
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
        let found = match options.kind {
            Some(Kind::Mbox) | None => detect::folder(&full)
                .filter(|found| options.kind.is_none_or(|asked| found.kind == asked)),
            Some(kind) => Some(detect::Found {
                kind,
                path: full.clone(),
            }),
        };
        let Some(found) = found else {
            // Telling a folder that cannot be read from one that holds nothing.
            fs::read_dir(&full).map_err(|error| no_access(&shown, error))?;
            return Err(SourceError::NotAMailSource {
                path: shown,
                found: "a folder that is no Maildir, MH folder or numbered archive",
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

    fn new(path: String, kind: Kind, compression: Compression, options: &OpenOptions) -> Self {
        let split = options.split.clone();
        let description = Description {
            kind,
            path,
            dialect: None,
            split,
            compression,
            list_name_guess: None,
        };
        Source {
            description,
            options: options.clone(),
            hash: Sha256::new(),
            position: 0,
            progress: Progress::default(),
            total: None,
            dialects: [0; 5],
            current: None,
            entries: VecDeque::new(),
            done: false,
        }
    }

    /// What is known about it, as of now.
    pub fn description(&self) -> Description {
        let commonest = (1..self.dialects.len())
            .rev()
            .max_by_key(|&at| self.dialects[at]);
        let dialect = commonest
            .filter(|&at| self.dialects[at] > 0)
            .map(|at| DIALECTS[at]);
        Description {
            dialect,
            ..self.description.clone()
        }
    }

    /// Bytes read from the disk or the pipe, still packed: for a progress bar.
    pub fn bytes_read(&self) -> u64 {
        self.progress.bytes()
    }

    /// Of how many; `None` for a pipe.
    pub fn total_bytes(&self) -> Option<u64> {
        self.total
    }

    /// Bytes of the decompressed source given so far: the `end` of the last piece.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// The SHA-256 of the decompressed source up to [`position`](Self::position). Cheap: the state
    /// of the hash is copied, not what it was made from.
    pub fn sha256_so_far(&self) -> [u8; 32] {
        self.hash.clone().finalize().into()
    }

    /// Goes on where an earlier run stopped: passes over the first `offset` bytes, which must be
    /// the `end` of a piece, hashing them. Then compare [`sha256_so_far`](Self::sha256_so_far)
    /// with that run's, to see that it is the same source. Only before the first piece.
    ///
    /// # Errors
    /// [`SourceError::Shorter`] when the source ends before; as the iterator does when reading
    /// fails.
    pub fn skip_to(&mut self, offset: u64) -> Result<(), SourceError> {
        while self.position < offset {
            let Some(current) = &mut self.current else {
                match self.open_next_file() {
                    Ok(false) => break,
                    // What was refused then was reported then.
                    Ok(true) | Err(_) => continue,
                }
            };
            match current.splitter.skip(offset - self.position) {
                Some(bytes) => self.count(&bytes),
                None => {
                    if let Some(Err(error)) = self.close() {
                        return Err(error);
                    }
                    self.current = None;
                }
            }
        }
        if self.position < offset {
            self.done = true;
            let path = self.description.path.clone();
            return Err(SourceError::Shorter {
                path,
                offset: self.position,
            });
        }
        Ok(())
    }

    fn count(&mut self, bytes: &[u8]) {
        self.hash.update(bytes);
        self.position += bytes.len() as u64;
    }

    /// Goes to the next file of a folder, or to the end. A refused entry, or a file that holds no
    /// mail, is given back.
    fn open_next_file(&mut self) -> Result<bool, Refusal> {
        let Some(entry) = self.entries.pop_front() else {
            return Ok(false);
        };
        let (path, name) = match entry {
            Entry::File { path, name, .. } => (path, name),
            Entry::Refused(refusal) => return Err(refusal),
        };
        let unreadable = |error: io::Error| {
            Refusal::of_file(Reason::Unreadable, name.clone(), Some(error.to_string()))
        };
        let file = File::open(&path).map_err(unreadable)?;
        let (stream, _) = unpack(file, &self.progress).map_err(|error| match error {
            Undecodable::Io(error) => unreadable(error),
            Undecodable::Format(format) => {
                let detail = Some(format!("{format} is not read"));
                Refusal::of_file(Reason::NotMail, name.clone(), detail)
            }
        })?;
        let mut splitter = Splitter::new(stream, Rule::Whole, self.options.max_mail_bytes);
        let head = splitter.head();
        let split = Rule::By(self.options.split.clone());
        match self.description.kind {
            _ if head.is_empty() => match splitter.take_failure() {
                Some(failure) => return Err(unreadable(failure)),
                None => return Err(Refusal::of_file(Reason::NotMail, name, None)),
            },
            Kind::Files if is_mbox(head, &name, &split) => splitter.set_rule(split),
            Kind::Files if !looks_like_mail(head) => {
                return Err(Refusal::of_file(Reason::NotMail, name, None));
            }
            _ => {}
        }
        self.current = Some(Current {
            splitter,
            file: Some(name),
        });
        Ok(true)
    }

    /// What the caller is told about a stream that broke.
    fn broken(&self, failure: io::Error) -> SourceError {
        let (path, offset) = (self.description.path.clone(), self.position);
        if self.description.compression == Compression::Plain {
            return SourceError::Unreadable {
                path,
                offset,
                source: failure,
            };
        }
        match failure.kind() {
            io::ErrorKind::UnexpectedEof => SourceError::Truncated { path, offset },
            _ => SourceError::Damaged {
                path,
                offset,
                source: failure,
            },
        }
    }

    /// Completes a piece with what the splitter does not know.
    fn finish(&mut self, mut piece: Piece, file: Option<String>) -> Piece {
        self.count(&piece.gap);
        if let Some(mail) = &mut piece.mail {
            self.hash.update(&mail.bytes);
            self.position += mail.bytes.len() as u64;
            let at = DIALECTS
                .iter()
                .position(|&d| d == mail.dialect)
                .unwrap_or(0);
            self.dialects[at] += 1;
            mail.file.clone_from(&file);
        }
        if let Some(refused) = &mut piece.refused {
            refused.file = file;
        }
        piece.end = self.position;
        piece
    }

    /// The end of the current stream: `Some` when it broke.
    fn close(&mut self) -> Option<Result<Piece, SourceError>> {
        let mut current = self.current.take()?;
        let failure = current.splitter.take_failure()?;
        let Some(name) = current.file else {
            self.done = true;
            return Some(Err(self.broken(failure)));
        };
        let mut refusal = Refusal::of_file(Reason::Unreadable, name, Some(failure.to_string()));
        refusal.offset = current.splitter.offset();
        Some(Ok(self.refused(refusal)))
    }

    fn refused(&self, refusal: Refusal) -> Piece {
        Piece {
            gap: Vec::new(),
            mail: None,
            refused: Some(refusal),
            end: self.position,
        }
    }
}

impl Iterator for Source {
    type Item = Result<Piece, SourceError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.done {
            if let Some(current) = &mut self.current {
                if let Some(piece) = current.splitter.next_piece() {
                    let file = current.file.clone();
                    return Some(Ok(self.finish(piece, file)));
                }
                if let Some(end) = self.close() {
                    return Some(end);
                }
            }
            match self.open_next_file() {
                Ok(true) => {}
                Ok(false) => self.done = true,
                Err(refusal) => return Some(Ok(self.refused(refusal))),
            }
        }
        None
    }
}

/// Every dialect; its place is where it is counted.
const DIALECTS: [Dialect; 5] = [
    Dialect::None,
    Dialect::Mboxo,
    Dialect::Mboxrd,
    Dialect::Mboxcl,
    Dialect::Mboxcl2,
];

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
fn is_mbox(head: &[u8], name: &str, rule: &Rule) -> bool {
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
