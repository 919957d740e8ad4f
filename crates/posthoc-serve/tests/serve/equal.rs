//! Static equals live: the same bytes at every path.

use crate::situation::{Asked, archive};
use flate2::read::GzDecoder;
use posthoc_archive::{Folds, PublishOptions, Settings, publish};
use posthoc_core::message::Limits;
use posthoc_core::page::{Audience, OwnLayout, Site};
use std::io::Read;
use std::path::Path;

/// Every file of the published site and its bytes.
fn files(folder: &Path, below: &str, found: &mut Vec<(String, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if below.is_empty() && (name == ".posthoc" || name == "_rules") {
            continue;
        }
        // What the page of a static site searches: a live one asks the server.
        if below.ends_with("search/") && name == "shards" {
            continue;
        }
        if entry.file_type().unwrap().is_dir() {
            files(&entry.path(), &format!("{below}{name}/"), found);
        } else {
            let bytes = std::fs::read(entry.path()).unwrap();
            found.push((format!("{below}{name}"), bytes));
        }
    }
}

fn check_site(site: &Site, prefix: &str) {
    let store = archive(&["wherry", "town-hall", "keepers"]);
    let layout = OwnLayout::new(site).unwrap();
    let limits = Limits::default();
    let settings = Settings {
        site,
        layout: &layout,
        limits: &limits,
        folds: &Folds::default(),
    };
    let out = tempfile::tempdir().unwrap();
    let options = PublishOptions::default();
    publish(&*store, &settings, out.path(), &options, &|_, _| {}).unwrap();
    let mut published = Vec::new();
    files(out.path(), "", &mut published);
    assert!(published.len() > 150, "{}", published.len());
    let asked = Asked::of(store, site.clone(), Audience::Public, prefix);
    for (path, bytes) in &published {
        check_file(&asked, &format!("{prefix}/{path}"), bytes);
        if let Some(folder) = path.strip_suffix("index.html") {
            check_file(&asked, &format!("{prefix}/{folder}"), bytes);
        }
    }
}

fn check_file(asked: &Asked, target: &str, bytes: &[u8]) {
    let plain = asked.get(target);
    assert_eq!(plain.status, 200, "{target}");
    assert!(plain.bytes == bytes, "{target} differs");
    let length = bytes.len().to_string();
    assert_eq!(plain.header("content-length"), length, "{target}");
    assert_eq!(plain.header("x-content-type-options"), "nosniff");
    let tag = plain.header("etag");
    assert_eq!(tag.len(), 34, "{tag}");

    let again = asked.ask("GET", target, &[("if-none-match", tag)]);
    assert_eq!((again.status.as_u16(), again.bytes.len()), (304, 0));
    assert_eq!(again.header("etag"), tag);
    assert_eq!(again.header("cache-control"), plain.header("cache-control"));

    let head = asked.ask("HEAD", target, &[]);
    assert_eq!(head.headers, plain.headers, "{target}");
    assert!(head.bytes.is_empty());

    let packed = asked.ask("GET", target, &[("accept-encoding", "gzip")]);
    if packed.header("content-encoding") == "gzip" {
        let mut unpacked = Vec::new();
        let mut decoder = GzDecoder::new(&packed.bytes[..]);
        decoder.read_to_end(&mut unpacked).unwrap();
        assert!(unpacked == bytes, "{target} packed differs");
        let packed_tag = packed.header("etag");
        assert_eq!(packed_tag, format!("{}-gz\"", tag.trim_end_matches('"')));
        assert_eq!(packed.header("vary"), "Accept-Encoding");
        let both = format!("W/\"x\", W/{packed_tag}");
        let wants = [("accept-encoding", "gzip"), ("if-none-match", &both)];
        assert_eq!(asked.ask("GET", target, &wants).status, 304);
        let wants = [("accept-encoding", "gzip"), ("if-none-match", tag)];
        assert_eq!(asked.ask("GET", target, &wants).status, 200);
    } else {
        assert!(packed.bytes == bytes);
        assert!(!target.ends_with(".html") || bytes.len() < 1_024);
    }
}

#[test]
fn every_published_file_is_the_same_live() {
    check_site(&Site::default(), "");
}

#[test]
fn also_under_a_prefix_and_a_base() {
    let site = Site {
        title: "Harbour".to_owned(),
        base_url: Some("https://example.org/lists".to_owned()),
        ..Site::default()
    };
    check_site(&site, "/lists");
}
