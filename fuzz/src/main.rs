//! Runs every fuzz function over a corpus and over mutations of it, on stable Rust.
//!
//! `posthoc-fuzz CORPUS SECONDS FINDINGS`: all files of the folder CORPUS, and each mail of its
//! mboxes, once; then mutations for so many seconds. A finding is saved as FINDINGS/NAME-CASE.
//! `posthoc-fuzz CORPUS case N FINDINGS` runs one mutation again.
//!
//! FINDINGS/running holds the name of the case that runs, for the day when one kills the process.

use posthoc_archive::source::{Split, split_bytes};
use posthoc_fuzz::{FUNCTIONS, Function, mutate};
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// No input of this size may take longer, even in a debug build on a busy machine.
const SLOW: Duration = Duration::from_secs(10);
/// Mutations go on from here; the whole corpus has the numbers below.
const FIRST_MUTATION: u64 = 1_000_000;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        [corpus, "case", number, findings] => match number.parse() {
            Ok(number) => run_case(Path::new(corpus), number, Path::new(findings)),
            Err(_) => return usage(),
        },
        [corpus, seconds, findings] => match seconds.parse() {
            Ok(seconds) => run(Path::new(corpus), seconds, Path::new(findings)),
            Err(_) => return usage(),
        },
        _ => return usage(),
    };
    match outcome {
        Ok(0) => ExitCode::SUCCESS,
        Ok(findings) => {
            eprintln!("fuzz: {findings} findings");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("fuzz: {error}");
            ExitCode::FAILURE
        }
    }
}

fn usage() -> ExitCode {
    eprintln!("usage: posthoc-fuzz CORPUS SECONDS FINDINGS | posthoc-fuzz CORPUS case N FINDINGS");
    ExitCode::from(64)
}

fn run(corpus: &Path, seconds: u64, findings: &Path) -> io::Result<usize> {
    fs::create_dir_all(findings)?;
    let running = File::create(findings.join("running"))?;
    let seeds = seeds(corpus)?;
    let mut found = 0;
    for (number, seed) in seeds.iter().enumerate() {
        found += try_all(seed, number as u64, findings, &running)?;
    }
    let end = Instant::now() + Duration::from_secs(seconds);
    let mut number = FIRST_MUTATION;
    while Instant::now() < end && found < 20 {
        found += try_all(&mutate::case(&seeds, number), number, findings, &running)?;
        number += 1;
    }
    eprintln!(
        "fuzz: {} functions, {} inputs, {} mutations, {found} findings",
        FUNCTIONS.len(),
        seeds.len(),
        number - FIRST_MUTATION
    );
    Ok(found)
}

fn run_case(corpus: &Path, number: u64, findings: &Path) -> io::Result<usize> {
    fs::create_dir_all(findings)?;
    let running = File::create(findings.join("running"))?;
    let seeds = seeds(corpus)?;
    let bytes = match seeds.get(number as usize) {
        Some(seed) if number < FIRST_MUTATION => seed.clone(),
        _ => mutate::case(&seeds, number),
    };
    try_all(&bytes, number, findings, &running)
}

/// Every file below the folder in the order of names, then every mail that can be split out of one.
fn seeds(corpus: &Path) -> io::Result<Vec<Vec<u8>>> {
    let mut files: Vec<PathBuf> = Vec::new();
    let mut folders = vec![corpus.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path)
            } else {
                files.push(path)
            }
        }
    }
    files.sort();
    let whole = files
        .iter()
        .map(fs::read)
        .collect::<io::Result<Vec<Vec<u8>>>>()?;
    let mails = whole
        .iter()
        .flat_map(|bytes| split_bytes(bytes, &Split::Strict));
    let mails: Vec<Vec<u8>> = mails.filter_map(|piece| Some(piece.mail?.bytes)).collect();
    Ok(whole.into_iter().chain(mails).collect())
}

/// Runs all functions over one input; the number of those that failed.
fn try_all(bytes: &[u8], number: u64, findings: &Path, running: &File) -> io::Result<usize> {
    let mut found = 0;
    for (name, function) in FUNCTIONS {
        running.write_all_at(format!("{name:>10} {number:>20}\n").as_bytes(), 0)?;
        if let Err(why) = try_one(*function, bytes) {
            let path = findings.join(format!("{name}-{number}"));
            fs::write(&path, bytes)?;
            eprintln!(
                "fuzz: {name}, case {number}: {why}; input: {}",
                path.display()
            );
            found += 1;
        }
    }
    Ok(found)
}

fn try_one(function: Function, bytes: &[u8]) -> Result<(), String> {
    let begun = Instant::now();
    // The panic hook has printed the message already.
    panic::catch_unwind(AssertUnwindSafe(|| function(bytes))).map_err(|_| "panicked".to_owned())?;
    let time = begun.elapsed();
    if time > SLOW {
        Err(format!("took {:.1} s", time.as_secs_f64()))
    } else {
        Ok(())
    }
}
