//! Python assignments, as `config_list -o` and `mm_cfg.py` hold them, read as data: `NAME = VALUE` at the
//! beginning of a line. Nothing is run; what is no plain value is passed over.

use std::collections::BTreeMap;

/// Bytes of a file that are read.
pub(super) const LONGEST: usize = 16 << 20;
/// Values of one list, tuple or dictionary that are kept.
const MOST: usize = 100_000;

/// A plain value. It has no `Debug`: it may be a password.
#[derive(Clone, PartialEq)]
pub(super) enum Value {
    /// `None`
    None,
    /// `True`, `Yes`, `On` and their opposites, as Mailman names them.
    Bool(bool),
    /// A whole number; also a long one (`7L`) and one with a fraction, cut.
    Int(i64),
    /// A string, with Mailman's bytes.
    Bytes(Vec<u8>),
    /// The strings of a list or a tuple; what else stands there is passed over.
    Strings(Vec<Vec<u8>>),
}

/// All assignments of a file by their names; of equal names the last counts.
pub(super) fn assignments(text: &[u8]) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    let mut rest = &text[..text.len().min(LONGEST)];
    while !rest.is_empty() {
        let mut reader = Reader { rest };
        match reader.assignment() {
            Some((name, value)) => {
                found.insert(name, value);
                rest = after_line(reader.rest);
            }
            None => rest = after_line(rest),
        }
    }
    found
}

