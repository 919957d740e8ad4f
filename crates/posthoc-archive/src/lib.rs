//! posthoc-archive.
