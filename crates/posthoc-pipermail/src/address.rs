//! Mailboxes as Python 2's `email.utils.parseaddr` reads them: it decides what Pipermail calls author
//! and address, also where a field is no RFC 5322 mailbox at all (`user at example.org (A Name)`).

/// What ends an atom.
const SPECIALS: &[u8] = b"()<>@,:;.\"[] \t\r\n";
/// What ends an atom of a phrase: a dot may stand in one.
const PHRASE_ENDS: &[u8] = b"()<>@,:;\"[] \t\r\n";
/// Comments within comments that are read.
const DEPTH: usize = 50;

/// The first mailbox of a field: its name, and its address. Either may be empty.
pub(crate) fn first_mailbox(field: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let mut reader = Reader {
        field,
        at: 0,
        comments: Vec::new(),
    };
    while reader.at < field.len() {
        let before = reader.at;
        if let Some(found) = reader.mailbox() {
            return found;
        }
        if reader.at == before {
            reader.at += 1;
        }
    }
    (Vec::new(), Vec::new())
}

struct Reader<'a> {
    field: &'a [u8],
    at: usize,
    comments: Vec<Vec<u8>>,
}

impl Reader<'_> {
    fn here(&self) -> Option<u8> {
        self.field.get(self.at).copied()
    }

    /// Skips blanks and keeps comments.
    fn skip(&mut self) {
        while let Some(byte) = self.here() {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' => self.at += 1,
                b'(' => {
                    let comment = self.comment();
                    self.comments.push(comment);
                }
                _ => break,
            }
        }
    }

    fn mailbox(&mut self) -> Option<(Vec<u8>, Vec<u8>)> {
        self.comments.clear();
        self.skip();
        let start = self.at;
        let phrase = self.phrase();
        self.skip();
        let comments = |reader: &Self| reader.comments.join(&b' ');
        let found = match self.here() {
            None => phrase.first().map(|word| (comments(self), word.clone())),
            Some(b'.' | b'@') => {
                self.at = start;
                self.comments.clear();
                let address = self.address();
                Some((comments(self), address))
            }
            Some(b'<') => {
                let address = self.route_address();
                let mut name = phrase.join(&b' ');
                if !self.comments.is_empty() {
                    name.extend_from_slice(b" (");
                    name.extend_from_slice(&comments(self));
                    name.push(b')');
                }
                Some((name, address))
            }
            Some(b':') => {
                // A group: its first mailbox follows.
                self.at += 1;
                None
            }
            Some(byte) => {
                if phrase.is_empty() && SPECIALS.contains(&byte) {
                    self.at += 1;
                }
                phrase.first().map(|word| (comments(self), word.clone()))
            }
        };
        self.skip();
        if self.here() == Some(b',') {
            self.at += 1;
        }
        found
    }

    fn phrase(&mut self) -> Vec<Vec<u8>> {
        let mut words = Vec::new();
        while let Some(byte) = self.here() {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' => self.at += 1,
                b'"' => words.push(self.delimited(b'"', b"\"\r")),
                b'(' => {
                    let comment = self.comment();
                    self.comments.push(comment);
                }
                _ if PHRASE_ENDS.contains(&byte) => break,
                _ => words.push(self.atom(PHRASE_ENDS)),
            }
        }
        words
    }

    fn atom(&mut self, ends: &[u8]) -> Vec<u8> {
        let rest = &self.field[self.at..];
        let end = rest.iter().position(|byte| ends.contains(byte));
        let end = end.unwrap_or(rest.len());
        self.at += end;
        rest[..end].to_vec()
    }

    /// What stands between a quote mark here and the next of `ends`.
    fn delimited(&mut self, begin: u8, ends: &[u8]) -> Vec<u8> {
        let mut inside = Vec::new();
        if self.here() != Some(begin) {
            return inside;
        }
        self.at += 1;
        while let Some(byte) = self.here() {
            self.at += 1;
            match byte {
                _ if ends.contains(&byte) => break,
                b'\\' => inside.extend(self.here().inspect(|_| self.at += 1)),
                _ => inside.push(byte),
            }
        }
        inside
    }

    /// A comment; what is nested in it stands without its brackets.
    fn comment(&mut self) -> Vec<u8> {
        let mut inside = Vec::new();
        let mut depth = 0;
        while let Some(byte) = self.here() {
            self.at += 1;
            match byte {
                b'(' if depth < DEPTH => depth += 1,
                b')' => {
                    depth -= 1;
                    if depth == 0 {
                        break;
                    }
                }
                b'\r' => break,
                b'\\' => inside.extend(self.here().inspect(|_| self.at += 1)),
                _ => inside.push(byte),
            }
        }
        inside
    }

    fn route_address(&mut self) -> Vec<u8> {
        self.at += 1;
        self.skip();
        let mut in_route = false;
        let mut address = Vec::new();
        while let Some(byte) = self.here() {
            if in_route {
                self.domain();
                in_route = false;
                self.skip();
                continue;
            }
            match byte {
                b'>' => {
                    self.at += 1;
                    break;
                }
                b'@' => {
                    self.at += 1;
                    in_route = true;
                }
                b':' => self.at += 1,
                _ => {
                    address = self.address();
                    self.at += 1;
                    break;
                }
            }
            self.skip();
        }
        address
    }

    fn address(&mut self) -> Vec<u8> {
        let mut local = Vec::new();
        self.skip();
        while let Some(byte) = self.here() {
            match byte {
                b'.' => {
                    local.push(b'.');
                    self.at += 1;
                }
                b'"' => {
                    let inside = self.delimited(b'"', b"\"\r");
                    local.push(b'"');
                    local.extend(inside);
                    local.push(b'"');
                }
                _ if SPECIALS.contains(&byte) => break,
                _ => local.extend(self.atom(SPECIALS)),
            }
            self.skip();
        }
        if self.here() != Some(b'@') {
            return local;
        }
        local.push(b'@');
        self.at += 1;
        self.skip();
        let domain = self.domain();
        if domain.is_empty() {
            return Vec::new();
        }
        local.extend(domain);
        local
    }

    fn domain(&mut self) -> Vec<u8> {
        let mut domain = Vec::new();
        while let Some(byte) = self.here() {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' => self.at += 1,
                b'(' => {
                    let comment = self.comment();
                    self.comments.push(comment);
                }
                b'[' => {
                    domain.push(b'[');
                    domain.extend(self.delimited(b'[', b"]\r"));
                    domain.push(b']');
                }
                b'.' => {
                    domain.push(b'.');
                    self.at += 1;
                }
                // Two signs: that is no address.
                b'@' => return Vec::new(),
                _ if SPECIALS.contains(&byte) => break,
                _ => domain.extend(self.atom(SPECIALS)),
            }
        }
        domain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(field: &str, name: &str, address: &str) {
        let (found_name, found_address) = first_mailbox(field.as_bytes());
        assert_eq!(
            (
                String::from_utf8_lossy(&found_name).as_ref(),
                String::from_utf8_lossy(&found_address).as_ref()
            ),
            (name, address),
            "{field}"
        );
    }

    #[test]
    fn mailboxes_as_pipermail_reads_them() {
        check("Ada Lane <ada@example.org>", "Ada Lane", "ada@example.org");
        check("ada@example.org (Ada Lane)", "Ada Lane", "ada@example.org");
        check("ada@example.org", "", "ada@example.org");
        check("ada at example.org (Ada Lane)", "Ada Lane", "ada");
        check(
            "\"Lane, Ada\" <ada@example.org>",
            "Lane, Ada",
            "ada@example.org",
        );
        check("J. Lane <@a:ada@example.org>", "J. Lane", "ada@example.org");
        check("ada@example.org ada@example.org", "", "");
        check("", "", "");
        check("((((", "", "");
        check(",, Ada <a@b>", "Ada", "a@b");
        check("<ada@example.org", "", "ada@example.org");
    }
}
