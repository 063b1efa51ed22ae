//! Naru's window: it opens a page and answers what the page may ask.

mod commands;
mod display;
mod error;
mod installed;

use std::path::PathBuf;

use tauri::{App, Manager, Runtime};

pub use error::StartError;
use installed::InstallFolder;

/// What the root of the program has found out about its surroundings.
#[derive(Debug, Default)]
pub struct Settings {
    /// Where the game is installed, instead of the player's own data folder.
    pub install_folder: Option<PathBuf>,
}

/// Opens the window and returns when the player has closed it.
pub fn run(settings: Settings) -> Result<(), StartError> {
    display::require()?;
    tauri::Builder::default()
        .invoke_handler(tauri::generate_handler![commands::installed::installed])
        .setup(move |app| {
            let folder = install_folder(settings, app)?;
            app.manage(InstallFolder(folder));
            Ok(())
        })
        .run(tauri::generate_context!())
        .map_err(StartError::Window)
}

fn install_folder<R: Runtime>(settings: Settings, app: &App<R>) -> tauri::Result<PathBuf> {
    match settings.install_folder {
        // The page shows it to the player, who does not know where the program was started.
        Some(folder) => Ok(std::path::absolute(folder)?),
        None => Ok(app.path().app_data_dir()?.join("game")),
    }
}
