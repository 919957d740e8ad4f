//! The public copy: what everybody else sees of what the archive keeps.
//!
//! Everything that a URL serves passes here. Entry points: [`Mask::text`](crate::page::Mask::text)
//! for a text, [`Mask::person`](crate::page::Mask::person) for a mailbox.
//!
//! 1. `address`: what counts as an address
//! 2. `mask`: texts, people, Message-IDs
//! 3. `body`: a mail's content, before pages are made of it; `html`: its HTML parts, sanitised
//! 4. `header`: fields that are left out
//! 5. `copy`: a mail as a file, `field`: its headers, `encode`: bytes as mail carries them

mod address;
mod body;
mod copy;
mod encode;
mod field;
mod header;
mod html;
mod mask;

pub use body::{files_by_mask, mask_body};
pub use copy::public_bytes;
pub use header::LEFT_OUT;
pub(super) use html::mask_html;
pub use mask::HIDDEN;
