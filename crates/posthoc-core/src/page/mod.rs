//! Turns what was loaded for one page into its bytes.
//!
//! Entry point: [`Layout::render`]. No clock, request, random number, mode flag or unordered
//! iteration enters here: the same [`View`] and [`Site`] give the same bytes, static and live.

mod view;

pub use view::{
    Audience, BodyView, Chrome, Crumb, CutLine, FeedEntry, FeedView, HomeView, IndexGroup,
    IndexView, ListHead, ListLine, ListView, MailLine, MessageView, NoticeView, Page, Person,
    Related, SearchHit, SearchView, Site, ThreadMail, ThreadView, View, Visibility, VolumeLine,
};
