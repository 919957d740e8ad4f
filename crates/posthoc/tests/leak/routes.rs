//! Every page that there could be.

use crate::lab::{HUSH, Lab, MASKED, NOWHERE, PLAIN};
use posthoc_core::message::{MessageId, MessageKey};
use posthoc_core::page::assets;
use posthoc_core::route::{IndexKind, ListName, Route, Volume};

/// The kind of a route. A new variant must be named here and in [`KINDS`], and then [`all`] must have
/// one, or the walk fails.
pub(crate) fn kind(route: &Route) -> &'static str {
    match route {
        Route::Home => "home",
        Route::List(_) => "list",
        Route::Volume(..) => "volume",
        Route::Index { kind, .. } => match kind {
            IndexKind::Thread => "index by thread",
            IndexKind::Subject => "index by subject",
            IndexKind::Author => "index by author",
            IndexKind::Date => "index by date",
            IndexKind::Attachments => "index of attachments",
        },
        Route::Message(..) => "message",
        Route::Eml(..) => "eml",
        Route::Mbox(..) => "mbox",
        Route::TextVolume(..) => "text volume",
        Route::MboxVolume(..) => "mbox volume",
        Route::Thread(..) => "thread",
        Route::ThreadMbox(..) => "thread mbox",
        Route::Attachment(..) => "attachment",
        Route::Attachments(_) => "attachments",
        Route::Author(..) => "author",
        Route::Stats(_) => "stats",
        Route::Feed(_) => "feed",
        Route::Search(_) => "search",
        Route::MidPage(_) => "mid page",
        Route::Mid(..) => "mid",
        Route::Number(..) => "number",
        Route::Old(..) => "old",
        Route::PlainVolume(..) => "plain volume",
        Route::WholeMbox(_) => "whole mbox",
        Route::Scrubbed { .. } => "scrubbed",
        Route::Sitemap { .. } => "sitemap",
        Route::SitemapIndex => "sitemap index",
        Route::Robots => "robots",
        Route::Asset(_) => "asset",
        Route::NotFound => "not found",
        Route::SignIn => "sign in",
        Route::SignOut => "sign out",
    }
}

/// Every kind.
pub(crate) const KINDS: [&str; 35] = [
    "whole mbox",
    "plain volume",
    "scrubbed",
    "home",
    "list",
    "volume",
    "index by thread",
    "index by subject",
    "index by author",
    "index by date",
    "index of attachments",
    "message",
    "eml",
    "mbox",
    "text volume",
    "mbox volume",
    "thread",
    "thread mbox",
    "attachment",
    "attachments",
    "author",
    "stats",
    "feed",
    "search",
    "mid page",
    "mid",
    "number",
    "old",
    "sitemap",
    "sitemap index",
    "robots",
    "asset",
    "not found",
    "sign in",
    "sign out",
];

/// Numbers of mails that are asked for: more than any list has.
const NUMBERS: u32 = 10;

/// The site's own pages, and every page of every list that there is or could be.
pub(crate) fn all(lab: &Lab) -> Vec<Route> {
    let mut routes = vec![
        Route::Home,
        Route::Search(None),
        Route::MidPage(None),
        Route::NotFound,
        Route::SitemapIndex,
        Route::Robots,
        Route::SignIn,
        Route::SignOut,
    ];
    let assets = assets().into_iter().map(|asset| asset.name.to_owned());
    routes.extend(assets.map(Route::Asset));
    routes.extend(ids(lab).map(|id| Route::Mid(None, id)));
    let names = [PLAIN, MASKED, HUSH, NOWHERE];
    for name in names
        .into_iter()
        .chain([&*lab.private, &lab.former, &lab.alias])
    {
        of_list(lab, &ListName::new(name).unwrap(), &mut routes);
    }
    routes
}

fn ids(lab: &Lab) -> impl Iterator<Item = MessageId> {
    lab.ids.iter().map(|id| MessageId(id.clone()))
}

/// Every page of a list.
pub(crate) fn of_list(lab: &Lab, list: &ListName, routes: &mut Vec<Route>) {
    let l = || list.clone();
    routes.extend([
        Route::WholeMbox(l()),
        Route::List(l()),
        Route::Feed(l()),
        Route::Search(Some(l())),
        Route::MidPage(Some(l())),
        Route::Attachments(l()),
        Route::Stats(l()),
    ]);
    let files = lab.files.iter().cloned();
    routes.extend(files.map(|(key, name)| Route::Attachment(l(), key, name)));
    for volume in ["2025-November", "2025"] {
        in_volume(list, &Volume::parse(volume).unwrap(), routes);
    }
    routes.extend((0..NUMBERS).map(|number| Route::Number(l(), number)));
    for id in ids(lab) {
        let key = MessageKey::of(&id);
        routes.push(Route::Mid(Some(l()), id));
        routes.push(Route::Thread(l(), key, 1));
        routes.push(Route::Thread(l(), key, 2));
        routes.push(Route::ThreadMbox(l(), key));
        routes.extend((0..2).map(|page| Route::Author(l(), key, page)));
    }
}

fn in_volume(list: &ListName, volume: &Volume, routes: &mut Vec<Route>) {
    let (l, v) = (|| list.clone(), || volume.clone());
    routes.extend([
        Route::Volume(l(), v()),
        Route::TextVolume(l(), v()),
        Route::MboxVolume(l(), v()),
        Route::PlainVolume(l(), v()),
        Route::Scrubbed {
            list: l(),
            day: 20_251_103,
            mail: 1,
            name: "attachment.bin".to_owned(),
        },
    ]);
    let kinds = [
        IndexKind::Thread,
        IndexKind::Subject,
        IndexKind::Author,
        IndexKind::Date,
        IndexKind::Attachments,
    ];
    for kind in kinds {
        for cut in [None, Some("03"), Some("a"), Some("z")] {
            routes.push(Route::Index {
                list: l(),
                volume: v(),
                kind,
                cut: cut.map(str::to_owned),
            });
        }
    }
    for cut in [None, Some("03"), Some("20251103")] {
        routes.push(Route::Sitemap {
            list: l(),
            volume: v(),
            cut: cut.map(str::to_owned),
        });
    }
    for number in 0..NUMBERS {
        routes.extend([
            Route::Message(l(), v(), number),
            Route::Eml(l(), v(), number),
            Route::Mbox(l(), v(), number),
            Route::Old(l(), v(), number),
        ]);
    }
}
