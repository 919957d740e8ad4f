//! Pages of lists that have Pipermail's layout.

mod files;
mod folds;

use super::{Loaded, Reader};
use crate::error::Result;
use crate::tables::{ListRow, MailRow};
use flate2::{Compression, GzBuilder};
use posthoc_core::message::{Message, parse};
use posthoc_core::page::{Downloads, HtmlParts, LayoutName, Mask, View, Visibility};
use posthoc_core::route::{IndexKind, Route, Volume};
use posthoc_core::text::TimeZone;
use posthoc_pipermail::{
    Content, Index, Language, Sanitiser, Settings, Templates, TocEntry, article, index, text_entry,
    toc,
};
use std::collections::{HashMap, VecDeque};
use std::io::Write;
use std::sync::Arc;

pub use folds::Folds;

/// A list's settings as the layout takes them: for its table of contents, and for the pages below it,
/// whose links begin one folder deeper.
pub(super) struct PipermailList {
    toc: Settings,
    volumes: Settings,
}

/// Texts of mails, read; kept for the other pages and files of the same mail.
#[derive(Default)]
pub(super) struct Scrubbed {
    mails: HashMap<(u64, u32), Arc<Content>>,
    /// What is kept, with its size, the oldest first.
    order: VecDeque<((u64, u32), usize)>,
    bytes: usize,
}

/// Bytes of texts and files that are kept.
const SCRUBBED_BYTES: usize = 4 << 20;

impl Scrubbed {
    fn keep(&mut self, key: (u64, u32), content: &Arc<Content>) {
        let size = content.size();
        while self.bytes + size > SCRUBBED_BYTES
            && let Some((oldest, size)) = self.order.pop_front()
        {
            self.mails.remove(&oldest);
            self.bytes -= size;
        }
        if self.mails.insert(key, Arc::clone(content)).is_none() {
            self.order.push_back((key, size));
            self.bytes += size;
        }
    }
}

