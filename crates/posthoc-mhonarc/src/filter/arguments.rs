//! MIMEARGS: what a filter is told.

use crate::resources::{Name, Resources};

/// The arguments of a filter for a part.
#[derive(Clone, Debug, Default)]
pub(crate) struct Arguments(Vec<(String, String)>);

impl Arguments {
    /// Those for a media type, else those for its filter.
    pub(crate) fn of(resources: &Resources, media_type: &str, filter: &str) -> Self {
        let lines = resources.lines(Name::MimeArgs);
        let base = media_type.split('/').next().unwrap_or_default();
        let wanted = [
            media_type.to_owned(),
            format!("{base}/*"),
            filter.to_owned(),
        ];
        let find = |wanted: &String| {
            lines.iter().rev().find_map(|line| {
                // The old form has a colon, as filters' names have.
                let (subject, text) = line.split_once(';').or_else(|| line.split_once(':'))?;
                subject.trim().eq_ignore_ascii_case(wanted).then_some(text)
            })
        };
        wanted
            .iter()
            .find_map(find)
            .map_or_else(Arguments::default, Arguments::read)
    }

    /// Words, and words with a value: `maxwidth=80`, `type="Some text"`.
    fn read(text: &str) -> Self {
        let mut found = Vec::new();
        let mut rest = text.trim_start();
        while !rest.is_empty() {
            let end = rest
                .find(|c: char| c.is_whitespace() || c == '=')
                .unwrap_or(rest.len());
            let name = rest[..end].to_ascii_lowercase();
            rest = &rest[end..];
            let mut value = String::new();
            if let Some(after) = rest.strip_prefix('=') {
                let (inner, after) = match after
                    .strip_prefix('"')
                    .and_then(|inner| inner.split_once('"'))
                {
                    Some(quoted) => quoted,
                    None => after.split_at(after.find(char::is_whitespace).unwrap_or(after.len())),
                };
                value = inner.to_owned();
                rest = after;
            }
            found.push((name, value));
            rest = rest.trim_start();
        }
        Arguments(found)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    /// Whether a list between commas holds a word.
    pub(crate) fn lists(&self, name: &str, word: &str) -> bool {
        self.value(name).is_some_and(|list| {
            list.split(',')
                .any(|item| item.trim().eq_ignore_ascii_case(word))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_read() {
        let arguments = Arguments::read(" quote maxwidth=80 type=\"A b\" exts=a,b ");
        assert!(arguments.has("quote") && !arguments.has("b"));
        assert_eq!(arguments.value("maxwidth"), Some("80"));
        assert_eq!(arguments.value("type"), Some("A b"));
        assert!(arguments.lists("exts", "B"));
    }
}
