//! Serving: every request passes the guard, until a stop is asked for.

use std::error::Error;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{Either, Full};
use hyper::Request;
use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::Guard;
use crate::interim::{Connection, Interim};
use crate::response::defused;

/// How long running requests may take to end once a stop was asked for.
const GRACE: Duration = Duration::from_secs(3);

/// How long to wait when the system has no more sockets to give.
const OUT_OF_SOCKETS: Duration = Duration::from_millis(50);

/// Serves until `stop`, then lets running requests end.
pub async fn serve<S, B>(listener: TcpListener, guard: Guard, service: S, stop: CancellationToken)
where
    S: Service<Request<Incoming>, Response = hyper::Response<B>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Into<Box<dyn Error + Send + Sync>>,
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
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
        let interim = Interim::default();
        let guarded = guarded(guard.clone(), service.clone(), interim.clone());
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .serve_connection(prepare(stream, interim), guarded);
        let connection = graceful.watch(connection);
        // A connection that breaks is its client's business.
        connections.spawn(async { drop(connection.await) });
    }
    drop(listener);
    // Dropping the set ends what has not ended by then.
    let _ = tokio::time::timeout(GRACE, graceful.shutdown()).await;
}

fn guarded<S, B>(
    guard: Guard,
    service: S,
    interim: Interim,
) -> impl Service<
    Request<Incoming>,
    Response = hyper::Response<Either<Full<Bytes>, B>>,
    Error = S::Error,
    Future: Send,
> + Send
where
    S: Service<Request<Incoming>, Response = hyper::Response<B>> + Send + 'static,
    S::Future: Send,
    S::Error: Into<Box<dyn Error + Send + Sync>>,
    B: Body<Data = Bytes>,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    service_fn(move |request: Request<Incoming>| {
        let admitted = guard.check(&request).map(|()| {
            interim.note(&request);
            service.call(request)
        });
        async move {
            let response = match admitted {
                Ok(answer) => answer.await?.map(Either::Right),
                Err(refusal) => refusal.answer().map(Either::Left),
            };
            Ok(defused(response))
        }
    })
}

fn prepare(stream: TcpStream, interim: Interim) -> TokioIo<Connection> {
    // Small answers must not wait for the acknowledgement of their headers.
    let _ = stream.set_nodelay(true);
    TokioIo::new(Connection::new(stream, interim))
}
