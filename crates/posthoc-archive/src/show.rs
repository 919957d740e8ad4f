//! One mail, a thread, the lists: as data for a terminal or a script.

use crate::error::{ArchiveError, Result};
use crate::load::Reader;
use crate::tables::{ListRow, MailRow, keys};
use posthoc_core::message::{Mailbox, MessageId, MessageKey};
use posthoc_core::route::{ListName, Route};
use posthoc_core::text::TimeZone;
use posthoc_core::thread::{Forest, Member};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A person.
#[derive(Clone, Debug, Serialize)]
pub struct ShownPerson {
    /// Display name.
    pub name: String,
    /// Address, unmasked: this is the operator's view.
    pub address: String,
}

/// An attachment.
#[derive(Clone, Debug, Serialize)]
pub struct ShownAttachment {
    /// The name its author gave.
    pub name: String,
    /// Declared type.
    #[serde(rename = "type")]
    pub media_type: String,
    /// Decoded bytes.
    pub size: u64,
    /// Its path on the site.
    pub url: String,
}

/// A mail.
#[derive(Clone, Debug, Serialize)]
pub struct Shown {
    /// Message-ID without brackets.
    pub id: String,
    /// Public name.
    pub key: String,
    /// Its list.
    pub list: String,
    /// Its number.
    pub number: u32,
    /// Its path on the site.
    pub url: String,
    /// Decoded.
    pub subject: String,
    /// The author.
    pub from: ShownPerson,
    /// Recipients.
    pub to: Vec<ShownPerson>,
    /// Copies.
    pub cc: Vec<ShownPerson>,
    /// Chosen date, RFC 3339 UTC.
    pub date: String,
    /// As written, without brackets.
    pub in_reply_to: Vec<String>,
    /// Oldest first.
    pub references: Vec<String>,
    /// The text.
    pub text: String,
    /// The files.
    pub attachments: Vec<ShownAttachment>,
    /// What was wrong.
    pub defects: Vec<String>,
}

/// One line of a thread.
#[derive(Clone, Debug, Serialize)]
pub struct ThreadLine {
    /// Message-ID without brackets.
    pub id: String,
    /// Public name.
    pub key: String,
    /// The parent's Message-ID.
    pub parent: Option<String>,
    /// 0 for a root.
    pub depth: u16,
    /// Not in the archive.
    pub ghost: bool,
    /// Its subject.
    pub subject: String,
    /// Its author's name.
    pub from: String,
    /// Chosen date, RFC 3339 UTC; empty for a ghost.
    pub date: String,
    /// Its path on the site; empty for a ghost.
    pub url: String,
}

/// A list.
#[derive(Clone, Debug, Serialize)]
pub struct ShownList {
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Its address, when known.
    pub address: Option<String>,
    /// Mails.
    pub messages: u64,
    /// Threads.
    pub threads: u64,
    /// Date of the oldest mail, RFC 3339 UTC.
    pub first: Option<String>,
    /// Date of the newest.
    pub last: Option<String>,
    /// `public`, `unlisted`, `private`.
    pub visibility: String,
}

