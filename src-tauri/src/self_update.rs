//! Newer launchers: what this one was packaged as, and putting another in its place.

use std::sync::Arc;

use naru_launcher_core::view::{Changed, Problem, ProblemCode};
use naru_launcher_core::{Core, Packaged, VerifiedLauncher};
use tauri::utils::config::BundleType;
use tauri::utils::platform::bundle_type;
use tauri::{AppHandle, Runtime};
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

/// Puts the newer launcher in the place of this one, and starts it.
pub(crate) async fn install<R: Runtime>(app: &AppHandle<R>, core: &Arc<Core>) -> Result<(), Problem> {
    let (handle, launcher) = (app.clone(), Arc::clone(core));
    // The system asks the player for a password, and the player takes his time.
    let installed = tauri::async_runtime::spawn_blocking(move || {
        let verified = launcher.take_launcher()?;
        put_in_place(&handle, verified).map_err(|error| {
            tracing::warn!(%error, "the newer launcher was not installed");
            launcher.keep_launcher();
            let detail = error.to_string();
            Problem { code: ProblemCode::LauncherNotInstalled, detail, changed: Changed::Nothing }
        })
    });
    installed.await.map_err(of_system)??;
    tracing::info!("a newer launcher is installed, and started now");
    app.request_restart();
    Ok(())
}

/// The plugin verifies the bytes once more, and the version that they were signed for.
fn put_in_place<R: Runtime>(app: &AppHandle<R>, verified: VerifiedLauncher) -> Result<(), InstallError> {
    let VerifiedLauncher { bytes, announcement, updates } = verified;
    let builder =
        app.updater_builder().pubkey(updates.public_key.as_str()).endpoints(vec![updates.url.into()])?;
    let update = builder.build()?.restore_update(announcement)?.ok_or(InstallError::NotNewer)?;
    Ok(update.install(bytes)?)
}
