//! Forests drawn in a small language: one arrival a line, `ID @DATE < REF REF`, and the forest that
//! they must give, two blanks a level, ghosts in brackets.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::message::{ContentHash, MessageId, MessageKey};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

#[derive(Default, Clone)]
struct World {
    nodes: BTreeMap<MessageKey, Node>,
    links: BTreeSet<(MessageKey, MessageKey)>,
    threads: BTreeMap<u32, u32>,
    dates: BTreeMap<u32, i64>,
}

impl Neighbourhood for World {
    type Error = Infallible;
    fn node(&self, key: MessageKey) -> Result<Option<Node>, Infallible> {
        Ok(self.nodes.get(&key).cloned())
    }
    fn children(&self, key: MessageKey, limit: usize) -> Result<Vec<MessageKey>, Infallible> {
        let from = (key, MessageKey([0; 16]));
        let to = (key, MessageKey([255; 16]));
        Ok(self
            .links
            .range(from..=to)
            .map(|(_, child)| *child)
            .take(limit)
            .collect())
    }
}

/// Id, date, references, content.
type Mail = (String, i64, Vec<String>, u8);

impl World {
    fn of(mails: &[Mail]) -> World {
        let mut world = World::default();
        for (number, mail) in mails.iter().enumerate() {
            world.arrive(number as u32, mail);
        }
        world
    }

    fn arrive(&mut self, number: u32, (id, date, references, content): &Mail) {
        let name = |id: &String| Name::from(&MessageId(id.clone()));
        let references: Vec<Name> = references.iter().map(name).collect();
        let arrival = Arrival {
            number,
            id: &name(id),
            content: ContentHash([*content; 16]),
            date: *date,
            references: &references,
        };
        let changes = plan(&arrival, self).unwrap();
        self.dates.insert(number, *date);
        for (key, node) in changes.nodes {
            self.nodes.insert(key, node);
        }
        for (link, comes) in changes.links {
            assert_eq!(
                comes,
                if comes {
                    self.links.insert(link)
                } else {
                    !self.links.remove(&link)
                }
            );
        }
        for (number, from, to) in changes.moved {
            assert_eq!(self.threads.get(&number).copied(), from);
            self.threads.insert(number, to.unwrap());
        }
    }

    /// The forest as text, and the sets of ids that share a thread.
    fn drawn(&self) -> String {
        let members: Vec<Member> = self
            .nodes
            .iter()
            .map(|(key, node)| Member {
                key: *key,
                parent: node.parent,
                mail: node.mail,
                date: node.mail.map_or(0, |number| self.dates[&number]),
            })
            .collect();
        let mut text = String::new();
        for place in Forest::new(&members).places {
            let node = &self.nodes[&members[place.member].key];
            let id = if node.mail.is_some() {
                node.id.clone()
            } else {
                format!("[{}]", node.id)
            };
            text += &format!("{}{id}\n", "  ".repeat(place.depth.into()));
        }
        text
    }

    fn threads(&self) -> BTreeSet<BTreeSet<(String, i64)>> {
        let mut sets: BTreeMap<u32, BTreeSet<(String, i64)>> = BTreeMap::new();
        for node in self.nodes.values() {
            if let Some(number) = node.mail {
                assert_eq!(self.threads[&number], node.thread.unwrap());
                let set = sets.entry(node.thread.unwrap()).or_default();
                set.insert((node.id.clone(), self.dates[&number]));
            }
        }
        for thread in sets.keys() {
            assert_eq!(
                self.threads[thread], *thread,
                "a thread is named by its first member"
            );
        }
        sets.into_values().collect()
    }
}

fn mails(text: &str) -> Vec<Mail> {
    let line = |(at, line): (usize, &str)| {
        let (head, references) = line.split_once('<').unwrap_or((line, ""));
        let mut words = head.split_whitespace();
        let id = words.next().unwrap().to_owned();
        let date = words
            .next()
            .map_or(at as i64, |word| word[1..].parse().unwrap());
        (
            id,
            date,
            references.split_whitespace().map(str::to_owned).collect(),
            at as u8,
        )
    };
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .enumerate()
        .map(line)
        .collect()
}

