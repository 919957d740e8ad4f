//! What crawlers read.

use crate::prelude::*;
use posthoc_core::page::{Robots, Visibility};

fn site(base: &str) -> Site {
    Site {
        base_url: Some(base.to_owned()),
        ..Site::default()
    }
}

fn crawled(out: &std::path::Path) -> Vec<String> {
    let is_ours = |path: &String| path.ends_with(".xml") || path == "robots.txt";
    tree(out).into_keys().filter(is_ours).collect()
}

fn text(out: &std::path::Path, path: &str) -> String {
    std::fs::read_to_string(out.join(path)).unwrap()
}

fn numbered(n: usize, day: usize) -> String {
    let date = format!("{day} Nov 2025 10:00:00 +0000");
    mail(&format!("m{n}@x"), &date, "s", &[], &format!("text {n}"))
}

/// Every URL in the sitemaps is a page, and every mail's page is in one.
#[test]
fn sitemaps_name_every_mail_once() {
    let store = MemoryStore::new();
    take(&store, "hall", &small_list("town-hall.mbox"));
    let out = tempfile::tempdir().unwrap();
    publish_as(&store, &site("https://a.example/"), out.path());
    let index = text(out.path(), "sitemap.xml");
    let mut named: Vec<String> = Vec::new();
    let locs = |xml: &str| -> Vec<String> {
        let locs = xml.split("<loc>https://a.example/").skip(1);
        let locs = locs.map(|rest| rest.split("</loc>").next().unwrap().to_owned());
        locs.collect()
    };
    for map in locs(&index) {
        named.extend(locs(&text(out.path(), &map)));
    }
    named.sort();
    let files = tree(out.path());
    let mails = files.keys().filter(|path| path.contains("/msg"));
    for path in mails {
        assert_eq!(named.iter().filter(|url| *url == path).count(), 1, "{path}");
    }
    for url in named {
        let page = match url.ends_with('/') {
            true => format!("{url}index.html"),
            false => url,
        };
        assert!(files.contains_key(&page), "{page}");
    }
    assert!(text(out.path(), "robots.txt").ends_with("\nSitemap: https://a.example/sitemap.xml\n"));
}

#[test]
fn one_more_mail_touches_its_own_sitemap_and_the_index_once_a_day() {
    let store = MemoryStore::new();
    take(&store, "hall", &small_list("town-hall.mbox"));
    take(&store, "lighthouse", &small_list("lighthouse-keepers.mbox"));
    let (out, site) = (tempfile::tempdir().unwrap(), site("https://a.example"));
    publish_as(&store, &site, out.path());
    take_bytes(&store, "hall", &mbox(&[numbered(1, 29)]));
    let sitemaps = || -> Vec<String> {
        let written = publish_as(&store, &site, out.path()).written;
        let xml = written.into_iter().filter(|path| path.ends_with(".xml"));
        xml.collect()
    };
    assert_eq!(
        sitemaps(),
        ["hall/2025-November/sitemap.xml", "sitemap.xml"]
    );
    // The index tells of days, so that it is not written again with every mail.
    take_bytes(&store, "hall", &mbox(&[numbered(2, 29)]));
    assert_eq!(sitemaps(), ["hall/2025-November/sitemap.xml"]);
    let again = publish_as(&store, &site, out.path());
    assert_eq!((again.written.len(), again.deleted.len()), (0, 0));
}

/// A volume that becomes long is cut by day; then one more mail rewrites the sitemap of its day.
#[test]
fn a_long_volume_is_cut_by_day() {
    let store = MemoryStore::new();
    let mails: Vec<String> = (0..1_000).map(|n| numbered(n, n % 2 + 1)).collect();
    take_bytes(&store, "busy", &mbox(&mails));
    let (out, site) = (tempfile::tempdir().unwrap(), site("https://a.example"));
    publish_as(&store, &site, out.path());
    let whole = [
        "busy/2025-November/sitemap.xml",
        "robots.txt",
        "sitemap.xml",
    ];
    assert_eq!(crawled(out.path()), whole);
    take_bytes(&store, "busy", &mbox(&[numbered(1_000, 1)]));
    publish_as(&store, &site, out.path());
    assert_eq!(
        crawled(out.path()),
        [
            "busy/2025-November/sitemap-01.xml",
            "busy/2025-November/sitemap-02.xml",
            "busy/2025-November/sitemap.xml",
            "robots.txt",
            "sitemap.xml"
        ]
    );
    let second = text(out.path(), "busy/2025-November/sitemap-02.xml");
    assert_eq!(second.matches("<loc>").count(), 500);
    take_bytes(&store, "busy", &mbox(&[numbered(1_001, 1)]));
    let report = publish_as(&store, &site, out.path());
    let xml = report.written.iter().filter(|path| path.ends_with(".xml"));
    assert_eq!(
        xml.collect::<Vec<_>>(),
        ["busy/2025-November/sitemap-01.xml"]
    );
}

#[test]
fn only_what_everybody_is_shown_and_may_find() {
    let store = MemoryStore::new();
    take(&store, "hall", &small_list("town-hall.mbox"));
    take(&store, "lighthouse", &small_list("lighthouse-keepers.mbox"));
    let out = tempfile::tempdir().unwrap();
    let mut site = site("https://a.example");
    publish_as(&store, &site, out.path());
    assert!(text(out.path(), "sitemap.xml").contains("/lighthouse/"));
    for robots in [Robots::NoIndex, Robots::None] {
        let own = site.lists.entry(ListName::new("lighthouse").unwrap());
        own.or_default().robots = robots;
        publish_as(&store, &site, out.path());
        assert!(!text(out.path(), "sitemap.xml").contains("lighthouse"));
        assert!(
            !crawled(out.path())
                .iter()
                .any(|path| path.contains("lighthouse"))
        );
        assert!(text(out.path(), "lighthouse/index.html").contains("\"robots\" content=\"noindex"));
        let forbids = text(out.path(), "robots.txt").contains("Disallow: /lighthouse/\n");
        assert_eq!(forbids, robots == Robots::None);
    }
    // A name that nobody is told stands nowhere, also not among what is forbidden.
    let own = site.lists.entry(ListName::new("lighthouse").unwrap());
    own.or_default().visibility = Some(Visibility::Unlisted);
    publish_as(&store, &site, out.path());
    for path in ["robots.txt", "sitemap.xml"] {
        assert!(!text(out.path(), path).contains("lighthouse"), "{path}");
    }
}

#[test]
fn without_a_url_no_sitemap_and_on_a_shared_host_no_robots() {
    let store = MemoryStore::new();
    take(&store, "hall", &small_list("town-hall.mbox"));
    let out = tempfile::tempdir().unwrap();
    publish_as(&store, &site("https://a.example"), out.path());
    assert!(crawled(out.path()).len() > 2);
    publish_as(&store, &Site::default(), out.path());
    assert_eq!(crawled(out.path()), ["robots.txt"]);
    publish_as(&store, &site("https://a.example/lists"), out.path());
    assert!(crawled(out.path()).is_empty());
}
