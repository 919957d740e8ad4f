//! The main part of each kind of page, as it was looked at and found good. `INSTA_UPDATE=always`
//! writes the goldens again.

use crate::{main_part, render, sample};
use posthoc_core::page::View;
use posthoc_core::route::{IndexKind, Route};

fn check(name: &str, route: Route, view: View) {
    let page = render(&route, &view);
    let part = match view {
        View::Feed(_) => page.as_str(),
        _ => main_part(&page),
    };
    insta::assert_snapshot!(name, part);
}

fn message_route() -> Route {
    Route::Message(sample::town(), sample::volume("2025-November"), 45)
}

fn index(kind: IndexKind) {
    let route = Route::Index {
        list: sample::town(),
        volume: sample::volume("2025-November"),
        kind,
        cut: None,
    };
    check(kind.word(), route, View::Index(sample::index(kind)));
}

#[test]
fn home() {
    check("home", Route::Home, View::Home(sample::home()));
}

#[test]
fn list() {
    let mut view = sample::list();
    view.volumes.truncate(14);
    check("list", Route::List(sample::town()), View::List(view));
}

#[test]
fn indexes() {
    for kind in [
        IndexKind::Thread,
        IndexKind::Subject,
        IndexKind::Author,
        IndexKind::Date,
        IndexKind::Attachments,
    ] {
        index(kind);
    }
}

#[test]
fn attachments() {
    let route = Route::Attachments(sample::town());
    let view = View::Attachments(sample::attachments());
    check("attachments-of-list", route, view);
}

#[test]
fn overview_of_cuts() {
    let mut view = sample::overview();
    view.cuts.truncate(3);
    let route = Route::Volume(sample::town(), view.volume.clone());
    check("overview", route, View::Index(view));
}

#[test]
fn message() {
    check(
        "message",
        message_route(),
        View::Message(Box::new(sample::message())),
    );
}

#[test]
fn letter() {
    check(
        "letter",
        message_route(),
        View::Message(Box::new(sample::letter())),
    );
}

#[test]
fn html_message() {
    check(
        "html",
        message_route(),
        View::Message(Box::new(sample::html_message())),
    );
}

#[test]
fn thread() {
    let mut view = sample::thread();
    view.mails.truncate(4);
    check(
        "thread-page",
        Route::Thread(sample::town(), view.key, 1),
        View::Thread(view),
    );
}

#[test]
fn feed() {
    check(
        "feed",
        Route::Feed(sample::town()),
        View::Feed(sample::feed()),
    );
}

#[test]
fn search() {
    let route = || Route::Search(Some(sample::town()));
    check("search", route(), View::Search(sample::search()));
    check("search-hits", route(), View::Search(sample::found()));
    check("search-partial", route(), View::Search(sample::few_found()));
    check(
        "search-threads",
        route(),
        View::Search(sample::found_threads()),
    );
    check("search-meant", route(), View::Search(sample::misspelt()));
    check(
        "search-feed",
        Route::Search(None),
        View::Feed(sample::found_feed()),
    );
    check(
        "search-error",
        route(),
        View::Search(sample::not_understood()),
    );
}

#[test]
fn small_pages() {
    check(
        "mid",
        Route::MidPage(None),
        View::MidPage(sample::chrome(1)),
    );
    check(
        "not-found",
        Route::NotFound,
        View::Notice(sample::not_found()),
    );
    check("sign-in", Route::SignIn, View::SignIn(sample::sign_in()));
    check(
        "members-only",
        Route::NotFound,
        View::SignIn(sample::members_only()),
    );
    check("sign-out", Route::SignOut, View::SignIn(sample::sign_out()));
    check(
        "variants",
        message_route(),
        View::Notice(sample::variants()),
    );
    check("moved", message_route(), View::Notice(sample::moved()));
}
