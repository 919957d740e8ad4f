//! Which hosts and URLs are this site's.

use crate::ask::{self, Ask};
use posthoc_core::route::Route;
use std::net::IpAddr;

/// The names of a site.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Names<'a> {
    pub(crate) base_url: Option<&'a str>,
    /// The path under which requests come: empty or like `/lists`.
    pub(crate) prefix: &'a str,
}

impl Names<'_> {
    /// Whether a request names this host in a way that a stranger's web page cannot arrange: with
    /// a name that is made to point here, it could read what only this audience may. Addresses
    /// cannot be made to point elsewhere.
    pub(crate) fn is_here(&self, host: &str, others: &[String]) -> bool {
        let name = host_name(host);
        let own = self.base_url.map(|url| host_name(authority(url)));
        let mut own = own.into_iter().chain(others.iter().map(String::as_str));
        name.parse::<IpAddr>().is_ok()
            || name.eq_ignore_ascii_case("localhost")
            || own.any(|own| own.eq_ignore_ascii_case(name))
    }

    /// Whether a page of that origin is one of ours: of the site's URL, or of the host that is asked.
    pub(crate) fn is_origin(&self, origin: &str, host: Option<&str>) -> bool {
        let Some((_, name)) = origin.split_once("://") else {
            return false;
        };
        let own = self.base_url.map(authority);
        let mut ours = own.into_iter().chain(host);
        ours.any(|ours| ours.eq_ignore_ascii_case(name))
    }

    /// The route of a URL of this site: under its base, or as the request was asked for, whose Host
    /// is given.
    pub(crate) fn route(&self, url: &str, host: Option<&str>) -> Option<Route> {
        let below_base = self
            .base_url
            .and_then(|base| url.strip_prefix(base.trim_end_matches('/')));
        let path = match below_base {
            Some(path) => path,
            None => {
                let rest = url
                    .strip_prefix("http://")
                    .or_else(|| url.strip_prefix("https://"))?;
                rest.strip_prefix(host?)?.strip_prefix(self.prefix)?
            }
        };
        // `mid.html#ID` is the permanent link that static sites have too.
        let (path, fragment) = path.split_once('#').unwrap_or((path, ""));
        let path = match path.strip_suffix("mid.html") {
            Some(folder) if !fragment.is_empty() => format!("{folder}mid/{fragment}/"),
            _ => path.to_owned(),
        };
        let target = format!("{}{path}", self.prefix).parse().ok()?;
        match ask::read(&target, self.prefix) {
            Ask::Page(route) | Ask::Folder(route) | Ask::Moved(route) => Some(route),
            _ => None,
        }
    }
}

/// `example.org:80` of `http://example.org:80/lists`.
fn authority(url: &str) -> &str {
    let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    after_scheme.split('/').next().unwrap_or_default()
}

/// The host without its port and without the brackets of an IPv6 address.
fn host_name(authority: &str) -> &str {
    if let Some((address, _)) = authority
        .strip_prefix('[')
        .and_then(|rest| rest.split_once(']'))
    {
        return address;
    }
    authority
        .rsplit_once(':')
        .map_or(authority, |(host, _)| host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls() {
        let names = Names {
            base_url: Some("https://example.org/a/"),
            prefix: "/b",
        };
        let host = Some("127.0.0.1:8025");
        let table = [
            ("https://example.org/a/x/n/2", "x/n/2"),
            ("https://example.org/a/x", "x/index.html"),
            ("https://example.org/a/x/#top", "x/index.html"),
            ("https://example.org/a", "index.html"),
            ("https://example.org/a/mid.html#c@d", "mid/c@d/"),
            ("https://example.org/a/x/mid.html#c%25@d", "x/mid/c%25@d/"),
            ("http://127.0.0.1:8025/b/x/n/2", "x/n/2"),
            ("http://127.0.0.1:8025/x/n/2", ""),
            ("http://127.0.0.1:80/b/x/n/2", ""),
            ("https://example.org/ab", ""),
            ("https://example.org.evil/a/", ""),
            ("/b/x/n/2", ""),
            ("x/n/2", ""),
            ("https://", ""),
            ("", ""),
        ];
        for (url, path) in table {
            let route = names.route(url, host);
            let found = route.map(|route| route.path()).unwrap_or_default();
            assert_eq!(found, path, "{url}");
        }
        let no_host = Names {
            base_url: None,
            prefix: "",
        };
        assert_eq!(no_host.route("http:///x/", None), None);
    }
}
