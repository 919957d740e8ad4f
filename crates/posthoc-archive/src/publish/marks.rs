//! What besides the mails shapes pages, as marks that are compared: of the site, and of each list, so
//! that a list's settings concern its own pages and those that name every list.

use crate::error::Result;
use crate::load::{Reader, Settings};
use posthoc_core::query::{SHARDS_VERSION, TOKENIZER_VERSION};
use posthoc_core::route::ListName;
use std::collections::{BTreeMap, BTreeSet};

/// What shapes every page.
pub(super) fn site(settings: &Settings<'_>) -> String {
    let site = settings.site;
    let mut hasher = blake3::Hasher::new();
    hasher.update(env!("CARGO_PKG_VERSION").as_bytes());
    hasher.update(&SHARDS_VERSION.to_le_bytes());
    hasher.update(&TOKENIZER_VERSION.to_le_bytes());
    let shown = (
        &site.title,
        &site.base_url,
        &site.templates,
        &site.strings,
        &site.theme,
        &site.defaults.language,
        settings.limits,
    );
    hasher.update(format!("{shown:?}").as_bytes());
    for asset in posthoc_core::page::assets() {
        hasher.update(asset.name.as_bytes());
    }
    short(&hasher)
}

/// What shapes the pages of each list, by the folder they stand in; and the folders of its other
/// names.
pub(super) fn lists(reader: &Reader<'_>, names: &[ListName]) -> Result<BTreeMap<String, String>> {
    let mut marks = BTreeMap::new();
    let people = Some(&reader.site().people);
    for name in names {
        let list = reader.rows.need_list(name.as_str())?;
        let shown = (
            reader.list_head(&list),
            reader.mask(&list),
            reader.downloads(&list),
            reader.dropped_fields(&list),
            &list.time_zone,
            (
                &reader.settings_of(&list).closed,
                reader.settings_of(&list).no_author_pages,
                people.filter(|_| reader.names_people(&list)),
            ),
            &reader.settings_of(&list).link_rules,
            &reader.settings_of(&list).footer_patterns,
            &reader.settings_of(&list).layout,
            &reader.settings_of(&list).pipermail,
        );
        let mut hasher = blake3::Hasher::new();
        hasher.update(format!("{shown:?}").as_bytes());
        marks.insert(name.to_string(), short(&hasher));
        for other in reader.other_names(name)? {
            marks.insert(other.to_string(), format!("={name}"));
        }
    }
    Ok(marks)
}

/// The folders that come, go or are otherwise.
pub(super) fn differing(
    before: &BTreeMap<String, String>,
    now: &BTreeMap<String, String>,
) -> BTreeSet<String> {
    let folders = before.keys().chain(now.keys());
    let differing = folders.filter(|folder| before.get(*folder) != now.get(*folder));
    differing.cloned().collect()
}

fn short(hasher: &blake3::Hasher) -> String {
    hasher.finalize().to_hex()[..32].to_owned()
}
