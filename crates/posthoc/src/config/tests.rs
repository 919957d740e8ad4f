//! Files in, settings or mistakes out.

#![allow(clippy::unwrap_used)]

use super::*;

/// Writes the files into a folder and reads it; mistakes as `file:line: what`.
fn check(files: &[(&str, &str)]) -> (Config, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let mut wrong = Vec::new();
    let config = Config::find(Some(folder.path()), &mut wrong);
    let told = wrong.iter().map(|wrong| {
        let file = wrong.file.strip_prefix(folder.path()).unwrap();
        format!("{}:{}: {}", file.display(), wrong.line, wrong.what)
    });
    (config, told.collect())
}

#[test]
fn every_key_has_a_row_of_its_own() {
    let mut seen = std::collections::BTreeSet::new();
    for key in table::KEYS {
        let table = match key.table {
            Table::OneList => Table::List,
            table => table,
        };
        assert!(seen.insert((table, key.name)), "{} twice", key.name);
        assert!(key.means.ends_with('.'), "{}", key.name);
        assert!(
            key.name
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b == b'_')
        );
    }
}

#[test]
fn who_is_a_member_is_not_inherited() {
    let (_, wrong) = check(&[(
        "posthoc.toml",
        "[defaults]\nmembers = \"signed-in\"\nhtpasswd = \"accounts\"\n",
    )]);
    let told = |line: usize, key: &str| {
        format!("posthoc.toml:{line}: {key} is each list's own; it belongs in lists.d/NAME.toml")
    };
    assert_eq!(wrong, [told(2, "members"), told(3, "htpasswd")]);
}

#[test]
fn limits_without_settings_are_those_of_the_core() {
    let (config, _) = check(&[("posthoc.toml", "")]);
    let core = posthoc_core::message::Limits::default();
    assert_eq!(format!("{:?}", config.limits()), format!("{core:?}"));
}

#[test]
fn lists_inherit() {
    let (config, wrong) = check(&[
        (
            "posthoc.toml",
            "[site]\ntitle = \"T\"\nurl = \"https://example.org/lists/\"\ntime_zone = \"Europe/Prague\"\n\
             permalink = \"mid\"\n[limits]\ndepth = 0x10\n[defaults]\nmask = \"full\"\ndomain = \"lists.example\"\n\
             drop = [\"X-A\"]\n",
        ),
        (
            "lists.d/One.toml",
            "mask = \"domain\"\ntitle = \"One\"\naliases = [\"uno\", \"EINS\"]\n",
        ),
        (
            "lists.d/two.toml",
            "time_zone = \"UTC\"\nvolumes = \"weekly\"\n",
        ),
        ("lists.d/README", "not ours"),
        ("lists.d/.two.toml", "not ours"),
    ]);
    assert_eq!(wrong, [""; 0]);
    assert_eq!(config.url().as_deref(), Some("https://example.org/lists"));
    assert_eq!(config.permalink(), Permalink::Path);
    assert_eq!((config.limits().depth, config.limits().parts), (16, 1_000));
    let mut site = Site::default();
    lists_of(&config, &mut site);
    let of = |name: &str| site.list(&ListName::new(name).unwrap()).clone();
    assert_eq!(
        (of("one").mask, of("one").title.as_str()),
        (Some(Mask::Domain), "One")
    );
    assert_eq!(
        (of("two").mask, of("two").volumes),
        (Some(Mask::Full), Some(Frequency::Weekly))
    );
    assert_eq!(of("two").time_zone.as_deref(), Some("UTC"));
    assert_eq!(of("three").time_zone.as_deref(), Some("Europe/Prague"));
    assert_eq!(of("three").domain.as_deref(), Some("lists.example"));
    assert_eq!(of("one").drop, Some(vec!["X-A".to_owned()]));
    assert_eq!(
        site.aliases[&ListName::new("eins").unwrap()].as_str(),
        "one"
    );
    let found = config.found(ListName::new("one").as_ref(), "mask").unwrap();
    assert_eq!(
        (found.line, found.file.file_name().unwrap()),
        (1, "One.toml".as_ref())
    );
}

