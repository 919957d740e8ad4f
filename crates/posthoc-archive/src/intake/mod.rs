//! From bytes to records to rows: what happens to a mail on its way in.
//!
//! 1. [`prepare`] (pure, many at once): bytes to summary and words.
//! 2. [`decide`]: duplicate, copy, variant or new, its address; the answer is a record.
//! 3. [`apply`]: a record to rows. Import, delivery, catching up and rebuilding all come through
//!    here, so rebuild equals incremental.
//! 4. [`Intake`] drives them under the lock: journal first, then catalog, then index.

mod apply;
mod decide;
mod facts;
mod prepare;
mod redacted;
mod removed;
mod session;

pub(crate) use decide::{Arrived, Decision, decide};
pub(crate) use facts::{hex_of_half, purged_row, row_of};
pub(crate) use prepare::{Prepared, file_names, marks, prepare, prepare_parsed, raw_of, to_doc};
pub(crate) use redacted::{Lay, as_it_lay, piece, sent_bytes, shown_bytes};
pub(crate) use session::{
    Batch, Intake, PATIENCE, Pace, catch_up, fuller, index_catch_up, stored, words_of,
};
