//! URLs and ids in escaped text as links.

use super::arguments::Arguments;
use super::header::ADDRESS;
use crate::archive::Site;
use crate::mail::Mail;
use crate::text::push_escaped;
use crate::ties::mark;

/// What begins a URL, with what has to follow it.
const SCHEMES: [(&str, &str); 8] = [
    ("http", "//"),
    ("https", "//"),
    ("ftp", "//"),
    ("gopher", "//"),
    ("nntp", "//"),
    ("ldap", "//"),
    ("news", ""),
    ("mailto", ""),
];

/// Appends escaped text in which URLs are links.
pub(super) fn push_urls(text: &[u8], arguments: &Arguments, out: &mut Vec<u8>) {
    if arguments.has("nourl") {
        return out.extend_from_slice(text);
    }
    let mut rest = text;
    let mut from = 0;
    while let Some(colon) = memchr::memchr(b':', &rest[from..]).map(|at| from + at) {
        let Some((scheme, start)) = scheme_before(rest, colon) else {
            from = colon + 1;
            continue;
        };
        let end = url_end(rest, colon + 1 + scheme.1.len());
        let wanted = match arguments.value("link") {
            Some(_) => arguments.lists("link", scheme.0),
            None => !arguments.lists("nolink", scheme.0),
        };
        match end.filter(|_| wanted) {
            Some(end) => {
                out.extend_from_slice(&rest[..start]);
                push_link(&rest[start..end], arguments, out);
                rest = &rest[end..];
                from = 0;
            }
            None => from = end.unwrap_or(colon + 1),
        }
    }
    out.extend_from_slice(rest);
}

fn push_link(url: &[u8], arguments: &Arguments, out: &mut Vec<u8>) {
    out.extend_from_slice(b"<a ");
    if let Some(target) = arguments.value("target") {
        out.extend_from_slice(b"target=\"");
        push_escaped(target.as_bytes(), out);
        out.extend_from_slice(b"\"");
    }
    out.extend_from_slice(b" rel=\"nofollow\" href=\"");
    out.extend_from_slice(url);
    out.extend_from_slice(b"\">");
    out.extend_from_slice(url);
    out.extend_from_slice(b"</a>");
}

/// The scheme that ends at a colon, and where it begins. Letters before it do not matter.
fn scheme_before(text: &[u8], colon: usize) -> Option<((&'static str, &'static str), usize)> {
    let longest_first = [
        "https", "http", "ftp", "gopher", "nntp", "ldap", "mailto", "news",
    ];
    longest_first.iter().find_map(|name| {
        let entry = SCHEMES.iter().find(|entry| entry.0 == *name)?;
        let follows = text[colon + 1..].starts_with(entry.1.as_bytes());
        (text[..colon].ends_with(name.as_bytes()) && follows).then(|| (*entry, colon - name.len()))
    })
}

/// Where the URL ends whose rest begins at `start`; none where it is too short to be one.
fn url_end(text: &[u8], start: usize) -> Option<usize> {
    let mut end = start;
    while end < text.len() {
        let rest = &text[end..];
        let stops = rest[0] <= b' '
            || b"()|<>\"'".contains(&rest[0])
            || rest.starts_with(b"&lt;")
            || rest.starts_with(b"&gt;");
        if stops {
            break;
        }
        end += 1;
    }
    while end > start && b".?!;,[]".contains(&text[end - 1]) {
        end -= 1;
    }
    (end >= start + 2).then_some(end)
}

/// HTML in which ids of mails that the archive holds are links, outside tags and links. Marks of those that it
/// does not hold are added to `unknown`.
pub(super) fn with_ids(html: &[u8], site: &Site<'_>, unknown: &mut Vec<u64>) -> Vec<u8> {
    with_some_ids(html, site, &|_| true, unknown)
}

/// The same, of ids of certain mails alone.
pub(crate) fn with_some_ids(
    html: &[u8],
    site: &Site<'_>,
    wanted: &dyn Fn(&Mail) -> bool,
    unknown: &mut Vec<u64>,
) -> Vec<u8> {
    let mut out = Vec::with_capacity(html.len());
    let mut copied = 0;
    let mut anchors = Anchors::default();
    if memchr::memchr(b'@', html).is_none() {
        return html.to_vec();
    }
    for found in ADDRESS.find_iter(html) {
        let known = site.archive.ids.get(found.as_bytes()).copied();
        if known.is_none() {
            unknown.push(mark(found.as_bytes()));
        }
        let known = known.filter(|at| wanted(&site.archive.mails[*at]));
        let Some(mail) = known.filter(|_| !anchors.covers(html, found.start())) else {
            continue;
        };
        out.extend_from_slice(&html[copied..found.start()]);
        push_id(mail, found.as_bytes(), site, &mut out);
        copied = found.end();
    }
    out.extend_from_slice(&html[copied..]);
    out
}

fn push_id(mail: usize, id: &[u8], site: &Site<'_>, out: &mut Vec<u8>) {
    use crate::resources::Name;
    let resources = &site.archive.resources;
    if &*resources.value(Name::MsgIdLink) == b"<a $A_HREF$>$MSGID$</a>" {
        let name = site.page_name(mail);
        out.extend_from_slice(format!("<a href=\"{name}\">").as_bytes());
        out.extend_from_slice(id);
        out.extend_from_slice(b"</a>");
    } else {
        crate::expand::Scope::of(site, Some(mail), None).push(Name::MsgIdLink, out);
    }
}

/// Where tags and links are, found on the way.
#[derive(Default)]
struct Anchors {
    at: usize,
    in_tag: bool,
    in_link: bool,
}

impl Anchors {
    /// Whether a place is within a tag or a link. Places are asked for in order.
    fn covers(&mut self, html: &[u8], place: usize) -> bool {
        while let Some(found) = memchr::memchr2(b'<', b'>', &html[self.at..place]) {
            let at = self.at + found;
            let rest = &html[at..];
            if html[at] == b'<' {
                self.in_tag = true;
                let starts = |name: &[u8]| {
                    rest.get(..name.len())
                        .is_some_and(|start| start.eq_ignore_ascii_case(name))
                };
                if starts(b"<a ") {
                    self.in_link = true;
                } else if starts(b"</a>") {
                    self.in_link = false;
                }
            } else {
                self.in_tag = false;
            }
            self.at = at + 1;
        }
        self.at = self.at.max(place);
        self.in_tag || self.in_link
    }
}
