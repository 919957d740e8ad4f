//! The pages of a list: its table of contents, the four indexes of a volume, and the mails.

use crate::article::{Article, Content};
use crate::body::body;
use crate::html::{self, Entities};
use crate::settings::Settings;
use crate::template::{Kind, fill, template};
use crate::volume::Volume;
use posthoc_core::route;
use std::cmp::Reverse;

/// What the pages name as the program that made them: Pipermail's own line, which programs look for.
const VERSION: &str = "0.09 (Mailman edition)";

/// Which index of a volume.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Index {
    /// `thread.html`, and `index.html`
    Thread,
    /// `subject.html`
    Subject,
    /// `author.html`
    Author,
    /// `date.html`
    Date,
}

impl Index {
    /// All four, as pages name them.
    pub const ALL: [Index; 4] = [Index::Thread, Index::Subject, Index::Author, Index::Date];

    /// Its name in English, of which its file's is made.
    pub fn name(self) -> &'static str {
        match self {
            Index::Thread => "thread",
            Index::Subject => "subject",
            Index::Author => "author",
            Index::Date => "date",
        }
    }
}

/// A volume in the table of contents.
#[derive(Clone, Debug)]
pub struct TocEntry {
    /// Its name.
    pub volume: route::Volume,
    /// Bytes of the text volume; of the compressed one where that is what is offered. None where it is not
    /// offered at all.
    pub text_size: Option<u64>,
}

fn page(kind: Kind, settings: &Settings, values: &[(&str, &[u8])], out: &mut Vec<u8>) {
    let charset = settings.charset();
    fill(&template(kind, settings), values, out, |words, out| {
        // Templates are markup: only what the charset lacks is told by numbers.
        charset.encode(words, out, |c, out| {
            out.extend_from_slice(format!("&#{};", u32::from(c)).as_bytes());
        });
    });
}

/// The line that names the page's charset.
fn encoding(settings: &Settings) -> Vec<u8> {
    let charset = settings.language.words().charset;
    format!("<META http-equiv=\"Content-Type\" content=\"text/html; charset={charset}\">")
        .into_bytes()
}

/// `index.html` of a list, its newest volume first. `mbox_size` is that of the whole mbox, where it is
/// offered and known.
pub fn toc(settings: &Settings, entries: &[TocEntry], mbox_size: Option<u64>) -> Vec<u8> {
    let mut newest_first: Vec<&TocEntry> = entries.iter().collect();
    newest_first.sort_by_key(|entry| Reverse((entry.volume.start(), &entry.volume)));
    let mut listing = Vec::new();
    for entry in newest_first {
        listing.extend(toc_entry(settings, entry));
    }
    let (mut start, mut end) = (Vec::new(), Vec::new());
    page(Kind::TocStart, settings, &[], &mut start);
    page(Kind::TocEnd, settings, &[], &mut end);
    let text = |text: &str| html::text(text, Entities::Escaped, settings.charset());
    let words = settings.language.words();
    let size = mbox_size.map_or_else(
        || words.no_size.to_owned(),
        |size| told_size(size, settings),
    );
    let mbox = format!("../{0}.mbox/{0}.mbox", settings.name);
    let mut out = Vec::new();
    let kind = if settings.links_mbox {
        Kind::TocWithMbox
    } else {
        Kind::Toc
    };
    let empty = entries.is_empty();
    page(
        if empty { Kind::Empty } else { kind },
        settings,
        &[
            ("listname", &text(&settings.real_name)),
            ("listinfo", &text(&settings.listinfo)),
            ("fullarch", &text(&mbox)),
            ("size", &text(&size)),
            ("meta", &encoding(settings)),
            ("noarchive_msg", b""),
            ("archive_listing_start", &start),
            ("archive_listing", &listing),
            ("archive_listing_end", &end),
        ],
        &mut out,
    );
    out
}

fn toc_entry(settings: &Settings, entry: &TocEntry) -> Vec<u8> {
    let words = settings.language.words();
    let label = settings.language.label(&entry.volume);
    let (link, suffix) = if settings.gzip {
        (words.gzip, ".txt.gz")
    } else {
        (words.text, ".txt")
    };
    let link = match entry.text_size {
        Some(size) => {
            let link = link.replace("%(size)s", &told_size(size, settings));
            format!(
                "<td><A href=\"{}{suffix}\">{link}</a></td>",
                entry.volume.as_str()
            )
        }
        None => String::new(),
    };
    let mut encoded = Vec::new();
    settings.charset().encode_with_marks(&link, &mut encoded);
    let mut out = Vec::new();
    page(
        Kind::TocEntry,
        settings,
        &[
            ("archive", entry.volume.as_str().as_bytes()),
            (
                "archivelabel",
                &html::text(&label, Entities::Escaped, settings.charset()),
            ),
            ("textlink", &encoded),
        ],
        &mut out,
    );
    out
}

/// A size as the table of contents tells it.
fn told_size(size: u64, settings: &Settings) -> String {
    let words = settings.language.words();
    match size {
        0..1_000 => format!("{size} {}", words.bytes),
        1_000..1_000_000 => format!("{} {}", size / 1_000, words.kilobytes),
        _ => format!("{} {}", size / 1_000_000, words.megabytes),
    }
}

