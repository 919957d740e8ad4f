//! The site as a function, and through real doors.
#![allow(clippy::unwrap_used)]

mod doors;
mod equal;
mod forms;
mod private;
mod searching;
mod situation;
mod trouble;
