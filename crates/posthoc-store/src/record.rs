//! What stands in the journal. These are stored formats: they are kept readable for ever, so they
//! use no type of the core, fields are only ever added with a default, and names are never reused.
//!
//! A record is a head (one JSON object, tagged by `type`) and a body (bytes).

use serde::{Deserialize, Serialize};

/// One entry of the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The facts.
    pub head: Head,
    /// A mail's bytes as they came; the packed spans of a [`Head::Spans`]; the bytes of a
    /// [`Head::Quarantine`] or a [`Head::Hold`]; otherwise empty.
    pub body: Vec<u8>,
}

/// The facts of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Head {
    /// A list came into being, or its facts changed (the newest record of a list's number counts).
    List(ListHead),
    /// A mail.
    Mail(MailHead),
    /// A number that leads to a mail which stands under another.
    Alias(AliasHead),
    /// A source began to be read.
    Source(SourceHead),
    /// A stretch of a source: the bytes between the mails, and which mails.
    Spans(SpansHead),
    /// A source was read to its end.
    SourceEnd(SourceEndHead),
    /// Bytes that could not be taken as a mail.
    Quarantine(QuarantineHead),
    /// A mail that waits for somebody's decision.
    Hold(HoldHead),
    /// A mail was taken down, or its takedown taken back (the newest record of an address counts).
    Takedown(TakedownHead),
    /// A piece of a mail was taken out of what is shown, or put back.
    Redact(RedactHead),
    /// What stands in the place of a mail's record whose bytes were destroyed.
    Purged(PurgedHead),
}

/// A list's lasting facts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListHead {
    /// The list's opaque number; never reused.
    pub list: u32,
    /// Its name at this time.
    pub name: String,
    /// `public`, `unlisted` or `private`.
    pub visibility: String,
    /// IANA name; shapes URLs.
    pub time_zone: String,
    /// `yearly`, `quarterly`, `monthly`, `weekly` or `daily`; shapes URLs.
    pub volumes: String,
    /// How addresses are shown: `none`, `at`, `domain` or `full`; `at` in old records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mask: Option<String>,
    /// Whole volumes to take away: `mbox`, `text` or `none`; `mbox` in old records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub downloads: Option<String>,
    /// Names of header fields that the public copy leaves out, beside the built-in ones.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drop: Vec<String>,
    /// When it was recorded, seconds UTC.
    pub at: i64,
}

/// How an mbox quoted a mail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DialectTag {
    /// Not quoted.
    #[default]
    None,
    /// See RFC 4155's neighbours: `>From ` for `From `.
    Mboxo,
    /// One more `>` on each `>*From `.
    Mboxrd,
    /// Content-Length, quoted.
    Mboxcl,
    /// Content-Length, not quoted.
    Mboxcl2,
    /// Not a mail but the page that MHonArc made of one.
    #[serde(rename = "mhonarc-page")]
    MhonarcPage,
}

/// What was decided about a mail when it arrived; never recomputed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// A mail of its own.
    New,
    /// The same mail as the one with that number in its list: bytes kept, one page.
    Copy(u32),
    /// Another mail with the Message-ID of that number: a mail of its own.
    Variant(u32),
}

/// The facts of a mail's arrival.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailHead {
    /// Its list.
    pub list: u32,
    /// What was decided.
    pub verdict: Verdict,
    /// Its place for ever, in `volume`; a copy has its original's.
    pub number: u32,
    /// Volume name.
    pub volume: String,
    /// Public name, 26 characters.
    pub key: String,
    /// Message-ID without brackets, as read or made at arrival.
    pub id: String,
    /// Content hash (version 1), 32 hex digits.
    pub content: String,
    /// When it reached the archive's side, seconds UTC (see the architecture's *Received*).
    pub received: i64,
    /// Date of a neighbour in the source, where the mail had none of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub neighbour: Option<i64>,
    /// The journal number of its source's record; none for a delivery.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<u64>,
    /// Byte offset in the decompressed source.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub offset: u64,
    /// The file within a source that is a folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// How it is quoted.
    #[serde(default)]
    pub dialect: DialectTag,
    /// The mbox From_ line, lossy UTF-8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_line: Option<String>,
    /// It was the last in its source when read, so it may have been half a mail.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub last: bool,
    /// The record that holds the same bytes already (the same mail on another list); the body is
    /// then empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same_as: Option<u64>,
}

/// What Pipermail numbered, and is no mail of its own here: a mail that stood twice in its source, or the rest of
/// one whose text was cut at a line that begins with `From `. The number leads to the mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AliasHead {
    /// The list.
    pub list: u32,
    /// The number; no other mail of the list gets it.
    pub number: u32,
    /// The volume in which a page of that number stands.
    pub volume: String,
    /// The number of the mail.
    pub of: u32,
    /// The journal number of its source's record.
    pub source: u64,
    /// Byte offset in the decompressed source.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub offset: u64,
    /// It is a rest, without a header.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub rest: bool,
    /// When it was recorded, seconds UTC.
    pub at: i64,
}

