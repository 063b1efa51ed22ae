//! Logging in and out.

use naru_launcher_core::view::{LoginWay, Problem};
use tauri::{AppHandle, Runtime};

use super::Launcher;
use crate::login;

/// Opens a provider's page.
#[tauri::command]
pub async fn log_in<R: Runtime>(
    app: AppHandle<R>,
    core: Launcher<'_>,
    provider: String,
    way: LoginWay,
) -> Result<(), Problem> {
    login::begin(&app, &core, &provider, way).await
}

/// Closes the provider's page.
#[tauri::command]
pub async fn cancel_login<R: Runtime>(app: AppHandle<R>, core: Launcher<'_>) -> Result<(), Problem> {
    login::abandon(&app, &core);
    Ok(())
}

/// Asks the services for the name that other players see.
#[tauri::command]
pub async fn learn_public_name(core: Launcher<'_>) -> Result<(), Problem> {
    core.learn_public_name().await
}

/// Takes the player's choice of a name; nothing is a choice too.
#[tauri::command]
pub async fn choose_public_name(core: Launcher<'_>, name: Option<String>) -> Result<(), Problem> {
    core.choose_public_name(name).await
}

/// Forgets the login, here and in the login window.
#[tauri::command]
pub async fn log_out<R: Runtime>(app: AppHandle<R>, core: Launcher<'_>) -> Result<(), Problem> {
    core.log_out();
    login::forget(&app);
    Ok(())
}
