//! Every check that continuous integration runs, and the tools of the house: `cargo xtask VERB`.
//!
//! 1. [`mod@test`] runs all checks in order; `./test` calls it.
//! 2. [`tidy`] keeps the rules that no compiler knows.
//! 3. [`fuzz`] runs the fuzz functions over the corpus and its mutations.
//! 4. [`smoke`] does what the README's first command does, and looks at the page.
//! 5. [`docs`] checks the book's links and builds the documentation of the code.
//! 6. [`prove`] measures the figures that a closing note names.
//! 7. [`deb`] builds a Debian package.

mod deb;
mod docs;
mod fuzz;
mod prove;
mod run;
mod smoke;
mod test;
mod tidy;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask VERB

  test                  everything that continuous integration runs, in order
  tidy                  the rules of the house
  fuzz [SECONDS]        the fuzz functions over corpus/ and mutations of it (default 60)
  smoke                 what the README's first command does, with the debug binary
  docs                  links of the book, documentation of the code
  deb [--binary PATH]   a Debian package, in target/debian, of the release binary or that one
  deb-test              the same of the debug binary, installed in a root of its own
  mixed-kill            SIGKILL of everything at once, a slice of the figure, with the debug binary
  hostile               hostile mail in Chromium, a slice of the figure, with the debug binary
  static-search         search on a file server in Chromium, a slice of the figure, likewise
  look                  our pages as people meet them, in Chromium, likewise
  sheet                 the contact sheet of docs/pictures, with the debug binary
  prove [FIGURE]...     the full figures (all without names); prove --list names them";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match words.as_slice() {
        ["test"] => test::run(),
        ["tidy"] => tidy::run(),
        ["fuzz"] => fuzz::run(60),
        ["fuzz", seconds] => match seconds.parse() {
            Ok(seconds) => fuzz::run(seconds),
            Err(_) => return usage(),
        },
        ["smoke"] => smoke::run(),
        ["docs"] => docs::run(),
        ["deb", words @ ..] => deb::run(words),
        ["deb-test"] => deb::slice(),
        ["mixed-kill"] => prove::mixed::slice(),
        ["hostile"] => prove::hostile::slice(),
        ["static-search"] => prove::static_search::slice(),
        ["look"] => prove::look::slice(),
        ["sheet"] => prove::look::sheet::make(),
        ["prove", names @ ..] => prove::run(names),
        _ => return usage(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn usage() -> ExitCode {
    eprintln!("{USAGE}");
    ExitCode::from(64)
}
