//! What a request's path and query ask for.

use axum::http::Uri;
use posthoc_archive::{Order, Shape};
use posthoc_core::page::Question;
use posthoc_core::route::{ListName, Route};

/// Hits that can be passed over: what lies behind is counted, not shown.
const FURTHEST: usize = 10_000;

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ask {
    /// A page by its path.
    Page(Route),
    /// A folder's page without the slash at the end: found, its reader is sent to the folder.
    Folder(Route),
    /// Mails with these words.
    Search(Option<ListName>, Words),
    /// `/healthz`
    Health,
    /// `/metrics`
    Metrics,
    /// A page by an address that it had elsewhere: found, its reader is sent to it.
    Moved(Route),
    /// A form to sign in or out.
    Door(Route),
    /// A page's path with a query, which pages do not have.
    Query(Route),
    /// No page has that path.
    Nothing,
}

impl Ask {
    /// Whether the answer may be much larger than a page of ours.
    pub(crate) fn is_heavy(&self) -> bool {
        if let Ask::Search(_, words) = self {
            return words.shape == Shape::Mailbox;
        }
        matches!(
            self,
            Ask::Page(
                Route::Attachment(..)
                    | Route::Eml(..)
                    | Route::Mbox(..)
                    | Route::TextVolume(..)
                    | Route::MboxVolume(..)
                    | Route::PlainVolume(..)
                    | Route::WholeMbox(_)
                    | Route::ThreadMbox(..)
            )
        )
    }
}

/// A search as asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Words {
    pub(crate) query: String,
    pub(crate) order: Order,
    pub(crate) shape: Shape,
    pub(crate) offset: usize,
    /// Nothing is said that does not count, and nothing twice: such a question has one URL.
    pub(crate) canonical: bool,
}

/// Reads a request's target. `prefix` is empty or like `/lists`.
pub(crate) fn read(uri: &Uri, prefix: &str) -> Ask {
    let Some(path) = uri.path().strip_prefix(prefix) else {
        return old(uri.path());
    };
    if path.is_empty() && !prefix.is_empty() {
        return Ask::Folder(Route::Home);
    }
    let Some(path) = path.strip_prefix('/') else {
        return Ask::Nothing;
    };
    match path {
        "healthz" => return Ask::Health,
        "metrics" => return Ask::Metrics,
        // Of a host that others share, these are not the site's.
        "robots.txt" | "sitemap.xml" if !prefix.is_empty() => return Ask::Nothing,
        _ => {}
    }
    let path = plain(path);
    let has_query = uri.query().is_some_and(|query| !query.is_empty());
    match Route::parse(&path) {
        Some(Route::Search(list)) => match words(uri) {
            Some(words) => Ask::Search(list, words),
            None if has_query => Ask::Query(Route::Search(list)),
            None => Ask::Page(Route::Search(list)),
        },
        Some(route @ (Route::SignIn | Route::SignOut)) => Ask::Door(route),
        Some(route) if has_query => Ask::Query(route),
        Some(route) => Ask::Page(route),
        None => match Route::parse(&format!("{path}/")) {
            Some(route @ (Route::List(_) | Route::Volume(..) | Route::Search(_))) => {
                Ask::Folder(route)
            }
            _ => old(&format!("{prefix}/{path}")),
        },
    }
}

/// Folders below which Mailman had its archives.
const MAILMAN: [&str; 3] = ["pipermail/", "mailman/private/", "mailman/public/"];
/// Bytes of the longest old address that is looked at.
const LONGEST: usize = 2_000;

