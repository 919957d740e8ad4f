//! Threads: who answers whom, and the order in which the thread index tells it.

use crate::mail::Mail;
use crate::resources::{Name, Resources};
use regex::bytes::Regex;
use std::collections::{HashMap, HashSet};

/// A mail's place among its thread.
#[derive(Clone, Debug, Default)]
pub(crate) struct Node {
    /// The mail above.
    pub(crate) parent: Option<usize>,
    /// Mails between it and the one above that the archive does not hold.
    pub(crate) missing: usize,
    /// Whether only the subject says so.
    pub(crate) by_subject: bool,
    /// Answers that say so, by time.
    pub(crate) replies: Vec<usize>,
    /// Answers by their subject, by time.
    pub(crate) subject_replies: Vec<usize>,
    /// Its root.
    pub(crate) root: usize,
    /// Levels below the root, missing mails counted.
    pub(crate) level: usize,
    /// Its place in the order of threads.
    pub(crate) place: usize,
    /// Its place in the thread index.
    pub(crate) listed: usize,
}

/// The threads of an archive. Mails are known by their place in the archive's order of arrival.
#[derive(Clone, Debug, Default)]
pub(crate) struct Forest {
    pub(crate) nodes: Vec<Node>,
    /// Roots in order.
    pub(crate) roots: Vec<usize>,
    /// All mails, thread by thread, from the first thread on.
    pub(crate) order: Vec<usize>,
    /// The same as the thread index lists them.
    pub(crate) listed: Vec<usize>,
}

/// A subject as it is compared: without marks of replies.
pub(crate) fn base_subject(subject: &[u8], reply: Option<&Regex>) -> Vec<u8> {
    let mut rest = subject;
    if let Some(reply) = reply {
        while let Some(found) = reply
            .find(rest)
            .filter(|found| found.start() == 0 && found.end() > 0)
        {
            rest = &rest[found.end()..];
        }
    }
    let mut folded = rest.trim_ascii().to_ascii_lowercase();
    for end in [&b"- reply"[..], b"- response"] {
        if let Some(stem) = folded.strip_suffix(end) {
            folded = stem.trim_ascii_end().to_vec();
        }
    }
    folded
}

impl Forest {
    /// Grows the threads. `by_time` are the mails from the oldest on, `ids` finds a mail by its id.
    pub(crate) fn grow(
        mails: &[Mail],
        by_time: &[usize],
        ids: &HashMap<Vec<u8>, usize>,
        resources: &Resources,
    ) -> Self {
        let mut forest = Forest {
            nodes: vec![Node::default(); mails.len()],
            ..Forest::default()
        };
        for at in by_time {
            let known = mails[*at].references.iter().rev().enumerate();
            let parent = known
                .filter_map(|(missing, id)| Some((*ids.get(id)?, missing)))
                .find(|(parent, _)| parent != at);
            if let Some((parent, missing)) = parent {
                forest.nodes[*at].parent = Some(parent);
                forest.nodes[*at].missing = missing;
            }
        }
        forest.cut_circles(by_time);
        if resources.is_on(Name::SubjectThreads) {
            forest.join_by_subject(mails, by_time, resources);
        }
        for at in by_time {
            let Some(parent) = forest.nodes[*at].parent else {
                forest.roots.push(*at);
                continue;
            };
            if forest.nodes[*at].by_subject {
                forest.nodes[parent].subject_replies.push(*at);
            } else {
                forest.nodes[parent].replies.push(*at);
            }
        }
        forest.sort_roots(mails, resources);
        forest.lay_out();
        forest.list(resources.is_on(Name::TReverse));
        forest
    }

    /// Mails that answer each other in a circle: the oldest of them begins the thread.
    fn cut_circles(&mut self, by_time: &[usize]) {
        let mut done = vec![false; self.nodes.len()];
        for start in by_time {
            let mut path = Vec::new();
            let mut on_path = HashSet::new();
            let mut at = *start;
            while !done[at] && on_path.insert(at) {
                path.push(at);
                match self.nodes[at].parent {
                    Some(parent) => at = parent,
                    None => break,
                }
            }
            if !done[at] && self.nodes[at].parent.is_some() {
                let from = path.iter().position(|member| *member == at).unwrap_or(0);
                let circle: HashSet<usize> = path[from..].iter().copied().collect();
                if let Some(oldest) = by_time.iter().find(|mail| circle.contains(mail)) {
                    self.nodes[*oldest].parent = None;
                    self.nodes[*oldest].missing = 0;
                }
            }
            path.into_iter().for_each(|member| done[member] = true);
        }
    }

    fn join_by_subject(&mut self, mails: &[Mail], by_time: &[usize], resources: &Resources) {
        let reply = resources.expression(Name::SubjectReplyRxp);
        // Only mails that say of no other that they answer it count, also as the first of a subject.
        let mut first: HashMap<Vec<u8>, usize> = HashMap::new();
        for at in by_time {
            let subject = base_subject(&mails[*at].subject, reply.as_ref());
            if subject.is_empty() || self.nodes[*at].parent.is_some() {
                continue;
            }
            match first.get(&subject) {
                None => {
                    first.insert(subject, *at);
                }
                Some(earlier) => {
                    self.nodes[*at].parent = Some(*earlier);
                    self.nodes[*at].by_subject = true;
                }
            }
        }
    }

    fn sort_roots(&mut self, mails: &[Mail], resources: &Resources) {
        if resources.is_on(Name::TSubSort) {
            let reply = resources.expression(Name::SubjectReplyRxp);
            let article = resources.expression(Name::SubjectArticleRxp);
            let key =
                |at: &usize| sort_subject(&mails[*at].subject, reply.as_ref(), article.as_ref());
            self.roots.sort_by_cached_key(key);
        } else if !resources.is_on(Name::TSort) {
            self.roots.sort_unstable();
        }
    }

    /// The order of the index: the threads from the last on where it stands upside down.
    fn list(&mut self, reverse: bool) {
        self.listed = self.order.clone();
        if reverse {
            let starts: Vec<usize> = self
                .roots
                .iter()
                .map(|root| self.nodes[*root].place)
                .collect();
            let mut end = self.order.len();
            self.listed.clear();
            for start in starts.into_iter().rev() {
                self.listed.extend_from_slice(&self.order[start..end]);
                end = start;
            }
        }
        for (at, mail) in self.listed.iter().enumerate() {
            self.nodes[*mail].listed = at;
        }
    }

    /// Gives every mail its place, level and root. Walks with a stack of its own: threads are as deep as
    /// their mails like.
    fn lay_out(&mut self) {
        for root in self.roots.clone() {
            let mut waiting = vec![(root, 0usize)];
            while let Some((at, level)) = waiting.pop() {
                self.nodes[at].root = root;
                self.nodes[at].level = level;
                self.nodes[at].place = self.order.len();
                self.order.push(at);
                let below = self.nodes[at]
                    .replies
                    .iter()
                    .chain(&self.nodes[at].subject_replies);
                let below: Vec<usize> = below.copied().collect();
                for child in below.into_iter().rev() {
                    waiting.push((child, level + 1 + self.nodes[child].missing));
                }
            }
        }
    }
}

/// A subject as it sorts: without marks of replies and a leading article.
pub(crate) fn sort_subject(
    subject: &[u8],
    reply: Option<&Regex>,
    article: Option<&Regex>,
) -> Vec<u8> {
    let base = base_subject(subject, reply);
    match article
        .and_then(|article| article.find(&base))
        .filter(|found| found.start() == 0)
    {
        Some(found) => base[found.end()..].to_vec(),
        None => base,
    }
}
