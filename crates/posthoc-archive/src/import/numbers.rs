//! The numbers that an old Pipermail archive gave: its pages are matched to the mails that come, so that links go
//! on to lead where they led.

use crate::error::{ArchiveError, Result};
use crate::intake::{Batch, Prepared};
use crate::tables::Rows;
use flate2::read::MultiGzDecoder;
use posthoc_core::message::{MessageId, MessageKey};
use posthoc_core::route::Volume;
use posthoc_pipermail::read::{OldMail, numbered, text_volume_mails};
use posthoc_store::{AliasHead, Head, Store};
use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Bytes of one text volume that are read.
const LONGEST_TEXT: u64 = 1 << 30;
/// Bytes of a page at which its mail is looked for.
const PAGE_HEAD: u64 = 64 << 10;

/// Pages of one date; those of an archive that was built twice are of one mail.
#[derive(Clone, Debug, Default)]
struct Dated {
    places: Vec<Place>,
    subject: String,
    /// They are of several mails.
    several: bool,
}

/// A volume and a number in it.
pub(crate) type Place = (String, u32);

/// Where the old archive had its mails.
#[derive(Clone, Debug, Default)]
pub struct OldNumbers {
    by_id: HashMap<MessageKey, Vec<Place>>,
    /// Of mails that had no Message-ID, by their `Date` as written; only where it names one mail.
    by_date: HashMap<String, Dated>,
    pages: u64,
    /// Pages that tell nothing of their mails.
    unknown: Vec<Place>,
    /// Above every old number.
    floor: u32,
}

impl OldNumbers {
    /// Reads a list's folder as Pipermail left it: volumes with pages named by numbers, and text volumes.
    ///
    /// # Errors
    /// A folder that cannot be read, or holds no such volume.
    pub fn read(tree: &Path) -> Result<Self> {
        let mut numbers = OldNumbers::default();
        for (name, volume) in volumes(tree)? {
            let pages = pages(&volume)?;
            let texts: Vec<Vec<OldMail>> = texts(tree, &name)
                .into_iter()
                .map(|(_, mails)| mails)
                .collect();
            let mut page = |number| {
                let names = [format!("{number:06}.html"), format!("{number:06}.htm")];
                names.iter().find_map(|name| head_of(&volume.join(name)))
            };
            for (number, mail) in numbered(&pages, &texts, &mut page) {
                numbers.add(&name, number, mail);
            }
        }
        if numbers.pages == 0 {
            return Err(ArchiveError::NoOldPages(tree.to_owned()));
        }
        for (_, dated) in numbers.by_date.extract_if(|_, dated| dated.several) {
            numbers.unknown.extend(dated.places);
        }
        Ok(numbers)
    }

    /// No old pages; the next mail's number is that one or a higher one.
    pub fn above(floor: u32) -> Self {
        OldNumbers {
            floor,
            ..OldNumbers::default()
        }
    }

    fn add(&mut self, volume: &str, number: u32, mail: OldMail) {
        self.pages += 1;
        self.floor = self.floor.max(number.saturating_add(1));
        let place = (volume.to_owned(), number);
        // Pipermail made ids for mails without one.
        let made = |id: &String| id.starts_with("mailman.") && id.matches('.').count() > 3;
        match (mail.id, mail.date) {
            (Some(id), _) if !made(&id) => {
                let key = MessageKey::of(&MessageId(id));
                self.by_id.entry(key).or_default().push(place);
            }
            (_, Some(date)) => {
                let dated = self.by_date.entry(date).or_default();
                dated.several |= !dated.places.is_empty() && dated.subject != mail.subject;
                dated.subject = mail.subject;
                dated.places.push(place);
            }
            _ => self.unknown.push(place),
        }
    }

    /// Pages of the old archive.
    pub fn pages(&self) -> u64 {
        self.pages
    }

    /// The old pages whose numbers lead nowhere on a list, in order.
    ///
    /// # Errors
    /// Storage that fails; no list of that name.
    pub fn unanswered(&self, store: &dyn Store, list: &str) -> Result<Vec<String>> {
        let rows = Rows::for_reading(store.catalog().snapshot()?);
        let list = rows.need_list(list)?.list;
        let mut missing = Vec::new();
        let by_date = self.by_date.values().flat_map(|dated| &dated.places);
        let known = self.by_id.values().flatten().chain(by_date);
        for place in known.chain(&self.unknown) {
            if rows.mail(list, place.1)?.is_none() && rows.alias(list, place.1)?.is_none() {
                missing.push((place.1, format!("{}/{:06}.html", place.0, place.1)));
            }
        }
        missing.sort();
        Ok(missing.into_iter().map(|(_, path)| path).collect())
    }

    /// The pages that a mail had, in the order of their numbers.
    fn places(&self, mail: &Prepared) -> &[Place] {
        let key = MessageKey::of(&mail.summary.id);
        if let Some(places) = self.by_id.get(&key) {
            return places;
        }
        let date = date_of(&mail.raw.bytes);
        date.and_then(|date| self.by_date.get(&date))
            .map_or(&[], |dated| dated.places.as_slice())
    }

