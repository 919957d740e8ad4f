//! What `cargo metadata` says, as far as we ask.

use crate::run::{command, read as run};
use anyhow::{Context, Result};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// Packages and their resolved dependencies, for the machine that asks.
#[derive(Deserialize)]
pub(super) struct Metadata {
    pub(super) packages: Vec<Package>,
    workspace_members: Vec<String>,
    resolve: Resolve,
}

#[derive(Deserialize)]
pub(super) struct Package {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) version: String,
    pub(super) license: Option<String>,
    pub(super) manifest_path: String,
    pub(super) dependencies: Vec<Dependency>,
}

/// A dependency as the manifest has it.
#[derive(Deserialize)]
pub(super) struct Dependency {
    pub(super) name: String,
    /// `None` is a normal one, else `dev` or `build`.
    pub(super) kind: Option<String>,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Edge>,
}

#[derive(Deserialize)]
struct Edge {
    pkg: String,
    dep_kinds: Vec<Kind>,
}

#[derive(Deserialize)]
struct Kind {
    kind: Option<String>,
}

/// Asks cargo.
pub(super) fn read() -> Result<Metadata> {
    let version = run(&mut command("rustc", &["-vV"]))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    let host = host.context("rustc does not name its host")?;
    let arguments = [
        "metadata",
        "--locked",
        "--format-version",
        "1",
        "--filter-platform",
        host,
    ];
    let text = run(&mut command("cargo", &arguments))?;
    serde_json::from_str(&text).context("cargo metadata is not what we expect")
}

impl Metadata {
    /// The crates of the workspace.
    pub(super) fn members(&self) -> impl Iterator<Item = &Package> {
        self.packages
            .iter()
            .filter(|package| self.workspace_members.contains(&package.id))
    }

    /// Names of all packages that this one is built from: normal dependencies, at any depth.
    pub(super) fn built_from(&self, package: &Package) -> BTreeSet<&str> {
        let nodes: BTreeMap<&str, &Node> = self
            .resolve
            .nodes
            .iter()
            .map(|node| (node.id.as_str(), node))
            .collect();
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let mut open = vec![package.id.as_str()];
        while let Some(id) = open.pop() {
            let Some(node) = nodes.get(id) else { continue };
            for edge in &node.deps {
                let normal = edge.dep_kinds.iter().any(|kind| kind.kind.is_none());
                if normal && seen.insert(&edge.pkg) {
                    open.push(&edge.pkg);
                }
            }
        }
        let seen_packages = self
            .packages
            .iter()
            .filter(|package| seen.contains(package.id.as_str()));
        seen_packages.map(|package| package.name.as_str()).collect()
    }
}
