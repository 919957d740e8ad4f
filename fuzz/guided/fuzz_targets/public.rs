//! See `posthoc_fuzz::public`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| posthoc_fuzz::public(bytes));
