//! See `posthoc_fuzz::shards`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| posthoc_fuzz::shards(bytes));
