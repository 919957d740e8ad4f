//! Reading everything that was published.

use crate::lab::Lab;
use crate::routes::kind;
use crate::tokens::Secret;
use crate::walk::Said;
use posthoc_core::route::Route;
use std::collections::BTreeSet;

/// What files say.
pub(crate) struct Folder {
    /// Files that were read.
    pub(crate) files: usize,
    /// Tokens, and the kinds of files that said them, in their names or in their bytes.
    pub(crate) said: BTreeSet<Said>,
}

impl Folder {
    /// Publishes and reads every file.
    pub(crate) fn publish(lab: &Lab, out: &str) -> Self {
        lab.room.run(&["publish", out]).ends(0);
        let mut said = BTreeSet::new();
        let files = lab.room.files(out);
        for (path, bytes) in &files {
            let path = path.strip_prefix(lab.room.path(out)).unwrap();
            let path = path.to_str().unwrap();
            let place = match Route::parse(path) {
                Some(route) => kind(&route),
                None if path.starts_with(".posthoc/") => "manifest",
                None if path.starts_with("_rules/") => "rules",
                None => "another file",
            };
            for bytes in [path.as_bytes(), bytes] {
                for (secret, what) in lab.tokens.found(bytes) {
                    said.insert((secret, what.to_owned(), place.to_owned()));
                }
            }
        }
        Folder {
            files: files.len(),
            said,
        }
    }

    /// The kinds of files on which any token of that kind was said.
    pub(crate) fn places(&self, secret: Secret) -> BTreeSet<&str> {
        let said = self.said.iter().filter(|(of, ..)| *of == secret);
        said.map(|(_, _, place)| place.as_str()).collect()
    }
}
