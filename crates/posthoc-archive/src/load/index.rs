//! A volume's four indexes, whole or cut.

use super::Reader;
use super::files::FILES_CUT_ABOVE;
use crate::error::Result;
use crate::tables::keys::{Fields, Key, last_u32};
use crate::tables::{CUT_ABOVE, ListRow, MailRow, VolumeRow, index_key, prefixes};
use posthoc_core::message::MessageKey;
use posthoc_core::page::{CutLine, IndexGroup, IndexView, Label, MailLine, View};
use posthoc_core::route::{IndexKind, Volume};
use posthoc_core::thread::{Forest, Member};
use posthoc_store::Direction::Forward;
use std::collections::BTreeMap;
use std::sync::Arc;

impl Reader<'_> {
    pub(super) fn index(
        &self,
        list: &ListRow,
        volume: &Volume,
        kind: IndexKind,
        cut: Option<&str>,
    ) -> Result<Option<View>> {
        let Some(counts) = self.rows.volume(list.list, volume)? else {
            return Ok(None);
        };
        let cuts = self.cuts(list, volume, kind, &counts)?;
        let known = cut.is_none_or(|cut| cuts.iter().any(|line| line.cut == cut));
        if !known {
            return Ok(None);
        }
        let groups = match (cut, cuts.is_empty()) {
            (None, false) => Vec::new(),
            _ => match kind {
                IndexKind::Thread => self.by_thread(list, volume, cut)?,
                IndexKind::Date | IndexKind::Attachments => {
                    self.by_date(list, volume, kind, cut)?
                }
                IndexKind::Subject | IndexKind::Author => self.by_key(list, volume, kind, cut)?,
            },
        };
        Ok(Some(View::Index(IndexView {
            chrome: self.volume_chrome(list, volume),
            volume: volume.clone(),
            kind,
            cut: cut.map(str::to_owned),
            messages: counts.messages,
            cuts,
            groups,
            activity: activity(volume, &counts),
            // A piece of a long index leads to the index, and that to other volumes: a new volume would else
            // change every piece of the one before it.
            neighbours: match cut {
                None => self.rows.volumes_beside(list.list, volume)?,
                Some(_) => (None, None),
            },
            downloads: self.downloads(list),
        })))
    }

    /// The pieces of a long index; none for a short one.
    pub(crate) fn cuts(
        &self,
        list: &ListRow,
        volume: &Volume,
        kind: IndexKind,
        counts: &VolumeRow,
    ) -> Result<Vec<CutLine>> {
        if counts.messages <= kind_cut_above(kind) {
            return Ok(Vec::new());
        }
        match kind {
            IndexKind::Date => Ok(counts
                .days
                .iter()
                .map(|(day, messages)| CutLine {
                    cut: day_cut(volume, *day),
                    label: Label::Day(*day),
                    messages: u64::from(*messages),
                })
                .collect()),
            IndexKind::Attachments => self.file_cuts(list, volume),
            IndexKind::Thread => self.thread_cuts(list, volume),
            IndexKind::Subject | IndexKind::Author => self.key_cuts(list, volume, kind),
        }
    }

    fn thread_cuts(&self, list: &ListRow, volume: &Volume) -> Result<Vec<CutLine>> {
        let here = Key::of(b'x').u32(list.list).volume(volume);
        let skip = here.clone().done().len();
        let mut days: BTreeMap<u32, u64> = BTreeMap::new();
        self.rows.scan(here.range(), Forward, |key, _| {
            *days.entry(Fields(&key[skip..]).u32()).or_default() += 1;
            true
        })?;
        let line = |(day, threads)| CutLine {
            cut: day_cut(volume, day),
            label: Label::Day(day),
            messages: threads,
        };
        Ok(days.into_iter().map(line).collect())
    }

    /// Walks the counts from coarse to fine and takes each piece that is short enough.
    fn key_cuts(&self, list: &ListRow, volume: &Volume, kind: IndexKind) -> Result<Vec<CutLine>> {
        let range = Key::of(b'q').u32(list.list).volume(volume).byte(kind as u8);
        let skip = range.clone().done().len();
        let mut cuts: Vec<CutLine> = Vec::new();
        let mut taken: Option<Vec<u8>> = None;
        self.rows.scan(range.range(), Forward, |key, value| {
            if taken.as_ref().is_some_and(|taken| key.starts_with(taken)) {
                return true;
            }
            let count: u64 = postcard::from_bytes(value).unwrap_or(0);
            let path = String::from_utf8_lossy(&key[skip..]).into_owned();
            let steps: Vec<&str> = path.trim_end_matches('\0').split('\0').collect();
            if count <= CUT_ABOVE || steps.len() == 4 {
                let cut = steps.last().copied().unwrap_or_default().to_owned();
                // A key that ends early gives the same name at several depths.
                if !cuts.iter().rev().take(4).any(|line| line.cut == cut) {
                    cuts.push(CutLine {
                        label: key_label(&cut, steps.len()),
                        cut,
                        messages: count,
                    });
                }
                taken = Some(key.to_vec());
            }
            true
        })?;
        Ok(cuts)
    }

    /// The piece of a long subject or author index that a mail stands in.
    pub(crate) fn key_cut(
        &self,
        list: &ListRow,
        volume: &Volume,
        kind: IndexKind,
        text: &str,
        day: u32,
    ) -> Result<String> {
        let pieces = prefixes(&index_key(text), day);
        for depth in 1..pieces.len() {
            if self.rows.piece(list.list, volume, kind, &pieces[..depth])? <= CUT_ABOVE {
                return Ok(pieces[depth - 1].clone());
            }
        }
        Ok(pieces[pieces.len() - 1].clone())
    }

    fn by_date(
        &self,
        list: &ListRow,
        volume: &Volume,
        kind: IndexKind,
        cut: Option<&str>,
    ) -> Result<Vec<IndexGroup>> {
        let of_files = kind == IndexKind::Attachments;
        let table = if of_files { b'g' } else { b'd' };
        let here = Key::of(table).u32(list.list).volume(volume);
        let range = match cut.and_then(|cut| cut_day(volume, cut)) {
            Some(day) => here.clone().u32(day).range(),
            None => here.clone().range(),
        };
        let skip = here.done().len();
        let mut groups: Vec<(u32, IndexGroup)> = Vec::new();
        for key in self.rows.keys(range, Forward, usize::MAX)? {
            let day = Fields(&key[skip..]).u32();
            let Some(row) = self.mail(list.list, last_u32(&key))? else {
                continue;
            };
            if groups.last().is_none_or(|(last, _)| *last != day) {
                groups.push((day, group(Label::Day(day))));
            }
            if let Some((_, group)) = groups.last_mut() {
                group.lines.push(self.line(list, &row));
                if of_files {
                    group.files.push(self.mail_files(list, &row)?);
                }
            }
        }
        Ok(groups.into_iter().map(|(_, group)| group).collect())
    }

    fn by_key(
        &self,
        list: &ListRow,
        volume: &Volume,
        kind: IndexKind,
        cut: Option<&str>,
    ) -> Result<Vec<IndexGroup>> {
        let table = if kind == IndexKind::Subject {
            b's'
        } else {
            b'o'
        };
        let here = Key::of(table).u32(list.list).volume(volume);
        let skip = here.clone().done().len();
        // A piece's name begins with the letters by which the rows are sorted (or is those and a day).
        let mut from = here.clone().done();
        from.extend(cut.unwrap_or_default().bytes().take(1));
        let to = crate::tables::keys::after(&from);
        let mut groups: Vec<(String, IndexGroup)> = Vec::new();
        for key in self.rows.keys((from, to), Forward, usize::MAX)? {
            let mut fields = Fields(&key[skip..]);
            let (_, sort, day) = (fields.text(), fields.text().to_owned(), fields.u32());
            if let Some(cut) = cut
                && (!prefixes(&sort, day).iter().any(|name| name == cut)
                    || self.key_cut(list, volume, kind, &sort, day)? != cut)
            {
                continue;
            }
            let Some(row) = self.mail(list.list, last_u32(&key))? else {
                continue;
            };
            let line = self.line(list, &row);
            if groups.last().is_none_or(|(last, _)| *last != sort) {
                let label = match kind {
                    IndexKind::Subject => line.subject.clone(),
                    _ => line.author.name.clone(),
                };
                groups.push((sort, group(Label::Words(label))));
            }
            if let Some((_, group)) = groups.last_mut() {
                if kind == IndexKind::Author {
                    let author = self.author_route(list, &row)?;
                    // A name that several people bear leads to none of them.
                    let is_one = group.lines.is_empty() || group.author == author;
                    group.author = author.filter(|_| is_one);
                }
                group.lines.push(line);
            }
        }
        Ok(groups.into_iter().map(|(_, group)| group).collect())
    }

    fn by_thread(
        &self,
        list: &ListRow,
        volume: &Volume,
        cut: Option<&str>,
    ) -> Result<Vec<IndexGroup>> {
        let here = Key::of(b'x').u32(list.list).volume(volume);
        let range = match cut.and_then(|cut| cut_day(volume, cut)) {
            Some(day) => here.u32(day).range(),
            None => here.range(),
        };
        let mut groups = Vec::new();
        for key in self.rows.keys(range, Forward, usize::MAX)? {
            groups.extend(self.volume_thread(list, volume, last_u32(&key))?);
        }
        Ok(groups)
    }

    /// A thread's mails in a volume, nested, under their root.
    fn volume_thread(
        &self,
        list: &ListRow,
        volume: &Volume,
        thread: u32,
    ) -> Result<Option<IndexGroup>> {
        let here = Key::of(b'w')
            .u32(list.list)
            .volume(volume)
            .u32(thread)
            .range();
        let mut rows: BTreeMap<MessageKey, Arc<MailRow>> = BTreeMap::new();
        for key in self.rows.keys(here, Forward, usize::MAX)? {
            if let Some(row) = self.mail(list.list, last_u32(&key))? {
                rows.insert(row.node, row);
            }
        }
        let goes_on = self
            .rows
            .thread(list.list, thread, 0, rows.len() + 1)?
            .len()
            > rows.len();
        let first = self.mail(list.list, thread)?;
        let elsewhere = first
            .as_ref()
            .filter(|first| first.volume != volume.as_str());
        let mut members = self.members(list, rows.values(), rows.len() * 2 + 8)?;
        if let Some(first) = elsewhere
            && !rows.contains_key(&first.node)
        {
            // The thread began in another volume: its first mail stands above, dimmed, and whatever
            // has its parent elsewhere hangs from it.
            for member in &mut members {
                if member.mail.is_some()
                    && member
                        .parent
                        .is_some_and(|parent| !rows.contains_key(&parent))
                {
                    member.parent = Some(first.node);
                }
            }
            members.retain(|member| member.mail.is_some());
            members.push(Member {
                key: first.node,
                parent: None,
                mail: Some(first.number),
                date: first.date,
            });
            rows.insert(first.node, first.clone());
        }
        let mut lines: Vec<MailLine> = Vec::new();
        for place in Forest::new(&members).places {
            let member = &members[place.member];
            let mut line = match rows.get(&member.key) {
                Some(row) => {
                    let mut line = self.line(list, row);
                    line.elsewhere = row.volume != volume.as_str();
                    line
                }
                None => self.ghost(member.key),
            };
            line.depth = place.depth;
            lines.push(line);
        }
        let Some(first) = first else { return Ok(None) };
        if rows.values().all(|row| row.hidden) {
            return Ok(None);
        }
        let label = match first.hidden {
            true => lines.iter().find(|line| line.address.is_some()),
            false => None,
        };
        Ok(Some(IndexGroup {
            label: Label::Words(
                label
                    .map_or_else(|| self.line(list, &first), MailLine::clone)
                    .subject,
            ),
            thread: Some(first.key),
            author: None,
            goes_on,
            lines,
            files: Vec::new(),
        }))
    }
}

