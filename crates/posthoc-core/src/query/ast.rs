//! The tree of a query and its canonical form.

use super::facts::{Has, State};
use super::{Field, QueryError, When, parse};
use std::fmt;

/// Bytes of a query.
pub const MAX_BYTES: usize = 1_000;
/// Words, phrases and other leaves of a query.
pub const MAX_CLAUSES: usize = 64;
/// Parentheses within parentheses.
pub const MAX_DEPTH: usize = 16;

/// A parsed query. Printing it gives a canonical form that parses to the same query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    expr: Expr,
}

/// A node of the tree. `And` and `Or` have two children or more and never one of their own kind;
/// `Not` never holds a `Not`; leaves hold the text as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expr {
    /// Every mail: the empty query, and `*`.
    All,
    /// All of these.
    And(Vec<Expr>),
    /// Any of these.
    Or(Vec<Expr>),
    /// Not this.
    Not(Box<Expr>),
    /// A word; without a field it is looked for in subject, author and text. A word that falls
    /// apart into several tokens (`foo.c`, `alice@example.org`) is looked for as a phrase, and a
    /// bare word with an `@` also as a Message-ID.
    Term {
        /// Where.
        field: Option<Field>,
        /// As typed.
        text: String,
    },
    /// Words side by side.
    Phrase {
        /// Where.
        field: Option<Field>,
        /// What stood between the quotation marks.
        text: String,
    },
    /// Words that begin so. When the text falls apart into several tokens, all of them must be in
    /// one field, the last as a beginning.
    Prefix {
        /// Where.
        field: Option<Field>,
        /// As typed, without the `*`.
        text: String,
    },
    /// Dated within the days of these two and between; an absent end is open.
    Date {
        /// The first.
        from: Option<When>,
        /// The last, included.
        to: Option<When>,
    },
    /// Dated before this begins.
    Before(When),
    /// On the list of that name, in lower case.
    List(String),
    /// The Message-ID without brackets.
    Mid(String),
    /// Carries it.
    Has(Has),
    /// Stands so in its thread.
    Is(State),
    /// Of so many stored bytes, both ends included; an absent end is open.
    Size {
        /// The least.
        from: Option<u64>,
        /// The most.
        to: Option<u64>,
    },
    /// In a thread of which a mail answers. Never holds another one.
    Thread(Box<Expr>),
}

impl Query {
    /// Reads a query. A blank text is the query that every mail answers.
    pub fn parse(text: &str) -> Result<Query, QueryError> {
        parse::parse(text).map(|expr| Query { expr })
    }

    /// The tree.
    pub fn expr(&self) -> &Expr {
        &self.expr
    }

    /// The query without what it excludes: every mail that answers the one answers the other. For
    /// callers that may not let an index judge what is not there.
    pub fn without_exclusions(&self) -> Query {
        Query {
            expr: without_exclusions(&self.expr),
        }
    }

