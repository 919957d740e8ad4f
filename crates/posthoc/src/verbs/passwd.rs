//! `passwd`.

use crate::args::{Global, PasswdArgs};
use crate::exit::{Exit, Failure};
use crate::open::absolute;
use crate::term;
use posthoc_serve::{PasswordError, set_password};
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use std::io::{BufRead, IsTerminal, Read, Write};

/// Bytes of a line that are read at most.
const LONGEST: u64 = 64 << 10;

pub(crate) fn passwd(global: &Global, passwd: &PasswdArgs) -> Result<Exit, Failure> {
    let password = if std::io::stdin().is_terminal() {
        let first = ask(&format!("Password for {}: ", term::line(&passwd.name)))?;
        if ask("The same again: ")? != first {
            let line = "the two passwords are not the same; nothing was changed";
            return Err(Failure::new(Exit::BadInput, line.to_owned()));
        }
        first
    } else {
        line()?
    };
    set_password(&passwd.file, &passwd.name, &password)?;
    let file = absolute(&passwd.file);
    if global.json {
        term::json(&serde_json::json!({"file": file, "name": passwd.name}))?;
    } else {
        let (name, file) = (term::line(&passwd.name), file.display());
        term::note(global, &format!("the password of {name} is set in {file}"));
    }
    Ok(Exit::Done)
}

/// A line of standard input, without its end.
fn line() -> Result<String, Failure> {
    let mut line = String::new();
    let stdin = std::io::stdin().lock();
    let read = stdin.take(LONGEST).read_line(&mut line);
    read.map_err(|error| {
        let words = format!("standard input cannot be read: {error}");
        Failure::new(Exit::BadInput, words)
    })?;
    let line = line.strip_suffix('\n').unwrap_or(&line);
    Ok(line.strip_suffix('\r').unwrap_or(line).to_owned())
}

/// Asks on the terminal without showing what is typed.
fn ask(words: &str) -> Result<String, Failure> {
    let hidden = Hidden::new();
    let mut out = std::io::stderr();
    let _ = write!(out, "{words}").and_then(|()| out.flush());
    let line = line();
    drop(hidden);
    // The line's end was not shown either.
    let _ = writeln!(out);
    line
}

/// A terminal that shows nothing of what is typed until this is dropped.
struct Hidden(Option<Termios>);

impl Hidden {
    fn new() -> Self {
        let stdin = std::io::stdin();
        let before = tcgetattr(&stdin).ok();
        if let Some(before) = &before {
            let mut quiet = before.clone();
            quiet.local_modes.remove(LocalModes::ECHO);
            // A terminal that cannot be quiet shows the password to whoever types it.
            let _ = tcsetattr(&stdin, OptionalActions::Flush, &quiet);
        }
        Hidden(before)
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        if let Some(before) = &self.0 {
            let _ = tcsetattr(std::io::stdin(), OptionalActions::Flush, before);
        }
    }
}

impl From<PasswordError> for Failure {
    fn from(error: PasswordError) -> Self {
        match &error {
            PasswordError::Io { source, .. }
                if source.kind() == std::io::ErrorKind::PermissionDenied =>
            {
                Failure::new(Exit::Permission, error.to_string())
            }
            PasswordError::Unfit(_) => Failure::new(Exit::BadInput, error.to_string()),
            _ => Failure::new(Exit::CannotCreate, error.to_string()),
        }
    }
}
