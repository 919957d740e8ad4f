//! Flags of verbs that set an archive up, take mail in and serve it.

use super::values::{list_name, listen, lmtp, template};
use clap::{Args, Subcommand, ValueEnum};
use posthoc_archive::source::{Kind, Split};
use posthoc_core::route::ListName;
use posthoc_serve::Listen;
use std::ffi::OsString;
use std::path::PathBuf;

#[derive(Args, Debug)]
pub(crate) struct ListArgs {
    #[command(subcommand)]
    pub(crate) verb: ListVerb,
}

#[derive(Subcommand, Debug)]
pub(crate) enum ListVerb {
    /// Make a list, so that mail can be delivered to it; or say who may read one
    ///
    /// Names are of a-z 0-9 . _ + - and are folded to lower case. Of a list that is there, --public and
    /// --private change who may read it, and --title its title.
    ///
    /// Examples:
    ///   posthoc list add town-hall
    ///   posthoc list add --public --title 'Town hall' town-hall
    #[command(verbatim_doc_comment)]
    Add {
        /// The list's name
        #[arg(value_parser = list_name)]
        name: ListName,
        /// Everybody may read it
        #[arg(long, conflicts_with = "private")]
        public: bool,
        /// It is neither published nor served to the public; so are all lists that are made without
        /// --public
        #[arg(long)]
        private: bool,
        /// Its title; written to lists.d/NAME.toml
        #[arg(long, value_name = "TEXT")]
        title: Option<String>,
        /// Take a name that another list had; what led to that one leads here then
        #[arg(long)]
        take_over: bool,
    },
    /// Change settings of a list
    ///
    /// Writes them into lists.d/NAME.toml beside posthoc.toml, where comments and order stay, and
    /// records what protects people in the archive at once. Several values stand between commas; KEY=
    /// takes the key out of the file. docs/configuration.md has all keys.
    ///
    /// Examples:
    ///   posthoc list set town-hall visibility=public mask=full
    ///   posthoc list set town-hall 'title=Town hall' aliases=hall,council
    #[command(verbatim_doc_comment)]
    Set {
        /// The list's name
        #[arg(value_parser = list_name)]
        name: ListName,
        /// Settings
        #[arg(required = true, value_name = "KEY=VALUE")]
        settings: Vec<String>,
    },
    /// Show a list: its names, its mails, its settings and where they come from
    ///
    /// Example: posthoc list show town-hall
    #[command(verbatim_doc_comment)]
    Show {
        /// The list's name
        #[arg(value_parser = list_name)]
        name: ListName,
    },
    /// Give a list another name
    ///
    /// No link breaks: the server leads every URL below the old name to the new one, mail for the old
    /// name arrives, and the next publish leaves a page at the old name that says where the list is.
    ///
    /// Example: posthoc list rename town-hall council
    #[command(verbatim_doc_comment)]
    Rename {
        /// Its name
        #[arg(value_parser = list_name)]
        old: ListName,
        /// Its name from now on
        #[arg(value_parser = list_name)]
        new: ListName,
        /// Take a name that another list had; what led to that one leads here then
        #[arg(long)]
        take_over: bool,
    },
}

#[derive(Args, Debug)]
pub(crate) struct ConfigArgs {
    #[command(subcommand)]
    pub(crate) verb: ConfigVerb,
}

#[derive(Subcommand, Debug)]
pub(crate) enum ConfigVerb {
    /// Tell every mistake in posthoc.toml, lists.d and templates
    ///
    /// Changes nothing. Exit status 78 when there is one.
    ///
    /// Example: posthoc config check
    #[command(verbatim_doc_comment)]
    Check,
    /// Show every setting and where it comes from
    ///
    /// Examples:
    ///   posthoc config show
    ///   posthoc config show --list town-hall
    #[command(verbatim_doc_comment)]
    Show {
        /// What counts for this list
        #[arg(long, value_name = "NAME", value_parser = list_name)]
        list: Option<ListName>,
    },
}

