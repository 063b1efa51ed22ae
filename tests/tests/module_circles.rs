//! Modules do not name one another in a circle: each can be read without what needs it.
//!
//! What counts as an edge is said in `xtask::structure`; `cargo xtask structure --verbose` shows each one.

use std::path::Path;

use xtask::structure::{Circle, Modules, Package, packages};

/// Packages without a circle at any level. In the others the parts of one folder may know one another.
const FREE: &[&str] =
    &["backend", "brand", "cli", "lambda", "launcher-core", "loopback", "operations", "src-tauri"];

/// Circles at the root of a package that stay, and why their modules are one thing in parts.
const KNOWN: &[(&str, &[&str], &str)] = &[
    (
        "local-cloud",
        &["principals", "sigv4"],
        "who signed a request is known by the signature, and the reverse",
    ),
    ("protocol", &["manifest", "name_clash"], "a manifest refuses clashing names among its own entries"),
    ("store", &["safety", "traits"], "the trait of stores offers the check that is written against it"),
];

fn workspace() -> Vec<Package> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the checkout");
    packages(root).expect("the sources of this workspace")
}

fn is_known(package: &Package, circle: &Circle) -> bool {
    let covers = |modules: &[&str]| circle.modules.iter().all(|module| modules.contains(&module.as_str()));
    KNOWN.iter().any(|(name, modules, _)| *name == package.name && covers(modules))
}

#[test]
fn free_packages_have_no_circle_at_all() {
    let packages = workspace();
    for name in FREE {
        let package = packages.iter().find(|package| package.name == *name).expect(name);
        let circles = Modules::of(package).circles();
        assert!(circles.is_empty(), "modules of {name} can't be read one after the other: {circles:#?}");
    }
}

#[test]
fn no_package_has_a_new_circle_at_its_root() {
    for package in workspace() {
        let circles = Modules::of(&package).circles();
        let new = circles.iter().filter(|circle| circle.is_top_level() && !is_known(&package, circle));
        let new: Vec<&Circle> = new.collect();
        assert!(new.is_empty(), "modules of {} can't be read one after the other: {new:#?}", package.name);
    }
}

#[test]
fn modules_are_really_read() {
    let packages = workspace();
    for (name, least) in
        [("launcher-core", 15), ("cli", 15), ("patcher", 15), ("backend", 5), ("src-tauri", 10)]
    {
        let package = packages.iter().find(|package| package.name == name).expect(name);
        let modules = Modules::of(package);
        assert!(modules.count() >= least, "a tree of {} modules in {name} proves nothing", modules.count());
        assert!(!modules.edges().is_empty(), "{name} without edges proves nothing");
    }
}
