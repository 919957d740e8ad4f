//! What of HTML mail may stand on a page: elements, attributes, links, styles. All else is left out.

/// Elements without content of their own that runs, loads or hides the rest of the page.
const ELEMENTS: &[&str] = &[
    "a",
    "abbr",
    "acronym",
    "address",
    "area",
    "b",
    "bdo",
    "big",
    "blink",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "dfn",
    "dir",
    "div",
    "dl",
    "dt",
    "em",
    "fieldset",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "label",
    "legend",
    "li",
    "map",
    "marquee",
    "menu",
    "nobr",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
    "wbr",
    "article",
    "section",
    "header",
    "footer",
    "main",
    "nav",
    "aside",
    "figure",
    "figcaption",
    "time",
    "mark",
    "iframe",
];

/// Attributes that act or load on some element; on those that may stand most mean nothing.
const ACTIVE: &[&str] = &[
    "action",
    "archive",
    "attributionsrc",
    "autofocus",
    "code",
    "command",
    "commandfor",
    "content",
    "contenteditable",
    "crossorigin",
    "download",
    "form",
    "formaction",
    "http-equiv",
    "icon",
    "imagesrcset",
    "integrity",
    "is",
    "itemid",
    "manifest",
    "nonce",
    "object",
    "part",
    "ping",
    "popover",
    "popovertarget",
    "profile",
    "referrerpolicy",
    "sandbox",
    "shadowrootmode",
    "slot",
    "srcdoc",
    "allow",
    "allowfullscreen",
    "inert",
];

/// Words in a style that load or lay something over the page.
const STYLE_DANGERS: &[&str] = &[
    "url(",
    "expression",
    "behavior",
    "behaviour",
    "binding",
    "@import",
    "position",
    "\\",
    "/*",
    "javascript",
    "vbscript",
    "image(",
    "image-set",
    "fixed",
    "<",
];

/// Schemes that links may have; anything before a colon that is none of them is left out.
const SCHEMES: &[&str] = &[
    "http",
    "https",
    "ftp",
    "mailto",
    "news",
    "nntp",
    "gopher",
    "tel",
    "cid",
    "mid",
    "_javascript_",
    "file",
    "irc",
    "webcal",
    "sip",
    "callto",
    "about",
];

/// Whether an element may stand. Names with a colon (`o:p`) mean nothing to a browser.
pub(super) fn is_element(name: &str) -> bool {
    ELEMENTS.contains(&name)
        || (name.contains(':')
            && !name.starts_with("svg:")
            && !name.starts_with("xhtml:")
            && !name.starts_with("html:"))
}

/// Whether an attribute that holds no URL and no style may stand.
pub(super) fn is_attribute(name: &str) -> bool {
    !(name.starts_with("on")
        || name.starts_with("xlink")
        || name.starts_with("xml:")
        || ACTIVE.contains(&name))
}

/// Attributes whose URL a browser loads by itself.
pub(super) fn loads(name: &str) -> bool {
    matches!(
        name,
        "src"
            | "background"
            | "classid"
            | "data"
            | "longdesc"
            | "dynsrc"
            | "lowsrc"
            | "poster"
            | "codebase"
            | "srcset"
            | "cite"
            | "usemap"
    )
}

pub(super) fn is_style(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    let decoded = lower.contains('&') && !lower.contains("&quot;");
    !decoded && !STYLE_DANGERS.iter().any(|danger| lower.contains(danger))
}

/// Whether a link leads somewhere without running anything.
pub(super) fn is_link(url: &str) -> bool {
    // A browser leaves these out of a scheme.
    let plain: String = url
        .chars()
        .filter(|c| !c.is_control() && !c.is_whitespace())
        .collect();
    let end = plain.find([':', '/', '?', '#']).unwrap_or(plain.len());
    if !plain[end..].starts_with(':') {
        // An entity may stand for the colon.
        return !plain[..end].contains('&') || !plain.to_ascii_lowercase().contains("script");
    }
    SCHEMES.contains(&plain[..end].to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_that_run_are_none() {
        for url in [
            "http://x/",
            "rel",
            "#a",
            "mailto:a@b",
            "_javascript_:x",
            "/a:b",
            "?x=a:b",
        ] {
            assert!(is_link(url), "{url}");
        }
        for url in [
            "javascript:x",
            "java\nscript:x",
            " JaVaScript:x",
            "data:text/html,x",
            "vbscript:x",
            "javascript&#58;x",
            "&#106;avascript:x",
        ] {
            assert!(!is_link(url), "{url}");
        }
    }
}
