//! The one table of verbs and flags. Help texts, and all that is made from them, come from here.

use crate::exit::{Exit, Failure};
use clap::error::ErrorKind;
use clap::{Args, Parser, Subcommand, ValueEnum};
use posthoc_archive::source::{Kind, Split};
use posthoc_core::route::ListName;
use posthoc_serve::Listen;
use std::ffi::OsString;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

/// Mailing-list archives: mail in, a searchable site out.
///
/// An archive is a folder. `import` makes one in ./archive and fills it; `serve` shows it; `publish`
/// writes it as files for any web server.
#[derive(Parser, Debug)]
#[command(name = "posthoc", version, after_help = START, max_term_width = 100, disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) verb: Option<Verb>,
}

const START: &str = "\
To begin:
  posthoc serve my-list.mbox             look at a mailbox in a browser, without an archive
  posthoc import --public my-list.mbox   take in a list's mail; the archive is made in ./archive
  posthoc search 'subject:welcome'       find something
  posthoc publish site                   write the public lists as a web site into ./site

`posthoc VERB --help` says more about a verb, with examples.";

/// What every verb takes.
#[derive(Args, Debug, Clone, Default)]
#[command(next_help_heading = "For every verb")]
pub(crate) struct Global {
    /// The archive's folder; else $POSTHOC_ARCHIVE, `archive =` in posthoc.toml, ./archive
    #[arg(
        short,
        long,
        value_name = "DIR",
        global = true,
        env = "POSTHOC_ARCHIVE",
        hide_env = true
    )]
    pub(crate) archive: Option<PathBuf>,
    /// The configuration; else $POSTHOC_CONFIG, posthoc.toml in the archive or in /etc/posthoc
    #[arg(
        long,
        value_name = "FILE",
        global = true,
        env = "POSTHOC_CONFIG",
        hide_env = true
    )]
    pub(crate) config: Option<PathBuf>,
    /// Say nothing but answers and errors: no progress, no notes
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Say more: which archive and configuration, what was wrong with mails
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
    /// Print the answer as JSON
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

