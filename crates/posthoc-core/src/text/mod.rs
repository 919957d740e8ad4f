//! Escaping, charsets, dates, flowed text: what is true of text before it is mail.

mod date;
mod html;

pub use date::{Frequency, SentDate, Stamp, TimeZone};
pub use html::Html;
