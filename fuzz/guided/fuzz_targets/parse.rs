//! See `posthoc_fuzz::parse`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| posthoc_fuzz::parse(bytes));