#[derive(Subcommand, Debug)]
pub(crate) enum Verb {
    /// Make an empty archive
    ///
    /// The folder must be new or empty. To share an archive with a mail system and a web server, make
    /// the folder group-writable first.
    ///
    /// Example: install -d -g lists -m 2775 /srv/lists && posthoc -a /srv/lists init
    #[command(verbatim_doc_comment)]
    Init,
    /// Set up lists
    List(ListArgs),
    /// Look at the configuration
    Config(ConfigArgs),
    /// Take in whole archives: mailboxes, Maildirs, folders of mails
    ///
    /// A source may be an mbox file (also .gz or .zst), a Maildir, an MH folder, a tree of numbered files
    /// (mlmmj, ezmlm, Sympa), a folder of .eml files, or - for standard input. Its kind is found out.
    /// The archive is made when there is none, and so is the list, named after the file. Run it again
    /// at any time: what is there already is not taken twice, a source that has grown is completed, and
    /// a run that was interrupted goes on where it was.
    ///
    /// Lists are private unless --public is given: they can be searched and shown here, but are neither
    /// published nor served. `list add --public NAME` changes that.
    ///
    /// Examples:
    ///   posthoc import my-list.mbox
    ///   posthoc import --public --list town-hall 2019.mbox.gz 2020.mbox.gz
    ///   zcat old/*.gz | posthoc import --list old -
    ///   posthoc import --site mailman2 /var/lib/mailman
    #[command(verbatim_doc_comment)]
    Import(ImportArgs),
    /// Make a list's archive from its mailbox, as Mailman's bin/arch
    ///
    /// Takes the mailbox in as bin/arch read it (every line that begins with From and a blank begins a mail),
    /// into a list with Pipermail's layout, and writes the site to --out. Run it again at any time: no mail is
    /// taken twice and none gets another number, with --wipe neither.
    ///
    /// Examples:
    ///   posthoc arch --public --out /var/www/lists keepers keepers.mbox
    ///   posthoc arch --wipe keepers
    #[command(verbatim_doc_comment)]
    Arch(ArchArgs),
    /// Make and keep an archive with MHonArc's own command line
    ///
    /// Crontabs and scripts that call mhonarc run unchanged, also where the program is called mhonarc: mailboxes,
    /// MH folders and standard input, -add, -rmm, -annotate, -scan, -editidx, -genidx, -single, resource files
    /// and resource options. The mails are kept in OUTDIR/.posthoc. `posthoc mhonarc -help` lists the options.
    ///
    /// Examples:
    ///   posthoc mhonarc -outdir /srv/www/town-hall -rcfile town-hall.mrc town-hall.mbox
    ///   posthoc mhonarc -add -quiet -outdir /srv/www/town-hall < mail.eml
    ///   posthoc mhonarc --explain town-hall.mrc
    #[command(verbatim_doc_comment, disable_help_flag = true)]
    Mhonarc(MhonarcArgs),
    /// Say which mails of a source are not in the archive
    ///
    /// Compares by Message-ID and changes nothing. Exit status 1 when something is missing.
    ///
    /// Example: posthoc reconcile --list town-hall ~/mail/town-hall.mbox
    #[command(verbatim_doc_comment)]
    Reconcile(ReconcileArgs),
    /// Show what was imported, from where, and when
    ///
    /// The first column is the number that `export --as-imported` takes.
    ///
    /// Example: posthoc imports
    #[command(verbatim_doc_comment)]
    Imports,
    /// Show what imports put aside, and take it in after all
    ///
    /// Put aside is what has no header line at all, is longer than 256 MiB, or cannot be read; nothing else. It
    /// is kept with where it came from.
    ///
    /// Examples:
    ///   posthoc quarantine
    ///   posthoc quarantine show 17
    ///   posthoc quarantine release 17
    #[command(verbatim_doc_comment)]
    Quarantine(QuarantineArgs),
    /// Take one mail from standard input, for a mail system
    ///
    /// Ends with status 0 only when the mail is safe on disk, else with 75, on which a mail system keeps
    /// the mail and tries again; never anything else. It never waits: while another posthoc is writing
    /// the mail is put into the archive's incoming/, and the next verb takes it in.
    ///
    /// Example, in /etc/aliases: town-hall: "|/usr/bin/posthoc -a /srv/lists deliver --list town-hall"
    #[command(verbatim_doc_comment)]
    Deliver(DeliverArgs),
    /// Show the archive in a browser, or a mailbox without an archive
    ///
    /// Serves the public lists at 127.0.0.1:8025 or the next free port and prints the address, until
    /// Ctrl-C. Mail that is delivered meanwhile is shown. Put a web server in front for https. With --lmtp
    /// a mail system hands its mail over on the way that it knows for mailboxes.
    ///
    /// With sources (anything that `import` takes) it reads them into a scratch archive in your cache
    /// folder and shows all of it, to this machine only; no other archive is touched.
    ///
    /// Examples:
    ///   posthoc serve my-list.mbox
    ///   posthoc -a /srv/lists serve --listen 127.0.0.1:8080
    ///   posthoc -a /srv/lists serve --listen unix:/run/posthoc/http --lmtp unix:/run/posthoc/lmtp
    #[command(verbatim_doc_comment)]
    Serve(ServeArgs),
    /// Set the password of an account of `serve`
    ///
    /// FILE holds accounts, one a line; `htpasswd =` in posthoc.toml or in a list's file names it. It is
    /// made when it is not there, readable for its owner only. The password is asked for twice without
    /// being shown, or is the first line of standard input when that is no terminal. A running server
    /// knows it at once; whoever was signed in under the old one is signed out. To take an account
    /// away, delete its line.
    ///
    /// Examples:
    ///   posthoc passwd /etc/posthoc/accounts ada@example.org
    ///   pwgen 20 1 | posthoc passwd /etc/posthoc/accounts ada@example.org
    #[command(verbatim_doc_comment)]
    Passwd(PasswdArgs),
    /// Write the public lists as a web site: plain files for any server
    ///
    /// The second time only what has changed is written. OUT must be new, empty, or a site that posthoc
    /// wrote. It can be opened from disk: OUT/index.html.
    ///
    /// With --follow it stays until Ctrl-C or SIGTERM: a mail is on the site within two seconds of its
    /// arrival, whoever took it in, and readers meet no half page and no dead link meanwhile. Files of whole
    /// volumes follow every quarter of an hour, when a new volume begins, and at the end. SIGHUP makes it
    /// read the configuration anew.
    ///
    /// Examples:
    ///   posthoc publish site
    ///   posthoc publish --follow /srv/www/lists
    ///   posthoc publish --dry-run site
    ///   posthoc publish --audience members:board /srv/board-site
    #[command(verbatim_doc_comment)]
    Publish(PublishArgs),
    /// Find mails
    ///
    /// Words must all be there. A "phrase in quotes", OR, NOT or -, parentheses, a trailing *, and
    /// fields: from: to: subject: body: list: mid: date: … Exit status 1 when nothing is
    /// found. In a shell, put the query in single quotes.
    ///
    /// Examples:
    ///   posthoc search harbour
    ///   posthoc search 'subject:minutes from:ada date:2019..2021'
    ///   posthoc search '"fog signal" -test' --limit 50 --format urls
    #[command(verbatim_doc_comment)]
    Search(SearchArgs),
    /// Show a mail
    ///
    /// A mail is named by its Message-ID, its key, its URL, or its number together with --list. Unknown:
    /// exit status 1.
    ///
    /// Examples:
    ///   posthoc show 889de6e02940@skarv.example
    ///   posthoc show --list town-hall 42 --raw > mail.eml
    #[command(verbatim_doc_comment)]
    Show(ShowArgs),
    /// Show the thread of a mail as a tree
    ///
    /// Example: posthoc thread --list town-hall 42
    #[command(verbatim_doc_comment)]
    Thread(ThreadArgs),
    /// Print the address of a mail's page
    ///
    /// With --list and a Message-ID the permalink is made without opening the archive, so that a list
    /// manager can put it into a mail's footer before the mail is archived.
    ///
    /// Examples:
    ///   posthoc url --list town-hall 42
    ///   posthoc url --list town-hall '<889de6e02940@skarv.example>'
    #[command(verbatim_doc_comment)]
    Url(UrlArgs),
    /// Show the lists and how much is in them
    ///
    /// Example: posthoc lists --json
    #[command(verbatim_doc_comment)]
    Lists,
    /// Write everything out again, raw
    ///
    /// Every kept copy of every mail, with SHA256SUMS. OUT must be new or empty. --as-imported gives one
    /// imported mailbox back, bit for bit (unpacked when it was packed), to the file OUT; - is standard
    /// output.
    ///
    /// Examples:
    ///   posthoc export backup
    ///   posthoc export --format maildir --list town-hall mails
    ///   posthoc export --as-imported 1 town-hall.mbox
    #[command(verbatim_doc_comment)]
    Export(ExportArgs),
    /// Take mails down
    ///
    /// A removed mail shows no author, subject, date or text anywhere: not on its page (which says that it
    /// was removed), in its thread, in search, feeds, downloads or attachments. It does not come back
    /// when it is imported or delivered again. A Message-ID means every mail that bears it; a key, a URL
    /// or a query means that mail, on every list that has it; a number, with --list, that one mail. With
    /// --list only what is on that list is removed. Mails of the same thread that quote five or more
    /// lines are told. `unremove` takes it back; run `publish` for a site of files.
    ///
    /// --purge destroys the bytes too: in the journal, the catalog, the index. That cannot be taken back.
    /// Keep the mail elsewhere if you want to prove it with `verify-gone` afterwards.
    ///
    /// Examples:
    ///   posthoc remove 889de6e02940@skarv.example --reason 'asked by its author, 3 May'
    ///   posthoc remove --query 'from:spam@shop.example' --reason spam --dry-run
    ///   posthoc remove - --reason 'court order 17/2025' < ids.txt
    #[command(verbatim_doc_comment)]
    Remove(RemoveArgs),
    /// Take a piece out of a mail that stays
    ///
    /// `[removed]` stands in its place on pages, in feeds, search, downloads and attachments, on every list
    /// that has the mail. The bytes stay in the journal, for operators: `show --raw` has them. Redacting
    /// From leaves what Sender, Reply-To or a signature say. `unremove` takes every redaction of the mail
    /// back; run `publish` for a site of files.
    ///
    /// Examples:
    ///   posthoc redact 889de6e02940@skarv.example --dry-run
    ///   posthoc redact 889de6e02940@skarv.example --part 2 --reason 'a photo of a child'
    ///   posthoc redact 889de6e02940@skarv.example --header From --header Sender --reason 'asked for'
    ///   posthoc redact 889de6e02940@skarv.example --bytes 1200..1260 --reason 'a telephone number'
    #[command(verbatim_doc_comment)]
    Redact(RedactArgs),
    /// Show removed mails, and redacted ones, again
    ///
    /// Example: posthoc unremove 889de6e02940@skarv.example --reason 'a mistake'
    #[command(verbatim_doc_comment)]
    Unremove(UnremoveArgs),
    /// Prove that mails are gone: search every file for traces of them
    ///
    /// Looks for the Message-ID, the subject, the author's address and lines of the text in every record
    /// and file of the archive, and of sites named with --out, unpacked. After a purge the archive does not
    /// know the mail: give it with --mail (one mail, or a mailbox of several). What other mails say too, as
    /// answers do, is left out. Exit status 1 when traces are found.
    ///
    /// Example: posthoc verify-gone --mail it.eml --out site
    #[command(verbatim_doc_comment)]
    VerifyGone(VerifyGoneArgs),
    /// Show who removed what, when and why
    ///
    /// Example: posthoc removals --json
    #[command(verbatim_doc_comment)]
    Removals,
    /// Verify every stored byte, every count, every address
    ///
    /// Changes nothing. Exit status 1 when something is damaged.
    ///
    /// --repair mends what can be mended: damaged files of the journal from a --backup, a damaged end by
    /// setting it aside, rows and words by deriving them again. Files are kept beside as they were.
    ///
    /// Examples:
    ///   posthoc check
    ///   posthoc check --repair --backup /mnt/backup/lists
    #[command(verbatim_doc_comment)]
    Check(CheckArgs),
    /// Derive everything again from the journal
    ///
    /// Only what can be derived is thrown away: rows, threads, search. No address changes.
    ///
    /// Example: posthoc rebuild
    #[command(verbatim_doc_comment)]
    Rebuild(RebuildArgs),
    /// Say what is wrong with the set-up, and what to do about it
    ///
    /// Looks at settings, owners and modes, disks, the lock, mail that waits, and how far search is. Changes
    /// nothing. Exit status 1 when there is a problem; advice alone is none.
    ///
    /// Example: posthoc -a /srv/lists doctor
    #[command(verbatim_doc_comment)]
    Doctor,
    /// Copy the archive to another folder, while it is in use
    ///
    /// DIR must be new, empty, or an earlier backup of the same archive, of which only what has changed is
    /// written. Every copied byte is verified; a damaged file never takes the place of a good one (exit
    /// status 1). Settings in the archive's folder go with it; what can be derived does not. A purge
    /// reaches a backup when it is made again. The backup is an archive itself.
    ///
    /// Example, every night: posthoc -a /srv/lists backup /mnt/backup/lists
    #[command(verbatim_doc_comment)]
    Backup(BackupArgs),
    /// Make an archive from a backup
    ///
    /// The archive, named with -a, must be a new or empty folder. Rows and words are derived again.
    ///
    /// Example: posthoc -a /srv/lists restore /mnt/backup/lists
    #[command(verbatim_doc_comment)]
    Restore(RestoreArgs),
}

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

