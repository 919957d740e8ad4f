//! What search knows of a mail.

use super::Part;

/// The facts of one mail that are indexed. Only what cannot change: threads and visibility are asked
/// of the catalog.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Doc {
    /// The list's opaque number.
    pub list: u32,
    /// The mail's number in its list.
    pub number: u32,
    /// The chosen date, seconds UTC.
    pub date: i64,
    /// The Message-ID without brackets.
    pub id: String,
    /// The decoded subject.
    pub subject: String,
    /// The author's name and address.
    pub author: String,
    /// Names and addresses of those it was sent to.
    pub to: String,
    /// Names and addresses of those who got a copy.
    pub cc: String,
    /// What the author wrote, then the text of attachments.
    pub text: String,
    /// What the author quoted.
    pub quoted: String,
    /// Names of its files.
    pub files: String,
    /// Media types of its files.
    pub types: String,
    /// What it carries, by the names of [`Has`](super::Has).
    pub marks: String,
    /// The language that it seems to be written in, see [`language`](super::language()).
    pub language: String,
    /// Stored bytes.
    pub size: u64,
}

impl Doc {
    /// The text of a part.
    pub fn part(&self, part: Part) -> &str {
        match part {
            Part::Subject => &self.subject,
            Part::Author => &self.author,
            Part::To => &self.to,
            Part::Text => &self.text,
            Part::Quoted => &self.quoted,
            Part::Cc => &self.cc,
            Part::Files => &self.files,
            Part::Types => &self.types,
            Part::Marks => &self.marks,
            Part::Language => &self.language,
        }
    }
}
