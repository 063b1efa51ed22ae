//! What a person reads: the language, the particulars, the next step.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::process::Stdio;

use crate::place::{Answer, Place};
use crate::server::Server;

fn is_korean(text: &str) -> bool {
    text.chars().any(|letter| ('가'..='힣').contains(&letter))
}

/// The answer's error has all of these parts.
#[track_caller]
fn assert_says(answer: &Answer, parts: &[&str]) {
    for part in parts {
        assert!(answer.stderr.contains(part), "`{part}` is missing in {}", answer.stderr);
    }
}

#[test]
fn help_is_in_the_language_of_the_reader() {
    let place = Place::new();
    for arguments in [&["--help", "--lang", "ko"][..], &["update", "--help", "--lang=ko"]] {
        let help = place.naru(arguments).with_exit(0).stdout;
        assert!(help.contains("사용법:") && !help.contains("Usage"), "{help}");
    }
    let by_locale = Place::new().with("LC_ALL", "ko_KR.UTF-8");
    assert!(is_korean(&by_locale.naru(&["help", "publish"]).with_exit(0).stdout));
    assert!(!is_korean(&by_locale.naru(&["--lang", "en", "help", "publish"]).with_exit(0).stdout));
    assert!(!is_korean(&place.naru(&["--help"]).with_exit(0).stdout));
}

#[test]
fn a_wrong_command_line_is_explained_in_the_language_of_the_reader() {
    let place = Place::new();
    let wrong = place.naru(&["update", "--jes", "--lang", "ko"]).with_exit(2);
    assert_says(&wrong, &["알 수 없는 옵션 또는 인수: --jes", "`naru help update`"]);
    let wrong = place.naru(&["update", "--limit-rate", "fast"]).with_exit(2);
    assert_says(&wrong, &["hint: `naru help update` explains this command"]);
    let wrong = place.naru(&["update", "--jes"]).with_exit(2);
    assert_says(
        &wrong,
        &["error: the command line", "  unknown option or argument: --jes; did you mean `--json`?"],
    );
    assert_says(&wrong, &["hint: `naru help update` explains this command"]);
    let help = place.naru(&["help", "--lang", "ko", "publish"]).with_exit(0).stdout;
    assert!(help.contains("사용법: naru publish"), "{help}");
}

#[test]
fn particulars_are_korean_for_people_and_english_for_programs() {
    let place = Place::new().with("LC_ALL", "ko_KR.UTF-8");
    place.write("naru.toml", "[update]\nconnections = 0\n");
    let answer = place.naru(&["update"]).with_exit(3);
    assert_says(
        &answer,
        &["naru.toml:2: update.connections 값이 0입니다. 쓸 수 있는 값: 1 이상 64 이하의 정수"],
    );
    let line = place.naru(&["update", "--json"]).with_exit(3).last("error");
    let detail = line["detail"].as_str().unwrap_or_default();
    assert!(detail.ends_with("allowed: a number from 1 to 64"), "{detail}");
    assert!(line["hint"].as_str().is_some_and(is_korean), "what is for people is in their language");
}

#[test]
fn the_plan_and_the_result_are_korean() {
    let server = Server::start();
    let place = server.place().with("LC_ALL", "ko_KR.UTF-8").with_build();
    let published = place.naru(&["publish", "build", "--yes"]).with_exit(0);
    assert!(published.stderr.contains("추가     index.html"), "{}", published.stderr);
    assert!(published.stdout.contains("업로드한 파일 3개"), "{}", published.stdout);
    let planned = place.naru(&["update", "--dry-run"]).with_exit(0);
    assert!(planned.stdout.contains("내려받을 파일 3개"), "{}", planned.stdout);
    place.naru(&["update"]).with_exit(0);
    fs::remove_file(place.path("resources/index.html")).expect("it is installed");
    let found = place.naru(&["verify"]).with_exit(15);
    assert!(found.stdout.starts_with("없음       index.html"), "{}", found.stdout);
    assert_says(&found, &["릴리스 1의 파일 3개 중 1개", "힌트: `naru repair`"]);
}