impl Reader<'_> {
    /// In which layout a list's pages are.
    pub(crate) fn layout_of(&self, list: &ListRow) -> LayoutName {
        self.settings_of(list).layout
    }

    /// Whether a static site has no file of that name, because of the list's layout: the server leads from
    /// there to what stands in its place.
    pub fn has_no_file(&self, route: &Route) -> Result<bool> {
        let Some((list, _)) = self.route_list(route)? else {
            return Ok(false);
        };
        Ok(match self.layout_of(&list) {
            LayoutName::Posthoc => matches!(
                route,
                Route::Old(..)
                    | Route::PlainVolume(..)
                    | Route::WholeMbox(_)
                    | Route::Scrubbed { .. }
            ),
            LayoutName::Pipermail => match route {
                Route::Message(..)
                | Route::Thread(..)
                | Route::Attachment(..)
                | Route::Attachments(_)
                | Route::Author(..)
                | Route::Stats(_) => true,
                Route::Index { kind, cut, .. } => *kind == IndexKind::Attachments || cut.is_some(),
                _ => false,
            },
        })
    }

    /// The page of a route that Pipermail's layout makes; of other routes nothing is said.
    pub(super) fn pipermail(&self, list: &ListRow, route: &Route) -> Result<Answered> {
        let view = match route {
            Route::List(_) => Some(self.pipermail_toc(list)?),
            Route::Volume(_, volume) => self.pipermail_index(list, volume, IndexKind::Thread)?,
            Route::Index {
                volume,
                kind: IndexKind::Attachments,
                ..
            } => return Ok(self.instead(list, Route::List, volume)),
            Route::Index {
                volume,
                kind,
                cut: Some(_),
                ..
            } => {
                let whole = |list| Route::Index {
                    list,
                    volume: volume.clone(),
                    kind: *kind,
                    cut: None,
                };
                return Ok(self.instead(list, whole, volume));
            }
            Route::Index { volume, kind, .. } => self.pipermail_index(list, volume, *kind)?,
            Route::Old(_, volume, number) => {
                let page = self.pipermail_article(list, volume, *number)?;
                return Ok(Answered::With(page));
            }
            Route::Message(_, volume, number) => {
                let moved = self.moved_if_placed(list, Some(volume), *number)?;
                return Ok(Answered::With(moved));
            }
            Route::Thread(_, key, _) => {
                let row = self.place(list, *key)?;
                let moved = match row {
                    Some(row) => self.moved_if_placed(list, None, row.number)?,
                    None => None,
                };
                return Ok(Answered::With(moved));
            }
            Route::Author(..) => return Ok(Answered::With(None)),
            Route::Attachments(name) | Route::Stats(name) => {
                return Ok(Answered::With(Some(Loaded::Moved(Route::List(
                    name.clone(),
                )))));
            }
            Route::TextVolume(_, volume) => self.pipermail_text(list, volume, true)?,
            Route::PlainVolume(_, volume) => self.pipermail_text(list, volume, false)?,
            _ => return Ok(Answered::Not),
        };
        Ok(Answered::With(
            view.map(|view| Loaded::View(Box::new(view))),
        ))
    }

    /// Another page in the place of one that this layout does not have.
    fn instead(
        &self,
        list: &ListRow,
        route: impl FnOnce(posthoc_core::route::ListName) -> Route,
        volume: &Volume,
    ) -> Answered {
        let there = matches!(self.rows.volume(list.list, volume), Ok(Some(_)));
        let name = self.name(list).filter(|_| there);
        Answered::With(name.map(|name| Loaded::Moved(route(name))))
    }

    /// Whether a list's table of contents links its whole mailbox.
    pub(crate) fn links_whole_mbox(&self, list: &ListRow) -> bool {
        self.layout_of(list) == LayoutName::Pipermail && self.pipermail_list(list).toc.links_mbox
    }

    /// The layout's settings for a list, made once.
    pub(super) fn pipermail_list(&self, list: &ListRow) -> Arc<PipermailList> {
        let mut known = self.pipermail_lists.borrow_mut();
        let made = known.entry(list.list);
        Arc::clone(made.or_insert_with(|| Arc::new(self.pipermail_settings(list))))
    }

    fn pipermail_settings(&self, list: &ListRow) -> PipermailList {
        let own = &self.settings_of(list).pipermail;
        let head = self.list_head(list);
        let language = head.as_ref().map_or("en", |head| head.language.as_str());
        let short = language.split('-').next().unwrap_or_default();
        let language = Language::named(&short.to_ascii_lowercase()).unwrap_or(Language::English);
        let address = head.as_ref().and_then(|head| head.address.clone());
        let address = address.unwrap_or_default();
        let host = address.split_once('@').map_or("", |(_, host)| host);
        let mut settings = Settings::of(&list.name, host);
        if let Some(head) = head.as_ref().filter(|head| head.title != list.name) {
            settings.real_name.clone_from(&head.title);
        }
        let base = self.settings.site.base_url.as_ref();
        settings.base_url = match base {
            Some(base) => format!("{base}/{}", list.name),
            None => "..".to_owned(),
        };
        settings.subject_prefix.clone_from(&own.subject_tag);
        settings.language = language;
        settings.obscure = self.mask(list) != Mask::None;
        settings.sanitiser = match own.html_parts {
            HtmlParts::Remove => Sanitiser::Remove,
            HtmlParts::Store => Sanitiser::Escape,
            HtmlParts::Inline => Sanitiser::Inline,
        };
        settings.attachment_names = own.attachment_names;
        settings.links_mbox = own.whole_mbox || self.visibility(list) == Visibility::Private;
        settings.links_mbox = settings.links_mbox
            && self.downloads(list) == Downloads::Mbox
            && matches!(self.fits_whole(list), Ok(true));
        settings.gzip = !own.plain_text;
        settings.templates = Templates::of(&own.templates, &list.name, host, language);
        settings.time_zone = TimeZone::named(&list.time_zone).unwrap_or_else(TimeZone::utc);
        settings.address = address;
        let listinfo = |ups: &str| match (&own.listinfo, base) {
            (Some(page), _) => page.clone(),
            (None, Some(base)) => format!("{base}/{}/", list.name),
            (None, None) => format!("{ups}{}/index.html", list.name),
        };
        let mut volumes = settings.clone();
        volumes.listinfo = listinfo("../../");
        settings.listinfo = listinfo("../");
        PipermailList {
            toc: settings,
            volumes,
        }
    }

    /// Mails of a volume whose pages change with these: those beside them in the order of threads, and those
    /// whose ids they bear, which indexes do not name any more.
    pub(crate) fn pipermail_beside(
        &self,
        list: &ListRow,
        name: &Volume,
        numbers: &[u32],
    ) -> Result<Vec<u32>> {
        let settings = Arc::clone(&self.pipermail_list(list));
        let Some(fold) = self.fold(list, name, &settings.volumes)? else {
            return Ok(Vec::new());
        };
        let mut beside = Vec::new();
        let mut around = |number| {
            let (before, after) = fold.volume.around(number);
            beside.extend(
                [before, after]
                    .into_iter()
                    .flatten()
                    .map(|mail| mail.number),
            );
        };
        let mut replaced = Vec::new();
        for number in numbers {
            around(*number);
            for mail in fold.volume.bore_its_id(*number) {
                around(mail.number);
                replaced.push(mail.number);
            }
        }
        beside.extend(replaced);
        Ok(beside)
    }

    fn pipermail_toc(&self, list: &ListRow) -> Result<View> {
        let settings = &self.pipermail_list(list).toc;
        let offered = self.downloads(list) <= Downloads::Text;
        let volumes = self.rows.volumes(list.list)?;
        let entries: Vec<TocEntry> = volumes
            .into_iter()
            .map(|(volume, row)| TocEntry {
                volume,
                // The text itself would have to be made of every mail of the list.
                text_size: offered.then_some(row.bytes),
            })
            .collect();
        let all = entries.iter().filter_map(|entry| entry.text_size).sum();
        Ok(html(settings, toc(settings, &entries, Some(all))))
    }

    fn pipermail_index(
        &self,
        list: &ListRow,
        name: &Volume,
        kind: IndexKind,
    ) -> Result<Option<View>> {
        let settings = &self.pipermail_list(list).volumes;
        let kind = match kind {
            IndexKind::Thread => Index::Thread,
            IndexKind::Subject => Index::Subject,
            IndexKind::Author => Index::Author,
            IndexKind::Date => Index::Date,
            IndexKind::Attachments => return Ok(None),
        };
        let fold = self.fold(list, name, settings)?;
        let page = |fold: Arc<folds::Fold>| {
            let page = index(settings, name, &fold.volume, kind, fold.archived);
            html(settings, page)
        };
        Ok(fold.map(page))
    }

    fn pipermail_article(
        &self,
        list: &ListRow,
        name: &Volume,
        number: u32,
    ) -> Result<Option<Loaded>> {
        let found = self.mail_at(list, number)?;
        let Some(found) = found.filter(|found| found.volume() == name.as_str()) else {
            return Ok(None);
        };
        let (rest, row) = (found.is_rest(), found.row);
        if row.hidden {
            return Ok(Some(Loaded::Gone(self.chrome(list))));
        }
        if rest {
            return Ok(self.message_route(list, &row).map(Loaded::Moved));
        }
        let settings = &self.pipermail_list(list).volumes;
        let scrubbed = self.scrubbed(list, &row)?;
        let fold = self.fold(list, name, settings)?;
        let made = fold.as_ref().and_then(|fold| {
            let mail = fold.volume.article(number)?;
            Some(article(settings, &fold.volume, mail, &scrubbed))
        });
        let page = made.map(|page| Loaded::View(Box::new(html(settings, page))));
        Ok(page)
    }

    fn pipermail_text(
        &self,
        list: &ListRow,
        name: &Volume,
        compressed: bool,
    ) -> Result<Option<View>> {
        let settings = &self.pipermail_list(list).volumes;
        let Some(fold) = self.fold(list, name, settings)? else {
            return Ok(None);
        };
        let mut text = Vec::new();
        for mail in fold.volume.articles() {
            if let Some(found) = self.mail_at(list, mail.number)? {
                let scrubbed = self.scrubbed(list, &found.row)?;
                text.extend(text_entry(settings, mail, &scrubbed));
            }
        }
        Ok(Some(match compressed {
            false => View::File {
                media_type: format!("text/plain; charset={}", settings.language.charset_name()),
                bytes: text,
            },
            true => {
                let mut packer = GzBuilder::new()
                    .mtime(0)
                    .write(Vec::new(), Compression::fast());
                // Writing to memory does not fail.
                let _ = packer.write_all(&text);
                View::File {
                    media_type: "application/gzip".to_owned(),
                    bytes: packer.finish().unwrap_or_default(),
                }
            }
        }))
    }

    /// A mail's text, and the files that are taken out of it.
    fn scrubbed(&self, list: &ListRow, row: &MailRow) -> Result<Arc<Content>> {
        let key = (row.seq, row.number);
        if let Some(known) = self.scrubbed.borrow().mails.get(&key) {
            return Ok(Arc::clone(known));
        }
        let settings = &self.pipermail_list(list).volumes;
        let bytes = self.pipermail_bytes(list, row)?;
        let message: Message = parse(&bytes, self.limits());
        let placed = self.placed_in_pipermail(list, row)?;
        let content = Content::read(&message, &bytes, &placed, self.limits(), settings);
        let content = Arc::new(content);
        self.scrubbed.borrow_mut().keep(key, &content);
        Ok(content)
    }
}

/// Whether the layout has a say about a route, and what it says.
pub(super) enum Answered {
    /// It is as in posthoc's own layout.
    Not,
    /// This.
    With(Option<Loaded>),
}

fn html(settings: &Settings, bytes: Vec<u8>) -> View {
    View::Foreign {
        media_type: format!("text/html; charset={}", settings.language.charset_name()),
        bytes,
    }
}
