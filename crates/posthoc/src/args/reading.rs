//! Flags of verbs that show what is there and write it out.

use super::values::{MembersOf, audience, list_name};
use clap::{Args, ValueEnum};
use posthoc_core::route::ListName;
use std::path::PathBuf;

#[derive(Args, Debug)]
pub(crate) struct PublishArgs {
    /// The folder to write to
    pub(crate) out: PathBuf,
    /// Only this list; may be given again
    #[arg(long, value_name = "NAME", value_parser = list_name)]
    pub(crate) list: Vec<ListName>,
    /// For the members of these lists: they too are written, beside the public ones. Put what is
    /// written where only members can read it; a folder is for one audience for ever
    #[arg(long, value_name = "members:LIST,…", value_parser = audience)]
    pub(crate) audience: Option<MembersOf>,
    /// Report what would be written and change nothing
    #[arg(short = 'n', long)]
    pub(crate) dry_run: bool,
    /// Write into a folder that holds other files; they stay
    #[arg(long)]
    pub(crate) adopt: bool,
    /// Look at every page, not only at those that new mail has touched
    #[arg(long)]
    pub(crate) full: bool,
    /// Stay, and write what changes as mail comes
    #[arg(long, conflicts_with = "dry_run")]
    pub(crate) follow: bool,
    /// Leave out the files that the search page looks into; they are up to a quarter of the mails' size
    #[arg(long)]
    pub(crate) no_search: bool,
    /// Print the paths of changed files, each ended by a zero byte, as for rsync --from0
    #[arg(long, conflicts_with = "json")]
    pub(crate) print0: bool,
}

/// How hits are put in order.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OrderArg {
    /// Those that answer best first
    Best,
    /// The newest first
    Newest,
    /// The oldest first
    Oldest,
}

/// How hits are printed.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HitFormat {
    /// For people
    Text,
    /// As --json
    Json,
    /// Message-IDs, one a line
    Ids,
    /// URLs, one a line
    Urls,
    /// The mails themselves
    Mbox,
}

#[derive(Args, Debug)]
pub(crate) struct SearchArgs {
    /// What to look for
    #[arg(required = true)]
    pub(crate) query: Vec<String>,
    /// Only on this list; may be given again
    #[arg(long, value_name = "NAME", value_parser = list_name)]
    pub(crate) list: Vec<ListName>,
    /// Hits to print at most
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(crate) limit: usize,
    /// The order of the hits
    #[arg(long, value_enum, default_value_t = OrderArg::Best)]
    pub(crate) order: OrderArg,
    /// The shape of the answer
    #[arg(long, value_enum, default_value_t = HitFormat::Text)]
    pub(crate) format: HitFormat,
    /// With --json: where few mails have all words, also those that have some of them
    #[arg(long)]
    pub(crate) partial: bool,
}

#[derive(Args, Debug)]
pub(crate) struct ShowArgs {
    /// Message-IDs, keys, URLs, or numbers with --list
    #[arg(required = true, value_name = "ID")]
    pub(crate) ids: Vec<String>,
    /// The list on which to look
    #[arg(long, value_name = "NAME", value_parser = list_name)]
    pub(crate) list: Option<ListName>,
    /// The mail's bytes as they came
    #[arg(long, conflicts_with_all = ["text", "html", "json"])]
    pub(crate) raw: bool,
    /// Only the text
    #[arg(long, conflicts_with_all = ["html", "json"])]
    pub(crate) text: bool,
    /// The page
    #[arg(long, conflicts_with = "json")]
    pub(crate) html: bool,
}

#[derive(Args, Debug)]
pub(crate) struct ThreadArgs {
    /// A mail of the thread: Message-ID, key, URL, or number with --list
    pub(crate) id: String,
    /// The list on which to look
    #[arg(long, value_name = "NAME", value_parser = list_name)]
    pub(crate) list: Option<ListName>,
}

#[derive(Args, Debug)]
pub(crate) struct UrlArgs {
    /// Message-ID, key, URL, or number with --list
    pub(crate) id: String,
    /// The list
    #[arg(long, value_name = "NAME", value_parser = list_name)]
    pub(crate) list: Option<ListName>,
}

/// Shapes of an export.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ExportArg {
    /// OUT/LIST/VOLUME.mbox, with From_ lines quoted as mboxrd does
    Mbox,
    /// OUT/LIST, a Maildir
    Maildir,
    /// OUT/LIST.jsonl, a mail a line, as `show --json` prints it
    Jsonl,
}

#[derive(Args, Debug)]
pub(crate) struct ExportArgs {
    /// The folder (with --as-imported: the file) to write; must not be there
    pub(crate) out: PathBuf,
    /// The shape
    #[arg(long, value_enum, default_value_t = ExportArg::Mbox, conflicts_with = "as_imported")]
    pub(crate) format: ExportArg,
    /// Only this list; may be given again
    #[arg(long, value_name = "NAME", value_parser = list_name, conflicts_with = "as_imported")]
    pub(crate) list: Vec<ListName>,
    /// Give this imported file back, bit for bit; its number is in `posthoc imports`
    #[arg(long, value_name = "SOURCE-ID")]
    pub(crate) as_imported: Option<u64>,
}
