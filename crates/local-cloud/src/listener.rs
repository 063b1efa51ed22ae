//! Loopback listeners: bind, serve, stop.

use std::net::SocketAddr;
use std::time::Duration;

use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::Service;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::error::StartError;

/// How long running requests may take to end once a stop was asked for.
const GRACE: Duration = Duration::from_secs(3);

/// How long to wait when the system has no more sockets to give.
const OUT_OF_SOCKETS: Duration = Duration::from_millis(50);

/// Listens on a loopback address and on nothing else.
pub(crate) async fn bind(address: SocketAddr) -> Result<TcpListener, StartError> {
    if !address.ip().is_loopback() {
        return Err(StartError::NotLoopback(address));
    }
    TcpListener::bind(address).await.map_err(|source| StartError::Bind { address, source })
}

/// Serves until `stop`, then lets running requests end.
pub(crate) async fn serve<S, B>(listener: TcpListener, service: S, stop: CancellationToken)
where
    S: Service<Request<Incoming>, Response = Response<B>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(_) => {
                    tokio::time::sleep(OUT_OF_SOCKETS).await;
                    continue;
                }
            },
            Some(_) = connections.join_next() => continue,
            () = stop.cancelled() => break,
        };
        let connection =
            http1::Builder::new().timer(TokioTimer::new()).serve_connection(prepare(stream), service.clone());
        let connection = graceful.watch(connection);
        // A connection that breaks is its client's business.
        connections.spawn(async { drop(connection.await) });
    }
    drop(listener);
    // Dropping the set ends what has not ended by then.
    let _ = tokio::time::timeout(GRACE, graceful.shutdown()).await;
}

fn prepare(stream: TcpStream) -> TokioIo<TcpStream> {
    // Small answers must not wait for the acknowledgement of their headers.
    let _ = stream.set_nodelay(true);
    TokioIo::new(stream)
}
