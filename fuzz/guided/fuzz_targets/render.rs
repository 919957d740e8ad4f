//! See `posthoc_fuzz::render`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| posthoc_fuzz::render(bytes));
