//! A wrong setting names its place, its key and what is allowed.

use crate::place::Place;

#[test]
fn a_wrong_file_is_explained() {
    for (text, expected) in [
        ("[store]\nbuckt = \"x\"", "naru.toml:2: unknown key `buckt` in [store]; did you mean `bucket`?"),
        (
            "[store]\ncolour = \"x\"",
            "naru.toml:2: unknown key `colour` in [store]; allowed: `bucket`, `prefix`, `region`",
        ),
        ("[update]\nbucket = \"x\"", "naru.toml:2: unknown key `bucket` in [update]; it belongs to [store]"),
        ("\n[stor]", "naru.toml:2: unknown section or key `stor`; did you mean [store]?"),
        (
            "bucket = \"x\"",
            "naru.toml:1: unknown section or key `bucket`; allowed: `store`, `edge`, `publish`, `update`",
        ),
        ("store = 3", "naru.toml:1: `store` is a section: write [store]"),
        ("[store", "naru.toml:1: not TOML"),
        ("[store]\nbucket = \"\"", "naru.toml:2: store.bucket is \"\"; allowed: the name of a bucket"),
        (
            "[update]\n\nconnections = 0",
            "naru.toml:3: update.connections is 0; allowed: a number from 1 to 64",
        ),
        (
            "[update]\nconnections = 1.5",
            "naru.toml:2: update.connections is a number with a fraction; allowed: a number from 1 to 64",
        ),
        (
            "[edge]\nurl = \"ftp://x\"",
            "naru.toml:2: edge.url is \"ftp://x\"; allowed: a URL that begins with https://, or with http:// on this machine",
        ),
        (
            "[publish]\npreserve = [1]",
            "naru.toml:2: publish.preserve is a list that contains non-text items; allowed: a list of patterns",
        ),
        (
            "[update]\nlimit_rate = \"fast\"",
            "naru.toml:2: update.limit_rate is \"fast\"; allowed: bytes per second",
        ),
        (
            "[update]\nchannel = \"Live!\"",
            "naru.toml:2: update.channel is \"Live!\"; allowed: 1 to 32 of a-z, 0-9 and -",
        ),
    ] {
        let place = Place::new();
        place.write("naru.toml", text);
        let answer = place.naru(&["status"]).with_exit(3);
        assert!(
            answer.stderr.contains(expected),
            "{text:?} must be answered with {expected:?}, not {}",
            answer.stderr
        );
        assert!(answer.stdout.is_empty(), "errors are no results: {}", answer.stdout);
    }
}

#[test]
fn a_machine_without_ca_certificates_is_told_what_to_install() {
    let place = Place::new();
    place.write("no-certificates.pem", "");
    let none = place.path("no-certificates.pem").display().to_string();
    place.write("build/game.txt", "a game");
    place.write(
        "naru.toml",
        "[store]\nbucket = \"b\"\nregion = \"r\"\n[edge]\nurl = \"https://edge.invalid\"\n",
    );
    let place = place.with("SSL_CERT_FILE", &none).with("SSL_CERT_DIR", "/nowhere");
    for command in [&["update"][..], &["publish", "build", "--dry-run"], &["releases"]] {
        let answer = place.naru(command).with_exit(3);
        assert!(answer.stderr.contains("ca-certificates"), "{command:?}: {}", answer.stderr);
        assert!(!answer.stderr.contains("panicked"), "{command:?}: {}", answer.stderr);
    }
}

#[test]
fn a_wrong_variable_or_option_is_explained() {
    for (name, value, expected) in [
        (
            "NARU_UPLOADS",
            "many",
            "environment variable NARU_UPLOADS is \"many\"; allowed: a number from 1 to 64",
        ),
        ("NARU_BUCKTE", "x", "environment variable NARU_BUCKTE is unknown; did you mean NARU_BUCKET?"),
    ] {
        let answer = Place::new().with(name, value).naru(&["status"]).with_exit(3);
        assert!(answer.stderr.contains(expected), "{}", answer.stderr);
    }
    let answer = Place::new().naru(&["update", "--limit-rate", "fast"]).with_exit(2);
    assert!(answer.stderr.contains("option --limit-rate is \"fast\""), "{}", answer.stderr);
    Place::new().with("NARU_BUCKET", "").naru(&["status"]).with_exit(0);
    Place::new().with("NARU_THEIR_OWN_THING", "x").naru(&["status"]).with_exit(0);
}

#[test]
fn a_missing_setting_says_where_it_may_stand() {
    let place = Place::new().with_build();
    let answer = place.naru(&["publish", "build", "--yes"]).with_exit(3);
    assert!(answer.stderr.contains("store.bucket is not set: no naru.toml"), "{}", answer.stderr);
    assert!(answer.stderr.contains("NARU_BUCKET"), "{}", answer.stderr);
    place.write("naru.toml", "[store]\nbucket = \"b\"\n");
    let answer = place.naru(&["update"]).with_exit(3);
    assert!(
        answer.stderr.contains("naru.toml does not set it; set it there or as NARU_EDGE_URL"),
        "{}",
        answer.stderr
    );
    let answer = place.naru(&["publish", "build", "--yes"]).with_exit(3);
    assert!(answer.stderr.contains("no region"), "{}", answer.stderr);
    let answer = place.naru(&["status", "--config", "other.toml"]).with_exit(3);
    assert!(answer.stderr.contains("other.toml"), "a named file must be there: {}", answer.stderr);
}

#[test]
fn later_layers_win_and_a_file_means_its_own_folder() {
    let place = Place::new();
    place.write("naru.toml", "[update]\ninstall = \"from-file\"\n");
    place.write("deep/er/x", "");
    let install = |place: &Place, arguments: &[&str]| {
        let answer = place.naru(arguments).with_exit(0);
        answer.last("result")["install"].as_str().unwrap_or_default().to_owned()
    };
    assert!(install(&place, &["status", "--json"]).ends_with("/from-file"), "the file beats the default");
    let mut deeper = place.command(&["status", "--json"]);
    let output = deeper.current_dir(place.path("deep/er")).output().expect("naru starts");
    let found = String::from_utf8(output.stdout).expect("UTF-8");
    let meant = place.path("from-file");
    assert!(
        found.contains(&meant.display().to_string()),
        "a file above is found and means its folder: {found}"
    );
    let place = place.with("NARU_INSTALL", "from-environment");
    assert!(
        install(&place, &["status", "--json"]).ends_with("/from-environment"),
        "the environment beats the file"
    );
    let by_flag = install(&place, &["status", "--json", "--install", "from-flag"]);
    assert!(by_flag.ends_with("/from-flag"), "an option beats all");
}

#[test]
fn init_writes_what_is_read_and_never_overwrites() {
    let place = Place::new();
    place.naru(&["init", "--bucket", "b", "--edge-url", "http://127.0.0.1:9/"]).with_exit(0);
    place.naru(&["status"]).with_exit(0);
    let answer = place.naru(&["init"]).with_exit(2);
    assert!(answer.stderr.contains("already exists"), "{}", answer.stderr);
}
