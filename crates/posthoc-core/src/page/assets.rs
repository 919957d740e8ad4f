//! The style sheet and the scripts: files named by their content, so that they may be cached for
//! ever and an old page never meets a new style.

use super::strings::{Arg, Strings};
use crate::route::Route;
use std::sync::LazyLock;

/// The style sheet as it was written, with its custom properties first: in daylight, then in the dark.
pub const STYLE_SHEET: &str = include_str!("assets/posthoc.css");
static STYLE: LazyLock<String> = LazyLock::new(|| squeezed_style(STYLE_SHEET));
static READER_SCRIPT: LazyLock<String> =
    LazyLock::new(|| squeezed(include_str!("assets/posthoc.js")));
/// For the scripts with the built-in texts of English.
static ENGLISH: LazyLock<Strings> = LazyLock::new(|| Strings::new("en", None));
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
static MID_SCRIPT_NAME: LazyLock<String> = LazyLock::new(|| hashed(MID_SCRIPT, "js"));

fn hashed(content: &str, extension: &str) -> String {
    let hash = blake3::hash(content.as_bytes()).to_hex();
    format!("{}.{extension}", &hash[..16])
}

/// The scripts in one language.
pub(super) struct Scripts {
    reader: Script,
    search: Script,
}

/// A script with its texts.
struct Script {
    name: String,
    source: String,
}

impl Script {
    fn new(squeezed: &str, strings: &Strings) -> Self {
        let source = with_texts(squeezed, strings);
        Script {
            name: hashed(&source, "js"),
            source,
        }
    }

    fn asset(&self) -> Asset<'_> {
        Asset {
            name: &self.name,
            media_type: "text/javascript; charset=utf-8",
            bytes: self.source.as_bytes(),
        }
    }
}

impl Scripts {
    /// The scripts with those texts.
    pub(super) fn new(strings: &Strings) -> Self {
        Scripts {
            reader: Script::new(&READER_SCRIPT, strings),
            search: Script::new(&SEARCH_SCRIPT, strings),
        }
    }

    /// The script of every page.
    pub(super) fn reader(&self) -> Route {
        Route::Asset(self.reader.name.clone())
    }

    pub(super) fn search(&self) -> Route {
        Route::Asset(self.search.name.clone())
    }

    /// Both as files.
    pub(super) fn assets(&self) -> [Asset<'_>; 2] {
        [self.reader.asset(), self.search.asset()]
    }
}

/// A script with a text wherever it names one: `"@copied(what)"` is the text `copied` as a string, with
/// `%0` where `what` belongs; `"@mails(count=1)"` is that of one.
fn with_texts(script: &str, strings: &Strings) -> String {
    let mut out = String::with_capacity(script.len() + script.len() / 4);
    let mut rest = script;
    while let Some((before, tail)) = rest.split_once("\"@") {
        out.push_str(before);
        if !tail.starts_with(|c: char| c.is_ascii_lowercase()) {
            out.push_str("\"@");
            rest = tail;
            continue;
        }
        let (token, after) = tail.split_once('"').unwrap_or((tail, ""));
        let (name, args) = token.split_once('(').unwrap_or((token, ""));
        let args = args.trim_end_matches(')').split(',');
        let places: Vec<String> = (0..10).map(|nth| format!("%{nth}")).collect();
        let args = args
            .zip(&places)
            .map(|(arg, place)| match arg.split_once('=') {
                Some((name, number)) => (name, Arg::Digits(number.parse().unwrap_or_default())),
                None => (arg, Arg::Words(place)),
            });
        let args: Vec<(&str, Arg<'_>)> = args.collect();
        out.push('"');
        for c in strings.named(name, &args).chars() {
            if matches!(c, '"' | '\\') {
                out.push('\\');
            }
            out.push(c);
        }
        out.push('"');
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The files of every site that is in English: a site has each at [`Route::Asset`] of its name. Which
/// a site has, in its languages and with its theme's, tells
/// [`Layout::assets`](super::Layout::assets).
pub fn assets() -> Vec<Asset<'static>> {
    let mut assets = common_assets();
    assets.extend(ENGLISH.scripts().assets());
    assets
}

/// Those that are the same in every language.
pub(super) fn common_assets() -> Vec<Asset<'static>> {
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
    ]
}

