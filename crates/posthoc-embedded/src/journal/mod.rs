//! The journal in files. See the crate's head for where they lie.
//!
//! 1. [`frame`]: the header of a frame. [`block`]: records in a frame. [`pack`]: a batch to frames.
//! 2. [`segment`]: a file of frames and its table. 3. Here: which segments there are, append, read.
//! 4. [`verify`] reads everything from the disk anew. [`repack`] packs single frames into blocks.
//!    [`replaced`] puts records in the place of others. [`repair`] mends what can be mended.

mod block;
mod cache;
mod frame;
mod large;
mod pack;
mod repack;
mod repair;
#[cfg(test)]
mod repair_tests;
mod replaced;
mod segment;
#[cfg(test)]
mod tests;
mod verify;

pub use repair::Repaired;
pub(crate) use repair::repair;
pub(crate) use verify::verify_segment_file;

use crate::dir::{Access, io_error, sweep, sync_dir, temp_name};
use block::Block;
use cache::BlockCache;
use frame::Chain;
use pack::{Packed, Place, pack};
use posthoc_store::{Generation, Journal, Packing, Record, Result, Seq, StoreError};
use segment::{Frame, Segment, SegmentHeader, Tail};
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// When a segment is full.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    /// Bytes after which the next batch begins a segment.
    pub(crate) bytes: u64,
    /// Frames of single deliveries after which it does, so that they are packed before they are many.
    pub(crate) singles: usize,
}

/// The limits of every archive.
pub(crate) const LIMITS: Limits = Limits {
    bytes: 256 << 20,
    singles: 4096,
};

/// Sealed segments that are kept open.
const LOADED: usize = 32;

/// The journal's files.
pub(crate) struct FileJournal {
    dir: PathBuf,
    access: Access,
    limits: Limits,
    state: RwLock<State>,
    /// Sealed segments in use, the latest used last.
    loaded: Mutex<Vec<Arc<Segment>>>,
    cache: BlockCache,
    /// Held by the one append that runs in this process; the segment's file for writing.
    writer: Mutex<Option<(u32, File)>>,
}

/// Which segments there are.
struct State {
    /// Number and first record of those that never change.
    sealed: Vec<(u32, Seq)>,
    /// The last one.
    active: Segment,
}

/// An appended batch's frames stand from here.
struct End {
    number: u32,
    /// The first record of that segment.
    first_seq: Seq,
    offset: u64,
    seq: Seq,
    chain: Chain,
}

impl FileJournal {
    /// Makes the folder and its first segment where they are not there.
    pub(crate) fn create(dir: &Path, access: Access) -> Result<()> {
        access.make_dir(dir)?;
        if numbers(dir)?.is_empty() {
            new_segment(
                dir,
                &access,
                SegmentHeader {
                    number: 1,
                    first_seq: 0,
                    chain: [0; 32],
                },
            )?;
        }
        Ok(())
    }

    /// Opens the journal; needs no lock and changes nothing.
    pub(crate) fn open(dir: &Path, access: Access, limits: Limits) -> Result<FileJournal> {
        let state = RwLock::new(State::load(dir)?);
        let (loaded, writer) = (Mutex::default(), Mutex::default());
        let cache = BlockCache::default();
        Ok(FileJournal {
            dir: dir.to_owned(),
            access,
            limits,
            state,
            loaded,
            cache,
            writer,
        })
    }

    /// Removes the unfinished files of killed processes. Only under the store's lock: all such files are
    /// written under it. Failure does no harm.
    pub(crate) fn sweep(&self) {
        sweep(&self.dir, "");
    }

    /// Whether bytes that are no frame stand at the end: a power cut tore an append, or the last batch is
    /// damaged. (The beginning of a frame, as a killed process leaves it, does not count.)
    pub(crate) fn has_bad_tail(&self) -> bool {
        self.state().active.tail == Tail::Bad
    }

    /// An error that names the end.
    pub(crate) fn bad_tail(&self) -> StoreError {
        let state = self.state();
        state
            .active
            .damaged("the last batch".into(), state.active.end)
    }