#[test]
fn all_mistakes_of_all_files_are_told_with_their_lines() {
    let (_, wrong) = check(&[
        (
            "posthoc.toml",
            "maximum = 1\narchive = 3\nlimits = 4\n[site]\ntitel = \"x\"\ntime_zone = \"Mars\"\n\n\
             url = \"lists.example\"\npermalink = \"md\"\n[sites]\n[defaults]\ntitle = \"x\"\ndrop = [\"a b\", 3]\n\
             visibility = \"open\"\n",
        ),
        (
            "lists.d/a.toml",
            "mask = true\ntitle = \"a\\nb\"\nadress = \"x\"\naddress = \"x\"\n",
        ),
        ("lists.d/b.toml", "aliases = [\"a\", \"search\"]\n"),
        ("lists.d/search.toml", ""),
        ("lists.d/A.toml", ""),
        ("lists.d/c d.toml", ""),
        ("lists.d/e.toml", "title = \"x\"\ntitle = \"y\"\nmask = \n"),
    ]);
    let text = wrong.join("\n");
    for words in [
        "posthoc.toml:1: unknown key \"maximum\"; known here: archive, defaults, limits, serve, site",
        "posthoc.toml:2: archive must be a string, in quotes, not a number",
        "posthoc.toml:3: limits must be a table, [limits], not a number",
        "posthoc.toml:5: unknown key \"titel\"; did you mean \"title\"?",
        "posthoc.toml:6: time_zone = \"Mars\": write a zone's name",
        "posthoc.toml:8: url = \"lists.example\": write a URL that begins with https:// or http://",
        "posthoc.toml:9: permalink = \"md\" is not known: write mid.html#, mid",
        "posthoc.toml:10: unknown key \"sites\"; did you mean \"site\"?",
        "posthoc.toml:12: title is each list's own; it belongs in lists.d/NAME.toml",
        "posthoc.toml:13: drop = \"a b\": write names of header fields",
        "posthoc.toml:14: visibility = \"open\" is not known: write public, unlisted, private",
        "lists.d/a.toml:0: a second file of the list a",
        "lists.d/b.toml:1: aliases = \"search\": write names of lists",
        "lists.d/search.toml:0: \"search\" is not a list's name",
        "lists.d/c d.toml:0: \"c d\" is not a list's name",
        "lists.d/e.toml:2: duplicate key",
        "lists.d/e.toml:3: ",
    ] {
        assert!(text.contains(words), "no {words:?} in\n{text}");
    }
}

#[test]
fn files_that_are_none() {
    let folder = tempfile::tempdir().unwrap();
    let lists = folder.path().join(LISTS);
    std::fs::create_dir(&lists).unwrap();
    std::fs::create_dir(lists.join("folder.toml")).unwrap();
    std::fs::write(lists.join("latin.toml"), b"\ntitle = \"caf\xe9\"\n").unwrap();
    std::fs::write(lists.join("long.toml"), vec![b'\n'; (1 << 20) + 1]).unwrap();
    let mut wrong = Vec::new();
    Config::find(Some(folder.path()), &mut wrong);
    let told: Vec<_> = wrong
        .iter()
        .map(|wrong| (wrong.line, wrong.what.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (0, "is not a file"),
            (2, "is not UTF-8; save it as UTF-8"),
            (0, "is longer than 1 MiB")
        ]
    );
}

#[test]
fn a_name_leads_to_one_list() {
    let (_, wrong) = check(&[
        ("lists.d/a.toml", "aliases = [\"b\", \"x\"]\n"),
        ("lists.d/b.toml", "\naliases = [\"x\", \"b\"]\n"),
    ]);
    assert_eq!(
        wrong,
        [
            "lists.d/a.toml:1: b is a name of the list b already",
            "lists.d/b.toml:2: x is a name of the list a already"
        ]
    );
}
