//! What one arrival changes.

use crate::message::{ContentHash, MessageId, MessageKey};
use std::collections::{BTreeMap, BTreeSet};

/// How far any walk along parents or over a thread's nodes goes.
pub const WALK: usize = 10_000;

/// A Message-ID that the list knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Node {
    /// The Message-ID.
    pub id: String,
    /// The number of the mail that stands here; none for a ghost.
    pub mail: Option<u32>,
    /// Date and content of that mail: of several mails with one id, the least stands at the id.
    pub rank: Option<(i64, ContentHash)>,
    /// The last usable reference of the mail that stands here.
    pub own: Option<MessageKey>,
    /// The best claim that other mails make about who its parent is.
    pub claim: Option<Claim>,
    /// The parent it wishes for.
    pub wish: Option<MessageKey>,
    /// The parent it has: its wish, but for the one that breaks a circle.
    pub parent: Option<MessageKey>,
    /// Its thread's number; none for ghosts that no mail's thread reaches any more.
    pub thread: Option<u32>,
}

/// A claim by a mail that two neighbouring references are parent and child. The least counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Claim {
    /// The claiming mail's date.
    pub date: i64,
    /// The claiming mail's content, to tell mails of one date apart whatever their order.
    pub by: ContentHash,
    /// The parent it names.
    pub parent: MessageKey,
}

/// A Message-ID by its key. A mail whose bytes were destroyed is known by keys alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Name {
    /// The id's key.
    pub key: MessageKey,
    /// The id, for those who read the forest; empty when it is not known any more.
    pub id: String,
}

impl From<&MessageId> for Name {
    fn from(id: &MessageId) -> Self {
        Name {
            key: MessageKey::of(id),
            id: id.0.clone(),
        }
    }
}

/// A mail that joins a list's forest.
#[derive(Clone, Debug)]
pub struct Arrival<'a> {
    /// Its number; greater than all before it on its list.
    pub number: u32,
    /// Its Message-ID.
    pub id: &'a Name,
    /// Its content.
    pub content: ContentHash,
    /// Its chosen date.
    pub date: i64,
    /// Whom it answers, nearest last.
    pub references: &'a [Name],
}

/// What the plan may ask about the forest as it stands.
pub trait Neighbourhood {
    /// What asking may fail with.
    type Error;
    /// A node.
    fn node(&self, key: MessageKey) -> Result<Option<Node>, Self::Error>;
    /// The keys of the nodes that wish for this one as their parent, at most `limit`, rising.
    fn children(&self, key: MessageKey, limit: usize) -> Result<Vec<MessageKey>, Self::Error>;
}

/// Planned rows: data, not actions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Nodes as they are from now on.
    pub nodes: BTreeMap<MessageKey, Node>,
    /// Wishes, from parent to child, that come (`true`) or go (`false`).
    pub links: BTreeMap<(MessageKey, MessageKey), bool>,
    /// Mails that join a thread or change it: number, thread before, thread after.
    pub moved: Vec<(u32, Option<u32>, Option<u32>)>,
    /// Mails whose node changed: number and its node's key.
    pub placed: Vec<(u32, MessageKey)>,
}

/// Plans an arrival. Order-independent: after any order of the same arrivals the nodes are equal but
/// for numbers and threads, which follow the order.
pub fn plan<N: Neighbourhood>(arrival: &Arrival<'_>, around: &N) -> Result<Changes, N::Error> {
    let mut work = Work {
        around,
        before: BTreeMap::new(),
        now: BTreeMap::new(),
    };
    let references: Vec<MessageKey> = arrival.references.iter().map(|name| name.key).collect();
    let own_key = arrival.id.key;
    let mut unsettled = work.stand(arrival, own_key, references.last().copied())?;
    unsettled.extend(work.claim(arrival, own_key, &references)?);
    for key in unsettled {
        work.settle(key)?;
    }
    work.label(arrival.number)?;
    Ok(work.changes())
}

/// The nodes read and changed so far.
struct Work<'a, N: Neighbourhood> {
    around: &'a N,
    /// As they were; `None` for a node that is new.
    before: BTreeMap<MessageKey, Option<Node>>,
    now: BTreeMap<MessageKey, Node>,
}

