//! Flags of verbs that take mails down and keep an archive whole.

use super::values::{bytes, list_name};
use clap::{Args, Subcommand};
use posthoc_core::route::ListName;
use std::path::PathBuf;

#[derive(Args, Debug)]
pub(crate) struct RemoveArgs {
    /// Message-IDs, keys, URLs, numbers with --list; - reads them from standard input, one a line
    #[arg(required_unless_present = "query", value_name = "ID")]
    pub(crate) ids: Vec<String>,
    /// Every mail that answers this query
    #[arg(long, value_name = "Q")]
    pub(crate) query: Option<String>,
    /// Only on this list
    #[arg(long, value_name = "NAME", value_parser = list_name)]
    pub(crate) list: Option<ListName>,
    /// Why; it is kept in the audit log
    #[arg(long, value_name = "TEXT", required_unless_present = "dry_run")]
    pub(crate) reason: Option<String>,
    /// Destroy the bytes as well; this cannot be taken back
    #[arg(long)]
    pub(crate) purge: bool,
    /// List what would be removed and change nothing
    #[arg(short = 'n', long)]
    pub(crate) dry_run: bool,
    /// Do not ask
    #[arg(short, long)]
    pub(crate) yes: bool,
}

#[derive(Args, Debug)]
pub(crate) struct RedactArgs {
    /// A Message-ID, a key, a URL, a number with --list
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    /// A MIME part, by the number that --dry-run tells; may be given again
    #[arg(long, value_name = "N")]
    pub(crate) part: Vec<u32>,
    /// Every header field of that name; may be given again
    #[arg(long, value_name = "NAME")]
    pub(crate) header: Vec<String>,
    /// Bytes of what `show --raw` gives, from A up to B, counted from 0; may be given again
    #[arg(long, value_name = "A..B", value_parser = bytes)]
    pub(crate) bytes: Vec<(u64, u64)>,
    /// Only on this list
    #[arg(long, value_name = "NAME", value_parser = list_name)]
    pub(crate) list: Option<ListName>,
    /// Why; it is kept in the audit log
    #[arg(long, value_name = "TEXT", required_unless_present = "dry_run")]
    pub(crate) reason: Option<String>,
    /// List the mails and their parts, and change nothing
    #[arg(short = 'n', long)]
    pub(crate) dry_run: bool,
}

#[derive(Args, Debug)]
pub(crate) struct VerifyGoneArgs {
    /// Mails that are removed and not purged: Message-IDs, keys, URLs
    #[arg(value_name = "ID", required_unless_present = "mail")]
    pub(crate) ids: Vec<String>,
    /// A file with the mail, or a mailbox
    #[arg(long, value_name = "FILE")]
    pub(crate) mail: Vec<PathBuf>,
    /// A published site to search too; may be given again
    #[arg(long, value_name = "OUT")]
    pub(crate) out: Vec<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct UnremoveArgs {
    /// Message-IDs, keys, URLs, numbers with --list; - reads them from standard input, one a line
    #[arg(required = true, value_name = "ID")]
    pub(crate) ids: Vec<String>,
    /// Only on this list
    #[arg(long, value_name = "NAME", value_parser = list_name)]
    pub(crate) list: Option<ListName>,
    /// Why; it is kept in the audit log
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub(crate) reason: String,
}

#[derive(Args, Debug)]
pub(crate) struct QuarantineArgs {
    #[command(subcommand)]
    pub(crate) verb: Option<QuarantineVerb>,
}

#[derive(Subcommand, Debug)]
pub(crate) enum QuarantineVerb {
    /// Write the bytes to standard output
    ///
    /// Example: posthoc quarantine show 17
    #[command(verbatim_doc_comment)]
    Show {
        /// Its number, as `quarantine` shows it
        id: u64,
    },
    /// Take it in as a mail
    ///
    /// One without a header gets an id made of its text, and the date of its import. It can be removed like
    /// any mail.
    ///
    /// Example: posthoc quarantine release 17 18
    #[command(verbatim_doc_comment)]
    Release {
        /// Numbers, as `quarantine` shows them
        #[arg(required = true)]
        ids: Vec<u64>,
    },
}

#[derive(Args, Debug)]
pub(crate) struct CheckArgs {
    /// Mend what can be mended; restart a running server afterwards
    #[arg(long)]
    pub(crate) repair: bool,
    /// A backup of this archive, to take from it what is damaged here
    #[arg(long, value_name = "DIR", requires = "repair")]
    pub(crate) backup: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct BackupArgs {
    /// The folder of the backup
    pub(crate) dir: PathBuf,
}

#[derive(Args, Debug)]
pub(crate) struct RestoreArgs {
    /// The folder of the backup
    pub(crate) dir: PathBuf,
    /// Leave the words for later: `rebuild`, or the next delivery
    #[arg(long)]
    pub(crate) no_index: bool,
}

#[derive(Args, Debug)]
pub(crate) struct RebuildArgs {
    /// Leave the words as they are
    #[arg(long)]
    pub(crate) no_index: bool,
}
