//! Python 2's pickles (protocols 0 to 2; the opcodes stand in Python's `pickletools`), read as data.
//!
//! Nothing is imported or called: a class, a function and what would come out of a call are
//! [`Node::Opaque`]. Values stand in one arena and name each other by [`Ref`], so a pickle that holds
//! itself is harmless, and neither reading nor dropping one recurses.

use std::fmt;

/// What a pickle may cost. Beyond any of these, reading ends with [`Error`].
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of the pickle.
    pub bytes: usize,
    /// Values made; also bounds the stack, its marks, the memo and the entries of all containers.
    pub nodes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 64 << 20,
            nodes: 4_000_000,
        }
    }
}

/// The place of a value in its [`Pickle`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ref(usize);

/// One value. It has no `Debug`: it may be a password.
#[derive(Clone, PartialEq)]
pub enum Node {
    /// Python's `None`.
    None,
    /// A truth value.
    Bool(bool),
    /// An `int` or a `long` that fits.
    Int(i64),
    /// A `long` that does not fit in 64 bits; its value is not kept.
    Long,
    /// A float.
    Float(f64),
    /// A `str`: bytes, in the charset of the list's language.
    Bytes(Vec<u8>),
    /// A `unicode`.
    Text(String),
    /// A list.
    List(Vec<Ref>),
    /// A tuple.
    Tuple(Vec<Ref>),
    /// A dictionary's entries as they were set; of equal keys the last counts.
    Dict(Vec<(Ref, Ref)>),
    /// A class, an instance, or the result of a call that was not made.
    Opaque,
}

/// Why a pickle cannot be read, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Error {
    /// Byte offset of the opcode.
    pub offset: usize,
    /// What is wrong with it.
    pub what: &'static str,
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "byte {}: {}", self.offset, self.what)
    }
}

impl std::error::Error for Error {}

/// Attributes of a Mailman 2 list that hold passwords, hashed or plain.
const SECRET: [&[u8]; 4] = [b"password", b"passwords", b"mod_password", b"post_password"];

/// A pickle that was read.
pub struct Pickle {
    nodes: Vec<Node>,
    root: Ref,
}

impl Pickle {
    /// Reads the first pickle in `bytes`.
    ///
    /// # Errors
    /// When it is cut short, holds an opcode of a later protocol, or passes a limit.
    pub fn read(bytes: &[u8], limits: &Limits) -> Result<Self, Error> {
        let mut machine = Machine::new(bytes, limits);
        loop {
            let offset = machine.at;
            match machine.step() {
                Ok(None) => {}
                Ok(Some(root)) => {
                    return Ok(Self {
                        nodes: machine.nodes,
                        root,
                    });
                }
                Err(what) => return Err(Error { offset, what }),
            }
        }
    }

    /// The value at `at`.
    #[must_use]
    pub fn node(&self, at: Ref) -> &Node {
        self.nodes.get(at.0).unwrap_or(&Node::Opaque)
    }

    /// An entry of the outermost dictionary. Those that hold passwords are never given.
    #[must_use]
    pub fn setting(&self, name: &str) -> Option<&Node> {
        let name = name.as_bytes();
        let Node::Dict(entries) = self.node(self.root) else {
            return None;
        };
        if SECRET.contains(&name) {
            return None;
        }
        let named = |at| match self.node(at) {
            Node::Bytes(key) => key.as_slice() == name,
            Node::Text(key) => key.as_bytes() == name,
            _ => false,
        };
        entries
            .iter()
            .rev()
            .find(|(key, _)| named(*key))
            .map(|(_, value)| self.node(*value))
    }
}

type Step<T> = Result<T, &'static str>;

/// The stack machine that a pickle is a program for, without the opcodes' side effects.
struct Machine<'a> {
    bytes: &'a [u8],
    limits: &'a Limits,
    at: usize,
    nodes: Vec<Node>,
    stack: Vec<Ref>,
    marks: Vec<usize>,
    memo: std::collections::HashMap<u64, Ref>,
    entries: usize,
}

