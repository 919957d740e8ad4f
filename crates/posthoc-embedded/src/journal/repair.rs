//! What can be done about damage: the same bytes from a backup, and a torn end set aside.
//!
//! Nothing is thrown away: a file that is changed is kept beside as it was (`00000001.damaged`), and what
//! is cut off the end too (`00000001.cut`).

use super::segment::{Frame, Segment, SegmentHeader, Tail, peek};
use super::{segments, verify_segment_file};
use crate::dir::{Access, io_error, sync_dir, temp_name};
use posthoc_store::Result;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

/// Bytes that are compared and written at once.
const PIECE: usize = 64 << 10;

/// What a repair did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Repaired {
    /// What was done, a sentence each.
    pub mended: Vec<String>,
    /// Damage that is left, a sentence each.
    pub left: Vec<String>,
}

/// A segment that is looked at.
struct Place<'a> {
    number: u32,
    path: &'a Path,
    /// What the segment after it says of its end; none for the last one.
    next: Option<SegmentHeader>,
}

/// Mends the journal in `dir`, with what `backup` (another journal's folder) has. Only under the lock.
pub(crate) fn repair(dir: &Path, access: &Access, backup: Option<&Path>) -> Result<Repaired> {
    let mut done = Repaired::default();
    let segments = segments(dir)?;
    for (nth, (number, path)) in segments.iter().enumerate() {
        let next = match segments.get(nth + 1) {
            Some((number, path)) => Some(peek(path, *number)?),
            None => None,
        };
        let place = Place {
            number: *number,
            path,
            next,
        };
        if place.damage(path)?.is_empty() {
            continue;
        }
        let taken = match backup {
            Some(backup) => place.take_from(&backup.join(name_of(path)), access, &mut done)?,
            None => false,
        };
        if place.next.is_none() {
            place.cut(access, &mut done)?;
        }
        let left = place.damage(path)?;
        if !left.is_empty() && backup.is_some() && !taken {
            let name = name_of(path);
            let words = format!("{name}: the backup does not have what is damaged here");
            done.left.push(words);
        }
        done.left.extend(left);
    }
    sync_dir(dir)?;
    Ok(done)
}

impl Place<'_> {
    fn damage(&self, path: &Path) -> Result<Vec<String>> {
        let mut damage = Vec::new();
        verify_segment_file(path, self.number, self.next.is_none(), &mut |found| {
            damage.push(found.to_string());
        })?;
        Ok(damage)
    }

    /// Takes the copy's bytes when they are whole, and of this segment.
    fn take_from(&self, copy: &Path, access: &Access, done: &mut Repaired) -> Result<bool> {
        if !copy.is_file() || !self.damage(copy)?.is_empty() {
            return Ok(false);
        }
        let kept = match self.next {
            Some(next) => self.replace(copy, &next, access)?,
            None => self.write_over(copy, access)?,
        };
        if let Some(kept) = &kept {
            let name = name_of(self.path);
            let words = format!("{name}: mended from the backup; it is kept as {kept}");
            done.mended.push(words);
        }
        Ok(kept.is_some())
    }

    /// A sealed segment: the copy must lead to the next one. Who reads the old file goes on with it.
    fn replace(
        &self,
        copy: &Path,
        next: &SegmentHeader,
        access: &Access,
    ) -> Result<Option<String>> {
        let other = Segment::open(copy, self.number, true)?;
        if (other.next_seq, other.chain) != (next.first_seq, next.chain) {
            return Ok(None);
        }
        let temp = self.copied(copy, access)?;
        let kept = self.keep(access)?;
        fs::rename(&temp, self.path).map_err(io_error("write", self.path))?;
        Ok(Some(kept))
    }

    /// The last segment: its beginning as the copy has it, what came later as it is. Written in place, since
    /// others have it open and append to it.
    fn write_over(&self, copy: &Path, access: &Access) -> Result<Option<String>> {
        let before = self.damage(self.path)?.len();
        let temp = self.copied(self.path, access)?;
        let tried = write_differing(copy, &temp).and_then(|()| self.damage(&temp));
        fs::remove_file(&temp).map_err(io_error("remove", &temp))?;
        if tried?.len() >= before {
            return Ok(None);
        }
        let kept = self.keep(access)?;
        write_differing(copy, self.path)?;
        Ok(Some(kept))
    }

    /// Sets aside what stands behind the last whole frame, unless it is the beginning of one: that is cut
    /// by whoever appends.
    fn cut(&self, access: &Access, done: &mut Repaired) -> Result<()> {
        let segment = Segment::open(self.path, self.number, false)?;
        if segment.tail != Tail::Bad {
            return Ok(());
        }
        let (end, length) = (segment.end, segment.file_len()?);
        let aside = free_name(self.path, "cut");
        let mut out = access
            .create_new(&aside)
            .map_err(io_error("write", &aside))?;
        let mut copy = || -> io::Result<()> {
            let mut from = File::open(self.path)?;
            from.seek(SeekFrom::Start(end))?;
            io::copy(&mut from.take(length - end), &mut out)?;
            out.sync_all()?;
            let file = OpenOptions::new().write(true).open(self.path)?;
            file.set_len(end)?;
            file.sync_all()
        };
        copy().map_err(io_error("cut", self.path))?;
        let last = segment
            .frames
            .last()
            .map_or(segment.header.first_seq, Frame::next_seq);
        done.mended.push(format!(
            "{}: {} bytes behind record {} were no whole batch; they are kept as {}",
            name_of(self.path),
            length - end,
            last.saturating_sub(1),
            name_of(&aside)
        ));
        Ok(())
    }

    /// Keeps the file as it is; answers the name.
    fn keep(&self, access: &Access) -> Result<String> {
        let kept = free_name(self.path, "damaged");
        let temp = self.copied(self.path, access)?;
        fs::rename(&temp, &kept).map_err(io_error("write", &kept))?;
        Ok(name_of(&kept))
    }

    /// A durable copy of a file under a name of its own beside the segment.
    fn copied(&self, from: &Path, access: &Access) -> Result<PathBuf> {
        let temp = temp_name(self.path);
        let mut out = access.create_new(&temp).map_err(io_error("write", &temp))?;
        File::open(from)
            .and_then(|mut from| io::copy(&mut from, &mut out))
            .and_then(|_| out.sync_all())
            .map_err(io_error("copy", from))?;
        Ok(temp)
    }
}

/// Writes the bytes of one file over those of another where they differ, durably; what the other has
/// beyond them stays.
fn write_differing(from: &Path, to: &Path) -> Result<()> {
    let write = || -> io::Result<()> {
        let mut from = File::open(from)?;
        let to = OpenOptions::new().read(true).write(true).open(to)?;
        let (mut good, mut there) = (vec![0; PIECE], vec![0; PIECE]);
        let mut at = 0;
        loop {
            let count = from.read(&mut good)?;
            if count == 0 {
                return to.sync_all();
            }
            let same = to.read_exact_at(&mut there[..count], at).is_ok();
            if !same || good[..count] != there[..count] {
                to.write_all_at(&good[..count], at)?;
            }
            at += count as u64;
        }
    };
    write().map_err(io_error("write", to))
}

fn name_of(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// A name beside a segment that is not taken.
fn free_name(segment: &Path, kind: &str) -> PathBuf {
    let first = segment.with_extension(kind);
    let later = (2..).map(|n| segment.with_extension(format!("{kind}-{n}")));
    std::iter::once(first)
        .chain(later)
        .find(|path| !path.exists())
        .unwrap_or_else(|| segment.with_extension(kind))
}
