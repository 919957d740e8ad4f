//! Which mail answers which: a list's forest, planned one arrival at a time, the same for every
//! order of arrival.
//!
//! 1. Every Message-ID that a list has seen is a [`Node`]: a mail, or a ghost that others name.
//! 2. A node's wish for a parent is chosen by a total rule over all claims: the mail's own last
//!    reference; for a mail without references and for a ghost, the claim that lies in the
//!    `References` of the earliest mail that names it (then the least key).
//! 3. Wishes may run in a circle; the greatest key of a circle gives its wish up.
//! 4. A thread is a tree of nodes; its number is that of its first arrived mail.
//!
//! Entry points: [`plan`] for an arrival, [`Forest::new`] for the order in which a thread is shown.
//! Not here: joining by subject, bodies, the store.

mod forest;
mod plan;
#[cfg(test)]
mod tests;

pub use forest::{Forest, Member, Place};
pub use plan::{Arrival, Changes, Claim, Name, Neighbourhood, Node, WALK, plan};
