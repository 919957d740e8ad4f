//! The open elements of markup that is written: what comes out is well nested, and no block stands in
//! what holds words only.
//!
//! Mail writes `<font><div>…</div></font>`. Such a `font` is closed before the block, opened again in it, and
//! again behind it, as browsers show it.

use std::rc::Rc;

/// Open elements at most.
pub(super) const DEEPEST: usize = 48;

/// Bytes of elements that are opened again, for each byte of the source, and for the shortest one.
const GROWTH: usize = 2;
const LEAST_ROOM: usize = 4 << 10;

/// A `span` that says nothing, which is most of them: it is open, but not written.
pub(super) const UNWRITTEN: &str = "span ";

/// Elements that hold words and each other, but no block.
const OF_WORDS: [&str; 17] = [
    "abbr", "b", "cite", "code", "em", "i", "kbd", "q", "s", "samp", "small", "span", "strong",
    "sub", "sup", "u", "var",
];

/// Elements that hold what their parent may hold.
const TRANSPARENT: [&str; 4] = ["a", "del", "ins", UNWRITTEN];

const BLOCKS: [&str; 13] = [
    "p",
    "div",
    "blockquote",
    "ul",
    "ol",
    "dl",
    "table",
    "pre",
    "hr",
    "h3",
    "h4",
    "h5",
    "h6",
];

/// Blocks that hold nothing but items, and the items.
const HOLDERS: [&str; 4] = ["ul", "ol", "dl", "table"];
const ITEMS: [&str; 5] = ["li", "dt", "dd", "td", "th"];

/// An open element.
#[derive(Clone)]
struct Open {
    name: &'static str,
    /// As it was written; shared, for it may be long and come again often.
    tag: Rc<str>,
    /// Whether it was open before and is so again.
    again: bool,
    /// What is opened again behind it.
    after: Vec<Open>,
}

/// Markup as it is written.
pub(super) struct Nest {
    /// What was written.
    pub(super) out: String,
    open: Vec<Open>,
    /// Bytes that elements may still take that are opened again: markup grows by no more.
    room: usize,
    /// Whether blocks are kept out of words, and lists hold nothing but items.
    strict: bool,
}

impl Nest {
    /// For a source of that many bytes.
    pub(super) fn new(source: usize, strict: bool) -> Self {
        Nest {
            out: String::with_capacity(source),
            open: Vec::new(),
            room: source.saturating_mul(GROWTH) + LEAST_ROOM,
            strict,
        }
    }

    /// How many are open.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// Whether one of that name is open.
    pub(super) fn has(&self, name: &str) -> bool {
        self.open.iter().any(|open| open.name == name)
    }

    /// The place of the innermost one from a place on that passes the test.
    pub(super) fn innermost(&self, from: usize, test: impl Fn(&str) -> bool) -> Option<usize> {
        let found = self.open[from..].iter().rposition(|open| test(open.name));
        found.map(|at| from + at)
    }

    /// The name of the one at a place.
    pub(super) fn name(&self, at: usize) -> &'static str {
        self.open[at].name
    }

    /// Opens an element; `tag` is how it is written, empty for one that is not. A void one ends at once.
    pub(super) fn start(&mut self, name: &'static str, tag: &str, void: bool) {
        // What a link would hold as a link of its own is part of it.
        if self.strict && name == "a" && self.has("a") {
            return;
        }
        if self.strict && self.is_in_list() && !["li", UNWRITTEN].contains(&name) {
            self.push("li", "<li>".into(), Vec::new());
        }
        let is_item = self.strict && ITEMS.contains(&name);
        let mut words = match is_item || self.strict && BLOCKS.contains(&name) {
            true => self.leave_words(),
            false => Vec::new(),
        };
        if self.strict && name == "li" && !self.is_in_list() {
            self.push("ul", "<ul>".into(), std::mem::take(&mut words));
        }
        if is_item {
            let holder = self.innermost(0, |name| HOLDERS.contains(&name));
            words = holder.map_or_else(Vec::new, |at| self.open[at].after.clone());
        }
        if void {
            self.out.push_str(tag);
        } else {
            let after = if is_item { Vec::new() } else { words.clone() };
            self.push(name, tag.into(), after);
        }
        // In what holds items only, words are opened again in each of them.
        if void || !HOLDERS.contains(&name) {
            self.again(words);
        }
    }

    /// Whether what comes next stands in a list, and in none of its items.
    fn is_in_list(&self) -> bool {
        let written = self.open.iter().rev().find(|open| open.name != UNWRITTEN);
        written.is_some_and(|open| ["ul", "ol"].contains(&open.name))
    }

    fn push(&mut self, name: &'static str, tag: Rc<str>, after: Vec<Open>) {
        self.out.push_str(&tag);
        self.open.push(Open {
            name,
            tag,
            again: false,
            after,
        });
    }

    /// Closes the words around the place at hand; answers what was closed, outermost first.
    fn leave_words(&mut self) -> Vec<Open> {
        let inline = |name: &str| OF_WORDS.contains(&name) || TRANSPARENT.contains(&name);
        let from = self
            .innermost(0, |name| !inline(name))
            .map_or(0, |at| at + 1);
        let words = self.open[from..]
            .iter()
            .position(|open| OF_WORDS.contains(&open.name));
        let Some(at) = words.map(|at| from + at) else {
            return Vec::new();
        };
        let left = self.open[at..].to_vec();
        self.close_to(at);
        left
    }

    fn again(&mut self, words: Vec<Open>) {
        for open in words {
            if self.open.len() >= DEEPEST || self.room < open.tag.len() {
                return;
            }
            self.room -= open.tag.len();
            self.push(open.name, open.tag, Vec::new());
            if let Some(open) = self.open.last_mut() {
                open.again = true;
            }
        }
    }

    /// Closes the element at a place and everything in it, because its end tag stands here.
    pub(super) fn end(&mut self, at: usize) {
        let (name, again) = (self.open[at].name, self.open[at].again);
        // It does not come again behind the blocks in which it came again.
        let around = self.open[..at].iter_mut().rev();
        for block in around.filter(|open| again && !open.after.is_empty()) {
            let Some(at) = block.after.iter().rposition(|open| open.name == name) else {
                break;
            };
            block.after.remove(at);
        }
        self.close_to(at);
    }

    /// Closes the element at a place and everything in it.
    pub(super) fn close_to(&mut self, at: usize) {
        let mut after = Vec::new();
        while self.open.len() > at {
            if let Some(open) = self.open.pop() {
                self.write_close(&open);
                after = open.after;
            }
        }
        self.again(after);
    }

    /// Closes everything; answers what was written.
    pub(super) fn done(mut self) -> String {
        while let Some(open) = self.open.pop() {
            self.write_close(&open);
        }
        self.out
    }

    fn write_close(&mut self, open: &Open) {
        if open.name == UNWRITTEN {
            return;
        }
        // What came again and holds nothing did not have to come.
        if open.again && self.out.ends_with(&*open.tag) {
            self.out.truncate(self.out.len() - open.tag.len());
            return;
        }
        self.out.push_str("</");
        self.out.push_str(open.name);
        self.out.push('>');
    }
}
