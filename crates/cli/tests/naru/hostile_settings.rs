//! No setting, whatever it holds, makes `naru` panic: each is refused by its name, or does no harm.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;

use crate::https_server::{FixedServer, NO_BUCKET};
use crate::place::Place;

const DOCUMENTED: &str = include_str!("../../../../docs/configuration.md");

/// What the environment may hold besides settings of Naru's own.
const OTHERS: &[&str] = &[
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_PROFILE",
    "AWS_CONFIG_FILE",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_S3",
    "AWS_ENDPOINT_URL_CLOUDFRONT",
    "AWS_CA_BUNDLE",
    "AWS_SDK_UA_APP_ID",
    "AWS_EXECUTION_ENV",
    "AWS_RETRY_MODE",
    "AWS_MAX_ATTEMPTS",
    "AWS_DEFAULTS_MODE",
    "AWS_ROLE_ARN",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "HOME",
    "XDG_CACHE_HOME",
    "LANG",
    "LC_ALL",
    "TMPDIR",
];

const HOSTILE: &[&[u8]] = &[
    b"value\n",
    b"\n",
    b"a\r\nx-evil: b",
    b"\x1b[2Jvalue",
    b" ",
    b"two words",
    "\u{c11c}\u{c6b8}".as_bytes(),
    b"../up",
    b"s3://bucket/update",
    b"http://0.0.0.0:9701/",
    b"http://user:secret@127.0.0.1:1/",
    b"~somebody/demo",
    b"%zz",
    b"-1",
    b"99999999999999999999999",
    b"1e999",
    b"{",
    b"\xff\xfe",
];

/// A store and an edge that answer at once, so that there are no retries.
fn place(server: &FixedServer) -> Place {
    let url = format!("http://127.0.0.1:{}", server.port);
    let place = Place::new().with_build();
    [
        ("NARU_EDGE_URL", url.as_str()),
        ("NARU_BUCKET", "games"),
        ("AWS_ENDPOINT_URL", url.as_str()),
        ("AWS_REGION", "us-east-1"),
        ("AWS_ACCESS_KEY_ID", "AKIATEST"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
    ]
    .into_iter()
    .fold(place, |place, (name, value)| place.with(name, value))
}

/// The variables that the documentation names, so that a new one is met here too.
fn variables() -> Vec<&'static str> {
    let rows = DOCUMENTED.lines().filter(|line| line.starts_with("| `"));
    let documented = rows.filter_map(|row| row.split('`').nth(3)).filter(|name| name.starts_with("NARU_"));
    let all: Vec<_> = documented.chain(OTHERS.iter().copied()).collect();
    assert!(all.contains(&"NARU_CHANNEL") && all.contains(&"NARU_REGION"), "{all:?}");
    all
}

fn check(server: &FixedServer, name: &str, value: &[u8], command: &str) {
    let place = place(server);
    let mut naru = place.command(&[command, "--json"]);
    let output = naru.env(name, OsStr::from_bytes(value)).output().expect("naru starts");
    let what = format!("{command} with {name}={:?}", String::from_utf8_lossy(value));
    let exit = output.status.code().unwrap_or(-1);
    assert!((0..=17).contains(&exit), "{what} ended with {exit}, which is documented nowhere: {output:?}");
    assert!(output.stderr.is_empty(), "{what}: with --json all is on standard output: {output:?}");
    let stdout = String::from_utf8(output.stdout).unwrap_or_else(|error| panic!("{what}: {error}"));
    let line = stdout.lines().last().unwrap_or_default();
    let last: Value =
        serde_json::from_str(line).unwrap_or_else(|error| panic!("{what}: {error} in {stdout}"));
    if exit != 0 {
        assert_eq!((&last["type"], &last["exit"]), (&"error".into(), &exit.into()), "{what}: {stdout}");
        assert_ne!(exit, 1, "{what}: a wrong setting is no fault of Naru's own: {stdout}");
    }
    // A path is shown as it is, whatever it looks like.
    if name.contains("URL") || name.contains("PROXY") || name.contains("KEY") {
        assert!(!stdout.contains("secret@"), "{what}: no message repeats a password: {stdout}");
    }
}

#[test]
fn no_value_of_any_variable_breaks_the_contract() {
    let server = FixedServer::plain(NO_BUCKET);
    let cases: Vec<_> = variables()
        .into_iter()
        .flat_map(|name| HOSTILE.iter().map(move |value| (name, *value)))
        .flat_map(|(name, value)| ["releases", "update"].map(|command| (name, value, command)))
        // The edge is asked with none of AWS's variables.
        .filter(|(name, _, command)| *command == "releases" || !name.starts_with("AWS_"))
        .collect();
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some((name, value, command)) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    check(&server, name, value, command);
                }
            });
        }
    });
}

