//! Licences of everything that is linked or built: an allow-list, read as SPDX expressions.

use super::metadata::Metadata;

const ACCEPTED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// One line per package that cannot be used under an accepted licence.
pub(super) fn check(metadata: &Metadata) -> Vec<String> {
    let mut breaches = Vec::new();
    for package in &metadata.packages {
        let licence = package.license.as_deref().unwrap_or("no licence named");
        if !accepted(licence) {
            breaches.push(format!(
                "{} {}: licence: {licence}",
                package.name, package.version
            ));
        }
    }
    breaches
}

/// Whether an expression can be met with accepted licences alone. `/` is an old way to write OR.
fn accepted(expression: &str) -> bool {
    let spaced = expression
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    let verdict = any_of(&words, &mut at);
    verdict && at == words.len()
}

fn any_of(words: &[&str], at: &mut usize) -> bool {
    let mut verdict = all_of(words, at);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        // No short circuit: the words must be read in any case.
        verdict |= all_of(words, at);
    }
    verdict
}

fn all_of(words: &[&str], at: &mut usize) -> bool {
    let mut verdict = one(words, at);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        verdict &= one(words, at);
    }
    verdict
}

fn one(words: &[&str], at: &mut usize) -> bool {
    let Some(word) = words.get(*at) else {
        return false;
    };
    *at += 1;
    if *word == "(" {
        let verdict = any_of(words, at);
        let closed = words.get(*at) == Some(&")");
        *at += 1;
        return verdict && closed;
    }
    let mut name = (*word).to_owned();
    if words.get(*at) == Some(&"WITH")
        && let Some(exception) = words.get(*at + 1)
    {
        name = format!("{name} WITH {exception}");
        *at += 2;
    }
    ACCEPTED.contains(&name.as_str())
}

#[cfg(test)]
mod tests {
    use super::accepted;

    fn check(expression: &str, expected: bool) {
        assert_eq!(accepted(expression), expected, "{expression}");
    }

    #[test]
    fn expressions_are_met_or_not() {
        check("MIT", true);
        check("GPL-3.0", false);
        check("MIT OR GPL-3.0", true);
        check("MIT AND GPL-3.0", false);
        check("Unlicense/MIT", true);
        check("Apache-2.0 / MIT / AGPL-3.0", true);
        check("(MIT OR GPL-2.0) AND Unicode-3.0", true);
        check("(GPL-2.0 OR LGPL-2.1) AND Unicode-3.0", false);
        check("GPL-3.0 AND (MIT OR Zlib)", false);
        check("Apache-2.0 WITH LLVM-exception OR GPL-2.0", true);
        check("GPL-2.0 WITH Classpath-exception-2.0", false);
        check("(MIT", false);
        check("MIT)", false);
        check("", false);
        check("no licence named", false);
    }
}
