//! What an archive knows of its mails, kept from one run to the next.

use crate::archive::{Archive, Surroundings};
use crate::mail::{Mail, Refused};
use crate::resources::{Refusal, Resources};
use crate::template::Piece;
use crate::ties::mark;
use posthoc_core::message::Message;
use std::collections::BTreeMap;

/// Bytes that a mail takes, about, and as most mails do at least.
const ABOUT: usize = 512;
const LEAST: usize = 150;

impl Archive {
    /// The mails as bytes for [`restored`](Self::restored), by the same version of the program.
    pub fn kept(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.mails.len() * ABOUT);
        bytes.extend_from_slice(&read_with(&self.resources, &self.around).to_le_bytes());
        self.kept_behind(bytes, 0)
    }

    /// The same, where the first mails are in `kept` already, as they are now.
    pub fn kept_behind(&self, kept: Vec<u8>, first: usize) -> Vec<u8> {
        let behind = self.mails.iter().skip(first);
        // Writing to memory does not fail.
        behind.fold(kept, |bytes, mail| {
            postcard::to_extend(mail, bytes).unwrap_or_default()
        })
    }

    /// The archive whose mails were [kept](Self::kept), and what of its resources is not done; none where the
    /// bytes are not whole, or the mails were read with other resources.
    pub fn restored(
        resources: Resources,
        around: Surroundings,
        kept: &[u8],
    ) -> Option<(Self, Vec<Refusal>)> {
        let (with, mut rest) = kept.split_first_chunk::<8>()?;
        if u64::from_le_bytes(*with) != read_with(&resources, &around) {
            return None;
        }
        // Room for all at once: a list that grows is moved again and again.
        let mut mails = Vec::with_capacity(rest.len() / LEAST);
        while !rest.is_empty() {
            let (mail, behind) = postcard::take_from_bytes::<Mail>(rest).ok()?;
            mails.push(mail);
            rest = behind;
        }
        let (mut archive, refused) = Archive::new(resources, around);
        let ids = mails.iter().enumerate();
        archive.ids = ids.map(|(at, mail)| (mail.id.clone(), at)).collect();
        archive.next = mails.last().map_or(0, |mail| mail.number.saturating_add(1));
        archive.mails = mails;
        Some((archive, refused))
    }

    /// Whether what is known of the mail under a number is what its header says; also where nothing is known of
    /// it and there is a mail with its id.
    ///
    /// The time of a mail without a date is that of the run which took it in.
    pub fn knows(&self, number: u32, message: &Message, raw: &[u8]) -> bool {
        let mut read = self.read(number, message, raw);
        match self.mails.binary_search_by_key(&number, |mail| mail.number) {
            Ok(at) => {
                let known = &self.mails[at];
                if read.time == self.around.now {
                    (read.time, read.date) = (known.time, known.date.clone());
                }
                *known == read
            }
            Err(_) => self.ids.contains_key(&read.id),
        }
    }

    /// A number for what shapes pages besides the mails and the resources: notes, the folder, the environment
    /// as far as it is shown.
    pub fn shape(&self) -> u64 {
        let mut notes: Vec<_> = self.notes.iter().collect();
        notes.sort();
        let derived = self
            .derived
            .iter()
            .flat_map(|(name, content)| [name, content]);
        let pieces = self.templates.iter().chain(derived).flat_map(|all| &all.0);
        let named: BTreeMap<&str, Option<&String>> = pieces
            .filter_map(|piece| match piece {
                Piece::Variable(variable) if variable.name == "ENV" => {
                    let name = variable.argument.split(';').next().unwrap_or_default();
                    Some((name, self.around.environment.get(name)))
                }
                _ => None,
            })
            .collect();
        mark(format!("{notes:?} {named:?} {:?}", self.around.folder).as_bytes())
    }

    /// Puts a mail behind all others, as [`put`](Self::put) does.
    ///
    /// # Errors
    /// [`Refused::Duplicate`]
    pub(crate) fn push(&mut self, mail: Mail) -> Result<u32, Refused> {
        if self.ids.contains_key(&mail.id) {
            return Err(Refused::Duplicate);
        }
        let number = mail.number;
        self.ids.insert(mail.id.clone(), self.mails.len());
        self.mails.push(mail);
        self.next = number.saturating_add(1);
        Ok(number)
    }
}

/// A number for what mails are read with.
fn read_with(resources: &Resources, around: &Surroundings) -> u64 {
    let mut with = resources.kept();
    with.extend_from_slice(format!("{:?}", around.time_zone).as_bytes());
    mark(&with)
}

/// Bytes in one piece: by default each would be read and written alone.
pub(crate) mod bytes {
    use serde::de::{Deserializer, Error, Visitor};
    use serde::ser::Serializer;
    use std::fmt;

    struct Whole;

    impl Visitor<'_> for Whole {
        type Value = Vec<u8>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("bytes")
        }

        fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
            Ok(bytes.to_vec())
        }
    }

    pub(crate) fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_bytes(bytes)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        from.deserialize_bytes(Whole)
    }
}

/// Ids in one piece, each behind its length.
pub(crate) mod ids {
    use super::bytes;
    use serde::de::{Deserializer, Error};
    use serde::ser::Serializer;

    pub(crate) fn serialize<S: Serializer>(ids: &[Vec<u8>], to: S) -> Result<S::Ok, S::Error> {
        let mut whole = Vec::new();
        for id in ids {
            // A header field is never that long.
            let length = u32::try_from(id.len()).unwrap_or(u32::MAX);
            whole.extend_from_slice(&length.to_le_bytes());
            whole.extend_from_slice(id);
        }
        bytes::serialize(&whole, to)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Vec<Vec<u8>>, D::Error> {
        let whole = bytes::deserialize(from)?;
        let (mut ids, mut rest) = (Vec::new(), whole.as_slice());
        while let Some((length, behind)) = rest.split_first_chunk::<4>() {
            let length = u32::from_le_bytes(*length) as usize;
            let id = behind.get(..length);
            ids.push(id.ok_or_else(|| D::Error::custom("cut short"))?.to_vec());
            rest = &behind[length..];
        }
        Ok(ids)
    }
}
