//! The main part of each kind of page, as it was looked at and found good. `INSTA_UPDATE=always`
//! writes the goldens again.

use crate::{main_part, render, sample};
use posthoc_core::page::{Layout, OwnLayout, Robots, Site, View};
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
fn a_persons_mails() {
    for (name, page) in [("person", 0), ("person-earlier", 2)] {
        let view = sample::author(page);
        let route = Route::Author(sample::town(), view.key, page);
        check(name, route, View::Author(view));
    }
}

#[test]
fn a_list_in_numbers() {
    for (name, months) in [("stats", 3), ("stats-by-year", 121)] {
        let route = Route::Stats(sample::town());
        check(name, route, View::Stats(sample::stats(months)));
    }
    let view = posthoc_core::page::StatsView {
        authors: None,
        longest: Vec::new(),
        busiest: Vec::new(),
        ..sample::stats(0)
    };
    check(
        "stats-of-none",
        Route::Stats(sample::town()),
        View::Stats(view),
    );
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
fn what_crawlers_read() {
    let site = Site {
        base_url: Some("https://lists.example.org".into()),
        ..Site::default()
    };
    let layout = OwnLayout::new(&site).unwrap();
    let mut views = vec![("robots", Route::Robots, View::Robots(sample::robots()))];
    for (name, index) in [("sitemap", false), ("sitemap-index", true)] {
        let (route, view) = sample::sitemap(index);
        views.push((name, route, View::Sitemap(view)));
    }
    for (name, route, view) in views {
        let page = layout.render(&route, &view, &site);
        insta::assert_snapshot!(name, String::from_utf8(page.bytes).unwrap());
    }
}

#[test]
fn what_crawlers_are_asked_on_the_page_itself() {
    let mut view = sample::list();
    for (robots, asked) in [
        (Robots::Index, None),
        (Robots::NoIndex, Some("noindex")),
        (Robots::None, Some("noindex, nofollow")),
    ] {
        if let Some(head) = &mut view.chrome.list {
            head.robots = robots;
        }
        let page = render(&Route::List(sample::town()), &View::List(view.clone()));
        let meta = asked.map(|asked| format!("<meta name=\"robots\" content=\"{asked}\">"));
        assert_eq!(page.contains("name=\"robots\""), meta.is_some());
        assert!(meta.is_none_or(|meta| page.contains(&meta)), "{robots:?}");
    }
}

#[test]
fn a_sitemap_keeps_to_the_limits_of_its_protocol() {
    let site = Site {
        base_url: Some(format!("https://{}.example.org", "a".repeat(2_000))),
        ..Site::default()
    };
    let layout = OwnLayout::new(&site).unwrap();
    let (route, mut view) = sample::sitemap(false);
    let one = view.entries[0].clone();
    view.entries = vec![one; 50_001];
    let page = layout.render(&route, &View::Sitemap(view.clone()), &site);
    assert!(page.bytes.len() <= 50_000_000);
    let short = Site {
        base_url: Some("https://a.example".into()),
        ..Site::default()
    };
    let page = layout.render(&route, &View::Sitemap(view), &short);
    let text = String::from_utf8(page.bytes).unwrap();
    assert_eq!(text.matches("<loc>").count(), 50_000);
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