/// The words of MHonArc's command line, where this is one: its options are not those of the other verbs.
pub(crate) fn of_mhonarc(given: &[OsString]) -> Option<&[OsString]> {
    let program = std::path::Path::new(given.first()?).file_name()?;
    match given.get(1) {
        _ if program == "mhonarc" => Some(&given[1..]),
        Some(verb) if verb == "mhonarc" => Some(&given[2..]),
        _ => None,
    }
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
    /// Where: ADDRESS:PORT, PORT on this machine, or unix:PATH
    #[arg(long, value_name = "ADDR", value_parser = listen)]
    pub(crate) listen: Option<Listen>,
    /// Where mail is taken by LMTP: unix:PATH, or ADDRESS:PORT or PORT on this machine
    #[arg(long, value_name = "ADDR", value_parser = lmtp, conflicts_with = "sources")]
    pub(crate) lmtp: Option<Listen>,
}

#[derive(Args, Debug)]
pub(crate) struct PasswdArgs {
    /// The file of accounts
    pub(crate) file: PathBuf,
    /// The account's name: what is typed to sign in, in any case; best an address
    #[arg(value_name = "USER")]
    pub(crate) name: String,
}

/// Lists whose members read what is published; none for everybody.
#[derive(Clone, Debug)]
pub(crate) struct MembersOf(pub(crate) Vec<ListName>);

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
    /// It gets an id made of its text, and the date of its import. It can be removed like any mail.
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

