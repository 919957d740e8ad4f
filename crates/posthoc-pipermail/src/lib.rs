//! Pipermail (Mailman edition): its layout, page by page.
//!
//! Pure: bytes and settings in, bytes out. What is written is what the real program writes (2.1.18-1),
//! so that a site that changes over keeps its pages; the book lists where it is otherwise on purpose.
//!
//! 1. [`Article::read`] takes what indexes need from a mail's header, [`Content::read`] its text and the
//!    files that the scrubber takes out.
//! 2. A [`Volume`] takes in articles in the order of their numbers: it knows threads and orders.
//! 3. [`toc`], [`index`], [`article`](article()) and [`text_entry`] write pages and text volumes.

mod address;
mod article;
mod body;
mod charset;
mod header;
mod html;
mod language;
mod own_templates;
mod pages;
mod pattern;
pub mod read;
mod scrub;
mod settings;
mod template;
mod text_volume;
mod types;
mod volume;

pub use article::{Article, Content, Placed};
pub use language::Language;
pub use own_templates::Templates;
pub use pages::{Index, TocEntry, article, index, toc};
pub use scrub::{Attachment, file_hash};
pub use settings::{Frequency, Sanitiser, Settings};
pub use text_volume::text_entry;
pub use volume::Volume;
