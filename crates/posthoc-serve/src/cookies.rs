//! Cookies: which there are, and how they are set.

use axum::http::{HeaderMap, header};

/// What our cookies have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Jar {
    /// What browsers hold us to by a name that begins so (RFC 6265bis, 4.1.3).
    prefix: &'static str,
    /// Path and, over https, Secure.
    attributes: String,
}

impl Jar {
    /// For a site below a path (empty or like `/lists`), which is reached by https or not.
    pub(crate) fn new(path: &str, https: bool) -> Self {
        let (prefix, secure) = match (https, path) {
            (true, "") => ("__Host-", "; Secure"),
            (true, _) => ("__Secure-", "; Secure"),
            (false, _) => ("", ""),
        };
        let path = if path.is_empty() { "/" } else { path };
        Jar {
            prefix,
            attributes: format!("; Path={path}; HttpOnly; SameSite=Lax{secure}"),
        }
    }

    /// A Set-Cookie that lasts as long as the browser's session.
    pub(crate) fn set(&self, name: &str, value: &str) -> String {
        format!("{}{name}={value}{}", self.prefix, self.attributes)
    }

    /// A Set-Cookie that takes one away.
    pub(crate) fn clear(&self, name: &str) -> String {
        format!("{}{name}=; Max-Age=0{}", self.prefix, self.attributes)
    }

    /// The value of the first cookie of a name.
    pub(crate) fn get<'h>(&self, headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
        let fields = headers.get_all(header::COOKIE);
        let pairs = fields.iter().filter_map(|field| field.to_str().ok());
        pairs
            .flat_map(|pairs| pairs.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(key, _)| key.strip_prefix(self.prefix) == Some(name))
            .map(|(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn what_browsers_are_told() {
        let table = [
            (
                "",
                true,
                "__Host-a=b; Path=/; HttpOnly; SameSite=Lax; Secure",
            ),
            (
                "/l",
                true,
                "__Secure-a=b; Path=/l; HttpOnly; SameSite=Lax; Secure",
            ),
            ("/l", false, "a=b; Path=/l; HttpOnly; SameSite=Lax"),
        ];
        for (path, https, expected) in table {
            let jar = Jar::new(path, https);
            assert_eq!(jar.set("a", "b"), expected);
            assert!(jar.clear("a").contains("a=; Max-Age=0; Path="));
        }
    }

    #[test]
    fn what_browsers_tell() {
        let jar = Jar::new("", true);
        let mut headers = HeaderMap::new();
        for value in ["x=1; a=no", "__Host-a=one==; __Host-a=two", "\u{fc}"] {
            if let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) {
                headers.append(header::COOKIE, value);
            }
        }
        assert_eq!(jar.get(&headers, "a"), Some("one=="));
        assert_eq!(jar.get(&headers, "b"), None);
    }
}