/// Checks a drawing for the order given and for several others.
#[track_caller]
fn check(arrivals: &str, forest: &str) {
    let mut mails = mails(arrivals);
    let expected: Vec<&str> = forest
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    let indent = expected
        .iter()
        .map(|line| line.len() - line.trim_start().len())
        .min()
        .unwrap_or(0);
    let expected: String = expected
        .iter()
        .map(|line| format!("{}\n", &line[indent..]))
        .collect();
    for turn in 0..mails.len() * 2 {
        assert_eq!(World::of(&mails).drawn(), expected, "turn {turn}");
        if turn % 2 == 0 {
            mails.reverse()
        } else {
            mails.rotate_left(1)
        }
    }
}

#[test]
fn replies_hang_on_their_last_reference() {
    check("a @1\nb @2 < a\nc @3 < a b\nd @4 < a", "a\n  b\n    c\n  d");
}

#[test]
fn a_missing_mail_is_a_ghost() {
    check("a @1\nc @3 < a b\nd @4 < a b", "a\n  [b]\n    c\n    d");
}

#[test]
fn ghosts_in_a_row_are_one() {
    check("c @3 < x y z", "[z]\n  c");
}

#[test]
fn a_mail_without_references_is_placed_by_those_that_name_it() {
    check("a @1\nb @2\nc @3 < a b", "a\n  b\n    c");
}

#[test]
fn circles_break_at_the_greatest_key() {
    let mut keys = ["a", "b", "c"].map(|id| (MessageKey::of(&MessageId(id.into())), id));
    keys.sort();
    let top = keys[2].1;
    let drawn = World::of(&mails("a @1 < b\nb @2 < c\nc @3 < a")).drawn();
    assert!(drawn.starts_with(&format!("{top}\n")), "{drawn}");
    check("a @1 < b\nb @2 < c\nc @3 < a", &drawn);
}

#[test]
fn a_mail_that_names_itself_is_a_root() {
    check("a @1 < a", "a");
}

#[test]
fn variants_are_mails_of_their_own_and_replies_hang_on_the_least() {
    check("a @5\na @2\nb @6 < a", "a\n  b\na");
}

#[test]
fn two_threads_merge_when_the_missing_mail_comes() {
    let world = World::of(&mails("a @1\nc @3 < b\nd @4 < b"));
    assert_eq!(world.threads().len(), 2);
    let world = World::of(&mails("a @1\nc @3 < b\nd @4 < b\nb @2 < a"));
    assert_eq!(world.threads().len(), 1);
}

#[test]
fn three_hundred_references_and_a_long_chain_are_walked_without_recursion() {
    let ids: Vec<String> = (0..3_000).map(|n| format!("m{n}")).collect();
    let chain: Vec<Mail> = (0..ids.len())
        .map(|at| {
            (
                ids[at].clone(),
                at as i64,
                ids[at.saturating_sub(300)..at].to_vec(),
                0,
            )
        })
        .collect();
    let world = World::of(&chain);
    assert_eq!(world.threads().len(), 1);
    assert_eq!(world.drawn().lines().count(), 3_000);
}

prop_compose! {
    fn any_mail()(id in 0..9_u8, date in 0..6_i64, refs in prop::collection::vec(0..10_u8, 0..4),
                  content in 0..3_u8) -> Mail {
        let mut references: Vec<String> = Vec::new();
        for reference in refs {
            let reference = format!("m{reference}");
            if reference != format!("m{id}") && !references.contains(&reference) {
                references.push(reference);
            }
        }
        (format!("m{id}"), date, references, content)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Any order of the same mails gives the same forest and the same threads. Mails with one id,
    /// date and content would be copies, so only one of each takes part.
    #[test]
    fn any_order_gives_the_same_forest(
        mails in prop::collection::vec(any_mail(), 1..14), seed in any::<u64>()
    ) {
        let mut seen = BTreeSet::new();
        let mails: Vec<Mail> =
            mails.into_iter().filter(|m| seen.insert((m.0.clone(), m.3))).collect();
        let mut shuffled = mails.clone();
        let mut state = seed | 1;
        for at in (1..shuffled.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            shuffled.swap(at, (state >> 33) as usize % (at + 1));
        }
        let (one, other) = (World::of(&mails), World::of(&shuffled));
        prop_assert_eq!(one.drawn(), other.drawn());
        prop_assert_eq!(one.threads(), other.threads());
        prop_assert_eq!(one.nodes.len(), other.nodes.len());
    }
}
