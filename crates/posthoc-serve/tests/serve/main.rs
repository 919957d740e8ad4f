//! The site as a function, and through real doors.
#![allow(clippy::unwrap_used)]

mod doors;
mod equal;
mod forms;
mod hostile;
mod leading;
mod lmtp;
mod private;
mod searching;
mod signing;
mod situation;
mod trouble;
