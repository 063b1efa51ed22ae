//! `cargo xtask dist`: installable packages of the launcher, made from a branding folder.

mod branding;
mod overlay;
mod packages;
mod updates;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use cargo_metadata::MetadataCommand;
use cargo_metadata::semver::Version;
use clap::Args;

use crate::debian;
use crate::launcher::TO_BUILD;
use crate::npm::npm;
use branding::Branding;
use overlay::Means;

/// Whose launcher is packaged, and how it is built.
#[derive(Debug, Args)]
pub struct Options {
    /// The branding folder, as brands/demo
    #[arg(long)]
    brand: PathBuf,
    /// Build without optimising: quicker, larger, for trying things out
    #[arg(long)]
    debug: bool,
}

/// Makes the packages that this system can make, and lists them.
pub fn run(root: &Path, options: &Options) -> Result<()> {
    let branding = Branding::read(&options.brand)?;
    if cfg!(target_os = "linux") {
        debian::require(TO_BUILD)?;
    }
    let signs = updates::can_sign(branding.brand.launcher_updates.as_ref());
    let (target, source_version) = workspace(root)?;
    let place = target.join("dist").join(branding.package.name.program());
    empty(&place)?;
    build_page(root, &branding)?;
    let icons = make_icons(root, &branding, &place)?;
    let overlay = place.join("tauri.conf.json");
    write_overlay(&overlay, &branding, &icons, signs)?;
    let bundles = target.join(if options.debug { "debug" } else { "release" }).join("bundle");
    empty(&bundles)?;
    bundle(root, options, &branding, &overlay, &icons)?;
    let mut files = packages::collect(&bundles, &place)?;
    if let Some(updates) = branding.brand.launcher_updates.as_ref().filter(|_| signs) {
        let version = branding.package.version.as_ref().unwrap_or(&source_version);
        files.push(updates::announce(updates, version, &files, &place)?);
    }
    packages::list(&files)
}

/// Where cargo builds, and the version of the launcher's source.
fn workspace(root: &Path) -> Result<(PathBuf, Version)> {
    let metadata = MetadataCommand::new().current_dir(root).no_deps().exec().context("cargo metadata")?;
    let launcher = metadata.root_package().context("the root of the repository has no package")?;
    Ok((metadata.target_directory.as_std_path().to_path_buf(), launcher.version.clone()))
}

fn write_overlay(file: &Path, branding: &Branding, icons: &Path, signs_updates: bool) -> Result<()> {
    let certificate = env::var("WINDOWS_CERTIFICATE_THUMBPRINT").ok().filter(|text| !text.is_empty());
    let means = Means { icons, windows_certificate: certificate.as_deref(), signs_updates };
    let text = serde_json::to_string_pretty(&overlay::overlay(branding, &means))?;
    fs::write(file, text).with_context(|| format!("writing {}", file.display()))
}

/// What an earlier run has left would be taken for this one's.
fn empty(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(error).with_context(|| format!("emptying {}", folder.display()));
        }
        _ => {}
    }
    fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))
}

fn build_page(root: &Path, branding: &Branding) -> Result<()> {
    for arguments in [&["ci", "--no-audit", "--no-fund"][..], &["run", "build"]] {
        let mut npm = npm();
        npm.args(["--prefix", "ui"]).args(arguments).env("NARU_BRAND", &branding.folder);
        show(npm.current_dir(root))?;
    }
    Ok(())
}

fn make_icons(root: &Path, branding: &Branding, place: &Path) -> Result<PathBuf> {
    let icons = place.join("icons");
    show(tauri(root).arg("icon").arg(branding.icon()).arg("--output").arg(&icons))?;
    Ok(icons)
}

fn bundle(root: &Path, options: &Options, branding: &Branding, overlay: &Path, icons: &Path) -> Result<()> {
    let mut command = tauri(root);
    command.args(["build", "--ci", "--bundles", packages::KINDS, "--config"]).arg(overlay);
    if options.debug {
        command.arg("--debug");
    }
    show(command.env("NARU_BRAND", &branding.folder).env("NARU_ICONS", icons))
}

/// The Tauri CLI that `npm ci` installed, without a shell in between.
fn tauri(root: &Path) -> Command {
    let mut command = Command::new("node");
    command.arg(root.join("ui/node_modules/@tauri-apps/cli/tauri.js")).current_dir(root);
    command
}

fn show(command: &mut Command) -> Result<()> {
    let words: Vec<_> = std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    println!("$ {}", words.join(" "));
    if !command.status().with_context(|| format!("starting {}", words[0]))?.success() {
        bail!("`{}` failed", words.join(" "));
    }
    Ok(())
}
