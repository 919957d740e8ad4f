//! The full figures that a closing note names: dearer than a test run may be, run by hand.
//!
//! A figure is a name, what it measures, and a function that measures it and gives rows. They run one
//! after the other, on the machine as it is, each in temporary folders and with the release binary as
//! a user would run it. The table at the end is what goes into the note.
//!
//! [`lab`] runs the binary; [`mails`] cuts and shuffles mailboxes; [`tree`] compares folders and
//! fetches pages; every other room is one figure or two.

mod bombs;
mod corpora;
mod crawl;
mod crawlers;
mod day;
mod defects;
mod disks;
mod email;
mod exactness;
mod fresh;
mod full;
mod growth;
pub(crate) mod hostile;
mod house;
mod kill;
mod kinds;
mod lab;
mod lmtp;
mod lock;
pub(crate) mod look;
mod mailman3;
mod mails;
mod mhonarc;
pub(crate) mod mixed;
mod postfix;
mod purge;
mod relevance;
mod rendering;
mod search_speed;
mod shuffle;
mod site;
mod speed;
pub(crate) mod static_search;
mod suites;
mod threads;
mod times;
mod tree;
mod users;
mod wrong;

use anyhow::{Context, Result, bail};
use lab::{Lab, Options};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// One line of the table.
pub(crate) struct Row {
    /// What was measured.
    what: String,
    /// The measured value, with its unit.
    value: String,
    /// The bound.
    wanted: String,
    /// Whether the value is within it.
    holds: bool,
}

/// A line of the table.
pub(crate) fn row(
    what: impl Into<String>,
    value: impl Into<String>,
    wanted: impl Into<String>,
    holds: bool,
) -> Row {
    Row {
        what: what.into(),
        value: value.into(),
        wanted: wanted.into(),
        holds,
    }
}

/// Tells the lines of a slice, which is a test: an error with these words when one does not hold.
fn judged(rows: &[Row], words: &'static str) -> Result<()> {
    for row in rows {
        eprintln!("{}: {} (wanted: {})", row.what, row.value, row.wanted);
    }
    match rows.iter().all(|row| row.holds) {
        true => Ok(()),
        false => bail!(words),
    }
}

/// A line for something that cannot be measured on this machine: told, and not counted as failed.
pub(crate) fn skipped(what: impl Into<String>, why: impl std::fmt::Display) -> Row {
    row(what, format!("skipped: {why}"), "-", true)
}

/// A named measurement.
struct Figure {
    /// Its name on the command line.
    name: &'static str,
    /// What is measured.
    about: &'static str,
    /// Measures. An error means that it could not be measured, which counts as not held.
    measure: fn(&Lab) -> Result<Vec<Row>>,
}

/// All figures, in the order in which they run: the heavy ones last.
const FIGURES: &[Figure] = &[
    Figure {
        name: "packages",
        about: "packages in the default dependency tree",
        measure: house::packages,
    },
    Figure {
        name: "readme",
        about: "the README's first command, as written: a page in a release build",
        measure: house::readme,
    },
    Figure {
        name: "wrong",
        about: "wrong inputs: one clear line each, and the exit status of the contract",
        measure: wrong::measure,
    },
    Figure {
        name: "full-disk",
        about: "no room and no inodes left: for the archive, the spool alone, a site; LMTP, deliver, publish",
        measure: full::measure,
    },
    Figure {
        name: "users",
        about: "two users of one group, and root, take turns",
        measure: users::measure,
    },
    Figure {
        name: "lock",
        about: "fifty mails delivered while another process holds the lock",
        measure: lock::measure,
    },
    Figure {
        name: "postfix",
        about: "500 mails through a real Postfix's pipe, the lock held in the middle, and its LMTP",
        measure: postfix::measure,
    },
    Figure {
        name: "mailman3",
        about: "500 mails through Debian's Mailman 3 and the plug-in, its runners killed meanwhile",
        measure: mailman3::measure,
    },
    Figure {
        name: "mhonarc",
        about: "pages of MHonArc under every resource file, and its speed, beside the real program",
        measure: mhonarc::measure,
    },
    Figure {
        name: "lmtp",
        about: "mails through LMTP from 16 connections, beside Dovecot's LMTP into Maildir",
        measure: lmtp::measure,
    },
    Figure {
        name: "threads",
        about: "chosen parents against the true ones of synthetic mail",
        measure: threads::measure,
    },
    Figure {
        name: "python-email",
        about: "subject, author, date, text and file names beside Python's email",
        measure: email::measure,
    },
    Figure {
        name: "bombs",
        about: "mails made to cost much: time and memory of import, show and page",
        measure: bombs::measure,
    },
    Figure {
        name: "suites",
        about: "test mails of other projects: rendered, and as their projects expect them",
        measure: suites::measure,
    },
    Figure {
        name: "hostile-html",
        about: "thousands of attacks in mails, every page opened in Chromium: nothing may be heard",
        measure: hostile::measure,
    },
    Figure {
        name: "static-search",
        about: "search on a file server in Chromium: what a query loads, the same mails as live, 100 lists",
        measure: static_search::measure,
    },
    Figure {
        name: "relevance",
        about: "sixty queries for known mails, beside notmuch and FTS5 on the same words",
        measure: relevance::measure,
    },
    Figure {
        name: "exactness",
        about: "made-up queries over real mails: the index beside a slow matcher of the written rules",
        measure: exactness::measure,
    },
    Figure {
        name: "fresh-search",
        about: "delivered mails are found by a reload, beside fifty readers",
        measure: fresh::measure,
    },
    Figure {
        name: "search-speed",
        about: "words gathered and found: rate, size and ten kinds of query, beside notmuch and public-inbox",
        measure: search_speed::measure,
    },
    Figure {
        name: "look",
        about: "pages in Chromium: axe, keyboard, no script, paper, HTML, links, weights",
        measure: look::measure,
    },
    Figure {
        name: "static-live",
        about: "every published path fetched live; publishing twice; rebuild against incremental",
        measure: site::measure,
    },
    Figure {
        name: "shuffle",
        about: "three shuffled orders of import: forest, pages, index",
        measure: shuffle::measure,
    },
    Figure {
        name: "kill",
        about: "SIGKILL at random moments of import and deliver",
        measure: kill::measure,
    },
    Figure {
        name: "mixed-kill",
        about: "SIGKILL at random moments of a server, pipes and a site that follows, all at once",
        measure: mixed::measure,
    },
    Figure {
        name: "corpora",
        about: "every corpus with one command: balance, quarantine, counts",
        measure: corpora::counts,
    },
    Figure {
        name: "defects",
        about: "all corpora rendered: a page for each mail, and the share of mails with each defect",
        measure: defects::measure,
    },
    Figure {
        name: "as-imported",
        about: "every corpus mbox given back, byte for byte",
        measure: corpora::as_imported,
    },
    Figure {
        name: "purge",
        about: "fifty mails destroyed: traces of them in the archive's files and the site's",
        measure: purge::measure,
    },
    Figure {
        name: "one-more",
        about: "a hundred mails, one by one, at 1,000, 60,000 and 1,000,000 mails, and in a volume of 30,000",
        measure: growth::measure,
    },
    Figure {
        name: "day",
        about: "a month of three real lists in an hour: doors, readers, follow, rotation, backup, upgrade",
        measure: day::measure,
    },
    Figure {
        name: "crawl",
        about: "message pages while two thousand addresses ask for what is costly",
        measure: crawl::measure,
    },
    Figure {
        name: "rendering",
        about: "text, base64 files and HTML rendered beside mhonarc, from the same mailbox",
        measure: rendering::measure,
    },
    Figure {
        name: "kinds",
        about: "rendering mails of text, of files in base64 and of HTML, each beside mhonarc",
        measure: kinds::measure,
    },
    Figure {
        name: "speed-20k",
        about: "linux-mips, first 20,000 mails, beside mhonarc",
        measure: speed::twenty_thousand,
    },
    Figure {
        name: "speed-60k",
        about: "linux-mips, all mails, beside mhonarc",
        measure: speed::all,
    },
];

