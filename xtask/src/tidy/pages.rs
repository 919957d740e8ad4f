//! There is one way to make a page: no other room may grow a second one.

/// Where a layout may be called: its own room, and the page function.
const MAY_RENDER: &[&str] = &[
    "crates/posthoc-core/",
    "crates/posthoc-archive/src/load/",
    "fuzz/",
];
/// Rooms that put bytes before people and make none of them, "not found" included.
const MAKES_NO_HTML: &[&str] = &["crates/posthoc-serve/src/", "crates/posthoc/src/"];
/// Markup, as it would stand in a string. Split, so that this file holds none.
const MARKUP: &[&str] = &[
    concat!("<!", "doctype"),
    concat!("<ht", "ml"),
    concat!("<bo", "dy"),
    concat!("<", "p>"),
    concat!("<h", "1"),
    concat!("<a ", "href"),
];

/// One line per breach.
pub(super) fn check(texts: &[(String, String)]) -> Vec<String> {
    let mut breaches = Vec::new();
    for (path, text) in texts.iter().filter(|(path, _)| path.ends_with(".rs")) {
        let within = |folders: &[&str]| folders.iter().any(|folder| path.starts_with(folder));
        let product = text
            .split("#[cfg(test)]\nmod tests {")
            .next()
            .unwrap_or_default();
        let in_test = path.ends_with("tests.rs") || path.contains("/tests/");
        if in_test || !path.contains("/src/") {
            continue;
        }
        let dense: String = product.split_whitespace().collect();
        if dense.contains(concat!("layout", ".render(")) && !within(MAY_RENDER) {
            breaches.push(format!(
                "{path}: a second page function; ask posthoc-archive's"
            ));
        }
        if within(MAKES_NO_HTML) {
            for (number, line) in product.lines().enumerate() {
                if MARKUP.iter().any(|word| line.contains(word)) {
                    breaches.push(format!(
                        "{path}:{}: makes HTML outside its room",
                        number + 1
                    ));
                }
            }
        }
    }
    breaches
}

#[cfg(test)]
mod tests {
    use super::check;

    fn breaches(path: &str, text: &str) -> usize {
        check(&[(path.to_owned(), text.to_owned())]).len()
    }

    #[test]
    fn second_page_functions_are_found() {
        let call = "let page = self.layout\n    .render(route, view, site);\n";
        assert_eq!(breaches("crates/posthoc-serve/src/lib.rs", call), 1);
        assert_eq!(breaches("crates/posthoc-archive/src/load/mod.rs", call), 0);
        assert_eq!(
            breaches("crates/posthoc-archive/src/publish/mod.rs", call),
            1
        );
        let markup = "let body = \"<html>\";\n";
        assert_eq!(breaches("crates/posthoc-serve/src/reply.rs", markup), 1);
        assert_eq!(
            breaches("crates/posthoc-core/src/page/layout.rs", markup),
            0
        );
        let test = format!("#[cfg(test)]\nmod tests {{\n{markup}}}\n");
        assert_eq!(breaches("crates/posthoc-serve/src/reply.rs", &test), 0);
    }
}
