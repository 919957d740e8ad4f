//! What the README's first command does, and a look at the page it serves.
//!
//! The command is read from README.md, so that the two cannot drift apart: the first line of a
//! console block that begins with `cargo run --release -- serve`.
//! 1. Start the binary with the words after `--`, with a cache folder of its own.
//! 2. Wait for the address that it prints.
//! 3. Fetch `/` and the thread index of a volume; a known list and a known subject must be there.
//! 4. Stop it.

use crate::run::{built, root};
use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

const START: &str = "cargo run --release -- ";
/// Path on the served site, and words that must be in the page.
const EXPECTED: &[(&str, &str)] = &[
    ("/", "town-hall"),
    (
        "/town-hall/2025-November/thread.html",
        "Where should thread indexes break?",
    ),
];
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs the README's first command with the debug binary that the tests built.
pub(crate) fn run() -> Result<()> {
    serve_and_look(&built("posthoc"))
}

/// The same with the release binary.
pub(crate) fn release() -> Result<()> {
    let debug = built("posthoc");
    let target = debug
        .parent()
        .and_then(Path::parent)
        .context("no target folder")?;
    serve_and_look(&target.join("release/posthoc"))
}

fn serve_and_look(binary: &Path) -> Result<()> {
    let readme = std::fs::read_to_string(root().join("README.md"))?;
    let words = first_command(&readme).with_context(|| {
        format!("README.md: no line in a code block begins with `{START}serve`")
    })?;
    let cache = root().join("target/smoke-cache");
    if cache.exists() {
        std::fs::remove_dir_all(&cache)?;
    }
    let child = Command::new(binary)
        .args(&words)
        .current_dir(root())
        .env("XDG_CACHE_HOME", &cache)
        .env_remove("POSTHOC_ARCHIVE")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {}", binary.display()))?;
    let mut child = Running(child);
    let address = child.address()?;
    for (path, words) in EXPECTED {
        let page = fetch(&address, path)?;
        if !page.contains(words) {
            bail!("http://{address}{path}: `{words}` is not on the page");
        }
        eprintln!("http://{address}{path}: there, with `{words}`");
    }
    Ok(())
}

/// The words after `--` of the first such line.
fn first_command(readme: &str) -> Option<Vec<String>> {
    let line = readme.lines().find_map(|line| {
        line.trim_start_matches("$ ")
            .strip_prefix(START)
            .filter(|rest| rest.starts_with("serve"))
    })?;
    Some(line.split_whitespace().map(str::to_owned).collect())
}

/// A program that is stopped when we are done with it, however that ends.
struct Running(Child);

impl Running {
    /// The `HOST:PORT` of the first `http://…` that it prints.
    fn address(&mut self) -> Result<String> {
        let (send, receive) = mpsc::channel();
        let outputs: [Option<Box<dyn Read + Send>>; 2] = [
            self.0
                .stdout
                .take()
                .map(|o| Box::new(o) as Box<dyn Read + Send>),
            self.0
                .stderr
                .take()
                .map(|o| Box::new(o) as Box<dyn Read + Send>),
        ];
        for output in outputs.into_iter().flatten() {
            let send = send.clone();
            // Reads to the end, also when nobody listens any more: a full pipe would stop the server.
            std::thread::spawn(move || {
                for line in BufReader::new(output).lines().map_while(Result::ok) {
                    eprintln!("  {line}");
                    if let Some(address) = address_in(&line) {
                        let _ = send.send(address);
                    }
                }
            });
        }
        drop(send);
        match receive.recv_timeout(PATIENCE) {
            Ok(address) => Ok(address),
            Err(mpsc::RecvTimeoutError::Timeout) => {
                bail!("no address printed within {} s", PATIENCE.as_secs())
            }
            Err(mpsc::RecvTimeoutError::Disconnected) => {
                bail!(
                    "the server ended ({}) and printed no address",
                    self.0.wait()?
                )
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn address_in(line: &str) -> Option<String> {
    let (_, rest) = line.split_once("http://")?;
    let end = rest
        .find(|c: char| c == '/' || c.is_whitespace())
        .unwrap_or(rest.len());
    Some(rest[..end].to_owned())
}

/// The page at that path, as text; anything but 200 is an error.
fn fetch(address: &str, path: &str) -> Result<String> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer.lines().next().unwrap_or_default();
    if status.split(' ').nth(1) != Some("200") {
        bail!("http://{address}{path}: {status}");
    }
    Ok(answer)
}
