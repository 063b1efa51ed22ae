//! Failures that a script tells apart by number, each with its state and its next step.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use crate::place::{Answer, Place};
use crate::server::Server;

/// Every failure says these three things.
fn assert_complete(answer: &Answer) {
    for part in ["error: ", "state: ", "hint: "] {
        assert!(answer.stderr.contains(part), "{part} is missing in {}", answer.stderr);
    }
}

#[test]
fn usage_is_2_and_nobody_is_asked_without_a_terminal() {
    let server = Server::start();
    let place = server.place().with_build();
    for arguments in [&["publish", "build"][..], &["publish", "build", "--json"], &["rollback", "1"]] {
        place.naru(arguments).with_exit(2);
    }
    let answer = place.naru(&["publish", "build"]);
    assert!(answer.stderr.contains("--yes"), "{}", answer.stderr);
    assert_complete(&answer);
    let listed = place.naru(&["releases", "--json"]).with_exit(0);
    assert_eq!(listed.last("result")["releases"].as_array().map(Vec::len), Some(0), "nothing was published");
    place.naru(&["pubish"]).with_exit(2);
    let wrong = place.naru(&["publish", "build", "--jes", "--json"]).with_exit(2);
    assert_eq!(wrong.last("error")["code"], "usage", "a program reads JSON also about its own mistakes");
}

#[test]
fn a_build_that_no_system_could_hold_is_4() {
    let server = Server::start();
    let place = server.place().with_build();
    place.write("build/NUL.txt", "x");
    place.write("build/a:b", "x");
    let answer = place.naru(&["publish", "build", "--yes"]).with_exit(4);
    assert!(
        answer.stderr.contains("NUL.txt") && answer.stderr.contains("a:b"),
        "all names at once: {}",
        answer.stderr
    );
    assert_complete(&answer);
}

#[test]
fn wrong_keys_are_6_and_nothing_there_is_7() {
    let server = Server::start();
    let place = server.place().with_build();
    place.naru(&["update"]).with_exit(7);
    place.naru(&["publish", "nowhere", "--yes"]).with_exit(7);
    place.naru(&["rollback", "99", "--yes"]).with_exit(7);
    place.naru(&["verify"]).with_exit(7);
    let place = place.with("AWS_SECRET_ACCESS_KEY", "wrong");
    let answer = place.naru(&["publish", "build", "--yes"]).with_exit(6);
    assert_complete(&answer);
}

#[test]
fn an_older_offer_is_11() {
    let (newer, older) = (Server::start(), Server::start());
    let place = newer.place().with_build();
    place.naru(&["publish", "build", "--yes"]).with_exit(0);
    place.write("build/more.txt", "2");
    place.naru(&["publish", "build", "--yes"]).with_exit(0);
    place.naru(&["update"]).with_exit(0);
    let other = older.place().with_build();
    other.naru(&["publish", "build", "--yes"]).with_exit(0);
    let place = place.with("NARU_EDGE_URL", older.variable("NARU_EDGE_URL"));
    assert_complete(&place.naru(&["update"]).with_exit(11));
    assert!(place.path("resources/more.txt").is_file(), "what is installed stays");
}

#[test]
fn a_taken_port_is_14_and_a_server_that_is_told_to_stop_is_0() {
    let server = Server::start();
    let taken = server.variable("AWS_ENDPOINT_URL_S3").rsplit(':').next().unwrap_or_default().to_owned();
    let answer = Place::new().naru(&["serve", "--data", "d", "--s3-port", &taken]).with_exit(14);
    assert!(answer.stderr.contains(&format!("127.0.0.1:{taken}")), "{}", answer.stderr);
    assert_complete(&answer);
    assert_eq!(server.terminate(), Some(0), "stopping a server is no failure");
}

#[test]
fn a_machine_without_root_certificates_can_serve() {
    let bare = Place::new().with("SSL_CERT_FILE", "/dev/null").with("SSL_CERT_DIR", "/nonexistent");
    let server = Server::start_in(bare);
    assert_eq!(server.terminate(), Some(0), "everything that it asks is its own, over plain HTTP");
}

#[test]
fn stopping_an_update_is_130_and_the_next_one_goes_on() {
    let server = Server::start();
    let place = server.place();
    for number in 0..40 {
        place.write(&format!("build/{number}.bin"), vec![number; 50_000]);
    }
    place.naru(&["publish", "build", "--yes"]).with_exit(0);

    let slow = ["update", "--limit-rate", "400K", "--json"];
    let mut running = place.command(&slow).stdout(Stdio::piped()).spawn().expect("naru starts");
    let stdout = BufReader::new(running.stdout.take().expect("its standard output"));
    let mut lines = stdout.lines().map_while(Result::ok);
    let some_files_arrived =
        |line: &String| line.contains(r#""phase":"download""#) && !line.contains(r#""items":0,"#);
    lines.find(some_files_arrived).expect("a download that is under way");
    Command::new("kill").args(["-INT", &running.id().to_string()]).status().expect("kill");
    let last = lines.last().expect("an error line");
    assert_eq!(running.wait().expect("its end").code(), Some(130), "{last}");
    assert!(last.contains(r#""code":"cancelled""#) && last.contains(r#""changed":false"#), "{last}");

    let again = place.naru(&["update", "--json"]).with_exit(0).last("result");
    assert!(again["resumed_bytes"].as_u64() > Some(0), "what had arrived is not fetched again: {again}");
}

#[test]
fn the_language_is_the_option_then_the_system() {
    let place = Place::new();
    assert!(place.naru(&["update", "--lang", "ko"]).stderr.starts_with("오류: "));
    let korean = Place::new().with("LC_ALL", "ko_KR.UTF-8");
    assert!(korean.naru(&["update"]).stderr.starts_with("오류: "));
    assert!(korean.naru(&["update", "--lang", "en"]).stderr.starts_with("error: "));
}

#[test]
fn half_an_app_at_a_login_provider_is_2() {
    let place = Place::new().with("NARU_GOOGLE_CLIENT_ID", "app");
    // A server without Google would be taken for one with it.
    assert_complete(&place.naru(&["serve", "--data", "cloud"]).with_exit(2));
}
