//! What a mail system says over LMTP (RFC 2033): a command in a line, a mail up to its dot. The
//! conversation itself is posthoc-serve's.

mod command;
mod data;

pub use command::{Command, Refusal};
pub use data::Data;
