//! What passes between systemd and a server: sockets that it has opened (sd_listen_fds(3)), and how the
//! server stands (sd_notify(3)). Without systemd there are none, and nobody is told.

use crate::exit::{Exit, Failure};
use listenfd::ListenFd;
use posthoc_serve::{Passed, Socket};
use rustix::time::{ClockId, clock_gettime};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};

/// The sockets that were passed to this process, by the names in `$LISTEN_FDNAMES`; one without a name
/// has its number, from 0.
///
/// # Errors
/// What was passed is no socket that takes connections.
pub(crate) fn sockets() -> Result<Passed, Failure> {
    let names = std::env::var("LISTEN_FDNAMES").unwrap_or_default();
    let mut names = names.split(':').filter(|name| !name.is_empty());
    let mut given = ListenFd::from_env();
    let mut sockets = Vec::new();
    for n in 0..given.len() {
        let name = names.next().map_or_else(|| n.to_string(), str::to_owned);
        let unix = given.take_unix_listener(n).ok().flatten();
        let socket = match unix.map(Socket::Unix) {
            Some(socket) => Some(socket),
            None => given.take_tcp_listener(n).ok().flatten().map(Socket::Tcp),
        };
        let Some(socket) = socket else {
            let line = format!(
                "the passed socket {name} takes no streams; write ListenStream= in its unit"
            );
            return Err(Failure::new(Exit::Config, line));
        };
        sockets.push((name, socket));
    }
    Ok(Passed::new(sockets))
}

/// Tells systemd a state, as lines of `NAME=value`. That nobody listens is no fault of the server.
pub(crate) fn tell(state: &str) {
    let Some(at) = std::env::var_os("NOTIFY_SOCKET") else {
        return;
    };
    let address = match at.as_bytes().strip_prefix(b"@") {
        Some(name) => SocketAddr::from_abstract_name(name),
        None => SocketAddr::from_pathname(&at),
    };
    // Nothing would be served better for knowing that it could not be told.
    let _ = address
        .and_then(|address| UnixDatagram::unbound()?.send_to_addr(state.as_bytes(), &address));
}

/// While it lives, systemd knows that settings are read anew.
pub(crate) struct Reloading(());

impl Reloading {
    /// From now on.
    pub(crate) fn begin() -> Self {
        let now = clock_gettime(ClockId::Monotonic);
        let micros = now.tv_sec.saturating_mul(1_000_000) + now.tv_nsec / 1_000;
        tell(&format!("RELOADING=1\nMONOTONIC_USEC={micros}"));
        Reloading(())
    }
}

impl Drop for Reloading {
    fn drop(&mut self) {
        tell("READY=1");
    }
}