/// An address below one of Mailman's folders, as its web server took it: with more slashes than needed, the
/// list's name in capitals. The site itself may stand in such a folder.
fn old(path: &str) -> Ask {
    let path = plain(path);
    let steps: Vec<&str> = path.split('/').filter(|step| !step.is_empty()).collect();
    let joined = format!("{}/", steps.join("/"));
    let below = MAILMAN
        .iter()
        .find_map(|folder| joined.strip_prefix(folder));
    let Some(path) = below.filter(|path| path.len() <= LONGEST) else {
        return Ask::Nothing;
    };
    let path = path.trim_end_matches('/');
    if path.is_empty() {
        return Ask::Moved(Route::Home);
    }
    let (list, rest) = path.split_once('/').unwrap_or((path, ""));
    let folded = list.to_ascii_lowercase();
    let rest = match rest.eq_ignore_ascii_case(list) {
        true => folded.as_str(),
        false => rest,
    };
    let path = format!("{folded}/{rest}");
    let route = Route::parse(&path).or_else(|| Route::parse(&format!("{path}/")));
    match route.filter(|route| route.list().is_some()) {
        Some(route) => Ask::Moved(route),
        None => Ask::Nothing,
    }
}

/// The route of a path below the site's root, as its links have it.
pub(crate) fn route_of(path: &str) -> Option<Route> {
    Route::parse(&plain(path))
}

/// A request's path below the site's root.
pub(crate) fn below<'u>(uri: &'u Uri, prefix: &str) -> &'u str {
    let path = uri.path().strip_prefix(prefix).unwrap_or_default();
    path.strip_prefix('/').unwrap_or(path)
}

/// How many folders deep a request's path is below the site's root: what a relative link from there
/// to the root must climb.
pub(crate) fn depth(uri: &Uri, prefix: &str) -> usize {
    let path = uri.path().strip_prefix(prefix).unwrap_or_default();
    path.matches('/').count().saturating_sub(1)
}

/// The last segment of a request's path.
pub(crate) fn last_segment(uri: &Uri) -> &str {
    uri.path().rsplit('/').next().unwrap_or_default()
}

