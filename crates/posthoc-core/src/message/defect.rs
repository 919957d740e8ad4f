//! What is wrong with a mail. A defect never stops anything: it is a value beside the message.

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
    /// A transfer encoding that broke off or holds foreign bytes.
    BadTransferEncoding,
    /// A multipart without its boundary, or cut before its end.
    BadMultipart,
    /// A line in the header that is no field.
    BadHeader,
    /// No empty line between header and body.
    NoBody,
    /// A limit was passed; what lies behind is kept in the bytes but not shown.
    OverLimit,
}
