//! The same page on a list of another name.

use super::{ListName, Route};

impl Route {
    /// The route with that list in place of its own; a route of no list stays as it is.
    pub fn on(&self, name: ListName) -> Route {
        let mut route = self.clone();
        match &mut route {
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
            | Route::Feed(list)
            | Route::Number(list, _)
            | Route::Old(list, ..)
            | Route::Search(Some(list))
            | Route::MidPage(Some(list))
            | Route::Mid(Some(list), _) => *list = name,
            _ => {}
        }
        route
    }
}
