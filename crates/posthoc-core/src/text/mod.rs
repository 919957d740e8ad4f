//! Escaping, charsets, dates, flowed text: what is true of text before it is mail.

mod charset;
mod chosen_date;
mod date;
mod encoded_word;
mod escape_charsets;
mod flowed;
mod html;
mod html_text;
mod label;
mod mojibake;
mod number;
mod patch;
mod sent_date;
mod transfer;

pub use charset::{CharsetTrouble, Decoded, charset_trouble, decode, decode_version_1};
pub use chosen_date::{ChosenDate, DateOrigin, choose_date, received_time};
pub use date::{Frequency, SentDate, Stamp, TimeZone};
pub use encoded_word::{HeaderText, header_text, header_text_version_1, unfold};
pub use flowed::{Line, fixed, flowed, quote_depth};
pub use html::Html;
pub use html_text::html_to_text;
pub use mojibake::mend_mojibake;
pub use number::push_padded;
pub use patch::patch_length;
pub use sent_date::parse_from_line;
pub use transfer::{base64, quoted_printable, uudecode};
