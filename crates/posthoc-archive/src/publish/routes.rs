//! Every exported route.

use crate::error::Result;
use crate::load::{PAGE, Reader, message_route};
use crate::tables::{ListRow, MailRow};
use crate::touched::Touched;
use posthoc_core::page::assets;
use posthoc_core::route::{ListName, Route, Volume};
use std::collections::HashSet;

/// All exported routes of lists: what is linked to first, then what links.
pub(super) fn all(reader: &Reader<'_>, lists: &[ListName]) -> Result<[Vec<Route>; 2]> {
    let mut routes = vec![
        Route::Home,
        Route::Search(None),
        Route::MidPage(None),
        Route::NotFound,
    ];
    routes.extend(
        assets()
            .iter()
            .map(|asset| Route::Asset(asset.name.to_owned())),
    );
    for name in lists {
        of_list(reader, name, &mut routes)?;
    }
    Ok(stages(routes))
}

/// All exported routes of one list, and the pages at its other names that lead to it.
pub(super) fn of_list(reader: &Reader<'_>, name: &ListName, routes: &mut Vec<Route>) -> Result<()> {
    let list = reader.rows.need_list(name.as_str())?;
    routes.extend(reader.other_names(name)?.into_iter().map(Route::List));
    routes.extend([
        Route::List(name.clone()),
        Route::Feed(name.clone()),
        Route::Attachments(name.clone()),
        Route::Search(Some(name.clone())),
        Route::MidPage(Some(name.clone())),
    ]);
    let mut files = HashSet::new();
    for (volume, _) in reader.rows.volumes(list.list)? {
        let touched = Touched::new(reader, &list, name.clone());
        routes.extend(touched.all_indexes(&volume)?);
        in_volume(reader, &list, name, &volume, &mut files, routes)?;
    }
    // Tombstones, and the threads that removed mails began.
    for number in reader.rows.taken_down(list.list)? {
        if let Some(row) = reader.rows.mail(list.list, number)? {
            routes.extend(message_route(&list, &row));
            if reader.thread_of(&list, &row)? == number {
                thread(reader, list.list, name, &row, routes)?;
            }
        }
    }
    Ok(())
}

/// A volume's mails, the threads that began in it and its downloads, next to each other: they are
/// made from the same mails. A file that several have stands beside the first.
fn in_volume(
    reader: &Reader<'_>,
    list: &ListRow,
    name: &ListName,
    volume: &Volume,
    files: &mut HashSet<Route>,
    routes: &mut Vec<Route>,
) -> Result<()> {
    for number in reader.rows.volume_numbers(list.list, volume)? {
        let Some(row) = reader.rows.mail(list.list, number)? else {
            continue;
        };
        routes.extend(message_route(list, &row));
        let of_mail = reader.attachment_routes(list, &row)?.into_iter();
        routes.extend(of_mail.filter(|file| files.insert(file.clone())));
        if reader.thread_of(list, &row)? == number {
            thread(reader, list.list, name, &row, routes)?;
        }
    }
    routes.push(Route::TextVolume(name.clone(), volume.clone()));
    routes.push(Route::MboxVolume(name.clone(), volume.clone()));
    Ok(())
}

/// A thread's pages and the pages at its former names.
fn thread(
    reader: &Reader<'_>,
    list: u32,
    name: &ListName,
    first: &MailRow,
    routes: &mut Vec<Route>,
) -> Result<()> {
    let mails = reader.rows.thread(list, first.number, 0, usize::MAX)?.len();
    for page in 1..=mails.div_ceil(PAGE).max(1) {
        routes.push(Route::Thread(name.clone(), first.key, page as u32));
    }
    for alias in reader.rows.aliases(list, first.number)? {
        routes.push(Route::Thread(name.clone(), alias, 1));
    }
    Ok(())
}

/// Splits routes into those that others link to and those that link to them.
pub(super) fn stages(routes: Vec<Route>) -> [Vec<Route>; 2] {
    let first = |route: &Route| {
        matches!(
            route,
            Route::Message(..)
                | Route::Thread(..)
                | Route::Attachment(..)
                | Route::TextVolume(..)
                | Route::MboxVolume(..)
                | Route::Asset(_)
        )
    };
    let (linked, linking) = routes.into_iter().partition(first);
    [linked, linking]
}
