//! The style sheet and the scripts: files named by their content, so that they may be cached for
//! ever and an old page never meets a new style.

use crate::route::Route;
use std::sync::LazyLock;

/// The style sheet as it was written, with its custom properties first: in daylight, then in the dark.
pub const STYLE_SHEET: &str = include_str!("assets/posthoc.css");
static STYLE: LazyLock<String> = LazyLock::new(|| squeezed_style(STYLE_SHEET));
static READER_SCRIPT: LazyLock<String> =
    LazyLock::new(|| squeezed(include_str!("assets/posthoc.js")));
const MID_SCRIPT: &str = include_str!("assets/mid.js");
static SEARCH_SCRIPT: LazyLock<String> =
    LazyLock::new(|| squeezed(include_str!("assets/search.js")));

/// A file that every site has under `assets/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asset<'a> {
    /// Its name: 16 hex digits of its BLAKE3 hash and its extension.
    pub name: &'a str,
    /// Its type.
    pub media_type: &'static str,
    /// Its content.
    pub bytes: &'a [u8],
}

static STYLE_NAME: LazyLock<String> = LazyLock::new(|| hashed(&STYLE, "css"));
static READER_SCRIPT_NAME: LazyLock<String> = LazyLock::new(|| hashed(&READER_SCRIPT, "js"));
static MID_SCRIPT_NAME: LazyLock<String> = LazyLock::new(|| hashed(MID_SCRIPT, "js"));
static SEARCH_SCRIPT_NAME: LazyLock<String> = LazyLock::new(|| hashed(&SEARCH_SCRIPT, "js"));

fn hashed(content: &str, extension: &str) -> String {
    let hash = blake3::hash(content.as_bytes()).to_hex();
    format!("{}.{extension}", &hash[..16])
}

/// All of them. A site has each at [`Route::Asset`] of its name, beside its theme's
/// ([`Theme::assets`](super::Theme::assets)).
pub fn assets() -> Vec<Asset<'static>> {
    vec![
        Asset {
            name: STYLE_NAME.as_str(),
            media_type: "text/css; charset=utf-8",
            bytes: STYLE.as_bytes(),
        },
        Asset {
            name: READER_SCRIPT_NAME.as_str(),
            media_type: "text/javascript; charset=utf-8",
            bytes: READER_SCRIPT.as_bytes(),
        },
        Asset {
            name: MID_SCRIPT_NAME.as_str(),
            media_type: "text/javascript; charset=utf-8",
            bytes: MID_SCRIPT.as_bytes(),
        },
        Asset {
            name: SEARCH_SCRIPT_NAME.as_str(),
            media_type: "text/javascript; charset=utf-8",
            bytes: SEARCH_SCRIPT.as_bytes(),
        },
    ]
}

pub(super) fn style_route() -> Route {
    Route::Asset(STYLE_NAME.clone())
}

/// The script of every page.
pub(super) fn reader_script_route() -> Route {
    Route::Asset(READER_SCRIPT_NAME.clone())
}

pub(super) fn search_script_route() -> Route {
    Route::Asset(SEARCH_SCRIPT_NAME.clone())
}

pub(super) fn mid_script_route() -> Route {
    Route::Asset(MID_SCRIPT_NAME.clone())
}

/// A script of ours without the comments and blanks that nobody needs who only runs it. It knows
/// strings in `"` alone: a script that is squeezed writes no other ones, no `"` elsewhere, and neither
/// `const ` nor `;}` in one. Its statements end with `;`, and none is empty.
fn squeezed(script: &str) -> String {
    let is_mark = |c: char| "=+-*/<>(){}[],;:?&|!^%".contains(c);
    let mut out = String::with_capacity(script.len());
    for line in script.lines().map(str::trim) {
        if line.is_empty() || line.starts_with("//") {
            continue;
        }
        if out.ends_with("}\n") {
            out.pop();
        }
        let (mut quoted, mut escaped) = (false, false);
        let mut chars = line.chars().peekable();
        while let Some(c) = chars.next() {
            let before = out.chars().next_back().filter(|c| *c != '\n');
            let after = chars.peek().copied();
            let beside = before.is_some_and(is_mark) || after.is_some_and(is_mark);
            // `a + +b` is not `a ++b`.
            let signs = [before, after].map(|c| matches!(c, Some('+' | '-'))) == [true; 2];
            if quoted || c != ' ' || !beside || signs {
                out.push(c);
            }
            quoted ^= c == '"' && !escaped;
            escaped = quoted && c == '\\' && !escaped;
        }
        if !out.ends_with(['{', ';', ',', '(']) {
            out.push('\n');
        }
    }
    out.replace("\n}", "}")
        .replace(";}", "}")
        .replace("const ", "let ")
}

/// A style sheet of ours without comments and blanks that nobody needs who only follows it. It knows
/// no strings: a style sheet that is squeezed has none with a mark and a blank beside each other.
fn squeezed_style(style: &str) -> String {
    let mut out = String::with_capacity(style.len());
    let mut rest = style;
    while let Some((before, comment)) = rest.split_once("/*") {
        out.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    let lines: Vec<&str> = out.trim().lines().map(str::trim).collect();
    let mut out = lines.join(" ");
    while out.contains("  ") {
        out = out.replace("  ", " ");
    }
    for (wide, narrow) in [
        (" {", "{"),
        ("{ ", "{"),
        ("} ", "}"),
        (" }", "}"),
        ("; ", ";"),
        (";}", "}"),
        (", ", ","),
        (": ", ":"),
        (" > ", ">"),
        (" * ", "*"),
        (" / ", "/"),
    ] {
        out = out.replace(wide, narrow);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_search_script_stays_small() {
        assert!(SEARCH_SCRIPT.len() < 25_000, "{}", SEARCH_SCRIPT.len());
    }

    #[test]
    fn what_every_page_loads_stays_small() {
        assert!(STYLE.len() < 20_000, "{}", STYLE.len());
        assert!(READER_SCRIPT.len() < 15_000, "{}", READER_SCRIPT.len());
    }

    #[test]
    fn squeezing_keeps_the_rules() {
        let style = "/* why */\n:root {\n  --a: calc(1px + 2px);\n}\n@media (x: 1px) {\n  a > b, c { d: e f; }\n}\nd { e: 0 / calc(2 * 1px); }\n";
        let want = ":root{--a:calc(1px + 2px)}@media (x:1px){a>b,c{d:e f}}d{e:0/calc(2*1px)}";
        assert_eq!(squeezed_style(style), want);
    }

    #[test]
    fn squeezing_keeps_what_runs() {
        let script = "// why\nif (a) {\n  b = c + \"x  + \\\" y\" + +d;\n  return e\n}\n";
        let want = "if(a){b=c+\"x  + \\\" y\"+ +d;return e}\n";
        assert_eq!(squeezed(script), want);
    }
}
