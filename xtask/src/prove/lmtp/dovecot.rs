//! Dovecot's LMTP, with a configuration and folders of its own.

use super::super::lab::{Lab, text};
use anyhow::{Context, Result, bail};
use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Whose mail is delivered; Debian's ids of nobody and nogroup.
const NOBODY: u32 = 65_534;
/// How long it may take to begin.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running instance; ends when dropped.
pub(super) struct Dovecot {
    child: Child,
    folder: PathBuf,
    socket: PathBuf,
}

impl Dovecot {
    pub(super) fn start(lab: &Lab) -> Result<Dovecot> {
        let folder = lab.folder("dovecot")?;
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o755))?;
        let mail = folder.join("mail");
        fs::create_dir(&mail)?;
        chown(&mail, Some(NOBODY), Some(NOBODY))?;
        let config = folder.join("dovecot.conf");
        fs::write(&config, settings(text(&folder)?))?;
        let child = Command::new("dovecot")
            .args(["-F", "-c", text(&config)?])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("Debian's package dovecot-lmtpd is needed")?;
        let mut dovecot = Dovecot {
            child,
            socket: folder.join("run/lmtp"),
            folder,
        };
        let begin = Instant::now();
        while UnixStream::connect(&dovecot.socket).is_err() {
            let ended = dovecot.child.try_wait()?;
            if ended.is_some() || begin.elapsed() > PATIENCE {
                let log = fs::read_to_string(dovecot.folder.join("log")).unwrap_or_default();
                bail!("Dovecot does not answer: {}", log.trim());
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(dovecot)
    }

    pub(super) fn socket(&self) -> &Path {
        &self.socket
    }

    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// How many mails lie in the Maildir.
    pub(super) fn mails(&self) -> Result<usize> {
        let new = self.folder.join("mail/new");
        Ok(fs::read_dir(&new)
            .with_context(|| new.display().to_string())?
            .count())
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        let id = self.child.id().to_string();
        let _ = Command::new("kill").args(["-TERM", &id]).status();
        let _ = self.child.wait();
    }
}

/// As Debian delivers it, but for places, one user, and as many processes as there are connections.
fn settings(folder: &str) -> String {
    format!(
        "protocols = lmtp\nbase_dir = {folder}/run\nlog_path = {folder}/log\nssl = no\n\
         mail_location = maildir:{folder}/mail\nfirst_valid_uid = 1\n\
         userdb {{\n driver = static\n args = uid={NOBODY} gid={NOBODY} home={folder}/mail allow_all_users=yes\n}}\n\
         passdb {{\n driver = static\n args = nopassword=y\n}}\n\
         service lmtp {{\n unix_listener lmtp {{\n  mode = 0666\n }}\n}}\n\
         protocol lmtp {{\n postmaster_address = postmaster@skarv.example\n}}\n"
    )
}