fn bytes(text: &str) -> Result<(u64, u64), String> {
    let ends = text.split_once("..");
    ends.and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)))
        .filter(|(from, to)| from < to)
        .ok_or_else(|| "write it as 1200..1260".to_owned())
}

pub(crate) fn listen(text: &str) -> Result<Listen, String> {
    if let Some(path) = text.strip_prefix("unix:").filter(|path| !path.is_empty()) {
        return Ok(Listen::Unix(PathBuf::from(path)));
    }
    let local = text.strip_prefix("localhost:").unwrap_or(text);
    local
        .parse::<SocketAddr>()
        .or_else(|_| {
            local
                .parse::<u16>()
                .map(|port| (Ipv4Addr::LOCALHOST, port).into())
        })
        .map(Listen::Tcp)
        .map_err(|_| "write it as 127.0.0.1:8025, 8025 or unix:/run/posthoc/http".to_owned())
}

/// A place that only this machine reaches: whoever connects there may put mail into every list.
pub(crate) fn lmtp(text: &str) -> Result<Listen, String> {
    match listen(text) {
        Ok(Listen::Tcp(at)) if !at.ip().is_loopback() => {
            Err("LMTP is for this machine alone: 127.0.0.1:24 or unix:/run/posthoc/lmtp".to_owned())
        }
        Ok(place) => Ok(place),
        Err(_) => Err("write it as unix:/run/posthoc/lmtp, 127.0.0.1:24 or 24".to_owned()),
    }
}

