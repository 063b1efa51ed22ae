//! A panic keeps the contract: exit code 1, one `error` line, a report.

use std::process::Command;

use crate::place::Place;

fn has_strace() -> bool {
    let found = Command::new("strace").arg("-V").output().is_ok_and(|output| output.status.success());
    if !found {
        println!("skipped: strace is not installed");
    }
    found
}

/// Runs the command on a system that gives it no thread from the `number`th one on.
fn without_thread(place: &Place, number: u32, arguments: &[&str]) -> std::process::Output {
    let naru = place.command(arguments);
    let mut traced = Command::new("strace");
    let inject = format!("inject=clone,clone3:error=EAGAIN:when={number}+");
    traced.args(["-f", "-qq", "-o", "/dev/null", "-e", "trace=clone,clone3", "-e", &inject]);
    traced.arg(naru.get_program()).args(arguments).env_clear();
    traced.envs(naru.get_envs().filter_map(|(name, value)| Some((name, value?))));
    traced.current_dir(naru.get_current_dir().expect("the place")).output().expect("strace starts")
}

#[test]
fn a_panic_keeps_the_contract() {
    if !has_strace() {
        return;
    }
    let place = Place::new().with_build().with("NARU_BUCKET", "games").with("AWS_REGION", "us-east-1");
    let place = place.with("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1").with("PATH", "/usr/bin:/bin");
    let mut panicked = 0;
    for number in 1..9 {
        let output = without_thread(&place, number, &["publish", "build", "--dry-run", "--json"]);
        let (stdout, stderr) =
            (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        let line = stdout.lines().last().unwrap_or_default();
        let error: serde_json::Value = serde_json::from_str(line).unwrap_or_default();
        assert_eq!(error["type"], "error", "thread {number}: {stdout}{stderr}");
        assert_eq!(error["exit"].as_i64(), output.status.code().map(i64::from), "thread {number}: {stdout}");
        assert!(!stderr.contains("panicked"), "with --json all is on standard output: {stderr}");
        if error["code"] == "internal" {
            let detail = error["detail"].as_str().unwrap_or_default();
            assert!(detail.contains("panicked at"), "{detail}");
            let report = detail.rsplit("a report is in ").next().unwrap_or_default();
            let report = std::fs::read_to_string(report).expect("the report that was promised");
            assert!(report.contains("naru 0") && report.contains("panicked at"), "{report}");
            panicked += 1;
        }
    }
    assert!(panicked > 0, "no thread at all is a panic of the runtime");
}
