//! What a new user meets in the first hour, following the README.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;

use crate::place::{Answer, Place};
use crate::server::Server;

/// The answer's words for a person have all of these parts.
#[track_caller]
fn assert_says(answer: &Answer, parts: &[&str]) {
    for part in parts {
        assert!(answer.stderr.contains(part), "`{part}` is missing in {}", answer.stderr);
    }
}

#[test]
fn init_takes_only_what_commands_take_and_says_what_comes_next() {
    let place = Place::new();
    let refused = place.naru(&["init", "--edge-url", "ftp://cdn"]).with_exit(2);
    assert_says(&refused, &["option --edge-url is \"ftp://cdn\"; allowed: a URL"]);
    assert!(!place.path("naru.toml").exists(), "a wrong file is worse than none");
    let answer = place.naru(&["init", "--bucket", "b", "--region", "r"]).with_exit(0);
    assert_says(
        &answer,
        &["Next: fill in edge.url, edge.distribution; then `naru publish --dry-run BUILD_DIR`"],
    );
    let refused = place.naru(&["init"]).with_exit(2);
    assert_says(&refused, &["naru.toml already exists", "hint: edit it by hand"]);
}

#[test]
fn a_suggested_command_works_on_the_same_folder() {
    let server = Server::start();
    let place = server.place().with_build();
    let nothing = place.naru(&["verify", "--install", "my game"]).with_exit(7);
    assert_says(&nothing, &["`naru update --install 'my game'` installs the game"]);
    place.naru(&["publish", "build", "--yes", "--channel", "beta"]).with_exit(0);
    place.naru(&["update", "--install", "my game", "--channel", "beta"]).with_exit(0);
    place.write("my game/index.html", "<p>CAVE</p>");
    let wounds = place.naru(&["verify", "--install", "my game"]).with_exit(15);
    assert_says(&wounds, &["hint: `naru repair --install 'my game'` fixes them"]);
    let none = place.naru(&["rollback", "9", "--yes", "--channel", "beta"]).with_exit(7);
    assert_says(&none, &["hint: `naru releases --channel beta` lists the numbers"]);
}

#[test]
fn what_is_in_the_way_is_moved_before_a_repair() {
    let server = Server::start();
    let place = server.place().with_build();
    place.naru(&["publish", "build", "--yes"]).with_exit(0);
    place.naru(&["update", "--install", "game"]).with_exit(0);
    fs::remove_file(place.path("game/index.html")).expect("an installed file");
    place.write("game/index.html/mine.txt", "the player's");
    let wounds = place.naru(&["verify", "--install", "game"]).with_exit(15);
    assert_says(&wounds, &["hint: move what is in the way", "then `naru repair --install game` fixes them"]);
    let refused = place.naru(&["repair", "--install", "game"]).with_exit(13);
    assert_says(&refused, &["error: something is in the way of", "index.html is in the way of the release"]);
    assert!(!refused.stderr.contains("disk refused"), "the disk is sound: {}", refused.stderr);
}

#[test]
fn keys_of_another_cloud_lead_back_to_its_data_folder() {
    let place = Server::start().place();
    let server = Server::start();
    let place = place.with("AWS_ENDPOINT_URL_S3", server.variable("AWS_ENDPOINT_URL_S3"));
    let place = place.with("NARU_BUCKET", server.variable("NARU_BUCKET"));
    let refused = place.naru(&["releases"]).with_exit(6);
    assert_says(&refused, &["hint: each data folder of `naru serve` has its own keys", "--env-file"]);
}

#[test]
fn a_file_that_exists_is_the_one_to_correct() {
    let place = Place::new();
    let hint = "hint: `naru init` writes";
    assert_says(&place.naru(&["releases"]).with_exit(3), &[hint]);
    place.write("naru.toml", "[store]\nregion = \"eu-west-1\"\n");
    let answer = place.naru(&["releases"]).with_exit(3);
    assert_says(&answer, &["hint: set bucket of [store] in ", "naru.toml; docs/configuration.md"]);
    place.write("naru.toml", "[store]\nbuckt = \"b\"\n");
    let answer = place.naru(&["releases"]).with_exit(3);
    assert_says(&answer, &["hint: correct the setting named above; docs/configuration.md"]);
    let answer = place.naru(&["releases", "--config", "none.toml"]).with_exit(3);
    assert_says(&answer, &[hint]);
}

