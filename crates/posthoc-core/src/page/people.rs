//! Whose addresses are whose: the site's mailmap, and who wants no page.

use std::collections::{BTreeMap, BTreeSet};

/// Lines of a mailmap that are read.
pub const MAILMAP_LINES: usize = 20_000;
/// Steps from an address over others to the person's own.
const STEPS: usize = 8;

/// What a site is told of people. Addresses are told apart without regard to case; a name alone
/// makes nobody the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct People {
    persons: Vec<KnownPerson>,
    /// Which of them an address is.
    of: BTreeMap<String, usize>,
}

/// A person that a site is told of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownPerson {
    /// Their name; empty where only mails tell it.
    pub name: String,
    /// Their addresses in lower case, sorted; never empty.
    pub addresses: Vec<String>,
    /// They want neither a page nor to be named among those who write most.
    pub apart: bool,
}

impl People {
    /// Reads a mailmap as git has it (gitmailmap(5)): `Name <address>`, `<address> <other>` and
    /// `Name <address> <other>`, each on a line; `#` begins a comment. A line that also tells the name
    /// under which a mail came is left out, for authors are told apart by their addresses. `apart` are
    /// addresses of those who want no page.
    pub fn parse(mailmap: &str, apart: &[String]) -> Self {
        let lines = mailmap.lines().take(MAILMAP_LINES);
        let entries: Vec<Entry> = lines.filter_map(entry).collect();
        let mut own: BTreeMap<&str, &str> = BTreeMap::new();
        for entry in &entries {
            if entry.other != entry.address {
                own.entry(&entry.other).or_insert(&entry.address);
            }
        }
        let person = |address: &str| {
            let mut at = address.to_owned();
            for _ in 0..STEPS {
                match own.get(at.as_str()) {
                    Some(next) => at = (*next).to_owned(),
                    None => break,
                }
            }
            at
        };
        let apart: Vec<String> = apart.iter().map(|address| folded(address)).collect();
        let mut groups: BTreeMap<String, (String, BTreeSet<String>)> = BTreeMap::new();
        let told = entries
            .iter()
            .map(|entry| (&*entry.name, &entry.address, &entry.other));
        let untold = apart.iter().map(|address| ("", address, address));
        for (name, address, other) in told.chain(untold) {
            let (known, addresses) = groups.entry(person(address)).or_default();
            if known.is_empty() {
                *known = name.to_owned();
            }
            addresses.extend([address.clone(), other.clone()]);
        }
        let mut people = People::default();
        for (name, addresses) in groups.into_values() {
            for address in &addresses {
                people.of.insert(address.clone(), people.persons.len());
            }
            people.persons.push(KnownPerson {
                name,
                apart: addresses.iter().any(|address| apart.contains(address)),
                addresses: addresses.into_iter().collect(),
            });
        }
        people
    }

    /// The person of an address, where the site is told of them.
    pub fn of(&self, address: &str) -> Option<&KnownPerson> {
        self.persons.get(*self.of.get(&folded(address))?)
    }

    /// Those who have several addresses.
    pub fn merged(&self) -> impl Iterator<Item = &KnownPerson> {
        self.persons
            .iter()
            .filter(|known| known.addresses.len() > 1)
    }
}

/// An address as it is compared.
pub fn folded(address: &str) -> String {
    address.trim().to_lowercase()
}

/// A line of a mailmap.
struct Entry {
    name: String,
    address: String,
    /// The same where the line has one address only.
    other: String,
}

fn entry(line: &str) -> Option<Entry> {
    let line = line.split('#').next().unwrap_or_default();
    let (name, rest) = line.split_once('<')?;
    let (address, rest) = rest.split_once('>')?;
    let address = folded(address);
    let other = match rest.split_once('<') {
        Some((between, other)) if between.trim().is_empty() => folded(other.split_once('>')?.0),
        Some(_) => return None,
        None => address.clone(),
    };
    (!address.is_empty() && !other.is_empty()).then(|| Entry {
        name: name.trim().to_owned(),
        address,
        other,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAP: &str = "# who is who\n\
        Ada Lovelace <ada@example.org> <ADA@old.example>\n\
        <ada@example.org> <countess@example.net> # since 1835\n\
        Grace <grace@example.org>\n\
        <ada@example.org> Somebody Else <root@example.org>\n\
        <a@loop> <b@loop>\n<b@loop> <a@loop>\n\
        broken <\n<> <x@y>\n";

    #[test]
    fn addresses_of_one_person() {
        let people = People::parse(MAP, &[]);
        let ada = people.of("Ada@Old.example").unwrap_or_else(|| panic!());
        assert_eq!(ada.name, "Ada Lovelace");
        assert_eq!(
            ada.addresses,
            ["ada@example.org", "ada@old.example", "countess@example.net"]
        );
        assert_eq!(people.of("countess@example.net"), Some(ada));
        assert_eq!(
            people.of("grace@example.org").map(|who| &*who.name),
            Some("Grace")
        );
        // The name under which a mail came makes nobody the same.
        for stranger in ["root@example.org", "x@y", ""] {
            assert_eq!(people.of(stranger), None, "{stranger}");
        }
        assert_eq!(people.of("a@loop"), people.of("b@loop"));
    }

    #[test]
    fn who_stands_apart_does_so_with_every_address() {
        let apart = [
            "COUNTESS@example.net".to_owned(),
            "alone@example.org".to_owned(),
        ];
        let people = People::parse(MAP, &apart);
        for address in ["ada@example.org", "ada@old.example", "alone@example.org"] {
            assert!(people.of(address).is_some_and(|who| who.apart), "{address}");
        }
        assert!(people.of("grace@example.org").is_some_and(|who| !who.apart));
    }
}
