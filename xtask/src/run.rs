//! Running programs from the root of the repository.

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// A program with its arguments, in the root; `cargo` is the one that runs us.
pub(crate) fn command(program: &str, arguments: &[&str]) -> Command {
    let cargo = std::env::var_os("CARGO").filter(|_| program == "cargo");
    let mut command = Command::new(cargo.unwrap_or_else(|| program.into()));
    command.args(arguments).current_dir(root());
    command
}

/// Runs it with its output shown; an error when it fails.
pub(crate) fn show(command: &mut Command) -> Result<()> {
    let name = name(command);
    let status = command
        .status()
        .with_context(|| format!("cannot run {name}"))?;
    if !status.success() {
        bail!("{name}: {status}");
    }
    Ok(())
}

/// Runs it and gives its standard output back; an error when it fails.
pub(crate) fn read(command: &mut Command) -> Result<String> {
    let name = name(command);
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("cannot run {name}"))?;
    if !output.status.success() {
        bail!("{name}: {}", output.status);
    }
    String::from_utf8(output.stdout).with_context(|| format!("{name}: output is not UTF-8"))
}

/// Where cargo puts what it builds (the debug profile).
pub(crate) fn built(program: &str) -> PathBuf {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    root().join(target).join("debug").join(program)
}

/// Builds an example of posthoc-core, optimised, and says where it is.
pub(crate) fn example(package: &str, name: &str) -> Result<PathBuf> {
    let words = [
        "build",
        "--release",
        "--locked",
        "--package",
        package,
        "--example",
        name,
    ];
    show(&mut command("cargo", &words))?;
    let debug = built("posthoc");
    let target = debug.ancestors().nth(2).context("no target folder")?;
    Ok(target.join("release/examples").join(name))
}

fn name(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let mut name = program
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    for argument in command.get_args() {
        name.push(' ');
        name.push_str(&argument.to_string_lossy());
    }
    name
}
