//! Pages for when no page can be had.

use super::{Settings, notice};
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
        Trouble::Failed => (
            "Something went wrong",
            "This page could not be made. The reason is in the log of this server.",
        ),
        Trouble::Busy => (
            "Busy",
            "Too much is asked of this archive right now. Please try again in a moment.",
        ),
        Trouble::TooOften => (
            "Too often",
            "Searches and downloads take work. There were too many from your network. Please try \
             again in a moment.",
        ),
    };
    let links = vec![("The lists".to_owned(), Route::Home)];
    let view = View::Notice(notice(Chrome::default(), title, words, links));
    settings
        .layout
        .render(&Route::NotFound, &view, settings.site)
}
