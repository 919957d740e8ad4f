//! Pages of the door, which are served and never published.

use super::Settings;
use posthoc_core::page::{Filling, Page, SignInForm, SignInView, Told, View};
use posthoc_core::route::Route;

/// What stands on the door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Door<'a> {
    /// There is no such page, or it is for members.
    Closed {
        /// Where the visitor wanted to go: a path below the site's root.
        next: &'a str,
    },
    /// The form to sign in.
    In {
        /// Says that the form is ours.
        token: &'a str,
        /// Where to go afterwards: a route's path; may be empty.
        next: &'a str,
        /// Why the form is shown again.
        said: Option<Said>,
    },
    /// Who is signed in, and the form to sign out.
    Out {
        /// The name.
        name: &'a str,
        /// Says that the form is ours.
        token: &'a str,
    },
    /// Who is signed in by other means than our form.
    Known {
        /// The name.
        name: &'a str,
    },
}

/// Why nobody was signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// The name, the password, or both are wrong.
    Wrong,
    /// Too many wrong ones: so many seconds to wait.
    Wait(u64),
    /// The form was not ours, or too old, or came without its cookie.
    Stale,
}

/// A page of the door. Reads nothing.
pub fn door(settings: &Settings<'_>, door: &Door<'_>) -> Page {
    let (route, title, words, form) = match door {
        Door::Closed { next } => (
            Route::NotFound,
            "not-found",
            vec![Told::text("not-found-or-members")],
            SignInForm::Link {
                next: (*next).to_owned(),
            },
        ),
        Door::In { token, next, said } => (
            Route::SignIn,
            "sign-in",
            said.iter().map(|said| said_in_words(*said)).collect(),
            SignInForm::In {
                token: (*token).to_owned(),
                next: (*next).to_owned(),
            },
        ),
        Door::Out { name, token } => (
            Route::SignOut,
            "signed-in",
            vec![named("signed-in-as", name)],
            SignInForm::Out {
                token: (*token).to_owned(),
            },
        ),
        Door::Known { name } => (
            Route::SignOut,
            "signed-in",
            vec![named("signed-in-by-server", name)],
            SignInForm::None,
        ),
    };
    let view = View::SignIn(SignInView {
        title: Told::text(title),
        words,
        form,
    });
    settings.layout.render(&route, &view, settings.site)
}

/// A text that names somebody.
fn named(text: &'static str, name: &str) -> Told {
    Told::Text(text, vec![("name", Filling::Words(name.to_owned()))])
}

fn said_in_words(said: Said) -> Told {
    match said {
        Said::Wrong => Told::text("wrong-password"),
        Said::Wait(seconds) => Told::Text("wait-seconds", vec![("count", Filling::Count(seconds))]),
        Said::Stale => Told::text("stale-form"),
    }
}
