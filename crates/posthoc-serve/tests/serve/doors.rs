//! Real sockets.

use crate::situation::archive;
use posthoc_archive::Store;
use posthoc_core::message::Limits;
use posthoc_core::page::{Audience, Site};
use posthoc_serve::{Access, Listen, Passed, Ready, ServeError, ServeOptions, Wake, serve_until};
use posthoc_store::memory::MemoryStore;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// A site that is being served.
pub(crate) struct Served {
    url: String,
    pub(crate) lmtp: Option<String>,
    end: oneshot::Sender<()>,
    thread: JoinHandle<Result<(), ServeError>>,
}

pub(crate) fn options(listen: Listen) -> ServeOptions {
    ServeOptions {
        listen,
        passed: Passed::default(),
        audience: Audience::Public,
        path_prefix: String::new(),
        access: Access::default(),
        keep_fresh: true,
        lmtp: None,
        watch: Vec::new(),
        folder: None,
        wake: Wake::default(),
    }
}

pub(crate) fn serve(store: Arc<MemoryStore>, options: ServeOptions) -> Served {
    serve_site(store, Site::default(), options)
}

pub(crate) fn serve_site(store: Arc<MemoryStore>, site: Site, options: ServeOptions) -> Served {
    let (end, ended) = oneshot::channel();
    let (say, said) = mpsc::channel();
    let thread = std::thread::spawn(move || {
        let ready = move |at: Ready<'_>| {
            let lmtp = at.lmtp.map(str::to_owned);
            say.send((at.url.to_owned(), lmtp)).unwrap();
        };
        let end = async { drop(ended.await) };
        serve_until(store, site, Limits::default(), options, ready, end)
    });
    let (url, lmtp) = said.recv_timeout(Duration::from_secs(30)).unwrap();
    Served {
        url,
        lmtp,
        end,
        thread,
    }
}

impl Served {
    pub(crate) fn address(&self) -> SocketAddr {
        let address = self.url.strip_prefix("http://").unwrap();
        address.trim_end_matches('/').parse().unwrap()
    }

    pub(crate) fn end(self) {
        self.end.send(()).unwrap();
        self.thread.join().unwrap().unwrap();
    }
}

fn said(mut stream: impl Read + Write, request: &str) -> String {
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

pub(crate) fn closing(target: &str) -> String {
    format!("GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
}

pub(crate) const ANY: &str = "127.0.0.1:0";

#[test]
fn over_tcp() {
    let listen = Listen::Tcp(ANY.parse().unwrap());
    let served = serve(archive(&["wherry"]), options(listen));
    let connect = || TcpStream::connect(served.address()).unwrap();
    let page = said(connect(), &closing("/wherry/"));
    assert!(page.starts_with("HTTP/1.1 200 OK\r\n"), "{page}");
    assert!(page.trim_end().ends_with("</html>"));
    assert!(page.contains("\r\ndate: "));
    let health = said(connect(), &closing("/healthz"));
    assert!(health.ends_with("\r\n\r\nok\n"), "{health}");
    let head = said(connect(), &closing("/wherry/").replace("GET", "HEAD"));
    assert!(head.contains("content-length: "));
    assert!(head.ends_with("\r\n\r\n"));
    let two = "GET /wherry/n/0 HTTP/1.1\r\nHost: x\r\n\r\n".to_owned() + &closing("/nothing");
    let two = said(connect(), &two);
    assert!(two.starts_with("HTTP/1.1 301 ") && two.contains("HTTP/1.1 404 "));
    for (request, status) in [
        ("GET / HTTP/1.0\r\n\r\n".to_owned(), "200"),
        ("nonsense\r\n\r\n".to_owned(), "400"),
        (format!("GET /{} HTTP/1.1\r\n\r\n", "a".repeat(70_000)), "4"),
        (
            format!("GET / HTTP/1.1\r\n{}\r\n", "a: b\r\n".repeat(100)),
            "431",
        ),
    ] {
        let mut stream = connect();
        // The answer may come, and the connection end, before all of a long request is written.
        let _ = stream.write_all(request.as_bytes());
        let mut first = [0; 12];
        stream.read_exact(&mut first).unwrap();
        let first = String::from_utf8_lossy(&first).into_owned();
        assert!(first[9..].starts_with(status), "{first}");
    }
    served.end();
}

#[test]
fn the_next_free_port() {
    let taken = TcpListener::bind(ANY).unwrap();
    let address = taken.local_addr().unwrap();
    let exact = serve_until(
        archive(&[]),
        Site::default(),
        Limits::default(),
        options(Listen::Tcp(address)),
        |_| panic!("nothing is ready"),
        async {},
    );
    assert!(
        exact
            .unwrap_err()
            .to_string()
            .starts_with("cannot listen at 127.0.0.1:")
    );
    let served = serve(archive(&[]), options(Listen::TcpOrNextFree(address)));
    assert!(served.address().port() > address.port());
    served.end();
}

#[test]
fn over_a_unix_socket() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("socket");
    let listen = || options(Listen::Unix(path.clone()));
    // One that was left behind is replaced.
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    let served = serve(archive(&["wherry"]), listen());
    assert_eq!(served.url, format!("unix:{}", path.display()));
    let page = said(UnixStream::connect(&path).unwrap(), &closing("/wherry/"));
    assert!(page.starts_with("HTTP/1.1 200 OK\r\n"));
    // One that is served is not.
    let second = serve_until(
        archive(&[]),
        Site::default(),
        Limits::default(),
        listen(),
        |_| panic!("nothing is ready"),
        async {},
    );
    assert!(second.is_err());
    served.end();
    assert!(!path.exists());
    std::fs::write(&path, "a file").unwrap();
    let third = serve_until(
        archive(&[]),
        Site::default(),
        Limits::default(),
        listen(),
        |_| panic!("nothing is ready"),
        async {},
    );
    assert!(third.is_err());
    assert_eq!(std::fs::read(&path).unwrap(), b"a file");
}

#[test]
fn delivered_mail_appears() {
    let store = archive(&["wherry"]);
    let served = serve(
        Arc::clone(&store),
        options(Listen::Tcp(ANY.parse().unwrap())),
    );
    let mail =
        b"From: Dee <d@example.org>\nSubject: Four\nMessage-ID: <four@example.org>\n\nXylophone.\n";
    // A list that is not there keeps its mail waiting, and nobody else's.
    store.spool().put("unknown", 1_763_600_000, mail).unwrap();
    store.spool().put("wherry", 1_763_600_000, mail).unwrap();
    let end = Instant::now() + Duration::from_secs(60);
    loop {
        let connect = || TcpStream::connect(served.address()).unwrap();
        let page = said(connect(), &closing("/wherry/"));
        let found = said(connect(), &closing("/search/?q=xylophone"));
        if page.contains("Four") && found.contains("1 mail") {
            break;
        }
        assert!(Instant::now() < end, "the mail has not come");
        std::thread::sleep(Duration::from_millis(100));
    }
    served.end();
    assert_eq!(store.spool().names(9).unwrap().len(), 1);
}

#[test]
fn an_idle_visitor_does_not_hold_the_door() {
    let listen = Listen::Tcp(ANY.parse().unwrap());
    let served = serve(archive(&["wherry"]), options(listen));
    let mut idle = TcpStream::connect(served.address()).unwrap();
    idle.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        .unwrap();
    let mut some = [0; 100];
    idle.read_exact(&mut some).unwrap();
    let started = Instant::now();
    served.end();
    assert!(started.elapsed() < Duration::from_secs(9));
}
