//! The desktop app. This file alone reads the environment.

// A release on Windows is a window without a console behind it.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::path::PathBuf;
use std::process::ExitCode;

use naru_launcher_lib::{Settings, run};

/// Names another install folder than the player's own, for development and tests.
const INSTALL_FOLDER: &str = "NARU_INSTALL";

fn main() -> ExitCode {
    let settings = Settings {
        install_folder: std::env::var_os(INSTALL_FOLDER).filter(|value| !value.is_empty()).map(PathBuf::from),
    };
    match run(settings) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("naru-launcher: {error}");
            ExitCode::FAILURE
        }
    }
}
