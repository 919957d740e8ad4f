//! Names of pages: a [`Route`] prints to a path and parses from one.

mod name;
mod parse;
mod path;
mod renamed;
mod table;
#[cfg(test)]
mod tests;

pub use name::{Address, ListName, Period, RESERVED, Volume};
pub(crate) use path::relative;
pub use table::{Export, IndexKind, Route};
