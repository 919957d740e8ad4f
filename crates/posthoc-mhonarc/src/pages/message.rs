//! A mail's page.

use super::{File, push_program};
use crate::archive::Site;
use crate::expand::Scope;
use crate::filter::convert;
use crate::filter::links::with_some_ids;
use crate::mail::Mail;
use crate::resources::Name;
use crate::text::commentize;
use memchr::memmem;
use posthoc_core::message::{Message, MhonarcPage, rotated};
use std::borrow::Cow;
use std::collections::HashSet;

/// Bytes that stand around a mail, about.
const ABOUT: usize = 4_000;

/// A mail's page and the files that were taken out of it.
#[derive(Clone, Debug)]
pub struct Page {
    /// The page.
    pub page: File,
    /// Attachments, then DEFINEDERIVED.
    pub files: Vec<File>,
    /// Files that an earlier program took out of the mail: they lie there already.
    pub lying: Vec<String>,
    /// Ids in its text that would be links if the archive had such mails, each as [`Mail::mark`].
    pub unknown: Vec<u64>,
}

impl Site<'_> {
    /// The page of the mail that came as the `at`-th, from 0; `message` is the mail. None where the archive
    /// has no such mail or wants no pages of mails (MSGPGS).
    pub fn message(&self, at: usize, message: &Message) -> Option<Page> {
        let wanted = self.archive.resources.is_on(Name::MsgPgs) && at < self.archive.mails.len();
        wanted.then_some(())?;
        let converted = convert(self, at, message);
        let scope = Scope::of(self, Some(at), None);
        let mut content = Vec::new();
        section(
            &mut content,
            b"<!--X-MsgBody-->\n<!--X-Subject-Header-Begin-->\n",
            || scope.expanded(Name::SubjectHeader),
        );
        section(
            &mut content,
            b"<!--X-Subject-Header-End-->\n<!--X-Head-of-Message-->\n",
            || converted.head,
        );
        section(
            &mut content,
            b"<!--X-Head-of-Message-End-->\n<!--X-Head-Body-Sep-Begin-->\n",
            || scope.expanded(Name::HeadBodySep),
        );
        section(
            &mut content,
            b"<!--X-Head-Body-Sep-End-->\n<!--X-Body-of-Message-->\n",
            || converted.body,
        );
        content.extend_from_slice(b"\n<!--X-Body-of-Message-End-->\n<!--X-MsgBody-End-->\n");
        let mut files = converted.files;
        let names: Vec<Cow<'_, str>> = files.iter().map(|file| told_name(file).into()).collect();
        let bytes = self.around(at, &names, &content);
        let name = self.page_name(at);
        files.extend(self.derived_files(at));
        Some(Page {
            page: File { name, bytes },
            files,
            lying: Vec::new(),
            unknown: converted.unknown,
        })
    }

    /// The page of the `at`-th mail, from 0, of which there is the page that an earlier program made, and no more:
    /// what it has of the mail stays as it is, what stands around it is made anew. None as for
    /// [`message`](Self::message).
    ///
    /// Files that were taken out of the mail lie where they lay ([`Page::lying`]).
    pub fn old_page(&self, at: usize, page: &MhonarcPage<'_>) -> Option<Page> {
        let wanted = self.archive.resources.is_on(Name::MsgPgs) && at < self.archive.mails.len();
        wanted.then_some(())?;
        let scope = Scope::of(self, Some(at), None);
        let content = page.content;
        let content = replaced(
            content,
            (
                b"<!--X-Subject-Header-Begin-->\n",
                b"<!--X-Subject-Header-End",
            ),
            || scope.expanded(Name::SubjectHeader),
        );
        let content = replaced(
            &content,
            (
                b"<!--X-Head-Body-Sep-Begin-->\n",
                b"<!--X-Head-Body-Sep-End",
            ),
            || scope.expanded(Name::HeadBodySep),
        );
        // Ids of the mails that were there with it are links already where they were to be.
        let mut unknown = Vec::new();
        let content = with_some_ids(&content, self, &|mail| !mail.is_page, &mut unknown);
        unknown.sort_unstable();
        unknown.dedup();
        let files = self.derived_files(at);
        let names = page
            .derived
            .iter()
            .map(|name| String::from_utf8_lossy(name));
        // The original tells of its own files when it makes a page once more.
        let own = files.iter().map(|file| told_name(file).into());
        let mut names: Vec<Cow<'_, str>> = names.chain(own).collect();
        let mut known = HashSet::new();
        names.retain(|name| known.insert(name.clone()));
        let lying = page.derived.iter().filter_map(|name| file_name(name));
        Some(Page {
            page: File {
                name: self.page_name(at),
                bytes: self.around(at, &names, &content),
            },
            lying: lying.collect(),
            files,
            unknown,
        })
    }

    /// The files of DEFINEDERIVED.
    fn derived_files(&self, at: usize) -> Vec<File> {
        let scope = Scope::of(self, Some(at), None);
        let mut files = Vec::new();
        for (name, content) in &self.archive.derived {
            let (mut path, mut bytes) = (Vec::new(), Vec::new());
            scope.push_template(name, &mut path);
            scope.push_template(content, &mut bytes);
            if let Some(name) = file_name(&path) {
                files.push(File { name, bytes });
            }
        }
        files
    }

    /// What stands around a mail's content; `derived` are the names of the files that were taken out of it.
    fn around(&self, at: usize, derived: &[Cow<'_, str>], content: &[u8]) -> Vec<u8> {
        let scope = Scope::of(self, Some(at), None);
        let mut out = Vec::with_capacity(content.len() + ABOUT);
        scope.push(Name::MsgPgSsMarkup, &mut out);
        self.push_comments(&self.archive.mails[at], derived, &mut out);
        scope.push(Name::MsgPgBegin, &mut out);
        section(
            &mut out,
            b"<!--X-Body-Begin-->\n<!--X-User-Header-->\n",
            || scope.expanded(Name::MsgHead),
        );
        section(
            &mut out,
            b"<!--X-User-Header-End-->\n<!--X-TopPNI-->\n",
            || scope.expanded(Name::TopLinks),
        );
        out.extend_from_slice(b"<!--X-TopPNI-End-->\n");
        out.extend_from_slice(content);
        section(&mut out, b"<!--X-Follow-Ups-->\n", || {
            scope.expanded(Name::MsgBodyEnd)
        });
        if self.archive.resources.is_on(Name::FolRefs) {
            self.push_answers(at, &mut out);
        } else {
            out.extend_from_slice(
                b"<!--X-Follow-Ups-End-->\n<!--X-References-->\n<!--X-References-End-->\n",
            );
        }
        section(&mut out, b"<!--X-BotPNI-->\n", || {
            scope.expanded(Name::BotLinks)
        });
        section(
            &mut out,
            b"\n<!--X-BotPNI-End-->\n<!--X-User-Footer-->\n",
            || scope.expanded(Name::MsgFoot),
        );
        out.extend_from_slice(b"<!--X-User-Footer-End-->\n");
        scope.push(Name::MsgPgEnd, &mut out);
        out
    }

    /// The facts that programs read; `derived` names the files that were taken out of the mail.
    fn push_comments(&self, mail: &Mail, derived: &[Cow<'_, str>], out: &mut Vec<u8>) {
        push_program(out);
        if self.archive.resources.is_on(Name::PrintXComments) {
            push_comment("X-Subject", &mail.subject, out);
            push_comment("X-From-R13", &rotated(&mail.from), out);
            push_comment("X-Date", &mail.date, out);
            push_comment("X-Message-Id", &mail.id, out);
            push_comment("X-Content-Type", mail.content_type.as_bytes(), out);
            for id in &mail.references {
                push_comment("X-Reference", id, out);
            }
            for name in derived {
                push_comment("X-Derived", name.as_bytes(), out);
            }
        }
        out.extend_from_slice(b"<!--X-Head-End-->\n");
    }

    /// Who answers, and who is answered.
    fn push_answers(&self, at: usize, out: &mut Vec<u8>) {
        let list = |mails: &[usize], names: [Name; 3], out: &mut Vec<u8>| {
            if mails.is_empty() {
                return;
            }
            let scope = Scope::of(self, Some(at), None);
            scope.push(names[0], out);
            for other in mails {
                Scope::of(self, Some(*other), None).push(names[1], out);
            }
            scope.push(names[2], out);
        };
        let answers = self.direct_answers(at);
        list(
            &answers,
            [Name::FolUpBegin, Name::FolUpLiTxt, Name::FolUpEnd],
            out,
        );
        out.extend_from_slice(b"<!--X-Follow-Ups-End-->\n<!--X-References-->\n");
        let answered: Vec<usize> = self.answered(at).collect();
        list(
            &answered,
            [Name::RefsBegin, Name::RefsLiTxt, Name::RefsEnd],
            out,
        );
        out.extend_from_slice(b"<!--X-References-End-->\n");
    }
}

impl Site<'_> {
    /// The mails that answer this one with none missing between, in the order of the main index.
    pub(crate) fn direct_answers(&self, at: usize) -> Vec<usize> {
        let nodes = &self.forest.nodes;
        let answers = nodes[at].replies.iter().copied();
        let mut direct: Vec<usize> = answers.filter(|at| nodes[*at].missing == 0).collect();
        direct.sort_unstable_by_key(|at| self.place[*at]);
        direct
    }

    /// The mails that it names as answered, as far as they are here.
    pub(crate) fn answered(&self, at: usize) -> impl Iterator<Item = usize> {
        let named = self.archive.mails[at].references.iter();
        named.filter_map(|id| self.archive.ids.get(id).copied())
    }
}

