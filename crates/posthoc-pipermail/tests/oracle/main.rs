//! Trees that the real Pipermail wrote (`$POSTHOC_ORACLE`, else `../shared/oracle`), and ours of the
//! same mails, file by file.
// Tests stand outside the pure room: they read files and start programs.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_types,
    clippy::disallowed_methods
)]

mod case;
mod compare;

use std::path::{Path, PathBuf};
use std::process::Command;

fn oracle() -> Option<PathBuf> {
    let folder = std::env::var_os("POSTHOC_ORACLE").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/oracle"),
        PathBuf::from,
    );
    folder
        .join("pipermail")
        .is_dir()
        .then(|| folder.join("pipermail"))
}

/// Every case, the second at which the original made it, and how many of its files differ: 115 of 9,971,
/// each of a class that `docs/pipermail.md` names with its reason.
const CASES: &[(&str, i64, usize)] = &[
    ("blinux-list", 1_795_356_800, 0),
    ("bulmages-main-es", 1_795_356_800, 0),
    ("cake-slice", 1_795_356_873, 32),
    ("divunal-list", 1_795_356_800, 60),
    ("hard-ham", 1_795_356_800, 11),
    ("hard-ham-html-inline", 1_795_356_800, 4),
    ("hibiscus-devel-de", 1_795_356_800, 0),
    ("jelix-public-fr", 1_795_356_800, 0),
    ("noteedit-daily", 1_795_356_800, 0),
    ("noteedit-devel", 1_795_356_802, 6),
    ("noteedit-plain-addresses", 1_795_356_800, 0),
    ("noteedit-prefix", 1_795_356_800, 0),
    ("noteedit-private", 1_795_356_800, 0),
    ("noteedit-public-mbox", 1_795_356_800, 0),
    ("noteedit-quarterly", 1_795_356_800, 0),
    ("noteedit-weekly", 1_795_356_800, 0),
    ("noteedit-yearly", 1_795_356_800, 0),
    ("reportasistent-cs", 1_795_356_800, 0),
    ("usrp-users-slice", 1_795_356_800, 2),
];

#[test]
fn pages_are_those_of_the_oracle() {
    let Some(oracle) = oracle() else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut wrong = Vec::new();
    for (name, made, differing) in CASES {
        let packed = oracle.join(format!("{name}.tar.zst"));
        let unpacked = Command::new("tar")
            .args(["--zstd", "-xf"])
            .arg(&packed)
            .arg("-C")
            .arg(folder.path())
            .status()
            .unwrap();
        assert!(unpacked.success(), "{name} cannot be unpacked");
        let case = folder.path().join(name);
        let ours = case::tree(&case, *made);
        let found = compare::differing(&case.join("tree"), &ours);
        if found.len() != *differing {
            let list = found.join("\n  ");
            wrong.push(format!(
                "{name}: {} files differ, not {differing}\n  {list}",
                found.len()
            ));
        }
        std::fs::remove_dir_all(&case).unwrap();
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
