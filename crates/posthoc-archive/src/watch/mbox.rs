//! An mbox: what stands behind the last mail is new. Whoever writes it should lock it (`PATH.lock`, fcntl or
//! flock, as mail systems and mail readers do); of one who does not, the last mail is left until nothing has
//! come for a while.
//!
//! The file stays open: one that is moved away by logrotate is read to its end before the one that took its
//! place. One that is shorter than it was, or holds other bytes before the place that was reached, was written
//! anew, and is read from its beginning.

use super::{Looked, MOST_BYTES, MOST_MAILS, Take};
use crate::ArchiveError;
use crate::source::{OpenOptions, Piece, Source, SourceError};
use posthoc_core::message::RawMessage;
use rustix::fs::{FlockOperation, Mode, OFlags, fcntl_lock, flock};
use rustix::io::Errno;
use std::fs::{self, File, Metadata};
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};

/// Seconds for which nothing may have come before the last mail counts as whole: where an empty line ends it,
/// as in an mbox, and where none does.
const QUIET: i64 = 5;
const QUIET_WITHOUT_END: i64 = 60;
/// After so many seconds a file `PATH.lock` is one that a killed program left; one that is dated further ahead
/// is from before the clock was set back.
const STALE_LOCK: u64 = 600;
/// Looks come every few seconds: a clock that has gone further meanwhile, in seconds, or back, was set.
const STEP: i64 = 3_600;
/// Bytes before the place that was reached by which the file is known again.
const GUARD: u64 = 4_096;
/// Bytes that are looked at for the beginning of the next mail.
const NEXT: usize = 256;

/// What was seen of an mbox.
pub(super) struct Mbox {
    path: PathBuf,
    open: Option<Open>,
}

/// The file that is being read.
struct Open {
    file: File,
    id: (u64, u64),
    /// Up to where its mails were taken.
    taken: u64,
    /// BLAKE3 of the bytes before that.
    guard: [u8; 32],
    /// How it was when it was last looked at, and since when it is so.
    state: (State, i64),
    /// The clock at the last look.
    looked: i64,
    /// How it was when all in it had been taken.
    done: Option<State>,
}

/// Length and time of change of a file.
type State = (u64, i64, i64);

impl Mbox {
    pub(super) fn new(path: &Path) -> Self {
        Mbox {
            path: path.to_owned(),
            open: None,
        }
    }

    pub(super) fn look(&mut self, now: i64, take: Take<'_>) -> Result<Looked, ArchiveError> {
        if self.has_lock_file(now) {
            return Ok(Looked::default());
        }
        match self.try_look(now, take) {
            Err(Stop::Io(error)) => Ok(Looked {
                trouble: Some(format!("{}: {error}", self.path.display())),
                ..Looked::default()
            }),
            Err(Stop::Source(error)) => Ok(Looked::trouble(&error)),
            Err(Stop::Store(error)) => Err(error),
            Ok(looked) => Ok(looked),
        }
    }

    fn try_look(&mut self, now: i64, take: Take<'_>) -> Result<Looked, Stop> {
        let there = match fs::metadata(&self.path) {
            Ok(about) if about.is_file() => Some(about),
            Ok(_) => return Err(io::Error::other("neither a file nor a Maildir").into()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error.into()),
        };
        if let Some(open) = &mut self.open {
            let looked = open.look(&self.path, now, take)?;
            let is_replaced = there.as_ref().is_none_or(|about| id(about) != open.id);
            if !is_replaced || open.done.is_none() {
                return Ok(looked);
            }
            self.open = None;
            return Ok(Looked {
                more: there.is_some(),
                ..looked
            });
        }
        if there.is_none() {
            return Ok(Looked::default());
        }
        let open = self.open.insert(Open::new(&self.path, now)?);
        open.look(&self.path, now, take)
    }

    /// Whether somebody has locked it in the oldest way.
    fn has_lock_file(&self, now: i64) -> bool {
        let mut name = self.path.clone().into_os_string();
        name.push(".lock");
        let locked = fs::symlink_metadata(PathBuf::from(name));
        locked.is_ok_and(|about| now.abs_diff(about.mtime()) < STALE_LOCK)
    }
}

impl Open {
    fn new(path: &Path, now: i64) -> io::Result<Self> {
        let file = open(path)?;
        let about = file.metadata()?;
        Ok(Open {
            id: id(&about),
            taken: 0,
            guard: *blake3::hash(b"").as_bytes(),
            state: (state(&about), now),
            looked: now,
            done: None,
            file,
        })
    }

    fn look(&mut self, path: &Path, now: i64, take: Take<'_>) -> Result<Looked, Stop> {
        let about = state(&self.file.metadata()?);
        if self.done == Some(about) {
            return Ok(Looked::default());
        }
        self.done = None;
        let Some(lock) = Lock::of(&self.file)? else {
            return Ok(Looked::default());
        };
        // As it is now that nobody writes.
        let about = state(&self.file.metadata()?);
        // A clock that was set says nothing of how long it has been quiet: it begins to count anew.
        let was_set = !(0..=STEP).contains(&now.saturating_sub(self.looked));
        self.looked = now;
        if about != self.state.0 || was_set {
            self.state = (about, now);
        }
        let (length, ..) = about;
        if !self.is_known(length)? {
            self.taken = 0;
        }
        let is_whole = self.is_last_whole(length, now)?;
        let new = self.read(path, length, is_whole)?;
        let is_still = state(&self.file.metadata()?) == about;
        drop(lock);
        if !is_still && self.file.metadata()?.len() < length {
            // Somebody who locks nothing has written it anew: what was read may be of both.
            return Ok(Looked::default());
        }
        let mut looked = Looked {
            more: new.more,
            ..Looked::default()
        };
        looked.add(take(new.mails)?);
        self.guard = self.guard_before(new.taken)?;
        self.taken = new.taken;
        self.done = new.all.then_some(about);
        Ok(looked)
    }

