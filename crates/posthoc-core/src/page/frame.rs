//! What stands around the content of every page.

use super::assets::style_route;
use super::clean::{clip, one_line};
use super::links::Links;
use super::strings::{Arg, Strings, Text};
use super::{Chrome, ListHead, Robots, Site, Visibility};
use crate::route::{IndexKind, ListName, Route};
use serde::Serialize;

/// The Content-Security-Policy of every page, in its `<meta>` and, live, in the header. Nothing
/// inline, nothing from elsewhere; `connect-src` is for the script of `mid.html`.
pub const CSP: &str = "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; \
                       connect-src 'self'; form-action 'self'; base-uri 'none'";

/// The same for pages of other layouts, whose templates have their style within.
pub const FOREIGN_CSP: &str = "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self'; \
                               form-action 'self'; base-uri 'none'";

/// Words that lead somewhere.
#[derive(Serialize)]
pub(super) struct Link {
    pub(super) text: String,
    pub(super) href: String,
}

/// The picture that browsers show beside the title.
#[derive(Serialize)]
struct Icon {
    href: String,
    media_type: &'static str,
}

/// The frame, as templates see it under the name `page`.
#[derive(Serialize)]
pub(super) struct Frame {
    csp: &'static str,
    lang: String,
    /// Its words run from right to left.
    rtl: bool,
    /// `<title>`
    title: String,
    site_title: String,
    home: String,
    /// The way from the home page, the page itself not included.
    crumbs: Vec<Link>,
    search: String,
    search_words: String,
    pub(super) query: String,
    style: String,
    /// The site's own style sheet, behind the other one.
    theme: Option<String>,
    logo: Option<String>,
    icon: Option<Icon>,
    pub(super) script: Option<String>,
    /// What every page's script knows of it.
    helper: String,
    list: Option<String>,
    /// A sentence or two for those who list pages.
    pub(super) description: Option<String>,
    feed: Option<Link>,
    canonical: Option<String>,
    /// Where the page has moved.
    pub(super) refresh: Option<String>,
    /// Search engines are asked to stay away.
    pub(super) noindex: bool,
    /// They are asked to follow no link either.
    nofollow: bool,
    /// One of the template's own classes for the body.
    kind: &'static str,
}

impl Frame {
    /// A frame for a page of that title (the page's own part; the list and site are added).
    pub(super) fn new(
        kind: &'static str,
        title: &str,
        chrome: &Chrome,
        route: &Route,
        links: &Links,
        site: &Site,
    ) -> Self {
        let strings = &*links.strings;
        let site_title = site_title(site, strings);
        let asset = |name: &str| links.to(&Route::Asset(name.to_owned()));
        let head = chrome.list.as_ref();
        let list_title = head.map(|head| clip(&one_line(&head.title), 100).into_owned());
        let list_name = head.map(|head| head.name.clone());
        let mut whole_title = clip(&one_line(title), 200).into_owned();
        for part in list_title.iter().chain([&site_title]) {
            if *part != whole_title {
                whole_title.push_str(" · ");
                whole_title.push_str(part);
            }
        }
        let crumbs = chrome
            .crumbs
            .iter()
            .filter(|crumb| crumb.route != Route::Home)
            .map(|crumb| Link {
                text: match &crumb.route {
                    Route::Volume(_, volume) => strings.volume(volume),
                    _ => clip(&one_line(&crumb.text), 60).into_owned(),
                },
                href: links.to(&crumb.route),
            })
            .collect();
        Frame {
            csp: CSP,
            lang: language(head, site).to_owned(),
            rtl: strings.rtl(),
            title: whole_title,
            home: links.to(&Route::Home),
            crumbs,
            search: links.to(&Route::Search(list_name.clone())),
            search_words: match &list_title {
                Some(title) => strings.with(Text::SearchList, &[("list", Arg::Words(title))]),
                None => strings.get(Text::SearchAll).to_owned(),
            },
            query: String::new(),
            style: links.to(&style_route()),
            theme: site.theme.style().map(asset),
            logo: site.theme.logo().map(asset),
            icon: site.theme.icon().map(|(name, media_type)| Icon {
                href: asset(name),
                media_type,
            }),
            script: None,
            helper: links.to(&strings.scripts().reader()),
            list: list_name.as_ref().map(ListName::to_string),
            description: None,
            feed: list_name.zip(list_title).map(|(name, title)| Link {
                text: title,
                href: links.to(&Route::Feed(name)),
            }),
            canonical: canonical(route, site),
            refresh: None,
            noindex: head.is_some_and(|head| {
                head.visibility != Visibility::Public || head.robots != Robots::Index
            }),
            nofollow: head.is_some_and(|head| head.robots == Robots::None),
            site_title,
            kind,
        }
    }
}

/// The language of a page: its list's, else the site's, else English.
pub(super) fn language<'a>(list: Option<&'a ListHead>, site: &'a Site) -> &'a str {
    let list = list.map(|head| head.language.as_str());
    list.unwrap_or(site.defaults.language())
}

/// The site's title or what stands for it.
pub(super) fn site_title(site: &Site, strings: &Strings) -> String {
    let title = clip(&one_line(&site.title), 100).into_owned();
    if title.is_empty() {
        strings.get(Text::SiteUntitled).to_owned()
    } else {
        title
    }
}

/// The page's one URL: a volume's thread index is the volume's page.
fn canonical(route: &Route, site: &Site) -> Option<String> {
    let base = site.base_url.as_deref()?;
    match route {
        Route::NotFound => None,
        Route::Index {
            list,
            volume,
            kind: IndexKind::Thread,
            cut: None,
        } => Some(Route::Volume(list.clone(), volume.clone()).url(base)),
        route => Some(route.url(base)),
    }
}
