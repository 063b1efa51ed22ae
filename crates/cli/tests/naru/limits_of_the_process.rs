//! A process that may hold few files open.

use std::process::Command;

use crate::place::{Answer, Place};
use crate::server::Server;

/// Runs the command in a shell that has lowered the limit for good.
fn with_limit(place: &Place, files: u32, arguments: &[&str]) -> Answer {
    let naru = place.command(arguments);
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", &format!("ulimit -n {files} && exec \"$0\" \"$@\""), env!("CARGO_BIN_EXE_naru")]);
    shell.args(arguments).env_clear();
    shell.envs(naru.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let output = shell.current_dir(naru.get_current_dir().expect("the place")).output().expect("a shell");
    Answer {
        exit: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).expect("UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

#[test]
fn sixty_four_open_files_are_enough() {
    let server = Server::start();
    let place = server.place().with("NARU_CONNECTIONS", "64").with("NARU_UPLOADS", "64");
    for number in 0..200_u32 {
        place.write(&format!("build/{}/{number}.bin", number % 9), vec![number as u8; 40_000]);
    }
    with_limit(&place, 64, &["publish", "build", "--yes"]).with_exit(0);
    with_limit(&place, 64, &["update"]).with_exit(0);
    with_limit(&place, 64, &["verify"]).with_exit(0);
}

#[test]
fn too_few_open_files_are_named_and_neither_the_network_nor_the_disk() {
    let server = Server::start();
    let place = server.place().with_build();
    place.naru(&["publish", "build", "--yes"]).with_exit(0);
    let mut told = 0;
    for files in 4..24 {
        let answer = with_limit(&place, files, &["update", "--json"]);
        if answer.exit == 0 || answer.exit == 127 || answer.stdout.is_empty() {
            // Enough, or too few for the program's own libraries to be loaded.
            continue;
        }
        let error = answer.last("error");
        assert_ne!(answer.exit, 101, "{files} open files: {answer:?}");
        if error["code"] == "config" {
            assert!(error["hint"].as_str().unwrap_or_default().contains("ulimit -n"), "{error}");
            told += 1;
        }
        std::fs::remove_dir_all(place.path("resources")).ok();
    }
    assert!(told > 0, "some limit lets the program start and not work");
}
