//! MHonArc: its resource language and its pages.
//!
//! Pure: bytes and resources in, bytes out. What is written is what the real program writes (2.6.19), so
//! that an archive that changes over keeps its pages; the book lists where it is otherwise on purpose.
//!
//! 1. [`Resources`] take in resource files; Perl in them is never run.
//! 2. An [`Archive`] takes in mails in the order of their numbers. It keeps what indexes need, no bodies.
//!    One that the original made is read back: its database ([`OldArchive`]), and its pages where there is no
//!    more of a mail ([`Archive::put_page`]).
//! 3. A [`Site`] is the archive with its orders and threads: it writes [indexes](Site::indexes) and the
//!    [page of a mail](Site::message). What it wrote stays true of most pages when mails come: [`Ties`] tell
//!    which pages have to be made again.

mod archive;
mod expand;
mod fields;
mod filter;
mod forest;
mod kept;
mod mail;
mod old;
mod pages;
mod pattern;
mod resources;
mod template;
mod text;
mod ties;

pub use archive::{Archive, Site, Surroundings};
pub use mail::{Mail, Refused};
pub use old::{Damaged, OldArchive, OldMail};
pub use pages::{File, Page, Sheet};
pub use resources::{
    Explained, Name, Refusal, Resources, Rewrite, Said, Test, Word, explain, instead,
    known_resources,
};
pub use ties::Ties;
