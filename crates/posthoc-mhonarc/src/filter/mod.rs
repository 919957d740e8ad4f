//! A mail's MIME tree as HTML, part by part.

mod arguments;
mod enriched;
mod external;
mod flowed;
pub(crate) mod header;
mod html;
pub(crate) mod links;
mod plain;
mod small;

use crate::archive::{Archive, Site};
use crate::fields::Fields;
use crate::pages::File;
use crate::resources::{Name, REPLACED, Refusal, Resources};
use arguments::Arguments;
use posthoc_core::message::{Message, Part};
use std::collections::{HashMap, HashSet};

/// A mail as HTML.
#[derive(Clone, Debug, Default)]
pub(crate) struct Converted {
    /// The list of its header fields.
    pub(crate) head: Vec<u8>,
    pub(crate) body: Vec<u8>,
    pub(crate) files: Vec<File>,
    /// Marks of ids in it that the archive does not hold, each once.
    pub(crate) unknown: Vec<u64>,
}

/// The filters, by the types that they have by default.
const FILTERS: [(&str, &str); 19] = [
    ("application/octet-stream", "m2h_external"),
    ("application/*", "m2h_external"),
    ("application/x-patch", "m2h_text_plain"),
    ("audio/*", "m2h_external"),
    ("chemical/*", "m2h_external"),
    ("model/*", "m2h_external"),
    ("image/*", "m2h_external"),
    ("message/delivery-status", "m2h_text_plain"),
    ("message/external-body", "m2h_msg_extbody"),
    ("message/partial", "m2h_text_plain"),
    ("text/*", "m2h_text_plain"),
    ("text/enriched", "m2h_text_enriched"),
    ("text/html", "m2h_text_html"),
    ("text/plain", "m2h_text_plain"),
    ("text/richtext", "m2h_text_enriched"),
    ("text/tab-separated-values", "m2h_text_tsv"),
    ("text/x-html", "m2h_text_html"),
    ("video/*", "m2h_external"),
    ("x-sun-attachment", "m2h_text_plain"),
];

/// Filters that are here.
const KNOWN: [&str; 7] = [
    "m2h_external",
    "m2h_text_plain",
    "m2h_text_html",
    "m2h_text_enriched",
    "m2h_text_tsv",
    "m2h_msg_extbody",
    "m2h_null",
];

/// Names what of the MIME resources is not done.
pub(crate) fn check(resources: &Resources, refused: &mut Vec<Refusal>) {
    for line in resources.lines(Name::MimeFilters) {
        let routine = line.split(';').nth(1).map(str::trim).unwrap_or_default();
        let name = routine.strip_suffix("::filter").unwrap_or_default();
        if line.as_bytes() != REPLACED.trim_ascii() && !KNOWN.contains(&name) {
            refused.push(Refusal {
                resource: "MIMEFILTERS".to_owned(),
                what: line,
                instead: "one of the filters that come with MHonArc",
            });
        }
    }
    for word in [
        "allowscript",
        "allowcomments",
        "allownoncidurls",
        "local-file",
        "uudecode",
    ] {
        let asks = |line: &String| line.split([' ', '\t', ';']).any(|piece| piece == word);
        for line in resources
            .lines(Name::MimeArgs)
            .into_iter()
            .filter(|line| asks(line))
        {
            refused.push(Refusal {
                resource: "MIMEARGS".to_owned(),
                what: line,
                instead: "the filter without this argument: nothing of a mail runs, loads or reads on a page",
            });
        }
    }
}

