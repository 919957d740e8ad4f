//! A connection's bytes: lines in, replies out, and how long is waited.

use super::room::Room;
use std::io;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::watch;

/// How long a client may say nothing (RFC 5321, 4.5.3.2.7).
const PATIENCE: Duration = Duration::from_secs(300);
/// Bytes of a command's line: RFC 5321 asks for 512, its extensions for more.
const LONGEST_LINE: usize = 4 << 10;
/// Bytes that are held for an idle connection.
const SMALL: usize = 512;
/// Bytes that are read at once while a mail comes.
const PIECE: usize = 64 << 10;

/// Why a conversation ends without `QUIT`.
pub(super) enum End {
    /// The client is gone, or said nothing that could be answered.
    Gone,
    /// With a last reply.
    Told(&'static str),
}

impl From<io::Error> for End {
    fn from(_: io::Error) -> Self {
        End::Gone
    }
}

/// What comes over a connection, and what is said.
pub(super) struct Talk<T> {
    stream: T,
    input: Vec<u8>,
    /// How much of the input was taken.
    at: usize,
    out: Vec<u8>,
    room: Room,
    closed: watch::Receiver<bool>,
}

impl<T: AsyncRead + AsyncWrite + Unpin> Talk<T> {
    pub(super) fn new(stream: T, room: Room, closed: watch::Receiver<bool>) -> Self {
        Talk {
            stream,
            input: Vec::new(),
            at: 0,
            out: Vec::new(),
            room,
            closed,
        }
    }

    /// Says a line; it goes out when there is nothing more to read (RFC 2920).
    pub(super) fn say(&mut self, line: &str) {
        self.out.extend_from_slice(line.as_bytes());
        self.out.extend_from_slice(b"\r\n");
    }

    pub(super) async fn flush(&mut self) -> Result<(), End> {
        self.stream.write_all(&self.out).await?;
        self.stream.flush().await?;
        self.out = Vec::new();
        Ok(())
    }

    /// The next line, without its end. `idle`: nothing is under way, so this connection may be asked to
    /// make room.
    pub(super) async fn line(&mut self, idle: bool) -> Result<Vec<u8>, End> {
        loop {
            let rest = &self.input[self.at..];
            if let Some(end) = memchr::memchr(b'\n', rest) {
                let line = &rest[..end];
                // A line that only some would see as one: what follows may be forged.
                let line = line
                    .strip_suffix(b"\r")
                    .ok_or(End::Told("500 5.5.2 lines end in CR LF"))?;
                if line.len() > LONGEST_LINE {
                    return Err(End::Told(TOO_LONG));
                }
                let line = line.to_vec();
                self.at += end + 1;
                return Ok(line);
            }
            if rest.len() > LONGEST_LINE {
                return Err(End::Told(TOO_LONG));
            }
            let idle = idle && rest.is_empty();
            self.flush().await?;
            self.more(SMALL, idle).await?;
        }
    }

    /// What came and was not taken yet; waits when that is nothing. While a mail comes.
    pub(super) async fn piece(&mut self) -> Result<&[u8], End> {
        if self.at == self.input.len() {
            self.input.clear();
            self.at = 0;
            self.input.reserve(PIECE);
            let read = self.stream.read_buf(&mut self.input);
            match tokio::time::timeout(PATIENCE, read).await {
                Ok(Ok(0)) => return Err(End::Gone),
                Ok(Ok(_)) => {}
                Ok(Err(error)) => return Err(error.into()),
                Err(_) => return Err(End::Told(TOO_LATE)),
            }
        }
        Ok(&self.input[self.at..])
    }

    /// So many bytes of the piece were taken.
    pub(super) fn took(&mut self, bytes: usize) {
        self.at += bytes;
    }

    async fn more(&mut self, bytes: usize, idle: bool) -> Result<(), End> {
        self.input.drain(..self.at);
        self.at = 0;
        // What a mail has needed is given back.
        self.input.shrink_to(bytes);
        self.input.reserve(bytes);
        let Talk {
            stream,
            input,
            room,
            closed,
            ..
        } = self;
        let read = tokio::time::timeout(PATIENCE, stream.read_buf(input));
        tokio::select! {
            biased;
            read = read => match read {
                Ok(Ok(0)) => Err(End::Gone),
                Ok(Ok(_)) => Ok(()),
                Ok(Err(error)) => Err(error.into()),
                Err(_) => Err(End::Told(TOO_LATE)),
            },
            () = room.asked(), if idle => Err(End::Told("421 4.3.2 others need the place; come again")),
            closed = closed.wait_for(|closed| *closed) => {
                drop(closed);
                Err(End::Told("421 4.3.2 the archive is about to end; come again"))
            }
        }
    }

    /// The last words.
    pub(super) async fn end(mut self, end: End) {
        if let End::Told(line) = end {
            self.say(line);
        }
        // Who is gone hears nothing.
        let _ = self.flush().await;
        let _ = self.stream.shutdown().await;
    }
}

const TOO_LONG: &str = "500 5.5.2 that line is too long for a command";
const TOO_LATE: &str = "421 4.4.2 nothing came for five minutes";