/// A source begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceHead {
    /// The list it fills.
    pub list: u32,
    /// Absolute path as given, lossy UTF-8; `-` for standard input.
    pub path: String,
    /// `mbox`, `maildir`, `mh`, `numbered`, `files`.
    pub kind: String,
    /// `strict`, `every-from`, `content-length`, `msgsep=REGEX`.
    pub split: String,
    /// Its From_ lines say when its mails came: they have dates, and not all the same one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub from_lines: bool,
    /// When, seconds UTC.
    pub at: i64,
}

/// A stretch of a source was taken in. The body holds the spans in order, packed by posthoc-archive:
/// literal bytes, or a reference to a mail's record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpansHead {
    /// Journal number of the source's record.
    pub source: u64,
    /// From this byte of the decompressed source.
    pub from: u64,
    /// Up to this byte.
    pub to: u64,
    /// SHA-256 of the decompressed source up to `to`, hex: a resumed run compares it.
    pub sha256: String,
    /// Mails read so far, in all.
    pub read: u64,
    /// It holds the source's last mail, which may have been half: the next run reads from `from`
    /// again and then replaces this record.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub open: bool,
}

/// A source ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceEndHead {
    /// Journal number of the source's record.
    pub source: u64,
    /// Decompressed length.
    pub bytes: u64,
    /// SHA-256 of it, hex.
    pub sha256: String,
    /// The source's part of the import report, as JSON.
    pub report: serde_json::Value,
    /// When, seconds UTC.
    pub at: i64,
}

/// Something that is no mail was kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuarantineHead {
    /// The list it was meant for.
    pub list: u32,
    /// Its source, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<u64>,
    /// Where in the source.
    pub offset: u64,
    /// The file in a folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// `no_header`, `oversize`, `unreadable`.
    pub reason: String,
    /// When, seconds UTC.
    pub at: i64,
}

/// A mail that was delivered, and is not shown until somebody says so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldHead {
    /// The list it was meant for.
    pub list: u32,
    /// `loop`, `bounce`, `auto_reply`, `administrivia`.
    pub reason: String,
    /// The key of its Message-ID, 26 characters.
    pub id_key: String,
    /// Content hash, 32 hex digits.
    pub content: String,
    /// When it reached the archive's side, seconds UTC.
    pub received: i64,
}

/// A takedown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakedownHead {
    /// The mail's list.
    pub list: u32,
    /// The mail's number.
    pub number: u32,
    /// Whether it is hidden from now on; `false` takes a takedown back.
    pub hidden: bool,
    /// Why.
    pub reason: String,
    /// Who did it, as the system names them.
    pub by: String,
    /// When, seconds UTC.
    pub at: i64,
    /// The key of its Message-ID, 26 characters: what comes later under that id is hidden too. None
    /// in records that concern this one mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_key: Option<String>,
    /// Only what has this content hash (32 hex digits) is hidden when it comes later; none: whatever
    /// bears the id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// What comes later is hidden on every list, not on this one alone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub everywhere: bool,
    /// Its bytes are to be destroyed, and are not kept when they come again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purge: Option<Purge>,
}

/// How far a purge has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Purge {
    /// It was decided; whoever finds no later record with [`Purge::Done`] goes on with it.
    Begun,
    /// No byte of the mail is left.
    Done,
}

/// A piece of a mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Piece {
    /// A MIME part, by its number among the mail's parts in order, from 1.
    Part(u32),
    /// Every header field of that name, in the mail's own header.
    Header(String),
    /// Bytes of the mail as it was sent, from (inclusive) and to (exclusive).
    Bytes(u64, u64),
}

/// A redaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RedactHead {
    /// The mail's list.
    pub list: u32,
    /// The mail's number.
    pub number: u32,
    /// The record whose bytes the piece is of.
    pub of: u64,
    /// The piece.
    pub piece: Piece,
    /// Whether it is hidden from now on; `false` takes every redaction of the mail back.
    pub hidden: bool,
    /// Why.
    pub reason: String,
    /// Who did it, as the system names them.
    pub by: String,
    /// When, seconds UTC.
    pub at: i64,
}

/// What is left of a mail whose bytes were destroyed: its place, and hashes by which it is known when
/// it comes again. No word of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PurgedHead {
    /// Its list.
    pub list: u32,
    /// What was decided when it came.
    pub verdict: Verdict,
    /// Its place for ever, in `volume`.
    pub number: u32,
    /// Volume name.
    pub volume: String,
    /// Public name, 26 characters.
    pub key: String,
    /// The key of its Message-ID, 26 characters.
    pub id_key: String,
    /// The keys of the mails it answered, nearest last: they hold the thread together.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<String>,
    /// Content hash, 32 hex digits.
    pub content: String,
    /// BLAKE3 of its bytes, the first 32 hex digits.
    pub bytes: String,
    /// How many they were.
    pub size: u64,
    /// Chosen date, seconds UTC.
    pub date: i64,
    /// The author's zone, minutes.
    pub offset: i16,
    /// When it reached the archive's side, seconds UTC.
    pub received: i64,
    /// The journal number of its source's record; none for a delivery.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<u64>,
    /// Byte offset in the decompressed source.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub at: u64,
    /// It was the last in its source when read.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub last: bool,
}

fn is_zero(n: &u64) -> bool {
    *n == 0
}
