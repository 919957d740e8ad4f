//! See `posthoc_fuzz::pipermail`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| posthoc_fuzz::pipermail(bytes));
