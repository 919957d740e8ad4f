//! The list of a mail's header fields.

use super::links;
use crate::archive::{Archive, Site};
use crate::expand::Scope;
use crate::fields::Fields;
use crate::pattern::of_bytes;
use crate::resources::{Name, Resources};
use crate::text::{header_html, push_escaped, url_escaped};
use regex::bytes::{Regex, RegexBuilder};
use std::collections::HashMap;
use std::sync::LazyLock;

/// What the original takes for an address, and for an id: the last word behind the sign has two to four
/// letters, and no `=` stands before it.
pub(super) static ADDRESS: LazyLock<Regex> =
    LazyLock::new(|| of_bytes(r"(?-u)[\w!%.+-]+@(?:[\w-]+\.)+[A-Za-z]{2,4}\b"));

/// Fields that name mails: their ids become links, their addresses do not.
const OF_IDS: [&str; 3] = ["in-reply-to", "references", "message-id"];

/// The fields that are not shown (EXCS): expressions over the beginning of a name.
pub(crate) fn hidden(resources: &Resources) -> Vec<Regex> {
    let read = |line: &String| {
        RegexBuilder::new(&format!("^(?:{line})"))
            .case_insensitive(true)
            .unicode(false)
            .build()
            .ok()
    };
    resources
        .lines(Name::Excs)
        .iter()
        .filter_map(read)
        .collect()
}

/// The fields that are shown, as FIELDORDER and EXCS say. Ids in them that the archive does not hold are added
/// to `unknown`.
pub(super) fn list(fields: &Fields, site: &Site<'_>, unknown: &mut Vec<u64>) -> Vec<u8> {
    let resources = &site.archive.resources;
    let hidden = &site.archive.hidden;
    let shown = |name: &&str| {
        !hidden
            .iter()
            .any(|pattern| pattern.is_match(name.as_bytes()))
    };
    let order: Vec<String> = resources
        .lines(Name::FieldOrder)
        .iter()
        .map(|name| name.to_ascii_lowercase())
        .collect();
    let mut out = Vec::new();
    let scope = Scope::of(site, None, None);
    let mut items = Vec::new();
    for name in &order {
        if name == "-extra-" {
            let extra = fields
                .names()
                .into_iter()
                .filter(|name| !order.iter().any(|known| known == name));
            extra
                .filter(shown)
                .for_each(|name| push_field(name, fields, site, unknown, &mut items));
        } else if shown(&name.as_str()) {
            push_field(name, fields, site, unknown, &mut items);
        }
    }
    if !items.is_empty() {
        scope.push(Name::FieldsBeg, &mut out);
        out.extend_from_slice(&items);
        scope.push(Name::FieldsEnd, &mut out);
    }
    out
}

fn push_field(
    name: &str,
    fields: &Fields,
    site: &Site<'_>,
    unknown: &mut Vec<u64>,
    out: &mut Vec<u8>,
) {
    let resources = &site.archive.resources;
    let scope = Scope::of(site, None, None);
    let mut label = name.to_owned();
    if let Some(first) = label.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    for value in fields.all(name) {
        scope.push(Name::LabelBeg, out);
        let mut text = Vec::new();
        push_escaped(label.as_bytes(), &mut text);
        push_styled(
            &style(&resources.lines(Name::LabelStyles), name),
            &text,
            out,
        );
        scope.push(Name::LabelEnd, out);
        scope.push(Name::FldBeg, out);
        let value = value_html(name, value, site, unknown);
        push_styled(
            &style(&resources.lines(Name::FieldStyles), name),
            &value,
            out,
        );
        scope.push(Name::FldEnd, out);
    }
}

/// The elements around a field, by its name or by default.
fn style(lines: &[String], name: &str) -> String {
    let styles: HashMap<String, &str> = lines
        .iter()
        .map(|line| {
            // A name alone has no style.
            let (name, style) = line.split_once(':').unwrap_or((line, ""));
            (name.trim().to_ascii_lowercase(), style.trim())
        })
        .collect();
    styles
        .get(name)
        .or_else(|| styles.get("-default-"))
        .copied()
        .unwrap_or_default()
        .to_owned()
}

fn push_styled(style: &str, text: &[u8], out: &mut Vec<u8>) {
    if style.is_empty() {
        return out.extend_from_slice(text);
    }
    out.extend_from_slice(format!("<{style}>").as_bytes());
    out.extend_from_slice(text);
    let element = style.split_whitespace().next().unwrap_or_default();
    out.extend_from_slice(format!("</{element}>").as_bytes());
}