impl<'a> Machine<'a> {
    fn new(bytes: &'a [u8], limits: &'a Limits) -> Self {
        Self {
            bytes,
            limits,
            at: 0,
            nodes: vec![],
            stack: vec![],
            marks: vec![],
            memo: Default::default(),
            entries: 0,
        }
    }

    fn take(&mut self, count: usize) -> Step<&'a [u8]> {
        let end = self
            .at
            .checked_add(count)
            .ok_or("a length beyond the file")?;
        let taken = self
            .bytes
            .get(self.at..end)
            .ok_or("the pickle is cut short")?;
        self.at = end;
        Ok(taken)
    }

    fn number(&mut self, width: usize) -> Step<u64> {
        Ok(self
            .take(width)?
            .iter()
            .rev()
            .fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
    }

    fn sized(&mut self, width: usize) -> Step<&'a [u8]> {
        let length = self.number(width)?;
        self.take(usize::try_from(length).map_err(|_| "a length beyond the file")?)
    }

    fn raw_line(&mut self) -> Step<&'a [u8]> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let end = rest
            .iter()
            .position(|byte| *byte == b'\n')
            .ok_or("the pickle is cut short")?;
        self.at += end + 1;
        Ok(&rest[..end])
    }

    fn line(&mut self) -> Step<&'a str> {
        std::str::from_utf8(self.raw_line()?).map_err(|_| "a line that is not ASCII")
    }

    fn push(&mut self, node: Node) -> Step<()> {
        if self.nodes.len() >= self.limits.nodes {
            return Err("more values than the limit");
        }
        self.stack.push(Ref(self.nodes.len()));
        self.nodes.push(node);
        Ok(())
    }

    fn pop(&mut self) -> Step<Ref> {
        let floor = self.marks.last().copied().unwrap_or(0);
        if self.stack.len() <= floor {
            return Err("nothing on the stack");
        }
        self.stack.pop().ok_or("nothing on the stack")
    }

    fn top(&self) -> Step<Ref> {
        self.stack.last().copied().ok_or("nothing on the stack")
    }

    fn marked(&mut self) -> Step<Vec<Ref>> {
        let mark = self.marks.pop().ok_or("no mark on the stack")?;
        let items = self.stack.split_off(mark.min(self.stack.len()));
        self.count(items.len())?;
        Ok(items)
    }

    fn count(&mut self, more: usize) -> Step<()> {
        self.entries += more;
        if self.entries > self.limits.nodes {
            Err("more entries than the limit")
        } else {
            Ok(())
        }
    }

    fn append(&mut self, items: Vec<Ref>) -> Step<()> {
        let list = self.top()?;
        match self.nodes.get_mut(list.0) {
            Some(Node::List(list)) => list.extend(items),
            Some(Node::Opaque) => {}
            _ => return Err("an append to what is no list"),
        }
        Ok(())
    }

    fn set(&mut self, items: &[Ref]) -> Step<()> {
        let dict = self.top()?;
        match self.nodes.get_mut(dict.0) {
            Some(Node::Dict(dict)) => dict.extend(pairs(items)?),
            Some(Node::Opaque) => {}
            _ => return Err("an entry for what is no dictionary"),
        }
        Ok(())
    }

    fn put(&mut self, key: u64) -> Step<()> {
        let top = self.top()?;
        if self.memo.len() >= self.limits.nodes {
            return Err("a larger memo than the limit");
        }
        self.memo.insert(key, top);
        Ok(())
    }

    fn get(&mut self, key: u64) -> Step<()> {
        let kept = *self.memo.get(&key).ok_or("the memo holds no such value")?;
        self.repeat(kept)
    }

    fn repeat(&mut self, value: Ref) -> Step<()> {
        if self.stack.len() >= self.limits.nodes {
            return Err("a deeper stack than the limit");
        }
        self.stack.push(value);
        Ok(())
    }

    fn tuple(&mut self, length: usize) -> Step<()> {
        let mut items = Vec::with_capacity(length);
        for _ in 0..length {
            items.push(self.pop()?);
        }
        items.reverse();
        self.push(Node::Tuple(items))
    }

    /// Drops `count` values and puts one that was not made in their place.
    fn opaque(&mut self, count: usize) -> Step<()> {
        for _ in 0..count {
            self.pop()?;
        }
        self.push(Node::Opaque)
    }

    /// Runs one opcode; the root once the pickle has ended.
    fn step(&mut self) -> Step<Option<Ref>> {
        if self.bytes.len() > self.limits.bytes {
            return Err("a larger pickle than the limit");
        }
        let opcode = self.take(1)?[0];
        match opcode {
            b'.' => return self.pop().map(Some),
            b'(' if self.marks.len() >= self.limits.nodes => {
                return Err("more marks than the limit");
            }
            b'(' => self.marks.push(self.stack.len()),
            b'0' if self.marks.last() == Some(&self.stack.len()) => drop(self.marks.pop()),
            b'0' => drop(self.pop()?),
            b'1' => drop(self.marked()?),
            b'2' => self.top().and_then(|top| self.repeat(top))?,
            0x80 if self.number(1)? > 2 => return Err("a pickle of a later protocol than 2"),
            0x80 => {}
            b'a' => self
                .count(1)
                .and_then(|()| self.pop())
                .and_then(|item| self.append(vec![item]))?,
            b'e' => self.marked().and_then(|items| self.append(items))?,
            b's' => {
                self.count(2)?;
                let (value, key) = (self.pop()?, self.pop()?);
                self.set(&[key, value])?;
            }
            b'u' => self.marked().and_then(|items| self.set(&items))?,
            b'p' => self
                .line()
                .and_then(decimal)
                .and_then(|key| self.put(key))?,
            b'q' => self.number(1).and_then(|key| self.put(key))?,
            b'r' => self.number(4).and_then(|key| self.put(key))?,
            b'g' => self
                .line()
                .and_then(decimal)
                .and_then(|key| self.get(key))?,
            b'h' => self.number(1).and_then(|key| self.get(key))?,
            b'j' => self.number(4).and_then(|key| self.get(key))?,
            0x85 => self.tuple(1)?,
            0x86 => self.tuple(2)?,
            0x87 => self.tuple(3)?,
            b'Q' => self.opaque(1)?,
            b'R' | b'b' | 0x81 => self.opaque(2)?,
            _ => self.value(opcode)?,
        }
        Ok(None)
    }

    /// An opcode that pushes a value which it carries or which stands above the mark.
    fn value(&mut self, opcode: u8) -> Step<()> {
        let node = match opcode {
            b'N' => Node::None,
            0x88 => Node::Bool(true),
            0x89 => Node::Bool(false),
            b'I' => match self.line()? {
                "01" => Node::Bool(true),
                "00" => Node::Bool(false),
                line => integer(line)?,
            },
            b'L' => integer(self.line()?)?,
            b'J' => Node::Int(long(self.take(4)?).ok_or("no number")?),
            b'K' => Node::Int(self.number(1)?.cast_signed()),
            b'M' => Node::Int(self.number(2)?.cast_signed()),
            0x8a => long(self.sized(1)?).map_or(Node::Long, Node::Int),
            0x8b => long(self.sized(4)?).map_or(Node::Long, Node::Int),
            b'F' => Node::Float(self.line()?.trim().parse().map_err(|_| "no float")?),
            b'G' => Node::Float(f64::from_bits(self.number(8)?.swap_bytes())),
            b'S' => Node::Bytes(quoted(self.line()?)?),
            b'T' => Node::Bytes(self.sized(4)?.to_vec()),
            b'U' => Node::Bytes(self.sized(1)?.to_vec()),
            b'V' => Node::Text(unicode(self.raw_line()?)?),
            b'X' => Node::Text(String::from_utf8_lossy(self.sized(4)?).into_owned()),
            b']' => Node::List(vec![]),
            b')' => Node::Tuple(vec![]),
            b'}' => Node::Dict(vec![]),
            b'l' => Node::List(self.marked()?),
            b't' => Node::Tuple(self.marked()?),
            b'd' => Node::Dict(pairs(&self.marked()?)?.collect()),
            b'P' => self.line().map(|_| Node::Opaque)?,
            b'c' => self
                .line()
                .and_then(|_| self.line())
                .map(|_| Node::Opaque)?,
            b'i' => self
                .line()
                .and_then(|_| self.line())
                .and_then(|_| self.marked())
                .map(|_| Node::Opaque)?,
            b'o' => self.marked().map(|_| Node::Opaque)?,
            _ => return Err("no opcode of protocols 0 to 2 that a Mailman 2 list uses"),
        };
        self.push(node)
    }
}

