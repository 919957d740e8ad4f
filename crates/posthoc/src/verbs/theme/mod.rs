//! `theme`: a face of the site's own, begun, examined, looked at.

mod check;
mod examine;
mod preview;
mod start;
mod style;

use crate::args::{Global, ThemeArgs, ThemeVerb};
use crate::exit::{Exit, Failure};
use crate::open::{absolute, place};
use crate::theme;
use std::path::{Path, PathBuf};

pub(crate) fn theme(global: &Global, theme: &ThemeArgs) -> Result<Exit, Failure> {
    match &theme.verb {
        ThemeVerb::Start { folder, templates } => {
            start::start(global, &named(global, folder.as_deref())?, templates)
        }
        ThemeVerb::Check { folder } => check::check(global, &named(global, folder.as_deref())?),
        ThemeVerb::Preview { folder, listen } => {
            preview::preview(global, named(global, folder.as_deref())?, listen.clone())
        }
    }
}

/// The folder that was named, else the archive's own.
fn named(global: &Global, folder: Option<&Path>) -> Result<PathBuf, Failure> {
    match folder {
        Some(folder) => Ok(absolute(folder)),
        None => Ok(theme::of(&place(global)?.dir)),
    }
}

/// The folder must be there, or that of words beside it.
fn there(folder: &Path) -> Result<(), Failure> {
    match folder.is_dir() || theme::strings_beside(folder).is_dir() {
        true => Ok(()),
        false => Err(Failure::new(
            Exit::NoInput,
            format!(
                "{}: there is no such folder; `posthoc theme start` makes one",
                folder.display()
            ),
        )),
    }
}
