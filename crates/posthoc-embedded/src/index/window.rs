//! A file of the engine that is read piece by piece, for those who read much of it once.
//!
//! A merge goes through whole segments. Mapped into memory, all of them would count as the process's own
//! until the merge ends, and the more mails there are, the longer that is. A window that moves along
//! takes the same few bytes however long the file is.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use tantivy::HasLen;
use tantivy::directory::error::OpenReadError;
use tantivy::directory::{FileHandle, OwnedBytes};

/// Bytes that are read at once. A merge has some twenty files open.
const WINDOW: usize = 64 * 1024;

/// An open file and the piece of it that was read last.
#[derive(Debug)]
pub(super) struct Windowed {
    file: File,
    len: usize,
    /// Where the piece begins, and the piece.
    piece: Mutex<(usize, OwnedBytes)>,
}

impl Windowed {
    /// A file, which may be deleted while this reads it.
    pub(super) fn open(path: &Path) -> Result<Windowed, OpenReadError> {
        let failed = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound => OpenReadError::FileDoesNotExist(path.to_owned()),
            _ => OpenReadError::wrap_io_error(error, path.to_owned()),
        };
        let file = File::open(path).map_err(failed)?;
        let len = file.metadata().map_err(failed)?.len();
        Ok(Windowed {
            file,
            len: usize::try_from(len)
                .map_err(io::Error::other)
                .map_err(failed)?,
            piece: Mutex::new((0, OwnedBytes::empty())),
        })
    }

    fn read(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        let mut bytes = vec![0; range.len()];
        self.file.read_exact_at(&mut bytes, range.start as u64)?;
        Ok(OwnedBytes::new(bytes))
    }
}

impl FileHandle for Windowed {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        if range.len() > WINDOW {
            return self.read(range);
        }
        let mut piece = self.piece.lock().unwrap_or_else(PoisonError::into_inner);
        let (begin, bytes) = &*piece;
        let is_in = range.start >= *begin && range.end <= begin + bytes.len();
        if !is_in {
            // One that ends behind the file is refused by the reading.
            let end = (range.start + WINDOW).min(self.len).max(range.end);
            *piece = (range.start, self.read(range.start..end)?);
        }
        let (begin, bytes) = &*piece;
        Ok(bytes.slice(range.start - begin..range.end - begin))
    }
}

impl HasLen for Windowed {
    fn len(&self) -> usize {
        self.len
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;
    use std::io::Write;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20))]

        /// Whatever is read in whatever order is what stands in the file.
        #[test]
        fn every_range_is_that_of_the_file(
            len in 0..3 * WINDOW,
            ranges in prop::collection::vec((0.0..1.0, 0.0..1.0, any::<bool>()), 40),
        ) {
            let whole: Vec<u8> = (0..len).map(|at| (at % 251) as u8).collect();
            let mut file = tempfile::NamedTempFile::new().unwrap();
            file.write_all(&whole).unwrap();
            let windowed = Windowed::open(file.path()).unwrap();
            // It stays readable, as the engine expects.
            file.close().unwrap();
            prop_assert_eq!(windowed.len(), len);
            for (from, width, short) in ranges {
                let from = (from * len as f64) as usize;
                let most = if short { 100.min(len - from) } else { len - from };
                let range = from..from + (width * most as f64) as usize;
                let read = windowed.read_bytes(range.clone()).unwrap();
                prop_assert_eq!(read.as_slice(), &whole[range]);
            }
            prop_assert!(windowed.read_bytes(len..len + 1).is_err());
        }
    }

    #[test]
    fn a_file_that_is_not_there_is_told() {
        let dir = tempfile::TempDir::new().unwrap();
        let missing = Windowed::open(&dir.path().join("no"));
        assert!(matches!(missing, Err(OpenReadError::FileDoesNotExist(_))));
    }
}
