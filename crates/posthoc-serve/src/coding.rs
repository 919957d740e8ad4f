//! Content codings (RFC 9110, 12.5.3).

use axum::http::{HeaderMap, header};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;

/// Bytes below which packing is not worth its headers.
const SMALL: usize = 1_024;
/// Entries of an Accept-Encoding that are looked at.
const MOST_CODINGS: usize = 32;

/// Whether a client would rather have gzip than plain bytes.
pub(crate) fn wants_gzip(headers: &HeaderMap) -> bool {
    let mut gzip = None;
    let mut identity = None;
    let mut any = None;
    let fields = headers.get_all(header::ACCEPT_ENCODING);
    let entries = fields
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .take(MOST_CODINGS);
    for entry in entries {
        let (name, parameters) = entry.split_once(';').unwrap_or((entry, ""));
        let weight = weight(parameters);
        match name.trim().to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" => gzip = gzip.max(Some(weight)),
            "identity" => identity = Some(weight),
            "*" => any = Some(weight),
            _ => {}
        }
    }
    let gzip = gzip.or(any).unwrap_or(0);
    gzip > 0 && gzip >= identity.unwrap_or(0)
}

/// A weight in thousandths; what cannot be read refuses.
fn weight(parameters: &str) -> u16 {
    let mut parameters = parameters.split(';').map(str::trim);
    let Some(value) = parameters.find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("q").then(|| value.trim())
    }) else {
        return 1_000;
    };
    let (whole, part) = value.split_once('.').unwrap_or((value, ""));
    let digits = part.len() <= 3 && part.bytes().all(|byte| byte.is_ascii_digit());
    match whole {
        "1" => 1_000,
        "0" if digits => format!("{part:0<3}").parse().unwrap_or(0),
        _ => 0,
    }
}

/// Whether bytes of that type are text, so that packing helps.
pub(crate) fn is_text(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    essence.starts_with("text/")
        || essence.ends_with("+xml")
        || matches!(
            essence,
            "application/json" | "application/mbox" | "message/rfc822"
        )
}

/// Whether they are enough of it.
pub(crate) fn is_worth_it(bytes: &[u8]) -> bool {
    bytes.len() >= SMALL
}

/// The bytes packed; without a time, so that equal bytes pack equally.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let room = Vec::with_capacity(bytes.len() / 3);
    let mut packer = GzEncoder::new(room, Compression::new(6));
    // Writing to memory does not fail.
    let _ = packer.write_all(bytes);
    packer.finish().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn check(accepted: &'static str, expected: bool) {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(accepted));
        assert_eq!(wants_gzip(&headers), expected, "{accepted}");
    }

    #[test]
    fn weights() {
        assert!(!wants_gzip(&HeaderMap::new()));
        for accepted in [
            "gzip",
            "GZip",
            "x-gzip",
            "br, gzip, deflate",
            "gzip;q=1.0",
            "gzip; q=0.001",
            "*",
            "identity;q=0.5, gzip;q=0.5",
            "deflate, *;q=0.5",
            "identity;q=0, *",
            "gzip;level=3;Q=0.4",
        ] {
            check(accepted, true);
        }
        for accepted in [
            "",
            "identity",
            "br",
            "gzip;q=0",
            "gzip;q=0.000",
            "gzip;q=0, *",
            "*;q=0",
            "gzip;q=0.5, identity",
            "gzip;q=-1",
            "gzip;q=2",
            "gzip;q=0.1234",
            "gzip;q=x",
        ] {
            check(accepted, false);
        }
    }
}
