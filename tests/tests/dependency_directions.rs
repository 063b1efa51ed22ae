//! A dependency only points down. The allowed edges are data here, and are compared with
//! `cargo metadata`.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};

/// One room: the workspace crates it may be built from, and what must not come in from outside.
struct Room {
    name: &'static str,
    may_use: &'static [&'static str],
    never: &'static [&'static str],
    because: &'static str,
}

const LAUNCHER: &[&str] =
    &["naru-protocol", "naru-brand", "naru-store", "naru-patcher", "naru-operations", "naru-launcher-core"];

const ROOMS: &[Room] = &[
    Room {
        name: "naru-protocol",
        may_use: &[],
        never: &["tokio", "reqwest", "futures", "async-trait", "aws-*", "clap", "tauri*", "rusqlite"],
        because: "formats do no I/O, so that they can be tested without a disk or a network",
    },
    Room {
        name: "naru-loopback",
        may_use: &[],
        never: &["aws-*", "reqwest", "axum", "clap", "tauri*", "rusqlite"],
        because: "the guard of loopback servers stays small enough to review",
    },
    Room {
        name: "naru-brand",
        may_use: &["naru-protocol"],
        never: &["tokio", "reqwest", "async-trait", "aws-*", "clap", "tauri*", "rusqlite"],
        because: "the launcher's build script and xtask read a brand before anything else is built",
    },
    Room {
        name: "naru-store",
        may_use: &["naru-protocol"],
        never: &["clap", "indicatif", "tauri*", "rusqlite"],
        because: "a store moves bytes and knows nothing of patches, ledgers or terminals",
    },
    Room {
        name: "naru-patcher",
        may_use: &["naru-protocol", "naru-store"],
        never: &["aws-*", "reqwest", "clap", "indicatif", "tauri*", "directories", "sys-locale"],
        because: "the engine works for a window, a terminal and a test alike, over any store",
    },
    Room {
        name: "naru-operations",
        may_use: &["naru-protocol", "naru-store", "naru-patcher"],
        never: &["clap", "indicatif", "tauri*", "gtk*", "wry", "directories", "sys-locale"],
        because: "every root calls the same operations, and has its own way to ask and to show",
    },
    Room {
        name: "naru-backend",
        may_use: &["naru-protocol"],
        never: &["clap", "indicatif", "tauri*", "s3s"],
        because: "the services run in Lambda, in `naru serve` and in tests alike, and patch nothing",
    },
    Room {
        name: "naru-launcher-core",
        may_use: &[
            "naru-protocol",
            "naru-loopback",
            "naru-brand",
            "naru-store",
            "naru-patcher",
            "naru-operations",
        ],
        never: &["clap", "indicatif", "tauri*", "gtk*", "wry"],
        because: "what a launcher does is tested without a window",
    },
    Room {
        name: "naru-lambda",
        // The environment's addresses are checked by the one rule, which is the leaf's.
        may_use: &["naru-protocol", "naru-backend"],
        never: &["clap", "indicatif", "tauri*", "rusqlite", "s3s"],
        because: "a function reads its environment and starts the services; what they do is theirs",
    },
    Room {
        name: "naru-local-cloud",
        may_use: &["naru-loopback", "naru-backend"],
        never: &["clap", "indicatif", "tauri*"],
        because: "the embedded cloud imitates AWS by the public protocols alone, and sharing code with its \
                  clients would hide the faults of both; the services it mounts are production's own",
    },
    Room {
        name: "naru-cli",
        may_use: &["naru-protocol", "naru-store", "naru-patcher", "naru-operations", "naru-local-cloud"],
        never: &["tauri*", "wry", "webkit*", "gtk*"],
        because: "CI has no display and no WebKit",
    },
    Room {
        name: "naru-launcher",
        may_use: LAUNCHER,
        never: &["aws-*", "clap", "indicatif", "rusqlite", "keyring"],
        because: "the window holds no rules and no cloud SDK",
    },
    Room {
        name: "naru-testkit",
        may_use: &["naru-protocol", "naru-store", "naru-patcher", "naru-local-cloud"],
        never: &["tauri*"],
        because: "tests run without a display",
    },
    Room {
        name: "naru-tests",
        may_use: &["naru-protocol", "naru-store", "naru-patcher", "naru-local-cloud", "naru-testkit"],
        never: &["tauri*"],
        because: "tests run without a display",
    },
    Room {
        name: "xtask",
        may_use: &["naru-testkit", "naru-brand"],
        never: &["tauri*"],
        because: "xtask calls the built binaries as a user does",
    },
];

