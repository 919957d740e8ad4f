//! From text to tree: one pass, descending at most [`MAX_DEPTH`] levels.
//!
//! ```text
//! or    = and ("OR" and)*
//! and   = unary ("AND"? unary)*
//! unary = ("NOT" | "-")* atom
//! atom  = "(" or ")" | field ":" value | "\"" text "\"" | "<" id ">" | word "*"? | "*"
//! ```
//!
//! A word runs to the next blank, quotation mark, or `)` that it did not open itself, so that
//! `printf()` is a word. A word without anything to look for (`&`, `--`) is passed over beside others.

use super::ast::{MAX_BYTES, MAX_CLAUSES, MAX_DEPTH, as_message_id, bare_id};
use super::facts::{HAS, STATES, Values, bytes};
use super::field::{FieldInfo, Kind, field as field_named};
use super::token::query_tokens;
use super::{Expr, Fault, Field, QueryError, When};

/// Reads a query.
pub(super) fn parse(text: &str) -> Result<Expr, QueryError> {
    if text.len() > MAX_BYTES {
        let at = (0..=MAX_BYTES).rev().find(|i| text.is_char_boundary(*i));
        return fail(at.unwrap_or(0), Fault::TooLong);
    }
    let mut parser = Parser {
        text,
        at: 0,
        clauses: 0,
        in_thread: false,
    };
    parser.blanks();
    if parser.rest().is_empty() {
        return Ok(Expr::All);
    }
    parser.or(0, None)
}