impl<N: Neighbourhood> Work<'_, N> {
    /// Reads a node into the working set.
    fn load(&mut self, key: MessageKey) -> Result<Option<&mut Node>, N::Error> {
        if !self.before.contains_key(&key) {
            let node = self.around.node(key)?;
            if let Some(node) = &node {
                self.now.insert(key, node.clone());
            }
            self.before.insert(key, node);
        }
        Ok(self.now.get_mut(&key))
    }

    /// Whether a node was not there before: then nobody wished for it, since a wish makes a ghost.
    fn is_new(&self, key: MessageKey) -> bool {
        self.before.get(&key).is_some_and(Option::is_none)
    }

    /// The node of a key, made a ghost when there was none.
    fn node(&mut self, key: MessageKey, id: &str) -> Result<&mut Node, N::Error> {
        if self.load(key)?.is_none() {
            self.now.insert(
                key,
                Node {
                    id: id.to_owned(),
                    ..Node::default()
                },
            );
        }
        Ok(self.now.entry(key).or_default())
    }

    /// Puts the mail at its id, or at a variant's key when a lesser mail stands there; the greater of
    /// the two moves. Returns the keys whose wish may change.
    fn stand(
        &mut self,
        arrival: &Arrival<'_>,
        key: MessageKey,
        own: Option<MessageKey>,
    ) -> Result<Vec<MessageKey>, N::Error> {
        let own = own.filter(|parent| *parent != key);
        let mut mail = (arrival.number, (arrival.date, arrival.content), own);
        let mut unsettled = vec![key];
        let node = self.node(key, &arrival.id.id)?;
        if let (Some(number), Some(rank)) = (node.mail, node.rank) {
            let standing = (number, rank, node.own);
            if mail.1 < standing.1 {
                (node.mail, node.rank, node.own) = (Some(mail.0), Some(mail.1), mail.2);
                mail = standing;
            }
            let variant = MessageKey::beside(key, &mail.1.1);
            let node = self.node(variant, &arrival.id.id)?;
            (node.mail, node.rank, node.own) = (Some(mail.0), Some(mail.1), mail.2);
            unsettled.push(variant);
        } else {
            (node.mail, node.rank, node.own) = (Some(mail.0), Some(mail.1), mail.2);
        }
        Ok(unsettled)
    }

    /// Enters what the mail's references claim about each other.
    fn claim(
        &mut self,
        arrival: &Arrival<'_>,
        own: MessageKey,
        references: &[MessageKey],
    ) -> Result<Vec<MessageKey>, N::Error> {
        let mut unsettled = Vec::new();
        for (at, key) in references.iter().enumerate() {
            let node = self.node(*key, &arrival.references[at].id)?;
            let Some(parent) = at.checked_sub(1).map(|before| references[before]) else {
                continue;
            };
            if parent == *key || *key == own {
                continue;
            }
            let claim = Claim {
                date: arrival.date,
                by: arrival.content,
                parent,
            };
            if node.claim.is_none_or(|best| claim < best) {
                node.claim = Some(claim);
                unsettled.push(*key);
            }
        }
        Ok(unsettled)
    }

    /// Chooses a node's wish anew and mends the circles that this opens and closes.
    fn settle(&mut self, key: MessageKey) -> Result<(), N::Error> {
        let Some(node) = self.load(key)? else {
            return Ok(());
        };
        let wish = node
            .own
            .or(node.claim.map(|claim| claim.parent))
            .filter(|wish| *wish != key);
        if node.wish == wish {
            return Ok(());
        }
        if let Some(cut) = self.circle(key)? {
            let node = self.now.entry(cut).or_default();
            node.parent = node.wish;
        }
        let node = self.now.entry(key).or_default();
        (node.wish, node.parent) = (wish, wish);
        if let Some(cut) = self.circle(key)? {
            self.now.entry(cut).or_default().parent = None;
        }
        Ok(())
    }

    /// The greatest key of the circle of wishes that a node lies on, if it lies on one. A node that
    /// nobody wishes for lies on none, which spares nearly every arrival the walk.
    fn circle(&mut self, key: MessageKey) -> Result<Option<MessageKey>, N::Error> {
        let wished_for = self.now.values().any(|node| node.wish == Some(key))
            || (!self.is_new(key) && !self.around.children(key, 1)?.is_empty());
        if !wished_for {
            return Ok(None);
        }
        let (mut at, mut greatest) = (key, key);
        for _ in 0..WALK {
            let Some(next) = self.load(at)?.and_then(|node| node.wish) else {
                return Ok(None);
            };
            if next == key {
                return Ok(Some(greatest));
            }
            greatest = greatest.max(next);
            at = next;
        }
        Ok(None)
    }

    /// Gives every node of the threads concerned its thread's number.
    fn label(&mut self, number: u32) -> Result<(), N::Error> {
        let stirred = self.now.iter().any(|(key, node)| {
            self.before[key].as_ref().is_some_and(|before| {
                before.parent != node.parent || (before.mail.is_some() && before.mail != node.mail)
            })
        });
        if stirred {
            return self.label_trees();
        }
        // Nothing that stood before has moved: new nodes join the thread above them, and a mail that
        // fills a ghost has a greater number than those that named it.
        let fresh: Vec<MessageKey> = self
            .now
            .iter()
            .filter(|(_, node)| node.thread.is_none())
            .map(|(key, _)| *key)
            .collect();
        let home = self
            .now
            .iter()
            .find(|(_, node)| node.mail == Some(number))
            .map(|(key, _)| *key);
        let Some(home) = home else { return Ok(()) };
        let top = self.labelled_or_root(home)?;
        if self.load(top)?.is_none_or(|node| node.thread.is_none()) {
            // A thread begins, perhaps around ghosts that no mail reached until now.
            self.label_tree(top)?;
        }
        for key in fresh {
            let above = self.labelled_or_root(key)?;
            let thread = self.load(above)?.and_then(|node| node.thread);
            self.now.entry(key).or_default().thread = thread;
        }
        Ok(())
    }

    /// Numbers every tree that a node of the working set stands or stood in.
    fn label_trees(&mut self) -> Result<(), N::Error> {
        let mut roots = BTreeSet::new();
        let all: Vec<MessageKey> = self.now.keys().copied().collect();
        for key in all {
            roots.insert(self.climb(key, |node| node.parent)?);
            if let Some(parent) = self.before[&key].as_ref().and_then(|node| node.parent) {
                roots.insert(self.climb(parent, |node| node.parent)?);
            }
        }
        for root in roots {
            self.label_tree(root)?;
        }
        Ok(())
    }

    /// The nearest node upwards, itself included, that has a thread; else the root.
    fn labelled_or_root(&mut self, key: MessageKey) -> Result<MessageKey, N::Error> {
        self.climb(key, |node| {
            if node.thread.is_some() {
                None
            } else {
                node.parent
            }
        })
    }

    /// Walks up as long as `next` leads on.
    fn climb(
        &mut self,
        key: MessageKey,
        next: impl Fn(&Node) -> Option<MessageKey>,
    ) -> Result<MessageKey, N::Error> {
        let mut at = key;
        for _ in 0..WALK {
            match self.load(at)?.and_then(|node| next(node)) {
                Some(parent) => at = parent,
                None => break,
            }
        }
        Ok(at)
    }

    /// Walks a whole tree and numbers it by its first arrived mail.
    fn label_tree(&mut self, root: MessageKey) -> Result<(), N::Error> {
        let mut tree = vec![root];
        let mut seen = BTreeSet::from([root]);
        let mut at = 0;
        while at < tree.len() && tree.len() < WALK {
            for child in self.children(tree[at])? {
                if seen.insert(child) {
                    tree.push(child);
                }
            }
            at += 1;
        }
        let mut thread: Option<u32> = None;
        for key in &tree {
            if let Some(number) = self.load(*key)?.and_then(|node| node.mail) {
                thread = Some(thread.map_or(number, |least| least.min(number)));
            }
        }
        for key in tree {
            if let Some(node) = self.load(key)? {
                node.thread = thread;
            }
        }
        Ok(())
    }

    /// The children of a node as they are now.
    fn children(&mut self, key: MessageKey) -> Result<Vec<MessageKey>, N::Error> {
        let mut wishing = BTreeSet::new();
        if !self.is_new(key) {
            wishing.extend(self.around.children(key, WALK)?);
        }
        wishing.extend(
            self.now
                .iter()
                .filter(|(_, n)| n.wish == Some(key))
                .map(|(child, _)| *child),
        );
        let mut children = Vec::new();
        for child in wishing {
            if self
                .load(child)?
                .is_some_and(|node| node.parent == Some(key))
            {
                children.push(child);
            }
        }
        Ok(children)
    }

    /// Compares what is with what was.
    fn changes(self) -> Changes {
        let mut changes = Changes::default();
        let threads = |nodes: &mut dyn Iterator<Item = &Node>| -> BTreeMap<u32, Option<u32>> {
            nodes
                .filter_map(|node| node.mail.map(|number| (number, node.thread)))
                .collect()
        };
        let before = threads(&mut self.before.values().flatten());
        for (number, thread) in threads(&mut self.now.values()) {
            let old = before.get(&number).copied();
            if old != Some(thread) {
                changes.moved.push((number, old.flatten(), thread));
            }
        }
        for (key, node) in self.now {
            let old = self.before.get(&key).cloned().flatten();
            if old.as_ref() == Some(&node) {
                continue;
            }
            let old = old.unwrap_or_default();
            if old.wish != node.wish {
                for (wish, comes) in [(old.wish, false), (node.wish, true)] {
                    if let Some(parent) = wish {
                        changes.links.insert((parent, key), comes);
                    }
                }
            }
            if let Some(number) = node.mail.filter(|_| old.mail != node.mail) {
                changes.placed.push((number, key));
            }
            changes.nodes.insert(key, node);
        }
        changes
    }
}