#[test]
fn a_refused_value_is_refused_by_its_name() {
    let server = FixedServer::plain(NO_BUCKET);
    for (name, value, command, words) in [
        ("NARU_REGION", "us-east-1\n", "releases", r#"NARU_REGION is "us-east-1\n""#),
        ("NARU_BUCKET", "s3://games", "releases", "no s3://"),
        ("NARU_BUCKET", "my games", "releases", "NARU_BUCKET"),
        ("NARU_PREFIX", "../up", "releases", "NARU_PREFIX"),
        ("NARU_PREFIX", "a//b", "update", "NARU_PREFIX"),
        ("NARU_DISTRIBUTION", "E1\n", "releases", "NARU_DISTRIBUTION"),
        ("NARU_EDGE_URL", "http://0.0.0.0:9701/", "update", "NARU_EDGE_URL"),
        ("NARU_EDGE_URL", "http://cdn.example.com/", "update", "with http:// on this machine"),
        (
            "NARU_EDGE_URL",
            "https://me:secret@cdn.example.com/",
            "update",
            "a URL with a user name or a password",
        ),
        ("NARU_INSTALL", "~somebody/demo", "update", "NARU_INSTALL"),
        ("NARU_INSTALL", "demo\n", "update", "NARU_INSTALL"),
        ("AWS_ACCESS_KEY_ID", "AKIATEST\n", "releases", "AWS_ACCESS_KEY_ID: it contains a line break"),
        (
            "AWS_SECRET_ACCESS_KEY",
            "se\u{1}cret",
            "releases",
            "AWS_SECRET_ACCESS_KEY: it contains a control character",
        ),
        ("AWS_SESSION_TOKEN", "\u{d1a0}\u{d070}", "releases", "AWS_SESSION_TOKEN"),
        ("AWS_REGION", "us-east-1\n", "releases", "AWS_REGION: it contains a line break"),
        ("AWS_REGION", "us east", "releases", "AWS_REGION: it contains a space"),
        (
            "AWS_ENDPOINT_URL_S3",
            "http://s3.example.com",
            "releases",
            "AWS_ENDPOINT_URL_S3: `http:` is for this machine",
        ),
        ("AWS_ENDPOINT_URL", "http://0.0.0.0:9700", "releases", "AWS_ENDPOINT_URL: `http:`"),
        ("AWS_ENDPOINT_URL_CLOUDFRONT", "ftp://127.0.0.1", "releases", "AWS_ENDPOINT_URL_CLOUDFRONT: `ftp:`"),
        ("HTTP_PROXY", "socks5://127.0.0.1:1080", "update", "HTTP_PROXY"),
        ("HTTP_PROXY", "http://127.0.0.1:3128\n", "releases", ""),
    ] {
        let place = place(&server).with(name, value);
        let answer = place.naru(&[command, "--json"]);
        if words.is_empty() {
            // Shells and files leave a line break at the end of a value; every tool accepts it.
            assert_ne!(answer.exit, 3, "{name}: {answer:?}");
            continue;
        }
        let answer = answer.with_exit(3);
        let detail = answer.last("error")["detail"].as_str().unwrap_or_default().to_owned();
        assert!(detail.contains(words), "{name}={value:?} must be refused with {words:?}: {detail}");
        assert!(!detail.contains("cret"), "no message repeats a secret: {detail}");
        let korean = place.naru(&[command, "--lang", "ko"]).with_exit(3);
        assert!(korean.stderr.contains(name), "{name}: {}", korean.stderr);
    }
}

#[test]
fn keys_of_a_profile_are_checked_as_well() {
    let server = FixedServer::plain(NO_BUCKET);
    let place = Place::new().with("NARU_BUCKET", "games").with("AWS_REGION", "us-east-1");
    let url = format!("http://127.0.0.1:{}", server.port);
    place.write("keys", "[default]\naws_access_key_id = AKIA\u{1}TEST\naws_secret_access_key = secret\n");
    let keys = place.path("keys").display().to_string();
    let place = place.with("AWS_ENDPOINT_URL_S3", &url).with("AWS_SHARED_CREDENTIALS_FILE", &keys);
    let answer = place.naru(&["releases", "--json"]).with_exit(6);
    let detail = answer.last("error")["detail"].as_str().unwrap_or_default().to_owned();
    assert!(detail.contains("access key id: it contains a control character"), "{detail}");

    let place = Place::new().with("NARU_BUCKET", "games");
    place.write("config", "[default]\nregion = us east\nendpoint_url = http://s3.example.com\n");
    let config = place.path("config").display().to_string();
    let place = place.with("AWS_CONFIG_FILE", &config);
    let answer = place.naru(&["releases"]).with_exit(3);
    assert!(answer.stderr.contains("the region \"us east\" of the AWS profile"), "{}", answer.stderr);
    let place = place.with("AWS_REGION", "us-east-1");
    let answer = place.naru(&["releases"]).with_exit(3);
    assert!(answer.stderr.contains("(endpoint_url): `http:` is for this machine only"), "{}", answer.stderr);
}
