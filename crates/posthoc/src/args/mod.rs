//! The one table of verbs and flags. Help texts, and all that is made from them, come from here.

mod keeping;
mod reading;
mod taking_in;
mod values;

use crate::exit::{Exit, Failure};
use clap::error::ErrorKind;
use clap::{Args, Parser, Subcommand};
pub(crate) use keeping::*;
pub(crate) use reading::*;
use std::ffi::OsString;
use std::path::PathBuf;
pub(crate) use taking_in::*;
pub(crate) use values::{listen, lmtp};

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
    /// Show what imports put aside and deliveries hold, and take it in after all
    ///
    /// Put aside is what has no header line at all, is longer than 256 MiB, or cannot be read; nothing else. Held
    /// is what a machine sent to a list by mistake: bounces, automatic answers, notices of list software. It
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
    /// Give the pages a face of the site's own
    ///
    /// A theme is the folder templates/ in the archive: theme.css with colours and fonts, a logo and an icon,
    /// header.html and footer.html, and any of the built-in templates, changed; the folder strings/ beside it
    /// has words of the site's own, one file for each language. `start` writes files to begin with, `check` makes
    /// pages of every kind from the archive's mails and says what is wrong with them, `preview` shows all of it
    /// to this machine only. With FOLDER a theme is tried elsewhere before it is put into the archive. `publish`
    /// and `serve` then use it.
    ///
    /// Examples:
    ///   posthoc theme start
    ///   posthoc theme preview
    ///   posthoc theme check ./new-face
    #[command(verbatim_doc_comment)]
    Theme(ThemeArgs),
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

/// The words of MHonArc's command line, where this is one: its options are not those of the other verbs.
pub(crate) fn of_mhonarc(given: &[OsString]) -> Option<&[OsString]> {
    let program = std::path::Path::new(given.first()?).file_name()?;
    match given.get(1) {
        _ if program == "mhonarc" => Some(&given[1..]),
        Some(verb) if verb == "mhonarc" => Some(&given[2..]),
        _ => None,
    }
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
