//! Lists themselves: made, set, named. What protects people and what shapes URLs is ground state; the
//! rest of a list's settings is the configuration's alone.

use crate::error::{ArchiveError, Result};
use crate::intake::{Batch, Intake, PATIENCE};
use crate::tables::{ListRow, Rows};
use posthoc_core::message::Limits;
use posthoc_core::page::{Downloads, Site, Visibility};
use posthoc_core::route::ListName;
use posthoc_store::{Head, ListHead, Packing, Store};
use std::collections::BTreeSet;
use std::time::Duration;

/// The list that is known by a name: its own, else one that it had, else one that settings give it.
pub(crate) fn known_as(rows: &Rows<'_>, name: &ListName, site: &Site) -> Result<Option<ListRow>> {
    if let Some(row) = rows.list_called(name.as_str())? {
        return Ok(Some(row));
    }
    match site.aliases.get(name) {
        Some(name) => rows.list_called(name.as_str()),
        None => Ok(None),
    }
}

/// The list that is known by a name, made when there is none.
pub(crate) fn ensure_list(
    batch: &mut Batch<'_>,
    name: &ListName,
    public: bool,
    site: &Site,
    now: i64,
) -> Result<ListRow> {
    match known_as(&batch.rows, name, site)? {
        Some(row) => Ok(row),
        None => make(batch, name, public, site, now),
    }
}

/// Makes a list: as its settings say, else public or private, in UTC and with monthly volumes.
fn make(
    batch: &mut Batch<'_>,
    name: &ListName,
    public: bool,
    site: &Site,
    now: i64,
) -> Result<ListRow> {
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

/// Creates a list: as its settings say, else public or private. `take_over`: also under a name that
/// another list had; what led to that one then leads to the new one.
///
/// # Errors
/// [`ArchiveError::FormerName`]; what storage refuses. A list of that very name is left as it is.
pub fn add_list(
    store: &dyn Store,
    name: &ListName,
    public: bool,
    take_over: bool,
    site: &Site,
    now: i64,
    limits: &Limits,
) -> Result<()> {
    Intake::new(store, limits).batch(PATIENCE, Packing::Single, |batch| {
        if batch.rows.list_named(name.as_str())?.is_some() {
            return Ok(());
        }
        may_have(&batch.rows, name, None, take_over)?;
        make(batch, name, public, site, now).map(|_| ())
    })
}

/// Gives a list another name. The old one stays its own too: pages, deliveries and verbs find the list
/// by it, until another list takes the name over. That it has the new name already is no error.
///
/// # Errors
/// [`ArchiveError::NoList`], [`ArchiveError::NameTaken`], [`ArchiveError::FormerName`]; what storage
/// refuses.
pub fn rename_list(
    store: &dyn Store,
    old: &ListName,
    new: &ListName,
    take_over: bool,
    now: i64,
    limits: &Limits,
) -> Result<()> {
    Intake::new(store, limits).batch(PATIENCE, Packing::Single, |batch| {
        let row = batch.rows.need_list(old.as_str())?;
        if row.name == new.as_str() {
            return Ok(());
        }
        if row.name != old.as_str() {
            let (name, list) = (old.to_string(), row.name);
            return Err(ArchiveError::FormerName { name, list });
        }
        may_have(&batch.rows, new, Some(row.list), take_over)?;
        let head = ListHead {
            name: new.to_string(),
            ..row.head(now)
        };
        batch.push(Head::List(head), Vec::new()).map(|_| ())
    })
}

/// Whether a list may take a name: it is nobody's, and what leads nowhere else may be led here.
fn may_have(rows: &Rows<'_>, name: &ListName, own: Option<u32>, take_over: bool) -> Result<()> {
    match rows.list_called(name.as_str())? {
        Some(row) if row.name == name.as_str() => Err(ArchiveError::NameTaken(row.name)),
        Some(row) if own != Some(row.list) && !take_over => Err(ArchiveError::FormerName {
            name: name.to_string(),
            list: row.name,
        }),
        _ => Ok(()),
    }
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
        let Some(row) = self.known_as(name)? else {
            return Ok(Vec::new());
        };
        let head = row.head(0);
        Ok(FACTS
            .iter()
            .map(|(key, fact)| (*key, fact(&head)))
            .collect())
    }

    /// The list that is known by a name.
    pub(crate) fn known_as(&self, name: &ListName) -> Result<Option<ListRow>> {
        known_as(&self.rows, name, self.site())
    }

    /// The name of the list that is known by a name: its own, one that it had, one that settings give
    /// it. None when there is no such list, or none that the audience may see.
    ///
    /// # Errors
    /// What storage refuses.
    pub fn called(&self, name: &ListName) -> Result<Option<ListName>> {
        let row = self.known_as(name)?.filter(|row| self.sees(row));
        Ok(row.and_then(|row| ListName::new(&row.name)))
    }

    /// The number of the list that is known by a name, whoever may see it: what stays the same when
    /// names change hands. Numbers are never given twice.
    ///
    /// # Errors
    /// What storage refuses.
    pub fn number_of(&self, name: &ListName) -> Result<Option<u32>> {
        Ok(self.known_as(name)?.map(|row| row.list))
    }

    /// Which files of whole volumes the audience may take from a list; none when it does not see it.
    ///
    /// # Errors
    /// What storage refuses.
    pub fn downloads_of(&self, name: &ListName) -> Result<Downloads> {
        let row = self.rows.list_named(name.as_str())?;
        let seen = row.filter(|row| self.sees(row));
        Ok(seen.map_or(Downloads::None, |row| self.downloads(&row)))
    }

    /// The other names of a list: those that it had, and those that settings give it.
    ///
    /// # Errors
    /// What storage refuses.
    pub fn other_names(&self, name: &ListName) -> Result<BTreeSet<ListName>> {
        let Some(row) = self.rows.list_named(name.as_str())? else {
            return Ok(BTreeSet::new());
        };
        let former = self.rows.former_names(row.list)?;
        let mut names: BTreeSet<ListName> = former
            .iter()
            .filter_map(|name| ListName::new(name))
            .collect();
        for (alias, of) in &self.site().aliases {
            if of == name && self.rows.list_called(alias.as_str())?.is_none() {
                names.insert(alias.clone());
            }
        }
        Ok(names)
    }
}
