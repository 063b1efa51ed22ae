//! What a brand changes in `tauri.conf.json`, as a merge patch for the Tauri CLI.

use std::path::Path;

use serde_json::{Value, json};

use super::branding::Branding;

/// The icons that the systems' bundlers ask for, of those that `tauri icon` makes.
const ICONS: [&str; 6] = ["32x32.png", "128x128.png", "128x128@2x.png", "icon.png", "icon.icns", "icon.ico"];

/// What a package needs beside its brand.
#[derive(Debug)]
pub struct Means<'a> {
    /// The folder of the icons.
    pub icons: &'a Path,
    /// Which certificate of the Windows store signs the installer.
    pub windows_certificate: Option<&'a str>,
    /// Whether the packages are signed for launchers in the field.
    pub signs_updates: bool,
}

/// The merge patch of a brand.
pub fn overlay(branding: &Branding, means: &Means<'_>) -> Value {
    let (brand, package) = (&branding.brand, &branding.package);
    let mut overlay = json!({
        "productName": package.name.as_str(),
        "mainBinaryName": package.name.program(),
        "identifier": package.identifier.as_str(),
        "plugins": { "deep-link": { "desktop": { "schemes": [package.identifier.scheme()] } } },
        "bundle": {
            "publisher": package.publisher.as_ref().unwrap_or(&brand.studio),
            "shortDescription": package.description.as_ref().unwrap_or(&brand.game.en),
            "longDescription": brand.tagline.en,
            "icon": ICONS.map(|name| means.icons.join(name)),
        },
    });
    // Without one the CLI takes the version of Cargo.toml.
    if let Some(version) = &package.version {
        overlay["version"] = json!(version.to_string());
    }
    // The CLI refuses a signing key that is not this one's other half.
    if let Some(updates) = &brand.launcher_updates {
        overlay["plugins"]["updater"] = json!({ "pubkey": updates.public_key.as_str() });
    }
    if means.signs_updates {
        overlay["bundle"]["createUpdaterArtifacts"] = json!(true);
    }
    if let Some(thumbprint) = means.windows_certificate {
        overlay["bundle"]["windows"] = json!({ "certificateThumbprint": thumbprint });
    }
    overlay
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use naru_brand::BrandFile;

    use super::*;

    fn means() -> Means<'static> {
        Means { icons: Path::new("/icons"), windows_certificate: None, signs_updates: false }
    }

    fn branding(package: &str) -> Branding {
        let text = format!(
            r##"
            studio = "Ferry Works"
            game = {{ ko = "나룻배", en = "Ferry" }}
            tagline = {{ ko = "강", en = "Cross the river" }}
            accent = {{ light = "#0f766e", dark = "#5eead4" }}
            start = {{ kind = "web", entry = "index.html" }}
            [package]
            name = "Ferry Deluxe"
            identifier = "com.example.Ferry"
            {package}
            "##
        );
        let brand = BrandFile::parse(&text).expect("a good brand");
        let package = brand.package.clone().expect("it says what packages are made of");
        Branding { folder: PathBuf::from("/brand"), brand, package }
    }

    #[test]
    fn a_brand_gives_packages_its_names_and_nothing_is_left_of_another() {
        let overlay = overlay(&branding("version = \"2.1.0\"\ndescription = \"The launcher\""), &means());
        assert_eq!(overlay["productName"], "Ferry Deluxe");
        assert_eq!(overlay["mainBinaryName"], "ferry-deluxe", "two launchers lie in one /usr/bin");
        assert_eq!(overlay["identifier"], "com.example.Ferry");
        assert_eq!(overlay["version"], "2.1.0");
        assert_eq!(overlay["plugins"]["deep-link"]["desktop"]["schemes"], json!(["com.example.ferry"]));
        assert_eq!(overlay["bundle"]["shortDescription"], "The launcher");
        assert_eq!(
            overlay["bundle"]["icon"][5], "/icons/icon.ico",
            "from the brand, not from the repository"
        );
    }

    #[test]
    fn what_a_brand_does_not_say_of_packages_it_has_said_already() {
        let overlay = overlay(&branding(""), &means());
        assert_eq!(overlay["bundle"]["publisher"], "Ferry Works");
        assert_eq!(overlay["bundle"]["shortDescription"], "Ferry");
        assert_eq!(overlay["bundle"]["longDescription"], "Cross the river");
        assert_eq!(overlay.get("version"), None, "the version of the source counts");
        assert_eq!(overlay["bundle"].get("windows"), None, "no certificate, no signature");
        assert_eq!(overlay["bundle"].get("createUpdaterArtifacts"), None, "no key, no signature");
    }

    #[test]
    fn every_name_of_a_studio_in_the_repository_s_own_configuration_is_replaced() {
        let base = include_str!("../../../tauri.conf.json");
        let base: Value = serde_json::from_str(base).expect("JSON");
        let overlay = overlay(&branding(""), &means());
        for pointer in [
            "/productName",
            "/identifier",
            "/bundle/publisher",
            "/bundle/shortDescription",
            "/bundle/longDescription",
            "/bundle/icon",
            "/plugins/deep-link/desktop/schemes",
        ] {
            assert!(base.pointer(pointer).is_some(), "{pointer} is there to be replaced");
            assert!(overlay.pointer(pointer).is_some(), "{pointer} would stay that of another launcher");
        }
    }
}
