//! The JSON lines are those that `docs/publishing.md` shows, field by field.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::place::Place;
use crate::server::Server;

const DOCUMENTED: &str = include_str!("../../../../docs/publishing.md");

/// A line's type, its command, and its fields.
type Shape = (String, String, BTreeSet<String>);

fn shape(line: &Value) -> Shape {
    let text = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
    let fields = line.as_object().into_iter().flat_map(|object| object.keys().cloned()).collect();
    (text("type"), text("command"), fields)
}

fn documented() -> BTreeSet<Shape> {
    let lines = DOCUMENTED.lines().filter(|line| line.starts_with(r#"{"type":"#));
    lines
        .map(|line| shape(&serde_json::from_str(line).unwrap_or_else(|error| panic!("{error} in {line}"))))
        .collect()
}

/// Runs every command and collects every line.
fn produced() -> Vec<Value> {
    let server = Server::start();
    let place = server.place().with_build();
    let mut lines = vec![server.ready.clone()];
    let mut run = |place: &Place, arguments: &[&str], exit: i32| {
        let mut with_json = arguments.to_vec();
        with_json.push("--json");
        let answer = place.naru(&with_json).with_exit(exit);
        assert!(answer.stderr.is_empty(), "with --json all is on standard output: {}", answer.stderr);
        let new = answer.lines();
        let closing = new.last().map(|line| line["type"].clone()).unwrap_or_default();
        assert!(
            ["plan", "result", "error"].iter().any(|kind| closing == *kind),
            "{arguments:?} ended with {closing}"
        );
        lines.extend(new);
    };
    run(&place, &["init", "--config", "other.toml"], 0);
    run(&place, &["publish", "build", "--dry-run"], 0);
    run(&place, &["publish", "build", "--yes"], 0);
    run(&place, &["publish", "build", "--yes"], 0);
    run(&place, &["update", "--dry-run"], 0);
    run(&place, &["update"], 0);
    run(&place, &["update"], 0);
    run(&place, &["status"], 0);
    run(&place, &["verify"], 0);
    place.write("resources/index.html", "<p>CAVE</p>");
    run(&place, &["verify"], 15);
    run(&place, &["repair"], 0);
    place.write("resources/options.ini", "volume=9\n");
    place.write("build/options.ini", "volume=7\n");
    run(&place, &["publish", "build", "--yes"], 0);
    run(&place, &["update"], 0);
    run(&place, &["releases"], 0);
    run(&place, &["rollback", "1", "--dry-run"], 0);
    run(&place, &["rollback", "1", "--yes"], 0);
    run(&place, &["rollback", "1", "--yes"], 0);
    // An empty variable counts as unset.
    run(&place.with("NARU_DISTRIBUTION", ""), &["rollback", "2", "--yes"], 0);
    lines
}

#[test]
fn every_line_is_documented_and_every_documented_line_is_produced() {
    let documented = documented();
    let lines = produced();
    let produced: BTreeSet<Shape> = lines.iter().map(shape).collect();
    let missing: Vec<_> = documented.difference(&produced).collect();
    assert!(missing.is_empty(), "docs/publishing.md shows lines that no command prints: {missing:#?}");
    let silent: Vec<_> = produced.difference(&documented).collect();
    assert!(silent.is_empty(), "commands print lines that docs/publishing.md does not show: {silent:#?}");
}

#[test]
fn progress_is_thinned_out_and_closed() {
    let server = Server::start();
    let place = server.place();
    for number in 0..60 {
        place.write(&format!("build/{number}.bin"), vec![number; 20_000]);
    }
    place.naru(&["publish", "build", "--yes"]).with_exit(0);
    let begun = std::time::Instant::now();
    let answer = place.naru(&["update", "--json", "--limit-rate", "600K"]).with_exit(0);
    let seconds = begun.elapsed().as_secs_f64();
    let of_download = |line: &Value| line["type"] == "progress" && line["phase"] == "download";
    let lines: Vec<Value> = answer.lines().into_iter().filter(of_download).collect();
    let most = 2.0 * seconds + 2.0;
    assert!(
        lines.len() as f64 <= most,
        "two a second, one at the beginning and one at the end: {}",
        lines.len()
    );
    assert_eq!(lines[0]["total_bytes"], 1_200_000, "all of it travels");
    let last = lines.last().expect("a closing line");
    assert_eq!(
        (&last["done"], &last["bytes"]),
        (&true.into(), &1_200_000.into()),
        "the closing line has the sums"
    );
    let bytes: Vec<_> = lines.iter().filter_map(|line| line["bytes"].as_u64()).collect();
    assert!(bytes.is_sorted(), "progress never goes back: {bytes:?}");
}
