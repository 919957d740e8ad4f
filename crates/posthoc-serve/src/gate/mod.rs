//! Who asks, what that one may see, and how much may be asked.
//!
//! 1. `client`: the address, and the name that a trusted proxy gives (`network`)
//! 2. `identity`: the name, from there or from a session (`sessions`), and the lists that it opens
//!    (`htpasswd`, `members`; both are `watched` files), as long as their names mean the same
//!    (`holders`)
//! 3. `throttle`: wrong passwords; `bucket`: costly questions; both in memory of fixed size (`table`)
//!
//! What an audience sees is decided elsewhere, in loading.

mod bucket;
mod client;
mod holders;
mod htpasswd;
mod identity;
mod members;
mod network;
mod sessions;
mod settings;
mod table;
mod throttle;
mod watched;

pub use bucket::Rate;
pub use htpasswd::{PasswordError, check_accounts, set_password};
pub use network::{Network, NetworkError};
pub use settings::{Access, ListAccess, Members, RequestLog};

pub(crate) use client::{Client, Peer};
pub(crate) use holders::Holders;
pub(crate) use identity::{Gate, Who};
pub(crate) use network::neighbourhood;
pub(crate) use sessions::secret;
