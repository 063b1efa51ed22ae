//! Paths as people write them.

use crate::place::Place;

fn install(place: &Place, arguments: &[&str]) -> String {
    let answer = place.naru(arguments).with_exit(0);
    answer.last("result")["install"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_tilde_is_the_home_wherever_a_path_is_written() {
    let place = Place::new();
    let meant = place.path("home/Games/demo").display().to_string();
    place.write("naru.toml", "[update]\ninstall = \"~/Games/demo\"\n");
    assert_eq!(install(&place, &["status", "--json"]), meant, "a setting has met no shell");
    assert_eq!(install(&place, &["status", "--json", "--install=~/Games/demo"]), meant, "nor has this one");
    place.write("home/settings.toml", "[update]\ninstall = \"here\"\n");
    let here = install(&place, &["status", "--json", "--config=~/settings.toml"]);
    assert!(here.ends_with("/home/here"), "a file means its own folder: {here}");
    let place = place.with("NARU_INSTALL", "~/Games/demo");
    assert_eq!(install(&place, &["status", "--json"]), meant);

    place.naru(&["init", "--config=~/new.toml"]).with_exit(0);
    assert!(place.path("home/new.toml").is_file() && !place.path("~").exists(), "no folder is named `~`");
    place.write("home/build/game.txt", "a game");
    let refused = place.naru(&["publish", "~/build", "--dry-run"]).with_exit(3);
    assert!(refused.stderr.contains("store.bucket"), "the folder was found: {}", refused.stderr);
}

#[test]
fn somebody_elses_home_is_refused_and_a_folder_of_that_name_can_be_meant() {
    let place = Place::new();
    for (arguments, exit) in
        [(&["status", "--install=~root/demo"][..], 2), (&["status", "--config=~root/n.toml"], 3)]
    {
        let answer = place.naru(arguments).with_exit(exit);
        assert!(answer.stderr.contains("~root"), "{}", answer.stderr);
    }
    let literal = install(&place, &["status", "--json", "--install=./~root"]);
    assert!(literal.ends_with("/~root"), "{literal}");
}

#[cfg(unix)]
#[test]
fn a_path_that_is_no_text_is_no_reason_to_panic() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let place = Place::new();
    let odd = OsStr::from_bytes(b"odd-\xff");
    std::fs::create_dir(place.path("").join(odd)).expect("a folder whose name is no text");
    for arguments in [&["status", "--json"][..], &["init", "--json"], &["update", "--json"]] {
        let mut command = place.command(arguments);
        let output = command.current_dir(place.path("").join(odd)).output().expect("naru starts");
        let exit = output.status.code().unwrap_or(-1);
        assert!([0, 3].contains(&exit), "{arguments:?} ended with {exit}: {output:?}");
        let lines = String::from_utf8(output.stdout).expect("JSON is UTF-8");
        assert!(lines.contains("\"type\":"), "a program reads JSON all the same: {lines}");
    }
}
