//! `mhonarc`: the command line of MHonArc. The mails are in an archive of ours in OUTDIR/.posthoc, which takes
//! its database's place; the pages beside it are what it would write.

mod keep;
mod lock;
mod resources;
mod takeover;
mod words;

use crate::exit::{Exit, Failure};
use crate::open::absolute;
use crate::term;
use keep::Keep;
use posthoc_core::message::{Limits, parse};
use posthoc_mhonarc::{Archive, Said, explain};
use std::ffi::OsString;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use words::{Mode, Words, usage};

/// The longest mail that is read from standard input, in bytes.
const LONGEST: u64 = 256 << 20;

const HELP: &str = "\
Make and keep an archive of mails as MHonArc does, with its command line

Usage: posthoc mhonarc [OPTIONS] MAILBOX-OR-MH-FOLDER...
       posthoc mhonarc -add [OPTIONS] [MAILBOX-OR-MH-FOLDER...]
       posthoc mhonarc -rmm [OPTIONS] NUMBER-OR-MESSAGE-ID...
       posthoc mhonarc -annotate [-notetext TEXT] NUMBER-OR-MESSAGE-ID...
       posthoc mhonarc -scan | -editidx | -genidx | -single [OPTIONS]
       posthoc mhonarc --explain RESOURCE-FILE

The program does the same when it is called mhonarc. The mails are kept in OUTDIR/.posthoc, a normal archive:
`posthoc -a OUTDIR/.posthoc` knows every other verb. Resources come from the environment (M2H_...), from what
the last run kept, from -rcfile and from options (-title, -idxsize, -nothread ...); --explain says of a
resource file what is done. An option that is not done is refused by name with what to use in its place.

  -add                  add mails; without a mailbox one mail from standard input
  -annotate             attach a note to mails, from -notetext or standard input; an empty one takes it away
  -definevar NAME=VALUE define a variable; may be said several times
  -editidx              write every page anew
  -fileperms OCTAL      permissions of files
  -genidx               print the main index; -pagenum N says which page of it
  -keeponrmm            leave the files of removed mails
  -lockdelay SECONDS, -locktries N, -nolock, -force
                        the lock: status 75 when it cannot be had
  -modtime              pages have the times of their mails
  -msgsep REGEX, -conlen
                        how a mailbox is cut; else at every line that begins with `From `
  -nosaveresources      the next run does not know this one's resources
  -outdir FOLDER        the archive's folder; else $M2H_OUTDIR, else this one
  -quiet                say nothing but errors
  -rcfile FILE          a resource file; may be said several times
  -rmm                  remove mails; their numbers are not given again
  -scan                 list the mails
  -single               print the page of one mail, from a file or standard input
  -umask OCTAL          of this run

Examples:
  posthoc mhonarc -outdir /srv/www/town-hall -rcfile town-hall.mrc town-hall.mbox
  posthoc mhonarc -add -quiet -outdir /srv/www/town-hall < mail.eml
";

/// Does what a command line of MHonArc says.
pub(crate) fn mhonarc(given: &[OsString]) -> Result<Exit, Failure> {
    let words = Words::read(given)?;
    match words.about {
        Some("version") => {
            term::print(&format!(
                "posthoc {}, as MHonArc 2.6.19\n",
                env!("CARGO_PKG_VERSION")
            ))?;
            return Ok(Exit::Done);
        }
        Some(_) => {
            term::print(HELP)?;
            return Ok(Exit::Done);
        }
        None => {}
    }
    if words.mode == Mode::Explain {
        return explained(&words);
    }
    let folder = words
        .folder
        .clone()
        .or_else(|| resources::environment("M2H_OUTDIR").map(PathBuf::from));
    let folder = absolute(&folder.unwrap_or_else(|| PathBuf::from(".")));
    if words.mode == Mode::Single {
        return single(&words, &folder);
    }
    if !folder.is_dir() {
        return Err(Failure::new(
            Exit::NoInput,
            format!(
                "{} is no folder; make it, or name another with -outdir",
                folder.display()
            ),
        ));
    }
    let wants_operands = matches!(words.mode, Mode::Create | Mode::Rmm | Mode::Annotate);
    if wants_operands && words.operands.is_empty() {
        return Err(usage(
            "nothing to do; `posthoc mhonarc -help` shows how it is called".to_owned(),
        ));
    }
    let _lock = lock::take(&folder, &words)?;
    Keep::new(words, &folder)?.run()
}