fn fail<T>(at: usize, fault: Fault) -> Result<T, QueryError> {
    Err(QueryError { at, fault })
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    clauses: usize,
    /// Within `thread:`.
    in_thread: bool,
}

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    /// Whether an operator stands here, and nothing longer.
    fn sees(&self, operator: &str) -> bool {
        self.rest().strip_prefix(operator).is_some_and(|after| {
            after
                .chars()
                .next()
                .is_none_or(|c| c.is_whitespace() || "()\"".contains(c))
        })
    }

    fn or(&mut self, depth: usize, field: Option<Field>) -> Result<Expr, QueryError> {
        let mut items = Vec::new();
        loop {
            match self.and(depth, field)? {
                Expr::Or(inner) => items.extend(inner),
                item => items.push(item),
            }
            if !self.sees("OR") {
                break;
            }
            self.at += 2;
        }
        Ok(one_or(items, Expr::Or))
    }

    fn and(&mut self, depth: usize, field: Option<Field>) -> Result<Expr, QueryError> {
        let mut items = Vec::new();
        let mut wants = true;
        self.blanks();
        let begin = self.at;
        loop {
            self.blanks();
            let end = match self.rest().chars().next() {
                None => true,
                Some(')') if depth > 0 => true,
                Some(')') => {
                    return fail(self.at, Fault::NothingOpen);
                }
                _ => self.sees("OR"),
            };
            if end {
                break;
            }
            if self.sees("AND") {
                if wants {
                    return fail(self.at, Fault::LonelyAnd);
                }
                self.at += 3;
                wants = true;
                continue;
            }
            if let Some(item) = self.unary(depth, field)? {
                match item {
                    Expr::And(inner) => items.extend(inner),
                    item => items.push(item),
                }
            }
            wants = false;
        }
        if wants {
            let fault = match self.rest() {
                "" => Fault::Unfinished,
                rest if rest.starts_with(')') => Fault::EmptyParentheses,
                _ => Fault::LonelyOr,
            };
            return fail(self.at, fault);
        }
        if items.is_empty() {
            return fail(begin, Fault::NothingToLookFor);
        }
        Ok(one_or(items, Expr::And))
    }

    fn unary(&mut self, depth: usize, field: Option<Field>) -> Result<Option<Expr>, QueryError> {
        let begin = self.at;
        let mut negative = false;
        loop {
            if self.sees("NOT") {
                self.at += 3;
                self.blanks();
            } else if self.is_minus() {
                self.at += 1;
            } else {
                break;
            }
            negative = !negative;
        }
        let negated = self.at > begin;
        let rest = self.rest();
        if negated
            && (rest.is_empty() || rest.starts_with(')') || self.sees("OR") || self.sees("AND"))
        {
            return fail(begin, Fault::NothingToLeaveOut);
        }
        let item = self.atom(depth, field)?;
        if negated && item.is_none() {
            return fail(begin, Fault::NothingToLeaveOut);
        }
        Ok(item.map(|item| match item {
            Expr::Not(inner) if negative => *inner,
            item if negative => Expr::Not(Box::new(item)),
            item => item,
        }))
    }

    /// A `-` that negates: something follows it at once that is not another one (`--force` is a word).
    fn is_minus(&self) -> bool {
        self.rest().strip_prefix('-').is_some_and(|after| {
            after
                .chars()
                .next()
                .is_some_and(|c| !c.is_whitespace() && c != '-' && c != ')')
        })
    }

    fn atom(&mut self, depth: usize, field: Option<Field>) -> Result<Option<Expr>, QueryError> {
        if self.rest().starts_with('(') {
            return self.group(depth, field).map(Some);
        }
        self.clauses += 1;
        if self.clauses > MAX_CLAUSES {
            return fail(self.at, Fault::TooManyWords);
        }
        let begin = self.at;
        if self.rest().starts_with('"') {
            let text = self.phrase()?;
            return Ok((!query_tokens(text).is_empty()).then(|| Expr::Phrase {
                field,
                text: text.to_owned(),
            }));
        }
        if let Some(info) = self.field_name() {
            return self.value(begin, info, depth).map(Some);
        }
        if field.is_none()
            && let Some(id) = self.bracketed()
        {
            return Ok(Some(Expr::Mid(id.to_owned())));
        }
        let word = self.word();
        if word == "*" && field.is_none() {
            return Ok(Some(Expr::All));
        }
        words(begin, field, word)
    }

    fn group(&mut self, depth: usize, field: Option<Field>) -> Result<Expr, QueryError> {
        let open = self.at;
        if depth >= MAX_DEPTH {
            return fail(open, Fault::TooDeep);
        }
        self.at += 1;
        let inner = self.or(depth + 1, field)?;
        self.blanks();
        if !self.rest().starts_with(')') {
            return fail(open, Fault::ParenthesisOpen);
        }
        self.at += 1;
        Ok(inner)
    }

    /// What stands in quotation marks.
    fn phrase(&mut self) -> Result<&'a str, QueryError> {
        let open = self.at;
        let inside = &self.rest()[1..];
        let Some(length) = inside.find('"') else {
            return fail(open, Fault::QuoteOpen);
        };
        self.at += length + 2;
        Ok(&inside[..length])
    }

    /// `<id@domain>`, passed over when it stands here.
    fn bracketed(&mut self) -> Option<&'a str> {
        let inside = self.rest().strip_prefix('<')?;
        let id = &inside[..inside.find('>')?];
        if id.contains(|c: char| c.is_whitespace() || c == '<') {
            return None;
        }
        as_message_id(id)?;
        self.at += id.len() + 2;
        Some(id)
    }

    fn word(&mut self) -> &'a str {
        let rest = self.rest();
        let mut open = 0usize;
        let length = rest.find(|c: char| {
            match c {
                '(' => open += 1,
                ')' if open > 0 => open -= 1,
                ')' | '"' => return true,
                _ => return c.is_whitespace(),
            }
            false
        });
        let word = &rest[..length.unwrap_or(rest.len())];
        self.at += word.len();
        word
    }

    /// A known field's name and colon, passed over when they stand here.
    fn field_name(&mut self) -> Option<&'static FieldInfo> {
        let rest = self.rest();
        let length = rest.find(|c: char| !c.is_ascii_alphabetic())?;
        if !rest[length..].starts_with(':') {
            return None;
        }
        let info = field_named(&rest[..length])?;
        self.at += length + 1;
        Some(info)
    }

    fn value(
        &mut self,
        begin: usize,
        info: &'static FieldInfo,
        depth: usize,
    ) -> Result<Expr, QueryError> {
        self.blanks();
        let at = self.at;
        if let (Kind::Text(field), true) = (info.kind, self.rest().starts_with('(')) {
            return self.group(depth, Some(field));
        }
        if info.kind == Kind::Thread {
            return self.thread(begin, depth);
        }
        if info.kind == Kind::Mid
            && let Some(id) = self.bracketed()
        {
            return Ok(Expr::Mid(id.to_owned()));
        }
        let is_phrase = self.rest().starts_with('"');
        let value = if is_phrase {
            self.phrase()?
        } else {
            self.word()
        };
        let empty = Fault::EmptyField {
            field: info.name,
            example: info.example,
        };
        if value.trim().is_empty() {
            return fail(begin, empty);
        }
        match info.kind {
            Kind::Text(field) => {
                let found = if is_phrase && !query_tokens(value).is_empty() {
                    Some(Expr::Phrase {
                        field: Some(field),
                        text: value.to_owned(),
                    })
                } else if is_phrase {
                    None
                } else {
                    words(at, Some(field), value)?
                };
                let wordless = Fault::WordlessField { field: info.name };
                found.map_or_else(|| fail(at, wordless), Ok)
            }
            Kind::List => Ok(Expr::List(value.trim().to_lowercase())),
            Kind::Mid => match bare_id(value) {
                "" => fail(at, empty),
                id => Ok(Expr::Mid(id.to_owned())),
            },
            Kind::Date => dates(at, value.trim()),
            Kind::Before => when(at, value.trim()).map(Expr::Before),
            Kind::After => Ok(Expr::Date {
                from: Some(when(at, value.trim())?),
                to: None,
            }),
            Kind::Has => named(at, HAS, info.name, value.trim()).map(Expr::Has),
            Kind::Is => named(at, STATES, info.name, value.trim()).map(Expr::Is),
            Kind::Size => size(at, value.trim()),
            Kind::Thread => fail(at, empty),
        }
    }

    /// The query after `thread:`, in parentheses or a single item.
    fn thread(&mut self, begin: usize, depth: usize) -> Result<Expr, QueryError> {
        if self.in_thread {
            return fail(begin, Fault::ThreadInThread);
        }
        self.in_thread = true;
        let inner = match self.rest().starts_with('(') {
            true => Some(self.group(depth, None)?),
            false if self.rest().is_empty() || self.rest().starts_with(')') => None,
            false => self.atom(depth, None)?,
        };
        self.in_thread = false;
        match inner {
            Some(inner) => Ok(Expr::Thread(Box::new(inner))),
            None => {
                let (field, example) = ("thread", "thread:(from:alice)");
                fail(begin, Fault::EmptyField { field, example })
            }
        }
    }
}

