//! The fuzz functions on stable Rust: `fuzz/src/main.rs` does the work.

use crate::run::{built, command, root, show};
use anyhow::Result;
use std::process::Command;

/// Runs the corpus through every fuzz function, then mutations for so many seconds.
///
/// Everything is built as the tests are, so that no dependency is compiled with other features.
pub(crate) fn run(seconds: u64) -> Result<()> {
    show(&mut command(
        "cargo",
        &["build", "--workspace", "--all-targets", "--locked"],
    ))?;
    let mut program = Command::new(built("posthoc-fuzz"));
    program
        .arg(root().join("corpus"))
        .arg(seconds.to_string())
        .arg(root().join("target/fuzz"))
        .env("RUST_BACKTRACE", "0");
    show(&mut program)
}