/// Packages that are not shipped.
const NOT_RELEASED: &[&str] = &["naru-tests", "xtask", "naru-testkit"];

fn metadata() -> Metadata {
    MetadataCommand::new().no_deps().exec().expect("cargo describes this workspace")
}

/// Names of the direct dependencies of some kinds, renamed ones under their real names.
fn dependencies(package: &Package, kinds: &[DependencyKind]) -> BTreeSet<String> {
    let of_kind = package.dependencies.iter().filter(|dependency| kinds.contains(&dependency.kind));
    of_kind.map(|dependency| dependency.name.clone()).collect()
}

fn built_from(package: &Package) -> BTreeSet<String> {
    dependencies(package, &[DependencyKind::Normal, DependencyKind::Build])
}

fn matches(name: &str, pattern: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == pattern,
    }
}

#[test]
fn every_crate_of_the_workspace_has_a_room() {
    let metadata = metadata();
    let crates: BTreeSet<&str> = metadata.packages.iter().map(|package| package.name.as_str()).collect();
    let rooms: BTreeSet<&str> = ROOMS.iter().map(|room| room.name).collect();
    assert_eq!(
        crates, rooms,
        "a crate without a room has no rule that holds it; a room without a crate is a stale rule"
    );
}

#[test]
fn workspace_dependencies_point_down() {
    let metadata = metadata();
    let ours: BTreeSet<&str> = metadata.packages.iter().map(|package| package.name.as_str()).collect();
    for (package, room) in rooms(&metadata) {
        for dependency in built_from(package).iter().filter(|name| ours.contains(name.as_str())) {
            assert!(
                room.may_use.contains(&dependency.as_str()),
                "{} must not be built from {dependency}: {}",
                room.name,
                room.because
            );
        }
    }
}

#[test]
fn no_room_takes_in_what_belongs_elsewhere() {
    let metadata = metadata();
    for (package, room) in rooms(&metadata) {
        for dependency in built_from(package) {
            let refused = room.never.iter().find(|pattern| matches(&dependency, pattern));
            assert!(refused.is_none(), "{} must not use {dependency}: {}", room.name, room.because);
        }
    }
}

#[test]
fn only_the_desktop_app_is_built_from_tauri() {
    for package in metadata().packages {
        let all = dependencies(
            &package,
            &[DependencyKind::Normal, DependencyKind::Build, DependencyKind::Development],
        );
        let has_tauri = all.iter().any(|name| matches(name, "tauri*"));
        assert!(
            !has_tauri || package.name.as_str() == "naru-launcher",
            "{} would need WebKit to build, and CI machines have none",
            package.name
        );
    }
}

#[test]
fn nothing_that_is_released_is_built_from_the_testkit() {
    for package in metadata().packages {
        if NOT_RELEASED.contains(&package.name.as_str()) {
            continue;
        }
        assert!(
            !built_from(&package).contains("naru-testkit"),
            "{} would carry faulty stores and fixed seeds to users; as a dev-dependency it is welcome",
            package.name
        );
    }
}

fn rooms(metadata: &Metadata) -> Vec<(&Package, &'static Room)> {
    let packages: BTreeMap<&str, &Package> =
        metadata.packages.iter().map(|package| (package.name.as_str(), package)).collect();
    let known = |room: &'static Room| Some((*packages.get(room.name)?, room));
    ROOMS.iter().filter_map(known).collect()
}
