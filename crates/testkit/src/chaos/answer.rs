//! Answers, and the faults applied to them.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use super::Fault;
use super::serve::{Next, wait_for_end};
use crate::http::Head;

/// The server's answer.
pub(super) struct Answer {
    pub head: Head,
    pub body: Vec<u8>,
    /// Whether all of the announced body arrived.
    pub complete: bool,
    /// Whether the client can find the body's end on a connection that stays open.
    pub keep: bool,
}

impl Answer {
    /// Applies what concerns the bytes themselves.
    pub(super) fn damage(&mut self, fault: &Fault, request: &Head) {
        match fault {
            Fault::FlipByte(at) => {
                if let Some(byte) = self.body.get_mut(*at as usize) {
                    *byte ^= 0xff;
                }
            }
            Fault::RepeatFirst(count) => {
                let count = (*count as usize).min(self.body.len());
                let length = self.body.len();
                let mut repeated = self.body[..count].to_vec();
                repeated.append(&mut self.body);
                repeated.truncate(length);
                self.body = repeated;
            }
            Fault::SwapHalves => {
                let middle = self.body.len() / 2;
                self.body.rotate_left(middle);
            }
            Fault::Header(name, value) => self.head.set(name, value.clone()),
            Fault::LengthOff(by) => {
                let length = self.head.content_length().unwrap_or(0);
                self.head.set("Content-Length", length.saturating_add_signed(*by).to_string());
                self.keep = false;
            }
            Fault::LyingRange(_) => {
                let total = self.head.get("content-range").and_then(|range| range.rsplit('/').next());
                if let (Some(asked), Some(total)) = (request.get("x-asked"), total) {
                    let lie = format!("bytes {asked}/{total}");
                    self.head.set("Content-Range", lie);
                }
            }
            _ => {}
        }
    }

    /// Sends the answer as far as the fault allows, and counts the body's bytes.
    pub(super) async fn send(
        self,
        client: &mut BufReader<TcpStream>,
        fault: Option<&Fault>,
    ) -> io::Result<(Next, u64)> {
        client.write_all(&self.head.to_bytes()).await?;
        let until = |at: &u64| &self.body[..self.body.len().min(*at as usize)];
        let (part, next) = match fault {
            Some(Fault::ResetAfter(at)) => (until(at), Next::Reset),
            Some(Fault::TruncateAfter(at) | Fault::Stall(at)) => (until(at), Next::Close),
            _ if self.complete && self.keep => (&self.body[..], Next::Keep),
            _ => (&self.body[..], Next::Close),
        };
        match fault {
            Some(Fault::Pause { at, time }) => {
                let (before, after) = part.split_at(part.len().min(*at as usize));
                client.write_all(before).await?;
                tokio::time::sleep(*time).await;
                client.write_all(after).await?;
            }
            Some(Fault::Rate(rate)) => drip(client, part, *rate).await?,
            _ => client.write_all(part).await?,
        }
        if let Some(Fault::Stall(_)) = fault {
            wait_for_end(client).await;
        }
        Ok((next, part.len() as u64))
    }
}

async fn drip(client: &mut BufReader<TcpStream>, body: &[u8], rate: u64) -> io::Result<()> {
    let step = Duration::from_millis(if rate < 100 { 1000 / rate.max(1) } else { 10 });
    let piece = (rate / 100).max(1) as usize;
    for piece in body.chunks(piece) {
        client.write_all(piece).await?;
        tokio::time::sleep(step).await;
    }
    Ok(())
}

/// Answers where the server is not to be asked. Says whether it did.
pub(super) async fn without_server(client: &mut BufReader<TcpStream>, fault: &Fault) -> io::Result<bool> {
    match fault {
        Fault::Status(status, headers) => {
            let mut head = Head { start: format!("HTTP/1.1 {status} Chaos"), headers: Vec::new() };
            for (name, value) in headers {
                head.set(name, value.clone());
            }
            head.set("Content-Length", "0");
            head.set("Connection", "close");
            client.write_all(&head.to_bytes()).await?;
        }
        Fault::Raw(bytes) => client.write_all(bytes).await?,
        Fault::Endless => {
            client.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").await?;
            loop {
                client.write_all(b"10\r\n................\r\n").await?;
            }
        }
        Fault::HeaderFlood => {
            client.write_all(b"HTTP/1.1 200 OK\r\n").await?;
            // Much at once: a flood that trickles on a busy machine would be a stall.
            let flood = b"X-Flood: ................\r\n".repeat(4096);
            loop {
                client.write_all(&flood).await?;
            }
        }
        _ => return Ok(false),
    }
    Ok(true)
}
