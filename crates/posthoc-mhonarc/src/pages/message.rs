//! A mail's page.

use super::{File, push_program};
use crate::archive::Site;
use crate::expand::Scope;
use crate::filter::convert;
use crate::mail::Mail;
use crate::resources::Name;
use crate::text::{commentize, rotated};
use posthoc_core::message::Message;

/// A mail's page and the files that were taken out of it.
#[derive(Clone, Debug)]
pub struct Page {
    /// The page.
    pub page: File,
    /// Attachments, then DEFINEDERIVED.
    pub files: Vec<File>,
    /// Ids in its text that would be links if the archive had such mails, each as [`Mail::mark`].
    pub unknown: Vec<u64>,
}

impl Site<'_> {
    /// The page of the mail that came as the `at`-th, from 0; `message` is the mail. None where the archive
    /// has no such mail or wants no pages of mails (MSGPGS).
    pub fn message(&self, at: usize, message: &Message) -> Option<Page> {
        let mail = self.archive.mails.get(at)?;
        if !self.archive.resources.is_on(Name::MsgPgs) {
            return None;
        }
        let converted = convert(self, at, message);
        let scope = Scope::of(self, Some(at), None);
        let mut files = converted.files;
        let taken_out = files.len();
        for (name, content) in &self.archive.derived {
            let (mut path, mut bytes) = (Vec::new(), Vec::new());
            scope.push_template(name, &mut path);
            scope.push_template(content, &mut bytes);
            if let Some(name) = file_name(&path) {
                files.push(File { name, bytes });
            }
        }
        let mut out = Vec::new();
        scope.push(Name::MsgPgSsMarkup, &mut out);
        self.push_comments(mail, &files[..taken_out], &mut out);
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
        section(
            &mut out,
            b"<!--X-TopPNI-End-->\n<!--X-MsgBody-->\n<!--X-Subject-Header-Begin-->\n",
            || scope.expanded(Name::SubjectHeader),
        );
        section(
            &mut out,
            b"<!--X-Subject-Header-End-->\n<!--X-Head-of-Message-->\n",
            || converted.head,
        );
        section(
            &mut out,
            b"<!--X-Head-of-Message-End-->\n<!--X-Head-Body-Sep-Begin-->\n",
            || scope.expanded(Name::HeadBodySep),
        );
        section(
            &mut out,
            b"<!--X-Head-Body-Sep-End-->\n<!--X-Body-of-Message-->\n",
            || converted.body,
        );
        section(
            &mut out,
            b"\n<!--X-Body-of-Message-End-->\n<!--X-MsgBody-End-->\n<!--X-Follow-Ups-->\n",
            || scope.expanded(Name::MsgBodyEnd),
        );
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
        let page = File {
            name: self.page_name(at),
            bytes: out,
        };
        Some(Page {
            page,
            files,
            unknown: converted.unknown,
        })
    }

    /// The facts that programs read; `files` are those that were taken out of the mail.
    fn push_comments(&self, mail: &Mail, files: &[File], out: &mut Vec<u8>) {
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
            for file in files {
                // Of files in a folder the folder is told.
                let name = file.name.split('/').next().unwrap_or_default();
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

fn section(out: &mut Vec<u8>, mark: &[u8], content: impl FnOnce() -> Vec<u8>) {
    out.extend_from_slice(mark);
    out.extend_from_slice(&content());
}

fn push_comment(name: &str, value: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(format!("<!--{name}: ").as_bytes());
    commentize(value, out);
    out.extend_from_slice(b" -->\n");
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