fn group(label: Label) -> IndexGroup {
    IndexGroup {
        label,
        thread: None,
        author: None,
        goes_on: false,
        lines: Vec::new(),
        files: Vec::new(),
    }
}

/// Lines of the longest index of a kind that is not cut.
fn kind_cut_above(kind: IndexKind) -> u64 {
    match kind {
        IndexKind::Attachments => FILES_CUT_ABOVE,
        _ => CUT_ABOVE,
    }
}

/// The name of a day's piece: the day of the month in a month's volume, else the whole date.
pub(crate) fn day_cut(volume: &Volume, day: u32) -> String {
    match volume.start() / 100 == day / 100 && volume.as_str().contains('-') {
        true => format!("{:02}", day % 100),
        false => format!("{day:08}"),
    }
}

pub(super) fn cut_day(volume: &Volume, cut: &str) -> Option<u32> {
    let number: u32 = cut.parse().ok()?;
    Some(if cut.len() == 2 {
        volume.start() / 100 * 100 + number
    } else {
        number
    })
}

/// A piece's words: its letters, or its letters and day.
fn key_label(cut: &str, depth: usize) -> Label {
    let letters = |name: &str| -> String {
        let mut text = String::new();
        let mut rest = name;
        while let Some(first) = rest.chars().next() {
            let code = rest
                .strip_prefix('u')
                .and_then(|hex| hex.get(..4))
                .filter(|_| first == 'u');
            match code
                .and_then(|hex| u32::from_str_radix(hex, 16).ok())
                .and_then(char::from_u32)
            {
                Some(letter) if !letter.is_ascii() => {
                    text.push(letter);
                    rest = &rest[5..];
                }
                _ => {
                    text.extend(first.to_uppercase());
                    rest = &rest[first.len_utf8()..];
                }
            }
        }
        text
    };
    match cut {
        "none" => Label::Others,
        _ if depth == 4 && cut.len() > 8 => {
            let (name, day) = cut.split_at(cut.len() - 8);
            Label::WordsOfDay(letters(name), day.parse().unwrap_or(20_000_101))
        }
        _ => Label::Words(letters(cut)),
    }
}

/// Mails per day of a month's volume, or in up to 60 even stretches of its days.
fn activity(volume: &Volume, counts: &VolumeRow) -> Vec<u32> {
    let month = volume.start() / 100;
    let within = counts.days.iter().all(|(day, _)| day / 100 == month);
    if within {
        let mut bars = vec![0; days_of(month) as usize];
        for (day, count) in &counts.days {
            if let Some(bar) = bars.get_mut((day % 100).saturating_sub(1) as usize) {
                *bar += count;
            }
        }
        return bars;
    }
    let days: Vec<u32> = counts.days.iter().map(|(_, count)| *count).collect();
    let step = days.len().div_ceil(60).max(1);
    days.chunks(step).map(|days| days.iter().sum()).collect()
}

/// Days of a month given as 202511.
fn days_of(month: u32) -> u32 {
    let (year, month) = (month / 100, month % 100);
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}
