//! Sources: bytes and folders in, pieces out. The bytes are of our own writing; the corpora, where
//! they are at hand, are counted and put together again.
#![allow(clippy::unwrap_used)]

mod corpora;
