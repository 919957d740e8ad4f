//! Threads: the window beside a mail, and whole threads page by page.

use super::{Loaded, Reader};
use crate::error::Result;
use crate::tables::{ListRow, MailRow};
use posthoc_core::message::MessageKey;
use posthoc_core::page::{MailLine, ThreadMail, ThreadView, View};
use posthoc_core::route::Route;
use posthoc_core::thread::{Forest, Member};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// A thread of up to that many mails is shown whole beside each of them.
pub(crate) const WHOLE: usize = 20;
/// Beside a mail of a longer thread: so many ancestors,
pub(crate) const ANCESTORS: usize = 5;
/// so many siblings before and after,
pub(crate) const SIBLINGS: usize = 3;
/// and so many answers.
const ANSWERS: usize = 8;
/// Answers to one mail that are looked at to find the near ones.
const LOOKED_AT: usize = 500;
/// Mails on one page of a thread.
pub(crate) const PAGE: usize = 100;

/// Threads that a reader keeps at hand; then it begins anew.
const KNOWN_THREADS: usize = 1_000;

/// Lines in display order, each with its node.
type Drawn = Vec<(MessageKey, MailLine)>;

/// A thread's lines, its mails and people counted.
type WholeThread = (Drawn, (u32, u32));

/// Threads that were drawn, by list and number; none for one that is too long to be shown whole.
pub(super) type KnownThreads = HashMap<(u32, u32), Arc<Option<WholeThread>>>;

/// The thread beside a mail.
pub(super) struct Window {
    pub(super) lines: Vec<MailLine>,
    /// Mails and people, when the thread is shown whole.
    pub(super) counts: Option<(u32, u32)>,
    pub(super) key: MessageKey,
}

