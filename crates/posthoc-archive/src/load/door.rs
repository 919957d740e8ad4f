//! Pages of the door, which are served and never published.

use super::Settings;
use posthoc_core::page::{Page, SignInForm, SignInView, View};
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
            "Not found",
            vec!["There is no page of that name here, or it is for members only.".to_owned()],
            SignInForm::Link {
                next: (*next).to_owned(),
            },
        ),
        Door::In { token, next, said } => (
            Route::SignIn,
            "Sign in",
            said.iter().map(|said| said_in_words(*said)).collect(),
            SignInForm::In {
                token: (*token).to_owned(),
                next: (*next).to_owned(),
            },
        ),
        Door::Out { name, token } => (
            Route::SignOut,
            "Signed in",
            vec![format!("You are signed in as {name}.")],
            SignInForm::Out {
                token: (*token).to_owned(),
            },
        ),
        Door::Known { name } => (
            Route::SignOut,
            "Signed in",
            vec![format!(
                "You are signed in as {name}, through this site's web server."
            )],
            SignInForm::None,
        ),
    };
    let view = View::SignIn(SignInView {
        title: title.to_owned(),
        words,
        form,
    });
    settings.layout.render(&route, &view, settings.site)
}

fn said_in_words(said: Said) -> String {
    match said {
        Said::Wrong => "This name and password do not belong together.".to_owned(),
        Said::Wait(1) => "Too many wrong passwords. Please try again in a second.".to_owned(),
        Said::Wait(seconds) => {
            format!("Too many wrong passwords. Please try again in {seconds} seconds.")
        }
        Said::Stale => {
            "This form was too old, or your browser takes no cookies. Please try again.".to_owned()
        }
    }
}
