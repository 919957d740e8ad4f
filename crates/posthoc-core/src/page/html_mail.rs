//! HTML mail made safe.
//!
//! Two steps. First the source is written again as well-nested markup (`tag_soup`): the HTML
//! parser's repair of bad nesting takes quadratic time and memory on hostile input, so it must never
//! have anything to repair. Then ammonia decides what may stay; its answer is the only thing that
//! reaches a page.

use super::BodyView;
use super::body::is_image_route;
use super::links::Links;
use super::picture::shown_size;
use super::public::mask_html;
use super::strings::Text;
use super::styles::{CLASSES, STYLED};
use super::tag_soup::{AS_WRITTEN, OWN, Rewriter};
use crate::text::Html;
use ammonia::{Builder, UrlRelative};
use std::collections::{HashMap, HashSet};

/// Bytes of one part, however many `html_bytes` lets through.
const MOST_BYTES: usize = 16 << 20;

/// Character references in one part.
const MOST_REFERENCES: usize = 100_000;

/// Appends an HTML part: no styles, no scripts, nothing remote; pictures only from the mail itself.
pub(super) fn push_html_mail(html: &mut Html, source: &str, view: &BodyView, links: &Links) {
    let end = shown_bytes(source);
    let pictures = pictures(view, links);
    let nested = Rewriter::new(&OWN, &source[..end], &pictures).run();
    html.push_literal("<div class=\"html\">");
    let clean = sanitise(&nested, &pictures);
    match mask_html(clean.as_str(), view.mask) {
        Some(masked) => html.push(&sanitise(&masked, &pictures)),
        None => html.push(&clean),
    }
    html.push_literal("</div>\n");
    if end < source.len() {
        html.push_literal("<p class=\"note\">");
        html.push_text(links.strings.get(Text::CutPart));
        html.push_literal("</p>\n");
    }
}

/// How much of a part is shown: the limit of bytes, and of character references, for which the HTML
/// parser takes quadratic time.
fn shown_bytes(source: &str) -> usize {
    let mut end = source.len().min(MOST_BYTES);
    while !source.is_char_boundary(end) {
        end -= 1;
    }
    let references = source[..end].match_indices('&').nth(MOST_REFERENCES);
    references.map_or(end, |(at, _)| at)
}

/// Links of the mail's own pictures by Content-ID.
fn pictures(view: &BodyView, links: &Links) -> HashMap<String, String> {
    view.body
        .attachments
        .iter()
        .zip(&view.files)
        .filter(|(file, route)| is_image_route(route) && shown_size(&file.bytes).is_some())
        .filter_map(|(attachment, route)| Some((attachment.content_id.clone()?, links.to(route))))
        .collect()
}

/// HTML of a mail made safe for the pages of another archiver, which show it in its own look: the same two
/// steps, with fonts, colours and a few styles. Pictures are shown where their `src` is one of `files`;
/// other pictures keep an empty one. Links lead outward or nowhere.
pub fn html_as_written(source: &str, files: &HashSet<String>) -> String {
    let nested = Rewriter::new(&AS_WRITTEN, &source[..shown_bytes(source)], &HashMap::new()).run();
    let own = files.clone();
    as_written()
        .attribute_filter(
            move |element, attribute, value| match (element, attribute) {
                ("img", "src") if !own.contains(value) => Some("".into()),
                ("a", "href") => is_outward(value).then(|| value.into()),
                _ => Some(value.into()),
            },
        )
        .clean(&nested)
        .to_string()
}

/// Properties of styles that neither load anything nor move an element from its place.
const PROPERTIES: [&str; 23] = [
    "background-color",
    "border",
    "border-bottom",
    "border-collapse",
    "border-left",
    "border-right",
    "border-top",
    "color",
    "direction",
    "font",
    "font-family",
    "font-size",
    "font-style",
    "font-variant",
    "font-weight",
    "line-height",
    "padding",
    "text-align",
    "text-decoration",
    "vertical-align",
    "white-space",
    "word-break",
    "word-spacing",
];