/// An index of a volume. `archived` is told as the time when it was made.
pub fn index(
    settings: &Settings,
    name: &route::Volume,
    volume: &Volume,
    kind: Index,
    archived: i64,
) -> Vec<u8> {
    let charset = settings.charset();
    let words = settings.language.words();
    let text = |text: &str| html::text(text, Entities::Escaped, charset);
    let date = |unix: i64| text(&settings.language.date(unix, &settings.time_zone));
    let (first, last) = volume.dates();
    let place = Index::ALL
        .iter()
        .position(|other| *other == kind)
        .unwrap_or(0);
    let refs: Vec<(String, Vec<u8>)> = Index::ALL
        .iter()
        .zip(words.indexes)
        .map(|(other, shown)| {
            let link = format!("<a href=\"{}.html#start\">[ {shown} ]</a>", other.name());
            let mut encoded = Vec::new();
            if *other != kind {
                charset.encode_with_marks(&link, &mut encoded);
            }
            (format!("{}_ref", other.name()), encoded)
        })
        .collect();
    let (listname, archive) = (
        text(&settings.real_name),
        text(&settings.language.label(name)),
    );
    let (listinfo, archtype) = (text(&settings.listinfo), text(words.kinds[place]));
    let (firstdate, lastdate, archivedate) = (date(first), date(last), date(archived));
    let (size, encoding) = (volume.len().to_string(), encoding(settings));
    let mut values: Vec<(&str, &[u8])> = vec![
        ("listname", &listname),
        ("archive", &archive),
        ("archtype", &archtype),
        ("listinfo", &listinfo),
        ("firstdate", &firstdate),
        ("lastdate", &lastdate),
        ("archivedate", &archivedate),
        ("size", size.as_bytes()),
        ("encoding", &encoding),
        ("version", VERSION.as_bytes()),
    ];
    values.extend(
        refs.iter()
            .map(|(name, link)| (name.as_str(), link.as_slice())),
    );
    let mut out = Vec::new();
    page(Kind::IndexHead, settings, &values, &mut out);
    entries(settings, volume, kind, &mut out);
    page(Kind::IndexFoot, settings, &values, &mut out);
    out
}

fn entries(settings: &Settings, volume: &Volume, kind: Index, out: &mut Vec<u8>) {
    let flat = match kind {
        Index::Thread => return threads(settings, volume, out),
        Index::Subject => volume.by_subject(),
        Index::Author => volume.by_author(),
        Index::Date => volume.by_date(),
    };
    for article in flat {
        entry(settings, article, out);
    }
}

fn threads(settings: &Settings, volume: &Volume, out: &mut Vec<u8>) {
    let mut depth = 0;
    for threaded in volume.by_thread() {
        for _ in threaded.depth..depth {
            out.extend_from_slice(b"</UL>\n");
        }
        for _ in depth..threaded.depth {
            out.extend_from_slice(b"<UL>\n");
        }
        depth = threaded.depth;
        out.extend_from_slice(format!("<!--{depth} {} -->\n", threaded.key).as_bytes());
        entry(settings, threaded.article, out);
    }
    for _ in 0..depth {
        out.extend_from_slice(b"</UL>\n");
    }
}

fn entry(settings: &Settings, article: &Article, out: &mut Vec<u8>) {
    let charset = settings.charset();
    page(
        Kind::IndexEntry,
        settings,
        &[
            ("filename", format!("{:06}.html", article.number).as_bytes()),
            (
                "subject",
                &html::text(&article.subject, Entities::Kept, charset),
            ),
            ("sequence", article.number.to_string().as_bytes()),
            (
                "author",
                &html::text(&article.author, Entities::Kept, charset),
            ),
        ],
        out,
    );
}

/// The page of a mail; `volume` is the one that it stands in.
pub fn article(
    settings: &Settings,
    volume: &Volume,
    article: &Article,
    content: &Content,
) -> Vec<u8> {
    let charset = settings.charset();
    let words = settings.language.words();
    let text = |text: &str| html::text(text, Entities::Escaped, charset);
    let (before, after) = volume.beside(article.number);
    let rel = |name: &str, beside: Option<&Article>| {
        beside.map_or_else(Vec::new, |beside| {
            format!("<LINK REL=\"{name}\"  HREF=\"{:06}.html\">", beside.number).into_bytes()
        })
    };
    let with_subject = |words: &str, beside: Option<&Article>| {
        let mut out = Vec::new();
        let Some(beside) = beside else { return out };
        charset.encode_with_marks(
            &format!("<LI>{words} <A HREF=\"{:06}.html\">", beside.number),
            &mut out,
        );
        html::push_text(&beside.subject, Entities::Escaped, charset, &mut out);
        out.extend_from_slice(b"\n</A></li>");
        out
    };
    let email = String::from_utf8_lossy(&article.email);
    let mail_to = match settings.obscure {
        true => settings.address.as_bytes(),
        false => &article.email,
    };
    let (subject, author) = (text(&article.subject), text(&article.author));
    let sequence = article.number.to_string();
    let mut out = Vec::new();
    page(
        Kind::Article,
        settings,
        &[
            ("title", &subject),
            ("subject_html", &subject),
            (
                "subject_url",
                &html::url(&[b"Re: ", &article.raw_subject[..]].concat()),
            ),
            ("in_reply_to_url", &html::url(&article.raw_id)),
            (
                "message_id",
                &text(&String::from_utf8_lossy(&article.raw_id)),
            ),
            ("author_html", &author),
            ("email_html", &text(&email)),
            ("email_url", &html::url(mail_to)),
            (
                "datestr_html",
                &text(&settings.language.date(article.date, &settings.time_zone)),
            ),
            ("body", &body(content, settings)),
            ("prev", &rel("Previous", before)),
            ("next", &rel("Next", after)),
            ("prev_wsubj", &with_subject(words.previous, before)),
            ("next_wsubj", &with_subject(words.next, after)),
            ("sequence", sequence.as_bytes()),
            ("listurl", &text(&settings.listinfo)),
            ("listinfo", &text(&settings.listinfo)),
            ("listname", &text(&settings.real_name)),
            ("encoding", &encoding(settings)),
        ],
        &mut out,
    );
    out
}
