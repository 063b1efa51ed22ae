//! Install folders whose paths are longer than some programs can take.

use naru_tests::{Outcome, assert_same, game_files, scratch};

use super::stage::Stage;

#[test]
fn a_long_path_is_a_path_like_any_other() {
    let root = scratch();
    let stage = Stage::set(root.path());
    let naru = stage.cloud.naru(&root.path().join("home"));
    // SQLite takes 512 bytes, the kernel 4,096 with the game's own paths.
    for length in [480, 490, 520, 1_000, 3_500] {
        let mut install = root.path().join(format!("to-{length}"));
        while install.as_os_str().len() < length {
            install.push("n".repeat((length - install.as_os_str().len()).clamp(1, 200)));
        }
        let at = format!("{} bytes", install.as_os_str().len());
        std::fs::create_dir_all(&install).unwrap();
        let copied = std::process::Command::new("cp");
        let mut copied = copied;
        let from = stage.installed.join(".");
        assert!(copied.arg("-a").arg(from).arg(&install).status().unwrap().success(), "{at}");
        stage.check_finishes(&naru, &install, &at);
        assert_same(&game_files(&install), &stage.new, "the release is whole", &at);
        let status = naru.run(&["status", "--install", install.to_str().unwrap()]);
        assert_eq!(status.number("installed"), 2, "{at}: the ledger is read back");
        let fresh = install.with_file_name("f".repeat(install.file_name().unwrap().len()));
        let first = Outcome::of(&mut naru.update(&fresh));
        assert_eq!(first.exit, Some(0), "{at}: a first install: {first:?}");
    }
}
