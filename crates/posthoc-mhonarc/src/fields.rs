//! Header fields as the original holds them: names in small letters, values on one line.

use posthoc_core::message::Part;

/// The fields of a mail or part, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields(Vec<(String, Vec<u8>)>);

impl Fields {
    pub(crate) fn of(part: &Part) -> Self {
        let fields = part.fields.iter().map(|field| {
            let value: Vec<u8> = field
                .raw
                .iter()
                .filter(|byte| !matches!(byte, b'\n' | b'\r'))
                .copied()
                .collect();
            (
                field.name.trim().to_ascii_lowercase(),
                value.trim_ascii().to_vec(),
            )
        });
        Fields(fields.collect())
    }

    /// The first value of a name.
    pub(crate) fn first<'a>(&'a self, name: &'a str) -> Option<&'a [u8]> {
        self.all(name).next()
    }

    /// Every value of a name.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        self.0
            .iter()
            .filter(move |(known, _)| known == name)
            .map(|(_, value)| value.as_slice())
    }

    /// Names, each once, sorted.
    pub(crate) fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.0.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}
