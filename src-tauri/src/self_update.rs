//! Newer launchers: what this one was packaged as, and putting another in its place.

use std::sync::Arc;

use naru_launcher_core::view::{Changed, Problem, ProblemCode};
use naru_launcher_core::{Installation, Packaged, SelfUpdate, VerifiedLauncher};
use tauri::utils::config::BundleType;
use tauri::utils::platform::bundle_type;
use tauri::{AppHandle, Manager, Runtime};
use tauri_plugin_updater::UpdaterExt;

use crate::problem::of_system;

/// Why what was verified could not be put in place.
#[derive(Debug, thiserror::Error)]
enum InstallError {
    #[error(transparent)]
    Updater(#[from] tauri_plugin_updater::Error),
    #[error("the system's part takes it for no newer launcher")]
    NotNewer,
}

/// What this launcher was packaged as: the bundler has written it into the program.
pub(crate) fn packaged<R: Runtime>(app: &AppHandle<R>) -> Packaged {
    let version = app.package_info().version.clone();
    let kind = bundle_type().as_ref().and_then(name);
    let target = kind.zip(tauri_plugin_updater::target()).map(|(kind, system)| format!("{system}-{kind}"));
    Packaged { version, target }
}

/// As `latest.json` calls it.
fn name(kind: &BundleType) -> Option<&'static str> {
    match kind {
        BundleType::Deb => Some("deb"),
        BundleType::Rpm => Some("rpm"),
        BundleType::AppImage => Some("appimage"),
        BundleType::Msi => Some("msi"),
        BundleType::Nsis => Some("nsis"),
        BundleType::App => Some("app"),
        _ => None,
    }
}

/// Says until the launcher ends that a newer one is installed: no work and no game begins any more.
struct Installed(#[expect(dead_code, reason = "held until the launcher ends")] Installation);

/// Puts the newer launcher in the place of this one, and starts it.
pub(crate) async fn install<R: Runtime>(
    app: &AppHandle<R>,
    self_update: &Arc<SelfUpdate>,
) -> Result<(), Problem> {
    let (handle, self_update) = (app.clone(), Arc::clone(self_update));
    // The system asks the player for a password, and the player takes his time.
    let installed = tauri::async_runtime::spawn_blocking(move || {
        let verified = self_update.take()?;
        put_in_place(&handle, &verified).map_err(|error| {
            tracing::warn!(%error, "the newer launcher was not installed");
            let detail = error.to_string();
            Problem { code: ProblemCode::LauncherNotInstalled, detail, changed: Changed::Nothing }
        })?;
        Ok::<_, Problem>(verified.installation)
    });
    app.manage(Installed(installed.await.map_err(of_system)??));
    tracing::info!("a newer launcher is installed, and started now");
    app.request_restart();
    Ok(())
}

/// The plugin verifies the bytes once more, and the version that they were signed for.
fn put_in_place<R: Runtime>(app: &AppHandle<R>, verified: &VerifiedLauncher) -> Result<(), InstallError> {
    let VerifiedLauncher { bytes, announcement, updates, .. } = verified;
    let builder = app.updater_builder().pubkey(updates.public_key.as_str());
    let updater = builder.endpoints(vec![updates.url.clone().into()])?.build()?;
    let update = updater.restore_update(announcement.clone())?.ok_or(InstallError::NotNewer)?;
    Ok(update.install(bytes)?)
}