fn audience(text: &str) -> Result<MembersOf, String> {
    if text == "public" {
        return Ok(MembersOf(Vec::new()));
    }
    let lists = text
        .strip_prefix("members:")
        .ok_or("write members:LIST,LIST or public")?;
    let names: Result<Vec<ListName>, String> = lists.split(',').map(list_name).collect();
    names.map(MembersOf)
}

fn list_name(name: &str) -> Result<ListName, String> {
    ListName::new(name).ok_or_else(|| {
        "not a list's name: use a-z 0-9 . _ + -, up to 200, and no reserved word such as search"
            .to_owned()
    })
}

/// Whether the verb is `deliver`, also on a command line that is wrong elsewhere.
pub(crate) fn delivers(given: &[OsString]) -> bool {
    let mut words = given.iter().skip(1);
    while let Some(word) = words.next() {
        let word = word.to_string_lossy();
        match word.as_ref() {
            "-a" | "--archive" | "--config" => {
                words.next();
            }
            flag if flag.starts_with('-') => {}
            verb => return verb == "deliver",
        }
    }
    false
}

/// What clap says: help as it is, a mistake in one line.
pub(crate) fn explain(error: &clap::Error) -> Result<Exit, Failure> {
    let text = error.render().to_string();
    if matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    ) {
        crate::term::print(&text)?;
        return Ok(Exit::Done);
    }
    let mut words = Vec::new();
    let mut usage = "posthoc --help";
    for line in text.lines().map(str::trim) {
        if let Some(line) = line.strip_prefix("For more information, try '") {
            usage = line.trim_end_matches("'.");
        } else if !line.is_empty() && !line.starts_with("Usage:") {
            words.push(line.strip_prefix("error: ").unwrap_or(line));
        }
    }
    let verb = text
        .lines()
        .find_map(|line| line.trim().strip_prefix("Usage: posthoc "))
        .and_then(|usage| usage.split(' ').next())
        .filter(|verb| verb.bytes().all(|b| b.is_ascii_lowercase()));
    let help = match verb {
        Some(verb) => format!("posthoc {verb} --help"),
        None => usage
            .replace("--help", "posthoc --help")
            .replace("posthoc posthoc", "posthoc"),
    };
    Err(Failure::new(
        Exit::Usage,
        format!("{}; see `{help}`", words.join(" ")),
    ))
}