/// Reads one mail from a file or standard input.
pub(super) fn one_mail(path: Option<&Path>) -> Result<Vec<u8>, Failure> {
    let mut mail = Vec::new();
    match path {
        Some(path) => {
            let read =
                fs::File::open(path).and_then(|file| file.take(LONGEST + 1).read_to_end(&mut mail));
            read.map_err(|error| Failure::io("read", path, &error))?;
        }
        None => {
            let read = std::io::stdin()
                .lock()
                .take(LONGEST + 1)
                .read_to_end(&mut mail);
            read.map_err(|error| Failure::io("read", Path::new("/dev/stdin"), &error))?;
        }
    }
    if mail.len() as u64 > LONGEST {
        return Err(Failure::new(
            Exit::BadInput,
            "the mail is longer than 256 MiB; it was not taken",
        ));
    }
    Ok(mail)
}

/// A mail without the From_ line that a mail system may put before it.
pub(super) fn without_from_line(mail: &[u8]) -> &[u8] {
    match mail.split_inclusive(|byte| *byte == b'\n').next() {
        Some(line) if line.starts_with(b"From ") => &mail[line.len()..],
        _ => mail,
    }
}

/// `-single`: the page of one mail, and the files that were taken out of it beside it.
fn single(words: &Words, folder: &Path) -> Result<Exit, Failure> {
    let (resources, mut refused) =
        resources::gather(words, folder, &folder.join(".posthoc/mhonarc.resources"))?;
    let path = words
        .operands
        .first()
        .filter(|path| *path != "-")
        .map(Path::new);
    let mail = one_mail(path)?;
    let mail = without_from_line(&mail);
    let (mut archive, more) = Archive::new(resources, resources::surroundings(folder));
    refused.extend(more);
    resources::tell(&refused);
    let message = parse(mail, &Limits::default());
    if archive.put(0, &message, mail).is_err() {
        return Err(Failure::new(Exit::BadInput, "the mail was not taken"));
    }
    let Some(page) = archive.site().message(0, &message) else {
        return Err(usage(
            "-single makes a page, and NOMSGPGS says that there are none".to_owned(),
        ));
    };
    if let Some(file) = page.files.first() {
        eprintln!(
            "posthoc: {} and other files of the mail are not written; make an archive to have them",
            term::line(&file.name)
        );
    }
    term::bytes(&page.page.bytes)?;
    Ok(Exit::Done)
}

/// `--explain`: what is done with each element of resource files.
fn explained(words: &Words) -> Result<Exit, Failure> {
    if words.operands.is_empty() {
        return Err(usage(
            "name a resource file: posthoc mhonarc --explain FILE".to_owned(),
        ));
    }
    let mut all_done = true;
    for path in &words.operands {
        let file = fs::read(path).map_err(|error| Failure::io("read", Path::new(path), &error))?;
        for element in explain(&file) {
            let word = match (element.said, element.refused.is_empty()) {
                (Said::Elsewhere, _) => {
                    "says nothing about pages; posthoc mhonarc has an option or its own way"
                        .to_owned()
                }
                (_, false) => {
                    all_done = false;
                    let refused = element.refused.iter().map(resources::words_for);
                    refused.collect::<Vec<_>>().join("; ")
                }
                (Said::Done | Said::NotDone, true) => "as MHonArc does".to_owned(),
            };
            term::print(&format!(
                "{path}:{}: {}: {}\n",
                element.line,
                element.name,
                term::line(&word)
            ))?;
        }
    }
    Ok(if all_done { Exit::Done } else { Exit::No })
}
