//! Where links of one page lead, and its words: what every piece of a page is made with.

use super::Site;
use super::strings::Strings;
use crate::route::{Route, relative};
use std::sync::Arc;

/// Makes the links of one page, and has the texts of its language.
#[derive(Clone, Debug)]
pub(super) struct Links {
    /// The page's own path.
    from: String,
    /// Put before a path instead of a relative link.
    absolute: Option<String>,
    /// The texts of its language.
    pub(super) strings: Arc<Strings>,
}

impl Links {
    /// Links are relative, but those of `404.html`: it answers at any depth, so they begin at the host's
    /// root.
    pub(super) fn new(from: &Route, site: &Site, strings: &Arc<Strings>) -> Self {
        let base = base(site);
        let absolute = match from {
            Route::NotFound => Some(base.map_or("", host_path).to_owned()),
            _ => None,
        };
        let from = from.path();
        Links {
            from,
            absolute,
            strings: Arc::clone(strings),
        }
    }

    /// A feed is read away from its place, so its links are whole URLs where the site has one.
    pub(super) fn of_feed(from: &Route, site: &Site, strings: &Arc<Strings>) -> Self {
        Links {
            from: from.path(),
            absolute: base(site).map(str::to_owned),
            strings: Arc::clone(strings),
        }
    }

    /// The link to a route, not yet escaped for HTML.
    pub(super) fn to(&self, route: &Route) -> String {
        match &self.absolute {
            Some(base) => [base, "/", &route.path()].concat(),
            None => relative(&self.from, &route.path()),
        }
    }
}

/// The site's URL without a slash at its end.
fn base(site: &Site) -> Option<&str> {
    site.base_url
        .as_deref()
        .map(|url| url.trim_end_matches('/'))
}

/// The path of a URL: `/lists` of `https://example.org/lists`.
fn host_path(url: &str) -> &str {
    let after_scheme = url.find("://").map_or(0, |at| at + 3);
    url[after_scheme..]
        .find('/')
        .map_or("", |slash| &url[after_scheme + slash..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn not_found_links_from_the_root() {
        let mut site = Site::default();
        let english = Arc::new(Strings::new("en", None));
        let to_home = |site: &Site| Links::new(&Route::NotFound, site, &english).to(&Route::Home);
        assert_eq!(to_home(&site), "/index.html");
        site.base_url = Some("https://example.org".into());
        assert_eq!(to_home(&site), "/index.html");
        site.base_url = Some("https://example.org/a/b/".into());
        assert_eq!(to_home(&site), "/a/b/index.html");
    }
}