fn after_line(text: &[u8]) -> &[u8] {
    memchr::memchr(b'\n', text).map_or(&[], |end| &text[end + 1..])
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl Reader<'_> {
    fn assignment(&mut self) -> Option<(String, Value)> {
        let name = self.name()?;
        self.blanks(false);
        self.eat(b"=")?;
        if self.rest.first() == Some(&b'=') {
            return None;
        }
        self.blanks(false);
        Some((name, self.value()?))
    }

    fn name(&mut self) -> Option<String> {
        let is_name = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
        let end = self.rest.iter().position(|b| !is_name(b));
        let (name, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        let begins = name.first().is_some_and(|b| !b.is_ascii_digit());
        let name = String::from_utf8(name.to_vec()).ok().filter(|_| begins)?;
        self.rest = rest;
        Some(name)
    }

    fn eat(&mut self, what: &[u8]) -> Option<()> {
        self.rest = self.rest.strip_prefix(what)?;
        Some(())
    }

    /// Passes over blanks, and inside brackets over ends of lines and comments too.
    fn blanks(&mut self, inside: bool) {
        loop {
            match self.rest.first() {
                Some(b' ' | b'\t' | b'\r' | 0x0c) => self.rest = &self.rest[1..],
                Some(b'\n') if inside => self.rest = &self.rest[1..],
                Some(b'\\') if self.rest.get(1) == Some(&b'\n') => self.rest = &self.rest[2..],
                Some(b'#') if inside => {
                    let end = memchr::memchr(b'\n', self.rest);
                    self.rest = &self.rest[end.unwrap_or(self.rest.len())..];
                }
                _ => return,
            }
        }
    }

    fn value(&mut self) -> Option<Value> {
        match self.rest.first()? {
            b'[' | b'(' => self.strings(),
            b'-' | b'0'..=b'9' => self.number(),
            b'"' | b'\'' => self.joined_strings(),
            _ if self.prefixed() => self.joined_strings(),
            _ => {
                let word = self.name()?;
                Some(match word.to_ascii_lowercase().as_str() {
                    "none" => Value::None,
                    "true" | "yes" | "on" => Value::Bool(true),
                    "false" | "no" | "off" => Value::Bool(false),
                    _ => return None,
                })
            }
        }
    }

    /// Whether a string with letters before its quote begins.
    fn prefixed(&self) -> bool {
        let letters = self.rest.iter().take(2);
        let letters = letters.take_while(|b| b"rRuUbB".contains(b)).count();
        letters > 0 && matches!(self.rest.get(letters), Some(b'"' | b'\''))
    }

    fn number(&mut self) -> Option<Value> {
        let end = self
            .rest
            .iter()
            .position(|b| !(b.is_ascii_alphanumeric() || b"-.+".contains(b)));
        let (digits, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        let digits = std::str::from_utf8(digits).ok()?;
        let digits = digits.trim_end_matches(['L', 'l']);
        let whole = digits.split('.').next().unwrap_or_default();
        let octal = whole.strip_prefix("0o").or_else(|| {
            let digits = whole.strip_prefix('0')?;
            (!digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())).then_some(digits)
        });
        let value = match (octal, whole.strip_prefix("0x")) {
            (Some(digits), _) => i64::from_str_radix(digits, 8),
            (_, Some(digits)) => i64::from_str_radix(digits, 16),
            _ => whole.parse(),
        };
        value.ok().map(Value::Int)
    }

    /// Strings that stand beside each other are one.
    fn joined_strings(&mut self) -> Option<Value> {
        let mut all = Vec::new();
        loop {
            all.extend(self.string()?);
            self.blanks(false);
            let more = matches!(self.rest.first(), Some(b'"' | b'\'')) || self.prefixed();
            if !more {
                return Some(Value::Bytes(all));
            }
        }
    }

    fn string(&mut self) -> Option<Vec<u8>> {
        let letters = self
            .rest
            .iter()
            .take_while(|b| b"rRuUbB".contains(b))
            .count();
        let (letters, rest) = self.rest.split_at(letters.min(2));
        let raw = letters.iter().any(|b| b"rR".contains(b));
        self.rest = rest;
        let quote = *self.rest.first()?;
        let long = [quote; 3];
        let end: &[u8] = if self.rest.starts_with(&long) {
            &long
        } else {
            &long[..1]
        };
        self.eat(end)?;
        let mut text = Vec::new();
        loop {
            if self.rest.starts_with(end) {
                self.rest = &self.rest[end.len()..];
                return Some(text);
            }
            match *self.rest.first()? {
                b'\n' if end.len() == 1 => return None,
                b'\\' if raw => {
                    text.extend_from_slice(self.rest.get(..2)?);
                    self.rest = &self.rest[2..];
                }
                b'\\' => self.escape(&mut text)?,
                byte => {
                    text.push(byte);
                    self.rest = &self.rest[1..];
                }
            }
        }
    }

    fn escape(&mut self, text: &mut Vec<u8>) -> Option<()> {
        let letter = *self.rest.get(1)?;
        self.rest = &self.rest[2..];
        match letter {
            b'\n' => {}
            b'n' => text.push(b'\n'),
            b't' => text.push(b'\t'),
            b'r' => text.push(b'\r'),
            b'\\' | b'\'' | b'"' => text.push(letter),
            b'x' => {
                let digits = std::str::from_utf8(self.rest.get(..2)?).ok()?;
                text.push(u8::from_str_radix(digits, 16).ok()?);
                self.rest = &self.rest[2..];
            }
            b'0'..=b'7' => {
                let more = self.rest.iter().take(2);
                let more = more.take_while(|b| (b'0'..=b'7').contains(b)).count();
                let mut value = u32::from(letter - b'0');
                for digit in &self.rest[..more] {
                    value = value * 8 + u32::from(digit - b'0');
                }
                text.push(value as u8);
                self.rest = &self.rest[more..];
            }
            other => text.extend([b'\\', other]),
        }
        Some(())
    }

    /// The strings of a list or a tuple, whatever stands between them.
    fn strings(&mut self) -> Option<Value> {
        let mut depth = 0_usize;
        let mut strings = Vec::new();
        loop {
            self.blanks(true);
            match *self.rest.first()? {
                b'[' | b'(' | b'{' => depth += 1,
                b']' | b')' | b'}' => depth -= 1,
                b'"' | b'\'' => {
                    let text = self.string()?;
                    if strings.len() < MOST {
                        strings.push(text);
                    }
                    continue;
                }
                _ if self.prefixed() => {
                    let text = self.string()?;
                    if strings.len() < MOST {
                        strings.push(text);
                    }
                    continue;
                }
                _ => {}
            }
            self.rest = &self.rest[1..];
            if depth == 0 {
                return Some(Value::Strings(strings));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, name: &str, value: &Value) {
        let found = assignments(text.as_bytes());
        assert!(found.get(name) == Some(value), "{text}");
    }

    fn bytes(text: &str) -> Value {
        Value::Bytes(text.as_bytes().to_vec())
    }

    #[test]
    fn plain_values() {
        check("a = 1\n", "a", &Value::Int(1));
        check("a = 7L # long\n", "a", &Value::Int(7));
        check("a = 0022\n", "a", &Value::Int(18));
        check("a = -1\nb = 2", "b", &Value::Int(2));
        check("a = Yes\n", "a", &Value::Bool(true));
        check("a = No\n", "a", &Value::Bool(false));
        check("a = None\n", "a", &Value::None);
        check("a = 1\na = 'two'\n", "a", &bytes("two"));
    }

    #[test]
    fn strings() {
        check("a = \"it's\"\n", "a", &bytes("it's"));
        check("a = 'x\\ty\\x41\\101\\\\'\n", "a", &bytes("x\tyAA\\"));
        check("a = r'\\d'\n", "a", &bytes("\\d"));
        check("a = u'x' \"y\"\n", "a", &bytes("xy"));
        check(
            "a = \"\"\"one\ntwo = 'no'\nthree\"\"\"\nb = 2\n",
            "a",
            &bytes("one\ntwo = 'no'\nthree"),
        );
        check("a = \"\"\"one\"two\"\"\"\nb = 2\n", "b", &Value::Int(2));
    }

    #[test]
    fn lists() {
        let ada = Value::Strings(vec![b"ada".to_vec(), b"ben".to_vec()]);
        check("a = ['ada', # first\n  'ben']\n", "a", &ada);
        check("a = ('ada', ('ben', 1))\n", "a", &ada);
        check("a = []\n", "a", &Value::Strings(Vec::new()));
    }

    /// Code is no value; what stands behind it is read.
    #[test]
    fn what_is_no_value_is_passed_over() {
        let found = assignments(b"import os\nos.system('x')\na = os.environ\nb == 3\nif a:\n    c = 1\nd = 4\ne = 'open\nf = (1");
        let names: Vec<&str> = found.keys().map(String::as_str).collect();
        assert_eq!(names, ["d"]);
    }
}
