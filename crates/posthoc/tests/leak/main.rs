//! The leak test: what is hidden holds a token in every place that a mail and a list have, and no
//! surface of the real binary, live or static, in any state, may say one of them.
//!
//! 1. `lab` makes the archive, `tokens` the words, `letter` a mail with one in every place.
//! 2. `routes` names every page that there could be, `walk` asks for them, `folder` reads what is
//!    published, `asking` searches.
//! 3. `closed` holds what must be silent in every state, `opened` opens one gate after the other and
//!    expects the walk to find the tokens behind it.
//!
//! What counts as no leak: a Message-ID that a public mail names itself, and a text that it quotes
//! itself, are that mail's own; a page of results repeats the question; what the operator's commands
//! print is the operator's.

#![allow(clippy::unwrap_used)]

mod asking;
mod closed;
mod folder;
mod lab;
mod letter;
mod moving;
mod opened;
#[allow(dead_code, reason = "shared with the tests of the command line")]
#[path = "../cli/prelude.rs"]
mod prelude;
mod routes;
mod situations;
mod tokens;
mod walk;
