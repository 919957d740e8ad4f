//! What a list and its site had set in Mailman, as far as it shapes the archive's pages.

use crate::charset::Charset;
use crate::language::Language;
use crate::own_templates::Templates;
pub use posthoc_core::text::Frequency;
use posthoc_core::text::TimeZone;

/// What becomes of HTML parts (`ARCHIVE_HTML_SANITIZER`). The shell command of the original is refused
/// where settings are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sanitiser {
    /// 0: taken out; a mail that is all HTML shows a note in its place.
    Remove,
    /// 1: escaped and stored as an attachment.
    #[default]
    Escape,
    /// 2: left in the text, escaped.
    Inline,
}

impl Sanitiser {
    /// By Mailman's number. 3 stored HTML raw, which ran in readers' browsers: it is taken for 1.
    pub fn numbered(number: i64) -> Option<Self> {
        Some(match number {
            0 => Sanitiser::Remove,
            1 | 3 => Sanitiser::Escape,
            2 => Sanitiser::Inline,
            _ => return None,
        })
    }
}

/// Settings of one list that shape its pages. Names are Mailman's where it has one.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The list's internal name, in lower case.
    pub name: String,
    /// `real_name`: the name as pages show it.
    pub real_name: String,
    /// The address that mails to the list go to.
    pub address: String,
    /// The page with more about the list (`listinfo`), absolute.
    pub listinfo: String,
    /// Where the archive is read, absolute, without a slash at its end: notes about attachments name it.
    pub base_url: String,
    /// `subject_prefix`: taken off for sorting and threads only.
    pub subject_prefix: String,
    /// `preferred_language`.
    pub language: Language,
    /// `ARCHIVER_OBSCURES_EMAILADDRS`
    pub obscure: bool,
    /// `ARCHIVE_HTML_SANITIZER`
    pub sanitiser: Sanitiser,
    /// `SCRUBBER_DONT_USE_ATTACHMENT_FILENAME` is off: attachments have the names of their mails.
    pub attachment_names: bool,
    /// The table of contents links the whole mbox (`PUBLIC_MBOX`, or a list whose archive is private).
    pub links_mbox: bool,
    /// The text volumes are offered compressed, as after `cron/nightly_gzip`.
    pub gzip: bool,
    /// The site's own templates.
    pub templates: Templates,
    /// The server's time zone: days, volumes and dates on pages are told in it.
    pub time_zone: TimeZone,
}

impl Settings {
    /// Mailman's defaults for a list of that name on that host.
    pub fn of(name: &str, host: &str) -> Self {
        let mut real_name = name.to_owned();
        if let Some(first) = real_name.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        Settings {
            name: name.to_owned(),
            real_name,
            address: format!("{name}@{host}"),
            listinfo: format!("http://{host}/mailman/listinfo/{name}"),
            base_url: format!("http://{host}/pipermail/{name}"),
            subject_prefix: String::new(),
            language: Language::English,
            obscure: true,
            sanitiser: Sanitiser::default(),
            attachment_names: false,
            links_mbox: false,
            gzip: true,
            templates: Templates::default(),
            time_zone: TimeZone::utc(),
        }
    }

    pub(crate) fn charset(&self) -> Charset {
        self.language.charset()
    }
}
