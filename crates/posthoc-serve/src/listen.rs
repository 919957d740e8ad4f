//! The door: connections, what they may cost, and the end.

use crate::crowd::Crowd;
use crate::current::{Current, Reload};
use crate::fresh::Fresh;
use crate::gate::Peer;
use crate::lmtp::MailDoor;
use crate::mailboxes::Mailboxes;
use crate::passed::Passed;
use crate::patience::Patient;
use crate::site::{App, router_of};
use crate::{ServeError, ServeOptions, log};
use axum::Router;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use posthoc_archive::Store;
use posthoc_core::message::Limits;
use posthoc_core::page::Site;
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, UnixListener};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

/// Connections at once.
const MOST_CONNECTIONS: usize = 2_048;
/// Files beside connections: the archive's own.
const OTHER_FILES: usize = 256;
/// Bytes of a request's line and headers.
const LONGEST_HEAD: usize = 16 << 10;
/// Header fields of a request.
const MOST_FIELDS: usize = 64;
/// How long a request's headers may take, and an idle connection may stay.
const HEAD_PATIENCE: Duration = Duration::from_secs(30);
/// The same when more than half of the places are taken.
const SHORT_PATIENCE: Duration = Duration::from_secs(5);
/// How long a client may read nothing of what is written to it.
const READER_PATIENCE: Duration = Duration::from_secs(60);
/// How long what is under way may take to its end when the door closes.
const LAST_ANSWERS: Duration = Duration::from_secs(10);
/// How long to wait when the system gives no more connections.
const BREATH: Duration = Duration::from_millis(200);
/// Ports that are tried after the wanted one.
const NEXT_PORTS: u16 = 100;

/// Where a site is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listen {
    /// Exactly there.
    Tcp(SocketAddr),
    /// There, or at the next of a hundred ports that is free.
    TcpOrNextFree(SocketAddr),
    /// At a socket in the file system. One that nobody serves any more is replaced; it is removed
    /// at the end.
    Unix(PathBuf),
    /// At the socket of that name among those that whoever started us has opened
    /// ([`ServeOptions::passed`]). It stays theirs: it is not removed at the end.
    Passed(String),
}

/// Where a server can be reached.
#[derive(Clone, Copy, Debug)]
pub struct Ready<'a> {
    /// The site: a URL; `unix:PATH` for a socket.
    pub url: &'a str,
    /// The door for mail: `ADDRESS:PORT` or `unix:PATH`.
    pub lmtp: Option<&'a str>,
}

