//! Escaping, charsets, dates, flowed text: what is true of text before it is mail.

mod attribution;
mod charset;
mod chosen_date;
mod date;
mod encoded_word;
mod enriched;
mod escape_charsets;
mod flowed;
mod footer;
mod html;
mod html_lines;
mod html_text;
mod label;
mod mention;
mod mojibake;
mod number;
mod original;
mod other_marks;
mod patch;
mod patch_lines;
mod pgp;
mod sent_date;
mod series;
mod transfer;

pub use attribution::{attribution_before, is_attribution};
pub use charset::{CharsetTrouble, Decoded, charset_trouble, decode, decode_version_1};
pub use chosen_date::{
    ChosenDate, DateOrigin, arrived, choose_date, door_time, reached, received_time,
};
pub use date::{Frequency, MONTHS, SentDate, Stamp, TimeZone, WEEKDAYS};
pub use encoded_word::{HeaderText, header_text, header_text_version_1, unfold};
pub use enriched::{Enriched, enriched_to_html};
pub use flowed::{Line, fixed, flowed, quote_depth};
pub use footer::footer_start;
pub use html::Html;
pub use html_lines::{Links, html_to_lines};
pub use html_text::html_to_text;
pub use mention::mentioned;
pub use mojibake::mend_mojibake;
pub use number::push_padded;
pub use original::{begins_original, begins_unmarked, is_forward_line};
pub use other_marks::find_other_marks;
pub use patch::patch_length;
pub use patch_lines::{FileStat, PatchLine, PatchReader, diffstat};
pub use pgp::{SIGNATURE, SIGNATURE_END, SIGNED, frame_length, undo_dash_escapes};
pub use sent_date::parse_from_line;
pub use series::{PatchSubject, patch_subject};
pub use transfer::{base64, base64_version_1, quoted_printable, uudecode};
