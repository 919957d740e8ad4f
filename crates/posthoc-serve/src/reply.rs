//! From a page to a response: headers, validators, codings. Never another byte.

use crate::coding;
use crate::lanes::Room;
use axum::body::{Body, Bytes};
use axum::http::header::{self, HeaderName};
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode};
use posthoc_archive::Standing;
use posthoc_core::page::{CSP, FOREIGN_CSP, Page};
use posthoc_core::route::Route;

/// The policy of strangers' bytes that are opened by themselves: nothing runs, nothing loads.
const SANDBOX: &str = "default-src 'none'; sandbox";
/// Tags of an If-None-Match that are looked at.
const MOST_TAGS: usize = 64;

/// What a request says about the form of its answer.
#[derive(Clone, Debug)]
pub(crate) struct Wants {
    head: bool,
    gzip: bool,
    has: Vec<String>,
}

impl Wants {
    /// Reads method and headers.
    pub(crate) fn read(method: &Method, headers: &HeaderMap) -> Self {
        Wants {
            head: method == Method::HEAD,
            gzip: coding::wants_gzip(headers),
            has: headers
                .get_all(header::IF_NONE_MATCH)
                .iter()
                .filter_map(|value| value.to_str().ok())
                .flat_map(|value| value.split(','))
                .take(MOST_TAGS)
                .map(|tag| tag.trim().to_owned())
                .collect(),
        }
    }

    /// Whether the client has that one already: the weak comparison of RFC 9110, 13.1.2.
    fn has(&self, tag: &str) -> bool {
        self.has
            .iter()
            .any(|has| has == "*" || has.strip_prefix("W/").unwrap_or(has) == tag)
    }
}

/// A page and how it is to be sent.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) page: Page,
    /// Where to go instead, relative to the request.
    pub(crate) location: Option<String>,
    /// The page's own place, where this is another name of it, relative to the request.
    pub(crate) canonical: Option<String>,
    /// Anybody may see it: shared caches may keep it.
    pub(crate) public: bool,
    /// What its list says of it.
    pub(crate) standing: Standing,
    /// Search engines are to leave it out.
    pub(crate) noindex: bool,
    /// Seconds after which to ask again.
    pub(crate) retry: Option<u64>,
}

impl Reply {
    /// A page for one reader alone.
    pub(crate) fn of(page: Page) -> Self {
        Reply {
            status: StatusCode::OK,
            page,
            location: None,
            canonical: None,
            public: false,
            standing: Standing::default(),
            noindex: true,
            retry: None,
        }
    }
}

