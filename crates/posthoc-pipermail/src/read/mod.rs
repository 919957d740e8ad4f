//! What a Mailman 2 installation keeps about its lists and their pages, read as plain data.

mod list_config;
pub mod pickle;
mod python;
mod tree;

pub use list_config::{ListConfig, SiteConfig};
pub use tree::{OldMail, numbered, page_id, text_volume_mails};
