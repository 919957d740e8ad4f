//! The conformance suite, and what only this backend promises.
#![allow(clippy::unwrap_used)]

use crate::EmbeddedStore;
use posthoc_store::Store;
use posthoc_store::conformance::Fixture;
use tempfile::TempDir;

/// An archive in a folder that goes with it.
struct InFolder(TempDir);

impl InFolder {
    fn new() -> InFolder {
        let dir = TempDir::new().unwrap();
        EmbeddedStore::create(&dir.path().join("archive")).unwrap();
        InFolder(dir)
    }
}

impl Fixture for InFolder {
    fn handle(&self) -> Box<dyn Store> {
        Box::new(EmbeddedStore::open(&self.0.path().join("archive")).unwrap())
    }
}

posthoc_store::conformance_suite!(InFolder::new());
