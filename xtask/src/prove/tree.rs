//! Folders against folders and against a server.

use super::lab::Lab;
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::mpsc;
use std::time::{Duration, SystemTime};

/// Every file below a folder: its path in the folder, and where it is. Folders of the publisher's own
/// bookkeeping, which begin with `.`, are left out.
pub(super) fn files(folder: &Path) -> Result<BTreeMap<String, PathBuf>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(at) = folders.pop() {
        for entry in fs::read_dir(&at).with_context(|| format!("cannot read {}", at.display()))? {
            let path = entry?.path();
            let inside = path.strip_prefix(folder)?.to_string_lossy().into_owned();
            if inside.starts_with('.') {
                continue;
            }
            match path.is_dir() {
                true => folders.push(path),
                false => drop(found.insert(inside, path)),
            }
        }
    }
    Ok(found)
}

/// When each file was last written.
pub(super) fn times(folder: &Path) -> Result<BTreeMap<String, SystemTime>> {
    files(folder)?
        .into_iter()
        .map(|(name, path)| Ok((name, path.metadata()?.modified()?)))
        .collect()
}

/// The paths that only one of two folders has, or whose bytes differ.
pub(super) fn differences(one: &Path, other: &Path) -> Result<Vec<String>> {
    let (one, mut other) = (files(one)?, files(other)?);
    let mut differ = Vec::new();
    for (name, path) in one {
        match other.remove(&name) {
            Some(twin) if same_file(&path, &twin)? => {}
            _ => differ.push(name),
        }
    }
    differ.extend(other.into_keys());
    Ok(differ)
}

/// Whether two files have the same bytes.
pub(super) fn same_file(one: &Path, other: &Path) -> Result<bool> {
    let open = |path: &Path| {
        fs::File::open(path).with_context(|| format!("cannot open {}", path.display()))
    };
    let (one, other) = (open(one)?, open(other)?);
    if one.metadata()?.len() != other.metadata()?.len() {
        return Ok(false);
    }
    let (mut one, mut other) = (
        BufReader::with_capacity(1 << 20, one),
        BufReader::with_capacity(1 << 20, other),
    );
    loop {
        let (left, right) = (one.fill_buf()?, other.fill_buf()?);
        let length = left.len().min(right.len());
        if left[..length] != right[..length] {
            return Ok(false);
        }
        if length == 0 {
            return Ok(left.len() == right.len());
        }
        one.consume(length);
        other.consume(length);
    }
}

/// A few of many, for a table cell.
pub(super) fn some(names: &[String]) -> String {
    let shown = names
        .iter()
        .take(3)
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(", ");
    match names.len() {
        0..=3 => shown,
        more => format!("{shown} and {} more", more - 3),
    }
}

/// `posthoc serve` on an archive; stopped when dropped.
pub(super) struct Server {
    child: Child,
    visitor: Visitor,
}

/// Somebody who asks a server, over one connection as long as it is kept.
pub(super) struct Visitor {
    address: String,
    connection: Option<BufReader<TcpStream>>,
}

/// What a server says to a request.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Vec<u8>,
    /// Where it leads, as it stands there.
    pub(super) location: Option<String>,
}

const PATIENCE: Duration = Duration::from_secs(60);

