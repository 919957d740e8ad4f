//! The iterator over a source: its pieces, its position, its running hash.

use super::boundary::Rule;
use super::decode::{Progress, Stream, Undecodable, unpack};
use super::error::SourceError;
use super::folder::Entry;
use super::kind::{Compression, Description, Kind};
use super::line::looks_like_mail;
use super::open::{OpenOptions, is_mbox};
use super::piece::{Piece, Reason, Refusal};
use super::splitter::Splitter;
use posthoc_core::message::Dialect;
use sha2::{Digest, Sha256};
use std::collections::VecDeque;
use std::fs::File;
use std::io;

/// A source of mails; see the module for what it gives. After an error it gives nothing more.
pub struct Source {
    pub(super) description: Description,
    options: OpenOptions,
    hash: Sha256,
    position: u64,
    pub(super) progress: Progress,
    /// Packed bytes of the files of a folder up to the one at hand.
    passed: u64,
    pub(super) total: Option<u64>,
    dialects: [u64; 6],
    pub(super) current: Option<Current>,
    pub(super) entries: VecDeque<Entry>,
    done: bool,
}

/// The stream that is being read.
pub(super) struct Current {
    pub(super) splitter: Splitter<Stream>,
    /// Its name within a folder.
    pub(super) file: Option<String>,
}

impl Source {
    pub(super) fn new(
        path: String,
        kind: Kind,
        compression: Compression,
        options: &OpenOptions,
    ) -> Self {
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
            passed: 0,
            total: None,
            dialects: [0; 6],
            current: None,
            entries: VecDeque::new(),
            done: false,
        }
    }

    /// The files of a folder that were not read yet, each with its bytes; none of a stream.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&str, u64)> {
        self.entries.iter().map(Entry::name_and_size)
    }

    /// Leaves out those of a folder's files of which the answer is no. Its position and hash are then of
    /// nothing that could be gone on from.
    pub(crate) fn keep_files(&mut self, mut keep: impl FnMut(&str, u64) -> bool) {
        self.entries.retain(|entry| {
            let (name, size) = entry.name_and_size();
            keep(name, size)
        });
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
        if self.description.kind != Kind::Mbox {
            // Of a file that holds no mail only the beginning was read.
            self.progress.set(self.passed);
        }
        let Some(entry) = self.entries.pop_front() else {
            return Ok(false);
        };
        let (path, name, size) = match entry {
            Entry::File { path, name, size } => (path, name, size),
            Entry::Refused(refusal) => return Err(refusal),
        };
        self.passed += size;
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
            Kind::MhonarcPages if memchr::memmem::find(head, b"<!--X-").is_none() => {
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
            if self.description.kind == Kind::MhonarcPages {
                mail.dialect = Dialect::MhonarcPage;
            }
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
const DIALECTS: [Dialect; 6] = [
    Dialect::None,
    Dialect::Mboxo,
    Dialect::Mboxrd,
    Dialect::Mboxcl,
    Dialect::Mboxcl2,
    Dialect::MhonarcPage,
];
