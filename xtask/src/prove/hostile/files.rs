//! A plain file server, as simple as there are: it answers files of a folder with their type by
//! extension and no other header that says anything.

use anyhow::Result;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};

/// What else a file server may do.
#[derive(Clone, Copy, Default)]
pub(in crate::prove) struct Manner {
    /// Names in other letter cases are the same name, as on some disks.
    pub(in crate::prove) any_case: bool,
    /// It tells everybody to keep every file for a day.
    pub(in crate::prove) kept: bool,
}

/// Serves a folder on a port of this machine until the program ends.
pub(in crate::prove) fn serve(folder: &Path) -> Result<SocketAddr> {
    serve_as(folder, Manner::default())
}

/// The same, in another manner.
pub(in crate::prove) fn serve_as(folder: &Path, manner: Manner) -> Result<SocketAddr> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let address = listener.local_addr()?;
    let folder = folder.to_owned();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let folder = folder.clone();
            std::thread::spawn(move || {
                // A browser that goes away is no matter.
                let _ = answer(stream, &folder, manner);
            });
        }
    });
    Ok(address)
}

fn answer(mut stream: TcpStream, folder: &Path, manner: Manner) -> Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    loop {
        let mut request = String::new();
        if reader.read_line(&mut request)? == 0 {
            return Ok(());
        }
        let mut field = String::new();
        while reader.read_line(&mut field)? > 2 {
            field.clear();
        }
        let path = request.split(' ').nth(1).unwrap_or("/");
        let path = path.split(['?', '#']).next().unwrap_or("/");
        let path = file(folder, path, manner.any_case);
        let body = std::fs::read(&path).unwrap_or_default();
        let status = if path.is_file() {
            "200 OK"
        } else {
            "404 Not Found"
        };
        let mut answer = Vec::new();
        write!(
            answer,
            "HTTP/1.1 {status}\r\nContent-Length: {}\r\n",
            body.len()
        )?;
        if let Some(kind) = kind(&path) {
            write!(answer, "Content-Type: {kind}\r\n")?;
        }
        if manner.kept {
            answer.extend_from_slice(b"Cache-Control: max-age=86400\r\n");
        }
        answer.extend_from_slice(b"\r\n");
        answer.extend_from_slice(&body);
        // Several writes would wait for each other's acknowledgement.
        stream.write_all(&answer)?;
    }
}

/// The file of a path; no path leads out of the folder.
fn file(folder: &Path, path: &str, any_case: bool) -> PathBuf {
    let mut file = folder.to_owned();
    let step = |file: &mut PathBuf, name: &str| {
        let entries = any_case.then(|| std::fs::read_dir(&*file).ok()).flatten();
        let mut names = entries
            .into_iter()
            .flatten()
            .flatten()
            .map(|e| e.file_name());
        let same = names.find(|there| there.eq_ignore_ascii_case(name));
        file.push(same.unwrap_or_else(|| name.into()));
    };
    for piece in path.split('/').map(decoded) {
        if !matches!(piece.as_str(), "" | "." | "..") && !piece.contains('/') {
            step(&mut file, &piece);
        }
    }
    if file.is_dir() {
        file.join("index.html")
    } else {
        file
    }
}

fn decoded(text: &str) -> String {
    let mut out = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        let two = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        let value = two.and_then(|two| u8::from_str_radix(two, 16).ok());
        (rest, _) = match value.filter(|_| *byte == b'%') {
            Some(value) => (&after[2..], out.push(value)),
            None => (after, out.push(*byte)),
        };
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn kind(path: &Path) -> Option<&'static str> {
    Some(match path.extension()?.to_str()? {
        "html" => "text/html",
        "css" => "text/css",
        "js" => "text/javascript",
        "txt" => "text/plain",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "svg" => "image/svg+xml",
        "xml" | "atom" => "application/xml",
        "json" => "application/json",
        // Every list of types that servers come with has it; without it browsers guess.
        "bin" => "application/octet-stream",
        "gz" => "application/gzip",
        _ => return None,
    })
}
