//! Compiles the window's rights and checks that the page has been built.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs, process};

use naru_brand::BrandFile;

/// Every command that a page may ask for. One that is missing here is open to every local page.
const COMMANDS: &[&str] = &[
    "launcher",
    "page_ready",
    "check",
    "news",
    "begin",
    "pause",
    "resume",
    "cancel",
    "dismiss",
    "play",
    "log_in",
    "cancel_login",
    "log_out",
    "learn_public_name",
    "choose_public_name",
    "board",
    "statistics",
    "change_settings",
    "choose_install_folder",
    "choose_build_folder",
    "move_install",
    "open_install_folder",
    "open_logs",
    "save_support_bundle",
    "compare_build",
    "publish",
    "releases",
    "roll_back",
    "install_launcher",
];

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

/// The page is compiled into the program, and the compiler's own words for its absence help nobody.
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

/// Lets tauri-build work in a folder of its own: it writes schemas and permissions into the
/// current directory, which would be the repository's root.
fn compile_rights(root: &Path) -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=src-tauri/capabilities");
    let workshop = PathBuf::from(env::var("OUT_DIR")?).join("workshop");
    fs::create_dir_all(&workshop)?;
    fs::copy(root.join("Cargo.toml"), workshop.join("Cargo.toml"))?;
    env::set_current_dir(&workshop)?;

    // The build script ends with the pattern's use, so that leaking it costs nothing.
    let capabilities: &'static str = in_root(root, "src-tauri/capabilities/**/*").leak();
    println!("cargo::rerun-if-env-changed=NARU_ICONS");
    let icons = env::var_os("NARU_ICONS").map_or_else(|| root.join("src-tauri/icons"), PathBuf::from);
    let windows = tauri_build::WindowsAttributes::new().window_icon_path(icons.join("icon.ico"));
    let attributes = tauri_build::Attributes::new()
        .config_path(root.join("tauri.conf.json"))
        .capabilities_path_pattern(capabilities)
        .app_manifest(tauri_build::AppManifest::new().commands(COMMANDS))
        .windows_attributes(windows);
    tauri_build::try_build(attributes)?;
    Ok(())
}

fn in_root(root: &Path, pattern: &str) -> String {
    root.join(pattern).to_string_lossy().into_owned()
}

fn fail(sentence: &str) -> ! {
    // Cargo reads a line; those after the first would be lost.
    sentence.lines().for_each(|line| println!("cargo::error={line}"));
    process::exit(1)
}
