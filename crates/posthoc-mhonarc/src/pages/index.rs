//! The main index.

use super::{ABOUT, Sheet, push_credit, push_program};
use crate::archive::Site;
use crate::forest::base_subject;
use crate::resources::Name;

impl Site<'_> {
    pub(super) fn main_page(&self, sheet: &Sheet) -> Vec<u8> {
        let mut out = Vec::with_capacity(sheet.listed * ABOUT);
        let scope = self.index_scope(None, sheet);
        scope.push(Name::IdxPgSsMarkup, &mut out);
        push_program(&mut out);
        scope.push(Name::IdxPgBegin, &mut out);
        scope.push(Name::ListBegin, &mut out);
        let grouped = self.grouping();
        let mut group: Option<Vec<u8>> = None;
        let mut last = None;
        for at in &self.order[self.sheet_range(sheet)] {
            let scope = self.index_scope(Some(*at), sheet);
            if let Some((begin, end)) = grouped {
                let own = self.group_of(*at, begin);
                if group.as_ref() != Some(&own) {
                    if group.is_some() {
                        self.index_scope(last, sheet).push(end, &mut out);
                    }
                    scope.push(begin, &mut out);
                    group = Some(own);
                }
            }
            scope.push(Name::LiTemplate, &mut out);
            last = Some(*at);
        }
        if let (Some((_, end)), true) = (grouped, group.is_some()) {
            self.index_scope(last, sheet).push(end, &mut out);
        }
        scope.push(Name::ListEnd, &mut out);
        push_credit(self.archive, &mut out);
        scope.push(Name::IdxPgEnd, &mut out);
        push_program(&mut out);
        out
    }

    /// What opens and closes a group of the order, where that is set.
    fn grouping(&self) -> Option<(Name, Name)> {
        let resources = &self.archive.resources;
        let pair = if resources.is_on(Name::SubSort) {
            (Name::SubjectBegin, Name::SubjectEnd)
        } else if resources.is_on(Name::AuthSort) {
            (Name::AuthorBegin, Name::AuthorEnd)
        } else if resources.is_on(Name::Sort) {
            (Name::DayBegin, Name::DayEnd)
        } else {
            return None;
        };
        let set = !resources.value(pair.0).is_empty() || !resources.value(pair.1).is_empty();
        set.then_some(pair)
    }

    fn group_of(&self, at: usize, begin: Name) -> Vec<u8> {
        let archive = self.archive;
        let mail = &archive.mails[at];
        match begin {
            Name::SubjectBegin => {
                let reply = archive.resources.expression(Name::SubjectReplyRxp);
                base_subject(&mail.subject, reply.as_ref())
            }
            Name::AuthorBegin => mail.from_name.to_ascii_lowercase(),
            _ => {
                let stamp = match archive.resources.is_on(Name::UseLocalTime) {
                    true => archive.calendar.local.stamp(mail.time),
                    false => posthoc_core::text::TimeZone::utc().stamp(mail.time),
                };
                format!("{}-{}-{}", stamp.year, stamp.month, stamp.day).into_bytes()
            }
        }
    }
}