impl Server {
    pub(super) fn start(lab: &Lab, archive: &Path) -> Result<Server> {
        let mut child = lab
            .posthoc(archive, &["serve", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let (send, receive) = mpsc::channel();
        listen(child.stdout.take(), send.clone());
        listen(child.stderr.take(), send);
        match receive.recv_timeout(PATIENCE) {
            Ok(address) => Ok(Server {
                child,
                visitor: Visitor::new(address),
            }),
            Err(_) => {
                child.kill()?;
                bail!("posthoc serve: {}, and no address printed", child.wait()?)
            }
        }
    }

    /// The process.
    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Where it listens.
    pub(super) fn address(&self) -> Result<SocketAddr> {
        Ok(self.visitor.address.parse()?)
    }

    /// Status and body of a path; the connection is kept.
    pub(super) fn get(&mut self, path: &str) -> Result<(u16, Vec<u8>)> {
        self.visitor.get(path)
    }

    /// Somebody else.
    pub(super) fn visitor(&self) -> Visitor {
        Visitor::new(self.visitor.address.clone())
    }
}

impl Visitor {
    /// Of the server at `HOST:PORT`.
    pub(super) fn new(address: String) -> Visitor {
        Visitor {
            address,
            connection: None,
        }
    }

    /// Status and body of a path; the connection is kept.
    pub(super) fn get(&mut self, path: &str) -> Result<(u16, Vec<u8>)> {
        let answer = self.ask(path)?;
        Ok((answer.status, answer.body))
    }

    /// The same, with what else is said.
    pub(super) fn ask(&mut self, path: &str) -> Result<Answer> {
        // A kept connection may be closed by the other side between two requests.
        for _ in 0..2 {
            let kept = self.connection.take();
            let (fresh, mut connection) = match kept {
                Some(connection) => (false, connection),
                None => (true, self.connect()?),
            };
            match ask(&mut connection, &self.address, path) {
                Ok((answer, keep)) => {
                    self.connection = keep.then_some(connection);
                    return Ok(answer);
                }
                Err(error) if fresh => return Err(error.context(path.to_owned())),
                Err(_) => {}
            }
        }
        bail!("{path}: connection lost")
    }

    fn connect(&self) -> Result<BufReader<TcpStream>> {
        let stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_nodelay(true)?;
        Ok(BufReader::new(stream))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends the `HOST:PORT` of the first `http://`, and reads on to the end: a full pipe would stop the
/// server.
fn listen(output: Option<impl Read + Send + 'static>, send: mpsc::Sender<String>) {
    let Some(output) = output else { return };
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if let Some((_, rest)) = line.split_once("http://") {
                let end = rest.find(|c: char| c == '/' || c.is_whitespace());
                let _ = send.send(rest[..end.unwrap_or(rest.len())].to_owned());
            }
        }
    });
}

/// One request on a kept connection; the answer's length must be told.
fn ask(connection: &mut BufReader<TcpStream>, host: &str, path: &str) -> Result<(Answer, bool)> {
    write!(
        connection.get_mut(),
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: identity\r\n\r\n"
    )?;
    let mut line = String::new();
    connection.read_line(&mut line)?;
    let status = line
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    let status = status.with_context(|| format!("not an HTTP answer: {line:?}"))?;
    let (mut length, mut keep, mut location) = (None, true, None);
    loop {
        line.clear();
        if connection.read_line(&mut line)? == 0 {
            bail!("the answer ends in its head");
        }
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.trim().parse::<usize>().ok(),
            "connection" => keep = !value.trim().eq_ignore_ascii_case("close"),
            "location" => location = Some(value.trim().to_owned()),
            _ => {}
        }
    }
    let mut body = vec![0; length.context("no Content-Length")?];
    connection.read_exact(&mut body)?;
    let answer = Answer {
        status,
        body,
        location,
    };
    Ok((answer, keep))
}

/// Every byte that is no letter or digit as `%XX`, for names of files and for addresses.
pub(super) fn percent(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() {
            out.push(char::from(byte));
        } else {
            out += &format!("%{byte:02X}");
        }
    }
    out
}

/// A path on the site as it stands in a request line.
pub(super) fn encoded(path: &str) -> String {
    let mut out = String::from("/");
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z'
            | b'A'..=b'Z'
            | b'0'..=b'9'
            | b'/'
            | b'-'
            | b'.'
            | b'_'
            | b'~'
            | b'+'
            | b'@' => {
                out.push(char::from(byte));
            }
            other => out += &format!("%{other:02X}"),
        }
    }
    out
}
