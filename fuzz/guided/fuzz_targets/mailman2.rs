//! See `posthoc_fuzz::mailman2`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| posthoc_fuzz::mailman2(bytes));
