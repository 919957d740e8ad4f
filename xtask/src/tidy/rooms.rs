//! Who may depend on whom: the table of the architecture.

use super::metadata::{Metadata, Package};

/// Each crate of the workspace and the others that it may name, tests included. A crate that is not
/// here is refused, so the table is complete.
const MAY_NAME: &[(&str, &[&str])] = &[
    ("posthoc-core", &[]),
    ("posthoc-pipermail", &["posthoc-core"]),
    ("posthoc-mhonarc", &["posthoc-core"]),
    ("posthoc-store", &["posthoc-core"]),
    ("posthoc-embedded", &["posthoc-store", "posthoc-core"]),
    (
        "posthoc-archive",
        &[
            "posthoc-store",
            "posthoc-pipermail",
            "posthoc-mhonarc",
            "posthoc-core",
        ],
    ),
    ("posthoc-serve", &["posthoc-archive", "posthoc-core"]),
    (
        "posthoc",
        &[
            "posthoc-serve",
            "posthoc-archive",
            "posthoc-embedded",
            "posthoc-store",
            "posthoc-pipermail",
            "posthoc-mhonarc",
            "posthoc-core",
        ],
    ),
    (
        "posthoc-fuzz",
        &[
            "posthoc-archive",
            "posthoc-pipermail",
            "posthoc-mhonarc",
            "posthoc-core",
        ],
    ),
    ("xtask", &[]),
];

/// What a test may name besides: the reference store that the conformance suite also runs on.
const TESTS_MAY_NAME: &[(&str, &str)] = &[("posthoc-serve", "posthoc-store")];

/// What the core may not name: machines, clocks, chance, logging, async, SQL.
const IMPURE: &[&str] = &[
    "async-std",
    "axum",
    "chrono",
    "dirs",
    "fastrand",
    "futures",
    "getrandom",
    "hyper",
    "log",
    "mio",
    "rand",
    "rayon",
    "reqwest",
    "rusqlite",
    "rustix",
    "smol",
    "sqlx",
    "tantivy",
    "tempfile",
    "time",
    "tokio",
    "tower",
    "tracing",
    "walkdir",
    "zstd",
];

/// What it may not be built from at any depth. (`log` comes with the HTML parser, which says
/// nothing unless someone listens, and nobody does.)
const IMPURE_DEEP: &[&str] = &[
    "async-std",
    "axum",
    "fastrand",
    "futures",
    "getrandom",
    "hyper",
    "mio",
    "rand",
    "rayon",
    "reqwest",
    "rusqlite",
    "smol",
    "sqlx",
    "tantivy",
    "tokio",
    "tower",
    "tracing",
];

/// Marks of async; only the doors may be built from them.
const ASYNC: &[&str] = &[
    "async-std",
    "axum",
    "futures-executor",
    "hyper",
    "mio",
    "smol",
    "tokio",
    "tower",
];
/// Rooms without files, clocks, chance and the rest: the core, and those that write the pages of other
/// programs.
const PURE: &[&str] = &["posthoc-core", "posthoc-pipermail", "posthoc-mhonarc"];
const DOORS: &[&str] = &["posthoc-serve", "posthoc"];

/// One line per dependency that should not be.
pub(super) fn check(metadata: &Metadata) -> Vec<String> {
    let members: Vec<&Package> = metadata.members().collect();
    let mut breaches = Vec::new();
    for package in &members {
        let Some((_, may_name)) = MAY_NAME.iter().find(|(name, _)| *name == package.name) else {
            breaches.push(format!(
                "{}: not in the table of xtask/src/tidy/rooms.rs",
                package.name
            ));
            continue;
        };
        for dependency in &package.dependencies {
            let ours = members.iter().any(|member| member.name == dependency.name);
            let pair = (package.name.as_str(), dependency.name.as_str());
            let in_test =
                dependency.kind.as_deref() == Some("dev") && TESTS_MAY_NAME.contains(&pair);
            if ours && !may_name.contains(&pair.1) && !in_test {
                breaches.push(format!("{}: may not depend on {}", pair.0, pair.1));
            }
        }
        let deep = metadata.built_from(package);
        if PURE.contains(&package.name.as_str()) {
            let named = package.dependencies.iter().filter(|d| d.kind.is_none());
            for dependency in named.filter(|d| IMPURE.contains(&d.name.as_str())) {
                breaches.push(format!(
                    "{}: is pure, may not name {}",
                    package.name, dependency.name
                ));
            }
            for impure in IMPURE_DEEP.iter().filter(|name| deep.contains(**name)) {
                breaches.push(format!(
                    "{}: is pure, but is built from {impure}",
                    package.name
                ));
            }
        }
        if !DOORS.contains(&package.name.as_str()) {
            for door in ASYNC.iter().filter(|name| deep.contains(**name)) {
                breaches.push(format!(
                    "{}: is not a door, but is built from {door}",
                    package.name
                ));
            }
        }
    }
    breaches
}
