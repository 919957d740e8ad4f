//! What a message, a thread, a route and a page are. Pure: no files, sockets, clock, environment,
//! logging, async or SQL (the tidy check and `clippy.toml` keep it so).
//!
//! The rooms stand in a strict order, each may use only those before it:
//! [`text`] < [`lmtp`] < [`message`] < [`query`] < [`thread`] < [`route`] < [`page`].

pub mod lmtp;
pub mod message;
pub mod page;
pub mod query;
pub mod route;
pub mod text;
pub mod thread;
