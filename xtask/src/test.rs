//! Everything that continuous integration runs, in order, each step with its title and time.
//!
//! The order is cheap to dear. Only two ways of compiling are used, `check` for clippy and the test
//! profile for everything that runs, so that nothing is built twice.

use crate::run::{command, root, show};
use crate::{deb, docs, fuzz, prove, smoke, tidy};
use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

/// Seconds of mutations in a test run; the whole corpus is run through in any case.
const FUZZ_SECONDS: u64 = 20;

struct Step {
    title: &'static str,
    run: fn(&Shared) -> Result<Option<String>>,
}

const STEPS: &[Step] = &[
    Step {
        title: "format",
        run: |_| plain(&["fmt", "--all", "--check"]),
    },
    Step {
        title: "tidy",
        run: |_| tidy::run().map(|()| None),
    },
    Step {
        title: "clippy",
        run: |_| {
            plain(&[
                "clippy",
                "--workspace",
                "--all-targets",
                "--locked",
                "--",
                "-D",
                "warnings",
            ])
        },
    },
    Step {
        title: "tests",
        run: nextest,
    },
    Step {
        title: "documentation tests",
        run: |_| plain(&["test", "--workspace", "--doc", "--locked", "--quiet"]),
    },
    Step {
        title: "documentation",
        run: |_| docs::run().map(|()| None),
    },
    Step {
        title: "fuzz functions over the corpus",
        run: |_| fuzz::run(FUZZ_SECONDS).map(|()| None),
    },
    Step {
        title: "smoke test of the README's first command",
        run: |_| smoke::run().map(|()| None),
    },
    Step {
        title: "Debian package, in a root of its own",
        run: |_| deb::slice().map(|()| None),
    },
    Step {
        title: "SIGKILL of everything at once, a slice",
        run: |_| prove::mixed::slice().map(|()| None),
    },
    Step {
        title: "hostile mail in Chromium, a slice",
        run: |_| prove::hostile::slice().map(|()| None),
    },
    Step {
        title: "pages as people meet them in Chromium, a slice",
        run: |_| prove::look::slice().map(|()| None),
    },
    Step {
        title: "search on a file server in Chromium, a slice",
        run: |_| prove::static_search::slice().map(|()| None),
    },
];

/// Runs all steps; stops at the first that fails.
pub(crate) fn run() -> Result<()> {
    let shared = Shared::find()?;
    let started = Instant::now();
    let mut times: Vec<(&str, Duration)> = Vec::new();
    let mut closing = None;
    for (number, step) in STEPS.iter().enumerate() {
        eprintln!("\n[{}/{}] {}", number + 1, STEPS.len(), step.title);
        let begun = Instant::now();
        let said = (step.run)(&shared).with_context(|| {
            format!(
                "step {} of {} failed: {}",
                number + 1,
                STEPS.len(),
                step.title
            )
        })?;
        closing = said.or(closing);
        times.push((step.title, begun.elapsed()));
        eprintln!(
            "[{}/{}] done in {:.1} s",
            number + 1,
            STEPS.len(),
            begun.elapsed().as_secs_f64()
        );
    }
    println!();
    for (title, time) in times {
        println!("{:7.1} s  {title}", time.as_secs_f64());
    }
    println!("{:7.1} s  in all", started.elapsed().as_secs_f64());
    println!("{}", shared.corpora.line);
    println!("{}", shared.oracle.line);
    if let Some(line) = closing {
        println!("{line}");
    }
    Ok(())
}

fn plain(arguments: &[&str]) -> Result<Option<String>> {
    show(&mut command("cargo", arguments)).map(|()| None)
}

/// Runs the tests, passes everything on, and keeps nextest's closing line to print it last.
fn nextest(shared: &Shared) -> Result<Option<String>> {
    let mut nextest = command("cargo", &["nextest", "run", "--workspace", "--locked"]);
    nextest.args(["--no-tests", "pass"]).stderr(Stdio::piped());
    for (variable, folder) in [
        ("POSTHOC_CORPORA", &shared.corpora),
        ("POSTHOC_ORACLE", &shared.oracle),
    ] {
        if let Some(path) = &folder.path {
            nextest.env(variable, path);
        }
    }
    let mut child = nextest.spawn().context("cannot run cargo nextest")?;
    let mut summary = None;
    if let Some(output) = child.stderr.take() {
        for line in BufReader::new(output).lines() {
            let line = line?;
            eprintln!("{line}");
            if line.trim_start().starts_with("Summary [") {
                summary = Some(line.trim().to_owned());
            }
        }
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("cargo nextest run: {status}");
    }
    Ok(summary)
}

/// Folders of real mail and of other programs' output, which are not part of the repository.
struct Shared {
    corpora: Folder,
    oracle: Folder,
}

struct Folder {
    path: Option<PathBuf>,
    line: String,
}

impl Shared {
    fn find() -> Result<Self> {
        Ok(Shared {
            corpora: Folder::find("POSTHOC_CORPORA", "corpora")?,
            oracle: Folder::find("POSTHOC_ORACLE", "oracle")?,
        })
    }
}

impl Folder {
    /// The folder that the variable names, else the one beside the checkout, else none. The tests
    /// that read it have its name in theirs; without it they are counted, for they prove nothing.
    fn find(variable: &str, name: &str) -> Result<Self> {
        let named = std::env::var_os(variable).map(PathBuf::from);
        if let Some(path) = &named
            && !path.is_dir()
        {
            bail!("{variable} names {}, which is no folder", path.display());
        }
        let path = named.unwrap_or_else(|| root().join("../shared").join(name));
        if !path.is_dir() {
            let tests = count_tests(name)?;
            let line =
                format!("{name}: not here, {tests} tests had nothing to read (set {variable})");
            return Ok(Folder { path: None, line });
        }
        let path = path.canonicalize()?;
        let shelves = std::fs::read_dir(&path)?.count();
        Ok(Folder {
            path: Some(path),
            line: format!("{name}: read, {shelves} entries"),
        })
    }
}

/// How many test functions have that word in their name, by the source.
fn count_tests(word: &str) -> Result<usize> {
    let mut count = 0;
    for (_, text) in tidy::tracked_texts()?
        .iter()
        .filter(|(path, _)| path.ends_with(".rs"))
    {
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            if line.trim() == "#[test]" {
                count += usize::from(lines.next().is_some_and(|name| name.contains(word)));
            }
        }
    }
    Ok(count)
}
