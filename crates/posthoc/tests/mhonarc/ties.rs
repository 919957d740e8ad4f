//! Which pages stay true when a mail comes: of every page that its tie and its unknown ids call unchanged, the
//! bytes are compared with those of before.

use crate::{RESOURCES, case, own};
use posthoc_core::message::{Limits, Message, parse};
use posthoc_mhonarc::{Archive, Ties};
use std::path::{Path, PathBuf};

/// Every page with what tells whether it stays.
struct Pages {
    ties: Vec<u64>,
    unknown: Vec<Vec<u64>>,
    bytes: Vec<Vec<u8>>,
}

fn pages(archive: &Archive, taken: &[Message]) -> Pages {
    let site = archive.site();
    let ties = Ties::of(&site);
    let mut pages = Pages {
        ties: Vec::new(),
        unknown: Vec::new(),
        bytes: Vec::new(),
    };
    for (at, message) in taken.iter().enumerate() {
        pages.ties.push(site.tie(&ties, at));
        let Some(page) = site.message(at, message) else {
            pages.unknown.push(Vec::new());
            pages.bytes.push(Vec::new());
            continue;
        };
        pages.unknown.push(page.unknown);
        let files = page.files.into_iter().flat_map(|file| file.bytes);
        pages
            .bytes
            .push(page.page.bytes.into_iter().chain(files).collect());
    }
    pages
}

/// Adds mails in an order that no list has, and answers how many pages were called unchanged and how many
/// were not.
fn check(name: &str, archive: &mut Archive, mbox: &Path) -> (usize, usize) {
    let mbox = std::fs::read(mbox).expect("is read");
    let mails: Vec<&[u8]> = case::mails(&mbox).collect();
    let order = (0..5).flat_map(|from| (from..mails.len()).step_by(5).collect::<Vec<_>>());
    let (mut taken, mut before) = (Vec::new(), None::<Pages>);
    let (mut kept, mut changed) = (0, 0);
    for at in order {
        let message = parse(mails[at], &Limits::default());
        if archive.add(&message, mails[at]).is_err() {
            continue;
        }
        taken.push(message);
        let now = pages(archive, &taken);
        let came = archive.mails().last().expect("a mail").mark();
        for (at, before) in before
            .iter()
            .flat_map(|pages| (0..pages.ties.len()).map(move |at| (at, pages)))
        {
            if before.ties[at] == now.ties[at] && !before.unknown[at].contains(&came) {
                assert!(
                    before.bytes[at] == now.bytes[at],
                    "{name}: the page of mail {at} changes with mail {}",
                    taken.len()
                );
                kept += 1;
            } else {
                changed += 1;
            }
        }
        before = Some(now);
    }
    (kept, changed)
}

fn town_hall() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus/lists/town-hall.mbox")
}

/// Resource files whose pages say most of other mails; these are tried on a longer list too.
const FAR_REACHING: [&str; 5] = ["buttons", "pages", "slices", "subject", "tree"];

#[test]
fn pages_that_are_called_unchanged_are() {
    for (name, _) in RESOURCES {
        let file = own(&format!("resources/{name}.mrc"));
        check(name, &mut case::archive(Some(&file)), &own("small.mbox"));
        if FAR_REACHING.contains(name) {
            check(name, &mut case::archive(Some(&file)), &town_hall());
        }
    }
}

#[test]
fn most_pages_stay_as_they_are_when_a_mail_comes() {
    let (kept, changed) = check("defaults", &mut case::archive(None), &town_hall());
    assert!(kept > 3 * changed, "{kept} stay, {changed} do not");
}

/// Markup that says something of all mails, of a mail seen from another, or of where a mail stands.
#[test]
fn markup_that_hangs_on_other_mails_changes_with_them() {
    for markup in [
        "<TOPLINKS>\n$NUMOFMSG$ $ORDNUM$ $TLEVEL$ $MSGTORDNUM$ $NUMFOLUP$\n</TOPLINKS>\n",
        "<BOTLINKS>\n$SUBJECTNA(TEND)$ $MSG(TPARENT)$ $FROM(LAST)$ $PGLINKLIST$\n</BOTLINKS>\n",
        "<FOLUPLITXT>\n$SUBJECT$ $MSG(NEXT)$ $TLEVEL$\n</FOLUPLITXT>\n",
        "<MSGFOOT>\n$TSLICE(3;3;1)$ $IDXFNAME$ $TIDXFNAME$\n</MSGFOOT>\n<MULTIPG>\n<IDXSIZE>\n3\n</IDXSIZE>\n",
        "<TSLICELITXT>\n$SUBJECT$ $NUMFOLUP$\n</TSLICELITXT>\n<MSGFOOT>\n$TSLICE(2;2;0)$\n</MSGFOOT>\n",
        "<DEFINEDERIVED>\n$MSGNUM$.txt\n$SUBJECTNA(TNEXTTOP)$ $FROM(TPREVTOP)$\n</DEFINEDERIVED>\n",
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("own.mrc");
        std::fs::write(&file, markup).expect("is written");
        for mbox in [own("small.mbox"), town_hall()] {
            check(markup, &mut case::archive(Some(&file)), &mbox);
        }
    }
}
