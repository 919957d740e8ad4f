//! The book's table of limits says what the code says.

use std::collections::BTreeMap;

/// The page of the book.
const PAGE: &str = "docs/limits.md";

/// Each limit's name in the book, and the file and the words before its value in the code.
const LIMITS: [(&str, &str, &str); 43] = [
    ("depth", MODEL, "depth: "),
    ("parts", MODEL, "parts: "),
    ("fields", MODEL, "fields: "),
    ("header_bytes", MODEL, "header_bytes: "),
    ("text_bytes", MODEL, "text_bytes: "),
    ("html_bytes", MODEL, "html_bytes: "),
    ("references", MODEL, "references: "),
    ("addresses", MODEL, "addresses: "),
    ("packed_files", MODEL, "packed_files: "),
    ("packed_bytes", MODEL, "packed_bytes: "),
    (
        "mail_bytes",
        "posthoc-archive/src/source/open.rs",
        "max_mail_bytes: ",
    ),
    (
        "text_lines",
        "posthoc-core/src/message/body.rs",
        "TEXT_LINES: usize = ",
    ),
    (
        "field_parameters",
        "posthoc-core/src/message/parameters.rs",
        "MOST: usize = ",
    ),
    (
        "received_fields",
        "posthoc-core/src/message/parse.rs",
        "MOST_RECEIVED: usize = ",
    ),
    (
        "id_bytes",
        "posthoc-core/src/message/ids.rs",
        "ID_BYTES: usize = ",
    ),
    (
        "date_bytes",
        "posthoc-core/src/text/sent_date.rs",
        "DATE_BYTES: usize = ",
    ),
    (
        "tnef_depth",
        "posthoc-core/src/message/packed/tnef.rs",
        "DEPTH: usize = ",
    ),
    (
        "html_depth",
        "posthoc-core/src/page/nest.rs",
        "DEEPEST: usize = ",
    ),
    (
        "html_attributes",
        "posthoc-core/src/page/tag_soup.rs",
        "MOST_ATTRIBUTES: usize = ",
    ),
    (
        "html_references",
        "posthoc-core/src/page/html_mail.rs",
        "MOST_REFERENCES: usize = ",
    ),
    (
        "quote_depth",
        "posthoc-core/src/page/quote.rs",
        "DEEPEST: u8 = ",
    ),
    (
        "linked_line_bytes",
        "posthoc-core/src/page/linker.rs",
        "LONGEST_LINKED_LINE: usize = ",
    ),
    (
        "pictures",
        "posthoc-core/src/page/body.rs",
        "MOST_PICTURES: usize = ",
    ),
    (
        "picture_bytes",
        "posthoc-core/src/page/picture.rs",
        "PICTURE_BYTES: usize = ",
    ),
    (
        "picture_pixels",
        "posthoc-core/src/page/picture.rs",
        "PICTURE_PIXELS: u64 = ",
    ),
    (
        "file_name_bytes",
        "posthoc-core/src/page/files.rs",
        "LONGEST: usize = ",
    ),
    (
        "patch_bytes",
        "posthoc-core/src/page/patch.rs",
        "ATTACHED_BYTES: usize = ",
    ),
    (
        "patch_files",
        "posthoc-core/src/page/patch.rs",
        "MOST_FILES: usize = ",
    ),
    (
        "subject_characters",
        "posthoc-core/src/page/pages/mail.rs",
        "LONGEST_SUBJECT: usize = ",
    ),
    (
        "subject_in_line",
        "posthoc-core/src/page/line.rs",
        "SUBJECT_IN_LINE: usize = ",
    ),
    (
        "name_characters",
        "posthoc-core/src/page/line.rs",
        "LONGEST_NAME: usize = ",
    ),
    (
        "thread_depth",
        "posthoc-core/src/page/line.rs",
        "DEEPEST: u16 = ",
    ),
    (
        "sitemap_mails",
        "posthoc-archive/src/load/crawl.rs",
        "SITEMAP_CUT_ABOVE: u64 = ",
    ),
    (
        "sitemap_pages",
        "posthoc-core/src/page/crawl.rs",
        "MOST_ENTRIES: usize = ",
    ),
    (
        "robots_lists",
        "posthoc-archive/src/load/crawl.rs",
        "ROBOTS_LISTS: usize = ",
    ),
    (
        "author_mails",
        "posthoc-core/src/page/view.rs",
        "AUTHOR_PAGE: usize = ",
    ),
    (
        "mailmap_lines",
        "posthoc-core/src/page/people.rs",
        "MAILMAP_LINES: usize = ",
    ),
    (
        "stats_named",
        "posthoc-archive/src/load/stats.rs",
        "NAMED: usize = ",
    ),
    (
        "stats_bars",
        "posthoc-core/src/page/pages/stats.rs",
        "MOST_BARS: usize = ",
    ),
    (
        "index_mails",
        "posthoc-archive/src/tables/cut.rs",
        "CUT_ABOVE: u64 = ",
    ),
    (
        "attachments_mails",
        "posthoc-archive/src/load/files.rs",
        "FILES_CUT_ABOVE: u64 = ",
    ),
    (
        "attachments_of_a_mail",
        "posthoc-archive/src/load/files.rs",
        "FILES_OF_A_MAIL: usize = ",
    ),
    (
        "thread_mails",
        "posthoc-archive/src/load/thread.rs",
        "PAGE: usize = ",
    ),
];

