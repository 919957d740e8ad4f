//! The style sheet and the scripts: files named by their content, so that they may be cached for
//! ever and an old page never meets a new style.

use crate::route::Route;
use std::sync::LazyLock;

const STYLE: &str = include_str!("assets/posthoc.css");
const MID_SCRIPT: &str = include_str!("assets/mid.js");
static SEARCH_SCRIPT: LazyLock<String> =
    LazyLock::new(|| squeezed(include_str!("assets/search.js")));

/// A file that every site has under `assets/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asset {
    /// Its name: 16 hex digits of its BLAKE3 hash and its extension.
    pub name: &'static str,
    /// Its type.
    pub media_type: &'static str,
    /// Its content.
    pub bytes: &'static [u8],
}

static STYLE_NAME: LazyLock<String> = LazyLock::new(|| hashed(STYLE, "css"));
static MID_SCRIPT_NAME: LazyLock<String> = LazyLock::new(|| hashed(MID_SCRIPT, "js"));
static SEARCH_SCRIPT_NAME: LazyLock<String> = LazyLock::new(|| hashed(&SEARCH_SCRIPT, "js"));

fn hashed(content: &str, extension: &str) -> String {
    let hash = blake3::hash(content.as_bytes()).to_hex();
    format!("{}.{extension}", &hash[..16])
}

/// All of them. A site has each at [`Route::Asset`] of its name.
pub fn assets() -> Vec<Asset> {
    vec![
        Asset {
            name: STYLE_NAME.as_str(),
            media_type: "text/css; charset=utf-8",
            bytes: STYLE.as_bytes(),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_search_script_stays_small() {
        assert!(SEARCH_SCRIPT.len() < 25_000, "{}", SEARCH_SCRIPT.len());
    }

    #[test]
    fn squeezing_keeps_what_runs() {
        let script = "// why\nif (a) {\n  b = c + \"x  + \\\" y\" + +d;\n  return e\n}\n";
        let want = "if(a){b=c+\"x  + \\\" y\"+ +d;return e}\n";
        assert_eq!(squeezed(script), want);
    }
}
