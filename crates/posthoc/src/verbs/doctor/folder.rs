//! Owners, modes, disks, and what killed processes left.

use super::{Findings, age};
use crate::config::Config;
use crate::term;
use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Folders of an archive.
const FOLDERS: [&str; 5] = [
    "journal",
    "index",
    "incoming",
    "incoming/tmp",
    "incoming/new",
];
/// Entries of one folder that are looked at.
const MOST_ENTRIES: usize = 2_000;
/// Bytes that must be left on the disk.
const LEAST_BYTES: u64 = 1 << 30;
/// Of a hundred inodes, those that must be left.
const LEAST_INODES: u64 = 5;
/// Seconds after which a file in `incoming/tmp` is one that a killed delivery left (Maildir's rule).
const STALE: u64 = 36 * 3_600;
const GROUP_WRITE: u32 = 0o020;
const OTHERS_WRITE: u32 = 0o002;
const OTHERS: u32 = 0o007;

pub(super) fn look(dir: &Path, config: &Config, findings: &mut Findings) {
    let Ok(root) = fs::metadata(dir) else {
        // That there is no archive is told by opening it.
        return;
    };
    disk(dir, findings);
    if root.mode() & OTHERS_WRITE != 0 {
        findings.problem(
            format!("everybody on this machine may write {}", dir.display()),
            format!("chmod o-w {}; share it by a group", dir.display()),
        );
    }
    for name in FOLDERS {
        folder(&dir.join(name), &root, findings);
    }
    stale(&dir.join("incoming/tmp"), findings);
    for file in accounts(config) {
        if let Ok(about) = fs::metadata(&file)
            && about.mode() & OTHERS != 0
        {
            findings.problem(
                format!(
                    "everybody on this machine may read the hashes in {}",
                    file.display()
                ),
                format!("chmod o= {}", file.display()),
            );
        }
    }
    if let Some(Ok(posthoc_serve::Listen::Unix(socket))) =
        config.serve.text("lmtp").map(crate::args::lmtp)
    {
        socket_folder(&socket, findings);
    }
}

fn disk(dir: &Path, findings: &mut Findings) {
    let Ok(disk) = rustix::fs::statvfs(dir) else {
        return;
    };
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    if free < LEAST_BYTES {
        findings.problem(
            format!(
                "{} MiB are left on the disk of {}",
                free >> 20,
                dir.display()
            ),
            "make room: without it mail is not accepted, and stays with the mail system",
        );
    }
    // Some file systems have as many as they need, and say none.
    if disk.f_files > 0 && disk.f_favail.saturating_mul(100) < disk.f_files * LEAST_INODES {
        findings.problem(
            format!(
                "{} inodes are left on the disk of {}",
                disk.f_favail,
                dir.display()
            ),
            "take files away: each waiting mail needs one",
        );
    }
    if rustix::fs::access(dir, rustix::fs::Access::WRITE_OK).is_err() {
        findings.advice(
            format!("this user may not write {}", dir.display()),
            "run the verbs that write, and the server, as one who may",
        );
    }
}

/// One folder of the archive and what lies in it: whoever may write the archive must be able to go on
/// with all of it.
fn folder(path: &Path, root: &Metadata, findings: &mut Findings) {
    let Ok(about) = fs::metadata(path) else {
        if path.ends_with("index") {
            // It is made when the first words are.
            return;
        }
        findings.problem(
            format!("{} is not there", path.display()),
            "posthoc check says what else is missing; a backup has it, or posthoc rebuild",
        );
        return;
    };
    let shared = root.mode() & GROUP_WRITE != 0;
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    let inside = entries.take(MOST_ENTRIES).map(|entry| entry.path());
    let mut strange: Option<PathBuf> = None;
    let mut count = 0_u64;
    for (path, about) in std::iter::once((path.to_owned(), about)).chain(
        inside.filter_map(|path| fs::symlink_metadata(&path).ok().map(|about| (path, about))),
    ) {
        let fits = match shared {
            true => about.gid() == root.gid() && about.mode() & GROUP_WRITE != 0,
            false => about.uid() == root.uid(),
        };
        if !fits {
            count += 1;
            strange.get_or_insert(path);
        }
    }
    if let Some(path) = strange {
        let more = match count {
            1 => String::new(),
            n => format!(" and {} more beside it", n - 1),
        };
        let (what, remedy) = match shared {
            true => (
                "not the group's to write, as the archive is",
                "chgrp -R GROUP and chmod -R g+w the archive, and chmod g+s its folders",
            ),
            false => (
                "of another owner than the archive",
                "chown -R OWNER the archive, and run posthoc as that user",
            ),
        };
        findings.problem(format!("{}{more} is {what}", path.display()), remedy);
    }
}

fn stale(tmp: &Path, findings: &mut Findings) {
    let entries = fs::read_dir(tmp).into_iter().flatten().flatten();
    let old = entries.take(MOST_ENTRIES).filter(|entry| {
        let changed = entry.metadata().and_then(|about| about.modified());
        changed.ok().and_then(age).is_some_and(|age| age > STALE)
    });
    let old = old.count() as u64;
    if old > 0 {
        findings.advice(
            format!("killed deliveries left {} in {}", term::count(old, "file"), tmp.display()),
            "they were never accepted, and their senders know; the next verb that writes takes them away",
        );
    }
}

fn accounts(config: &Config) -> Vec<PathBuf> {
    let own = config
        .lists
        .values()
        .filter_map(|list| list.path("htpasswd"));
    config
        .serve
        .path("htpasswd")
        .into_iter()
        .chain(own)
        .collect()
}

fn socket_folder(socket: &Path, findings: &mut Findings) {
    let Some(folder) = socket.parent() else {
        return;
    };
    match fs::metadata(folder) {
        Err(_) => findings.problem(
            format!(
                "{} is not there: LMTP cannot listen in it",
                folder.display()
            ),
            "make it, owned by the server's user; a systemd unit does so with RuntimeDirectory=",
        ),
        Ok(about) if about.mode() & OTHERS_WRITE != 0 && about.mode() & 0o1000 == 0 => findings
            .problem(
                format!("everybody may put another socket in {}", folder.display()),
                format!("chmod o-w {}", folder.display()),
            ),
        Ok(_) => {}
    }
}
