//! Trees that the real Pipermail wrote (`$POSTHOC_ORACLE`, else `../shared/oracle`), and those that the binary
//! writes of the same mailboxes, by `tests/oracle/pipermail`.
#![allow(clippy::unwrap_used)]

#[path = "../../../posthoc-pipermail/tests/oracle/compare.rs"]
mod compare;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Cases, and how many of their files differ: the classes of `docs/pipermail.md`. The table of contents is one
/// in every case that has a volume whose size is told otherwise.
const CASES: &[(&str, usize)] = &[
    ("blinux-list", 1),
    ("bulmages-main-es", 1),
    ("cake-slice", 120),
    ("divunal-list", 60),
    ("hard-ham", 11),
    ("hard-ham-html-inline", 5),
    ("hibiscus-devel-de", 1),
    ("jelix-public-fr", 1),
    ("noteedit-daily", 1),
    ("noteedit-devel", 11),
    ("noteedit-plain-addresses", 1),
    ("noteedit-prefix", 1),
    ("noteedit-private", 1),
    ("noteedit-public-mbox", 1),
    ("noteedit-quarterly", 1),
    ("noteedit-weekly", 1),
    ("noteedit-yearly", 1),
    ("reportasistent-cs", 1),
    ("usrp-users-slice", 3),
];

fn oracle() -> Option<PathBuf> {
    let folder = std::env::var_os("POSTHOC_ORACLE").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/oracle"),
        PathBuf::from,
    );
    let folder = folder.join("pipermail");
    folder.is_dir().then_some(folder)
}

fn tree(at: &Path, below: &str, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(at).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{below}{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() {
            tree(&path, &format!("{name}/"), files);
        } else {
            files.insert(name, std::fs::read(&path).unwrap());
        }
    }
}

#[test]
fn the_binary_writes_what_the_oracle_wrote() {
    let Some(oracle) = oracle() else { return };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/oracle/pipermail");
    let room = tempfile::tempdir().unwrap();
    let mut wrong = Vec::new();
    for (name, differing) in CASES {
        let unpacked = Command::new("tar")
            .args(["--zstd", "-xf"])
            .arg(oracle.join(format!("{name}.tar.zst")))
            .arg("-C")
            .arg(room.path())
            .status()
            .unwrap();
        assert!(unpacked.success(), "{name} cannot be unpacked");
        let (case, out) = (room.path().join(name), room.path().join("out"));
        let made = Command::new(&script)
            .arg(env!("CARGO_BIN_EXE_posthoc"))
            .args([&case, &out])
            .status()
            .unwrap();
        assert!(made.success(), "{name} was not made");
        let mut ours = BTreeMap::new();
        tree(&out, "", &mut ours);
        let found = compare::differing(&case.join("tree"), &ours);
        if found.len() != *differing {
            let list = found.join("\n  ");
            let found = found.len();
            wrong.push(format!(
                "{name}: {found} files differ, not {differing}\n  {list}"
            ));
        }
        std::fs::remove_dir_all(&case).unwrap();
        std::fs::remove_dir_all(&out).unwrap();
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
