//! Which certificates are trusted, and how a wrong clock is reported.

use crate::https_server::{FixedServer, NO_BUCKET};
use crate::place::Place;

const NOTHING: &str = "HTTP/1.1 404 Not Found\r\n\r\n";

/// A place whose settings name a server on this machine for everything.
fn place(server: &FixedServer, scheme: &str) -> Place {
    let url = format!("{scheme}://127.0.0.1:{}/", server.port);
    Place::new()
        .with("NARU_EDGE_URL", &url)
        .with("NARU_BUCKET", "games")
        .with("AWS_ENDPOINT_URL_S3", url.trim_end_matches('/'))
        .with("AWS_REGION", "us-east-1")
        .with("AWS_ACCESS_KEY_ID", "AKIATEST")
        .with("AWS_SECRET_ACCESS_KEY", "secret")
}

fn believing(server: &FixedServer, variable: &str) -> Place {
    let place = place(server, "https");
    place.write("authority.pem", &server.authority);
    let file = place.path("authority.pem").display().to_string();
    place.with(variable, &file)
}

#[test]
fn a_certificate_of_another_time_points_to_the_clock() {
    for (from, until, words) in [(2090, 2100, "is valid from 2090"), (2001, 2002, "was valid until 2002")] {
        let edge = FixedServer::with_certificate(from, until, NOTHING);
        let place = believing(&edge, "SSL_CERT_FILE");
        for command in ["update", "releases"] {
            let answer = place.naru(&[command]).with_exit(8);
            assert!(answer.stderr.contains(words), "{command}: {}", answer.stderr);
            assert!(
                answer.stderr.contains("hint: the clock of this computer may be wrong"),
                "{command}: a player does not think of it by himself: {}",
                answer.stderr
            );
            let korean = place.naru(&[command, "--lang", "ko"]).with_exit(8);
            assert!(korean.stderr.contains("이 컴퓨터의 시계가 틀렸을 수 있습니다"), "{}", korean.stderr);
        }
    }
    let sound = FixedServer::with_certificate(2001, 2100, NOTHING);
    let answer = believing(&sound, "SSL_CERT_FILE").naru(&["update"]).with_exit(7);
    assert!(!answer.stderr.contains("clock"), "the server has answered: {}", answer.stderr);
    let stranger = place(&sound, "https").naru(&["update"]).with_exit(8);
    assert!(
        !stranger.stderr.contains("clock"),
        "an unknown authority is another matter: {}",
        stranger.stderr
    );
}

#[test]
fn a_signature_of_another_time_points_to_the_clock() {
    let skewed = "HTTP/1.1 403 Forbidden\r\nDate: Wed, 21 Oct 2015 07:28:00 GMT\r\n\r\n\
        <?xml version=\"1.0\"?><Error><Code>RequestTimeTooSkewed</Code><Message>too large</Message></Error>";
    let place = place(&FixedServer::plain(skewed), "http");
    let answer = place.naru(&["releases"]).with_exit(8);
    assert!(answer.stderr.contains("ahead of the server's"), "by the server's Date: {}", answer.stderr);
    assert!(answer.stderr.contains("the clock of this computer may be wrong"), "{}", answer.stderr);
    assert!(!answer.stderr.contains("sts get-caller-identity"), "the keys are right: {}", answer.stderr);
}

#[test]
fn the_bundle_of_the_aws_tools_is_believed_for_aws() {
    let s3 = FixedServer::with_certificate(2001, 2100, NO_BUCKET);
    place(&s3, "https").naru(&["releases"]).with_exit(8);
    let answer = believing(&s3, "AWS_CA_BUNDLE").naru(&["releases"]).with_exit(7);
    assert!(answer.stderr.contains("NoSuchBucket"), "the server was believed: {}", answer.stderr);

    let of_profile = place(&s3, "https");
    of_profile.write("authority.pem", &s3.authority);
    let file = of_profile.path("authority.pem").display().to_string();
    of_profile.write("aws.ini", format!("[default]\nca_bundle = {file}\n"));
    let config = of_profile.path("aws.ini").display().to_string();
    of_profile.with("AWS_CONFIG_FILE", &config).naru(&["releases"]).with_exit(7);

    let bare =
        believing(&s3, "AWS_CA_BUNDLE").with("SSL_CERT_FILE", "/dev/null").with("SSL_CERT_DIR", "/nowhere");
    bare.naru(&["releases"]).with_exit(7);
}

#[test]
fn a_bundle_that_can_t_be_used_is_named() {
    let s3 = FixedServer::with_certificate(2001, 2100, NO_BUCKET);
    let place = || place(&s3, "https");
    let missing = place().with("AWS_CA_BUNDLE", "/nowhere/ca.pem").naru(&["releases"]).with_exit(3);
    assert!(missing.stderr.contains("AWS_CA_BUNDLE: /nowhere/ca.pem"), "{}", missing.stderr);
    for text in ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        let place = place();
        place.write("bundle.pem", text);
        let file = place.path("bundle.pem").display().to_string();
        let answer = place.with("AWS_CA_BUNDLE", &file).naru(&["releases"]).with_exit(3);
        assert!(answer.stderr.contains("no CA certificate"), "{text:?}: {}", answer.stderr);
    }
    #[cfg(unix)]
    {
        let endless = place().with("AWS_CA_BUNDLE", "/dev/zero").naru(&["releases"]).with_exit(3);
        assert!(endless.stderr.contains("no CA certificate"), "the read is bounded: {}", endless.stderr);
    }
}
