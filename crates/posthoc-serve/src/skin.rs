//! What a request must be to be looked at. hyper has read it by then: its line and headers are within
//! their limits and well-formed. What is left is what two readers could understand differently, and
//! what we have no use for.

use crate::gate::Access;
use crate::names::Names;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Version, header};
use posthoc_core::page::Audience;

/// Bytes of the longest path with its query.
const LONGEST_TARGET: usize = 8 << 10;
/// Bytes of the longest body: a name, a password and where to go.
pub(crate) const LONGEST_BODY: usize = 8 << 10;

/// Why a request is not looked at. The connection ends: where the next request would begin is
/// uncertain, or not worth finding out.
pub(crate) fn refusal(parts: &Parts) -> Option<StatusCode> {
    let headers = &parts.headers;
    let hosts = headers.get_all(header::HOST).iter().count();
    let lengths = headers.get_all(header::CONTENT_LENGTH).iter().count();
    if headers.contains_key(header::TRANSFER_ENCODING) {
        // Browsers send forms with their length.
        return Some(StatusCode::LENGTH_REQUIRED);
    }
    if hosts > 1 || lengths > 1 || (hosts == 0 && parts.version > Version::HTTP_10) {
        return Some(StatusCode::BAD_REQUEST);
    }
    let host = headers.get(header::HOST);
    if host.is_some_and(|host| !is_host(host)) {
        return Some(StatusCode::BAD_REQUEST);
    }
    let scheme = parts.uri.scheme_str();
    if scheme.is_some_and(|scheme| scheme != "http" && scheme != "https") {
        return Some(StatusCode::BAD_REQUEST);
    }
    let query = parts.uri.query().map_or(0, str::len);
    if parts.uri.path().len() + query > LONGEST_TARGET {
        return Some(StatusCode::URI_TOO_LONG);
    }
    let length = length(headers);
    let most = if parts.method == Method::POST {
        LONGEST_BODY as u64
    } else {
        0
    };
    match length {
        Some(length) if length > most => Some(StatusCode::PAYLOAD_TOO_LARGE),
        None if lengths > 0 => Some(StatusCode::BAD_REQUEST),
        _ => None,
    }
}

/// The body's length as told.
fn length(headers: &HeaderMap) -> Option<u64> {
    let value = headers.get(header::CONTENT_LENGTH)?;
    value.to_str().ok()?.parse().ok()
}

/// Whether a Host could be one: a name or an address, perhaps with a port.
fn is_host(host: &HeaderValue) -> bool {
    host.len() <= 300
        && host
            .as_bytes()
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._:[]%~".contains(byte))
}

/// Whether a request is for this host. A site for the public answers to any name, unless its names
/// are set. Any other answers to its own only: with a name that is made to point here, a stranger's
/// web page could read what its reader may.
pub(crate) fn is_for_us(
    parts: &Parts,
    access: &Access,
    names: &Names<'_>,
    audience: &Audience,
) -> bool {
    let given = parts.headers.get(header::HOST).map(HeaderValue::as_bytes);
    let asked = parts.uri.authority().map(|name| name.as_str().as_bytes());
    // A target with a host of its own counts before the header (RFC 9112, 3.2.2).
    let Some(host) = asked.or(given) else {
        return access.hosts.is_empty();
    };
    let host = std::str::from_utf8(host).unwrap_or_default();
    match (audience, &access.hosts[..]) {
        (Audience::Public, []) => true,
        (_, hosts) => names.is_here(host, hosts),
    }
}
