//! From packed bytes to the stream that is split; what is packed is told by its first bytes.

use super::kind::Compression;
use std::io::{self, BufReader, Cursor, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The greatest zstd window that is accepted, as a power of two: 128 MiB, what `zstd -d` accepts.
const WINDOW_LOG_MAX: u32 = 27;

/// A reader whose type does not matter.
pub(super) type Stream = Box<dyn Read + Send>;

/// How far the packed bytes have been read; shared with whoever draws a progress bar.
#[derive(Clone, Debug, Default)]
pub(super) struct Progress(Arc<AtomicU64>);

impl Progress {
    pub(super) fn set(&self, bytes: u64) {
        self.0.store(bytes, Ordering::Relaxed);
    }

    pub(super) fn bytes(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

struct Counted<R> {
    reader: R,
    progress: Progress,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        self.progress.0.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

/// Why a stream could not be begun.
#[derive(Debug)]
pub(super) enum Undecodable {
    /// Packed in a format that is not read.
    Format(&'static str),
    /// Its first bytes cannot be read.
    Io(io::Error),
}

/// Counts, and unpacks when the first bytes say so.
pub(super) fn unpack(
    reader: impl Read + Send + 'static,
    progress: &Progress,
) -> Result<(Stream, Compression), Undecodable> {
    let mut reader = Counted {
        reader,
        progress: progress.clone(),
    };
    let mut magic = Vec::with_capacity(6);
    reader
        .by_ref()
        .take(6)
        .read_to_end(&mut magic)
        .map_err(Undecodable::Io)?;
    let kind = compression(&magic)?;
    let whole = BufReader::with_capacity(128 << 10, Cursor::new(magic).chain(reader));
    Ok(match kind {
        Compression::Plain => (Box::new(whole), kind),
        Compression::Gzip => (Box::new(flate2::bufread::MultiGzDecoder::new(whole)), kind),
        Compression::Zstd => {
            let mut decoder =
                zstd::stream::read::Decoder::with_buffer(whole).map_err(Undecodable::Io)?;
            decoder
                .window_log_max(WINDOW_LOG_MAX)
                .map_err(Undecodable::Io)?;
            (Box::new(decoder), kind)
        }
    })
}

fn compression(magic: &[u8]) -> Result<Compression, Undecodable> {
    match magic {
        [0x1F, 0x8B, ..] => Ok(Compression::Gzip),
        [0x28, 0xB5, 0x2F, 0xFD, ..] => Ok(Compression::Zstd),
        [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41] => Err(Undecodable::Format("bzip2")),
        [0xFD, b'7', b'z', b'X', b'Z', 0] => Err(Undecodable::Format("xz")),
        _ => Ok(Compression::Plain),
    }
}
