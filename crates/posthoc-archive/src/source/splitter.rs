//! Cuts one stream into pieces that, put together, are the stream again.
//!
//! A window over the stream is kept from the start of the piece at hand; memory is bounded by the
//! longest mail allowed. What is decided depends only on the bytes, never on how they arrive:
//! a place is judged when [`LOOKAHEAD`](super::line::LOOKAHEAD) bytes after it, or the end, are in
//! the window.

use super::boundary::{Found, Rule, Separator, Told, Window, blank_before, told_by_length};
use super::dialect::{is_internal_data, of_mail, vote};
use super::kind::Split;
use super::line::{bom, looks_like_mail};
use super::piece::{Piece, Reason, Refusal};
use posthoc_core::message::{Dialect, RawMessage};
use std::io::{self, Read};

/// How much of a stream is looked at before anything is decided about it.
pub(super) const HEAD: usize = 64 << 10;
/// How much is read at once.
const READ: usize = 128 << 10;
/// The size of the pieces in which what is too long to be held goes by.
const CHUNK: usize = 1 << 20;
/// Bytes of one piece from which on room for the longest is asked for at once. The system gives memory
/// when it is written to; a window that doubles would hold a long mail twice each time it grows.
const LONG: usize = 4 << 20;

/// Where the splitter stands. Places are counted from the start of the piece at hand.
#[derive(Clone, Copy, Debug)]
enum State {
    /// At the start of the stream, or where reading was taken up again.
    Start,
    /// In bytes before the first mail.
    Junk { scan: usize },
    /// In a mail.
    Mail(Mail),
    /// In a mail that is too long to be held; its bytes began at `offset` of the stream.
    Oversize { scan: usize, offset: u64 },
    /// After the last mail: what is left is no mail.
    Tail,
}

/// The mail at hand.
#[derive(Clone, Copy, Debug)]
struct Mail {
    /// Where its From_ line begins; equal to `start` without one.
    line: usize,
    /// Where its bytes begin.
    start: usize,
    /// How far separators have been looked for.
    scan: usize,
    /// Whether `Content-Length` was asked already.
    asked: bool,
}

/// See the module.
pub(super) struct Splitter<R> {
    reader: R,
    rule: Rule,
    max_mail: usize,
    scratch: Box<[u8]>,
    window: Vec<u8>,
    at: usize,
    offset: u64,
    at_end: bool,
    failure: Option<io::Error>,
    state: State,
    vote: Dialect,
}

impl<R: Read> Splitter<R> {
    /// Begins a stream; a mail may have up to `max_mail` bytes.
    pub(super) fn new(reader: R, rule: Rule, max_mail: u64) -> Self {
        Splitter {
            reader,
            rule,
            max_mail: usize::try_from(max_mail).unwrap_or(usize::MAX),
            scratch: vec![0; READ].into_boxed_slice(),
            window: Vec::new(),
            at: 0,
            offset: 0,
            at_end: false,
            failure: None,
            state: State::Start,
            vote: Dialect::Mboxo,
        }
    }

    /// The first bytes of the stream, up to [`HEAD`]; to be called before anything else.
    pub(super) fn head(&mut self) -> &[u8] {
        self.fill_to(HEAD);
        self.vote = vote(&self.window[..self.window.len().min(HEAD)]);
        &self.window[..self.window.len().min(HEAD)]
    }

    /// Changes the rule, once [`head`](Self::head) has shown what it is.
    pub(super) fn set_rule(&mut self, rule: Rule) {
        self.rule = rule;
    }

    /// Bytes handed out so far.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// Why the stream ended, when that was not its end. Asked after the last piece.
    pub(super) fn take_failure(&mut self) -> Option<io::Error> {
        self.failure.take()
    }

    /// Hands out up to `length` bytes without looking at them; `None` at the end of input. Only
    /// before the first piece.
    pub(super) fn skip(&mut self, length: u64) -> Option<Vec<u8>> {
        if self.at == self.window.len() {
            self.fill();
        }
        let held = self.window.len() - self.at;
        let take = held.min(usize::try_from(length).unwrap_or(usize::MAX));
        (take > 0).then(|| self.take(take))
    }

    /// The next piece; `None` at the end.
    pub(super) fn next_piece(&mut self) -> Option<Piece> {
        loop {
            let step = match self.state {
                State::Start => self.start(),
                State::Junk { scan } => self.junk(scan),
                State::Mail(mail) => self.mail(mail),
                State::Oversize { scan, offset } => self.oversize(scan, offset),
                State::Tail => {
                    let rest = self.window.len() - self.at;
                    return (rest > 0).then(|| self.gap(rest));
                }
            };
            if step.is_some() {
                return step;
            }
        }
    }

