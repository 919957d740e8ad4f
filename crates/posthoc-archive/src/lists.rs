//! Lists themselves: made, set, named. What protects people and what shapes URLs is ground state; the
//! rest of a list's settings is the configuration's alone.

use crate::error::Result;
use crate::intake::{Batch, Intake, PATIENCE};
use crate::tables::{ListRow, Rows};
use posthoc_core::message::Limits;
use posthoc_core::page::{Site, Visibility};
use posthoc_core::route::ListName;
use posthoc_store::{Head, ListHead, Packing, Store};
use std::time::Duration;

/// The list of that name, made when it is not there: as its settings say, else public or private, in
/// UTC and with monthly volumes.
pub(crate) fn ensure_list(
    batch: &mut Batch<'_>,
    name: &ListName,
    public: bool,
    site: &Site,
    now: i64,
) -> Result<ListRow> {
    if let Some(row) = batch.rows.list_named(name.as_str())? {
        return Ok(row);
    }
    let list = batch
        .rows
        .lists()?
        .iter()
        .map(|row| row.list + 1)
        .max()
        .unwrap_or(0);
    let set = site.list(name);
    let visibility = set.visibility.unwrap_or(match public {
        true => Visibility::Public,
        false => Visibility::Private,
    });
    let head = ListHead {
        list,
        name: name.to_string(),
        visibility: visibility.name().to_owned(),
        time_zone: set.time_zone.clone().unwrap_or_else(|| "UTC".to_owned()),
        volumes: set.volumes.unwrap_or_default().name().to_owned(),
        mask: set.mask.map(|mask| mask.name().to_owned()),
        downloads: set.downloads.map(|downloads| downloads.name().to_owned()),
        drop: set.drop.as_deref().map(folded).unwrap_or_default(),
        at: now,
    };
    batch.push(Head::List(head), Vec::new())?;
    batch.rows.need_list(name.as_str())
}

/// Creates a list: as its settings say, else public or private.
///
/// # Errors
/// What storage refuses. A list that is there already is left as it is.
pub fn add_list(
    store: &dyn Store,
    name: &ListName,
    public: bool,
    site: &Site,
    now: i64,
    limits: &Limits,
) -> Result<()> {
    let mut intake = Intake::new(store, limits);
    intake.batch(PATIENCE, Packing::Single, |batch| {
        ensure_list(batch, name, public, site, now).map(|_| ())
    })
}

/// Says who may see a list. Nothing else of it changes.
///
/// # Errors
/// [`ArchiveError::NoList`](crate::ArchiveError::NoList); what storage refuses.
pub fn show_list(
    store: &dyn Store,
    name: &ListName,
    visibility: Visibility,
    now: i64,
    limits: &Limits,
) -> Result<()> {
    let mut intake = Intake::new(store, limits);
    intake.batch(PATIENCE, Packing::Single, |batch| {
        let row = batch.rows.need_list(name.as_str())?;
        let head = ListHead {
            visibility: visibility.name().to_owned(),
            ..row.head(now)
        };
        batch.push(Head::List(head), Vec::new()).map(|_| ())
    })
}

/// A setting that was recorded: from now on it counts, whatever becomes of the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The list's name.
    pub list: String,
    /// The setting: `visibility`, `mask`, `downloads`, `drop`, `volumes`, `time_zone`.
    pub key: &'static str,
    /// As it was recorded before.
    pub from: String,
    /// As it is recorded now.
    pub to: String,
}

/// Records what the settings say of the lists that are there and the journal does not say yet; what
/// they leave open stays as recorded. A looser setting takes effect by this, a closer one did before.
/// Waits for the lock as long as `wait`; takes none when there is nothing to record.
///
/// # Errors
/// [`StoreError::Locked`](posthoc_store::StoreError::Locked), and what storage refuses; then nothing
/// was recorded.
pub fn record_settings(
    store: &dyn Store,
    site: &Site,
    wait: Duration,
    now: i64,
    limits: &Limits,
) -> Result<Vec<Recorded>> {
    let rows = Rows::for_reading(store.catalog().snapshot()?);
    if !rows
        .lists()?
        .iter()
        .any(|row| differs(row, site, now).is_some())
    {
        return Ok(Vec::new());
    }
    drop(rows);
    let mut recorded = Vec::new();
    Intake::new(store, limits).batch(wait, Packing::Single, |batch| {
        for row in batch.rows.lists()? {
            if let Some(head) = differs(&row, site, now) {
                changes(&row.head(now), &head, &mut recorded);
                batch.push(Head::List(head), Vec::new())?;
            }
        }
        Ok(())
    })?;
    Ok(recorded)
}

/// A list's facts as its settings want them, when they are recorded otherwise.
fn differs(row: &ListRow, site: &Site, now: i64) -> Option<ListHead> {
    let set = site.list(&ListName::new(&row.name)?);
    let mut head = row.head(now);
    if let Some(visibility) = set.visibility {
        head.visibility = visibility.name().to_owned();
    }
    // What old records leave open counts as the default.
    if let Some(mask) = set.mask
        && head.mask.as_deref().unwrap_or("at") != mask.name()
    {
        head.mask = Some(mask.name().to_owned());
    }
    if let Some(downloads) = set.downloads
        && head.downloads.as_deref().unwrap_or("mbox") != downloads.name()
    {
        head.downloads = Some(downloads.name().to_owned());
    }
    if let Some(drop) = &set.drop {
        head.drop = folded(drop);
    }
    if let Some(volumes) = set.volumes {
        head.volumes = volumes.name().to_owned();
    }
    if let Some(time_zone) = &set.time_zone {
        head.time_zone.clone_from(time_zone);
    }
    (head != row.head(now)).then_some(head)
}

/// Names of header fields in one form.
fn folded(fields: &[String]) -> Vec<String> {
    let mut fields: Vec<String> = fields
        .iter()
        .map(|field| field.to_ascii_lowercase())
        .collect();
    fields.sort();
    fields.dedup();
    fields
}

/// A setting's name and how a record has it.
type Fact = (&'static str, fn(&ListHead) -> String);

const FACTS: [Fact; 6] = [
    ("visibility", |head| head.visibility.clone()),
    ("mask", |head| {
        head.mask.clone().unwrap_or_else(|| "at".to_owned())
    }),
    ("downloads", |head| {
        head.downloads.clone().unwrap_or_else(|| "mbox".to_owned())
    }),
    ("drop", |head| head.drop.join(", ")),
    ("volumes", |head| head.volumes.clone()),
    ("time_zone", |head| head.time_zone.clone()),
];

fn changes(before: &ListHead, after: &ListHead, recorded: &mut Vec<Recorded>) {
    for (key, fact) in FACTS {
        let (from, to) = (fact(before), fact(after));
        if from != to {
            let list = after.name.clone();
            recorded.push(Recorded {
                list,
                key,
                from,
                to,
            });
        }
    }
}

impl crate::load::Reader<'_> {
    /// What the archive has recorded of a list, setting by setting; nothing when it is not there.
    ///
    /// # Errors
    /// What storage refuses.
    pub fn recorded(&self, name: &ListName) -> Result<Vec<(&'static str, String)>> {
        let Some(row) = self.rows.list_named(name.as_str())? else {
            return Ok(Vec::new());
        };
        let head = row.head(0);
        Ok(FACTS
            .iter()
            .map(|(key, fact)| (*key, fact(&head)))
            .collect())
    }
}
