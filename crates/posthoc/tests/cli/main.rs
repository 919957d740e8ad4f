//! The real binary, run in temporary folders.

#![allow(clippy::unwrap_used)]

mod arch;
mod arriving;
mod backup;
mod bombs;
mod deliver;
mod doctor;
mod follow;
mod help;
mod hostile_queries;
mod import;
mod kill;
mod mailman2;
mod passed;
mod prelude;
mod read;
mod removal;
mod serve;
mod settings;
mod theme;
mod wrong;