    fn view(&self) -> Window<'_> {
        Window {
            bytes: &self.window[self.at..],
            at_end: self.at_end,
        }
    }

    fn start(&mut self) -> Option<Piece> {
        self.fill_to(HEAD);
        let bytes = self.view().bytes;
        let head = &bytes[..bytes.len().min(HEAD)];
        let mark = bom(head);
        let blank = head[mark..]
            .iter()
            .take_while(|b| matches!(b, b'\n' | b'\r'))
            .count();
        let line = mark + blank;
        self.state = if bytes.is_empty() {
            State::Tail
        } else if let Some(end) = self.rule.leading(&head[line..]) {
            State::Mail(Mail {
                line,
                start: line + end,
                scan: line + end - 1,
                asked: false,
            })
        } else if !self.rule.is_mbox() || self.begins_with_a_mail(head) {
            State::Mail(Mail {
                line: mark,
                start: mark,
                scan: mark,
                asked: true,
            })
        } else {
            State::Junk { scan: 0 }
        };
        None
    }

    /// Whether what stands before the first separator is a mail without a From_ line.
    fn begins_with_a_mail(&self, head: &[u8]) -> bool {
        let window = Window {
            bytes: head,
            at_end: true,
        };
        match self.rule.search(window, 0, 0, false) {
            Found::At(next) => looks_like_mail(&head[..next.line]),
            Found::End(_) | Found::More(_) => looks_like_mail(head),
        }
    }

    fn junk(&mut self, scan: usize) -> Option<Piece> {
        match self.rule.search(self.view(), 0, scan, false) {
            Found::At(next) if next.line <= CHUNK => {
                self.enter(next, 0);
                None
            }
            Found::End(_) if self.view().bytes.len() <= CHUNK => {
                self.state = State::Tail;
                None
            }
            Found::More(scan) if scan <= CHUNK => {
                self.state = State::Junk { scan };
                self.fill();
                None
            }
            found => {
                let scan = match found {
                    Found::At(next) => next.line - 1,
                    Found::End(_) => self.view().bytes.len(),
                    Found::More(scan) => scan,
                };
                self.state = State::Junk { scan: scan - CHUNK };
                Some(self.gap(CHUNK))
            }
        }
    }

    fn mail(&mut self, mut mail: Mail) -> Option<Piece> {
        match self.search(&mut mail) {
            Found::More(scan) => {
                let known = scan.saturating_sub(2);
                self.state = if known > mail.start && known - mail.start > self.max_mail {
                    let offset = self.offset + mail.start as u64;
                    State::Oversize { scan, offset }
                } else {
                    self.fill();
                    State::Mail(Mail { scan, ..mail })
                };
                None
            }
            Found::At(next) if next.gap - mail.start > self.max_mail => {
                let offset = self.offset + mail.start as u64;
                self.state = State::Oversize {
                    scan: next.line - 1,
                    offset,
                };
                None
            }
            Found::At(next) => {
                let piece = self.piece(mail, next.gap, next.line - next.gap, false);
                self.enter(next, next.gap);
                Some(piece)
            }
            Found::End(told) => self.last(mail, told),
        }
    }

    /// The next separator by `Content-Length` where that is asked for, else by the rule.
    fn search(&self, mail: &mut Mail) -> Found {
        if !mail.asked && matches!(self.rule, Rule::By(Split::ContentLength)) {
            match told_by_length(self.view(), mail.start, self.max_mail) {
                Told::Ends(found) => return found,
                Told::More => return Found::More(mail.scan),
                Told::Nothing => mail.asked = true,
            }
        }
        self.rule.search(self.view(), mail.start, mail.scan, true)
    }

    /// The mail that reaches to the end of the stream.
    fn last(&mut self, mail: Mail, told: Option<usize>) -> Option<Piece> {
        let length = self.view().bytes.len();
        let has_line = mail.line < mail.start;
        let end = told.unwrap_or_else(|| match has_line && self.rule.is_mbox() {
            true => blank_before(self.view().bytes, mail.start, length),
            false => length,
        });
        if end - mail.start > self.max_mail {
            let offset = self.offset + mail.start as u64;
            self.state = State::Oversize {
                scan: length,
                offset,
            };
            return None;
        }
        self.state = State::Tail;
        // A From_ line alone, at the end of a mailbox that is being written: no mail yet.
        if end == mail.start && has_line && self.rule.is_mbox() {
            return None;
        }
        Some(self.piece(mail, end, length - end, true))
    }

    /// Lets a mail go by that is too long to be held; its last piece says so.
    fn oversize(&mut self, scan: usize, offset: u64) -> Option<Piece> {
        let (end, next) = match self.rule.search(self.view(), 0, scan, true) {
            Found::More(scan) if scan.saturating_sub(2) <= CHUNK => {
                self.state = State::Oversize { scan, offset };
                self.fill();
                return None;
            }
            Found::More(scan) => (scan - 2, None),
            Found::At(next) => (next.gap, Some(next)),
            Found::End(_) => (self.view().bytes.len(), None),
        };
        if end > CHUNK {
            let scan = next.map_or(end + 2, |next| next.line - 1) - CHUNK;
            self.state = State::Oversize { scan, offset };
            return Some(self.gap(CHUNK));
        }
        match next {
            Some(next) => self.enter(next, end),
            None => self.state = State::Tail,
        }
        let mut piece = self.gap(end);
        let length = piece.end - offset;
        piece.refused = Some(Refusal::new(Reason::TooLarge, offset, length));
        Some(piece)
    }

    /// Goes to the mail after a separator, when `taken` bytes will have been handed out.
    fn enter(&mut self, next: Separator, taken: usize) {
        let start = next.mail - taken;
        let scan = start.saturating_sub(1);
        self.state = State::Mail(Mail {
            line: next.line - taken,
            start,
            scan,
            asked: false,
        });
    }

    fn piece(&mut self, mail: Mail, end: usize, blank: usize, last: bool) -> Piece {
        let offset = self.offset + mail.start as u64;
        let mut gap = self.take(mail.start);
        let bytes = self.take(end - mail.start);
        if self.rule.is_mbox() && is_internal_data(&bytes) {
            let length = bytes.len() as u64;
            gap.extend_from_slice(&bytes);
            let refused = Some(Refusal::new(Reason::InternalData, offset, length));
            return Piece {
                gap,
                mail: None,
                refused,
                end: self.offset,
            };
        }
        let from_line = (mail.line < mail.start).then(|| {
            let line = &gap[mail.line..];
            let line = line.strip_suffix(b"\n").unwrap_or(line);
            line.strip_suffix(b"\r").unwrap_or(line).to_vec()
        });
        let dialect = match &from_line {
            Some(line) if self.rule.is_mbox() => of_mail(&bytes, line, blank, self.vote),
            _ => Dialect::None,
        };
        // A file that is one mail does not grow.
        let last = last && self.rule.is_mbox();
        let mail = RawMessage {
            bytes,
            dialect,
            from_line,
            offset,
            file: None,
            last,
        };
        Piece {
            gap,
            mail: Some(mail),
            refused: None,
            end: self.offset,
        }
    }

    fn gap(&mut self, length: usize) -> Piece {
        let gap = self.take(length);
        Piece {
            gap,
            mail: None,
            refused: None,
            end: self.offset,
        }
    }

    fn take(&mut self, length: usize) -> Vec<u8> {
        self.offset += length as u64;
        if length > CHUNK {
            // Given away instead of copied: a long mail is held once.
            let rest = self.window.split_off(self.at + length);
            let mut taken = std::mem::replace(&mut self.window, rest);
            taken.drain(..self.at);
            self.at = 0;
            return taken;
        }
        let taken = self.window[self.at..self.at + length].to_vec();
        self.at += length;
        taken
    }

    fn fill_to(&mut self, length: usize) {
        while !self.at_end && self.window.len() - self.at < length {
            self.fill();
        }
    }

    /// What the window may come to hold: a mail, what stands before it, and what is read beyond it.
    fn longest(&self) -> usize {
        self.max_mail.saturating_add(CHUNK + 2 * READ)
    }

    fn read(&mut self) -> io::Result<usize> {
        loop {
            match self.reader.read(&mut self.scratch) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => return result,
            }
        }
    }

    /// Reads on. Moves what is held to the front only when less is held than was let go, so that
    /// each byte is moved at most once.
    fn fill(&mut self) {
        if self.at_end {
            return;
        }
        if self.at >= self.window.len() - self.at {
            self.window.drain(..self.at);
            self.at = 0;
        }
        if self.window.len() >= LONG && self.window.capacity() < self.longest() {
            let more = self.longest() - self.window.len();
            // Without so much to be had it grows as any.
            let _ = self.window.try_reserve_exact(more);
        }
        match self.read() {
            Ok(0) => self.at_end = true,
            Ok(count) => self.window.extend_from_slice(&self.scratch[..count]),
            Err(failure) => {
                self.failure = Some(failure);
                self.at_end = true;
            }
        }
    }
}
