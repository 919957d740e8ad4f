//! See `posthoc_fuzz::mhonarc`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| posthoc_fuzz::mhonarc(bytes));
