//! MHonArc's database as data: a file of assignments in Perl, each a text, a list, or pairs. Nothing is run.

use std::collections::BTreeMap;

/// Lists within lists.
const DEEPEST: usize = 4;

/// What a variable holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// `undef`
    Nothing,
    /// A text; a number is one, too.
    Text(Vec<u8>),
    /// A list, or keys with their values in turn.
    Many(Vec<Value>),
}

impl Value {
    /// The text; none for others.
    pub(super) fn text(&self) -> Option<&[u8]> {
        match self {
            Value::Text(text) => Some(text),
            Value::Nothing | Value::Many(_) => None,
        }
    }

    /// The members; none of a text.
    pub(super) fn many(&self) -> &[Value] {
        match self {
            Value::Many(values) => values,
            Value::Nothing | Value::Text(_) => &[],
        }
    }

    /// Keys with their values; those whose value is no text are left out.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        let pairs = self.many().chunks_exact(2);
        pairs.filter_map(|pair| Some((pair[0].text()?, pair[1].text()?)))
    }
}

/// Variables by their names with `$`, `@` or `%`.
pub(super) type Variables = BTreeMap<String, Value>;

/// Reads assignments up to the `1;` that ends the file; else the offset where it goes wrong.
pub(super) fn read(file: &[u8]) -> Result<Variables, usize> {
    let mut reader = Reader { file, at: 0 };
    let mut variables = Variables::new();
    loop {
        reader.skip_blanks();
        if reader.takes(b"1;") {
            return Ok(variables);
        }
        let (name, value) = reader.assignment().ok_or(reader.at)?;
        variables.insert(name, value);
    }
}

struct Reader<'f> {
    file: &'f [u8],
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &[u8] {
        &self.file[self.at..]
    }

    fn next(&self) -> Option<u8> {
        self.file.get(self.at).copied()
    }

    fn takes(&mut self, what: &[u8]) -> bool {
        let is_there = self.rest().starts_with(what);
        self.at += if is_there { what.len() } else { 0 };
        is_there
    }

    /// Passes over blanks and comments.
    fn skip_blanks(&mut self) {
        while let Some(byte) = self.next() {
            self.at += match byte {
                b'#' => memchr::memchr(b'\n', self.rest()).unwrap_or(self.rest().len()),
                byte if byte.is_ascii_whitespace() => 1,
                _ => return,
            };
        }
    }

    /// How many bytes from here on are such.
    fn length_of(&self, such: impl Fn(u8) -> bool) -> usize {
        let rest = self.rest();
        rest.iter()
            .position(|byte| !such(*byte))
            .unwrap_or(rest.len())
    }

    fn assignment(&mut self) -> Option<(String, Value)> {
        let sigil = self.next().filter(|byte| b"$@%".contains(byte))?;
        let mut name = char::from(sigil).to_string();
        self.at += 1;
        let length = self.length_of(|byte| byte.is_ascii_alphanumeric() || b"_:".contains(&byte));
        name += std::str::from_utf8(&self.rest()[..length]).ok()?;
        self.at += length;
        self.skip_blanks();
        self.takes(b"=").then_some(())?;
        let value = self.value()?;
        // ` unless defined($NAME)` may stand before the end.
        self.at += memchr::memchr(b';', self.rest())? + 1;
        Some((name, value))
    }

    fn value(&mut self) -> Option<Value> {
        let mut open: Vec<Vec<Value>> = Vec::new();
        loop {
            self.skip_blanks();
            let value = match self.next()? {
                b'(' | b'[' | b'{' if open.len() < DEEPEST => {
                    self.at += 1;
                    open.push(Vec::new());
                    continue;
                }
                b')' | b']' | b'}' => {
                    self.at += 1;
                    Value::Many(open.pop()?)
                }
                b',' if !open.is_empty() => {
                    self.at += 1;
                    continue;
                }
                b'\'' => Value::Text(self.quoted()?),
                _ if self.takes(b"undef") => Value::Nothing,
                _ => {
                    let length = self.length_of(|byte| byte.is_ascii_digit() || byte == b'-');
                    let number = self.rest().get(..length).filter(|text| !text.is_empty())?;
                    let number = number.to_vec();
                    self.at += length;
                    Value::Text(number)
                }
            };
            match open.last_mut() {
                Some(list) => list.push(value),
                None => return Some(value),
            }
        }
    }

    /// A text in quotes, in which backslashes stand before quotes and backslashes.
    fn quoted(&mut self) -> Option<Vec<u8>> {
        let mut text = Vec::new();
        self.at += 1;
        loop {
            let stop = memchr::memchr2(b'\'', b'\\', self.rest())?;
            text.extend_from_slice(&self.rest()[..stop]);
            self.at += stop + 1;
            if self.file[self.at - 1] == b'\'' {
                return Some(text);
            }
            match self.next()? {
                byte @ (b'\'' | b'\\') => {
                    text.push(byte);
                    self.at += 1;
                }
                _ => text.push(b'\\'),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Value {
        Value::Text(text.as_bytes().to_vec())
    }

    #[test]
    fn assignments_are_read() {
        let file = b"## A comment\n$A='it\\'s \\\\ \\n';\n@B = (\n'x',\n'y',\n);\n$C=undef;\n$D='1' unless defined($D);\n\
            %E=(\n'k',['a','b',],\n'n',undef,);\n$F=-12;\n1;\n";
        let variables = read(file).expect("is whole");
        assert_eq!(variables["$A"], text("it's \\ \\n"));
        assert_eq!(variables["@B"], Value::Many(vec![text("x"), text("y")]));
        assert_eq!(variables["$C"], Value::Nothing);
        assert_eq!(variables["$D"], text("1"));
        let inner = Value::Many(vec![text("a"), text("b")]);
        let pairs = vec![text("k"), inner, text("n"), Value::Nothing];
        assert_eq!(variables["%E"], Value::Many(pairs));
        assert_eq!(variables["$F"], text("-12"));
    }

    #[test]
    fn what_is_cut_or_code_is_refused_where_it_is() {
        let whole = b"$A='x';\n%B=('k','v',);\n1;\n";
        for end in 0..whole.len() - 2 {
            assert!(read(&whole[..end]).is_err(), "{end}");
        }
        assert_eq!(read(b"$A='x';\nsystem('rm');\n1;\n"), Err(8));
        assert!(read(b"$A=`id`;\n1;\n").is_err());
        assert!(read(format!("$A={};1;", "[".repeat(100_000)).as_bytes()).is_err());
    }
}