fn pairs(items: &[Ref]) -> Step<impl Iterator<Item = (Ref, Ref)> + '_> {
    if items.len() % 2 == 1 {
        return Err("a key without a value");
    }
    Ok(items.chunks_exact(2).map(|pair| (pair[0], pair[1])))
}

fn decimal(line: &str) -> Step<u64> {
    line.trim().parse().map_err(|_| "no number")
}

/// A decimal number, with Python 2's `L` behind it or not.
fn integer(line: &str) -> Step<Node> {
    let line = line.trim();
    let digits = line.strip_suffix('L').unwrap_or(line);
    let bare = digits.strip_prefix('-').unwrap_or(digits);
    if bare.is_empty() || !bare.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("no number");
    }
    Ok(digits.parse().map_or(Node::Long, Node::Int))
}

/// Two's complement, least byte first; `None` beyond 64 bits.
fn long(bytes: &[u8]) -> Option<i64> {
    let negative = bytes.last().is_some_and(|byte| *byte >= 0x80);
    let mut wide = if negative { [0xff; 8] } else { [0; 8] };
    wide.get_mut(..bytes.len())?.copy_from_slice(bytes);
    Some(i64::from_le_bytes(wide))
}

/// A `str` as Python 2's `repr` writes it.
fn quoted(line: &str) -> Step<Vec<u8>> {
    let line = line.trim_end();
    let inner = ['\'', '"']
        .iter()
        .find_map(|quote| line.strip_prefix(*quote)?.strip_suffix(*quote));
    let mut rest = inner.ok_or("a string without its quotes")?.as_bytes();
    let mut out = Vec::with_capacity(rest.len());
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        let (&escape, after) = rest.split_first().ok_or("a backslash at the end")?;
        rest = after;
        out.push(match escape {
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'x' => {
                let digits = rest.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
                rest = rest.get(2..).unwrap_or_default();
                digits
                    .and_then(|hex| u8::from_str_radix(hex, 16).ok())
                    .ok_or("no hexadecimal escape")?
            }
            b'\\' | b'\'' | b'"' => escape,
            _ => return Err("an escape that repr does not write"),
        });
    }
    Ok(out)
}

/// A `unicode` in Python 2's raw-unicode-escape: Latin-1, and only `\\u` and `\\U` are escapes.
fn unicode(mut rest: &[u8]) -> Step<String> {
    let mut out = String::with_capacity(rest.len());
    while let Some((&byte, after)) = rest.split_first() {
        let width = match (byte, after.first()) {
            (b'\\', Some(b'u')) => 4,
            (b'\\', Some(b'U')) => 8,
            _ => {
                out.push(char::from(byte));
                rest = after;
                continue;
            }
        };
        let digits = after
            .get(1..=width)
            .and_then(|hex| std::str::from_utf8(hex).ok());
        let code = digits
            .and_then(|hex| u32::from_str_radix(hex, 16).ok())
            .ok_or("no hexadecimal escape")?;
        out.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
        rest = after.get(width + 1..).unwrap_or_default();
    }
    Ok(out)
}

#[cfg(test)]
mod tests;
