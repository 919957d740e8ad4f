//! Pages that show a layout at work: every kind of page that the archive has, some of each.

use super::Reader;
use crate::error::Result;
use crate::tables::ListRow;
use crate::touched::Touched;
use posthoc_core::page::LayoutName;
use posthoc_core::route::{ListName, Route};

/// Lists that give examples.
const LISTS: usize = 5;

impl Reader<'_> {
    /// Routes of every kind of page: those of the site, and of at most five lists in posthoc's layout all
    /// indexes of the oldest and the newest volume, with as many as `mails` mails from each end of each,
    /// their threads and authors. Sorted, each once.
    ///
    /// # Errors
    /// What storage refuses.
    pub fn examples(&self, mails: usize) -> Result<Vec<Route>> {
        let mut routes = vec![
            Route::Home,
            Route::Search(None),
            Route::MidPage(None),
            Route::NotFound,
        ];
        let lists = self.shown_lists()?;
        let own = |list: &&ListRow| self.layout_of(list) == LayoutName::Posthoc;
        for list in lists.iter().filter(own).take(LISTS) {
            if let Some(name) = ListName::new(&list.name) {
                self.examples_of(list, &name, mails, &mut routes)?;
            }
        }
        routes.sort_by_key(Route::path);
        routes.dedup();
        Ok(routes)
    }

    fn examples_of(
        &self,
        list: &ListRow,
        name: &ListName,
        mails: usize,
        routes: &mut Vec<Route>,
    ) -> Result<()> {
        routes.extend([
            Route::List(name.clone()),
            Route::Search(Some(name.clone())),
            Route::MidPage(Some(name.clone())),
            Route::Attachments(name.clone()),
            Route::Stats(name.clone()),
        ]);
        let volumes = self.rows.volumes(list.list)?;
        let ends = [volumes.first(), volumes.last()];
        for (volume, _) in ends.into_iter().flatten() {
            let touched = Touched::new(self, list, name.clone());
            routes.extend(touched.all_indexes(volume)?);
            let numbers = self.rows.volume_numbers(list.list, volume)?;
            let late = numbers.len().saturating_sub(mails);
            let ends = numbers.iter().take(mails).chain(&numbers[late..]);
            for number in ends {
                if let Some(row) = self.mail(list.list, *number)? {
                    let first = self.thread_of(list, &row)?;
                    let first = self.mail(list.list, first)?;
                    routes.extend(first.map(|first| Route::Thread(name.clone(), first.key, 1)));
                    routes.extend(self.message_route(list, &row));
                    routes.extend(self.author_route(list, &row)?);
                }
            }
        }
        Ok(())
    }
}