/// What may stay in [`html_as_written`].
fn as_written() -> Builder<'static> {
    let mut builder = Builder::empty();
    builder
        .tags(AS_WRITTEN.all().collect())
        .generic_attributes(HashSet::from([
            "dir", "lang", "title", "align", "style", "bgcolor", "width", "height", "valign",
        ]))
        .filter_style_properties(HashSet::from(PROPERTIES))
        .tag_attributes(HashMap::from([
            on("a", &["href"]),
            on("font", &["color", "face", "size"]),
            on("hr", &["size", "color", "noshade"]),
            on("img", &["src", "alt", "border"]),
            on("li", &["type"]),
            on("ol", &["start", "type"]),
            on("ul", &["type"]),
            on("blockquote", &["type"]),
            on("table", &["border", "cellpadding", "cellspacing"]),
            on("td", &["colspan", "rowspan", "nowrap"]),
            on("th", &["colspan", "rowspan", "nowrap"]),
        ]))
        .url_schemes(HashSet::from(SCHEMES))
        .url_relative(UrlRelative::PassThrough)
        .link_rel(Some("nofollow"));
    builder
}

/// Schemes of links.
const SCHEMES: [&str; 4] = ["http", "https", "ftp", "mailto"];

fn on(element: &'static str, attributes: &[&'static str]) -> (&'static str, HashSet<&'static str>) {
    (element, attributes.iter().copied().collect())
}

/// Safe markup is let through as it is: what was sanitised may come again.
fn sanitise(nested: &str, pictures: &HashMap<String, String>) -> Html {
    let pictures = pictures.clone();
    let document = Builder::empty()
        .tags(OWN.all().collect())
        .generic_attributes(HashSet::from(["dir", "lang", "title"]))
        .tag_attributes(HashMap::from([
            on("a", &["href"]),
            on("img", &["src", "alt", "width", "height"]),
            on("table", &["border"]),
            on("td", &["colspan", "rowspan"]),
            on("th", &["colspan", "rowspan"]),
        ]))
        .allowed_classes(HashMap::from(STYLED.map(|element| on(element, &CLASSES))))
        .url_schemes(HashSet::from(SCHEMES))
        .url_relative(UrlRelative::PassThrough)
        .link_rel(Some("nofollow noopener noreferrer"))
        .attribute_filter(
            move |element, attribute, value| match (element, attribute) {
                ("img", "src") => {
                    let own = pictures.values().any(|route| route == value);
                    own.then(|| value.into())
                }
                ("a", "href") => is_outward(value).then(|| value.into()),
                _ => Some(value.into()),
            },
        )
        .clean(nested);
    Html::sanitised(document)
}

