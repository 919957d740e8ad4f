//! Turns what was loaded for one page into its bytes.
//!
//! Entry point: [`Layout::render`], posthoc's own is [`OwnLayout`]. No clock, request, random
//! number, mode flag or unordered iteration enters here: the same [`View`] and [`Site`] give the
//! same bytes, static and live.
//!
//! 1. `clean`, `when`, `line`: strangers' text and dates as they may be shown
//! 2. `direction`, `linker`, `link_rules`, `prose`, `quote`, `patch`, `tag_soup`, `html_mail`, `files`, `body`: a mail's content
//! 3. `strings`: the words of pages, in the page's language
//! 4. `frame`, `pages`: what a template is given
//! 5. `templates`, `layout`, `theme`, `assets`: templates, the finished page and its files; `feed`: the one page that is no HTML
//! 6. `public`: what others see of it: addresses masked, fields left out
//! 7. `download`: entries of text volumes and mailboxes

mod assets;
mod body;
mod card;
mod cite;
mod clean;
mod crawl;
mod direction;
mod download;
mod feed;
mod files;
mod frame;
mod html_mail;
mod layout;
mod line;
mod link_rules;
mod linker;
mod links;
mod nest;
mod pages;
mod patch;
mod people;
mod picture;
mod prose;
mod public;
mod question;
mod quote;
mod quoted;
mod settings;
mod strings;
mod styles;
mod tag_soup;
mod templates;
mod theme;
mod view;
mod when;

pub use assets::{Asset, STYLE_SHEET, assets};
pub use body::Shown;
pub use download::{FromLine, TextEntry, mbox_entry, text_volume_entry, without_pgp_frame};
pub use files::{InertName, ShownFile, inert_name, served};
pub use frame::{CSP, FOREIGN_CSP};
pub use html_mail::html_as_written;
pub use layout::{BUILT_IN_TEMPLATES, Layout, OwnLayout, TemplateError, faults_of_strings};
pub use line::line_words;
pub use link_rules::{FooterPatterns, LinkRules, MOST_RULES};
pub use people::{KnownPerson, MAILMAP_LINES, People, folded};
pub use public::{HIDDEN, LEFT_OUT, files_by_mask, mask_body, public_bytes};
pub use question::Question;
pub use settings::{
    Downloads, HtmlParts, LayoutName, ListSettings, Mask, PipermailSettings, Robots, Site,
    Visibility,
};
pub use strings::{BUILT_IN_STRINGS, is_language};
pub use theme::{THEME_FILE_BYTES, Theme, ThemeError};
pub use view::{
    AUTHOR_PAGE, AttachmentsView, Audience, AuthorView, BodyView, Busy, Chrome, Crumb, CutLine,
    Facets, FeedEntry, FeedView, FileLine, Filling, HomeView, IndexGroup, IndexView, Label,
    Lastmod, ListHead, ListLine, ListView, LongThread, MailFiles, MailLine, MessageView, MonthLine,
    NoticeView, Page, Person, Related, RobotsView, SearchHit, SearchView, Series, SignInForm,
    SignInView, SitemapView, StatsView, TakingPart, ThreadLine, ThreadMail, ThreadView, Threads,
    Told, View, VolumeLine,
};
