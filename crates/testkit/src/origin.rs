//! A file server for tests: byte ranges, HEAD, versions in the query.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use tokio::io::{AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::http::Head;

type Objects = Arc<Mutex<HashMap<String, Bytes>>>;

/// Serves objects from memory, by the exact path of the request.
#[derive(Debug)]
pub struct Origin {
    address: SocketAddr,
    objects: Objects,
    accepting: JoinHandle<()>,
}

impl Origin {
    /// Starts on a free port of loopback.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let objects = Objects::default();
        let served = objects.clone();
        Self {
            address: listener.local_addr().unwrap(),
            objects,
            accepting: tokio::spawn(async move {
                while let Ok((connection, _)) = listener.accept().await {
                    tokio::spawn(serve(connection, served.clone()));
                }
            }),
        }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves `bytes` at `path`, which is percent-encoded and begins with a slash.
    pub fn put(&self, path: &str, bytes: impl Into<Bytes>) {
        self.objects.lock().unwrap().insert(path.to_owned(), bytes.into());
    }
}

impl Drop for Origin {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn serve(connection: TcpStream, objects: Objects) {
    let mut connection = BufReader::new(connection);
    while let Ok(Some(request)) = Head::read(&mut connection).await {
        let answer = answer(&request, &objects);
        if connection.write_all(&answer).await.is_err() {
            return;
        }
    }
}

fn answer(request: &Head, objects: &Objects) -> Vec<u8> {
    let (method, target) = request.request();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let Some(object) = objects.lock().unwrap().get(path).cloned() else {
        return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_vec();
    };
    let mut head = Head {
        start: "HTTP/1.1 200 OK".to_owned(),
        headers: vec![("ETag".to_owned(), format!("\"{}\"", blake3::hash(&object).to_hex()))],
    };
    if let Some(version) = query.strip_prefix("versionId=") {
        head.set("x-amz-version-id", version.replace("%2F", "/").replace("%3D", "="));
    }
    let body = match request.range() {
        Some((first, last)) if (last as usize) < object.len() => {
            head.start = "HTTP/1.1 206 Partial Content".to_owned();
            head.set("Content-Range", format!("bytes {first}-{last}/{}", object.len()));
            object.slice(first as usize..=last as usize)
        }
        Some(_) => return b"HTTP/1.1 416 Range Not Satisfiable\r\nContent-Length: 0\r\n\r\n".to_vec(),
        None => object,
    };
    head.set("Content-Length", body.len().to_string());
    let mut answer = head.to_bytes();
    if method != "HEAD" {
        answer.extend_from_slice(&body);
    }
    answer
}