/// Whether a link says where it leads: relative ones would lead into our own site.
fn is_outward(url: &str) -> bool {
    ["http://", "https://", "ftp://", "mailto:"]
        .iter()
        .any(|scheme| {
            url.get(..scheme.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, expected: &str) {
        let pictures = HashMap::from([("p@x".to_owned(), "../a/p.png".to_owned())]);
        let nested = Rewriter::new(&OWN, source, &pictures).run();
        let html = sanitise(&nested, &pictures);
        assert_eq!(html.as_str(), expected, "{source}");
        let again = sanitise(html.as_str(), &pictures);
        assert_eq!(again.as_str(), expected, "{source}");
    }

    #[test]
    fn safe_and_nested() {
        check("a < b & c", "a &lt; b &amp; c");
        check("<p>a<p>b", "<p>a</p><p>b</p>");
        check("<b>a<i>b</b>c</i>", "<b>a<i>b</i></b>c");
        check("<script>x</script>y<style>z", "y");
        check("<h1 style=x onclick=y>t</h1>", "<h3>t</h3>");
        check("<!-- <b> -->x<!doctype y>z", "xz");
        check("<svg><a href=x>y</a></svg>z", "z");
        check("<ul><li>a<li>b</ul>c", "<ul><li>a</li><li>b</li></ul>c");
        check(
            "<a href='https://x.example/\"' onclick=y>z</a>",
            "<a href=\"https://x.example/&quot;\" rel=\"nofollow noopener noreferrer\">z</a>",
        );
        for href in [
            "javascript:x",
            "/index.html",
            "//x.example",
            "cid:p@x",
            "data:x",
            " java\nscript:x",
        ] {
            check(&format!("<a href=\"{href}\">z</a>"), "<a>z</a>");
        }
        check(
            "<img src=cid:p@x alt=y>",
            "<img src=\"../a/p.png\" alt=\"y\">",
        );
        check(
            "<img src=cid:p%40x>",
            "<img src=\"../a/p.png\" alt=\"p.png\">",
        );
        check(
            "<img src=https://x.example/y.png alt=y>",
            "<a href=\"https://x.example/y.png\" class=\"m-remote\" rel=\"nofollow noopener noreferrer\">[y]</a>",
        );
        check(
            "<img src=https://x.example/y.png>",
            "<a href=\"https://x.example/y.png\" class=\"m-remote\" rel=\"nofollow noopener noreferrer\">[y.png]</a>",
        );
        check(
            "<img src=https://x.example/y.png alt=y width=1 height=1>",
            "",
        );
        check("a<img src=//x.example/y.png alt=' '>", "a");
        check(
            "<img src=../y.png alt='<b>'>",
            "<span class=\"m-remote\">[&lt;b&gt;]</span>",
        );
        check(
            "<img src=../a/p.png alt=x>",
            "<span class=\"m-remote\">[x]</span>",
        );
        check(
            "<p style='text-align:center;color:red' class=x>a<span style='font-size:9pt'>b<span style='font-weight:bold'>c</span>d</span>e</p>",
            "<p class=\"m-center m-red\">ab<span class=\"m-b\">c</span>de</p>",
        );
        check(
            "<font color=blue>a</font>",
            "<span class=\"m-blue\">a</span>",
        );
        check("<p class='m-b m-evil'>a", "<p>a</p>");
        check(
            "<blockquote type=cite>a",
            "<blockquote class=\"m-cite\">a</blockquote>",
        );
        check("<form action=x><input name=y>z</form>", "z");
        check(
            "<a title=\"<img src=x onerror=y>\">z",
            "<a title=\"&lt;img src=x onerror=y&gt;\">z</a>",
        );
        check("<", "&lt;");
        check("</", "&lt;/");
        check("<p", "<p></p>");
        check("<a href=\"x", "<a></a>");
    }

    /// As HTML wants it, and as browsers show it.
    #[test]
    fn words_hold_no_blocks_and_lists_only_items() {
        check(
            "<b>a<div>b</div>c</b>d",
            "<b>a</b><div><b>b</b></div><b>c</b>d",
        );
        check("<b><div>a</div></b>", "<b></b><div><b>a</b></div>");
        check(
            "<font color=red><p>a<p>b</font>c",
            "<span class=\"m-red\"></span><p><span class=\"m-red\">a</span></p><p><span class=\"m-red\">b</span>c</p>",
        );
        check("<b><div>a</b>b</div>c", "<b></b><div><b>a</b>b</div>c");
        check("<b><i>a<hr>b", "<b><i>a</i></b><hr><b><i>b</i></b>");
        check(
            "<b><a href=http://x.example/><div>a",
            "<b><a href=\"http://x.example/\" rel=\"nofollow noopener noreferrer\"></a></b><div><b>\
             <a href=\"http://x.example/\" rel=\"nofollow noopener noreferrer\">a</a></b></div>",
        );
        check("<div><b>a</div>b", "<div><b>a</b></div>b");
        check(
            "<ul><li>a<ul><li>b</ul></ul>",
            "<ul><li>a<ul><li>b</li></ul></li></ul>",
        );
        check(
            "<ul><ul><li>a</ul>b<li>c",
            "<ul><li><ul><li>a</li></ul>b</li><li>c</li></ul>",
        );
        check("<ul><p>a", "<ul><li><p>a</p></li></ul>");
        check(
            "<b><li>a<li>b</b>",
            "<b></b><ul><li><b>a</b></li><li><b>b</b></li></ul>",
        );
        check(
            "<b><ul>\n<li>a\n</b><li>b</ul>c",
            "<b></b><ul>\n<li><b>a\n</b></li><li>b</li></ul>c",
        );
        check(
            "<font color=red><table><tr><td>a<td>b</table>c",
            "<span class=\"m-red\"></span><table><tbody><tr><td><span class=\"m-red\">a</span></td><td>\
             <span class=\"m-red\">b</span></td></tr></tbody></table><span class=\"m-red\">c</span>",
        );
        check("<ul><span><b><li>a", "<ul><li><b></b></li><li>a</li></ul>");
        check(
            "<a href=http://x.example/>a<table><tr><td><a href=http://y.example/>b</a>",
            "<a href=\"http://x.example/\" rel=\"nofollow noopener noreferrer\">a<table><tbody><tr><td>b</td></tr></tbody></table></a>",
        );
        check(
            "<a href=' http://x.example/a\nb c '>d",
            "<a href=\"http://x.example/ab%20c\" rel=\"nofollow noopener noreferrer\">d</a>",
        );
        check(
            "<table><tr><td align=RIGHT>a",
            "<table><tbody><tr><td class=\"m-right\">a</td></tr></tbody></table>",
        );
        check(
            "<p align=center>a<hr align=left>",
            "<p class=\"m-center\">a</p><hr>",
        );
    }

    #[test]
    fn safe_in_its_own_look() {
        let check = |source: &str, expected: &str| {
            let files = HashSet::from(["a.png".to_owned()]);
            let html = html_as_written(source, &files);
            assert_eq!(html, expected, "{source}");
            assert_eq!(html_as_written(&html, &files), expected, "{source}");
        };
        check(
            "<center><font color=red size=2>a<h1>b",
            "<center><font color=\"red\" size=\"2\">a<h1>b</h1></font></center>",
        );
        check(
            "<p style='color:red;background:url(x);position:fixed;margin:-9em'>a",
            "<p style=\"color:red\">a</p>",
        );
        check(
            "<img src=a.png onerror=x><img src=http://x.example/y.png>",
            "<img src=\"a.png\"><img src=\"\">",
        );
        check(
            "<a href=index.html>a</a><a href='java\nscript:x'>b</a><a href=http://x.example/ target=y>c</a>",
            "<a rel=\"nofollow\">a</a><a rel=\"nofollow\">b</a><a href=\"http://x.example/\" rel=\"nofollow\">c</a>",
        );
        check(
            "</td></table></div>a<!-- x --><script>b</script><iframe srcdoc=c>d</iframe>e",
            "ae",
        );
    }

    /// A long tag around many blocks is not written, nor copied, for each of them.
    #[test]
    fn words_come_again_within_their_room() {
        let source = format!(
            "<i title={}>{}",
            "a".repeat(1 << 16),
            "<li>b".repeat(1 << 16)
        );
        let nested = Rewriter::new(&OWN, &source, &HashMap::new()).run();
        assert!(nested.len() < 6 * source.len(), "{}", nested.len());
    }

    #[test]
    fn hostile_nesting_takes_no_time() {
        for piece in [
            "<div>",
            "<b><p>",
            "<a><table>",
            "<font size=1><p>x",
            "<b><div></b>",
            "<i title=aaaaaaaaaaaaaaaaaaaaaaaaaa><p>",
            "<ul>",
            "<i></b>",
            "<!--",
            "<x ",
            "</",
            "<table><td>",
        ] {
            let nested = Rewriter::new(
                &OWN,
                &piece.repeat((1 << 18) / piece.len()),
                &HashMap::new(),
            )
            .run();
            let html = sanitise(&nested, &HashMap::new());
            assert!(html.as_str().len() < 16 << 20);
            let source = piece.repeat((1 << 18) / piece.len());
            assert!(html_as_written(&source, &HashSet::new()).len() < 16 << 20);
        }
    }
}