#[derive(Args, Debug)]
pub(crate) struct ImportArgs {
    /// Files and folders; - is standard input and needs --list
    #[arg(required = true, value_name = "SOURCE")]
    pub(crate) sources: Vec<PathBuf>,
    /// The list to fill; else each source's own, named after its file
    #[arg(long, value_name = "NAME", value_parser = list_name)]
    pub(crate) list: Option<ListName>,
    /// Everybody may read the lists that this makes; lists that are there stay as they are
    #[arg(long)]
    pub(crate) public: bool,
    /// What the sources are, when it is not found out right: mbox, maildir, mh, numbered, files
    #[arg(long, value_name = "KIND")]
    pub(crate) kind: Option<Kind>,
    /// The source is a whole installation: mailman2 takes every list of its folder (the one with lists/ and
    /// archives/), with its settings, its mailbox and the numbers of its pages
    #[arg(long, value_name = "KIND", value_enum, conflicts_with_all = ["kind", "numbers_from"])]
    pub(crate) site: Option<SiteKind>,
    /// Keep the numbers that an old Pipermail archive gave: the list's folder, with volumes as
    /// 2004-December and pages as 000042.html
    #[arg(long, value_name = "TREE", requires = "list")]
    pub(crate) numbers_from: Option<PathBuf>,
    /// How an mbox is cut: strict (a From_ line with a date after an empty line), every-from,
    /// text-volume (as Pipermail's), content-length, msgsep=REGEX
    #[arg(long, value_name = "RULE", default_value = "strict")]
    pub(crate) split: Split,
    /// Leave the words for later: faster; the next search or import makes up for it
    #[arg(long)]
    pub(crate) no_index: bool,
    /// Report what would be done and change nothing
    #[arg(short = 'n', long)]
    pub(crate) dry_run: bool,
    /// Leave out mails that ask not to be archived (X-No-Archive)
    #[arg(long)]
    pub(crate) honour_no_archive: bool,
    /// End with status 65 when any mail was refused or put aside
    #[arg(long)]
    pub(crate) strict: bool,
    /// Only these mails of a source: `arch` has flags for it
    #[arg(skip)]
    pub(crate) range: Option<std::ops::Range<u64>>,
}

/// A whole installation.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SiteKind {
    /// Mailman 2.0 and 2.1
    Mailman2,
}

#[derive(Args, Debug)]
pub(crate) struct ArchArgs {
    /// The list, by its name
    #[arg(value_name = "listname", value_parser = list_name)]
    pub(crate) list: ListName,
    /// Its mailbox; else LIST.mbox/LIST.mbox below /var/lib/mailman/archives/private, or in this folder
    #[arg(value_name = "mbox")]
    pub(crate) mbox: Option<PathBuf>,
    /// Make every page again; mails keep their numbers
    #[arg(long)]
    pub(crate) wipe: bool,
    /// Begin at this mail of the mailbox; the first is 0
    #[arg(short, long, value_name = "N")]
    pub(crate) start: Option<u64>,
    /// End behind this mail of the mailbox
    #[arg(short, long, value_name = "M")]
    pub(crate) end: Option<u64>,
    /// The folder to write the site to; without it only mails are taken in
    #[arg(long, value_name = "FOLDER")]
    pub(crate) out: Option<PathBuf>,
    /// Everybody may read the list if this makes it
    #[arg(long)]
    pub(crate) public: bool,
    /// Leave the words for later: faster; the next search or import makes up for it
    #[arg(long)]
    pub(crate) no_index: bool,
}

#[derive(Args, Debug)]
pub(crate) struct MhonarcArgs {
    /// MHonArc's options, mailboxes and MH folders
    #[arg(
        value_name = "WORD",
        trailing_var_arg = true,
        allow_hyphen_values = true
    )]
    pub(crate) words: Vec<OsString>,
}

