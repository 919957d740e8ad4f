//! A site's own templates, found as Mailman finds them.

use crate::language::Language;
use crate::template::Kind;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Template files of a site, chosen for one list and decoded. Mailman looks in `lists/LIST/LANG`, then
/// `templates/VHOST/LANG`, `templates/site/LANG` and `templates/LANG`; then the same four for English. What
/// it finds nowhere is built in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Templates {
    chosen: BTreeMap<Kind, String>,
}

impl Templates {
    /// Chooses among files, given by their paths below the folder in which they stand: a copy of a Mailman
    /// installation's `lists` and `templates`, of its `templates` alone, or of one language's files.
    pub fn of(files: &[(String, Vec<u8>)], list: &str, host: &str, language: Language) -> Self {
        let mut chosen = BTreeMap::new();
        for kind in Kind::ALL {
            let places = [language, Language::English]
                .into_iter()
                .flat_map(|language| {
                    places(list, host, language.code())
                        .into_iter()
                        .map(move |place| (place, language))
                });
            for (place, language) in places {
                let path = format!("{place}{}", kind.file());
                if let Some((_, bytes)) = files.iter().find(|(known, _)| *known == path) {
                    let text = language.charset().decode(bytes).into_owned();
                    chosen.insert(kind, text);
                    break;
                }
            }
        }
        Templates { chosen }
    }

    pub(crate) fn get(&self, kind: Kind) -> Option<Cow<'_, str>> {
        self.chosen.get(&kind).map(|text| Cow::Borrowed(&**text))
    }
}

/// Where a template may stand, the first before the others.
fn places(list: &str, host: &str, language: &str) -> Vec<String> {
    let below = |folder: &str| {
        [
            format!("{folder}{host}/{language}/"),
            format!("{folder}site/{language}/"),
            format!("{folder}{language}/"),
        ]
    };
    let mut places = vec![
        format!("lists/{list}/{language}/"),
        format!("{list}/{language}/"),
    ];
    places.extend(below("templates/"));
    places.extend(below(""));
    places.push(String::new());
    places
}
