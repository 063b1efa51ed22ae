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
        (r#"{"bucketname":7}"#, "config.json: bucketname is 7; allowed is a text that is not empty"),
        (
            r#"{"bucketname":"b","cloudfrontURL":"cdn"}"#,
            "config.json: cloudfrontURL is \"cdn\"; allowed is a URL",
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