#[test]
fn reading_has_no_state_to_tell() {
    let place = Place::new();
    let answer = place.naru(&["verify"]).with_exit(7);
    assert_says(&answer, &["hint: "]);
    assert!(!answer.stderr.contains("state:"), "it could not have changed anything: {}", answer.stderr);
}

#[test]
fn an_edge_that_refuses_is_no_matter_of_aws_credentials() {
    let edge = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}/", edge.local_addr().expect("its address"));
    std::thread::spawn(move || {
        for mut connection in edge.incoming().map_while(Result::ok) {
            let _lost = BufReader::new(&connection).read_line(&mut String::new());
            let _lost = connection.write_all(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
        }
    });
    let answer = Place::new().with("NARU_EDGE_URL", &url).naru(&["update"]).with_exit(6);
    assert_says(
        &answer,
        &[&format!("get {url}update/version.json: the edge answered 403"), "hint: check edge.url"],
    );
    assert!(!answer.stderr.contains("AWS"), "updating has no credentials: {}", answer.stderr);
}

#[test]
fn a_file_in_place_of_the_install_folder_is_called_so() {
    let place = Place::new().with("NARU_EDGE_URL", "http://127.0.0.1:9/");
    place.write("game", "not a folder");
    for install in ["game", "game/deeper"] {
        let answer = place.naru(&["update", "--install", install]).with_exit(13);
        assert_says(&answer, &["/game is a file, not a folder", "--install"]);
    }
    assert_eq!(fs::read(place.path("game")).expect("still there"), b"not a folder");
}

#[test]
fn a_bucket_that_is_not_there_is_named() {
    let server = Server::start();
    let place = server.place().with_build().with("NARU_BUCKET", "no-such-bucket");
    for arguments in [&["publish", "build", "--yes"][..], &["releases"], &["rollback", "1", "--yes"]] {
        let answer = place.naru(arguments).with_exit(7);
        assert_says(&answer, &["/no-such-bucket/", "NoSuchBucket", "hint: check store.bucket"]);
    }
}

#[test]
fn no_server_and_no_credentials_are_one_clear_line() {
    let place = Place::new().with("NARU_BUCKET", "b").with("AWS_REGION", "ap-northeast-2");
    let place = place.with("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9");
    let answer = place.naru(&["releases"]).with_exit(6);
    assert_says(
        &answer,
        &["http://127.0.0.1:9/b/update/version.json: no AWS credentials were found\n", "AWS_PROFILE"],
    );
    let place = place.with("AWS_ACCESS_KEY_ID", "x").with("AWS_SECRET_ACCESS_KEY", "x");
    let answer = place.naru(&["releases"]).with_exit(8);
    assert_says(
        &answer,
        &["http://127.0.0.1:9/b/update/version.json: the connection failed: ", "start `naru serve`"],
    );
    assert_eq!(answer.stderr.lines().count(), 3, "error, one line of detail, hint: {}", answer.stderr);
}

#[cfg(unix)]
#[test]
fn what_a_build_can_not_hold_is_said_by_its_name() {
    use std::os::unix::ffi::OsStrExt;
    let server = Server::start();
    let place = server.place().with_build();
    std::os::unix::fs::symlink("index.html", place.path("build/start")).expect("a link");
    let answer = place.naru(&["publish", "build", "--yes"]).with_exit(4);
    assert_says(&answer, &["start is a symbolic link", "replace it with a copy of the file"]);
    fs::remove_file(place.path("build/start")).expect("the link");

    place.write("build/a:b", "x");
    let unreadable = place.path("build").join(std::ffi::OsStr::from_bytes(b"caf\xe9.txt"));
    fs::write(unreadable, "x").expect("a name in Latin-1");
    let answer = place.naru(&["publish", "build", "--yes"]).with_exit(4);
    assert_says(
        &answer,
        &["the character \":\" (U+003A)", "\"caf\u{fffd}.txt\": is not UTF-8 text", "rename the files"],
    );
}