/// Decodes what needs no encoding (RFC 3986, 6.2.2.2) and `+`, which some clients encode in the
/// names of lists; the rest stays, for Message-IDs are decoded once and by their route.
fn plain(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        let digits = rest.as_bytes().get(at + 1..at + 3);
        let byte = digits
            .filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match byte {
            Some(byte) if byte.is_ascii_alphanumeric() || b"-._~+".contains(&byte) => {
                out.push(char::from(byte));
                rest = &rest[at + 3..];
            }
            _ => {
                out.push('%');
                rest = &rest[at + 1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// The fields of a query string or a form; of the first 32, whatever can be read.
pub(crate) fn fields(text: &str) -> Vec<(String, String)> {
    let pairs = text.split('&').filter(|pair| !pair.is_empty()).take(32);
    let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    pairs
        .map(|(name, value)| (form_value(name), form_value(value)))
        .collect()
}

/// As a form encodes it (URL Standard, application/x-www-form-urlencoded).
fn form_value(encoded: &str) -> String {
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded.as_bytes();
    while let [byte, after @ ..] = rest {
        rest = after;
        let hex = |byte: &u8| char::from(*byte).to_digit(16);
        match (byte, after) {
            (b'+', _) => bytes.push(b' '),
            (b'%', [high, low, after @ ..]) => match (hex(high), hex(low)) {
                (Some(high), Some(low)) => {
                    bytes.push((high * 16 + low) as u8);
                    rest = after;
                }
                _ => bytes.push(b'%'),
            },
            _ => bytes.push(*byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The search of a query string; none without `q`. Of fields given twice the first counts.
fn words(uri: &Uri) -> Option<Words> {
    let fields = fields(uri.query()?);
    let field = |name: &str| {
        let field = fields.iter().find(|(key, _)| key == name);
        field.map(|(_, value)| value.as_str())
    };
    let shape = field("as").unwrap_or_default();
    let shape_read = SHAPES.iter().find(|(name, _)| *name == shape);
    let shape_read = shape_read.map_or(Shape::Mails, |(_, shape)| *shape);
    // A file is whole, in an order of its own.
    let is_file = matches!(shape_read, Shape::Feed | Shape::Mailbox);
    let known = ["q", "as", "order", "offset"];
    let known = if is_file { &known[..2] } else { &known[..] };
    let offset = field("offset").filter(|_| !is_file).unwrap_or("0");
    let offset_read = offset.parse().unwrap_or(FURTHEST).min(FURTHEST);
    let strange = |(place, (name, _)): (usize, &(String, String))| {
        !known.contains(&name.as_str()) || fields[..place].iter().any(|(before, _)| before == name)
    };
    let order = field("order").filter(|_| !is_file).unwrap_or("relevance");
    Some(Words {
        query: field("q")?.to_owned(),
        order: match order {
            "new" => Order::NewestFirst,
            "old" => Order::OldestFirst,
            _ => Order::Relevance,
        },
        shape: shape_read,
        offset: offset_read,
        canonical: !fields.iter().enumerate().any(strange)
            && ["relevance", "new", "old"].contains(&order)
            && SHAPES.contains(&(shape, shape_read))
            && offset == offset_read.to_string(),
    })
}

/// Values of `as`.
const SHAPES: [(&str, Shape); 4] = [
    ("", Shape::Mails),
    ("threads", Shape::Threads),
    ("atom", Shape::Feed),
    ("mbox.gz", Shape::Mailbox),
];

impl Words {
    /// The query string that these words have when nothing else is said.
    pub(crate) fn query_string(&self) -> String {
        let shape = SHAPES.iter().find(|(_, shape)| *shape == self.shape);
        let question = Question {
            query: &self.query,
            order: match self.order {
                Order::Relevance => "",
                Order::NewestFirst => "new",
                Order::OldestFirst => "old",
            },
            shape: shape.map_or("", |(name, _)| name),
            offset: self.offset as u64,
        };
        question.query_string()
    }

    /// Whether the answer is a file, not a page.
    pub(crate) fn is_file(&self) -> bool {
        matches!(self.shape, Shape::Feed | Shape::Mailbox)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn check(target: &str, prefix: &str, expected: &str) {
        let uri: Uri = target.parse().unwrap();
        let ask = match read(&uri, prefix) {
            Ask::Page(route) => format!("page {}", route.path()),
            Ask::Folder(route) => format!("folder {}", route.path()),
            Ask::Moved(route) => format!("moved {}", route.path()),
            Ask::Query(route) => format!("query {}", route.path()),
            Ask::Door(route) => format!("door {}", route.path()),
            Ask::Search(list, words) => format!(
                "search {} {:?} {:?} {}",
                list.map_or_else(|| "all".to_owned(), |list| list.to_string()),
                words.query,
                words.order,
                words.offset
            ),
            other => format!("{other:?}").to_lowercase(),
        };
        assert_eq!(ask, expected, "{target}");
    }

    #[test]
    fn targets() {
        let table = [
            ("/", "page index.html"),
            ("/town-hall", "folder town-hall/index.html"),
            ("/town-hall/", "page town-hall/index.html"),
            (
                "/town-hall/2025-October",
                "folder town-hall/2025-October/index.html",
            ),
            ("/t%6Fwn-hall/", "page town-hall/index.html"),
            ("/c%2B%2b/", "page c++/index.html"),
            ("/c++/n/42", "page c++/n/42"),
            ("/mid/a%40b/", "page mid/a@b/"),
            ("/mid/a%2541b/", "page mid/a%2541b/"),
            ("/search", "folder search/index.html"),
            ("/search/", "page search/index.html"),
            ("/search/?offset=3", "query search/index.html"),
            ("/town-hall/?utm_source=x", "query town-hall/index.html"),
            ("/~login?next=town-hall/", "door ~login"),
            ("/~logout", "door ~logout"),
            ("/~login/", "nothing"),
            ("/search/?q=", "search all \"\" Relevance 0"),
            (
                "/x/search/?q=a+b%22&order=new&offset=25",
                "search x \"a b\\\"\" NewestFirst 25",
            ),
            (
                "/search/?q=%FF&offset=99999999999999999999&order=%3C",
                "search all \"\u{fffd}\" Relevance 10000",
            ),
            (
                "/search/index.html?q=a&q=b&offset=123456",
                "search all \"a\" Relevance 10000",
            ),
            ("/pipermail/", "moved index.html"),
            (
                "/pipermail/Town-Hall/2025-October/000042.html",
                "moved town-hall/2025-October/000042.html",
            ),
            (
                "/mailman/private/town-hall//2025-October/thread.html",
                "moved town-hall/2025-October/thread.html",
            ),
            ("/mailman/private/town-hall", "moved town-hall/index.html"),
            (
                "/pipermail/Town-Hall.mbox/Town-Hall.mbox",
                "moved town-hall.mbox/town-hall.mbox",
            ),
            (
                "/town-hall.mbox/town-hall.mbox",
                "page town-hall.mbox/town-hall.mbox",
            ),
            ("/pipermail/a%2Bb.c%7E/", "nothing"),
            ("/pipermail/a%2Bb.c/", "moved a+b.c/index.html"),
            ("/mailman/listinfo/town-hall", "nothing"),
            ("/healthz", "health"),
            ("/robots.txt", "page robots.txt"),
            ("/sitemap.xml", "page sitemap.xml"),
            ("/%", "nothing"),
            ("/%2", "nothing"),
            ("/%C4%8D%", "nothing"),
            ("//", "nothing"),
            ("/%2e%2e/%2e%2e/etc/passwd", "nothing"),
            ("/..%2f..%2fetc", "nothing"),
            ("/Town-Hall/", "nothing"),
            ("http://example.org/town-hall/", "page town-hall/index.html"),
        ];
        for (target, expected) in table {
            check(target, "", expected);
        }
        check("/lists", "/lists", "folder index.html");
        check("/lists/", "/lists", "page index.html");
        check("/lists/a/", "/lists", "page a/index.html");
        check("/listsa/", "/lists", "nothing");
        check("/a/", "/lists", "nothing");
        check("/mailman/private/a/", "/lists", "moved a/index.html");
        check("/pipermail/a/", "/pipermail", "page a/index.html");
        check(
            "/pipermail/A//2025/",
            "/pipermail",
            "moved a/2025/index.html",
        );
        check("/pipermail/A/2025.txt", "/pipermail", "moved a/2025.txt");
        check("/lists/robots.txt", "/lists", "nothing");
        check("/lists/sitemap.xml", "/lists", "nothing");
    }

    #[test]
    fn one_url_for_a_question() {
        for (target, expected) in [
            ("/search/?q=a+b&order=relevance", None),
            ("/search/?q=a%20b&order=new&offset=25", None),
            ("/search/?q=a&x=y", Some("q=a")),
            ("/search/?q=a&q=b&offset=1", Some("q=a&offset=1")),
            ("/search/?q=a&offset=007", Some("q=a&offset=7")),
            (
                "/search/?q=%C3%BC&offset=123456",
                Some("q=%C3%BC&offset=10000"),
            ),
            ("/search/?order=%3C&q=a*%26", Some("q=a*%26")),
            ("/search/?q=a&order=new&as=threads&offset=25", None),
            ("/search/?q=a&as=atom", None),
            ("/search/?q=a&as=mbox.gz", None),
            ("/search/?q=a&as=mbox", Some("q=a")),
            ("/search/?q=a&as=", None),
            ("/search/?q=a&as=atom&offset=25", Some("q=a&as=atom")),
            ("/search/?order=new&q=a&as=mbox.gz", Some("q=a&as=mbox.gz")),
        ] {
            let Ask::Search(_, words) = read(&target.parse().unwrap(), "") else {
                panic!("{target}");
            };
            let other = (!words.canonical).then(|| words.query_string());
            assert_eq!(other.as_deref(), expected, "{target}");
        }
    }

    #[test]
    fn depths() {
        let depth = |target: &str, prefix| depth(&target.parse().unwrap(), prefix);
        assert_eq!(depth("/", ""), 0);
        assert_eq!(depth("/a", ""), 0);
        assert_eq!(depth("/a/n/42", ""), 2);
        assert_eq!(depth("/lists/a/n/42", "/lists"), 2);
        assert_eq!(depth("/a/mid/b/", ""), 3);
    }
}
