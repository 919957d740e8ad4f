//! What a finished page lacks, or has in vain.

/// What is wrong with a page of ours: what its policy has browsers refuse, and what readers with a
/// keyboard or a screen reader need. Text never begins a tag, since it is escaped.
pub(super) fn faults(html: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let (mut headings, mut mains, mut policy, mut language) = (0, 0, false, false);
    for tag in tags(html) {
        let name: &str = &tag.name;
        match name {
            "h1" => headings += 1,
            "main" => mains += 1,
            "html" => language = tag.value("lang").is_some_and(|lang| !lang.is_empty()),
            "meta" => {
                let of = tag.value("http-equiv").unwrap_or_default();
                policy |= of.eq_ignore_ascii_case("Content-Security-Policy");
            }
            "style" => {
                faults.push("<style> is refused by the page's policy; use theme.css".to_owned())
            }
            "script" if tag.value("src").is_none() => {
                faults.push("a script within the page is refused by its policy".to_owned());
            }
            "img" if tag.value("alt").is_none() => {
                faults.push("an <img> has no alt".to_owned());
            }
            "iframe" | "object" | "embed" | "video" | "audio" => {
                faults.push(format!("<{name}> is refused by the page's policy"));
            }
            _ => {}
        }
        let loads = match name {
            "img" | "script" | "source" => tag.value("src"),
            "link" if tag.loads() => tag.value("href"),
            _ => None,
        };
        if let Some(from) = loads.filter(|from| is_elsewhere(from)) {
            faults.push(format!(
                "{from} is elsewhere, and the page's policy refuses it"
            ));
        }
        for (attribute, _) in &tag.attributes {
            if attribute == "style" || attribute.starts_with("on") {
                faults.push(format!(
                    "the attribute {attribute} of a <{name}> is refused by the page's policy"
                ));
            }
        }
    }
    if headings != 1 {
        faults.push(format!("{headings} h1 where one is wanted"));
    }
    if mains != 1 {
        faults.push(format!("{mains} <main> where one is wanted"));
    }
    if !policy {
        let words = "the policy is missing: a meta with http-equiv Content-Security-Policy and {{ page.csp }}";
        faults.push(words.to_owned());
    }
    if !language {
        faults.push(
            "the page does not say its language: an html with lang and {{ page.lang }}".to_owned(),
        );
    }
    faults.sort();
    faults.dedup();
    faults
}

fn is_elsewhere(address: &str) -> bool {
    let address = address.trim_start();
    address.starts_with("//") || address.contains("://") || address.starts_with("data:")
}

/// A start tag.
struct Tag {
    name: String,
    attributes: Vec<(String, Option<String>)>,
}

impl Tag {
    /// An attribute's value; empty when it has none.
    fn value(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_deref().unwrap_or_default())
    }

    /// Whether a `<link>` has the browser load something.
    fn loads(&self) -> bool {
        let rel = self.value("rel").unwrap_or_default().to_ascii_lowercase();
        rel.split_ascii_whitespace()
            .any(|rel| ["stylesheet", "icon", "preload", "prefetch"].contains(&rel))
    }
}

/// The start tags of a page.
fn tags(html: &str) -> impl Iterator<Item = Tag> + '_ {
    let mut rest = html;
    std::iter::from_fn(move || {
        loop {
            rest = &rest[rest.find('<')?..];
            if rest.starts_with("<!--") {
                rest = &rest[rest.find("-->")?..];
                continue;
            }
            rest = &rest[1..];
            if rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
                let (tag, length) = tag(rest);
                rest = &rest[length..];
                return Some(tag);
            }
        }
    })
}

/// One start tag behind its `<`, and its length.
fn tag(text: &str) -> (Tag, usize) {
    let is_name = |c: char| !c.is_ascii_whitespace() && !['>', '=', '/'].contains(&c);
    let word = |at: usize| {
        let rest = &text[at..];
        &rest[..rest.find(|c| !is_name(c)).unwrap_or(rest.len())]
    };
    let name = word(0);
    let mut tag = Tag {
        name: name.to_ascii_lowercase(),
        attributes: Vec::new(),
    };
    let mut at = name.len();
    while let Some(c) = text[at..].chars().next() {
        if c == '>' {
            return (tag, at + 1);
        }
        let name = word(at);
        if name.is_empty() {
            at += c.len_utf8();
            continue;
        }
        at += name.len();
        let mut value = None;
        if let Some(behind) = text[at..].strip_prefix('=') {
            at += 1;
            let quote = behind.chars().next().filter(|c| ['"', '\''].contains(c));
            let found = match quote {
                Some(quote) => {
                    at += 1;
                    behind[1..].split(quote).next().unwrap_or_default()
                }
                None => {
                    let ends = |c: char| c.is_ascii_whitespace() || c == '>';
                    behind.split(ends).next().unwrap_or_default()
                }
            };
            at += found.len() + usize::from(quote.is_some());
            at = at.min(text.len());
            value = Some(found.to_owned());
        }
        tag.attributes.push((name.to_ascii_lowercase(), value));
    }
    (tag, text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "<html lang=\"en\"><meta http-equiv=\"Content-Security-Policy\"><main><h1>a</h1>\
                        <a href=\"https://example.org/?a=b>c\">b</a></main>";

    #[test]
    fn a_page_in_order_has_no_faults() {
        assert_eq!(faults(GOOD), Vec::<String>::new());
    }

    #[test]
    fn faults_of_a_page_are_told() {
        for (more, words) in [
            ("<h1>b</h1>", "2 h1"),
            ("<style>", "theme.css"),
            ("<script>", "within the page"),
            ("<p onclick=x>", "onclick"),
            ("<p class='a' style='b'>", "style"),
            ("<img src=a.png>", "no alt"),
            ("<img src='//cdn.example/a.png' alt=''>", "elsewhere"),
            (
                "<link rel=stylesheet href=https://cdn.example/a.css>",
                "elsewhere",
            ),
            ("<iframe src=a>", "iframe"),
            ("<main>", "2 <main>"),
        ] {
            let found = faults(&format!("{GOOD}{more}"));
            assert_eq!(found.len(), 1, "{more}: {found:?}");
            assert!(found[0].contains(words), "{more}: {found:?}");
        }
        assert_eq!(faults("").len(), 4);
        for cut in [
            "<",
            "<a",
            "<a b",
            "<a b=",
            "<a b='",
            "<a b='c",
            "<!--",
            "<é",
            "<a é='é",
        ] {
            assert_eq!(faults(cut).len(), 4, "{cut}");
        }
    }
}
