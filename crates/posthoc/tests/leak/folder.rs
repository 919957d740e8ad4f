//! Reading everything that was published.

use crate::lab::Lab;
use crate::routes::kind;
use crate::tokens::Secret;
use crate::walk::Said;
use posthoc_core::query::{SEALED, ShardFile, Span, id_word, read};
use posthoc_core::route::Route;
use std::collections::{BTreeMap, BTreeSet};

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
        let mut shards: BTreeMap<String, Vec<ShardFile>> = BTreeMap::new();
        let files = lab.room.files(out);
        for (path, bytes) in &files {
            let path = path.strip_prefix(lab.room.path(out)).unwrap();
            let path = path.to_str().unwrap();
            let place = match Route::parse(path) {
                Some(route) => kind(&route),
                None if path.starts_with(".posthoc/") => "manifest",
                None if path.starts_with("_rules/") => "rules",
                None if path.contains("search/shards/") => "search lines",
                None => "another file",
            };
            for bytes in [path.as_bytes(), bytes] {
                for (secret, what) in lab.tokens.found(bytes) {
                    said.insert((secret, what.to_owned(), place.to_owned()));
                }
            }
            if let Some((folder, name)) = path.rsplit_once('/').filter(|_| place == "search lines")
            {
                let (name, bytes) = (name.to_owned(), bytes.clone());
                let shard = shards.entry(folder.to_owned()).or_default();
                shard.push(ShardFile { name, bytes });
            }
        }
        for (folder, files) in shards
            .iter()
            .filter(|(folder, _)| !folder.ends_with("shards"))
        {
            let span = Span {
                from: 0,
                to: SEALED,
            };
            let words = read(span, files).unwrap_or_else(|| panic!("{folder} cannot be read"));
            let words: Vec<&str> = words.iter().map(|listed| &*listed.word).collect();
            said.extend(words_said(lab, &words));
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

/// What the words of a search say, and its hashes of Message-IDs.
fn words_said(lab: &Lab, words: &[&str]) -> Vec<Said> {
    let place = "search words".to_owned();
    let found = lab.tokens.found(words.join("\n").as_bytes());
    let mut said: Vec<Said> = found
        .into_iter()
        .map(|(secret, what)| (secret, what.to_owned(), place.clone()))
        .collect();
    let private = lab.private_ids.iter().map(|id| (Secret::Private, id));
    for (secret, id) in private.chain([(Secret::Removed, &lab.removed_id)]) {
        if words.contains(&&*id_word(id)) {
            said.push((secret, format!("the hash of {id}"), place.clone()));
        }
    }
    said
}
