//! A mail as it came: ground state.

use super::MhonarcPage;
use std::borrow::Cow;

/// How an mbox marks lines of a body that begin with `From ` (an arrival fact of each mail).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// Not from an mbox: nothing was quoted.
    #[default]
    None,
    /// `>From ` stands for `From `; a real `>From ` cannot be told apart.
    Mboxo,
    /// Each `>*From ` line got one more `>`.
    Mboxrd,
    /// `Content-Length` tells the length and `From ` is quoted as well.
    Mboxcl,
    /// `Content-Length` tells the length; nothing is quoted.
    Mboxcl2,
    /// No mail but the page that MHonArc made of one ([`MhonarcPage`]).
    MhonarcPage,
}

/// Bytes as received plus the facts of their arrival; never changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawMessage {
    /// The bytes between separators as they lie in the source, still quoted.
    pub bytes: Vec<u8>,
    /// How its `From ` lines are quoted.
    pub dialect: Dialect,
    /// The mbox From_ line without its line end.
    pub from_line: Option<Vec<u8>>,
    /// Byte offset of `bytes` in the decompressed source (in its file, for a folder).
    pub offset: u64,
    /// The file within a source that is a folder, relative, lossy UTF-8.
    pub file: Option<String>,
    /// Whether nothing followed it in the source when it was read: it may still have been growing.
    pub last: bool,
}

impl RawMessage {
    /// The mail with its mbox quoting undone: mboxrd loses one `>` of each `>From `, `>>From ` …
    /// line, mboxo and mboxcl of `>From ` lines only. Borrows when nothing was quoted.
    pub fn unquoted(&self) -> Cow<'_, [u8]> {
        unquote(&self.bytes, self.dialect)
    }

    /// The same for who needs nothing else: no copy is made when nothing was quoted.
    pub fn into_unquoted(self) -> Vec<u8> {
        match unquote(&self.bytes, self.dialect) {
            Cow::Owned(unquoted) => unquoted,
            Cow::Borrowed(_) => self.bytes,
        }
    }
}

fn unquote(bytes: &[u8], dialect: Dialect) -> Cow<'_, [u8]> {
    let most = match dialect {
        Dialect::None | Dialect::Mboxcl2 => return Cow::Borrowed(bytes),
        Dialect::Mboxo | Dialect::Mboxcl => 1,
        Dialect::Mboxrd => usize::MAX,
        Dialect::MhonarcPage => {
            return MhonarcPage::read(bytes)
                .map_or(Cow::Borrowed(bytes), |page| Cow::Owned(page.mail()));
        }
    };
    let mut out = Vec::new();
    let mut copied = 0;
    for last in memchr::memmem::find_iter(bytes, b">From ") {
        let marks = 1 + bytes[..last]
            .iter()
            .rev()
            .take_while(|b| **b == b'>')
            .count();
        let start = last + 1 - marks;
        let at_line_start = start == 0 || matches!(bytes[start - 1], b'\n' | b'\r');
        if at_line_start && marks <= most {
            out.extend_from_slice(&bytes[copied..start]);
            copied = start + 1;
        }
    }
    if copied == 0 {
        return Cow::Borrowed(bytes);
    }
    out.extend_from_slice(&bytes[copied..]);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dialects_are_undone() {
        let check = |dialect, bytes: &str, expected: &str| {
            let raw = RawMessage {
                bytes: bytes.into(),
                dialect,
                ..RawMessage::default()
            };
            assert_eq!(
                String::from_utf8_lossy(&raw.unquoted()),
                expected,
                "{dialect:?}"
            );
        };
        let quoted = ">From a\n>>From b\r\n x >From c\n>Fromage\n";
        check(Dialect::None, quoted, quoted);
        check(Dialect::Mboxcl2, quoted, quoted);
        check(
            Dialect::Mboxrd,
            quoted,
            "From a\n>From b\r\n x >From c\n>Fromage\n",
        );
        check(
            Dialect::Mboxo,
            quoted,
            "From a\n>>From b\r\n x >From c\n>Fromage\n",
        );
        check(Dialect::Mboxcl, ">From a", "From a");
        check(Dialect::Mboxrd, "plain", "plain");
    }
}