impl Reader<'_> {
    /// Mails as members of a forest, with the ghosts between and above them, at most `ghosts`.
    pub(crate) fn members<'r>(
        &self,
        list: &ListRow,
        rows: impl Iterator<Item = &'r Arc<MailRow>>,
        ghosts: usize,
    ) -> Result<Vec<Member>> {
        let mut members = BTreeMap::new();
        let mut above = Vec::new();
        for row in rows {
            let parent = self
                .rows
                .node(list.list, row.node)?
                .and_then(|node| node.parent);
            let (key, mail) = (row.node, Some(row.number));
            members.insert(
                key,
                Member {
                    key,
                    parent,
                    mail,
                    date: row.date,
                },
            );
            above.extend(parent);
        }
        let mut left = ghosts;
        while let Some(key) = above.pop() {
            if left == 0 || members.contains_key(&key) {
                continue;
            }
            let Some(node) = self.rows.node(list.list, key)? else {
                continue;
            };
            if node.mail.is_none() {
                left -= 1;
                members.insert(
                    key,
                    Member {
                        key,
                        parent: node.parent,
                        mail: None,
                        date: 0,
                    },
                );
                above.extend(node.parent);
            }
        }
        Ok(members.into_values().collect())
    }

    /// The window of a mail's thread.
    pub(super) fn window(&self, list: &ListRow, row: &MailRow) -> Result<Window> {
        let thread = self.thread_of(list, row)?;
        let whole = self.whole_thread(list, thread)?;
        let (drawn, counts) = match &*whole {
            Some((drawn, counts)) => (drawn.clone(), Some(*counts)),
            None => (self.drawn(list, &self.near(list, row)?)?, None),
        };
        let lines = drawn.into_iter().map(|(node, mut line)| {
            line.current = node == row.node;
            line
        });
        Ok(Window {
            lines: lines.collect(),
            counts,
            key: self.thread_key(list, thread, row)?,
        })
    }

    /// A thread that is short enough to be shown whole, with its mails and people counted; kept for
    /// the pages of its other mails.
    fn whole_thread(&self, list: &ListRow, thread: u32) -> Result<Arc<Option<WholeThread>>> {
        let name = (list.list, thread);
        if let Some(known) = self.threads.borrow().get(&name) {
            return Ok(Arc::clone(known));
        }
        let numbers = self.rows.thread(list.list, thread, 0, WHOLE + 1)?;
        let mut whole = None;
        if numbers.len() <= WHOLE {
            let mut rows: BTreeMap<MessageKey, Arc<MailRow>> = BTreeMap::new();
            for number in numbers {
                let row = self.mail(list.list, number)?;
                rows.extend(row.map(|row| (row.node, row)));
            }
            let shown = || rows.values().filter(|row| !row.hidden);
            let people: BTreeSet<&str> = shown().map(|row| &*row.author_address).collect();
            let counts = (shown().count() as u32, people.len() as u32);
            whole = Some((self.drawn(list, &rows)?, counts));
        }
        let whole = Arc::new(whole);
        let mut threads = self.threads.borrow_mut();
        if threads.len() >= KNOWN_THREADS {
            threads.clear();
        }
        threads.insert(name, Arc::clone(&whole));
        Ok(whole)
    }

    /// Mails in display order, with the ghosts between and above them.
    fn drawn(&self, list: &ListRow, rows: &BTreeMap<MessageKey, Arc<MailRow>>) -> Result<Drawn> {
        let members = self.members(list, rows.values(), WHOLE)?;
        let mut drawn = Vec::new();
        for place in Forest::new(&members).places {
            let key = members[place.member].key;
            let mut line = match rows.get(&key) {
                Some(row) => self.line(list, row),
                None => self.ghost(key),
            };
            line.depth = place.depth;
            drawn.push((key, line));
        }
        Ok(drawn)
    }

    /// A thread's number.
    pub(crate) fn thread_of(&self, list: &ListRow, row: &MailRow) -> Result<u32> {
        let node = self.rows.node(list.list, row.node)?;
        Ok(node.and_then(|node| node.thread).unwrap_or(row.number))
    }

    /// A thread's own name: that of its first arrived mail.
    pub(crate) fn thread_key(
        &self,
        list: &ListRow,
        thread: u32,
        row: &MailRow,
    ) -> Result<MessageKey> {
        Ok(self
            .mail(list.list, thread)?
            .map_or(row.key, |first| first.key))
    }

    /// Ancestors, near siblings and answers of a mail in a long thread, by their nodes.
    pub(crate) fn near(
        &self,
        list: &ListRow,
        row: &MailRow,
    ) -> Result<BTreeMap<MessageKey, Arc<MailRow>>> {
        let mut near = BTreeMap::from([(row.node, Arc::new(row.clone()))]);
        let mut at = self
            .rows
            .node(list.list, row.node)?
            .and_then(|node| node.parent);
        let parent = at;
        for _ in 0..ANCESTORS * 2 {
            let Some(key) = at else { break };
            let Some(node) = self.rows.node(list.list, key)? else {
                break;
            };
            if let Some(number) = node.mail {
                near.extend(self.mail(list.list, number)?.map(|row| (key, row)));
            }
            at = node.parent;
            if near.len() > ANCESTORS {
                break;
            }
        }
        if let Some(parent) = parent {
            let siblings = self.answers(list, parent)?;
            let here = siblings
                .iter()
                .position(|other| other.node == row.node)
                .unwrap_or(0);
            let from = here.saturating_sub(SIBLINGS);
            let close = siblings
                .into_iter()
                .skip(from)
                .take(here - from + SIBLINGS + 1);
            near.extend(close.map(|row| (row.node, row)));
        }
        let answers = self.answers(list, row.node)?.into_iter().take(ANSWERS);
        near.extend(answers.map(|row| (row.node, row)));
        Ok(near)
    }

    /// The mails that answer a node, by date.
    pub(crate) fn answers(&self, list: &ListRow, key: MessageKey) -> Result<Vec<Arc<MailRow>>> {
        let mut answers = Vec::new();
        for child in self.rows.wishing(list.list, key, LOOKED_AT)? {
            let Some(node) = self.rows.node(list.list, child)? else {
                continue;
            };
            if node.parent == Some(key)
                && let Some(number) = node.mail
            {
                answers.extend(self.mail(list.list, number)?);
            }
        }
        answers.sort_by_key(|row| (row.date, row.node));
        Ok(answers)
    }

    pub(super) fn thread_page(
        &self,
        list: &ListRow,
        key: MessageKey,
        page: u32,
    ) -> Result<Option<Loaded>> {
        let Some(member) = self.place(list, key)? else {
            return Ok(None);
        };
        let thread = self.thread_of(list, &member)?;
        let own = self.thread_key(list, thread, &member)?;
        let Some(name) = self.name(list) else {
            return Ok(None);
        };
        if own != key {
            return Ok(Some(Loaded::Moved(Route::Thread(name, own, 1))));
        }
        let skip = (page.max(1) as usize - 1) * PAGE;
        let mut numbers = self.rows.thread(list.list, thread, skip, PAGE + 1)?;
        if numbers.is_empty() {
            return Ok(None);
        }
        let more = numbers.len() > PAGE;
        numbers.truncate(PAGE);
        let mut rows: BTreeMap<MessageKey, Arc<MailRow>> = BTreeMap::new();
        for number in numbers {
            rows.extend(self.mail(list.list, number)?.map(|row| (row.node, row)));
        }
        if rows.values().all(|row| row.hidden) {
            return Ok(Some(Loaded::Gone(self.chrome(list))));
        }
        let members = self.members(list, rows.values(), PAGE)?;
        let mut mails = Vec::new();
        for place in Forest::new(&members).places {
            let key = members[place.member].key;
            let row = rows.get(&key);
            let mut line = row.map_or_else(|| self.ghost(key), |row| self.line(list, row));
            line.depth = place.depth;
            let body = match row.filter(|row| !row.hidden) {
                Some(row) => Some(self.parsed(list, row)?.view.clone()),
                None => None,
            };
            mails.push(ThreadMail { line, body });
        }
        let first = self.mail(list.list, thread)?;
        let root = mails.iter().find(|mail| mail.line.address.is_some());
        let subject = root.map(|mail| mail.line.subject.clone());
        let volume = first
            .as_ref()
            .and_then(|row| posthoc_core::route::Volume::parse(&row.volume));
        Ok(Some(Loaded::View(Box::new(View::Thread(ThreadView {
            chrome: match volume {
                Some(volume) => self.volume_chrome(list, &volume),
                None => self.chrome(list),
            },
            key: own,
            subject: subject.unwrap_or_default(),
            page: page.max(1),
            more,
            mails,
        })))))
    }
}
