//! Names of pages: a [`Route`] prints to a path and parses from one.

mod name;

pub use name::{Address, ListName, Volume};