#[test]
fn a_name_in_two_forms_of_unicode_is_said_to_be_that() {
    let server = Server::start();
    let place = server.place();
    place.write("build/가.txt", "1");
    place.write("build/\u{1100}\u{1161}.txt", "2");
    let answer = place.naru(&["publish", "build", "--yes"]).with_exit(4);
    assert_says(&answer, &["가.txt is there twice, once with composed and once with decomposed letters"]);
    let answer = place.naru(&["publish", "build", "--yes", "--lang", "ko"]).with_exit(4);
    assert_says(&answer, &["가.txt: 같은 이름이 합쳐진 글자(NFC)와 자모가 나뉜 글자(NFD)로 두 번 있습니다"]);
}

#[test]
fn what_clashes_or_is_ignored_is_said_in_the_builders_words() {
    let server = Server::start();
    let place = server.place();
    place.write("build/A.txt", "1");
    place.write("build/a.txt", "2");
    let answer = place.naru(&["publish", "build", "--yes"]).with_exit(4);
    assert_says(
        &answer,
        &["  A.txt and a.txt differ only in case: on Windows and macOS they are one file\n"],
    );
    place.write("build/.naruignore", "*\n");
    let answer = place.naru(&["publish", "build", "--yes"]).with_exit(4);
    assert_says(&answer, &[".naruignore excludes all of the folder's files (2)", "hint: fix the patterns"]);
}

#[test]
fn notes_that_are_too_long_are_refused_once() {
    let place = Place::new().with_build().with("NARU_BUCKET", "b");
    place.write("notes.md", "x".repeat(7000));
    let answer = place.naru(&["publish", "build", "--yes", "--notes", "notes.md"]).with_exit(2);
    assert_says(&answer, &["notes.md: the release notes are 7000 bytes long; the limit is 6144\n"]);
    assert_eq!(answer.stderr.matches("7000").count(), 1, "the problem is said once: {}", answer.stderr);
}

#[test]
fn a_rollback_says_what_is_live_and_makes_no_release_without_need() {
    let server = Server::start();
    let place = server.place().with_build();
    place.naru(&["publish", "build", "--yes"]).with_exit(0);
    place.write("build/more.txt", "2");
    place.naru(&["publish", "build", "--yes"]).with_exit(0);
    let live = place.naru(&["rollback", "2", "--yes"]).with_exit(0);
    assert!(live.stdout.starts_with("Release 2 already has this content"), "{}", live.stdout);
    let back = place.naru(&["rollback", "1", "--yes"]).with_exit(0);
    assert_eq!(back.stdout, "Release 3 is live: the content of release 1.\n");
    let again = place.naru(&["rollback", "1", "--yes", "--json"]).with_exit(0).last("result");
    assert_eq!((&again["published"], &again["number"]), (&false.into(), &3.into()));
    let listed = place.naru(&["releases", "--json"]).with_exit(0).last("result");
    assert_eq!(listed["releases"].as_array().map(Vec::len), Some(3), "only one of the four made a release");
}

#[test]
fn a_number_that_stays_is_said_once() {
    let server = Server::start();
    let place = server.place().with_build();
    place.naru(&["publish", "build", "--yes"]).with_exit(0);
    place.naru(&["update"]).with_exit(0);
    fs::remove_file(place.path("resources/index.html")).expect("it is installed");
    let mending = place.naru(&["update", "--dry-run"]).with_exit(0).stdout;
    assert!(mending.starts_with("Release 1: "), "{mending}");
    place.write("build/more.txt", "2");
    place.naru(&["publish", "build", "--yes"]).with_exit(0);
    let newer = place.naru(&["update", "--dry-run"]).with_exit(0).stdout;
    assert!(newer.starts_with("Release 1 -> 2: "), "{newer}");
}

