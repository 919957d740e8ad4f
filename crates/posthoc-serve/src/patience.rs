//! A connection that ends when its client stands still: without it, readers that never read would
//! hold their places, and the pages made for them, for ever.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

/// Bytes that buy a second of waiting: who reads more slowly than this loses patience in the long run.
const BYTES_A_SECOND: usize = 1 << 10;

/// A stream whose writes fail when its client has been waited for too long. Patience runs out while
/// nothing can be written, and grows again, up to what it was, with what is.
pub(crate) struct Patient<T> {
    stream: T,
    patience: Duration,
    left: Duration,
    deadline: Pin<Box<Sleep>>,
    since: Option<Instant>,
}

impl<T> Patient<T> {
    pub(crate) fn new(stream: T, patience: Duration) -> Self {
        Patient {
            stream,
            patience,
            left: patience,
            deadline: Box::pin(sleep(patience)),
            since: None,
        }
    }

    /// What a write came to, or that it has taken too long.
    fn watch<R>(
        &mut self,
        cx: &mut Context<'_>,
        poll: Poll<io::Result<R>>,
        bytes: impl Fn(&R) -> usize,
    ) -> Poll<io::Result<R>> {
        if let Poll::Ready(done) = &poll {
            if let Some(since) = self.since.take() {
                self.left = self.left.saturating_sub(since.elapsed());
            }
            let written = done.as_ref().map_or(0, bytes);
            let bought = Duration::from_secs((written / BYTES_A_SECOND) as u64);
            self.left = self.left.saturating_add(bought).min(self.patience);
            return poll;
        }
        if self.since.is_none() {
            let now = Instant::now();
            self.since = Some(now);
            self.deadline.as_mut().reset(now + self.left);
        }
        ready!(self.deadline.as_mut().poll(cx));
        self.since = None;
        self.left = Duration::ZERO;
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Patient<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        // Slow requests are ended by the time that their headers may take.
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Patient<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let poll = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.watch(cx, poll, |bytes| *bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let poll = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.watch(cx, poll, |bytes| *bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let poll = Pin::new(&mut self.stream).poll_flush(cx);
        self.watch(cx, poll, |()| 0)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let poll = Pin::new(&mut self.stream).poll_shutdown(cx);
        self.watch(cx, poll, |()| 0)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::future::poll_fn;

    async fn write(stream: &mut Patient<tokio::net::UnixStream>) -> io::Result<usize> {
        poll_fn(|cx| Pin::new(&mut *stream).poll_write(cx, &[0; 64 << 10])).await
    }

    #[tokio::test]
    async fn who_does_not_read_is_left() {
        let (ours, theirs) = tokio::net::UnixStream::pair().unwrap();
        let mut ours = Patient::new(ours, Duration::from_millis(50));
        let error = loop {
            if let Err(error) = write(&mut ours).await {
                break error;
            }
        };
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        // Patience grows again with what is read.
        let mut room = vec![0; 1 << 20];
        theirs.readable().await.unwrap();
        while theirs.try_read(&mut room).is_ok() {}
        assert!(write(&mut ours).await.is_ok());
        assert!(ours.left > Duration::ZERO);
    }

    #[tokio::test]
    async fn who_reads_in_drops_is_left() {
        let (ours, theirs) = tokio::net::UnixStream::pair().unwrap();
        let mut ours = Patient::new(ours, Duration::from_millis(300));
        let reader = tokio::spawn(async move {
            let mut drop = [0; 400];
            loop {
                sleep(Duration::from_millis(5)).await;
                if !matches!(theirs.try_read(&mut drop), Ok(1..)) {
                    return;
                }
            }
        });
        let drops = async {
            loop {
                // Never as much as a second's worth at once.
                let done = poll_fn(|cx| Pin::new(&mut ours).poll_write(cx, &[0; 500])).await;
                if let Err(error) = done {
                    return error;
                }
            }
        };
        let error = tokio::time::timeout(Duration::from_secs(60), drops).await;
        assert_eq!(error.unwrap().kind(), io::ErrorKind::TimedOut);
        reader.abort();
    }
}
