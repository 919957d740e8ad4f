//! Pages for when no page can be had.

use super::{Settings, notice, to_lists};
use posthoc_core::page::{Chrome, Page, View};
use posthoc_core::route::Route;

/// Why a page cannot be had now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Something is broken here.
    Failed,
    /// Too much is asked at once.
    Busy,
    /// One neighbourhood asks too often.
    TooOften,
}

/// A page that says so. Reads nothing, so that it answers when storage does not; its links hold at
/// any depth, as those of `404.html` do.
pub fn trouble(settings: &Settings<'_>, trouble: Trouble) -> Page {
    let (title, words) = match trouble {
        Trouble::Failed => ("failed", "failed-words"),
        Trouble::Busy => ("busy", "busy-words"),
        Trouble::TooOften => ("too-often", "too-often-words"),
    };
    let links = vec![to_lists()];
    let view = View::Notice(notice(Chrome::default(), title, words, links));
    settings
        .layout
        .render(&Route::NotFound, &view, settings.site)
}
