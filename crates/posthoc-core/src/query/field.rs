//! The fields of the query language: the one table. Parsing, printing and help all read it.

use std::fmt::Write as _;

/// A part of a mail that words are looked for in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// The author's name and address.
    Author,
    /// Names and addresses the mail was sent to.
    To,
    /// Names and addresses that got a copy.
    Cc,
    /// Both of these.
    Recipient,
    /// The author and everybody who got it.
    Anyone,
    /// The subject.
    Subject,
    /// All text of the mail, quoted or not.
    Body,
    /// What the author wrote, and the text of attachments.
    Unquoted,
    /// What the author quoted.
    Quoted,
    /// Names of its files.
    Filename,
    /// Media types of its files.
    FileType,
    /// The language it is written in.
    Language,
}

/// What stands after the colon of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Words, a phrase, or a group in parentheses, looked for in one part of the mail.
    Text(Field),
    /// The name of a list.
    List,
    /// A day, month, year or range.
    Date,
    /// A day, month or year that the mail is older than.
    Before,
    /// A day, month or year that the mail is not older than.
    After,
    /// A Message-ID.
    Mid,
    /// What it carries.
    Has,
    /// Where it stands in its thread.
    Is,
    /// A range of bytes.
    Size,
    /// A query in parentheses that any mail of its thread answers.
    Thread,
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct FieldInfo {
    /// As canonical queries write it, without the colon.
    pub name: &'static str,
    /// The other names it answers to.
    pub short: &'static [&'static str],
    /// What it takes.
    pub kind: Kind,
    /// An example of use.
    pub example: &'static str,
    /// What it finds, for help texts: a phrase without a full stop.
    pub help: &'static str,
}

/// Every field, in the order of the help.
pub const FIELDS: &[FieldInfo] = &[
    FieldInfo {
        name: "subject",
        short: &["s"],
        kind: Kind::Text(Field::Subject),
        example: "subject:patch",
        help: "words of the subject",
    },
    FieldInfo {
        name: "from",
        short: &["f"],
        kind: Kind::Text(Field::Author),
        example: "from:alice@example.org",
        help: "the author's name or address, whole or in part",
    },
    FieldInfo {
        name: "to",
        short: &["t"],
        kind: Kind::Text(Field::To),
        example: "to:bob",
        help: "names and addresses it was sent to",
    },
    FieldInfo {
        name: "cc",
        short: &["c"],
        kind: Kind::Text(Field::Cc),
        example: "cc:bob",
        help: "names and addresses that got a copy",
    },
    FieldInfo {
        name: "recipient",
        short: &["tc"],
        kind: Kind::Text(Field::Recipient),
        example: "recipient:bob",
        help: "to: or cc:",
    },
    FieldInfo {
        name: "anyone",
        short: &["a", "tcf"],
        kind: Kind::Text(Field::Anyone),
        example: "anyone:bob@example.org",
        help: "from:, to: or cc:",
    },
    FieldInfo {
        name: "body",
        short: &["b"],
        kind: Kind::Text(Field::Body),
        example: "body:deadlock",
        help: "words of the text, quoted or not",
    },
    FieldInfo {
        name: "nq",
        short: &[],
        kind: Kind::Text(Field::Unquoted),
        example: "nq:agreed",
        help: "words of the text that is not quoted",
    },
    FieldInfo {
        name: "quoted",
        short: &["q"],
        kind: Kind::Text(Field::Quoted),
        example: "quoted:agreed",
        help: "words of the quoted text",
    },
    FieldInfo {
        name: "filename",
        short: &["n"],
        kind: Kind::Text(Field::Filename),
        example: "filename:photo.jpg",
        help: "names of files, whole or in part",
    },
    FieldInfo {
        name: "type",
        short: &[],
        kind: Kind::Text(Field::FileType),
        example: "type:application/pdf",
        help: "media types of files, whole or in part",
    },
    FieldInfo {
        name: "lang",
        short: &["language"],
        kind: Kind::Text(Field::Language),
        example: "lang:de",
        help: "the language it seems to be written in (ISO 639-1)",
    },
    FieldInfo {
        name: "has",
        short: &[],
        kind: Kind::Has,
        example: "has:attachment",
        help: "attachment or patch",
    },
    FieldInfo {
        name: "is",
        short: &[],
        kind: Kind::Is,
        example: "is:unanswered",
        help: "root (begins a thread), reply, or unanswered",
    },
    FieldInfo {
        name: "thread",
        short: &[],
        kind: Kind::Thread,
        example: "thread:(from:alice subject:patch)",
        help: "all mails of a thread in which one mail answers",
    },
    FieldInfo {
        name: "size",
        short: &[],
        kind: Kind::Size,
        example: "size:100k..2m",
        help: "stored bytes, a range with both ends included (k, m, g)",
    },
    FieldInfo {
        name: "list",
        short: &["l"],
        kind: Kind::List,
        example: "list:ports",
        help: "mails of one list",
    },
    FieldInfo {
        name: "date",
        short: &["d"],
        kind: Kind::Date,
        example: "date:2019..2021-06",
        help: "a year, month, day, or a range with both ends included; also today, yesterday, 2w.. (d, w, m, y)",
    },
    FieldInfo {
        name: "after",
        short: &["since"],
        kind: Kind::After,
        example: "after:2021-06",
        help: "on that date or later",
    },
    FieldInfo {
        name: "before",
        short: &[],
        kind: Kind::Before,
        example: "before:2021-06",
        help: "earlier than that date begins",
    },
    FieldInfo {
        name: "mid",
        short: &["m"],
        kind: Kind::Mid,
        example: "mid:20210601.42@example.org",
        help: "the mail with that Message-ID; a pasted <Message-ID> does the same",
    },
];

/// The row of a name as typed, in any letter case.
pub fn field(name: &str) -> Option<&'static FieldInfo> {
    FIELDS.iter().find(|info| {
        info.name.eq_ignore_ascii_case(name)
            || info.short.iter().any(|s| s.eq_ignore_ascii_case(name))
    })
}

impl Field {
    /// The name that canonical queries write.
    pub fn name(self) -> &'static str {
        FIELDS
            .iter()
            .find(|info| info.kind == Kind::Text(self))
            .map_or("body", |info| info.name)
    }
}

/// The query language in a few lines of plain text, made from the table.
pub fn help() -> String {
    let mut out = String::from(
        "one two          both words, or other forms of them\n\
         \"one two\"        these words side by side\n\
         \"one\"            this word as it is typed\n\
         one OR two       either; AND binds tighter, parentheses group\n\
         -one, NOT one    without it\n\
         one*             words that begin so\n",
    );
    for info in FIELDS {
        let mut names = format!("{}:", info.name);
        for short in info.short {
            let _ = write!(names, " {short}:");
        }
        let _ = writeln!(out, "{names:<16} {}, as in {}", info.help, info.example);
    }
    out
}