#[test]
fn other_patterns_are_named_as_what_changes() {
    let server = Server::start();
    let place = server.place().with_build();
    place.naru(&["publish", "build", "--yes"]).with_exit(0);
    let place = place.with("NARU_PRESERVE", "saves/*");
    let planned = place.naru(&["publish", "build", "--dry-run"]).with_exit(0).stdout;
    assert!(planned.contains("publish.preserve, publish.config"), "no file has changed: {planned}");
    place.naru(&["publish", "build", "--yes"]).with_exit(0);
    let planned = place.naru(&["publish", "build", "--dry-run"]).with_exit(0).stdout;
    assert!(!planned.contains("publish.preserve"), "now they are live: {planned}");
}

#[test]
fn the_lines_of_serve_leave_no_earlier_session_behind() {
    let place = Place::new();
    let arguments =
        "serve --data cloud --s3-port 0 --edge-port 0 --control-port 0 --services-port 0 --env-file env";
    let arguments: Vec<&str> = arguments.split(' ').collect();
    fs::write(place.path("env"), "of an earlier version").expect("a file that everybody can read");
    let mut command = place.command(&arguments);
    let command = command.stdout(Stdio::piped()).stderr(Stdio::null());
    let mut process = command.spawn().expect("naru serve starts");
    let stdout = process.stdout.take().expect("its standard output");
    let lines = BufReader::new(stdout).lines().map_while(Result::ok);
    let last = lines.take_while(|line| !line.contains("NARU_SERVICES_URL")).count();
    let _ended = process.kill();
    let _ended = process.wait();
    assert!(last > 5, "the same lines are printed");
    let written = fs::read_to_string(place.path("env")).expect("the file of --env-file");
    assert!(written.starts_with("unset AWS_SESSION_TOKEN\n"), "old tokens break our keys: {written}");
    assert!(written.contains("export AWS_DEFAULT_REGION="), "older tools read no other: {written}");
    #[cfg(unix)]
    {
        let metadata = fs::metadata(place.path("env")).expect("the file");
        let mode = std::os::unix::fs::PermissionsExt::mode(&metadata.permissions());
        assert_eq!(mode & 0o777, 0o600, "it holds the publisher's secret key, whoever made it");
    }
    let server = Server::start();
    assert_eq!(server.variable("AWS_REGION"), server.variable("AWS_DEFAULT_REGION"));
    assert!(
        !server.environment.iter().any(|(name, _)| name == "AWS_SESSION_TOKEN"),
        "the JSON map has only what is to be set"
    );
}

#[test]
fn a_page_is_named_by_its_origin() {
    let place = Place::new();
    for page in ["localhost:5173", "http://localhost:5173/game", "*", "null", "file:///game"] {
        let refused = place.naru(&["serve", "--data", "cloud", "--page", page]).with_exit(2);
        assert!(
            refused.stderr.contains("not an origin"),
            "{page} would let in nobody or all: {}",
            refused.stderr
        );
    }
    let server = Server::start();
    let keys = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"].map(|name| server.variable(name).to_owned());
    let other = Server::start();
    assert!(keys[0] != other.variable("AWS_ACCESS_KEY_ID"), "each data folder has keys of its own");
    assert!(keys[1] != other.variable("AWS_SECRET_ACCESS_KEY"), "and a secret of its own");
}

#[test]
fn init_comments_in_the_language_of_the_reader() {
    let place = Place::new();
    place.naru(&["init", "--lang", "ko"]).with_exit(0);
    let text = fs::read_to_string(place.path("naru.toml")).expect("it was written");
    assert!(is_korean(&text) && text.contains("# uploads = 16"), "{text}");
    place.naru(&["status"]).with_exit(0);
}