/// Bytes on their way, and the room that they take.
struct Held {
    bytes: Vec<u8>,
    _room: Option<Room>,
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

/// Makes the response; the room is given back when it is sent.
pub(crate) fn respond(reply: Reply, wants: &Wants, room: Option<Room>) -> Response<Body> {
    let Reply {
        status,
        page,
        location,
        canonical,
        public,
        standing,
        noindex,
        retry,
    } = reply;
    let mut headers = HeaderMap::new();
    let mut set = |name: HeaderName, value: &str| {
        // What a header cannot carry is left out: only links could be at fault, and their paths are
        // percent-encoded.
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    let text = coding::is_text(&page.media_type);
    // Packing refusals would cost what they are to save.
    let worth = coding::is_worth_it(&page.bytes) && retry.is_none();
    let packed = text && wants.gzip && worth;
    let settled = standing.settled;
    set(
        header::CACHE_CONTROL,
        caching(status, &page.route, public, settled),
    );
    guard(status, &page, &mut set);
    match (text, public) {
        (true, true) => set(header::VARY, "Accept-Encoding"),
        (true, false) => set(header::VARY, "Accept-Encoding, Cookie"),
        (false, true) => {}
        (false, false) => set(header::VARY, "Cookie"),
    }
    if noindex || standing.unlisted || is_raw(&page.route) || !public || status.as_u16() >= 400 {
        set(HeaderName::from_static("x-robots-tag"), "noindex");
    }
    if let Some(location) = location {
        set(header::LOCATION, &location);
    }
    if let Some(canonical) = canonical {
        set(header::LINK, &format!("<{canonical}>; rel=\"canonical\""));
    }
    if let Some(seconds) = retry {
        set(header::RETRY_AFTER, &seconds.to_string());
    }
    if status == StatusCode::OK && public {
        let coding = if packed { "-gz" } else { "" };
        let tag = format!("\"{}{coding}\"", page.validator);
        set(header::ETAG, &tag);
        if wants.has(&tag) {
            return finished(StatusCode::NOT_MODIFIED, headers, Body::empty());
        }
    }
    set(header::CONTENT_TYPE, &page.media_type);
    let bytes = if packed {
        set(header::CONTENT_ENCODING, "gzip");
        coding::gzip(&page.bytes)
    } else {
        page.bytes
    };
    set(header::CONTENT_LENGTH, &bytes.len().to_string());
    let body = if wants.head {
        Body::empty()
    } else {
        Body::from(Bytes::from_owner(Held { bytes, _room: room }))
    };
    finished(status, headers, body)
}

/// A response without a page.
pub(crate) fn bare(status: StatusCode, text: impl Into<String>, wants: &Wants) -> Response<Body> {
    let text: String = text.into();
    let mut headers = HeaderMap::new();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(text.len()));
    if status == StatusCode::METHOD_NOT_ALLOWED {
        headers.insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
    }
    if !text.is_empty() {
        let plain = HeaderValue::from_static("text/plain; charset=utf-8");
        headers.insert(header::CONTENT_TYPE, plain);
    }
    let body = if wants.head {
        Body::empty()
    } else {
        Body::from(text)
    };
    finished(status, headers, body)
}

fn finished(status: StatusCode, headers: HeaderMap, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "SAMEORIGIN"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
    ];
    for (name, value) in fixed {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}

/// What keeps a page, or a stranger's file, from doing harm.
fn guard(status: StatusCode, page: &Page, set: &mut impl FnMut(HeaderName, &str)) {
    let of_a_mail =
        matches!(page.route, Route::Attachment(..) | Route::Scrubbed { .. }) || is_raw(&page.route);
    // Anything but what was asked for is a notice of ours.
    let file = of_a_mail && status == StatusCode::OK;
    set(
        header::CONTENT_SECURITY_POLICY,
        match (file, page.foreign) {
            (true, _) => SANDBOX,
            (false, true) => FOREIGN_CSP,
            (false, false) => CSP,
        },
    );
    let shown = matches!(page.route, Route::Scrubbed { .. } | Route::PlainVolume(..));
    // Without a file name: then the link's `download` attribute gives the real one.
    if file && !shown && !page.media_type.starts_with("image/") {
        set(header::CONTENT_DISPOSITION, "attachment");
    }
}

/// How long an answer may be used again. Pages are asked after each time, which costs little, so that
/// a new mail and a removal show at once; those of volumes that are not the newest may be ten minutes
/// old. What only some may see is kept nowhere.
fn caching(status: StatusCode, route: &Route, public: bool, settled: bool) -> &'static str {
    match (status, route) {
        (StatusCode::OK, Route::Asset(_)) => "public, max-age=31536000, immutable",
        _ if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => "no-store",
        _ if !public => "private, no-store",
        (StatusCode::OK, Route::Attachment(..) | Route::Scrubbed { .. }) => "public, max-age=600",
        (StatusCode::OK, _) if settled => "public, max-age=600",
        _ => "no-cache",
    }
}

/// Whether it is what a page is made from, which search engines find on the page.
fn is_raw(route: &Route) -> bool {
    matches!(
        route,
        Route::Eml(..)
            | Route::Mbox(..)
            | Route::TextVolume(..)
            | Route::PlainVolume(..)
            | Route::WholeMbox(_)
            | Route::MboxVolume(..)
            | Route::ThreadMbox(..)
    )
}
