//! posthoc-serve.
