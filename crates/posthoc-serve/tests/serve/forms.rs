//! Every form of a path, method and header.

use crate::situation::{Asked, archive};
use posthoc_core::message::{MessageId, MessageKey};
use posthoc_core::page::{Audience, CSP, Downloads, Site};

const SANDBOX: &str = "default-src 'none'; sandbox";

/// Follows every redirect relative to its request, as a client does.
fn followed(asked: &Asked, target: &str) -> String {
    let got = asked.get(target);
    let mut path = target.split('?').next().unwrap().to_owned();
    let mut location = got.header("location");
    assert!(!location.is_empty(), "{target}: {}", got.status);
    assert_eq!(got.header("cache-control"), "no-cache");
    path.truncate(path.rfind('/').unwrap());
    location = location.strip_prefix("./").unwrap_or(location);
    while let Some(rest) = location.strip_prefix("../") {
        path.truncate(path.rfind('/').unwrap());
        location = rest;
    }
    format!("{} {path}/{location}", got.status.as_u16())
}

#[test]
fn old_and_short_forms_lead_to_the_page() {
    let asked = Asked::public(&["wherry", "town-hall"]);
    let table = [
        ("/wherry", "301 /wherry/"),
        ("/wherry/2025-October", "301 /wherry/2025-October/"),
        ("/search", "301 /search/"),
        ("/wherry/search?q=a%20b", "301 /wherry/search/?q=a%20b"),
        ("/wherry/n/2", "301 /wherry/2025-October/msg00002.html"),
        (
            "/wherry/2025-October/000002.html",
            "301 /wherry/2025-October/msg00002.html",
        ),
        (
            "/mid/two@example.org/",
            "301 /wherry/2025-October/msg00002.html",
        ),
        (
            "/mid/two%40example.org",
            "301 /wherry/2025-October/msg00002.html",
        ),
        (
            "/wherry/mid/two@example.org/",
            "301 /wherry/2025-October/msg00002.html",
        ),
    ];
    for (target, expected) in table {
        assert_eq!(followed(&asked, target), expected, "{target}");
    }
    let choice = asked.get("/wherry/mid/one@example.org/");
    assert_eq!(choice.status, 200);
    assert!(choice.text().contains("msg00000.html"));
    assert!(choice.text().contains("msg00003.html"));

    let site = Site::default();
    let below = Asked::of(archive(&["wherry"]), site, Audience::Public, "/a/b/");
    assert_eq!(followed(&below, "/a/b"), "301 /a/b/");
    assert_eq!(followed(&below, "/a/b/wherry"), "301 /a/b/wherry/");
    assert_eq!(
        followed(&below, "/a/b/wherry/n/0"),
        "301 /a/b/wherry/2025-October/msg00000.html"
    );
    assert_eq!(below.get("/wherry/").status, 404);
}

#[test]
fn a_member_of_a_thread_names_its_page() {
    let asked = Asked::public(&["wherry"]);
    let named = |id: &str| {
        let key = MessageKey::of(&MessageId(id.to_owned()));
        format!("/wherry/thread/{key}.html")
    };
    let own = named("one@example.org");
    let got = asked.get(&own);
    assert_eq!((got.status.as_u16(), got.header("link")), (200, ""));
    for id in ["two@example.org", "three@example.org"] {
        let other = asked.get(&named(id));
        assert_eq!((other.status.as_u16(), other.header("location")), (200, ""));
        let canonical = format!("<../..{own}>; rel=\"canonical\"");
        assert_eq!(other.header("link"), canonical);
    }
}