const USAGE: &str = "\
cargo xtask prove [--list] [--quick] [--kills N] [--mails N] [--minutes N] [--binary PATH] [FIGURE]...";

/// Measures the named figures, or all.
pub(crate) fn run(arguments: &[&str]) -> Result<()> {
    if arguments == ["--list"] {
        for figure in FIGURES {
            println!("{:16} {}", figure.name, figure.about);
        }
        return Ok(());
    }
    let (options, names) = options(arguments)?;
    if let Some(unknown) = names
        .iter()
        .find(|name| FIGURES.iter().all(|f| f.name != **name))
    {
        bail!("no figure is called {unknown}; cargo xtask prove --list names them");
    }
    let lab = Lab::new(options)?;
    let mut table =
        String::from("| figure | what | measured | wanted | |\n| --- | --- | --- | --- | --- |\n");
    let mut failed = 0;
    for figure in FIGURES
        .iter()
        .filter(|f| names.is_empty() || names.contains(&f.name))
    {
        eprintln!("\n{}: {}", figure.name, figure.about);
        let began = Instant::now();
        let rows = (figure.measure)(&lab).unwrap_or_else(|error| {
            vec![row(
                figure.about,
                format!("could not be measured: {error:#}"),
                "-",
                false,
            )]
        });
        for row in rows {
            failed += usize::from(!row.holds);
            let line = line(figure.name, &row);
            eprint!("{line}");
            table += &line;
        }
        eprintln!("({:.0} s)", began.elapsed().as_secs_f64());
    }
    println!("\n{table}");
    if failed > 0 {
        bail!("{failed} figures do not hold");
    }
    Ok(())
}

fn line(name: &str, row: &Row) -> String {
    let verdict = if row.holds { "ok" } else { "FAILS" };
    let cell = |text: &str| text.replace('|', "\\|").replace('\n', " ");
    format!(
        "| {name} | {} | {} | {} | {verdict} |\n",
        cell(&row.what),
        cell(&row.value),
        cell(&row.wanted)
    )
}

fn options<'a>(arguments: &[&'a str]) -> Result<(Options, Vec<&'a str>)> {
    let mut options = Options {
        quick: false,
        kills: 200,
        patience: Duration::from_secs(60 * 60),
        minutes: None,
        mails: None,
        binary: None,
    };
    let mut names = Vec::new();
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let mut value = || {
            words
                .next()
                .with_context(|| format!("{word} needs a value; {USAGE}"))
        };
        match *word {
            "--quick" => options.quick = true,
            "--kills" => options.kills = value()?.parse().context(USAGE)?,
            "--mails" => options.mails = Some(value()?.parse().context(USAGE)?),
            "--minutes" => {
                let minutes: u64 = value()?.parse().context(USAGE)?;
                options.patience = Duration::from_secs(minutes * 60);
                options.minutes = Some(minutes);
            }
            "--binary" => options.binary = Some(PathBuf::from(value()?)),
            flag if flag.starts_with('-') => bail!("no flag {flag}; {USAGE}"),
            name => names.push(name),
        }
    }
    Ok((options, names))
}
