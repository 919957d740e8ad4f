//! The order in which a thread is shown.

use crate::message::MessageKey;
use std::collections::{BTreeMap, BTreeSet};

/// A node that takes part in what is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its node's key.
    pub key: MessageKey,
    /// Its parent, whether or not that takes part.
    pub parent: Option<MessageKey>,
    /// The mail that stands there; none for a ghost.
    pub mail: Option<u32>,
    /// The mail's date; ignored for a ghost.
    pub date: i64,
}

/// Where one member sits in display order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which of the members given to [`Forest::new`].
    pub member: usize,
    /// 0 for a root.
    pub depth: u16,
}

/// A set of nodes in display order: each under its parent, siblings by date, then by key; a ghost's
/// date is its earliest descendant's. Of ghosts in a row only the nearest to a mail is shown, ghosts
/// without a mail below them are not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forest {
    /// In display order.
    pub places: Vec<Place>,
}

impl Forest {
    /// Orders the members. Parents that are not among them make roots. Linear but for sorting; no
    /// recursion; members on a circle (which plans never make) are left out.
    pub fn new(members: &[Member]) -> Self {
        let at: BTreeMap<MessageKey, usize> = members
            .iter()
            .enumerate()
            .map(|(index, member)| (member.key, index))
            .collect();
        let mut children: Vec<Vec<usize>> = vec![Vec::new(); members.len()];
        let mut roots = Vec::new();
        for (index, member) in members.iter().enumerate() {
            match member.parent.and_then(|parent| at.get(&parent)) {
                Some(parent) if *parent != index => children[*parent].push(index),
                _ => roots.push(index),
            }
        }
        let dates = earliest(members, &roots, &children);
        let order =
            |a: &usize, b: &usize| (dates[*a], members[*a].key).cmp(&(dates[*b], members[*b].key));
        roots.sort_by(order);
        for siblings in &mut children {
            siblings.sort_by(order);
        }
        let mut places = Vec::with_capacity(members.len());
        let mut stack: Vec<(usize, u16)> = roots.into_iter().rev().map(|root| (root, 0)).collect();
        while let Some((index, depth)) = stack.pop() {
            let shown =
                members[index].mail.is_some() || stands_for_itself(index, members, &children);
            let shown = shown && dates[index].is_some();
            if shown {
                places.push(Place {
                    member: index,
                    depth,
                });
            }
            let below = if shown {
                depth.saturating_add(1)
            } else {
                depth
            };
            stack.extend(children[index].iter().rev().map(|child| (*child, below)));
        }
        Forest { places }
    }
}

/// Whether a ghost is shown: it has a mail among its children, or several children.
fn stands_for_itself(index: usize, members: &[Member], children: &[Vec<usize>]) -> bool {
    children[index].len() > 1
        || children[index]
            .iter()
            .any(|child| members[*child].mail.is_some())
}

/// Each member's earliest date among itself and what is below it; none for ghosts alone.
fn earliest(members: &[Member], roots: &[usize], children: &[Vec<usize>]) -> Vec<Option<i64>> {
    let mut order = Vec::with_capacity(members.len());
    let mut seen = BTreeSet::new();
    let mut stack = roots.to_vec();
    while let Some(index) = stack.pop() {
        if seen.insert(index) {
            order.push(index);
            stack.extend(&children[index]);
        }
    }
    let mut dates: Vec<Option<i64>> = vec![None; members.len()];
    for index in order.into_iter().rev() {
        dates[index] = match members[index].mail {
            Some(_) => Some(members[index].date),
            None => children[index]
                .iter()
                .filter_map(|child| dates[*child])
                .min(),
        };
    }
    dates
}
