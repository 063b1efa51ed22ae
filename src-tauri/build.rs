//! Compiles the window's rights and checks that the page has been built.

use std::collections::BTreeSet;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs, io, process};

use naru_brand::BrandFile;

include!("src/commands/registry.rs");

macro_rules! rights {
    ($($(#[$doc:meta])+ [$($window:ident),+] $module:ident::$name:ident $given:tt -> $answer:ty;)+) => {
        &[$((stringify!($name), &[$(stringify!($window)),+])),+]
    };
}

/// The commands and the windows that may call each. A command that is not declared to Tauri would be open to
/// every local page.
const COMMANDS: &[(&str, &[&str])] = commands!(rights);

/// The launcher's own page.
const MAIN: &str = "main";

/// What that page may ask of Tauri itself: to listen to events.
const EVENTS: [&str; 2] = ["core:event:allow-listen", "core:event:allow-unlisten"];

fn main() {
    let built = root().and_then(|root| {
        require_page(&root);
        choose_brand(&root)?;
        compile_rights(&root)
    });
    if let Err(error) = built {
        fail(&error.to_string());
    }
}

fn root() -> Result<PathBuf, Box<dyn Error>> {
    Ok(PathBuf::from(env::var("CARGO_MANIFEST_DIR")?))
}

/// The page is compiled into the program, and the compiler's own error for a missing page is not helpful.
fn require_page(root: &Path) {
    println!("cargo::rerun-if-changed=ui/dist");
    if !root.join("ui/dist/index.html").is_file() {
        fail("the page is not built; run: npm --prefix ui ci && npm --prefix ui run build");
    }
}

/// Whose launcher this is: a folder of `brands/`, or any other that `NARU_BRAND` names.
fn choose_brand(root: &Path) -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-env-changed=NARU_BRAND");
    let brand = env::var("NARU_BRAND").ok().filter(|name| !name.is_empty());
    let folder = root.join("brands").join(brand.as_deref().unwrap_or("demo"));
    let file = folder.join("brand.toml");
    println!("cargo::rerun-if-changed={}", file.display());
    let text = fs::read_to_string(&file).map_err(|error| {
        format!("{}: {error}: NARU_BRAND names a folder with a brand.toml", file.display())
    })?;
    // A launcher that finds the mistake when it starts would be in its players' hands by then.
    BrandFile::parse(&text).map_err(|error| format!("{}: {error}", folder.display()))?;
    println!("cargo::rustc-env=NARU_BRAND_FILE={}", file.display());
    Ok(())
}

/// Lets tauri-build work in a separate folder: it writes schemas and permissions into the
/// current directory, which would be the repository's root.
fn compile_rights(root: &Path) -> Result<(), Box<dyn Error>> {
    let workshop = PathBuf::from(env::var("OUT_DIR")?).join("workshop");
    fs::create_dir_all(&workshop)?;
    fs::copy(root.join("Cargo.toml"), workshop.join("Cargo.toml"))?;
    env::set_current_dir(&workshop)?;

    write_capabilities(&workshop.join("capabilities"))?;

    // The build script ends after their use, so leaking them is harmless.
    let names: &'static [&'static str] = COMMANDS.iter().map(|(name, _)| *name).collect::<Vec<_>>().leak();
    println!("cargo::rerun-if-env-changed=NARU_ICONS");
    let icons = env::var_os("NARU_ICONS").map_or_else(|| root.join("src-tauri/icons"), PathBuf::from);
    let windows = tauri_build::WindowsAttributes::new().window_icon_path(icons.join("icon.ico"));
    let attributes = tauri_build::Attributes::new()
        .config_path(root.join("tauri.conf.json"))
        .capabilities_path_pattern("capabilities/*.json")
        .app_manifest(tauri_build::AppManifest::new().commands(names))
        .windows_attributes(windows);
    tauri_build::try_build(attributes)?;
    Ok(())
}

/// Writes what each window may ask. A window that the registry does not name has no file: it may ask nothing.
fn write_capabilities(folder: &Path) -> io::Result<()> {
    // What an earlier build has written may be of a window that has lost its rights.
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir(folder)?;
    let windows: BTreeSet<&str> = COMMANDS.iter().flat_map(|(_, windows)| windows.iter().copied()).collect();
    for window in windows {
        let own = COMMANDS.iter().filter(|(_, windows)| windows.contains(&window));
        let allowed = own.map(|(name, _)| format!("allow-{}", name.replace('_', "-")));
        let events = EVENTS.iter().filter(|_| window == MAIN).map(ToString::to_string);
        let permissions: Vec<String> = events.chain(allowed).collect();
        let right = format!(
            r#"{{"identifier": "{window}", "windows": ["{window}"], "permissions": {permissions:?}}}"#
        );
        fs::write(folder.join(format!("{window}.json")), right)?;
    }
    Ok(())
}

fn fail(sentence: &str) -> ! {
    // Cargo reads a line; those after the first would be lost.
    sentence.lines().for_each(|line| println!("cargo::error={line}"));
    process::exit(1)
}
