//! One client's connection.

use std::io;
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use super::answer::{self, Answer};
use super::{Fault, Shared};
use crate::http::{Head, read_body};

type Client = BufReader<TcpStream>;

/// Whether the client's connection can continue.
pub(super) enum Next {
    Keep,
    Close,
    Reset,
}

pub(super) async fn serve(client: TcpStream, shared: Arc<Shared>) {
    let _ = client.set_nodelay(true);
    let mut client = BufReader::new(client);
    while let Ok(Some(request)) = Head::read(&mut client).await {
        match exchange(&mut client, &shared, request).await {
            Ok(Next::Keep) => {}
            Ok(Next::Reset) => {
                let _ = client.get_ref().set_zero_linger();
                return;
            }
            Ok(Next::Close) | Err(_) => return,
        }
    }
}

async fn exchange(client: &mut Client, shared: &Shared, mut request: Head) -> io::Result<Next> {
    let (number, fault) = shared.note(&request);
    if request.get("expect").is_some_and(|expect| expect.eq_ignore_ascii_case("100-continue")) {
        client.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").await?;
    }
    let body = read_body(client, Some(request.content_length().unwrap_or(0))).await;
    shared.count(number, |seen| seen.request_bytes = body.len() as u64);
    if let Some(fault) = &fault {
        if matches!(fault, Fault::DropRequest) {
            return Ok(Next::Reset);
        }
        if answer::without_server(client, fault).await? {
            return Ok(Next::Close);
        }
        before_server(fault, &mut request).await;
    }
    let mut answer = ask(shared, &request, &body).await?;
    if matches!(fault, Some(Fault::DropAnswer)) {
        return Ok(Next::Reset);
    }
    if let Some(fault) = &fault {
        answer.damage(fault, &request);
    }
    let (next, sent) = answer.send(client, fault.as_ref()).await?;
    shared.count(number, |seen| seen.answer_bytes = sent);
    Ok(next)
}

/// Changes a request on its way to the server. The original range stays readable for
/// [`Fault::LyingRange`] under a name that no server knows.
async fn before_server(fault: &Fault, request: &mut Head) {
    match fault {
        Fault::Latency(time) => tokio::time::sleep(*time).await,
        Fault::IgnoreRange => request.remove("range"),
        Fault::OtherRange(shift) | Fault::LyingRange(shift) => {
            if let Some((first, last)) = request.range() {
                request.set("x-asked", format!("{first}-{last}"));
                request.set("Range", format!("bytes={}-{}", first + shift, last + shift));
            }
        }
        _ => {}
    }
}

/// Forwards a request to the server over a new connection, and reads the whole answer.
async fn ask(shared: &Shared, request: &Head, body: &[u8]) -> io::Result<Answer> {
    let mut server = BufReader::new(TcpStream::connect(shared.upstream).await?);
    let mut onward = request.clone();
    onward.set("Connection", "close");
    onward.remove("expect");
    server.write_all(&onward.to_bytes()).await?;
    // A server that refuses early may not read all of it, and its answer still counts.
    let _ = server.write_all(body).await;
    loop {
        let head = Head::read(&mut server).await?;
        let head = head.ok_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof))?;
        if head.status() / 100 != 1 {
            return Ok(answer_of(&mut server, request, head).await);
        }
    }
}

async fn answer_of(server: &mut BufReader<TcpStream>, request: &Head, mut head: Head) -> Answer {
    head.remove("connection");
    let without_body = request.request().0 == "HEAD" || matches!(head.status(), 204 | 304);
    let delimited = head.content_length().is_some() || head.get("transfer-encoding").is_some();
    let length = if without_body { Some(0) } else { head.content_length() };
    let body = read_body(server, length).await;
    Answer {
        complete: length.is_none_or(|length| body.len() as u64 == length),
        keep: without_body || delimited,
        head,
        body,
    }
}

/// Waits until the client has had enough.
pub(super) async fn wait_for_end(client: &mut Client) {
    let mut rest = [0; 1024];
    while client.read(&mut rest).await.is_ok_and(|read| read > 0) {}
}
