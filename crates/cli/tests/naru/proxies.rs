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
            let lines = BufReader::new(&connection).lines().map_while(Result::ok);
            let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
            let _lost = connection.write_all(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
            let _lost = sender.send(head.join("\n"));
        }
    });
    (format!("http://{address}"), receiver)
}

#[test]
fn store_and_edge_are_asked_through_the_proxy_of_the_environment() {
    let server = Server::start();
    let (url, asked) = proxy();
    let place = server.place().with("HTTP_PROXY", &url);
    for (command, address) in [("releases", "AWS_ENDPOINT_URL_S3"), ("update", "NARU_EDGE_URL")] {
        place.naru(&[command]).with_exit(6);
        let line = asked.recv().expect("a request of the client");
        assert!(line.starts_with(&format!("GET {}", server.variable(address))), "{line}");
        while asked.try_recv().is_ok() {}
    }

    for (name, list) in [
        ("NO_PROXY", "127.0.0.1"),
        ("no_proxy", "127.0.0.1"),
        ("NO_PROXY", "*"),
        ("NO_PROXY", "cdn.example.com, 127.0.0.0/8"),
    ] {
        let place = server.place().with("HTTP_PROXY", &url).with(name, list);
        place.naru(&["releases"]).with_exit(0);
        // Nothing has been published yet, which only the edge itself can have said.
        place.naru(&["update"]).with_exit(7);
        assert!(asked.try_recv().is_err(), "{name}={list} names this machine, for both clients");
    }
    let port = server.variable("NARU_EDGE_URL").rsplit(':').next().unwrap_or_default().trim_end_matches('/');
    let place = server.place().with("HTTP_PROXY", &url).with("NO_PROXY", &format!("127.0.0.1:{port}"));
    place.naru(&["update"]).with_exit(7);
    place.naru(&["releases"]).with_exit(6);
    assert!(asked.recv().is_ok(), "the port of the edge is not the store's");
}

#[test]
fn a_proxy_that_can_t_be_used_is_named() {
    let server = Server::start();
    let place = server.place().with("HTTP_PROXY", "socks5://me:secret@127.0.0.1:1080");
    for command in ["releases", "update"] {
        let answer = place.naru(&[command]).with_exit(3);
        assert!(
            answer.stderr.contains("HTTP_PROXY"),
            "nobody goes past a proxy by himself: {}",
            answer.stderr
        );
        assert!(!answer.stderr.contains("secret"), "{}", answer.stderr);
    }
    let unused = server.place().with("HTTPS_PROXY", "socks5://127.0.0.1:1080");
    unused.naru(&["update"]).with_exit(7);
    unused.naru(&["releases"]).with_exit(0);
}

#[test]
fn a_proxy_that_is_gone_is_not_blamed_on_the_server() {
    let server = Server::start();
    // Nothing listens on port 1.
    let dead = "http://me:secret@127.0.0.1:1";
    let place = server.place().with("HTTP_PROXY", dead);
    for command in ["releases", "update"] {
        for language in ["en", "ko"] {
            let answer = place.naru(&[command, "--lang", language]).with_exit(8).stderr;
            let says =
                ["HTTP_PROXY", "http://127.0.0.1:1/", "NO_PROXY"].iter().all(|part| answer.contains(part));
            assert!(says && !answer.contains("naru serve"), "the server runs: {answer}");
            assert!(!answer.contains("secret"), "no message repeats a password: {answer}");
        }
    }
    let place = server.place().with("HTTPS_PROXY", dead);
    let gone = place.with("NARU_EDGE_URL", "http://127.0.0.1:1/").naru(&["update"]).with_exit(8).stderr;
    assert!(!gone.contains("NO_PROXY") && gone.contains("naru serve"), "no proxy was asked: {gone}");
}

#[test]
fn a_proxy_gets_the_name_and_the_password_of_its_url() {
    let (url, asked) = proxy();
    let url = url.replace("http://", "http://player:secret@");
    let place = Server::start().place().with("HTTP_PROXY", &url);
    let refused = place.naru(&["update"]).with_exit(6);
    let head = asked.recv().expect("a request came").to_lowercase();
    assert!(head.contains("proxy-authorization: basic cgxhewvyonnly3jlda=="), "{head}");
    assert!(!refused.stderr.contains("secret"), "no message repeats a password");
}
