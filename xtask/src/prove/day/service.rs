//! The server as systemd runs it: at sockets that stay while it is replaced, with its log in a file.

use super::super::lab::Lab;
use anyhow::{Context, Result, bail, ensure};
use std::fs;
use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The shell puts the sockets where systemd puts them, and becomes the server, whose id it knows.
const AS_SYSTEMD: &str = "export LISTEN_PID=$$ LISTEN_FDS=2 LISTEN_FDNAMES=http:lmtp; \
     exec \"$0\" \"$@\" 3<&0 4<&1 </dev/null >/dev/null";
/// How long a process may take to end.
const PATIENCE: Duration = Duration::from_secs(60);

/// The sockets, and whoever serves them.
pub(super) struct Service<'l> {
    lab: &'l Lab,
    archive: PathBuf,
    http: TcpListener,
    mail: UnixListener,
    /// Where mail is taken.
    pub(super) socket: PathBuf,
    log: PathBuf,
    child: Mutex<Option<Child>>,
}

impl<'l> Service<'l> {
    pub(super) fn new(lab: &'l Lab, archive: &Path) -> Result<Self> {
        let socket = lab.fresh("day-lmtp")?;
        Ok(Service {
            lab,
            archive: archive.to_owned(),
            http: TcpListener::bind("127.0.0.1:0")?,
            mail: UnixListener::bind(&socket)?,
            socket,
            log: lab.fresh("day.log")?,
            child: Mutex::new(None),
        })
    }

    /// `HOST:PORT` of the site.
    pub(super) fn address(&self) -> Result<String> {
        Ok(self.http.local_addr()?.to_string())
    }

    /// Starts a binary there; whoever comes before it is ready waits.
    pub(super) fn start(&self, binary: &Path) -> Result<()> {
        let mut command = Command::new("sh");
        command
            .args(["-c", AS_SYSTEMD])
            .arg(binary)
            .arg("-a")
            .arg(&self.archive);
        command.args(["serve", "--listen", "passed:http", "--lmtp", "passed:lmtp"]);
        self.lab.clean(&mut command);
        let child = command
            .stdin(Stdio::from(OwnedFd::from(self.http.try_clone()?)))
            .stdout(Stdio::from(OwnedFd::from(self.mail.try_clone()?)))
            .stderr(appending(&self.log)?)
            .spawn()?;
        *self.child.lock().unwrap_or_else(PoisonError::into_inner) = Some(child);
        Ok(())
    }

    /// The process; none between two.
    pub(super) fn pid(&self) -> Option<u32> {
        let child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        child.as_ref().map(Child::id)
    }

    /// Ends it as a service manager does; how long that took.
    pub(super) fn stop(&self) -> Result<Duration> {
        let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        ended(child.take().context("it does not run")?)
    }

    /// Moves what the log says into another file, as logrotate's `copytruncate` does, and has the settings read
    /// anew. Answers what was said.
    pub(super) fn rotate(&self) -> Result<String> {
        let said = fs::read_to_string(&self.log)?;
        fs::File::options()
            .write(true)
            .open(&self.log)?
            .set_len(0)?;
        let id = self.pid().context("it does not run")?.to_string();
        Command::new("kill").args(["-HUP", &id]).status()?;
        Ok(said)
    }

    /// What the log says since.
    pub(super) fn said(&self) -> Result<String> {
        fs::read_to_string(&self.log).context("a log that is no text")
    }
}

impl Drop for Service<'_> {
    fn drop(&mut self) {
        let child = self.child.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some(child) = child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// `publish --follow` into a folder.
pub(super) struct Follower(Option<Child>);

impl Follower {
    pub(super) fn start(
        lab: &Lab,
        archive: &Path,
        binary: &Path,
        site: &Path,
        log: &Path,
    ) -> Result<Self> {
        let mut command = Command::new(binary);
        command
            .arg("-a")
            .arg(archive)
            .args(["-q", "publish", "--follow"])
            .arg(site);
        lab.clean(&mut command);
        let child = command
            .stdout(Stdio::null())
            .stderr(appending(log)?)
            .spawn()?;
        Ok(Follower(Some(child)))
    }

    pub(super) fn pid(&self) -> Option<u32> {
        self.0.as_ref().map(Child::id)
    }

    pub(super) fn stop(&mut self) -> Result<Duration> {
        ended(self.0.take().context("it does not run")?)
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        if let Some(child) = &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn appending(log: &Path) -> Result<Stdio> {
    let file = fs::File::options().create(true).append(true).open(log)?;
    Ok(Stdio::from(file))
}

/// Has a process end by SIGTERM; it must say that all is well.
fn ended(mut child: Child) -> Result<Duration> {
    let begin = Instant::now();
    Command::new("kill")
        .args(["-TERM", &child.id().to_string()])
        .status()?;
    while begin.elapsed() < PATIENCE {
        if let Some(status) = child.try_wait()? {
            ensure!(status.success(), "it ended with {status}");
            return Ok(begin.elapsed());
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    child.kill()?;
    child.wait()?;
    bail!("it does not end within {PATIENCE:?}")
}