/// The filter of a media type.
fn filter_of(resources: &Resources, media_type: &str) -> String {
    let lines = resources.lines(Name::MimeFilters);
    let built_in = !resources.value(Name::MimeFilters).starts_with(REPLACED);
    let base = media_type.split('/').next().unwrap_or_default();
    let set = |wanted: &str| {
        lines.iter().rev().find_map(|line| {
            let mut pieces = line.split(';').map(str::trim);
            pieces
                .next()
                .filter(|kind| kind.eq_ignore_ascii_case(wanted))?;
            let name = pieces.next()?.strip_suffix("::filter")?;
            KNOWN.contains(&name).then(|| name.to_owned())
        })
    };
    let by_default = |wanted: &str| {
        let found = FILTERS.iter().find(|(kind, _)| built_in && *kind == wanted);
        found.map(|(_, filter)| (*filter).to_owned())
    };
    let wanted = [
        media_type.to_owned(),
        format!("{base}/*"),
        "application/octet-stream".to_owned(),
    ];
    let found = wanted
        .iter()
        .find_map(|wanted| set(wanted).or_else(|| by_default(wanted)));
    found.unwrap_or_else(|| "m2h_external".to_owned())
}

/// A mail being converted.
pub(crate) struct Conversion<'a> {
    pub(crate) archive: &'a Archive,
    /// The mail's number.
    pub(crate) number: u32,
    /// Its id: names of files hang on it.
    pub(crate) id: &'a [u8],
    /// Parts by Content-ID.
    parts: HashMap<&'a str, &'a Part>,
    /// Parts that another one shows, by their address in memory.
    shown: HashSet<usize>,
    files: Vec<File>,
    /// Marks of ids that the archive does not hold.
    unknown: Vec<u64>,
}