    fn state(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn state_mut(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks at what others have appended. Costs two system calls when there is nothing.
    fn refresh(&self) -> Result<Generation> {
        {
            let state = self.state();
            let next = segment_path(&self.dir, state.active.header.number + 1);
            if state.active.file_len()? == state.active.end && !has_header(&next) {
                return Ok(Generation(state.active.next_seq));
            }
        }
        let mut state = self.state_mut();
        if state.active.file_len()? < state.active.end {
            // An append was taken back: its records may have been seen here.
            *state = State::load(&self.dir)?;
            self.cache.clear();
        }
        loop {
            state.active.extend()?;
            let number = state.active.header.number + 1;
            let next = segment_path(&self.dir, number);
            if !has_header(&next) {
                return Ok(Generation(state.active.next_seq));
            }
            let next = Segment::open(&next, number, false)?;
            let sealed = std::mem::replace(&mut state.active, next).header;
            state.sealed.push((sealed.number, sealed.first_seq));
        }
    }

    fn end(&self) -> End {
        let active = &self.state().active;
        End {
            number: active.header.number,
            first_seq: active.header.first_seq,
            offset: active.end,
            seq: active.next_seq,
            chain: active.chain,
        }
    }

    /// The end, after looking at what others have appended.
    fn refresh_end(&self) -> Result<End> {
        self.refresh()?;
        Ok(self.end())
    }

    /// The sealed segment that holds a record.
    fn segment_of(&self, seq: Seq) -> Result<u32> {
        let state = self.state();
        if seq >= state.active.header.first_seq {
            return Err(StoreError::NoRecord(seq));
        }
        let nth = state.sealed.partition_point(|(_, first)| *first <= seq);
        let sealed = nth.checked_sub(1).and_then(|nth| state.sealed.get(nth));
        sealed
            .map(|(number, _)| *number)
            .ok_or(StoreError::NoRecord(seq))
    }

    /// A sealed segment's table and file.
    fn sealed(&self, number: u32) -> Result<Arc<Segment>> {
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = loaded.iter().position(|s| s.header.number == number) {
            let segment = loaded.remove(at);
            loaded.push(segment.clone());
            return Ok(segment);
        }
        let segment = Arc::new(Segment::open(
            &segment_path(&self.dir, number),
            number,
            true,
        )?);
        if loaded.len() >= LOADED {
            loaded.remove(0);
        }
        loaded.push(segment.clone());
        Ok(segment)
    }

    /// The file and frame that hold a record.
    fn find(&self, seq: Seq) -> Result<(Arc<File>, PathBuf, Frame)> {
        let state = self.state();
        let active = &state.active;
        if seq >= active.next_seq {
            return Err(StoreError::NoRecord(seq));
        }
        let lost =
            |segment: &Segment| segment.damaged(format!("record {seq} is missing"), segment.end);
        if seq >= active.header.first_seq {
            let frame = active.frame_of(seq).ok_or_else(|| lost(active))?;
            return Ok((active.file.clone(), active.path.clone(), frame));
        }
        let nth = state
            .sealed
            .partition_point(|(_, first)| *first <= seq)
            .saturating_sub(1);
        let number = state
            .sealed
            .get(nth)
            .map(|(number, _)| *number)
            .ok_or(StoreError::NoRecord(seq))?;
        drop(state);
        let segment = self.sealed(number)?;
        let frame = segment.frame_of(seq).ok_or_else(|| lost(&segment))?;
        Ok((segment.file.clone(), segment.path.clone(), frame))
    }

    /// The segment's file for writing, with nothing after its last whole frame.
    fn writable(&self, writer: &mut Option<(u32, File)>, end: &End) -> Result<()> {
        let path = segment_path(&self.dir, end.number);
        if writer
            .as_ref()
            .is_none_or(|(number, _)| *number != end.number)
        {
            let file = OpenOptions::new()
                .read(true)
                .write(true)
                .open(&path)
                .map_err(io_error("open", &path))?;
            *writer = Some((end.number, file));
        }
        if let Some((_, file)) = writer
            && file.metadata().map_err(io_error("read", &path))?.len() > end.offset
        {
            file.set_len(end.offset)
                .and_then(|()| file.sync_all())
                .map_err(io_error("cut", &path))?;
        }
        Ok(())
    }

    /// Seals the active segment and begins the next when it is full.
    fn roll_if_full(&self, end: &End) -> Result<bool> {
        let singles = self
            .state()
            .active
            .frames
            .iter()
            .filter(|f| f.single)
            .count();
        if end.offset < self.limits.bytes && singles < self.limits.singles {
            return Ok(false);
        }
        let header = SegmentHeader {
            number: end.number + 1,
            first_seq: end.seq,
            chain: end.chain,
        };
        new_segment(&self.dir, &self.access, header)?;
        self.refresh()?;
        // Space only: should packing fail (a full disk), the segment stays as it is.
        let _ = self.repack_segment(end.number);
        Ok(true)
    }

    /// Writes a packed batch durably; when that fails, the file is cut back.
    fn write(&self, file: &File, end: &End, packed: &Packed) -> Result<()> {
        let path = segment_path(&self.dir, end.number);
        let written = file
            .write_all_at(&packed.bytes, end.offset)
            .and_then(|()| file.sync_data());
        let Err(error) = written else { return Ok(()) };
        // What cannot be cut now is cut by the next append.
        let _ = file.set_len(end.offset).and_then(|()| file.sync_data());
        let mut state = self.state_mut();
        if state.active.header.number == end.number && state.active.end > end.offset {
            state.active.cut_to(end.offset)?;
            self.cache.clear();
        }
        Err(io_error("write", &path)(error))
    }

    /// Takes the written batch into the table.
    fn note(&self, end: &End, packed: Packed) -> Result<Generation> {
        let mut state = self.state_mut();
        let active = &mut state.active;
        let known = active.frames.partition_point(|f| f.offset < end.offset);
        if active.end == end.offset {
            if let Some(last) = packed.frames.last() {
                (active.end, active.next_seq, active.chain) =
                    (last.end(), last.next_seq(), packed.chain);
            }
            active.frames.extend(packed.frames);
            active.tail = Tail::Clean;
        } else {
            // Another thread looked while the batch was being written.
            active.extend()?;
        }
        active.write_index(known, &self.access);
        Ok(Generation(active.next_seq))
    }
}

impl State {
    fn load(dir: &Path) -> Result<State> {
        let mut numbers = numbers(dir)?;
        // An interrupted copy may hold less than a header of the last segment: the next one takes its place.
        while numbers.len() > 1
            && numbers
                .last()
                .is_some_and(|last| !has_header(&segment_path(dir, *last)))
        {
            numbers.pop();
        }
        let none = || StoreError::Damaged {
            what: "no segment".into(),
            path: dir.to_owned(),
            offset: 0,
        };
        let last = numbers.pop().ok_or_else(none)?;
        let first_seq = |n: &u32| Ok((*n, segment::peek(&segment_path(dir, *n), *n)?.first_seq));
        let sealed = numbers.iter().map(first_seq).collect::<Result<_>>()?;
        Ok(State {
            sealed,
            active: Segment::open(&segment_path(dir, last), last, false)?,
        })
    }
}

impl Journal for FileJournal {
    fn generation(&self) -> Result<Generation> {
        self.refresh()
    }

    fn append(&self, records: &[Record], packing: Packing) -> Result<Generation> {
        let mut writer: MutexGuard<'_, _> =
            self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let generation = self.refresh()?;
        if records.is_empty() {
            return Ok(generation);
        }
        let mut end = self.end();
        self.writable(&mut writer, &end)?;
        if self.roll_if_full(&end)? {
            end = self.end();
            self.writable(&mut writer, &end)?;
        }
        let place = Place {
            first_seq: end.seq,
            offset: end.offset,
            chain: end.chain,
        };
        let packed = pack(records, packing, place).map_err(|message| StoreError::Driver {
            what: "journal",
            message,
        })?;
        if let Some((_, file)) = writer.as_ref() {
            self.write(file, &end, &packed)?;
        }
        self.note(&end, packed)
    }

    fn read(&self, seq: Seq) -> Result<Record> {
        let (file, path, frame) = self.find(seq)?;
        let key = (frame.first_seq, frame.count);
        let block = match self.cache.get(key) {
            Some(block) => block,
            None => {
                let block = read_block(&file, &path, &frame)?;
                if !BlockCache::keeps(&block) && block.len() == 1 {
                    let record = block.into_record();
                    return record.map_err(|what| damaged(what, &path, &frame));
                }
                let block = Arc::new(block);
                self.cache.put(key, &block);
                block
            }
        };
        block
            .record((seq - frame.first_seq) as usize)
            .map_err(|what| damaged(what, &path, &frame))
    }

    fn scan(&self, from: Seq, each: &mut dyn FnMut(Seq, Record) -> bool) -> Result<()> {
        let end = self.refresh()?.0;
        let mut seq = from;
        while seq < end {
            let (file, path, frame) = self.find(seq)?;
            let block = read_block(&file, &path, &frame)?;
            while seq < frame.next_seq() {
                let record = block.record((seq - frame.first_seq) as usize);
                if !each(seq, record.map_err(|what| damaged(what, &path, &frame))?) {
                    return Ok(());
                }
                seq += 1;
            }
        }
        Ok(())
    }

    fn replace(&self, records: &[(Seq, Record)]) -> Result<()> {
        self.replace_records(records)
    }

    fn verify(&self, damage: &mut dyn FnMut(StoreError)) -> Result<()> {
        verify::verify(&self.dir, damage)
    }

    fn stored_bytes(&self) -> Result<u64> {
        let mut sum = 0;
        for number in numbers(&self.dir)? {
            let path = segment_path(&self.dir, number);
            sum += fs::metadata(&path).map_err(io_error("read", &path))?.len();
        }
        Ok(sum)
    }
}

fn read_block(file: &File, path: &Path, frame: &Frame) -> Result<Block> {
    let (header, payload) = segment::read_frame(file, path, frame)?;
    Block::load(&header, payload).map_err(|what| damaged(what, path, frame))
}

fn damaged(what: String, path: &Path, frame: &Frame) -> StoreError {
    StoreError::Damaged {
        what,
        path: path.to_owned(),
        offset: frame.offset,
    }
}

/// The segments of a journal, with their numbers, in order.
pub(crate) fn segments(dir: &Path) -> Result<Vec<(u32, PathBuf)>> {
    let numbers = numbers(dir)?.into_iter();
    Ok(numbers.map(|n| (n, segment_path(dir, n))).collect())
}

/// The path of a segment.
fn segment_path(dir: &Path, number: u32) -> PathBuf {
    dir.join(format!("{number:08}.seg"))
}

/// Whether a segment is there, with as many bytes as its header has.
fn has_header(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|meta| meta.len() >= segment::SEGMENT_HEADER as u64)
}

/// Numbers of the segments, rising.
fn numbers(dir: &Path) -> Result<Vec<u32>> {
    let mut numbers = Vec::new();
    for entry in fs::read_dir(dir).map_err(io_error("list", dir))? {
        let name = entry.map_err(io_error("list", dir))?.file_name();
        let number = name
            .to_str()
            .and_then(|n| n.strip_suffix(".seg"))
            .filter(|n| n.len() == 8);
        numbers.extend(number.and_then(|n| n.parse::<u32>().ok()));
    }
    numbers.sort_unstable();
    Ok(numbers)
}

/// Makes an empty segment, durably: it is there with its whole header or not at all.
fn new_segment(dir: &Path, access: &Access, header: SegmentHeader) -> Result<()> {
    let path = segment_path(dir, header.number);
    write_segment(&path, access, |file| file.write_all(&header.encode()))?;
    sync_dir(dir)
}

/// Writes a segment's file beside its place, syncs it, and puts it there.
fn write_segment(
    path: &Path,
    access: &Access,
    fill: impl FnOnce(&mut File) -> std::io::Result<()>,
) -> Result<()> {
    let temp = temp_name(path);
    let write = || -> std::io::Result<()> {
        let mut file = access.create_new(&temp)?;
        fill(&mut file)?;
        file.sync_all()?;
        fs::rename(&temp, path)
    };
    write()
        .inspect_err(|_| drop(fs::remove_file(&temp)))
        .map_err(io_error("write", path))
}
