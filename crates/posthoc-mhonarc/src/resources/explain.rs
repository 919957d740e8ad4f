//! What a resource file asks for, element by element, and what is done with it.

use super::options::Said;
use super::read::in_order;
use super::table::{ELSEWHERE, instead_of};
use super::{Refusal, Resources};

/// An element of a resource file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// The line that opens it, from 1 on.
    pub line: usize,
    /// Its name, upper case.
    pub name: String,
    /// What is done with such a resource.
    pub said: Said,
    /// What of it is not done.
    pub refused: Vec<Refusal>,
}

/// The elements of a resource file in their order; those of files that it includes are not looked at.
pub fn explain(file: &[u8]) -> Vec<Explained> {
    let explained = in_order(file).into_iter().map(|element| {
        let name = element.name.clone();
        let bare = name.strip_prefix("NO").unwrap_or(&name);
        let is_elsewhere = ELSEWHERE.contains(&bare) || ELSEWHERE.contains(&name.as_str());
        let said = match instead_of(&name) {
            Some(_) => Said::NotDone,
            None if is_elsewhere => Said::Elsewhere,
            None => Said::Done,
        };
        let mut refused = Vec::new();
        if name != "INCLUDE" {
            let mut resources = Resources::default();
            resources.take(&element, &mut refused);
            crate::archive::refusals(&resources, &mut refused);
        }
        Explained {
            line: element.line,
            name,
            said,
            refused,
        }
    });
    explained.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_element_is_explained() {
        let file = b"<!-- words -->\n<Title>\nx\n</Title>\n\n<Lang>\nde\n</Lang>\n<NoModTime>\n\
            <MIMEFilters>\ntext/x; mine::filter; mine.pl\n</MIMEFilters>\n<SubjectStripCode>\nexit;\n</SubjectStripCode>\n";
        let found = explain(file);
        let told: Vec<(usize, &str, Said, usize)> = found
            .iter()
            .map(|e| (e.line, e.name.as_str(), e.said, e.refused.len()))
            .collect();
        assert_eq!(
            told,
            [
                (2, "TITLE", Said::Done, 0),
                (6, "LANG", Said::NotDone, 1),
                (9, "NOMODTIME", Said::Elsewhere, 0),
                (10, "MIMEFILTERS", Said::Done, 1),
                (13, "SUBJECTSTRIPCODE", Said::Done, 1),
            ]
        );
    }
}