const MODEL: &str = "posthoc-core/src/message/model.rs";

/// Lines for limits that the book does not have, or has otherwise.
pub(super) fn check(texts: &[(String, String)]) -> Vec<String> {
    let text = |path: &str| {
        texts
            .iter()
            .find(|(name, _)| name == path)
            .map(|(_, text)| text.as_str())
    };
    let mut told = told(text(PAGE).unwrap_or_default());
    let mut breaches = Vec::new();
    for (name, file, before) in LIMITS {
        let path = format!("crates/{file}");
        let value = text(&path).and_then(|code| value_behind(code, before));
        let said = told.remove(name);
        if said.is_none() || value != said {
            breaches.push(format!(
                "{PAGE}: {name} is {said:?}; in {path} it is {value:?}"
            ));
        }
    }
    breaches.extend(
        told.keys()
            .map(|name| format!("{PAGE}: {name} is no limit that is known here")),
    );
    breaches
}

/// The names and values of the page's tables.
fn told(page: &str) -> BTreeMap<&str, u64> {
    let mut told = BTreeMap::new();
    for line in page.lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, name, value, ..] = cells[..] else {
            continue;
        };
        let name = name
            .strip_prefix('`')
            .and_then(|name| name.strip_suffix('`'));
        if let (Some(name), Some(value)) = (name, words(value)) {
            told.insert(name, value);
        }
    }
    told
}

/// `1,000`, `64 KiB`, `4 MiB`
fn words(value: &str) -> Option<u64> {
    let (number, unit) = match value.split_once(' ') {
        None => (value, 1),
        Some((number, "KiB")) => (number, 1 << 10),
        Some((number, "MiB")) => (number, 1 << 20),
        Some(_) => return None,
    };
    Some(number.replace(',', "").parse::<u64>().ok()? * unit)
}

/// The number that the code has behind some words for the first time: `100_000` or `64 << 10`.
fn value_behind(code: &str, before: &str) -> Option<u64> {
    let number = |text: &str| text.trim().replace('_', "").parse::<u64>().ok();
    code.match_indices(before).find_map(|(at, _)| {
        let expression = code[at + before.len()..].split([';', ',', '\n']).next()?;
        match expression.split_once("<<") {
            Some((value, shift)) => Some(number(value)? << number(shift)?),
            None => number(expression),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values() {
        assert_eq!(words("64 KiB"), Some(65_536));
        assert_eq!(words("50,000"), Some(50_000));
        assert_eq!(words("a few"), None);
        assert_eq!(
            value_behind("pub parts: usize,\nparts: 1_000,", "parts: "),
            Some(1_000)
        );
        assert_eq!(
            value_behind("const A: usize = 64 << 10;", "A: usize = "),
            Some(65_536)
        );
    }

    #[test]
    fn what_is_otherwise_is_told() {
        let page = (
            PAGE.to_owned(),
            "| `depth` | 31 | x |\n| `nothing` | 1 | x |".to_owned(),
        );
        let code = (format!("crates/{MODEL}"), "depth: 32,".to_owned());
        let breaches = check(&[page, code]);
        assert!(
            breaches
                .iter()
                .any(|line| line.contains("depth is Some(31)"))
        );
        assert!(
            breaches
                .iter()
                .any(|line| line.contains("nothing is no limit"))
        );
        assert_eq!(breaches.len(), LIMITS.len() + 1);
    }
}