/// A text with something else between two marks; as it is where they are not there. The first mark is a whole
/// line.
fn replaced(text: &[u8], (start, end): (&[u8], &[u8]), by: impl FnOnce() -> Vec<u8>) -> Vec<u8> {
    let between = memmem::find(text, start).and_then(|at| {
        let at = at + start.len();
        Some((at, at + memmem::find(&text[at..], end)?))
    });
    match between {
        Some((from, to)) => [&text[..from], &by(), &text[to..]].concat(),
        None => text.to_vec(),
    }
}

fn section(out: &mut Vec<u8>, mark: &[u8], content: impl FnOnce() -> Vec<u8>) {
    out.extend_from_slice(mark);
    out.extend_from_slice(&content());
}

pub(crate) fn push_comment(name: &str, value: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(format!("<!--{name}: ").as_bytes());
    commentize(value, out);
    out.extend_from_slice(b" -->\n");
}

/// A file's name as a page tells it: of one in a folder the folder.
fn told_name(file: &File) -> &str {
    file.name.split('/').next().unwrap_or_default()
}

/// A path that stays within the archive and is none of its own files.
fn file_name(path: &[u8]) -> Option<String> {
    let path = String::from_utf8(path.trim_ascii().to_vec()).ok()?;
    let inside = path
        .split('/')
        .all(|piece| !piece.is_empty() && !piece.starts_with('.'));
    (inside && !path.contains(char::is_control)).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derived_files_stay_in_the_archive() {
        let check = |path: &str, expected: Option<&str>| {
            assert_eq!(file_name(path.as_bytes()).as_deref(), expected, "{path}");
        };
        check("txt/00001.txt\n", Some("txt/00001.txt"));
        for path in [
            "",
            "/etc/x",
            "a//b",
            "../x",
            "a/../x",
            ".posthoc/journal",
            "a\u{7}b",
            "a\0b",
        ] {
            check(path, None);
        }
    }
}
