//! The full figures that a closing note names: dearer than a test run may be, run by hand.
//!
//! A figure is a name, what it measures against which bound, and a function that measures it. They
//! run one after the other, on the machine as it is; the table at the end is what goes into the note.

use crate::run::{command, show};
use crate::{smoke, tidy};
use anyhow::{Result, bail};
use std::time::Instant;

/// What a figure came to.
pub(crate) struct Outcome {
    /// Whether it is within its bound.
    pub(crate) holds: bool,
    /// The measured value, with its unit.
    pub(crate) value: String,
}

/// A named measurement.
pub(crate) struct Figure {
    /// Its name on the command line.
    pub(crate) name: &'static str,
    /// What is measured, and the bound.
    pub(crate) about: &'static str,
    /// Measures. An error means that it could not be measured, which counts as not held.
    pub(crate) measure: fn() -> Result<Outcome>,
}

/// All figures, in the order in which they run.
const FIGURES: &[Figure] = &[
    Figure {
        name: "packages",
        about: "packages in the default dependency tree: under 300",
        measure: || {
            let count = tidy::packages_of_the_binary()?.len();
            Ok(Outcome {
                holds: count < tidy::MOST_PACKAGES,
                value: format!("{count} packages"),
            })
        },
    },
    Figure {
        name: "readme",
        about: "the README's first command, as written: a page in a release build",
        measure: || {
            show(&mut command("cargo", &["build", "--release", "--locked"]))?;
            let began = Instant::now();
            smoke::release()?;
            Ok(Outcome {
                holds: true,
                value: format!("{:.1} s from start to page", began.elapsed().as_secs_f64()),
            })
        },
    },
];

/// Measures the named figures, or all.
pub(crate) fn run(names: &[&str]) -> Result<()> {
    if names == ["--list"] {
        for figure in FIGURES {
            println!("{:16} {}", figure.name, figure.about);
        }
        return Ok(());
    }
    if let Some(unknown) = names
        .iter()
        .find(|name| FIGURES.iter().all(|f| f.name != **name))
    {
        bail!("no figure is called {unknown}; cargo xtask prove --list names them");
    }
    let mut rows = Vec::new();
    let mut failed = 0;
    for figure in FIGURES
        .iter()
        .filter(|f| names.is_empty() || names.contains(&f.name))
    {
        eprintln!("\n{}: {}", figure.name, figure.about);
        let outcome = (figure.measure)().unwrap_or_else(|error| Outcome {
            holds: false,
            value: format!("could not be measured: {error:#}"),
        });
        failed += usize::from(!outcome.holds);
        let verdict = if outcome.holds { "holds" } else { "FAILS" };
        rows.push(format!(
            "| {} | {} | {} | {verdict} |",
            figure.name, figure.about, outcome.value
        ));
    }
    println!("\n| figure | what | measured | |\n| --- | --- | --- | --- |");
    for row in rows {
        println!("{row}");
    }
    if failed > 0 {
        bail!("{failed} figures do not hold");
    }
    Ok(())
}
