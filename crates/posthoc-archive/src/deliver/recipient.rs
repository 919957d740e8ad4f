//! Which list is meant: by the address that a mail is handed in for, by what the mail says of its list,
//! by those whom it is written to.

use crate::error::Result;
use crate::lists::known_as;
use crate::tables::{ListRow, Rows};
use posthoc_core::message::Message;
use posthoc_core::page::Site;
use posthoc_core::route::ListName;

/// What a mail itself says of where it belongs.
pub(crate) struct Claims {
    list_id: Option<String>,
    to: Vec<String>,
}

impl Claims {
    pub(crate) fn of(message: &Message) -> Self {
        let boxes = message.to.iter().chain(&message.cc);
        Claims {
            list_id: message.list_id.clone(),
            to: boxes.map(|mailbox| mailbox.address.clone()).collect(),
        }
    }

    /// The lists that the mail says: the one of its `List-Id`, else those with an address in `To` and `Cc`.
    pub(crate) fn lists(&self, rows: &Rows<'_>, site: &Site) -> Result<Vec<ListRow>> {
        if let Some(id) = &self.list_id
            && let Some(row) = by_list_id(rows, site, id)?
        {
            return Ok(vec![row]);
        }
        let mut found: Vec<ListRow> = Vec::new();
        for address in &self.to {
            if let Some(row) = by_address(rows, site, address)?
                && !found.iter().any(|other| other.list == row.list)
            {
                found.push(row);
            }
        }
        Ok(found)
    }
}

/// The lists that a recipient stands for: the one with that address, or with the name, alias or former
/// name before its @. Where it is nobody's own, as one that is subscribed to many lists, those that the
/// mail says: by `List-Id`, else by the addresses in `To` and `Cc`. None when no list is meant.
pub(super) fn lists_for(
    rows: &Rows<'_>,
    site: &Site,
    recipient: &str,
    claims: &Claims,
) -> Result<Vec<ListRow>> {
    let local = recipient.rsplit_once('@').map_or(recipient, |(at, _)| at);
    if let Some(row) = by_address(rows, site, recipient)? {
        return Ok(vec![row]);
    }
    if let Some(row) = by_name(rows, site, local)? {
        return Ok(vec![row]);
    }
    claims.lists(rows, site)
}

/// The list that has an address, in any case.
fn by_address(rows: &Rows<'_>, site: &Site, address: &str) -> Result<Option<ListRow>> {
    for (name, settings) in &site.lists {
        let own = settings.address_of(name);
        if own.is_some_and(|own| own.eq_ignore_ascii_case(address)) {
            return known_as(rows, name, site);
        }
    }
    // Lists without settings of their own have the domain of all.
    let Some(domain) = &site.defaults.domain else {
        return Ok(None);
    };
    match address.rsplit_once('@') {
        Some((local, at)) if at.eq_ignore_ascii_case(domain) => by_name(rows, site, local),
        _ => Ok(None),
    }
}

fn by_name(rows: &Rows<'_>, site: &Site, name: &str) -> Result<Option<ListRow>> {
    match ListName::new(name) {
        Some(name) => known_as(rows, &name, site),
        None => Ok(None),
    }
}

/// The list of a `List-Id` (RFC 2919): the one whose settings say so, else the one whose address is the
/// same with an @ in the place of a dot; a list whose address nobody has told is found by its name.
fn by_list_id(rows: &Rows<'_>, site: &Site, id: &str) -> Result<Option<ListRow>> {
    for (name, settings) in &site.lists {
        let own = settings.list_id.as_deref();
        if own.is_some_and(|own| own.eq_ignore_ascii_case(id)) {
            return known_as(rows, name, site);
        }
    }
    for (dot, _) in id.match_indices('.') {
        let address = format!("{}@{}", &id[..dot], &id[dot + 1..]);
        if let Some(row) = by_address(rows, site, &address)? {
            return Ok(Some(row));
        }
    }
    // The longest name first: names may have dots too.
    let dots = id.match_indices('.').map(|(dot, _)| dot);
    let mut ends: Vec<usize> = dots.chain([id.len()]).collect();
    ends.reverse();
    for end in ends {
        let Some(row) = by_name(rows, site, &id[..end])? else {
            continue;
        };
        let settings = ListName::new(&row.name).map(|name| site.list(&name));
        let told = settings.is_some_and(|set| {
            set.address.is_some() || set.domain.is_some() || set.list_id.is_some()
        });
        if !told {
            return Ok(Some(row));
        }
    }
    Ok(None)
}
