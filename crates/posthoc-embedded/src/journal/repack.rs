//! Packs the single frames of sealed segments into blocks. The records, their order and the hash chain
//! stay; processes that have the old file open go on reading it.

use super::block::{BLOCK, Block};
use super::frame::{Chain, FrameHeader};
use super::pack::{Place, lay};
use super::segment::{SEGMENT_HEADER, Segment, index_path};
use super::{FileJournal, replaced, segment_path, write_segment};
use crate::dir::sync_dir;
use posthoc_store::{Record, Result, Seq, StoreError};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::sync::PoisonError;

/// Blocks that are packed and written at once.
const BATCH: usize = 16;

impl FileJournal {
    /// Packs every sealed segment that still has single frames. Only under the store's lock.
    pub(crate) fn repack(&self) -> Result<()> {
        self.refresh()?;
        let sealed = self.state().sealed.clone();
        sealed
            .into_iter()
            .try_for_each(|(number, _)| self.repack_segment(number))
    }

    /// Packs one sealed segment, if it has single frames.
    pub(super) fn repack_segment(&self, number: u32) -> Result<()> {
        if !self.sealed(number)?.frames.iter().any(|f| f.single) {
            return Ok(());
        }
        self.rewrite_segment(number, &Changes::new())
    }

    /// Writes a sealed segment packed, and with these records in the place of its own: into a new file
    /// that takes the old one's place when it is whole and durable.
    pub(super) fn rewrite_segment(&self, number: u32, changes: &Changes<'_>) -> Result<()> {
        let segment = self.sealed(number)?;
        let path = segment_path(&self.dir, number);
        let mut failed = None;
        let written = write_segment(&path, &self.access, |file| {
            Repacked::start(&segment, changes, file)?
                .all()
                .map_err(|e| {
                    failed = Some(e);
                    io::Error::other("repack")
                })
        });
        if let Some(e) = failed {
            return Err(e);
        }
        written?;
        // The table beside it is that of the old file.
        let _ = fs::remove_file(index_path(&path));
        sync_dir(&self.dir)?;
        self.loaded
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .retain(|s| s.header.number != number);
        self.sealed(number)?.write_index(0, &self.access);
        Ok(())
    }
}

/// Records that take the place of others, by their numbers.
pub(super) type Changes<'a> = BTreeMap<Seq, &'a Record>;

/// The new file as far as it is written.
struct Repacked<'a> {
    segment: &'a Segment,
    changes: &'a Changes<'a>,
    file: &'a mut File,
    /// Full blocks that wait to be written, and the one that is being filled.
    blocks: Vec<Block>,
    open: Block,
    offset: u64,
    seq: u64,
    chain: Chain,
}

impl<'a> Repacked<'a> {
    fn start(
        segment: &'a Segment,
        changes: &'a Changes<'a>,
        file: &'a mut File,
    ) -> io::Result<Self> {
        let header = segment.header;
        file.write_all(&header.encode())?;
        let (seq, chain) = (header.first_seq, header.chain);
        let offset = SEGMENT_HEADER as u64;
        Ok(Repacked {
            segment,
            changes,
            file,
            blocks: Vec::new(),
            open: Block::default(),
            offset,
            seq,
            chain,
        })
    }

    fn all(mut self) -> Result<()> {
        for frame in &self.segment.frames {
            let (header, payload) = self.segment.read_frame(frame)?;
            let mut changed = self.changes.range(frame.first_seq..frame.next_seq());
            let stays = changed.next().is_none();
            if stays && !header.single && header.raw_len as usize >= BLOCK / 2 {
                self.flush()?;
                self.copy(&header, &payload)?;
                continue;
            }
            let block = Block::load(&header, payload)
                .map_err(|what| self.segment.damaged(what, frame.offset))?;
            for nth in 0..block.len() {
                let old = block.bytes(nth);
                match self.changes.get(&(frame.first_seq + nth as u64)) {
                    None => self.push(old)?,
                    Some(record) => {
                        let new = replaced::instead(old, record)
                            .map_err(|what| self.segment.damaged(what, frame.offset))?;
                        self.push(&new)?;
                    }
                }
            }
        }
        self.flush()?;
        if (self.seq, self.chain) != (self.segment.next_seq, self.segment.chain) {
            return Err(self.segment.damaged("hash chain".into(), 0));
        }
        Ok(())
    }

    fn push(&mut self, record: &[u8]) -> Result<()> {
        if self.open.len() > 0 && self.open.raw_len() + record.len() > BLOCK {
            self.blocks.push(std::mem::take(&mut self.open));
            if self.blocks.len() >= BATCH {
                self.write_blocks()?;
            }
        }
        self.open.push_bytes(record);
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        if self.open.len() > 0 {
            self.blocks.push(std::mem::take(&mut self.open));
        }
        self.write_blocks()
    }

    fn write_blocks(&mut self) -> Result<()> {
        let place = Place {
            first_seq: self.seq,
            offset: self.offset,
            chain: self.chain,
        };
        let packed = lay(&self.blocks, false, place).map_err(|message| StoreError::Driver {
            what: "repack",
            message,
        })?;
        self.seq += self.blocks.iter().map(|b| b.len() as u64).sum::<u64>();
        self.chain = packed.chain;
        self.blocks.clear();
        self.write(&packed.bytes)
    }

    /// A full block stays as it is stored.
    fn copy(&mut self, header: &FrameHeader, payload: &[u8]) -> Result<()> {
        (self.seq, self.chain) = (header.first_seq + u64::from(header.count), header.chain);
        let header = FrameHeader {
            base: self.offset,
            ..*header
        };
        self.write(&header.encode())?;
        self.write(payload)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.offset += bytes.len() as u64;
        let path = self.segment.path.clone();
        self.file.write_all(bytes).map_err(|source| StoreError::Io {
            action: "write",
            path,
            source,
        })
    }
}
