//! See `posthoc_fuzz::query`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| posthoc_fuzz::query(bytes));