fn value_html(name: &str, value: &[u8], site: &Site<'_>, unknown: &mut Vec<u64>) -> Vec<u8> {
    let archive = site.archive;
    if name == "newsgroups" && archive.resources.is_on(Name::News) {
        return newsgroups(value, archive);
    }
    if name.starts_with("list-") && memchr::memchr(b'<', value).is_some() {
        return list_links(value, archive);
    }
    let stripped = archive
        .resources
        .subject_strip
        .as_ref()
        .filter(|_| name == "subject");
    let value = stripped.map_or(std::borrow::Cow::Borrowed(value), |rewrite| {
        rewrite.apply(value)
    });
    let html = header_html(&value, &archive.charsets);
    if OF_IDS.contains(&name) {
        return links::with_ids(&html, site, unknown);
    }
    with_addresses(&html, archive, archive.resources.is_on(Name::MailTo))
}

/// Addresses in escaped text: shown as ADDRESSMODIFYCODE says, links where that is wanted.
pub(crate) fn with_addresses(html: &[u8], archive: &Archive, link: bool) -> Vec<u8> {
    let modify = archive.resources.address_modify();
    if !link && modify.is_none() || memchr::memchr(b'@', html).is_none() {
        return html.to_vec();
    }
    let put = |found: &regex::bytes::Captures<'_>| {
        let address = found.get(0).map_or(&b""[..], |found| found.as_bytes());
        let shown = match &modify {
            Some(rewrite) => rewrite.apply(address).into_owned(),
            None => address.to_vec(),
        };
        if !link {
            return shown;
        }
        let mut out = b"<a href=\"".to_vec();
        // The template is the owner's own markup; what is put into it is escaped as a part of a URL.
        out.extend_from_slice(&mail_url(address, archive));
        out.extend_from_slice(b"\">");
        out.extend_from_slice(&shown);
        out.extend_from_slice(b"</a>");
        out
    };
    ADDRESS.replace_all(html, put).into_owned()
}

/// MAILTOURL for an address.
fn mail_url(address: &[u8], archive: &Archive) -> Vec<u8> {
    let template = archive.resources.value(Name::MailToUrl);
    let text = String::from_utf8_lossy(&template).trim().to_owned();
    let at = memchr::memchr(b'@', address).unwrap_or(address.len());
    let part = |bytes: &[u8]| String::from_utf8_lossy(&url_escaped(bytes)).into_owned();
    text.replace("$TOADDRNAME$", &part(&address[..at]))
        .replace(
            "$TOADDRDOMAIN$",
            &part(address.get(at + 1..).unwrap_or_default()),
        )
        .replace("$TO$", &part(address))
        .into_bytes()
}

fn newsgroups(value: &[u8], archive: &Archive) -> Vec<u8> {
    let template = archive.resources.word(Name::NewsUrl);
    let mut out = Vec::new();
    for (at, group) in value
        .split(|byte| *byte == b',')
        .map(<[u8]>::trim_ascii)
        .enumerate()
    {
        if at > 0 {
            out.extend_from_slice(b", ");
        }
        let escaped = String::from_utf8_lossy(&url_escaped(group)).into_owned();
        out.extend_from_slice(b"<a href=\"");
        out.extend_from_slice(template.replace("$NEWSGROUP$", &escaped).as_bytes());
        out.extend_from_slice(b"\">");
        push_escaped(group, &mut out);
        out.extend_from_slice(b"</a>");
    }
    out
}

/// The URLs between brackets of a List- field (RFC 2369).
fn list_links(value: &[u8], archive: &Archive) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = value;
    while let Some(start) = memchr::memchr(b'<', rest) {
        let Some(end) = memchr::memchr(b'>', &rest[start..]).map(|end| start + end) else {
            break;
        };
        out.extend_from_slice(&header_html(&rest[..start], &archive.charsets));
        let url = rest[start + 1..end].trim_ascii();
        let lower = url.to_ascii_lowercase();
        let leads = [
            &b"http://"[..],
            b"https://",
            b"ftp://",
            b"mailto:",
            b"news:",
        ];
        let safe = leads.iter().any(|scheme| lower.starts_with(scheme));
        out.extend_from_slice(b"&lt;");
        if safe {
            out.extend_from_slice(b"<a href=\"");
            push_escaped(url, &mut out);
            out.extend_from_slice(b"\">");
        }
        push_escaped(url, &mut out);
        out.extend_from_slice(if safe { b"</a>&gt;" } else { b"&gt;" });
        rest = &rest[end + 1..];
    }
    out.extend_from_slice(&header_html(rest, &archive.charsets));
    out
}
