//! A full disk.

use std::path::Path;

use naru_tests::{Outcome, Settings, assert_same, game_files, in_parallel, scratch};

use super::stage::{Stage, in_namespace, may_mount};

/// Sizes of the bounded run.
const BOUNDED: u64 = 12;

/// Sizes between "just holds release 1" and "holds both", in KiB.
const STEPS: u64 = 200;

/// In a memory disk of `$SIZE` KiB: release 1, an update, what it left; then room, and a second one.
const SCRIPT: &str = "
    mkdir -p \"$DISK\"
    mount -t tmpfs -o size=${SIZE}k naru \"$DISK\"
    cp -a \"$FROM\" \"$DISK/install\"
    status=0; \"$0\" \"$@\" > \"$OUT/first\" || status=$?
    cp -a \"$DISK/install\" \"$OUT/after\"
    mount -o remount,size=1g \"$DISK\"
    \"$0\" \"$@\" > \"$OUT/second\"
    cp -a \"$DISK/install\" \"$OUT/finished\"
    exit $status";

fn kib(folder: &Path) -> u64 {
    let output = std::process::Command::new("du").arg("-sk").arg(folder).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.split_whitespace().next().unwrap().parse().unwrap()
}

#[test]
fn a_disk_of_any_size_is_refused_beforehand_or_holds_the_old_release() {
    if !may_mount() {
        return;
    }
    let settings = Settings::from_environment();
    let root = scratch();
    let stage = Stage::set(root.path());
    let (least, most) = (kib(&stage.installed) + 64, 2 * kib(&stage.installed) + 4096);
    let points = settings.points(STEPS, BOUNDED);
    let (refused, filled, held) =
        (naru_tests::Count::default(), naru_tests::Count::default(), naru_tests::Count::default());
    in_parallel(&points, 1, |_, point| {
        let size = least + (most - least) * point / STEPS;
        let at = format!("{size} KiB");
        let out = root.path().join(format!("out-{point}"));
        std::fs::create_dir_all(&out).unwrap();
        match play(&stage, size, &out) {
            outcome if outcome.exit == Some(0) => {
                held.one();
                assert_same(&game_files(&out.join("after")), &stage.new, "there was room", &at);
            }
            outcome => {
                assert_eq!((outcome.exit, outcome.code()), (Some(12), "no-space"), "{at}: {outcome:?}");
                assert_eq!(outcome.last["changed"], false, "{at}: {outcome:?}");
                let after = out.join("after");
                assert!(!after.join(".naru/journal").exists(), "{at}: no commit begins without room for it");
                assert_same(&game_files(&after), &stage.old, "the old release stays as it was", &at);
                let detail = outcome.last["detail"].as_str().unwrap_or_default();
                if detail.contains("are needed") { refused.one() } else { filled.one() }
            }
        }
        assert_same(&game_files(&out.join("finished")), &stage.new, "with room, the next run finishes", &at);
        std::fs::remove_dir_all(&out).unwrap();
    });
    println!(
        "counted disk full: {} sizes from {least} to {most} KiB: {} refused beforehand, {} met while staging, {} had \
         room; 0 damaged",
        points.len(),
        refused.get(),
        filled.get(),
        held.get()
    );
    assert!(refused.get() > 0 && held.get() > 0, "the sizes must reach both sides");
}

fn play(stage: &Stage, size: u64, out: &Path) -> Outcome {
    let disk = out.join("disk");
    let naru = stage.cloud.naru(&out.join("home"));
    let mut shell = in_namespace(SCRIPT, &naru.update(&disk.join("install")));
    shell.env("SIZE", size.to_string()).env("DISK", &disk).env("FROM", &stage.installed).env("OUT", out);
    let output = shell.output().unwrap();
    let first = std::fs::read_to_string(out.join("first")).unwrap_or_default();
    Outcome::read(output.status.code(), &first, &String::from_utf8_lossy(&output.stderr))
}
