//! The order of the rooms inside posthoc-core, read from its `crate::` paths, and its purity, read
//! from its `std::` paths. (`crates/posthoc-core/clippy.toml` bans the calls one by one; this bans
//! the modules as a whole.)

const SOURCE: &str = "crates/posthoc-core/src/";
/// Each room may use itself and those before it.
const ROOMS: &[&str] = &[
    "text", "lmtp", "message", "query", "thread", "route", "page",
];
/// What the core may not touch.
const MACHINE: &[&str] = &[
    "std::env",
    "std::fs",
    "std::io::stdin",
    "std::io::stdout",
    "std::net",
    "std::os",
    "std::process",
    "std::thread",
    "std::time::Instant",
    "std::time::SystemTime",
    "RandomState",
];

/// One line per path that leads upward or out of the house.
pub(super) fn check(texts: &[(String, String)]) -> Vec<String> {
    let mut breaches = Vec::new();
    for (path, text) in texts {
        let Some(inside) = path.strip_prefix(SOURCE).filter(|_| path.ends_with(".rs")) else {
            continue;
        };
        let code = code_of(text);
        if let Some(rank) = rank(inside.split(['/', '.']).next().unwrap_or_default()) {
            for (line, room) in rooms_used(&code) {
                if room > rank {
                    let (from, to) = (ROOMS[rank], ROOMS[room]);
                    breaches.push(format!(
                        "{path}:{line}: {from} stands before {to}, may not use it"
                    ));
                }
            }
        }
        let product = code.split("#[cfg(test)]").next().unwrap_or_default();
        let is_test = inside.ends_with("tests.rs") || inside.contains("tests/");
        for (number, line) in product.lines().enumerate().filter(|_| !is_test) {
            for word in MACHINE.iter().filter(|word| line.contains(**word)) {
                breaches.push(format!(
                    "{path}:{}: the core is pure, no {word}",
                    number + 1
                ));
            }
        }
    }
    breaches
}

fn rank(room: &str) -> Option<usize> {
    ROOMS.iter().position(|name| *name == room)
}

/// The text with its comments blanked, line numbers kept.
fn code_of(text: &str) -> String {
    let blank = |line: &str| {
        let comment = line.trim_start().starts_with("//");
        let end = if comment {
            0
        } else {
            line.find(" // ").unwrap_or(line.len())
        };
        line[..end].to_owned() + "\n"
    };
    text.lines().map(blank).collect()
}

/// Line number and rank of every room named by `crate::room` or `crate::{room::…, room}`.
fn rooms_used(code: &str) -> Vec<(usize, usize)> {
    const PATH: &str = "crate::";
    let mut found = Vec::new();
    for (at, _) in code.match_indices(PATH) {
        let line_of = |offset: usize| code[..offset].matches('\n').count() + 1;
        let rest = &code[at + PATH.len()..];
        let Some(group) = rest.strip_prefix('{') else {
            found.extend(rank(first_word(rest)).map(|room| (line_of(at), room)));
            continue;
        };
        let mut depth = 0;
        let mut expecting = true;
        for (offset, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => expecting = true,
                c if c.is_alphabetic() && expecting => {
                    expecting = false;
                    let room = rank(first_word(&group[offset..]));
                    let place = at + PATH.len() + 1 + offset;
                    found.extend(room.map(|room| (line_of(place), room)));
                }
                _ => {}
            }
        }
    }
    found
}

fn first_word(text: &str) -> &str {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
        .next()
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::check;

    fn breaches(file: &str, code: &str) -> usize {
        check(&[(format!("crates/posthoc-core/src/{file}"), code.to_owned())]).len()
    }

    #[test]
    fn upward_paths_are_found() {
        assert_eq!(breaches("message/parse.rs", "use crate::text::Html;\n"), 0);
        assert_eq!(
            breaches("message/parse.rs", "use crate::message::Part;\n"),
            0
        );
        assert_eq!(breaches("message/parse.rs", "use crate::page::Page;\n"), 1);
        assert_eq!(
            breaches("text/mod.rs", "fn f() { crate::message::parse(b\"\"); }\n"),
            1
        );
        assert_eq!(
            breaches(
                "thread/mod.rs",
                "use crate::{\n text::{Html, page},\n route::Route,\n};\n"
            ),
            1
        );
        assert_eq!(
            breaches(
                "page/mod.rs",
                "use crate::{text, message, query, thread, route};\n"
            ),
            0
        );
        assert_eq!(breaches("route/mod.rs", "//! See [`crate::page`].\n"), 0);
        assert_eq!(breaches("lib.rs", "use crate::page::Page;\n"), 0);
    }

    #[test]
    fn the_machine_is_found() {
        assert_eq!(
            breaches("text/mod.rs", "let text = std::fs::read(path);\n"),
            1
        );
        assert_eq!(
            breaches("text/mod.rs", "#[cfg(test)]\nmod tests { use std::fs; }\n"),
            0
        );
        assert_eq!(breaches("text/mod.rs", "/// Not `std::fs`.\n"), 0);
        assert_eq!(breaches("page/tests.rs", "use std::fs;\n"), 0);
    }
}