    /// Whether it goes on behind the place that was reached, as an mbox goes on.
    fn is_known(&self, length: u64) -> io::Result<bool> {
        if length < self.taken || self.guard_before(self.taken)? != self.guard {
            return Ok(false);
        }
        let mut next = vec![0; NEXT];
        let read = self.file.read_at(&mut next, self.taken)?;
        let next = next[..read].trim_ascii_start();
        Ok(next.is_empty() || next.starts_with(b"From ") || self.taken == 0)
    }

    fn guard_before(&self, end: u64) -> io::Result<[u8; 32]> {
        let from = end.saturating_sub(GUARD);
        let mut bytes = Vec::new();
        let mut at = from;
        while at < end {
            let mut piece = vec![0; usize::try_from(end - at).unwrap_or(NEXT)];
            match self.file.read_at(&mut piece, at)? {
                0 => break,
                read => {
                    bytes.extend_from_slice(&piece[..read]);
                    at += read as u64;
                }
            }
        }
        Ok(*blake3::hash(&bytes).as_bytes())
    }

    /// Whether nothing has come for so long that the last mail is all there.
    fn is_last_whole(&self, length: u64, now: i64) -> io::Result<bool> {
        let mut end = [0; 4];
        let from = length.saturating_sub(end.len() as u64);
        let read = self.file.read_at(&mut end, from)?;
        let end = &end[..read];
        let needed = match end.ends_with(b"\n\n") || end.ends_with(b"\n\r\n") {
            true => QUIET,
            false => QUIET_WITHOUT_END,
        };
        Ok(now.saturating_sub(self.state.1) >= needed)
    }

    /// Reads what is new, as much as one look takes.
    fn read(&self, path: &Path, length: u64, is_whole: bool) -> Result<New, Stop> {
        let mut new = New {
            taken: self.taken,
            ..New::default()
        };
        if length == self.taken {
            new.all = true;
            return Ok(new);
        }
        let mut reader = self.file.try_clone()?;
        reader.seek(SeekFrom::Start(self.taken))?;
        let reader = reader.take(length - self.taken);
        let name = path.display().to_string();
        let source = Source::from_reader(reader, &name, &OpenOptions::default())?;
        let mut bytes = 0;
        for piece in source {
            let Piece {
                mail, refused, end, ..
            } = piece?;
            let Some(mail) = mail else {
                if refused.is_some() {
                    new.taken = self.taken + end;
                }
                continue;
            };
            let size = mail.bytes.len() as u64;
            let is_full = new.mails.len() >= MOST_MAILS || bytes + size > MOST_BYTES;
            if is_full && !new.mails.is_empty() {
                new.more = true;
                return Ok(new);
            }
            if mail.last && !is_whole {
                return Ok(new);
            }
            bytes += size;
            new.taken = self.taken + end;
            new.mails.push(mail);
        }
        // Behind the last mail may be a line that begins one.
        new.all = is_whole;
        Ok(new)
    }
}

/// What a look read.
#[derive(Default)]
struct New {
    mails: Vec<RawMessage>,
    /// Up to where.
    taken: u64,
    /// There is more at once.
    more: bool,
    /// There is nothing more.
    all: bool,
}

/// A lock against those who write, both ways; it ends with this.
struct Lock<'f>(&'f File);

impl<'f> Lock<'f> {
    /// None when somebody writes. A file system without locks has none to be asked.
    fn of(file: &'f File) -> io::Result<Option<Self>> {
        for locked in [
            fcntl_lock(file, FlockOperation::NonBlockingLockShared),
            flock(file, FlockOperation::NonBlockingLockShared),
        ] {
            match locked {
                Ok(()) | Err(Errno::NOLCK | Errno::NOTSUP | Errno::NOSYS | Errno::INVAL) => {}
                Err(Errno::WOULDBLOCK | Errno::ACCESS) => {
                    drop(Lock(file));
                    return Ok(None);
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(Some(Lock(file)))
    }
}

impl Drop for Lock<'_> {
    fn drop(&mut self) {
        // What cannot be unlocked was not locked.
        let _ = fcntl_lock(self.0, FlockOperation::NonBlockingUnlock);
        let _ = flock(self.0, FlockOperation::NonBlockingUnlock);
    }
}

/// Why a look ends.
enum Stop {
    Io(io::Error),
    Source(SourceError),
    Store(ArchiveError),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Stop::Io(error)
    }
}

impl From<SourceError> for Stop {
    fn from(error: SourceError) -> Self {
        Stop::Source(error)
    }
}

impl From<ArchiveError> for Stop {
    fn from(error: ArchiveError) -> Self {
        Stop::Store(error)
    }
}

/// Opens for reading; where that is allowed, without a trace in the time of the last access, by which mail
/// readers and shells tell that there is new mail.
fn open(path: &Path) -> io::Result<File> {
    let plain = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK;
    let opened = match rustix::fs::open(path, plain | OFlags::NOATIME, Mode::empty()) {
        Err(Errno::PERM) => rustix::fs::open(path, plain, Mode::empty()),
        other => other,
    };
    Ok(File::from(opened?))
}

fn id(about: &Metadata) -> (u64, u64) {
    (about.dev(), about.ino())
}

fn state(about: &Metadata) -> State {
    (about.len(), about.mtime(), about.mtime_nsec())
}