impl Reader<'_> {
    /// The mails that a Message-ID, key, number (of a list) or URL names.
    ///
    /// # Errors
    /// What storage refuses; nothing found is an empty answer.
    pub(crate) fn named(
        &self,
        list: Option<&ListName>,
        name: &str,
    ) -> Result<Vec<(ListRow, Arc<MailRow>)>> {
        let mut found = Vec::new();
        let lists: Vec<ListRow> = match list {
            Some(list) => vec![self.rows.need_list(list.as_str())?],
            None => self.rows.lists()?,
        };
        let lists: Vec<ListRow> = lists.into_iter().filter(|list| self.sees(list)).collect();
        let bare = name.trim().trim_start_matches('<').trim_end_matches('>');
        for list in &lists {
            for number in self.rows.bearing(list.list, &MessageId(bare.to_owned()))? {
                found.extend(self.mail(list.list, number)?.map(|row| (list.clone(), row)));
            }
        }
        if found.is_empty()
            && let Some(key) = MessageKey::parse(bare)
        {
            for (on, number) in self.rows.places_of(key)? {
                let list = lists.iter().find(|list| list.list == on);
                if let (Some(list), Some(row)) = (list, self.mail(on, number)?) {
                    found.push((list.clone(), row));
                }
            }
        }
        if let (true, [list], Ok(number)) = (found.is_empty(), &lists[..], bare.parse::<u32>()) {
            found.extend(self.mail(list.list, number)?.map(|row| (list.clone(), row)));
        }
        if found.is_empty() {
            found.extend(self.at_url(&lists, name)?);
        }
        Ok(found)
    }

    /// The mail at a URL or path of ours; whatever stands before the list's name is passed over.
    fn at_url(&self, lists: &[ListRow], url: &str) -> Result<Option<(ListRow, Arc<MailRow>)>> {
        let path = url.split_once("://").map_or(url, |(_, rest)| rest);
        let path = path.split(['?', '#']).next().unwrap_or(path);
        let steps: Vec<&str> = path.split('/').filter(|step| !step.is_empty()).collect();
        for from in 0..steps.len() {
            let Some(route) = Route::parse(&steps[from..].join("/")) else {
                continue;
            };
            let place = match &route {
                Route::Message(name, _, number)
                | Route::Old(name, _, number)
                | Route::Number(name, number)
                | Route::Eml(name, _, number)
                | Route::Mbox(name, _, number) => (name, Ok(*number)),
                Route::Thread(name, key, _) => (name, Err(*key)),
                _ => continue,
            };
            let Some(list) = lists.iter().find(|list| list.name == place.0.as_str()) else {
                continue;
            };
            let row = match place.1 {
                Ok(number) => self.mail(list.list, number)?,
                Err(key) => self.place(list, key)?,
            };
            return Ok(row.map(|row| (list.clone(), row)));
        }
        Ok(None)
    }

    /// The mails that a name means, as data.
    ///
    /// # Errors
    /// [`ArchiveError::Unknown`] when nothing is known by it.
    pub fn show(&self, list: Option<&ListName>, name: &str) -> Result<Vec<Shown>> {
        let found = self.need_named(list, name)?;
        found
            .iter()
            .map(|(list, row)| self.shown(list, row))
            .collect()
    }

    /// The bytes of the first mail that a name means, as they came.
    ///
    /// # Errors
    /// As [`show`](Self::show).
    pub fn show_raw(&self, list: Option<&ListName>, name: &str) -> Result<Vec<u8>> {
        match self.need_named(list, name)?.first() {
            Some((_, row)) => self.unquoted_bytes(row.seq),
            None => Err(ArchiveError::Unknown(name.to_owned())),
        }
    }

    /// The page of the first mail that a name means.
    ///
    /// # Errors
    /// As [`show`](Self::show).
    pub fn show_route(&self, list: Option<&ListName>, name: &str) -> Result<Route> {
        let found = self.need_named(list, name)?;
        let route = found
            .first()
            .and_then(|(list, row)| self.message_route(list, row));
        route.ok_or_else(|| ArchiveError::Unknown(name.to_owned()))
    }

    fn need_named(
        &self,
        list: Option<&ListName>,
        name: &str,
    ) -> Result<Vec<(ListRow, Arc<MailRow>)>> {
        let found = self.named(list, name)?;
        match found.is_empty() {
            true => Err(ArchiveError::Unknown(name.to_owned())),
            false => Ok(found),
        }
    }

    fn shown(&self, list: &ListRow, row: &MailRow) -> Result<Shown> {
        let (message, body) = self.shown_mail(list.list, row)?;
        // The files' names on the site are those of the public copy.
        let routes = self.attachment_routes(list, row)?;
        let attachment = |(n, attachment): (usize, &posthoc_core::message::Attachment)| {
            let route = routes.get(n).map(Route::path);
            ShownAttachment {
                name: attachment.name.clone(),
                media_type: attachment.media_type.clone(),
                size: attachment.bytes.len() as u64,
                url: route.unwrap_or_default(),
            }
        };
        let ids = |ids: &[MessageId]| ids.iter().map(|id| id.0.clone()).collect();
        Ok(Shown {
            id: row.id.clone(),
            key: row.key.to_string(),
            list: list.name.clone(),
            number: row.number,
            url: self.message_path(list, row),
            subject: row.subject.clone(),
            from: shown_person(&message.shown_author()),
            to: message.to.iter().map(shown_person).collect(),
            cc: message.cc.iter().map(shown_person).collect(),
            date: TimeZone::utc().stamp(row.date).rfc3339(),
            in_reply_to: ids(&message.in_reply_to),
            references: ids(&message.references),
            text: body.plain_text(),
            attachments: body
                .attachments
                .iter()
                .enumerate()
                .map(attachment)
                .collect(),
            defects: message
                .defects
                .iter()
                .map(|defect| defect.name().to_owned())
                .collect(),
        })
    }

    /// The thread of a mail in display order.
    ///
    /// # Errors
    /// As [`show`](Self::show).
    pub fn thread_lines(&self, list: Option<&ListName>, name: &str) -> Result<Vec<ThreadLine>> {
        let found = self.need_named(list, name)?;
        let Some((list, row)) = found.first() else {
            return Ok(Vec::new());
        };
        let thread = self.thread_of(list, row)?;
        let mut rows = BTreeMap::new();
        for number in self.rows.thread(list.list, thread, 0, usize::MAX)? {
            rows.extend(self.mail(list.list, number)?.map(|row| (row.node, row)));
        }
        let members = self.members(list, rows.values(), rows.len() * 2 + 8)?;
        let ids = self.ids_in(list.list, &members, &rows)?;
        let mut lines = Vec::new();
        for place in Forest::new(&members).places {
            let member = &members[place.member];
            let parent = member.parent.and_then(|parent| ids.get(&parent).cloned());
            let row = rows.get(&member.key);
            let line = row.map(|row| match row.hidden {
                true => self.line(list, row),
                false => self.line_as_sent(list, row),
            });
            lines.push(ThreadLine {
                id: ids.get(&member.key).cloned().unwrap_or_default(),
                key: row.map_or(member.key, |row| row.key).to_string(),
                parent,
                depth: place.depth,
                ghost: row.is_none(),
                subject: line
                    .as_ref()
                    .map(|line| line.subject.clone())
                    .unwrap_or_default(),
                from: line.map(|line| line.author.name).unwrap_or_default(),
                date: row
                    .map(|row| TimeZone::utc().stamp(row.date).rfc3339())
                    .unwrap_or_default(),
                url: row.map_or_else(String::new, |row| self.message_path(list, row)),
            });
        }
        Ok(lines)
    }

    /// The Message-IDs of a thread's members: of mails as they are known, of ghosts as the mails name them.
    fn ids_in(
        &self,
        list: u32,
        members: &[Member],
        rows: &BTreeMap<MessageKey, Arc<MailRow>>,
    ) -> Result<BTreeMap<MessageKey, String>> {
        let mut ids: BTreeMap<MessageKey, String> = rows
            .iter()
            .map(|(key, row)| (*key, row.id.clone()))
            .collect();
        let ghosts = members.iter().filter(|member| member.mail.is_none());
        let mut ghosts: BTreeSet<MessageKey> = ghosts.map(|member| member.key).collect();
        for row in rows.values() {
            if ghosts.is_empty() {
                break;
            }
            for id in self.shown_mail(list, row)?.0.references {
                let key = MessageKey::of(&id);
                if ghosts.remove(&key) {
                    ids.insert(key, id.0);
                }
            }
        }
        Ok(ids)
    }

    /// The lists that the audience is shown.
    ///
    /// # Errors
    /// What storage refuses.
    pub fn lists(&self) -> Result<Vec<ShownList>> {
        let mut lists = Vec::new();
        for row in self.shown_lists()? {
            let Some(line) = self.list_line(&row)? else {
                continue;
            };
            let date =
                |stamp: posthoc_core::text::Stamp| TimeZone::utc().stamp(stamp.unix).rfc3339();
            lists.push(ShownList {
                name: row.name.clone(),
                title: line.head.title,
                address: line.head.address,
                messages: row.messages,
                threads: row.threads,
                first: line.first.map(date),
                last: line.last.map(date),
                visibility: self.visibility(&row).name().to_owned(),
            });
        }
        Ok(lists)
    }

    /// Every number of a list's mails, by number.
    pub(crate) fn numbers(&self, list: u32) -> Result<Vec<u32>> {
        let range = keys::Key::of(b'm').u32(list).range();
        let keys = self
            .rows
            .keys(range, posthoc_store::Direction::Forward, usize::MAX)?;
        Ok(keys.iter().map(|key| keys::last_u32(key)).collect())
    }
}

fn shown_person(mailbox: &Mailbox) -> ShownPerson {
    ShownPerson {
        name: mailbox.name.clone(),
        address: mailbox.address.clone(),
    }
}
