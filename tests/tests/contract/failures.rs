//! Every kind of failure of `naru`: exit code, JSON line, and whether anything was changed.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use naru_store::{Invalidator, ObjectRef, WriteStore};
use naru_testkit::{ChaosProxy, Fault, Nth, Rule};
use naru_tests::{Disk, Naru, copy_folder};

use super::session::{Session, first_release, second_release};

const POINTER: &str = "update/version.json";

/// A cloud with release 1, which is installed.
fn with_a_release(name: &'static str) -> Session {
    let session = Session::start(name);
    session.build(&first_release());
    succeed(&mut session.naru.publish(&session.path("build")));
    succeed(&mut session.naru.update(&session.path("game")));
    session
}

fn succeed(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "the set-up of a failure succeeds: {output:?}");
}

#[test]
fn a_wrong_command_line_is_refused() {
    let mut session = Session::start("cli-usage");
    session.build(&first_release());
    for line in [
        "",
        "pubish",
        "publish",
        "publish ../build --jes",
        "publish ../build --yes --yes",
        "rollback x --yes",
        "--lang de status",
        "update --install",
        "serve --data cloud --page nonsense",
        "update --limit-rate fast",
        "update --channel Live!",
        "init --bucket s3://no",
    ] {
        session.run(line, 2);
    }
    // Neither a terminal nor --yes: Naru cannot prompt.
    session.run("publish ../build", 2);
    session.run("rollback 1", 2);
    session.run("init", 0);
    session.run("init", 2);
    let half = session.naru.clone().with("NARU_GOOGLE_CLIENT_ID", "app");
    session.run_as(&half, "serve --data cloud-2", 2);
    session.golden.check();
}

#[test]
fn wrong_settings_are_refused() {
    let mut session = Session::start("cli-config");
    session.build(&first_release());
    for text in ["[store]\nbuckt = \"x\"", "[store", "[update]\nconnections = 0", "[edge]\nurl = \"ftp://x\""]
    {
        session.write("home/naru.toml", text);
        let naru = session.naru.clone().with("NARU_EDGE_URL", "");
        session.run_as(&naru, "status", 3);
    }
    std::fs::remove_file(session.path("home/naru.toml")).unwrap();
    session.run("status --config nowhere.toml", 3);
    for (variable, value, line) in [
        ("NARU_EDGE_URL", "", "update"),
        ("NARU_EDGE_URL", "http://example.com/", "update"),
        ("NARU_BUCKET", "", "publish ../build --yes"),
        ("NARU_UPLOADS", "0", "publish ../build --yes"),
        ("AWS_REGION", "", "releases"),
        ("HTTP_PROXY", "socks5://127.0.0.1:1", "update"),
    ] {
        let naru = session.naru.clone().with(variable, value);
        session.golden.heading(&format!("# {variable}={value}"));
        session.run_as(&naru, line, 3);
    }
    session.golden.check();
}

#[test]
fn what_is_not_there_is_told() {
    let mut session = Session::start("cli-not-found");
    session.run("verify --install ../game", 7);
    session.run("repair --install ../game", 7);
    session.run("update --install ../game", 7);
    session.run("rollback 1 --yes", 7);
    session.run("publish ../nowhere --yes", 7);
    session.build(&first_release());
    session.run("publish ../build --yes --notes ../no.md", 7);
    let naru = session.naru.clone().with("NARU_BUCKET", "another");
    session.run_as(&naru, "publish ../build --yes", 7);
    session.run_as(&naru, "releases", 7);
    session.run("publish ../build --yes", 0);
    session.run("rollback 99 --yes", 7);
    session.run("rollback 99 --dry-run", 7);
    let naru = session.naru.clone().with("NARU_PREFIX", "elsewhere");
    session.run_as(&naru, "update --install ../game", 7);
    session.run("update --install ../game --channel beta", 7);
    session.golden.check();
}

#[test]
fn a_bad_build_is_refused_with_all_its_faults() {
    let mut session = Session::start("cli-bad-build");
    session.build(&first_release());
    session.write("build/NUL.txt", "x");
    session.write("build/a:b", "x");
    session.settle();
    session.run("publish ../build --yes", 4);
    std::fs::remove_file(session.path("build/NUL.txt")).unwrap();
    std::fs::remove_file(session.path("build/a:b")).unwrap();
    session.write("build/case.txt", "x");
    session.settle();
    session.run("publish ../build --dry-run", 4);
    std::fs::remove_file(session.path("build/case.txt")).unwrap();
    session.write("build/.env", "KEY=1");
    session.write("build/version.json", "{}");
    std::fs::create_dir(session.path("build/empty")).unwrap();
    session.settle();
    // These are published, with a warning each.
    session.run("publish ../build --yes", 0);
    session.golden.check();
}

