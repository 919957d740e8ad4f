//! See `posthoc_fuzz::split`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| posthoc_fuzz::split(bytes));
