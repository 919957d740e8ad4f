//! Mailman's templates: text with `%(name)s` in it.

use crate::language::Language;
use crate::settings::Settings;
use std::borrow::Cow;

/// Which template, by its file name without `.html`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Kind {
    Toc,
    TocWithMbox,
    TocStart,
    TocEnd,
    TocEntry,
    IndexHead,
    IndexEntry,
    IndexFoot,
    Article,
    Empty,
}

impl Kind {
    pub(crate) const ALL: [Kind; 10] = [
        Kind::Toc,
        Kind::TocWithMbox,
        Kind::TocStart,
        Kind::TocEnd,
        Kind::TocEntry,
        Kind::IndexHead,
        Kind::IndexEntry,
        Kind::IndexFoot,
        Kind::Article,
        Kind::Empty,
    ];

    /// The name of its file.
    pub(crate) fn file(self) -> &'static str {
        match self {
            Kind::Toc => "archtocnombox.html",
            Kind::TocWithMbox => "archtoc.html",
            Kind::TocStart => "archliststart.html",
            Kind::TocEnd => "archlistend.html",
            Kind::TocEntry => "archtocentry.html",
            Kind::IndexHead => "archidxhead.html",
            Kind::IndexEntry => "archidxentry.html",
            Kind::IndexFoot => "archidxfoot.html",
            Kind::Article => "article.html",
            Kind::Empty => "emptyarchive.html",
        }
    }
}

macro_rules! built_in {
    ($folder:literal, $kind:expr) => {
        match $kind {
            Kind::Toc => include_str!(concat!("templates/", $folder, "/archtocnombox.html")),
            Kind::TocWithMbox => include_str!(concat!("templates/", $folder, "/archtoc.html")),
            Kind::TocStart => include_str!(concat!("templates/", $folder, "/archliststart.html")),
            Kind::TocEnd => include_str!(concat!("templates/", $folder, "/archlistend.html")),
            Kind::TocEntry => include_str!(concat!("templates/", $folder, "/archtocentry.html")),
            Kind::IndexHead => include_str!(concat!("templates/", $folder, "/archidxhead.html")),
            Kind::IndexEntry => include_str!(concat!("templates/", $folder, "/archidxentry.html")),
            Kind::IndexFoot => include_str!(concat!("templates/", $folder, "/archidxfoot.html")),
            Kind::Article => include_str!(concat!("templates/", $folder, "/article.html")),
            Kind::Empty => include_str!(concat!("templates/", $folder, "/emptyarchive.html")),
        }
    };
}

/// A template's text: the site's own, else the built-in one.
pub(crate) fn template(kind: Kind, settings: &Settings) -> Cow<'_, str> {
    settings
        .templates
        .get(kind)
        .unwrap_or_else(|| Cow::Borrowed(built_in(kind, settings.language)))
}

fn built_in(kind: Kind, language: Language) -> &'static str {
    match language {
        Language::English => built_in!("en", kind),
        Language::French => built_in!("fr", kind),
        Language::Czech => built_in!("cs", kind),
        Language::Spanish => built_in!("es", kind),
    }
}

/// Writes a template with its names replaced by values, which are markup already. `text` takes the
/// template's own words. As Python's `%` with a dictionary: `%%` is one sign, a name that is not known
/// stays as it stands.
pub(crate) fn fill(
    template: &str,
    values: &[(&str, &[u8])],
    out: &mut Vec<u8>,
    text: impl Fn(&str, &mut Vec<u8>),
) {
    let mut rest = template;
    while let Some(at) = rest.find('%') {
        text(&rest[..at], out);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix("%%") {
            out.push(b'%');
            rest = after;
            continue;
        }
        match named(rest) {
            Some((name, length)) => {
                match values.iter().find(|(known, _)| *known == name) {
                    Some((_, value)) => out.extend_from_slice(value),
                    None => text(&rest[..length], out),
                }
                rest = &rest[length..];
            }
            None => {
                out.push(b'%');
                rest = &rest[1..];
            }
        }
    }
    text(rest, out);
}

/// The name in `%(name)s` or `%(name)i`, and how long that is.
fn named(text: &str) -> Option<(&str, usize)> {
    let inside = text.strip_prefix("%(")?;
    let end = inside.find(')')?;
    let conversion = inside[end + 1..].chars().next()?;
    matches!(conversion, 's' | 'd' | 'i').then(|| (&inside[..end], end + 4))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(template: &str, filled: &str) {
        let mut out = Vec::new();
        let values: &[(&str, &[u8])] = &[("name", b"<b>"), ("n", b"7")];
        fill(template, values, &mut out, |text, out| {
            out.extend_from_slice(text.as_bytes())
        });
        assert_eq!(String::from_utf8_lossy(&out), filled, "{template}");
    }

    #[test]
    fn names_are_filled_in() {
        check("a %(name)s b %(n)i", "a <b> b 7");
        check("100%% %(unknown)s", "100% %(unknown)s");
        check("50 % of %(name", "50 % of %(name");
        check("%(name)", "%(name)");
        check("%", "%");
    }
}