#[test]
fn who_may_not_publish_is_told() {
    let mut session = Session::start("cli-denied");
    session.build(&first_release());
    let naru = session.naru.clone().with("AWS_SECRET_ACCESS_KEY", "wrong");
    session.run_as(&naru, "publish ../build --yes", 6);
    session.run_as(&naru, "releases", 6);
    let naru = naru.with("AWS_SECRET_ACCESS_KEY", "").with("AWS_ACCESS_KEY_ID", "");
    session.run_as(&naru, "publish ../build --yes", 6);
    session.golden.check();
}

#[test]
fn a_store_that_keeps_no_versions_is_refused() {
    let mut session = Session::start("cli-unsafe-store");
    session.build(&first_release());
    let (proxy, naru) = behind_s3(&session);
    proxy.inject(Rule::new(".naru/probe", Nth::Every, Fault::Header("x-amz-version-id", "null".into())));
    session.golden.show(&proxy.url(), "<proxy>");
    session.run_as(&naru, "publish ../build --yes", 16);
    session.golden.check();
}

fn behind_s3(session: &Session) -> (ChaosProxy, Naru) {
    let proxy = session.cloud.s3_proxy();
    let naru = session.naru.clone().with("AWS_ENDPOINT_URL_S3", &proxy.url());
    (proxy, naru)
}

#[test]
fn of_two_publishers_the_second_one_is_told() {
    let mut session = Session::start("cli-conflict");
    let (proxy, naru) = behind_s3(&session);
    session.golden.show(&proxy.url(), "<proxy>");
    first_release().write_to(&session.path("build"));
    second_release().write_to(&session.path("other"));
    // It has planned, and asks whether the store is safe until another publisher was faster.
    proxy.inject(Rule::new(".naru/probe", Nth::Every, Fault::Status(503, Vec::new())));
    let mut publish = naru.publish(&session.path("build"));
    let running = publish.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    while proxy.count("PUT", ".naru/probe") == 0 {
        std::thread::yield_now();
    }
    succeed(&mut session.naru.publish(&session.path("other")));
    proxy.clear();
    let output = running.wait_with_output().unwrap();
    session.note_output("publish ../build --yes", &output, 5);
    session.run("releases", 0);
    session.golden.check();
}

#[test]
fn a_network_that_fails_or_lies_is_told() {
    let mut session = with_a_release("cli-network");
    session.build(&second_release());
    succeed(&mut session.naru.publish(&session.path("build")));
    let proxy = session.cloud.edge_proxy();
    let naru = session.naru.clone().with("NARU_EDGE_URL", &format!("{}/", proxy.url()));
    session.golden.show(&proxy.url(), "<proxy>");
    let page = "<html>Welcome to the hotel.</html>";
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", page.len());
    let portal = Fault::Raw(format!("{head}{page}").into_bytes().into());
    for (what, part, fault, exit) in [
        ("version.json is lost", "version.json", Fault::Status(404, Vec::new()), 7),
        ("version.json is refused", "version.json", Fault::Status(403, Vec::new()), 6),
        ("version.json is a hotel's page", "version.json", portal, 10),
        ("the manifest is lost", "/manifest/", Fault::Status(404, Vec::new()), 7),
        ("the manifest is damaged", "/manifest/", Fault::FlipByte(20), 10),
        ("a file is lost", "edited/b", Fault::Status(404, Vec::new()), 7),
        ("a file is damaged", "edited/b", Fault::FlipByte(0), 9),
    ] {
        session.golden.heading(&format!("# {what}"));
        proxy.inject(Rule::new(part, Nth::Every, fault));
        // A folder of its own: what a failed run has fetched would be there for the next one.
        copy_folder(&session.path("game"), &session.path("game-before"));
        session.run_as(&naru, "update --install ../game-before", exit);
        std::fs::remove_dir_all(session.path("game-before")).unwrap();
        proxy.clear();
    }
    session.golden.heading("# nobody listens");
    drop(proxy);
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    session.golden.show(&closed.to_string(), "<closed>");
    let naru = session.naru.clone().with("NARU_EDGE_URL", &format!("http://{closed}/"));
    session.run_as(&naru, "update --install ../game --dry-run", 8);
    let naru = session.naru.clone().with("AWS_ENDPOINT_URL_S3", &format!("http://{closed}"));
    session.run_as(&naru, "releases", 8);
    session.golden.check();
}

#[test]
fn an_older_offer_is_refused() {
    let mut session = with_a_release("cli-older-release");
    session.build(&second_release());
    succeed(&mut session.naru.publish(&session.path("build")));
    session.run("update --install ../game", 0);
    restore_pointer(&session);
    session.run("update --install ../game", 11);
    session.run("publish ../build --dry-run", 0);
    session.run("publish ../build --yes", 0);
    session.golden.check();
}

