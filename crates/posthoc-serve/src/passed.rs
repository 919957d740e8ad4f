//! Sockets that whoever started us has opened: systemd, for one. A connection that comes while the server
//! starts, or is started anew, waits there and is not refused.

use crate::listen::Door;
use std::io;
use std::net::TcpListener;
use std::os::unix::net::UnixListener;
use std::sync::Arc;

/// Sockets by their names. Copies share them.
#[derive(Clone, Debug, Default)]
pub struct Passed {
    sockets: Arc<Vec<(String, Socket)>>,
}

/// A socket that listens already.
#[derive(Debug)]
pub enum Socket {
    /// For TCP.
    Tcp(TcpListener),
    /// In the file system.
    Unix(UnixListener),
}

impl Passed {
    /// These; of two with one name the first counts.
    pub fn new(sockets: Vec<(String, Socket)>) -> Self {
        Passed {
            sockets: Arc::new(sockets),
        }
    }

    /// The door at that name's socket.
    pub(crate) fn door(&self, name: &str) -> io::Result<Door> {
        let mut sockets = self.sockets.iter();
        let Some((_, socket)) = sockets.find(|(named, _)| named == name) else {
            let names: Vec<&str> = self.sockets.iter().map(|(name, _)| &**name).collect();
            let line = match names.is_empty() {
                true => "no socket was passed to this process".to_owned(),
                false => format!("sockets were passed only for {}", names.join(", ")),
            };
            return Err(io::Error::new(io::ErrorKind::NotFound, line));
        };
        match socket {
            Socket::Tcp(listener) => {
                let listener = listener.try_clone()?;
                listener.set_nonblocking(true)?;
                tokio::net::TcpListener::from_std(listener).map(Door::Tcp)
            }
            Socket::Unix(listener) => {
                let listener = listener.try_clone()?;
                listener.set_nonblocking(true)?;
                let listener = tokio::net::UnixListener::from_std(listener)?;
                Ok(Door::Unix(listener, None))
            }
        }
    }
}
