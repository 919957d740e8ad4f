//! What crawlers read: `robots.txt` (RFC 9309) and sitemaps (sitemaps.org, 0.9).

use super::clean::xml_text;
use super::{Downloads, Robots, RobotsView, Site, SitemapView};
use crate::text::Html;
use std::fmt::Write;

/// Entries of one sitemap, as the protocol limits them;
const MOST_ENTRIES: usize = 50_000;
/// and its bytes: 50 MB, less the last entry and the end.
const MOST_BYTES: usize = 50_000_000 - 10_000;

/// Crawlers may read everything that anybody may; answers to searches are for people.
pub(super) fn robots(view: &RobotsView, site: &Site) -> String {
    if view.closed {
        return "User-agent: *\nDisallow: /\n".to_owned();
    }
    let mut text = String::new();
    for head in &view.lists {
        let kind = match head.downloads {
            _ if head.robots == Robots::None => continue,
            Downloads::Mbox => "mbox",
            Downloads::Text => "txt",
            Downloads::None => continue,
        };
        if text.is_empty() {
            text.push_str(BULK);
        }
        let _ = writeln!(text, "# /{}/VOLUME.{kind}.gz", head.name);
    }
    text.push_str(
        "User-agent: *\nDisallow: /search/?\nDisallow: /*/search/?\n\
         Disallow: /~login\nDisallow: /~logout\n",
    );
    for head in &view.lists {
        let name = &head.name;
        let _ = match head.robots {
            Robots::None => writeln!(text, "Disallow: /{name}/"),
            // Not every crawler knows `*` within a path.
            _ => writeln!(text, "Disallow: /{name}/search/?\nDisallow: /{name}/mid/"),
        };
    }
    text.push_str("Allow: /\n");
    if let Some(base) = &site.base_url {
        let base = base.trim_end_matches('/');
        let _ = writeln!(text, "\nSitemap: {base}/sitemap.xml");
    }
    text
}

/// What stands above the files that hold a whole volume.
const BULK: &str = "# Whoever wants everything: one file for each volume is less work for both of us \
                    than every page.\n# A list's page names its volumes.\n";

/// The document; URLs are whole, as the protocol demands, so without a base there are no entries.
pub(super) fn sitemap(view: &SitemapView, site: &Site) -> String {
    let (open, entry, close, end) = match view.index {
        true => (
            "<sitemapindex",
            "<sitemap>",
            "</sitemap>\n",
            "</sitemapindex>\n",
        ),
        false => ("<urlset", "<url>", "</url>\n", "</urlset>\n"),
    };
    let mut xml = Html::literal("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    xml.push_literal(open);
    xml.push_literal(" xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
    let base = site.base_url.as_deref();
    for (route, changed) in view.entries.iter().take(MOST_ENTRIES) {
        let Some(base) = base.filter(|_| xml.as_str().len() < MOST_BYTES) else {
            break;
        };
        xml.push_literal(entry);
        xml.push_literal("<loc>");
        xml.push_text(&xml_text(&route.url(base)));
        xml.push_literal("</loc>");
        if let Some(changed) = changed {
            xml.push_literal("<lastmod>");
            xml.push_text(&changed.w3c());
            xml.push_literal("</lastmod>");
        }
        xml.push_literal(close);
    }
    xml.push_literal(end);
    xml.into_string()
}