/// Puts the first version of the pointer back, for the bucket and for players.
fn restore_pointer(session: &Session) {
    let (bucket, edge) = (session.cloud.bucket(), session.cloud.invalidator());
    session.cloud.runtime().block_on(async {
        let versions = bucket.versions(POINTER).await.unwrap();
        let first = ObjectRef::at(POINTER, &versions.last().unwrap().version);
        bucket.copy(&first, POINTER, Default::default()).await.unwrap();
        edge.invalidate(POINTER).await.unwrap();
    });
}

#[test]
fn what_the_bucket_has_lost_is_told_and_comes_back() {
    let mut session = Session::start("cli-lost-objects");
    session.build(&first_release());
    succeed(&mut session.naru.publish(&session.path("build")));
    let delete = |session: &Session, prefix: &str| {
        session.cloud.runtime().block_on(session.cloud.delete_below(prefix));
    };
    delete(&session, "update/.naru/");
    session.run("update --install ../fresh", 7);
    session.run("publish ../build --dry-run", 0);
    session.run("publish ../build --yes", 0);
    session.build(&second_release());
    session.run("publish ../build --yes", 0);
    // A lifecycle rule has expired a version that only the old release has.
    session.cloud.runtime().block_on(session.cloud.delete_oldest("update/edited/a"));
    session.run("rollback 2 --dry-run", 7);
    session.run("rollback 2 --yes", 7);
    session.golden.check();
}

#[test]
fn an_install_folder_that_is_in_use_or_broken_is_told() {
    let mut session = with_a_release("cli-install-folder");
    let lock = std::fs::File::options().write(true).open(session.path("game/.naru/lock")).unwrap();
    lock.lock().unwrap();
    session.golden.heading("# another program holds the lock");
    for line in ["update", "repair", "verify"] {
        session.run(&format!("{line} --install ../game"), 14);
    }
    session.run("status --install ../game", 0);
    drop(lock);
    session.write("game/.naru/filedb.db", "no database");
    session.golden.heading("# a broken ledger");
    session.run("status --install ../game", 17);
    session.run("verify --install ../game", 17);
    session.run("update --install ../game", 0);
    session.write("game/.naru/filedb.db", "no database");
    session.run("repair --install ../game", 0);
    session.run("status --install ../game", 0);
    session.golden.heading("# a file in place of the folder");
    session.write("file", "x");
    session.run("update --install ../file", 13);
    session.run("update --install ../file/below", 13);
    session.golden.heading("# a folder in place of a file");
    std::fs::remove_file(session.path("game/same")).unwrap();
    session.write("game/same/mine", "the player's");
    session.run("verify --install ../game", 15);
    session.run("repair --install ../game", 13);
    session.golden.check();
}

#[test]
fn a_disk_that_is_too_small_is_told_before_anything_is_fetched() {
    let mut session = with_a_release("cli-no-space");
    let Some(disk) = Disk::tmpfs(&session.path("small"), "size=512k") else { return };
    session.golden.show(disk.place().to_str().unwrap(), "<disk>");
    let line = format!("update --install {}/game", disk.place().display());
    session.run(&line, 12);
    session.golden.check();
}

#[test]
fn a_stopped_update_ends_with_130() {
    let mut session = with_a_release("cli-stopped");
    let slow = ["update", "--install", "../fresh", "--limit-rate", "200K"];
    let mut running = session.naru.command(&slow).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(running.stdout.take().unwrap()).lines().map_while(Result::ok);
    lines.find(|line| line.contains(r#""phase":"download""#)).expect("a download that is under way");
    Command::new("kill").args(["-INT", &running.id().to_string()]).status().unwrap();
    let stdout: String = lines.filter(|line| !line.contains(r#""type":"progress""#)).collect();
    let output = Output { status: running.wait().unwrap(), stdout: stdout.into_bytes(), stderr: Vec::new() };
    session.note_output("update --install ../fresh --limit-rate 200K", &output, 130);
    session.golden.check();
}

#[test]
fn who_says_no_is_answered_with_130() {
    if !Path::new("/usr/bin/script").exists() {
        println!("SKIPPED: no script(1) to make a terminal with");
        return;
    }
    let session = Session::start("unused");
    session.build(&first_release());
    let publish = session.naru.command(&["publish", "../build"]);
    let program = publish.get_program().to_str().unwrap();
    let mut terminal = Command::new("/usr/bin/script");
    terminal.args(["-qec", &format!("{program} publish ../build"), "/dev/null"]);
    terminal.env_clear().envs(publish.get_envs().filter_map(|(name, value)| Some((name, value?))));
    terminal.current_dir(session.path("home")).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut running = terminal.spawn().unwrap();
    std::io::Write::write_all(&mut running.stdin.take().unwrap(), b"n\n").unwrap();
    let output = running.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "a script tells a person's no from a failure: {output:?}");
    let listed = session.naru.run(&["releases"]);
    assert_eq!(listed.succeeded()["releases"].as_array().map(Vec::len), Some(0), "and nothing is published");
}