#[derive(Args, Debug)]
pub(crate) struct ReconcileArgs {
    /// The list to look in
    #[arg(long, value_name = "NAME", value_parser = list_name)]
    pub(crate) list: ListName,
    /// A mailbox or folder, as for import
    pub(crate) source: PathBuf,
    /// What the source is, when it is not found out right
    #[arg(long, value_name = "KIND")]
    pub(crate) kind: Option<Kind>,
    /// How an mbox is cut, as for import
    #[arg(long, value_name = "RULE", default_value = "strict")]
    pub(crate) split: Split,
}

#[derive(Args, Debug)]
pub(crate) struct DeliverArgs {
    /// The list that the mail is for
    #[arg(long, value_name = "NAME", value_parser = list_name)]
    pub(crate) list: ListName,
}

#[derive(Args, Debug)]
pub(crate) struct ServeArgs {
    /// Mailboxes and folders to look at, without an archive
    #[arg(value_name = "SOURCE")]
    pub(crate) sources: Vec<PathBuf>,
    /// Where: ADDRESS:PORT, PORT on this machine, unix:PATH, or passed:NAME for a socket from systemd
    #[arg(long, value_name = "ADDR", value_parser = listen)]
    pub(crate) listen: Option<Listen>,
    /// Where mail is taken by LMTP: unix:PATH, passed:NAME, or ADDRESS:PORT or PORT on this machine
    #[arg(long, value_name = "ADDR", value_parser = lmtp, conflicts_with = "sources")]
    pub(crate) lmtp: Option<Listen>,
}

#[derive(Args, Debug)]
pub(crate) struct ThemeArgs {
    #[command(subcommand)]
    pub(crate) verb: ThemeVerb,
}

#[derive(Subcommand, Debug)]
pub(crate) enum ThemeVerb {
    /// Write files to begin with; what is there stays
    ///
    /// theme.css names every colour and font of the built-in style sheet, all as comments, so that a fresh
    /// theme changes nothing. With --template a built-in template is written out too, to be changed whole; so
    /// are the texts of a language (de.ftl), into the folder strings/ beside, of which lines that stay as
    /// they are may be taken out.
    ///
    /// Examples:
    ///   posthoc theme start
    ///   posthoc theme start --template message.html ./new-face
    ///   posthoc theme start --template de.ftl
    #[command(verbatim_doc_comment)]
    Start {
        /// Where; the archive's templates/ when not given
        folder: Option<PathBuf>,
        /// A built-in template or texts to change; may be given again
        #[arg(long = "template", value_name = "NAME", value_parser = template)]
        templates: Vec<String>,
    },
    /// Say what is wrong
    ///
    /// Compiles every template, makes pages of every kind from both ends of the archive's lists, and tells
    /// names that nothing stands behind, what the pages' security policy has browsers refuse (inline
    /// scripts and styles, anything from elsewhere), and what keyboards and screen readers would miss. Of the
    /// texts in strings/ it tells what cannot be read, what no page asks for, and what is not filled in.
    /// Exit status 1 when something is wrong.
    ///
    /// Example: posthoc theme check
    #[command(verbatim_doc_comment)]
    Check {
        /// Which; the archive's templates/ when not given
        folder: Option<PathBuf>,
    },
    /// Show the archive with it, to this machine only
    ///
    /// Shows all lists, also private ones. A changed file counts the next time a page is loaded. A template that
    /// cannot be compiled is told here, and the pages stay as they were.
    ///
    /// Example: posthoc theme preview ./new-face
    #[command(verbatim_doc_comment)]
    Preview {
        /// Which; the archive's templates/ when not given
        folder: Option<PathBuf>,
        /// Where: ADDRESS:PORT or PORT on this machine, or unix:PATH
        #[arg(long, value_name = "ADDR", value_parser = listen)]
        listen: Option<Listen>,
    },
}

#[derive(Args, Debug)]
pub(crate) struct PasswdArgs {
    /// The file of accounts
    pub(crate) file: PathBuf,
    /// The account's name: what is typed to sign in, in any case; best an address
    #[arg(value_name = "USER")]
    pub(crate) name: String,
}
