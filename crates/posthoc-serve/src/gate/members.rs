//! Who is on a list: a file with one address or name a line.

use std::collections::BTreeSet;

/// The names of a file, folded to lower case.
#[derive(Debug, Default)]
pub(crate) struct Names(BTreeSet<String>);

impl Names {
    /// Reads a file's text: one a line, `Ada <ada@example.org>` too; lines that begin with # are
    /// remarks.
    pub(crate) fn parse(text: &str) -> (Names, Vec<String>) {
        let names = text
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .map(|line| {
                let inner = line.rsplit_once('<').map(|(_, rest)| rest);
                let inner = inner.and_then(|rest| rest.strip_suffix('>'));
                inner.unwrap_or(line).trim().to_lowercase()
            })
            .filter(|name| !name.is_empty());
        (Names(names.collect()), Vec::new())
    }

    /// Whether a name is there, in any case.
    pub(crate) fn holds(&self, name: &str) -> bool {
        self.0.contains(&name.to_lowercase())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_a_line() {
        let (names, _) =
            Names::parse("# members\n\nAda@example.org\n Grace <grace@example.org> \nbob\n<>\n");
        for name in [
            "ada@example.org",
            "ADA@EXAMPLE.ORG",
            "grace@example.org",
            "bob",
        ] {
            assert!(names.holds(name), "{name}");
        }
        for name in ["", "# members", "grace", "ada", "<>"] {
            assert!(!names.holds(name), "{name}");
        }
    }
}
