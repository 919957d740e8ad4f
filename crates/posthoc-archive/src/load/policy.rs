//! What counts for a list: its settings and what the journal holds of them. Of what protects people
//! the closer of the two counts, so that neither a lost file nor an old record opens anything.

use super::Reader;
use crate::tables::ListRow;
use posthoc_core::page::{Downloads, ListHead, ListSettings, Mask, Visibility};
use posthoc_core::route::ListName;

impl Reader<'_> {
    /// A list's settings, inherited ones included.
    pub(crate) fn settings_of(&self, list: &ListRow) -> &ListSettings {
        match ListName::new(&list.name) {
            Some(name) => self.settings.site.list(&name),
            None => &self.settings.site.defaults,
        }
    }

    /// Who may see a list; what cannot be read is private.
    pub(crate) fn visibility(&self, list: &ListRow) -> Visibility {
        let recorded = Visibility::named(&list.visibility).unwrap_or(Visibility::Private);
        let set = self.settings_of(list).visibility;
        set.map_or(recorded, |set| set.max(recorded))
    }

    /// How a list's addresses are shown; what cannot be read shows nothing of them.
    pub(crate) fn mask(&self, list: &ListRow) -> Mask {
        let recorded = match &list.mask {
            Some(name) => Mask::named(name).unwrap_or(Mask::Full),
            None => Mask::default(),
        };
        let set = self.settings_of(list).mask;
        set.map_or(recorded, |set| set.max(recorded))
    }

    /// What may be taken from a list in one piece; what cannot be read is nothing.
    pub(crate) fn downloads(&self, list: &ListRow) -> Downloads {
        let recorded = match &list.downloads {
            Some(name) => Downloads::named(name).unwrap_or(Downloads::None),
            None => Downloads::default(),
        };
        let set = self.settings_of(list).downloads.unwrap_or_default();
        set.max(recorded)
    }

    /// The header fields that a list's public copy leaves out beside the built-in ones.
    pub(crate) fn dropped_fields(&self, list: &ListRow) -> Vec<String> {
        let set = &self.settings_of(list).drop;
        let mut fields = set.clone().unwrap_or_default();
        fields.extend(list.drop.iter().cloned());
        fields.sort();
        fields.dedup();
        fields
    }

    /// A list's facts for its pages.
    pub(crate) fn list_head(&self, list: &ListRow) -> Option<ListHead> {
        let settings = self.settings_of(list);
        let name = ListName::new(&list.name)?;
        Some(ListHead {
            title: match settings.title.as_str() {
                "" => name.to_string(),
                title => title.to_owned(),
            },
            description: settings.description.clone(),
            address: settings.address_of(&name),
            language: settings.language().to_owned(),
            visibility: self.visibility(list),
            downloads: self.downloads(list),
            robots: settings.robots,
            name,
        })
    }
}
