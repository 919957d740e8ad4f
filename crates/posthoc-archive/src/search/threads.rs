//! One hit for each thread.

use super::gathered::Gathered;
use super::{Found, Sought};
use crate::error::Result;
use crate::load::Reader;
use crate::tables::ListRow;
use posthoc_core::page::Threads;
use posthoc_store::Hit;
use std::collections::HashMap;

/// A thread that has hits.
struct Group {
    /// Its number.
    thread: u32,
    first: Hit,
    hits: u64,
}

impl Reader<'_> {
    /// The threads of the gathered hits, in the order of their first ones: how many there are, and those
    /// of a window.
    pub(super) fn hits_by_thread(
        &self,
        gathered: &Gathered,
        lists: &[ListRow],
        window: (usize, usize),
        sought: Option<Sought<'_>>,
    ) -> Result<(Threads, Vec<Found>)> {
        let lists: HashMap<u32, &ListRow> = lists.iter().map(|list| (list.list, list)).collect();
        let mut groups: Vec<Group> = Vec::new();
        let mut places: HashMap<(u32, u32), usize> = HashMap::new();
        let mut of = 0;
        for hit in &gathered.hits.hits {
            let row = self.mail(hit.list, hit.number)?.filter(|row| !row.hidden);
            let (Some(list), Some(row)) = (lists.get(&hit.list), row) else {
                continue;
            };
            of += 1;
            let thread = self.thread_of(list, &row)?;
            let place = places.entry((hit.list, thread)).or_insert(groups.len());
            match groups.get_mut(*place) {
                Some(group) => group.hits += 1,
                None => groups.push(Group {
                    thread,
                    first: *hit,
                    hits: 1,
                }),
            }
        }
        let threads = Threads {
            threads: groups.len() as u64,
            of,
        };
        let mut found = Vec::new();
        for group in groups.iter().skip(window.0).take(window.1) {
            let hit = &group.first;
            let row = self.mail(hit.list, hit.number)?;
            let (Some(list), Some(row)) = (lists.get(&hit.list), row) else {
                continue;
            };
            let key = self.thread_key(list, group.thread, &row)?;
            let one = self.found(list, &row, hit, sought)?;
            found.extend(one.map(|mut one| {
                one.hit.thread = Some((key, group.hits));
                one
            }));
        }
        Ok((threads, found))
    }
}
