//! posthoc.
fn main() {}