    /// Those of them that lead nowhere yet.
    pub(super) fn free(&self, batch: &Batch<'_>, list: u32, mail: &Prepared) -> Result<Vec<Place>> {
        let mut free = Vec::new();
        for place in self.places(mail) {
            let taken = batch.rows.mail(list, place.1)?.is_some()
                || batch.rows.alias(list, place.1)?.is_some();
            if !taken {
                free.push(place.clone());
            }
        }
        Ok(free)
    }

    /// The least number of a mail that the old archive did not have.
    pub(super) fn floor(&self) -> u32 {
        self.floor
    }
}

/// The text volumes of a list's folder as Pipermail left it, oldest first; of two forms of one volume the one that
/// has a mail for every page, else the one that has more. Empty where there are no pages or no texts.
///
/// # Errors
/// A folder that cannot be read.
pub fn pipermail_texts(tree: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for (name, folder) in volumes(tree)? {
        let pages = pages(&folder)?.len();
        let texts = texts(tree, &name);
        let best = texts
            .into_iter()
            .max_by_key(|(_, mails)| (mails.len() == pages, mails.len()));
        if let (Some((path, _)), Some(volume)) = (best, Volume::parse(&name)) {
            found.push((volume.start(), path));
        }
    }
    found.sort();
    Ok(found.into_iter().map(|(_, path)| path).collect())
}

/// A volume's texts, compressed and not.
fn texts(tree: &Path, name: &str) -> Vec<(PathBuf, Vec<OldMail>)> {
    let paths = ["txt.gz", "txt"].map(|end| tree.join(format!("{name}.{end}")));
    let read = |path: PathBuf| {
        let mails = text_volume_mails(&text(&path)?);
        Some((path, mails))
    };
    paths.into_iter().filter_map(read).collect()
}

/// Has further pages of a mail lead to it.
pub(super) fn lead(
    batch: &mut Batch<'_>,
    (list, of): (u32, u32),
    places: &[Place],
    (source, offset): (u64, u64),
    at: i64,
) -> Result<()> {
    for (volume, number) in places {
        let head = AliasHead {
            list,
            number: *number,
            volume: volume.clone(),
            of,
            source,
            offset,
            rest: false,
            at,
        };
        batch.push(Head::Alias(head), Vec::new())?;
    }
    Ok(())
}

/// Folders that are volumes, by their names; whatever else stands there is passed over.
fn volumes(tree: &Path) -> Result<BTreeMap<String, PathBuf>> {
    let entries = fs::read_dir(tree).map_err(|source| ArchiveError::File {
        action: "read",
        path: tree.to_owned(),
        source,
    })?;
    let mut volumes = BTreeMap::new();
    for path in entries.flatten().map(|entry| entry.path()) {
        let name = path.file_name().and_then(|name| name.to_str());
        let name = name.filter(|name| path.is_dir() && Volume::parse(name).is_some());
        volumes.extend(name.map(|name| (name.to_owned(), path.clone())));
    }
    Ok(volumes)
}

/// Numbers of the pages of a volume, rising.
fn pages(volume: &Path) -> Result<Vec<u32>> {
    let entries = fs::read_dir(volume).map_err(|source| ArchiveError::File {
        action: "read",
        path: volume.to_owned(),
        source,
    })?;
    let mut pages: Vec<u32> = entries
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let stem = name.strip_suffix(".html").or(name.strip_suffix(".htm"))?;
            let digits = stem.len() >= 6 && stem.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| stem.parse().ok())?
        })
        .collect();
    pages.sort_unstable();
    pages.dedup();
    Ok(pages)
}

/// A text volume, unpacked; none where there is none that can be read.
fn text(path: &Path) -> Option<Vec<u8>> {
    let file = fs::File::open(path).ok()?;
    let mut bytes = Vec::new();
    let read = match path.extension().is_some_and(|end| end == "gz") {
        true => MultiGzDecoder::new(file)
            .take(LONGEST_TEXT)
            .read_to_end(&mut bytes),
        false => file.take(LONGEST_TEXT).read_to_end(&mut bytes),
    };
    read.ok().map(|_| bytes)
}

fn head_of(path: &Path) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = fs::File::open(path).ok()?;
    file.take(PAGE_HEAD).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

/// A mail's `Date`, as it is written in the first line of that field.
fn date_of(bytes: &[u8]) -> Option<String> {
    for line in bytes.split(|byte| *byte == b'\n') {
        if line.trim_ascii().is_empty() {
            return None;
        }
        let (name, value) = line.split_at_checked(5)?;
        if name.eq_ignore_ascii_case(b"date:") {
            return Some(String::from_utf8_lossy(value.trim_ascii()).into_owned());
        }
    }
    None
}
