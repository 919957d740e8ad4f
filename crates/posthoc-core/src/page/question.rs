//! The one URL of a question to the search page.

use std::fmt::Write;

/// What is asked, as the parameters of the search page name it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Question<'q> {
    /// `q`: the query.
    pub query: &'q str,
    /// `order`: `new` or `old`; best first when empty or `relevance`.
    pub order: &'q str,
    /// `as`: `threads`, `atom` or `mbox.gz`; mail by mail when empty.
    pub shape: &'q str,
    /// `offset`: hits that are passed over.
    pub offset: u64,
}

impl Question<'_> {
    /// The query string, without its question mark. What is as usual is left out, so that a question has
    /// one URL.
    pub fn query_string(&self) -> String {
        let mut text = "q=".to_owned();
        push_form_value(&mut text, self.query);
        if !["", "relevance"].contains(&self.order) {
            text.push_str("&order=");
            push_form_value(&mut text, self.order);
        }
        if !self.shape.is_empty() {
            text.push_str("&as=");
            push_form_value(&mut text, self.shape);
        }
        if self.offset > 0 {
            let _ = write!(text, "&offset={}", self.offset);
        }
        text
    }
}

/// As a form encodes it (URL Standard, application/x-www-form-urlencoded).
pub(super) fn push_form_value(out: &mut String, text: &str) {
    for byte in text.bytes() {
        match byte {
            b' ' => out.push('+'),
            b'*' | b'-' | b'.' | b'_' => out.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => out.push(char::from(byte)),
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
}
