//! Announces new packages to installed launchers: signatures, and `latest.json`.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use cargo_metadata::semver::Version;
use naru_brand::LauncherUpdates;
use serde_json::{Map, Value, json};

/// The variable that the Tauri CLI reads the signing key from.
const KEY: &str = "TAURI_SIGNING_PRIVATE_KEY";

/// Whether packages are signed for launchers in the field; says so where they should be and can't.
pub fn can_sign(updates: Option<&LauncherUpdates>) -> bool {
    let has_key = env::var_os(KEY).is_some_and(|key| !key.is_empty());
    if updates.is_some() && !has_key {
        println!("{KEY} is not set: launchers in the field won't update themselves to these packages");
    }
    updates.is_some() && has_key
}

/// Writes `latest.json` for the packages that have a signature beside them; answers where.
pub fn announce(
    updates: &LauncherUpdates,
    version: &Version,
    packages: &[PathBuf],
    place: &Path,
) -> Result<PathBuf> {
    let mut platforms = Map::new();
    for package in packages {
        if let Some((target, platform)) = platform(updates, package)? {
            platforms.insert(target, platform);
        }
    }
    let latest = place.join("latest.json");
    let document = json!({ "version": version.to_string(), "platforms": platforms });
    fs::write(&latest, serde_json::to_string_pretty(&document)?)
        .with_context(|| format!("writing {}", latest.display()))?;
    Ok(latest)
}

fn platform(updates: &LauncherUpdates, package: &Path) -> Result<Option<(String, Value)>> {
    let name = package.file_name().unwrap_or_default().to_string_lossy();
    let signature = package.with_file_name(format!("{name}.sig"));
    let (Some(system), true) = (system(&name), signature.is_file()) else {
        return Ok(None);
    };
    let signature =
        fs::read_to_string(&signature).with_context(|| format!("reading {}", signature.display()))?;
    let url = updates.url.url().join(&name).with_context(|| format!("{name} beside {}", updates.url))?;
    let target = system.replace("ARCH", env::consts::ARCH);
    Ok(Some((target, json!({ "url": url, "signature": signature.trim() }))))
}

/// What launchers call a kind of package, by the end of its name.
fn system(name: &str) -> Option<&'static str> {
    let kinds = [
        (".deb", "linux-ARCH-deb"),
        (".rpm", "linux-ARCH-rpm"),
        (".exe", "windows-ARCH-nsis"),
        (".app.tar.gz", "darwin-ARCH-app"),
    ];
    kinds.into_iter().find(|(ending, _)| name.ends_with(ending)).map(|(_, system)| system)
}

#[cfg(test)]
mod tests {
    use naru_brand::BrandFile;

    use super::*;

    fn updates() -> LauncherUpdates {
        let demo = include_str!("../../../brands/demo/brand.toml");
        // A key of minisign's own documentation.
        let key =
            "untrusted comment: a public key\nRWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3\n";
        let text = format!(
            "{demo}\n[launcher_updates]\nurl = \"https://cdn.example.com/launcher/latest.json\"\npublic_key = \"{}\"\n",
            base64(key)
        );
        BrandFile::parse(&text).expect("a good brand").launcher_updates.expect("it has an address")
    }

    fn base64(text: &str) -> String {
        use base64::Engine;
        base64::prelude::BASE64_STANDARD.encode(text)
    }

    #[test]
    fn signed_packages_are_announced_beside_the_document_and_others_are_not() {
        let place = tempfile::tempdir().expect("a folder");
        let packages: Vec<_> = ["Ferry Deluxe_1.2.0_amd64.deb", "Ferry Deluxe-1.2.0-1.x86_64.rpm"]
            .map(|name| place.path().join(name))
            .to_vec();
        fs::write(place.path().join("Ferry Deluxe_1.2.0_amd64.deb.sig"), "c2lnbmVk\n").expect("written");
        let latest = announce(&updates(), &Version::new(1, 2, 0), &packages, place.path()).expect("written");
        let text = fs::read_to_string(latest).expect("read");
        let document: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(document["version"], "1.2.0");
        let platforms = document["platforms"].as_object().expect("a table");
        assert_eq!(platforms.len(), 1, "an unsigned package is not announced: {text}");
        let deb = &platforms[&format!("linux-{}-deb", env::consts::ARCH)];
        assert_eq!(deb["signature"], "c2lnbmVk", "as it is in the file");
        let url = "https://cdn.example.com/launcher/Ferry%20Deluxe_1.2.0_amd64.deb";
        assert_eq!(deb["url"], url, "the packages lie beside the document");
    }
}
