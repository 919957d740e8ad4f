//! The verbs on small archives: everything that is promised about order, repetition and rebuilding.
#![allow(clippy::unwrap_used, missing_docs, unreachable_pub)]

mod attachments;
mod clock;
mod crawl;
mod deliver;
mod faulty;
mod full;
mod hold;
mod import;
mod killed;
mod languages;
mod leading;
mod lists;
mod patches;
mod people;
mod pipermail;
mod prelude;
mod public;
mod publish;
mod purge;
mod readers;
mod redact;
mod removal;
mod searching;
mod series;
mod situations;
mod watch;
mod wordings;