/// Serves until SIGINT or SIGTERM, then ends what is under way; at SIGHUP takes over what `reload`
/// reads. `ready` is called once when connections are taken, `ending` when the signal to end has come.
///
/// # Errors
/// What keeps it from starting; nothing afterwards.
pub fn serve(
    store: Arc<dyn Store>,
    site: Site,
    limits: Limits,
    options: ServeOptions,
    reload: Reload,
    ready: impl FnOnce(Ready<'_>) + Send,
    ending: impl FnOnce(),
) -> Result<(), ServeError> {
    let reload = Some(reload);
    let end = async {
        told_to_end().await;
        ending();
    };
    run(store, site, limits, options, reload, ready, end)
}

/// The same until `end` comes, which is polled on the server's own runtime; SIGHUP is left alone.
///
/// # Errors
/// As [`serve`].
pub fn serve_until(
    store: Arc<dyn Store>,
    site: Site,
    limits: Limits,
    options: ServeOptions,
    ready: impl FnOnce(Ready<'_>) + Send,
    end: impl Future<Output = ()>,
) -> Result<(), ServeError> {
    run(store, site, limits, options, None, ready, end)
}

fn run(
    store: Arc<dyn Store>,
    site: Site,
    limits: Limits,
    options: ServeOptions,
    reload: Option<Reload>,
    ready: impl FnOnce(Ready<'_>) + Send,
    end: impl Future<Output = ()>,
) -> Result<(), ServeError> {
    let app = App::new(
        Arc::clone(&store),
        site,
        limits,
        options.audience,
        &options.path_prefix,
        options.access,
    )?;
    let app = app.in_folder(options.folder).watching(options.watch);
    let current = Current::new(app);
    let router = router_of(current.clone());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(ServeError::Start)?;
    let served = runtime.block_on(async {
        if let Some(reload) = reload {
            current
                .reload_when_told(reload, options.wake.clone())
                .map_err(ServeError::Start)?;
        }
        let door = Door::open(&options.listen, &options.passed).await?;
        let wanted = options.lmtp.as_ref().map_or(0, |lmtp| lmtp.places);
        let (most, places) = places(wanted);
        let mail = match &options.lmtp {
            Some(lmtp) => {
                let store = Arc::clone(&store);
                let passed = &options.passed;
                Some(MailDoor::open(lmtp, passed, places, store, current.clone()).await?)
            }
            None => None,
        };
        let fresh = options
            .keep_fresh
            .then(|| Fresh::start(Arc::clone(&store), current.clone()))
            .transpose()
            .map_err(ServeError::Start)?;
        let mailboxes = Mailboxes::start(store, current.clone()).map_err(ServeError::Start)?;
        ready(Ready {
            url: &door.url(&options.path_prefix),
            lmtp: mail.as_ref().map(MailDoor::place).as_deref(),
        });
        let (closing, closed) = watch::channel(false);
        let end = async {
            end.await;
            // Nobody is left to hear it when there is no other door.
            let _ = closing.send(true);
        };
        let mail = async {
            if let Some(mail) = mail {
                mail.stand(closed).await;
            }
        };
        tokio::join!(door.stand(most, router, current, end), mail);
        Ok((fresh, mailboxes))
    });
    runtime.shutdown_timeout(LAST_ANSWERS);
    served.map(drop)
}

/// SIGINT or SIGTERM.
async fn told_to_end() {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = match signal(SignalKind::terminate()) {
        Ok(terminate) => terminate,
        Err(error) => {
            log(&format!("SIGTERM will end this at once: {error}"));
            return std::future::pending().await;
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

/// An open door.
pub(crate) enum Door {
    Tcp(TcpListener),
    /// And the file to remove at the end, where the socket is ours.
    Unix(UnixListener, Option<PathBuf>),
}

impl Door {
    /// Opens it, or takes the one that was passed.
    pub(crate) async fn open(listen: &Listen, passed: &Passed) -> Result<Door, ServeError> {
        let (opened, at) = match listen {
            Listen::Tcp(address) => (TcpListener::bind(address).await, address.to_string()),
            Listen::TcpOrNextFree(address) => (next_free(*address).await, address.to_string()),
            Listen::Unix(path) => {
                let at = format!("unix:{}", path.display());
                let opened = open_socket(path).await;
                let opened = opened.map(|socket| Door::Unix(socket, Some(path.clone())));
                return opened.map_err(|source| ServeError::Listen { at, source });
            }
            Listen::Passed(name) => {
                let at = format!("passed:{name}");
                let taken = passed.door(name);
                return taken.map_err(|source| ServeError::Listen { at, source });
            }
        };
        opened
            .map(Door::Tcp)
            .map_err(|source| ServeError::Listen { at, source })
    }

    fn url(&self, prefix: &str) -> String {
        match self {
            Door::Tcp(_) => {
                let prefix = prefix.trim_matches('/');
                let slash = if prefix.is_empty() { "" } else { "/" };
                format!("http://{}/{prefix}{slash}", self.place())
            }
            Door::Unix(..) => self.place(),
        }
    }

    /// Where it is, as one would say to listen there.
    pub(crate) fn place(&self) -> String {
        match self {
            Door::Tcp(listener) => {
                let address = listener.local_addr().map(|address| address.to_string());
                address.unwrap_or_default()
            }
            Door::Unix(listener, _) => {
                let address = listener.local_addr().ok();
                let path = address.as_ref().and_then(|address| address.as_pathname());
                format!("unix:{}", path.unwrap_or(Path::new("")).display())
            }
        }
    }

    /// Whether only this machine reaches it.
    pub(crate) fn is_near(&self) -> bool {
        match self {
            Door::Tcp(listener) => listener.local_addr().is_ok_and(|at| at.ip().is_loopback()),
            Door::Unix(..) => true,
        }
    }

    /// Takes no more connections; a socket of ours in the file system goes.
    pub(crate) fn close(self) {
        if let Door::Unix(socket, Some(path)) = self {
            drop(socket);
            // Gone already is as good.
            let _ = std::fs::remove_file(path);
        }
    }

    /// Takes connections until the end, then waits a while for what is under way.
    async fn stand(
        self,
        most: usize,
        router: Router,
        current: Current,
        end: impl Future<Output = ()>,
    ) {
        let places = Arc::new(Semaphore::new(most));
        let crowd = Arc::new(Crowd::new(most));
        let (closing, closed) = watch::channel(false);
        let mut visits = JoinSet::new();
        tokio::pin!(end);
        loop {
            let next = async {
                let place = Arc::clone(&places).acquire_owned().await.ok()?;
                Some((self.accept().await, place))
            };
            tokio::select! {
                () = &mut end => break,
                Some(_) = visits.join_next(), if !visits.is_empty() => {}
                next = next => {
                    let Some((visitor, place)) = next else { break };
                    let patience = match places.available_permits() > most / 2 {
                        true => HEAD_PATIENCE,
                        false => SHORT_PATIENCE,
                    };
                    // One neighbourhood does not get all places; it is turned away without a word.
                    let app = current.now();
                    let proxies = &app.access().trusted_proxies;
                    let Some(among) = crowd.enter(visitor.address(), proxies) else { continue };
                    let (router, closed) = (router.clone(), closed.clone());
                    visits.spawn(async move {
                        match visitor {
                            Visitor::Tcp(stream, at) => {
                                visit(stream, Peer::At(at), patience, router, closed).await;
                            }
                            Visitor::Unix(stream) => {
                                visit(stream, Peer::Socket, patience, router, closed).await;
                            }
                        }
                        drop((place, among));
                    });
                }
            }
        }
        // Nobody is left to hear it when there are no visits.
        let _ = closing.send(true);
        self.close();
        let answered = async { while visits.join_next().await.is_some() {} };
        // Who is not done by then is cut off when the set is dropped.
        let _ = tokio::time::timeout(LAST_ANSWERS, answered).await;
    }

    /// The next visitor. Failing to take one is no reason to stop: the cause is theirs, or passes.
    pub(crate) async fn accept(&self) -> Visitor {
        loop {
            let accepted = match self {
                Door::Tcp(listener) => listener.accept().await.map(|(stream, peer)| {
                    // Without it small answers may wait for the client's acknowledgement.
                    let _ = stream.set_nodelay(true);
                    Visitor::Tcp(stream, peer.ip().to_canonical())
                }),
                Door::Unix(listener, _) => listener
                    .accept()
                    .await
                    .map(|(stream, _)| Visitor::Unix(stream)),
            };
            match accepted {
                Ok(visitor) => return visitor,
                Err(_) => tokio::time::sleep(BREATH).await,
            }
        }
    }
}

pub(crate) enum Visitor {
    /// And where it comes from.
    Tcp(tokio::net::TcpStream, IpAddr),
    Unix(tokio::net::UnixStream),
}

impl Visitor {
    fn address(&self) -> Option<IpAddr> {
        match self {
            Visitor::Tcp(_, address) => Some(*address),
            Visitor::Unix(_) => None,
        }
    }
}

/// Connections that may be open at once, at the site's door and, beside them, so many wanted at the one
/// for mail: fewer when the system lets us have few files.
fn places(mail: usize) -> (usize, usize) {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let now = getrlimit(Resource::Nofile);
    let wanted = (MOST_CONNECTIONS + mail + OTHER_FILES) as u64;
    let current = now.current.unwrap_or(u64::MAX);
    let most = current.max(wanted.min(now.maximum.unwrap_or(u64::MAX)));
    let raised = setrlimit(
        Resource::Nofile,
        Rlimit {
            current: Some(most),
            maximum: now.maximum,
        },
    );
    let files = if raised.is_ok() { most } else { current };
    let files = usize::try_from(files).unwrap_or(usize::MAX);
    let left = files.saturating_sub(OTHER_FILES);
    let mail = mail.min((left / 4).max(16));
    let site = left.saturating_sub(mail);
    (site.clamp(64, MOST_CONNECTIONS), mail)
}

/// Serves one connection to its end.
async fn visit<T>(
    stream: T,
    peer: Peer,
    patience: Duration,
    router: Router,
    mut closed: watch::Receiver<bool>,
) where
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(peer);
        router.call(request)
    });
    let stream = TokioIo::new(Patient::new(stream, READER_PATIENCE));
    let visit = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(patience)
        .max_header_size(LONGEST_HEAD)
        .max_headers(MOST_FIELDS)
        .serve_connection(stream, service);
    tokio::pin!(visit);
    let closing = async { closed.wait_for(|closed| *closed).await.is_ok() };
    // How a visit ends (a reset, a time that ran out) is of interest to nobody.
    tokio::select! {
        _ = &mut visit => return,
        _ = closing => {}
    }
    visit.as_mut().graceful_shutdown();
    let _ = visit.await;
}

async fn next_free(wanted: SocketAddr) -> io::Result<TcpListener> {
    let mut address = wanted;
    loop {
        match TcpListener::bind(address).await {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
                let next = address.port().checked_add(1);
                match next.filter(|next| next - wanted.port() <= NEXT_PORTS) {
                    Some(next) => address.set_port(next),
                    None => return Err(error),
                }
            }
            opened => return opened,
        }
    }
}

/// Opens a socket in the file system, replacing one that nobody listens at.
async fn open_socket(path: &Path) -> io::Result<UnixListener> {
    match UnixListener::bind(path) {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            let is_socket = std::fs::symlink_metadata(path)?.file_type().is_socket();
            if !is_socket || tokio::net::UnixStream::connect(path).await.is_ok() {
                return Err(error);
            }
            std::fs::remove_file(path)?;
            UnixListener::bind(path)
        }
        opened => opened,
    }
}
