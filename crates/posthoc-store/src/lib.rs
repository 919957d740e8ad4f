//! posthoc-store.
