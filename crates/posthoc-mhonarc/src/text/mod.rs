//! Bytes of mails as bytes of pages.

mod charset;
mod date;
mod escape;
mod md5;
mod words;

pub(crate) use charset::{Charsets, Converter};
pub(crate) use date::{Calendar, Format, parse_date};
pub(crate) use escape::{commentize, push_escaped, url_escaped};
pub(crate) use md5::md5_hex;
pub(crate) use words::header_html;
