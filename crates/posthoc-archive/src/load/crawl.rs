//! What crawlers read: `robots.txt` and sitemaps. Only what everybody is shown without asking stands in
//! them; members have none.

use super::Reader;
use super::index::{cut_day, day_cut};
use crate::error::Result;
use crate::tables::keys::{Key, dated, last_u32};
use crate::tables::{ListRow, VolumeRow};
use posthoc_core::page::{Audience, Lastmod, Robots, RobotsView, SitemapView, Visibility};
use posthoc_core::route::{ListName, Route, Volume};
use posthoc_core::text::TimeZone;
use posthoc_store::Direction::Forward;

/// Mails of a volume above which its sitemap is cut by day, so that one more mail rewrites little.
pub(crate) const SITEMAP_CUT_ABOVE: u64 = 1_000;
/// Pages that one sitemap names, as the protocol limits them.
const MOST: usize = 50_000;
/// Lists that `robots.txt` names one by one.
const ROBOTS_LISTS: usize = 2_000;

impl Reader<'_> {
    pub(super) fn robots(&self) -> Result<Option<RobotsView>> {
        if !self.site().owns_root() {
            return Ok(None);
        }
        let mut lists = Vec::new();
        if self.audience == Audience::Public {
            let shown = self.shown_lists()?;
            lists = shown
                .iter()
                .filter_map(|list| self.list_head(list))
                .collect();
            lists.truncate(ROBOTS_LISTS);
        }
        Ok(Some(RobotsView {
            closed: self.audience != Audience::Public,
            lists,
        }))
    }

    /// Whether there are sitemaps: their URLs must be whole, and begin where `sitemap.xml` stands.
    fn offers_any(&self) -> bool {
        let site = self.site();
        self.audience == Audience::Public && site.base_url.is_some() && site.owns_root()
    }

    /// Whether a list's pages stand in sitemaps.
    fn is_offered(&self, list: &ListRow) -> bool {
        self.offers_any()
            && self.visibility(list) == Visibility::Public
            && self.settings_of(list).robots == Robots::Index
    }

    /// The sitemaps of all volumes, the newest of each list first.
    pub(super) fn sitemap_index(&self) -> Result<Option<SitemapView>> {
        if !self.offers_any() {
            return Ok(None);
        }
        let mut entries = Vec::new();
        for list in self.shown_lists()? {
            let Some(name) = self.name(&list).filter(|_| self.is_offered(&list)) else {
                continue;
            };
            for (volume, counts) in self.rows.volumes(list.list)?.into_iter().rev() {
                let room = MOST.saturating_sub(entries.len());
                let routes = self.sitemap_routes(&list, &name, &volume, &counts);
                let changed = |day| changed(&counts, day);
                let routes = routes.into_iter().take(room);
                entries.extend(routes.map(|(route, day)| (route, changed(day))));
            }
        }
        Ok(Some(SitemapView {
            index: true,
            entries,
        }))
    }

    /// A volume's sitemaps: the whole one, and those of its days when it is long; each with its day.
    pub(crate) fn sitemap_routes(
        &self,
        list: &ListRow,
        name: &ListName,
        volume: &Volume,
        counts: &VolumeRow,
    ) -> Vec<(Route, Option<u32>)> {
        if !self.is_offered(list) {
            return Vec::new();
        }
        let route = |cut| Route::Sitemap {
            list: name.clone(),
            volume: volume.clone(),
            cut,
        };
        let mut routes = vec![(route(None), None)];
        if counts.messages > SITEMAP_CUT_ABOVE {
            let days = counts.days.iter().rev();
            routes.extend(days.map(|(day, _)| (route(Some(day_cut(volume, *day))), Some(*day))));
        }
        routes
    }

    pub(super) fn sitemap(
        &self,
        list: &ListRow,
        volume: &Volume,
        cut: Option<&str>,
    ) -> Result<Option<SitemapView>> {
        let (Some(name), Some(counts)) = (self.name(list), self.rows.volume(list.list, volume)?)
        else {
            return Ok(None);
        };
        let routes = self.sitemap_routes(list, &name, volume, &counts);
        let day = cut.and_then(|cut| cut_day(volume, cut));
        let asked = Route::Sitemap {
            list: name.clone(),
            volume: volume.clone(),
            cut: cut.map(str::to_owned),
        };
        if !routes.iter().any(|(route, _)| *route == asked) {
            return Ok(None);
        }
        let mut entries = Vec::new();
        if cut.is_none() {
            let page = Route::Volume(name.clone(), volume.clone());
            entries.push((page, changed(&counts, None)));
        }
        if cut.is_none() && counts.messages > SITEMAP_CUT_ABOVE {
            return Ok(Some(SitemapView {
                index: false,
                entries,
            }));
        }
        let mut here = Key::of(b'd').u32(list.list).volume(volume);
        if let Some(day) = day {
            here = here.u32(day);
        }
        let layout = self.layout_of(list);
        for key in self.rows.keys(here.range(), Forward, MOST - 1)? {
            let page = layout.message(name.clone(), volume.clone(), last_u32(&key));
            let date = TimeZone::utc().stamp(dated(&key));
            entries.push((page, Some(Lastmod::At(date))));
        }
        Ok(Some(SitemapView {
            index: false,
            entries,
        }))
    }
}

/// When a volume, or one of its days, last became more: the row of the volume knows it, so that the index of
/// sitemaps reads no mail.
fn changed(counts: &VolumeRow, day: Option<u32>) -> Option<Lastmod> {
    let last = || counts.days.last().map(|(day, _)| *day);
    day.or_else(last).map(Lastmod::On)
}
