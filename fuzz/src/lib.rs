//! Fuzz functions: plain functions over any bytes, which assert what holds for all of them.
//!
//! Each asserts a property, not only survival. They are run in two ways:
//! 1. On stable, by `cargo xtask fuzz`: all of `corpus/`, then deterministic mutations of it (the
//!    binary of this crate).
//! 2. Guided by coverage, where nightly and cargo-fuzz are: `fuzz/guided` holds one thin target
//!    for each.

mod lmtp;
mod mailman2;
mod mhonarc;
pub mod mutate;
mod parse;
mod pipermail;
mod public;
mod query;
mod render;
mod route;
mod shards;
mod split;

pub use lmtp::lmtp;
pub use mailman2::mailman2;
pub use mhonarc::mhonarc;
pub use parse::parse;
pub use pipermail::pipermail;
pub use public::public;
pub use query::query;
pub use render::render;
pub use route::route;
pub use shards::shards;
pub use split::split;

/// A fuzz function; it panics when its property does not hold.
pub type Function = fn(&[u8]);

/// All fuzz functions by name.
pub const FUNCTIONS: &[(&str, Function)] = &[
    ("split", split),
    ("parse", parse),
    ("public", public),
    ("render", render),
    ("pipermail", pipermail),
    ("mailman2", mailman2),
    ("mhonarc", mhonarc),
    ("route", route),
    ("query", query),
    ("shards", shards),
    ("lmtp", lmtp),
];
