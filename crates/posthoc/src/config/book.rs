//! The book's reference page of the configuration, made from the table of keys.

use super::key::{Default, Key, Kind, Table};
use super::table::KEYS;
use std::fmt::Write as _;
use std::path::Path;

/// What stands above each table's keys.
const PARTS: [(Table, &str, &str); 6] = [
    (
        Table::Root,
        "Above all tables",
        "In `posthoc.toml`, before its first table.",
    ),
    (Table::Site, "`[site]`", "What all lists have in common."),
    (Table::Serve, "`[serve]`", "The live site."),
    (
        Table::Limits,
        "`[limits]`",
        "What one mail may cost. Past a limit a mail is kept whole and shown as far as it goes. A change \
         counts for what is read from then on; `posthoc rebuild` reads all mails again.",
    ),
    (Table::OneList, "A list's own", "In `lists.d/NAME.toml`."),
    (
        Table::List,
        "A list's own, or `[defaults]`",
        "In `lists.d/NAME.toml`; in `[defaults]` of `posthoc.toml` for every list that does not say it \
         itself.",
    ),
];

const HEAD: &str = "\
# Configuration

posthoc works without any. What you set stands in `posthoc.toml`: where `--config` or
`$POSTHOC_CONFIG` say, else in the archive's folder, else in `/etc/posthoc/`. Beside it may be a folder
`lists.d` with a file `NAME.toml` for each list that has something of its own. A list inherits what it
does not say from `[defaults]`.

```toml
[site]
title = \"Harbour lists\"
url = \"https://lists.harbour.example\"

[defaults]
domain = \"lists.harbour.example\"
```

and in `lists.d/town-hall.toml`:

```toml
title = \"Town hall\"
visibility = \"public\"
```

- `posthoc config check` tells every mistake of all files, each with its file and line. A key that
  posthoc does not know is a mistake. With a mistake no verb begins, but `deliver` still keeps mail.
- `posthoc config show --list NAME` prints what counts, and where it comes from.
- `posthoc list set NAME KEY=VALUE` writes a list's file for you and keeps your comments.
- A running server reads everything anew when it gets the signal HUP. A mistake leaves all as it was.

What protects people (`visibility`, `mask`, `downloads`, `drop`) is recorded in the archive too, and
of the two the closer counts: a file that is lost opens nothing. To open something, say so: a key that
is taken away leaves what is recorded. What shapes URLs (`volumes`, `time_zone`) is recorded when a
list is made; a change is for mail that comes later, and mails that are there stay where they are.
";

/// The page.
fn page() -> String {
    let mut text = HEAD.to_owned();
    for (table, title, about) in PARTS {
        let keys: Vec<&Key> = KEYS.iter().filter(|key| key.table == table).collect();
        if keys.is_empty() {
            continue;
        }
        let _ = write!(text, "\n## {title}\n\n{about}\n");
        for key in keys {
            let _ = write!(text, "\n### `{}`\n\n{}\n\n", key.name, key.means);
            let _ = writeln!(text, "- {}", values(&key.kind));
            if let Kind::OneOf(words) = &key.kind {
                for (word, means) in *words {
                    let _ = writeln!(text, "  - `\"{word}\"`: {means}");
                }
            }
            let _ = writeln!(text, "- Without it: {}.", default(key.default));
        }
    }
    text
}

fn values(kind: &Kind) -> String {
    match kind {
        Kind::Line => "Text, one line.".to_owned(),
        Kind::Text(rule) => format!("Text: {}.", rule.write),
        Kind::Path => "A path; a relative one begins at the file's folder.".to_owned(),
        Kind::OneOf(_) => "One of these words:".to_owned(),
        Kind::Texts(rule) => format!("A list of strings: {}.", rule.write),
        Kind::Whole(unit, least, most) => format!("A whole number of {unit}, {least} to {most}."),
        Kind::Switch => "`true` or `false`.".to_owned(),
    }
}

fn default(default: Default) -> String {
    match (default, default.value()) {
        (Default::Unset(words), _) => words.to_owned(),
        (_, Some(value)) => format!("`{}`", value.toml()),
        (_, None) => String::new(),
    }
}

#[test]
fn the_book_says_what_the_table_says() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/configuration.md");
    if std::env::var_os("UPDATE_GOLDENS").is_some() {
        std::fs::write(&file, page()).expect("the book can be written");
    }
    let wanted = std::fs::read_to_string(&file).unwrap_or_default();
    let differs = page()
        .lines()
        .map(str::to_owned)
        .zip(wanted.lines())
        .find(|(a, b)| a != b);
    assert_eq!(differs, None, "UPDATE_GOLDENS=1 takes it over");
    assert_eq!(page().len(), wanted.len());
}