pub(super) fn style_route() -> Route {
    Route::Asset(STYLE_NAME.clone())
}

pub(super) fn mid_script_route() -> Route {
    Route::Asset(MID_SCRIPT_NAME.clone())
}

/// A script of ours without the comments and blanks that nobody needs who only runs it. It knows
/// strings in `"` alone: a script that is squeezed writes no other ones, no `"` elsewhere, and neither
/// `const ` nor `;}` in one. Its statements end with `;`, and none is empty. A line that begins with `const `
/// and ends with `;` is a statement if it closes as many brackets as it opens.
fn squeezed(script: &str) -> String {
    let is_mark = |c: char| "=+-*/<>(){}[],;:?&|!^%".contains(c);
    let mut out = String::with_capacity(script.len());
    let mut behind_names = false;
    for mut line in script.lines().map(str::trim) {
        if line.is_empty() || line.starts_with("//") {
            continue;
        }
        let names = line.strip_prefix("const ");
        if let Some(more) = names.filter(|_| behind_names && out.ends_with(';')) {
            out.pop();
            out.push(',');
            line = more;
        }
        behind_names = names.is_some() && line.ends_with(';') && closes_what_it_opens(line);
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

fn closes_what_it_opens(line: &str) -> bool {
    let count = |mark: char| line.matches(mark).count();
    let pairs = [('(', ')'), ('[', ']'), ('{', '}')];
    pairs
        .iter()
        .all(|(open, close)| count(*open) == count(*close))
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

    /// What a script names of texts.
    fn named(script: &str) -> Vec<&str> {
        let tokens = script.split("\"@").skip(1);
        let tokens = tokens.filter_map(|rest| rest.split('"').next());
        let tokens = tokens.filter(|token| token.starts_with(|c: char| c.is_ascii_lowercase()));
        tokens.collect()
    }

    #[test]
    fn what_pages_load_stays_small_in_every_language() {
        assert!(STYLE.len() < 20_000, "{}", STYLE.len());
        for language in ["en", "de", "es", "fr"] {
            let strings = Strings::new(language, None);
            let scripts = strings.scripts();
            let (reader, search) = (&scripts.reader.source, &scripts.search.source);
            assert!(reader.len() < 15_000, "{language}: {}", reader.len());
            assert!(search.len() < 25_000, "{language}: {}", search.len());
            for script in [reader, search] {
                assert_eq!(named(script), [""; 0], "{language}");
            }
        }
    }

    #[test]
    fn scripts_name_only_texts_that_are_there() {
        let english = Strings::new("en", None);
        for script in [&*READER_SCRIPT, &*SEARCH_SCRIPT] {
            for token in named(script) {
                let name = token.split('(').next().unwrap_or_default();
                assert_ne!(
                    english.named(name, &[("count", Arg::Count(2))]),
                    "",
                    "{token}"
                );
            }
        }
    }

    #[test]
    fn a_script_has_the_texts_of_its_language() {
        let german = Strings::new("de", None);
        let script = "f(\"@mails(count)\",\"@mails(count=1)\",\"@close\",\"\")";
        let want = "f(\"%0 Mails\",\"1 Mail\",\"Schließen\",\"\")";
        assert_eq!(with_texts(script, &german), want);
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
        let script =
            "const a = 1;\nconst b = [\n  2\n];\nconst c = () => {\n  const d = 3;\n  e();\n};\n";
        let want = "let a=1,b=[\n2\n];let c=()=>{let d=3;e()};";
        assert_eq!(squeezed(script), want);
    }
}