    /// The names of lists that it mentions, sorted, each once.
    pub fn lists(&self) -> Vec<&str> {
        let mut names = Vec::new();
        walk_all(&self.expr, &mut |leaf| {
            if let Expr::List(name) = leaf {
                names.push(name.as_str());
            }
        });
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The leaves that only a catalog can answer, each once; what stands within `thread:` comes before
    /// it.
    pub fn of_catalog(&self) -> Vec<&Expr> {
        let mut leaves: Vec<&Expr> = Vec::new();
        walk_all(&self.expr, &mut |leaf| {
            if matches!(leaf, Expr::Is(_) | Expr::Thread(_)) && !leaves.contains(&leaf) {
                leaves.push(leaf);
            }
        });
        leaves
    }

    /// A query of a part of another's tree.
    pub fn of(expr: Expr) -> Query {
        Query { expr }
    }

    /// The Message-ID when the query is nothing but one, pasted or with `mid:`: such a query can go
    /// straight to the mail. A bare `local@domain` may also be an address that is meant as a word.
    pub fn message_id(&self) -> Option<&str> {
        match &self.expr {
            Expr::Mid(id) => Some(id),
            Expr::Term { field: None, text } => as_message_id(text),
            _ => None,
        }
    }
}

/// As deep as the query, which is bounded.
fn without_exclusions(expr: &Expr) -> Expr {
    match expr {
        Expr::Not(_) => Expr::All,
        Expr::And(items) => Expr::And(items.iter().map(without_exclusions).collect()),
        Expr::Or(items) => Expr::Or(items.iter().map(without_exclusions).collect()),
        leaf => leaf.clone(),
    }
}

/// An id without brackets and blanks around it.
pub(super) fn bare_id(text: &str) -> &str {
    text.trim_start_matches(|c: char| c == '<' || c.is_whitespace())
        .trim_end_matches(|c: char| c == '>' || c.is_whitespace())
}

/// The id in a bare word that may be a Message-ID: with an `@` that is neither first nor last.
pub(super) fn as_message_id(word: &str) -> Option<&str> {
    let id = bare_id(word);
    let at = id.rfind('@')?;
    (at > 0 && at + 1 < id.len()).then_some(id)
}

/// Calls `each` with every leaf and whether it is asked for (`true`) or excluded.
pub(super) fn walk<'a>(expr: &'a Expr, wanted: bool, each: &mut dyn FnMut(&'a Expr, bool)) {
    match expr {
        Expr::And(items) | Expr::Or(items) => {
            for item in items {
                walk(item, wanted, each);
            }
        }
        Expr::Not(inner) => walk(inner, !wanted, each),
        leaf => each(leaf, wanted),
    }
}

/// Calls `each` with every leaf, also of the queries within `thread:`, which come before it.
pub(super) fn walk_all<'a>(expr: &'a Expr, each: &mut dyn FnMut(&'a Expr)) {
    walk(expr, true, &mut |leaf, _| {
        if let Expr::Thread(inner) = leaf {
            walk(inner, true, &mut |leaf, _| each(leaf));
        }
        each(leaf);
    });
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.expr.fmt(f)
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expr::All => f.write_str("*"),
            Expr::And(items) => join(f, items, " ", |item| matches!(item, Expr::Or(_))),
            Expr::Or(items) => join(f, items, " OR ", |_| false),
            Expr::Not(inner) => {
                f.write_str("NOT ")?;
                let group = matches!(**inner, Expr::And(_) | Expr::Or(_));
                child(f, inner, group)
            }
            Expr::Term { field, text } => write!(f, "{}{text}", prefix(*field)),
            Expr::Phrase { field, text } => write!(f, "{}\"{text}\"", prefix(*field)),
            Expr::Prefix { field, text } => write!(f, "{}{text}*", prefix(*field)),
            Expr::Date { from, to } => date(f, *from, *to),
            Expr::Before(when) => write!(f, "before:{when}"),
            Expr::List(name) => write!(f, "list:{}", quoted(name)),
            Expr::Has(has) => write!(f, "has:{}", has.name()),
            Expr::Is(state) => write!(f, "is:{state}"),
            Expr::Size { from, to } => {
                let end = |end: Option<u64>| end.map(|end| end.to_string()).unwrap_or_default();
                write!(f, "size:{}..{}", end(*from), end(*to))
            }
            Expr::Thread(inner) => {
                f.write_str("thread:")?;
                child(f, inner, true)
            }
            Expr::Mid(id) => {
                let odd = |c: char| c == '<' || c == '>' || c.is_whitespace();
                if as_message_id(id).is_some() && !id.contains(odd) {
                    write!(f, "<{id}>")
                } else {
                    write!(f, "mid:\"{id}\"")
                }
            }
        }
    }
}

fn prefix(field: Option<Field>) -> String {
    field.map_or_else(String::new, |field| format!("{}:", field.name()))
}

fn quoted(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._+-".contains(c);
    if name.chars().all(plain) {
        name.to_owned()
    } else {
        format!("\"{name}\"")
    }
}

fn date(f: &mut fmt::Formatter<'_>, from: Option<When>, to: Option<When>) -> fmt::Result {
    match (from, to) {
        (Some(from), Some(to)) if from == to => write!(f, "date:{from}"),
        (from, to) => {
            f.write_str("date:")?;
            if let Some(from) = from {
                write!(f, "{from}")?;
            }
            f.write_str("..")?;
            if let Some(to) = to {
                write!(f, "{to}")?;
            }
            Ok(())
        }
    }
}

fn join(
    f: &mut fmt::Formatter<'_>,
    items: &[Expr],
    between: &str,
    group: impl Fn(&Expr) -> bool,
) -> fmt::Result {
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            f.write_str(between)?;
        }
        child(f, item, group(item))?;
    }
    Ok(())
}

/// A child, in parentheses when it is a group. A word may hold a `(` that is never closed
/// (`foo(bar`): a blank then keeps it from swallowing the group's own `)`.
fn child(f: &mut fmt::Formatter<'_>, expr: &Expr, group: bool) -> fmt::Result {
    if !group {
        return write!(f, "{expr}");
    }
    let inner = expr.to_string();
    let blank = if inner.matches('(').count() > inner.matches(')').count() {
        " "
    } else {
        ""
    };
    write!(f, "({inner}{blank})")
}
