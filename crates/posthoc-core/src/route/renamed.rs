//! The same page on a list of another name.

use super::{ListName, Route};

impl Route {
    /// The route with that list in place of its own; a route of no list stays as it is.
    pub fn on(&self, name: ListName) -> Route {
        let mut route = self.clone();
        if let Some(list) = route.list_mut() {
            *list = name;
        }
        route
    }

    /// As [`Route::list`], to change it. Every variant is named, so that a new one is thought of.
    fn list_mut(&mut self) -> Option<&mut ListName> {
        match self {
            Route::List(list)
            | Route::Volume(list, _)
            | Route::Index { list, .. }
            | Route::Message(list, ..)
            | Route::Eml(list, ..)
            | Route::Mbox(list, ..)
            | Route::TextVolume(list, _)
            | Route::MboxVolume(list, _)
            | Route::Thread(list, ..)
            | Route::ThreadMbox(list, _)
            | Route::Attachment(list, ..)
            | Route::Attachments(list)
            | Route::Author(list, ..)
            | Route::Stats(list)
            | Route::Feed(list)
            | Route::Number(list, _)
            | Route::PlainVolume(list, _)
            | Route::WholeMbox(list)
            | Route::Scrubbed { list, .. }
            | Route::Sitemap { list, .. }
            | Route::Old(list, ..) => Some(list),
            Route::Search(list) | Route::MidPage(list) | Route::Mid(list, _) => list.as_mut(),
            Route::Home
            | Route::SitemapIndex
            | Route::Robots
            | Route::Asset(_)
            | Route::NotFound
            | Route::SignIn
            | Route::SignOut => None,
        }
    }
}
