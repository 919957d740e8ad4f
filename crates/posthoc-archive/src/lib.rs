//! posthoc-archive.

pub mod source;
