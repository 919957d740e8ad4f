//! What --help says, in one golden file, `help.txt`. `UPDATE_GOLDENS=1` rewrites it.

use crate::prelude::Room;
use std::path::Path;

const VERBS: [&str; 41] = [
    "init",
    "list",
    "list add",
    "list set",
    "list show",
    "list rename",
    "config",
    "config check",
    "config show",
    "import",
    "arch",
    "mhonarc",
    "reconcile",
    "imports",
    "quarantine",
    "quarantine show",
    "quarantine release",
    "deliver",
    "serve",
    "passwd",
    "theme",
    "theme start",
    "theme check",
    "theme preview",
    "publish",
    "search",
    "show",
    "thread",
    "url",
    "lists",
    "export",
    "remove",
    "redact",
    "unremove",
    "verify-gone",
    "removals",
    "check",
    "rebuild",
    "doctor",
    "backup",
    "restore",
];

#[test]
fn every_verb_teaches() {
    let room = Room::new();
    let mut text = room.run(&[]).ends(0).out;
    for verb in VERBS {
        let args: Vec<&str> = verb.split(' ').chain(["--help"]).collect();
        let help = room.run(&args).ends(0).out;
        assert!(
            ["list", "config"].contains(&verb) || help.contains("Example"),
            "{verb} has no example"
        );
        text += &format!("\n===== posthoc {} =====\n\n{help}", args.join(" "));
    }
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/help.txt");
    if std::env::var_os("UPDATE_GOLDENS").is_some() {
        std::fs::write(&golden, &text).unwrap();
    }
    let wanted = std::fs::read_to_string(&golden).unwrap();
    let differs = text.lines().zip(wanted.lines()).find(|(a, b)| a != b);
    assert_eq!(
        differs, None,
        "help has changed; UPDATE_GOLDENS=1 takes it over"
    );
    assert_eq!(text.len(), wanted.len());
}

#[test]
fn no_verb_is_missing_from_the_golden_file() {
    let room = Room::new();
    let help = room.run(&["--help"]).ends(0).out;
    let verbs = help
        .split("Commands:")
        .nth(1)
        .unwrap()
        .split("Options:")
        .next()
        .unwrap();
    for verb in verbs
        .lines()
        .filter_map(|line| line.split_whitespace().next())
    {
        assert!(VERBS.contains(&verb), "{verb}");
    }
    assert!(room.run(&["--version"]).ends(0).out.starts_with("posthoc "));
}
