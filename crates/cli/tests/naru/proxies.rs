//! Which requests go through the proxy of the environment, as docs/configuration.md says.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};

use crate::server::Server;

/// A proxy that refuses every request, and tells of each.
fn proxy() -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("its address");
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for mut connection in listener.incoming().map_while(Result::ok) {
            let mut line = String::new();
            let _lost = BufReader::new(&connection).read_line(&mut line);
            let _lost = connection.write_all(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
            let _lost = sender.send(line);
        }
    });
    (format!("http://{address}"), receiver)
}

#[test]
fn the_store_is_asked_through_the_proxy_and_the_edge_is_not() {
    let server = Server::start();
    let (url, asked) = proxy();
    let place = server.place().with("HTTP_PROXY", &url);
    place.naru(&["releases"]).with_exit(6);
    let line = asked.recv().expect("a request of the AWS client");
    assert!(line.starts_with(&format!("GET {}", server.variable("AWS_ENDPOINT_URL_S3"))), "{line}");
    while asked.try_recv().is_ok() {}

    // Nothing has been published yet, which only the edge itself can have said.
    place.naru(&["update"]).with_exit(7);
    assert!(asked.try_recv().is_err(), "players' downloads do not look at the environment");

    let place = place.with("NO_PROXY", "127.0.0.1");
    place.naru(&["releases"]).with_exit(0);
    assert!(asked.try_recv().is_err(), "NO_PROXY names this machine");
}
