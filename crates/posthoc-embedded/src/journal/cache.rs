//! Decoded blocks that were used lately.

use super::block::Block;
use std::sync::{Arc, Mutex, PoisonError};

const SHARDS: usize = 8;
/// Blocks in a shard: 48 in all, 12 MiB of usual blocks.
const PER_SHARD: usize = 6;
/// Larger blocks (one large mail each) are not kept.
const LARGEST: usize = 1 << 20;

/// A block's name: its first record and how many. Records never change, so the name holds in every
/// packing of a segment.
type Key = (u64, u32);

/// Blocks, the latest used last.
type Shard = Vec<(Key, Arc<Block>)>;

/// The cache; the least recently used block of a shard leaves first. Nothing is decoded under a lock.
#[derive(Default)]
pub(super) struct BlockCache {
    shards: [Mutex<Shard>; SHARDS],
}

impl BlockCache {
    fn shard(&self, key: Key) -> std::sync::MutexGuard<'_, Shard> {
        // Neighbours start about a hundred records apart; any spread will do.
        let at = (key.0 ^ (key.0 >> 7)) as usize % SHARDS;
        self.shards[at]
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// The block, if it is here.
    pub(super) fn get(&self, key: Key) -> Option<Arc<Block>> {
        let mut shard = self.shard(key);
        let at = shard.iter().position(|(k, _)| *k == key)?;
        let entry = shard.remove(at);
        let block = entry.1.clone();
        shard.push(entry);
        Some(block)
    }

    /// Whether such a block is kept.
    pub(super) fn keeps(block: &Block) -> bool {
        block.raw_len() <= LARGEST
    }

    /// Keeps a block.
    pub(super) fn put(&self, key: Key, block: &Arc<Block>) {
        if !Self::keeps(block) {
            return;
        }
        let mut shard = self.shard(key);
        if shard.iter().any(|(k, _)| *k == key) {
            return;
        }
        if shard.len() >= PER_SHARD {
            shard.remove(0);
        }
        shard.push((key, block.clone()));
    }

    /// Forgets everything: records at the end were taken back.
    pub(super) fn clear(&self) {
        for shard in &self.shards {
            shard.lock().unwrap_or_else(PoisonError::into_inner).clear();
        }
    }
}
