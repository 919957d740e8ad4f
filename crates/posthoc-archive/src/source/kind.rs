//! What a source is: its kind, how it is split, how it is packed.

use posthoc_core::message::Dialect;
use regex::bytes::{Regex, RegexBuilder};
use std::fmt;
use std::str::FromStr;

/// The shape of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// One stream of mails, each after a From_ line (or one mail alone).
    Mbox,
    /// A folder with `cur` and `new`, one mail a file.
    Maildir,
    /// A folder of files named by numbers, as MH keeps it.
    Mh,
    /// A tree of files named by numbers: mlmmj's `archive/N`, ezmlm's `archive/N/NN`, Sympa's
    /// `arctxt/N`.
    Numbered,
    /// Any folder: each file that holds a mail or an mbox.
    Files,
    /// Pages that MHonArc made, named by their numbers. Nobody asks for it by name: an archive is taken over with
    /// all that lies beside its pages.
    MhonarcPages,
}

/// Every kind that can be asked for, in the order in which help texts name them.
pub const KINDS: [Kind; 5] = [
    Kind::Mbox,
    Kind::Maildir,
    Kind::Mh,
    Kind::Numbered,
    Kind::Files,
];

impl Kind {
    /// The name on the command line and in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Mbox => "mbox",
            Kind::Maildir => "maildir",
            Kind::Mh => "mh",
            Kind::Numbered => "numbered",
            Kind::Files => "files",
            Kind::MhonarcPages => "mhonarc-pages",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Kind {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        KINDS
            .into_iter()
            .find(|kind| kind.as_str() == name)
            .ok_or_else(|| UnknownName {
                given: name.to_owned(),
                known: "mbox, maildir, mh, numbered, files",
            })
    }
}

/// A word that names no kind or split.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{given}' is not one of {known}")]
pub struct UnknownName {
    /// The word as given.
    pub given: String,
    /// What would have been understood, or why a pattern was not.
    pub known: &'static str,
}

/// Where one mail of an mbox ends and the next begins.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Split {
    /// At a From_ line with a date, after an empty line, before a header field.
    #[default]
    Strict,
    /// At each line that begins with `From `, as Mailman's `arch` does.
    EveryFrom,
    /// At a From_ line whose next line begins with `From: ` or `Date: `, as Pipermail writes text volumes.
    TextVolume,
    /// As `Content-Length` says where that lands on a separator or the end; elsewhere strict.
    ContentLength,
    /// At each line that matches a pattern, as MHonArc's `MSGSEP` does.
    MsgSep(MsgSep),
}

/// A pattern for separator lines; matched against each line without its line end, as bytes, in
/// linear time. Only lines of up to 8,000 bytes can be separators.
#[derive(Clone, Debug)]
pub struct MsgSep(Regex);

impl MsgSep {
    /// Compiles a pattern.
    ///
    /// # Errors
    /// What is wrong with the pattern, in the regex library's words.
    pub fn new(pattern: &str) -> Result<Self, SplitError> {
        // Without Unicode mode `.` matches any byte: From_ lines are not always UTF-8.
        RegexBuilder::new(pattern)
            .unicode(false)
            .build()
            .map(MsgSep)
            .map_err(|error| SplitError::Pattern(error.to_string()))
    }

    /// Whether the line is a separator.
    pub(super) fn is_match(&self, line: &[u8]) -> bool {
        self.0.is_match(line)
    }
}

impl PartialEq for MsgSep {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

/// Why `--split` was not understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SplitError {
    /// No such rule.
    #[error(transparent)]
    Unknown(UnknownName),
    /// The pattern after `msgsep=` is not one.
    #[error("msgsep: {0}")]
    Pattern(String),
}

impl fmt::Display for Split {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Split::Strict => f.write_str("strict"),
            Split::EveryFrom => f.write_str("every-from"),
            Split::TextVolume => f.write_str("text-volume"),
            Split::ContentLength => f.write_str("content-length"),
            Split::MsgSep(MsgSep(pattern)) => write!(f, "msgsep={}", pattern.as_str()),
        }
    }
}

impl FromStr for Split {
    type Err = SplitError;

    fn from_str(name: &str) -> Result<Self, SplitError> {
        match name {
            "strict" => Ok(Split::Strict),
            "every-from" => Ok(Split::EveryFrom),
            "text-volume" => Ok(Split::TextVolume),
            "content-length" => Ok(Split::ContentLength),
            _ => match name.strip_prefix("msgsep=") {
                Some(pattern) => MsgSep::new(pattern).map(Split::MsgSep),
                None => Err(SplitError::Unknown(UnknownName {
                    given: name.to_owned(),
                    known: "strict, every-from, text-volume, content-length, msgsep=REGEX",
                })),
            },
        }
    }
}

/// How a stream is packed, told by its first bytes, never by its name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Compression {
    /// Not at all.
    #[default]
    Plain,
    /// gzip (RFC 1952), any number of members.
    Gzip,
    /// Zstandard (RFC 8878), any number of frames, windows up to 128 MiB.
    Zstd,
}

/// What is known about a source; the dialect as far as it has been read.
#[derive(Clone, Debug, PartialEq)]
pub struct Description {
    /// Its shape.
    pub kind: Kind,
    /// Its absolute path for people to read; `-` for standard input.
    pub path: String,
    /// The dialect of most mails that were read with a From_ line; `None` before the first.
    pub dialect: Option<Dialect>,
    /// How it is split.
    pub split: Split,
    /// How it is packed; of a folder always plain, though its files may each be packed.
    pub compression: Compression,
    /// A list's name made from the file's or folder's, where that gives a valid one.
    pub list_name_guess: Option<String>,
}