/// A word or a beginning; `None` when there is nothing in it to look for.
fn words(at: usize, field: Option<Field>, word: &str) -> Result<Option<Expr>, QueryError> {
    let text = word.to_owned();
    let Some(stem) = word.strip_suffix('*') else {
        return Ok((!query_tokens(word).is_empty()).then_some(Expr::Term { field, text }));
    };
    let Some(last) = query_tokens(stem)
        .pop()
        .filter(|last| last.to == stem.len())
    else {
        return Ok((!query_tokens(word).is_empty()).then_some(Expr::Term { field, text }));
    };
    if !last.single && last.text.chars().nth(1).is_none() {
        return fail(at, Fault::ShortBeginning);
    }
    Ok(Some(Expr::Prefix {
        field,
        text: stem.to_owned(),
    }))
}

fn named<T: Copy + PartialEq>(
    at: usize,
    values: &Values<T>,
    field: &'static str,
    typed: &str,
) -> Result<T, QueryError> {
    values.named(typed).or_else(|known| {
        let typed = typed.to_owned();
        fail(
            at,
            Fault::UnknownValue {
                field,
                typed,
                known,
            },
        )
    })
}

fn size(at: usize, text: &str) -> Result<Expr, QueryError> {
    let Some((from, to)) = text.split_once("..") else {
        return fail(at, Fault::NoRange);
    };
    if from.is_empty() && to.is_empty() {
        return fail(at, Fault::EndlessSize);
    }
    let end = |at, text: &str| match text {
        "" => Ok(None),
        text => bytes(text).map_or_else(
            || fail(at, Fault::NoSize(text.to_owned())),
            |bytes| Ok(Some(bytes)),
        ),
    };
    let (least, most) = (end(at, from)?, end(at + from.len() + 2, to)?);
    if least.zip(most).is_some_and(|(least, most)| most < least) {
        return fail(at, backwards(from, to));
    }
    Ok(Expr::Size {
        from: least,
        to: most,
    })
}

fn when(at: usize, text: &str) -> Result<When, QueryError> {
    When::read(text).map_or_else(|| fail(at, Fault::NoDate(text.to_owned())), Ok)
}

fn dates(at: usize, text: &str) -> Result<Expr, QueryError> {
    let Some((from, to)) = text.split_once("..") else {
        let when = when(at, text)?;
        return Ok(Expr::Date {
            from: Some(when),
            to: Some(when),
        });
    };
    if from.is_empty() && to.is_empty() {
        return fail(at, Fault::EndlessDate);
    }
    let read = |at, text: &str| {
        if text.is_empty() {
            Ok(None)
        } else {
            when(at, text).map(Some)
        }
    };
    let (first, last) = (read(at, from)?, read(at + from.len() + 2, to)?);
    if let (Some(first), Some(last)) = (first, last)
        && last.is_before(first)
    {
        return fail(at, backwards(from, to));
    }
    Ok(Expr::Date {
        from: first,
        to: last,
    })
}

fn backwards(from: &str, to: &str) -> Fault {
    Fault::Backwards {
        from: from.to_owned(),
        to: to.to_owned(),
    }
}

fn one_or(mut items: Vec<Expr>, many: impl Fn(Vec<Expr>) -> Expr) -> Expr {
    if items.len() == 1 {
        items.remove(0)
    } else {
        many(items)
    }
}
