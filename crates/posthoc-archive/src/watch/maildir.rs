//! A Maildir: each file in `new` and `cur` is a mail, whole when it is there. A reader may move it and
//! change the end of its name, which tells its flags, at any moment.

use super::{Looked, MOST_BYTES, MOST_MAILS, Take};
use crate::error::Result;
use crate::source::{Kind, OpenOptions, Piece, Reason, Source};
use posthoc_core::message::RawMessage;
use std::collections::HashSet;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// A folder's time of change counts seconds after which nothing can have changed within the same tick of
/// its clock.
const SETTLED: i64 = 2;

/// What was seen of a Maildir.
pub(super) struct Maildir {
    path: PathBuf,
    /// Names of files, without their flags, whose mails were taken or are none.
    seen: HashSet<String>,
    /// When its folders had changed before all in them was seen.
    stamps: Option<Stamps>,
}

/// Times of change of `new` and `cur`, seconds and nanoseconds.
type Stamps = [(i64, i64); 2];

impl Maildir {
    pub(super) fn new(path: &Path) -> Self {
        Maildir {
            path: path.to_owned(),
            seen: HashSet::new(),
            stamps: None,
        }
    }

    pub(super) fn look(&mut self, now: i64, take: Take<'_>) -> Result<Looked> {
        // Looked at before the names are, so that what comes between is seen the next time.
        let stamps = self.stamps();
        if stamps.is_some() && stamps == self.stamps {
            return Ok(Looked::default());
        }
        self.stamps = None;
        let options = OpenOptions {
            kind: Some(Kind::Maildir),
            ..OpenOptions::default()
        };
        let mut source = match Source::open(&self.path, &options) {
            Ok(source) => source,
            Err(error) => return Ok(Looked::trouble(&error)),
        };
        let mut looked = Looked {
            more: self.choose(&mut source),
            ..Looked::default()
        };
        let mut found = Found::default();
        for piece in source {
            match piece {
                Ok(piece) => found.add(piece, &self.path),
                Err(error) => found.trouble = Some(error.to_string()),
            }
        }
        let names = found.mails.iter().filter_map(|mail| mail.file.as_deref());
        found.done.extend(names.map(own_name));
        looked.add(take(found.mails)?);
        self.seen.extend(found.done);
        looked.trouble = found.trouble;
        // A folder that changed a moment ago may change again without its time telling.
        let settled = |stamps: &Stamps| {
            let newest = stamps.iter().map(|(seconds, _)| *seconds).max();
            newest.is_some_and(|newest| newest.saturating_add(SETTLED) < now)
        };
        if !looked.more && !found.missed {
            self.stamps = stamps.filter(settled);
        }
        Ok(looked)
    }

    /// Leaves those files in a source that were not seen, as many as one look takes; whether there are more.
    fn choose(&mut self, source: &mut Source) -> bool {
        let there: HashSet<String> = source.files().map(|(name, _)| own_name(name)).collect();
        self.seen.retain(|name| there.contains(name));
        let (mut mails, mut bytes, mut more) = (0, 0, false);
        source.keep_files(|name, size| {
            if self.seen.contains(&own_name(name)) {
                return false;
            }
            let fits = mails == 0 || (mails < MOST_MAILS && bytes + size <= MOST_BYTES);
            if fits {
                mails += 1;
                bytes += size;
            }
            more |= !fits;
            fits
        });
        more
    }

    /// When its folders changed; none when that cannot be told.
    fn stamps(&self) -> Option<Stamps> {
        let stamp = |name: &str| {
            let about = fs::metadata(self.path.join(name)).ok()?;
            Some((about.mtime(), about.mtime_nsec()))
        };
        Some([stamp("new")?, stamp("cur")?])
    }
}

/// What the files of a look hold.
#[derive(Default)]
struct Found {
    mails: Vec<RawMessage>,
    /// Names of those that are no mails, and never will be.
    done: Vec<String>,
    /// A file could not be read: it is looked at again.
    missed: bool,
    trouble: Option<String>,
}

impl Found {
    fn add(&mut self, piece: Piece, path: &Path) {
        self.mails.extend(piece.mail);
        let Some(refusal) = piece.refused else { return };
        let name = refusal.file.unwrap_or_default();
        if refusal.reason != Reason::Unreadable {
            self.done.push(own_name(&name));
            return;
        }
        self.missed = true;
        // One that a mail reader has moved meanwhile is found where it is now.
        if path.join(&name).exists() {
            let why = refusal.detail.unwrap_or_default();
            self.trouble = Some(format!("{}: {why}", path.join(&name).display()));
        }
    }
}

/// A file's name without its folder and its flags, which readers change.
fn own_name(name: &str) -> String {
    let file = name.rsplit_once('/').map_or(name, |(_, file)| file);
    let own = file.rsplit_once(":2,").map_or(file, |(own, _)| own);
    own.to_owned()
}
