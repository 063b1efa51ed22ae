//! A server with a certificate of a test authority, and one without TLS, which give every request the
//! same answer.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// What S3 says of a bucket that it does not have.
pub const NO_BUCKET: &str = "HTTP/1.1 404 Not Found\r\nContent-Type: application/xml\r\n\r\n\
    <?xml version=\"1.0\"?><Error><Code>NoSuchBucket</Code><Message>none</Message></Error>";

/// A year, as the first day of it.
pub type Year = i32;

/// A server on a free port of this machine.
pub struct FixedServer {
    pub port: u16,
    /// The authority of its certificate, in PEM format.
    pub authority: String,
}

impl FixedServer {
    /// One whose certificate is valid between two years.
    pub fn with_certificate(from: Year, until: Year, answer: &'static str) -> Self {
        let mut params = CertificateParams::new([]).expect("no names");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer =
            CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("an authority");
        let mut params = CertificateParams::new(["127.0.0.1".to_owned()]).expect("an address");
        params.not_before = date_time_ymd(from, 1, 1);
        params.not_after = date_time_ymd(until, 1, 1);
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &issuer).expect("a certificate");
        let key = PrivatePkcs8KeyDer::from(key.serialize_der());
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions of TLS")
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key.into())
            .expect("a configuration");
        let config = Arc::new(config);
        let port = serve(move |connection| {
            let session = ServerConnection::new(Arc::clone(&config)).expect("a session");
            // A client that does not trust the certificate ends the connection.
            give(StreamOwned::new(session, connection), answer);
        });
        Self { port, authority: issuer.pem() }
    }

    /// One without TLS.
    pub fn plain(answer: &'static str) -> Self {
        let port = serve(move |connection| give(connection, answer));
        Self { port, authority: String::new() }
    }
}

fn serve(take: impl Fn(TcpStream) + Send + Sync + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("its address").port();
    let take = Arc::new(take);
    std::thread::spawn(move || {
        for connection in listener.incoming().map_while(Result::ok) {
            let take = Arc::clone(&take);
            std::thread::spawn(move || take(connection));
        }
    });
    port
}

/// One request and its answer.
fn give(mut stream: impl Read + Write, answer: &str) {
    let lines = BufReader::new(&mut stream).lines().map_while(Result::ok);
    if lines.take_while(|line| !line.is_empty()).count() > 0 {
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((answer, ""));
        let answer = format!("{head}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        let _gone = stream.write_all(answer.as_bytes()).and_then(|()| stream.flush());
    }
}