#[test]
fn an_empty_address_is_unset_and_a_wrong_one_is_explained() {
    let server = Server::start();
    let url = server.variable("AWS_ENDPOINT_URL_S3").to_owned();
    let place = server.place().with("AWS_ENDPOINT_URL_S3", "").with("AWS_ENDPOINT_URL", &url);
    place.naru(&["releases"]).with_exit(0);
    let place = server.place().with("AWS_ENDPOINT_URL", "");
    place.naru(&["releases"]).with_exit(0);
    let answer = server.place().with("AWS_ENDPOINT_URL_S3", "=foo").naru(&["releases"]).with_exit(3);
    assert_says(&answer, &["hint: AWS_ENDPOINT_URL_S3 must be an address such as http://127.0.0.1:9700"]);
}

#[test]
fn a_hint_fits_what_was_wrong() {
    let place = Place::new().with_build().with("NARU_BUCKET", "b");
    let answer = place.naru(&["publish", "build", "--yes", "--notes", "none.md"]).with_exit(7);
    assert_says(&answer, &["none.md", "hint: check the path after --notes"]);
    place.write("cloud", "not a folder");
    let answer = place.naru(&["serve", "--data", "cloud"]).with_exit(13);
    assert_says(&answer, &["hint: choose a writable folder with free space (--data)"]);
    let answer = Server::start().second().with_exit(14);
    assert_says(
        &answer,
        &["is in use by another local cloud", "hint: stop the other `naru serve`, or choose another folder"],
    );
}

#[test]
fn a_pointer_that_is_none_is_the_publisher_s_matter() {
    let edge = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}/", edge.local_addr().expect("its address"));
    std::thread::spawn(move || {
        for mut connection in edge.incoming().map_while(Result::ok) {
            let _lost = BufReader::new(&connection).read_line(&mut String::new());
            let _lost = connection.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>");
        }
    });
    let answer = Place::new().with("NARU_EDGE_URL", &url).naru(&["update", "--dry-run"]).with_exit(10);
    assert_says(&answer, &["update/version.json: ", "the publisher has to fix it"]);
}

#[test]
fn looking_at_an_update_leaves_no_trace() {
    let server = Server::start();
    let place = server.place().with_build();
    place.write("notes.md", "A new cave.\nFixes.\n");
    place.naru(&["publish", "build", "--yes", "--notes", "notes.md"]).with_exit(0);
    let planned = place.naru(&["update", "--dry-run"]).with_exit(0).stdout;
    assert!(planned.contains("\n  A new cave.\n  Fixes.\n"), "{planned}");
    assert!(!place.path("resources").exists(), "whoever only looks makes no folder");
    let installed = place.naru(&["update"]).with_exit(0).stdout;
    assert!(installed.ends_with("\n  A new cave.\n  Fixes.\n"), "players read what is new: {installed}");
    place.write("resources/options.ini", "volume=9\n");
    place.write("build/index.html", "<p>deeper cave</p>");
    place.naru(&["publish", "build", "--yes"]).with_exit(0);
    let planned = place.naru(&["update", "--dry-run"]).with_exit(0).stdout;
    assert!(planned.contains("kept options.ini (yours)"), "{planned}");
}

#[test]
fn a_rollback_is_looked_at_and_described_as_a_publish_is() {
    let server = Server::start();
    let place = server.place().with_build();
    place.naru(&["publish", "build", "--yes"]).with_exit(0);
    place.write("build/index.html", "<p>worse</p>");
    place.naru(&["publish", "build", "--yes"]).with_exit(0);
    let planned = place.naru(&["rollback", "1", "--dry-run"]).with_exit(0).stdout;
    assert!(planned.starts_with("Would publish the content of release 1 as release 3: 3 files"), "{planned}");
    place.write("notes.md", "Back to the good cave.");
    place.naru(&["rollback", "1", "--yes", "--notes", "notes.md"]).with_exit(0);
    let releases = place.naru(&["releases", "--json"]).with_exit(0).last("result");
    let numbers = releases["releases"].as_array().map(Vec::len);
    assert_eq!(numbers, Some(3), "looking made none");
    assert_eq!(releases["releases"][0]["notes"], "Back to the good cave.");
}

#[test]
fn what_is_left_out_and_what_should_be_is_warned_of() {
    let server = Server::start();
    let place = server.place().with_build();
    fs::create_dir_all(place.path("build/saves")).expect("an empty folder");
    place.write("build/.env", "SECRET=1");
    let planned = place.naru(&["publish", "build", "--dry-run"]).with_exit(0);
    assert_says(
        &planned,
        &["warning: 1 empty folder is not published: saves.", "every player gets them: .env."],
    );
    let planned = place.naru(&["publish", "build", "--dry-run", "--json"]).with_exit(0);
    let codes: Vec<_> = planned.lines().iter().map(|line| line["code"].clone()).collect();
    assert!(codes.contains(&"empty-folders".into()) && codes.contains(&"secrets".into()), "{codes:?}");
}
