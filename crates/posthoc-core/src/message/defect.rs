//! What is wrong with a mail. A defect never stops anything: it is a value beside the message.

use crate::text::CharsetTrouble;
use std::fmt;

/// One kind of thing that was wrong in a mail, in kebab-case when printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Defect {
    /// No `Message-ID` field; one was made from the content.
    NoMessageId,
    /// The `Message-ID` breaks RFC 5322 (blanks, no `@`, double brackets, folded, junk around it).
    BadMessageId,
    /// No `Date` field.
    NoDate,
    /// The `Date` field could not be read.
    BadDate,
    /// The date was read by a lenient rule (asctime, two or three digits of year, missing zone).
    OddDate,
    /// The date is before 1970 or more than 15 days after the mail was received; another was chosen.
    InsaneDate,
    /// 8-bit bytes in a header field.
    RawHeader,
    /// An encoded word (RFC 2047) that could not be decoded as written.
    BadEncodedWord,
    /// A charset label that nothing knows.
    UnknownCharset,
    /// Text that is not in the charset it declares.
    WrongCharset,
    /// 8-bit text without a charset.
    UndeclaredCharset,
    /// ISO-2022-JP whose escape characters were stripped on the way; they were put back.
    StrippedEscapes,
    /// UTF-8 that was taken for windows-1252 and encoded again; it is shown as it was meant.
    Mojibake,
    /// A transfer encoding that broke off or holds foreign bytes.
    BadTransferEncoding,
    /// A multipart without its boundary, or cut before its end.
    BadMultipart,
    /// A line in the header that is no field.
    BadHeader,
    /// No empty line between header and body.
    NoBody,
    /// An attachment that Pipermail took out: the mail has only the note about it.
    Scrubbed,
    /// A limit was passed; what lies behind is kept in the bytes but not shown.
    OverLimit,
}

impl Defect {
    /// All defects in order, for tables.
    pub const ALL: [Defect; 19] = [
        Defect::NoMessageId,
        Defect::BadMessageId,
        Defect::NoDate,
        Defect::BadDate,
        Defect::OddDate,
        Defect::InsaneDate,
        Defect::RawHeader,
        Defect::BadEncodedWord,
        Defect::UnknownCharset,
        Defect::WrongCharset,
        Defect::UndeclaredCharset,
        Defect::StrippedEscapes,
        Defect::Mojibake,
        Defect::BadTransferEncoding,
        Defect::BadMultipart,
        Defect::BadHeader,
        Defect::NoBody,
        Defect::Scrubbed,
        Defect::OverLimit,
    ];

    /// The name in reports and JSON, kebab-case.
    pub fn name(self) -> &'static str {
        match self {
            Defect::NoMessageId => "no-message-id",
            Defect::BadMessageId => "bad-message-id",
            Defect::NoDate => "no-date",
            Defect::BadDate => "bad-date",
            Defect::OddDate => "odd-date",
            Defect::InsaneDate => "insane-date",
            Defect::RawHeader => "raw-header",
            Defect::BadEncodedWord => "bad-encoded-word",
            Defect::UnknownCharset => "unknown-charset",
            Defect::WrongCharset => "wrong-charset",
            Defect::UndeclaredCharset => "undeclared-charset",
            Defect::StrippedEscapes => "stripped-escapes",
            Defect::Mojibake => "mojibake",
            Defect::BadTransferEncoding => "bad-transfer-encoding",
            Defect::BadMultipart => "bad-multipart",
            Defect::BadHeader => "bad-header",
            Defect::NoBody => "no-body",
            Defect::Scrubbed => "scrubbed",
            Defect::OverLimit => "over-limit",
        }
    }
}

impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl From<CharsetTrouble> for Defect {
    fn from(trouble: CharsetTrouble) -> Self {
        match trouble {
            CharsetTrouble::Unknown => Defect::UnknownCharset,
            CharsetTrouble::Wrong => Defect::WrongCharset,
            CharsetTrouble::Undeclared => Defect::UndeclaredCharset,
            CharsetTrouble::Stripped => Defect::StrippedEscapes,
            CharsetTrouble::Mojibake => Defect::Mojibake,
        }
    }
}
