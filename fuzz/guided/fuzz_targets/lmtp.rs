//! See `posthoc_fuzz::lmtp`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| posthoc_fuzz::lmtp(bytes));
