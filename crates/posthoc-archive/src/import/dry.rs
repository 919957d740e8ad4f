//! What an import would do, without doing it.

use super::chunk::{Chunk, Item};
use super::run::is_removed;
use crate::error::Result;
use crate::intake::{Arrived, Decision, decide};
use crate::report::Counts;
use crate::tables::{ListRow, Rows};
use posthoc_core::message::{ContentHash, MessageKey};
use posthoc_core::route::ListName;
use posthoc_store::{Store, Verdict};
use std::collections::BTreeSet;

/// What a dry run has seen: about a hundred bytes a mail.
#[derive(Default)]
pub(super) struct DryRun {
    bytes: BTreeSet<[u8; 16]>,
    mails: BTreeSet<(MessageKey, ContentHash)>,
}

impl DryRun {
    pub(super) fn take(
        &mut self,
        store: &dyn Store,
        list: &ListName,
        chunk: Chunk,
        counts: &mut Counts,
    ) -> Result<()> {
        let rows = Rows::new(store.catalog().snapshot()?);
        let list = rows.list_called(list.as_str())?;
        for item in chunk.items {
            match item {
                Item::Gap(_) => {}
                Item::Refused(refusal) => {
                    counts.read += 1;
                    counts.reason(refusal.reason.as_str());
                    let quarantine = refusal.reason.is_quarantine();
                    *(if quarantine {
                        &mut counts.quarantined
                    } else {
                        &mut counts.refused
                    }) += 1;
                }
                Item::Mail(mail) if mail.headless => {
                    counts.read += 1;
                    counts.quarantined += 1;
                    counts.reason("no_header");
                }
                Item::Mail(mail) => {
                    counts.read += 1;
                    let known = match &list {
                        Some(list) => known(&rows, list, &mail)?,
                        None => None,
                    };
                    let removed = match &list {
                        Some(list) => is_removed(&rows, list, &mail.summary)?,
                        None => false,
                    };
                    let first_bytes = self.bytes.insert(mail.hash);
                    let key = MessageKey::of(&mail.summary.id);
                    let first_mail = self.mails.insert((key, mail.summary.content));
                    if removed {
                        counts.removed += 1;
                    } else if known == Some(false) || !first_bytes {
                        counts.duplicate += 1;
                    } else if known == Some(true) || !first_mail {
                        counts.copy += 1;
                    } else {
                        counts.stored += 1;
                        counts.defects(&mail.summary.defects);
                    }
                }
            }
        }
        Ok(())
    }
}

/// Whether the archive has the mail: `Some(true)` as a copy, `Some(false)` byte for byte.
fn known(rows: &Rows<'_>, list: &ListRow, mail: &crate::intake::Prepared) -> Result<Option<bool>> {
    Ok(match decide(rows, list, mail, &Arrived::default())? {
        Decision::Duplicate(..) | Decision::Removed => Some(false),
        Decision::Record(head, _) => matches!(head.verdict, Verdict::Copy(_)).then_some(true),
    })
}