/// What is still to be written, innermost last.
enum Step<'a> {
    Part(&'a Part),
    Markup(&'static str),
}

const MESSAGE_BEGIN: &str =
    "<blockquote><small>---&nbsp;<i>Begin&nbsp;Message</i>&nbsp;---</small>\n";
const MESSAGE_END: &str = "<br><small>---&nbsp;<i>End Message</i>&nbsp;---</small></blockquote>\n";

/// Converts a mail.
pub(crate) fn convert(site: &Site<'_>, at: usize, message: &Message) -> Converted {
    let mail = &site.archive.mails[at];
    let mut conversion = Conversion {
        archive: site.archive,
        number: mail.number,
        id: &mail.id,
        parts: HashMap::new(),
        shown: HashSet::new(),
        files: Vec::new(),
        unknown: Vec::new(),
    };
    conversion.collect(&message.root);
    let head = header::list(&Fields::of(&message.root), site, &mut conversion.unknown);
    let body = conversion.walk(&message.root, site);
    let body = links::with_ids(&body, site, &mut conversion.unknown);
    conversion.unknown.sort_unstable();
    conversion.unknown.dedup();
    Converted {
        head,
        body,
        files: conversion.files,
        unknown: conversion.unknown,
    }
}

impl<'a> Conversion<'a> {
    fn collect(&mut self, root: &'a Part) {
        let mut waiting = vec![root];
        while let Some(part) = waiting.pop() {
            if let Some(id) = &part.content_id {
                self.parts.entry(id).or_insert(part);
            }
            waiting.extend(part.children.iter().rev());
        }
    }

    fn walk(&mut self, root: &'a Part, site: &Site<'_>) -> Vec<u8> {
        let mut out = Vec::new();
        let mut waiting = vec![Step::Part(root)];
        while let Some(step) = waiting.pop() {
            let part = match step {
                Step::Markup(text) => {
                    out.extend_from_slice(text.as_bytes());
                    continue;
                }
                Step::Part(part) => part,
            };
            let kind = part.media_type.as_str();
            if self.excluded(kind) || self.shown.contains(&address(part)) {
                continue;
            }
            if kind == "multipart/alternative" {
                waiting.extend(self.chosen(part).map(Step::Part));
            } else if kind.starts_with("multipart/") {
                waiting.extend(part.children.iter().rev().map(Step::Part));
                if kind == "multipart/related" {
                    self.root_first(&mut waiting, part);
                }
            } else if let (true, Some(inner)) = (is_message(kind), part.children.first()) {
                out.extend_from_slice(MESSAGE_BEGIN.as_bytes());
                let head = header::list(&Fields::of(inner), site, &mut self.unknown);
                out.extend_from_slice(&head);
                waiting.push(Step::Markup(MESSAGE_END));
                waiting.push(Step::Part(inner));
            } else {
                self.leaf(part, &mut out);
            }
        }
        out
    }

    /// The root of related parts comes first, wherever it stands (RFC 2387).
    fn root_first(&self, waiting: &mut Vec<Step<'a>>, part: &'a Part) {
        let Some(start) = part.parameters.iter().find(|(name, _)| name == "start") else {
            return;
        };
        let wanted = start.1.trim_matches(['<', '>']);
        let root = part
            .children
            .iter()
            .position(|child| child.content_id.as_deref() == Some(wanted));
        if let Some(place) = root {
            let at = waiting.len() - 1 - place;
            let root = waiting.remove(at);
            waiting.push(root);
        }
    }

    fn excluded(&self, kind: &str) -> bool {
        let base = format!("{}/*", kind.split('/').next().unwrap_or_default());
        let bare = kind.split('/').next().unwrap_or_default();
        let listed = |name: Name| {
            let lines = self.archive.resources.lines(name);
            let found = lines.iter().any(|line| {
                let line = line.to_ascii_lowercase();
                line == kind || line == base || line == bare
            });
            (lines.is_empty(), found)
        };
        let (_, out) = listed(Name::MimeExcs);
        let (all, included) = listed(Name::MimeIncs);
        let holds_others = kind.starts_with("multipart/") || is_message(kind);
        out || !(all || included || holds_others)
    }

    /// The form that is shown of several: the preferred one, else the last that can be.
    fn chosen(&self, part: &'a Part) -> Option<&'a Part> {
        let usable = |child: &&Part| !self.excluded(&child.media_type);
        let prefers = self.archive.resources.lines(Name::MimeAltPrefs);
        let preferred = prefers.iter().find_map(|kind| {
            part.children
                .iter()
                .filter(usable)
                .find(|child| child.media_type.eq_ignore_ascii_case(kind))
        });
        preferred.or_else(|| part.children.iter().rev().find(usable))
    }

    fn leaf(&mut self, part: &'a Part, out: &mut Vec<u8>) {
        let archive = self.archive;
        let filter = filter_of(&archive.resources, &part.media_type);
        let arguments = Arguments::of(
            &archive.resources,
            &part.media_type,
            &format!("{filter}::filter"),
        );
        let attached = part.disposition == posthoc_core::message::Disposition::Attachment;
        let as_file = arguments.has("attachcheck") && attached;
        match filter.as_str() {
            "m2h_text_plain"
                if !as_file
                    && arguments.has("htmlcheck")
                    && plain::looks_like_html(&part.bytes) =>
            {
                self.push_html(part, &Arguments::default(), out);
            }
            "m2h_text_plain" if !as_file => plain::push(archive, part, &arguments, out),
            "m2h_text_html" if !as_file => self.push_html(part, &arguments, out),
            "m2h_text_enriched" => enriched::push(archive, part, out),
            "m2h_text_tsv" => small::push_table(archive, part, out),
            "m2h_msg_extbody" => small::push_elsewhere(part, out),
            "m2h_null" => small::push_nothing(part, out),
            _ => self.push_external(part, &arguments, out),
        }
    }

    /// The part with a Content-ID, taken out as a file: its name.
    fn related(&mut self, id: &str) -> Option<String> {
        let part = *self.parts.get(id)?;
        if !part.media_type.starts_with("image/") {
            return None;
        }
        let name = self.file(part, &Arguments::default());
        self.shown.insert(address(part));
        Some(name)
    }
}

fn is_message(kind: &str) -> bool {
    matches!(kind, "message/rfc822" | "message/news" | "message/global")
}

fn address(part: &Part) -> usize {
    std::ptr::from_ref(part) as usize
}
