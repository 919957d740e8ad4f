//! One function a verb.

pub(crate) mod arch;
pub(crate) mod backup;
pub(crate) mod config;
pub(crate) mod deliver;
pub(crate) mod doctor;
mod follow;
pub(crate) mod import;
pub(crate) mod keep;
pub(crate) mod list;
pub(crate) mod mailman2;
pub(crate) mod mhonarc;
pub(crate) mod passwd;
pub(crate) mod publish;
pub(crate) mod quarantine;
pub(crate) mod redact;
pub(crate) mod remove;
pub(crate) mod search;
pub(crate) mod serve;
pub(crate) mod setup;
pub(crate) mod show;
pub(crate) mod theme;
