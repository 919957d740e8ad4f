//! The book's table of resources: made of the room's table and of the resource files that tests compare.
//! `UPDATE_GOLDENS=1` rewrites it.

use crate::own;
use posthoc_mhonarc::{Said, instead, known_resources};
use std::collections::BTreeMap;
use std::path::Path;

const TABLE: &str =
    "| resource | what is done | compared with the original's pages under |\n| --- | --- | --- |\n";

/// What the command line says and no resource file can.
const COMMAND_LINE: [(&str, &str); 25] = [
    ("ADD", "-add"),
    ("AFS", "taken, changes nothing"),
    ("ANNOTATE", "-annotate"),
    (
        "DBFILE",
        "not done: the archive in OUTDIR/.posthoc takes the database's place",
    ),
    ("DEFRCFILE", "`$M2H_DEFRCFILE`, else `.mhonarc.mrc` at home"),
    ("DEFRCNAME", "`.mhonarc.mrc`"),
    ("EDITIDX", "-editidx"),
    ("FORCE", "-force"),
    ("GENIDX", "-genidx, the main index"),
    ("LOCK", "-lock, -nolock"),
    ("LOCKDELAY", "-lockdelay"),
    ("LOCKFILE", "`.mhonarc.lck`"),
    ("LOCKTRIES", "-locktries"),
    ("NOTETEXT", "-notetext"),
    ("OUTDIR", "-outdir, `$M2H_OUTDIR`"),
    ("QUIET", "-quiet"),
    ("RCFILE", "-rcfile, `$M2H_RCFILE`"),
    ("RMM", "-rmm"),
    ("SCAN", "-scan"),
    ("SINGLE", "-single"),
    ("STDERR", "not done: the shell's `2>`"),
    ("STDIN", "not done: the shell's `<`"),
    ("STDOUT", "not done: the shell's `>`"),
    ("TSLICETOPBEG", "another name of TSLICETOPBEGIN"),
    ("TSLICETOPBEGCUR", "another name of TSLICETOPBEGINCUR"),
];

/// What the command line does with resources that say nothing about pages.
fn elsewhere(name: &str) -> String {
    match name {
        "CONLEN" | "FILEPERMS" | "GZIPFILES" | "KEEPONRMM" | "MODTIME" | "MSGSEP"
        | "SAVERESOURCES" | "UMASK" => "done by `posthoc mhonarc`".to_owned(),
        "LOCKMETHOD" => "both methods are looked at, always".to_owned(),
        "FOLLOWSYMLINKS" | "MHPATTERN" | "NOTEDIR" | "PERLINC" => {
            "refused by name, with what to use instead".to_owned()
        }
        _ => "taken, changes nothing".to_owned(),
    }
}

/// What is compared with the original's in runs of the command line.
const IN_RUNS: [&str; 4] = ["EXPIREAGE", "EXPIREDATE", "MAXSIZE", "OTHERINDEXES"];

/// The resource files that set a resource.
fn files_that_set(name: &str) -> String {
    if IN_RUNS.contains(&name) {
        return "runs of the command line".to_owned();
    }
    let mut found = Vec::new();
    let mut files: Vec<_> = std::fs::read_dir(own("resources"))
        .expect("is there")
        .map(|entry| entry.expect("is read").path())
        .filter(|path| path.extension().is_some_and(|end| end == "mrc"))
        .collect();
    files.sort();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("is text");
        let sets = text.lines().any(|line| {
            let tag = line.trim().strip_prefix('<').unwrap_or_default();
            let tag = tag
                .split(['>', ' '])
                .next()
                .unwrap_or_default()
                .to_ascii_uppercase();
            // Elements that begin something have two names.
            let tag = tag.replace("BEGIN", "BEG");
            let name = name.replace("BEGIN", "BEG");
            tag == name || tag.strip_prefix("NO") == Some(&name)
        });
        if sets {
            found.push(
                file.file_stem()
                    .expect("has a name")
                    .to_string_lossy()
                    .into_owned(),
            );
        }
    }
    match found.is_empty() {
        true => "the defaults only".to_owned(),
        false => found.join(", "),
    }
}

#[test]
fn the_book_tells_of_every_resource() {
    let mut rows: BTreeMap<&str, (String, String)> = BTreeMap::new();
    for (name, said) in known_resources() {
        let row = match said {
            Said::Done => ("as MHonArc does".to_owned(), files_that_set(name)),
            Said::Elsewhere => (elsewhere(name), String::new()),
            Said::NotDone => (
                format!("not done: {}", instead(name).unwrap_or_default()),
                String::new(),
            ),
        };
        rows.insert(name, row);
    }
    for (name, words) in COMMAND_LINE {
        rows.insert(name, (words.to_owned(), String::new()));
    }
    let mut table = TABLE.to_owned();
    for (name, (said, tested)) in &rows {
        let tested = if tested.is_empty() { "" } else { tested };
        table += &format!("| {name} | {said} | {tested} |\n");
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/mhonarc-resources.md");
    let book = std::fs::read_to_string(&path).expect("is there");
    let before = book.split(TABLE).next().unwrap_or_default();
    let expected = format!("{before}{table}");
    if std::env::var_os("UPDATE_GOLDENS").is_some() {
        std::fs::write(&path, &expected).expect("is written");
    }
    let now = std::fs::read_to_string(&path).expect("is there");
    assert!(
        now == expected,
        "the table of resources has changed; UPDATE_GOLDENS=1 takes it over"
    );
    // The manual of 2.6.19 has 261 pages; two names are only ours.
    assert_eq!(rows.len(), 261 + 2);
}
