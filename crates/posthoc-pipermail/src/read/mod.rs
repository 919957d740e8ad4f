//! What a Mailman 2 installation keeps about its lists, read as plain data.

pub mod pickle;
