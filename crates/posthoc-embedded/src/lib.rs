//! posthoc-embedded.