#[test]
fn strangers_files_are_kept_from_doing_harm() {
    let asked = Asked::public(&["wherry"]);
    let page = asked.get("/wherry/2025-October/msg00002.html");
    assert_eq!(page.header("content-security-policy"), CSP);
    assert_eq!(page.header("content-disposition"), "");
    let link = |ending: &str| -> String {
        let text = page.text();
        let end = text.find(ending).unwrap() + ending.len();
        let start = text[..end].rfind('"').unwrap() + 1;
        format!("/wherry/{}", text[start..end].trim_start_matches("../"))
    };
    let picture = asked.get(&link("dot.gif"));
    assert_eq!(picture.header("content-type"), "image/gif");
    assert_eq!(picture.header("content-disposition"), "");
    assert_eq!(picture.header("content-security-policy"), SANDBOX);
    assert_eq!(picture.header("cache-control"), "public, max-age=600");
    let script = asked.get(&link("evil.html.txt"));
    assert_eq!(script.header("content-type"), "text/plain; charset=utf-8");
    assert_eq!(script.header("content-disposition"), "attachment");
    assert_eq!(script.header("content-security-policy"), SANDBOX);
    for file in ["msg00002.eml", "msg00002.mbox"] {
        let file = asked.get(&format!("/wherry/2025-October/{file}"));
        assert_eq!(file.header("content-disposition"), "attachment");
        assert_eq!(file.header("content-security-policy"), SANDBOX);
    }
    let missing = asked.get("/wherry/2025-October/msg00099.eml");
    assert_eq!(missing.header("content-security-policy"), CSP);
}

#[test]
fn assets_are_kept_for_ever() {
    let asked = Asked::public(&["wherry"]);
    for asset in posthoc_core::page::assets() {
        let got = asked.get(&format!("/assets/{}", asset.name));
        let keep = "public, max-age=31536000, immutable";
        assert_eq!(got.header("cache-control"), keep);
    }
    let missing = asked.get("/assets/0123456789abcdef.css");
    assert_eq!(missing.status, 404);
    assert_eq!(missing.header("cache-control"), "no-cache");
}

#[test]
fn hostile_paths_are_nothing() {
    let asked = Asked::public(&["wherry"]);
    let long = format!("/{}", "a/".repeat(4_000));
    let nested = format!("/mid/{}/", "%3C".repeat(2_000));
    let digits = format!("/wherry/n/{}", "9".repeat(30));
    let table = [
        "//",
        "/../",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/..%5c..%5cwin.ini",
        "/wherry/../wherry/",
        "/wherry//",
        "/wherry/2025-October/msg00000.html/",
        "/wherry/2025-October/msg00000.HTML",
        "/wherry/2025-13-October/",
        "/wherry/%00",
        "/%",
        "/%FF%FE",
        "/wherry/attachments/x/y",
        "/wherry/thread/../../..",
        "/wherry/n/-1",
        "/mid//",
        "/mid/%00/",
        "/.posthoc/manifest",
        "/incoming",
        "/assets/../posthoc-archive",
        "/favicon.ico",
        "/healthz",
        &long,
        &nested,
        &digits,
    ];
    let nothing = asked.get("/nothing-of-that-name/");
    assert_eq!(nothing.status, 404);
    assert_eq!(nothing.bytes, asked.get("/404.html").bytes);
    for target in table {
        assert_eq!(asked.get(target), nothing, "{target}");
    }
}

#[test]
fn only_reading() {
    let asked = Asked::public(&["wherry"]);
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW"] {
        let got = asked.ask(method, "/wherry/", &[]);
        assert_eq!(got.status, 405, "{method}");
        assert_eq!(got.header("allow"), "GET, HEAD");
    }
}

#[test]
fn robots() {
    let asked = Asked::public(&["wherry"]);
    let text = asked.get("/robots.txt");
    assert!(text.text().contains("Allow: /\n"));
    assert!(text.text().contains("# /wherry/VOLUME.mbox.gz\n"));
    assert!(!text.text().contains("town-hall"));
    let closed = Asked::of(archive(&[]), Site::default(), Audience::Operator, "");
    assert!(closed.get("/robots.txt").text().contains("Disallow: /\n"));
}

#[test]
fn robots_offer_what_the_list_gives() {
    for (downloads, kind) in [(Downloads::Text, "txt"), (Downloads::None, "")] {
        let mut site = Site::default();
        site.defaults.downloads = Some(downloads);
        let asked = Asked::of(archive(&["wherry"]), site, Audience::Public, "");
        let got = asked.get("/robots.txt");
        let file = format!("# /wherry/VOLUME.{kind}.gz\n");
        assert_eq!(got.text().contains(&file), !kind.is_empty());
        assert_eq!(got.text().contains("VOLUME"), !kind.is_empty());
    }
}
