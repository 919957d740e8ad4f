//! See `posthoc_fuzz::route`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| posthoc_fuzz::route(bytes));
