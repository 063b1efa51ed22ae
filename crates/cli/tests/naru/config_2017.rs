//! The `config.json` of the 2017 client and publisher.

use serde_json::json;

use crate::place::Place;
use crate::server::Server;

#[test]
fn a_2017_config_publishes_and_updates() {
    let server = Server::start();
    let place =
        ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL_CLOUDFRONT", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]
            .iter()
            .fold(Place::new().with_build(), |place, name| place.with(name, server.variable(name)));
    let config = json!({
        "bucketname": server.variable("NARU_BUCKET"),
        "uploadprefix": "update",
        "region": server.variable("AWS_REGION"),
        "api_url": "", "IdentityPoolId": "", "score_api_url": "", "scorehistory_api_url": "",
        "cloudfrontDistributionId": server.variable("NARU_DISTRIBUTION"),
        "cloudfrontURL": server.variable("NARU_EDGE_URL"),
    });
    place.write("config.json", config.to_string());
    let published = place.naru(&["publish", "build", "--yes", "--json"]).with_exit(0);
    assert!(!published.stdout.contains("\"warning\""), "the distribution is told: {}", published.stdout);
    place.naru(&["update"]).with_exit(0);
    assert!(place.path("resources/index.html").is_file(), "the default install folder lies beside the file");
}

#[test]
fn wrong_keys_and_values_are_named() {
    for (text, expected) in [
        (
            r#"{"uploadprefix":"u","bucketnam":"x"}"#,
            "config.json: unknown key `bucketnam`; did you mean `bucketname`?",
        ),
        (r#"{"bucketname":7}"#, "config.json: bucketname is 7; allowed: the name of a bucket"),
        (
            r#"{"bucketname":"b","cloudfrontURL":"cdn"}"#,
            "config.json: cloudfrontURL is \"cdn\"; allowed: a URL",
        ),
    ] {
        let place = Place::new();
        place.write("config.json", text);
        let answer = place.naru(&["status"]).with_exit(3);
        assert!(
            answer.stderr.contains(expected),
            "{text} must be answered with {expected:?}, not {}",
            answer.stderr
        );
    }
}

#[test]
fn a_config_of_another_program_is_passed_over_and_naru_toml_comes_first() {
    let place = Place::new();
    place.write("config.json", r#"{"port": 80}"#);
    place.naru(&["status"]).with_exit(0);
    place.write("config.json", r#"{"bucketname": 7}"#);
    place.write("naru.toml", "");
    place.naru(&["status"]).with_exit(0);
}

#[test]
fn a_byte_order_mark_is_no_reason_to_pass_a_config_over() {
    let place = Place::new();
    place.write("config.json", "\u{feff}{\"bucketname\": 7}");
    let answer = place.naru(&["status"]).with_exit(3);
    assert!(answer.stderr.contains("config.json: bucketname is 7"), "it is read: {}", answer.stderr);
    place.write("naru.toml", "\u{feff}[store]\nbuket = \"b\"\n");
    let answer = place.naru(&["status"]).with_exit(3);
    assert!(answer.stderr.contains("did you mean `bucket`?"), "so is the other one: {}", answer.stderr);
}

#[test]
fn a_2017_config_with_a_comma_too_many_is_named_with_its_line() {
    let place = Place::new();
    let text = "{\n  \"bucketname\": \"b\",\n  \"uploadprefix\": \"update\",\n}\n";
    place.write("config.json", text);
    for arguments in [&["status"][..], &["status", "--config", "config.json"]] {
        let answer = place.naru(arguments).with_exit(3);
        assert!(answer.stderr.contains("config.json:4: not JSON: trailing comma"), "{}", answer.stderr);
    }
    place.write("config.json", "// another program's\n{\"port\": 80,}");
    place.naru(&["status"]).with_exit(0);
}

/// Puts a file of settings into a place.
type Make<'a> = &'a dyn Fn(&Place);

#[test]
fn settings_that_can_not_be_read_whole_are_refused_by_name() {
    let utf16: Vec<u8> = "[store]\nbucket = \"b\"\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let cases: [(Make<'_>, &str); 4] = [
        (&|place| std::fs::create_dir(place.path("naru.toml")).expect("a folder"), "is not a file"),
        (&|place| place.write("naru.toml", &utf16), "is UTF-16 text"),
        (&|place| place.write("naru.toml", b"# caf\xe9\n"), "is not UTF-8 text"),
        (&|place| place.write("naru.toml", vec![b'#'; 2 << 20]), "is longer than"),
    ];
    for (make, expected) in cases {
        let place = Place::new();
        // What a folder above says must not be taken instead.
        place.write("config.json", r#"{"bucketname": "another"}"#);
        make(&place);
        let answer = place.naru(&["status"]).with_exit(3);
        assert!(answer.stderr.contains("naru.toml") && answer.stderr.contains(expected), "{}", answer.stderr);
        let korean = place.naru(&["status", "--lang", "ko"]).with_exit(3);
        assert!(!korean.stderr.contains(expected), "{}", korean.stderr);
    }
}

#[cfg(unix)]
#[test]
fn a_link_to_settings_is_followed_and_one_into_nothing_is_named() {
    use std::os::unix::fs::symlink;
    let place = Place::new();
    place.write("shared.toml", "[store]\nbuket = \"b\"\n");
    symlink("shared.toml", place.path("naru.toml")).expect("a link");
    let answer = place.naru(&["status"]).with_exit(3);
    assert!(answer.stderr.contains("did you mean `bucket`?"), "{}", answer.stderr);
    std::fs::remove_file(place.path("shared.toml")).expect("the target goes");
    let answer = place.naru(&["status"]).with_exit(3);
    assert!(answer.stderr.contains("naru.toml"), "{}", answer.stderr);
}
