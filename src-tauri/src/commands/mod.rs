//! What the page may ask: `registry.rs` lists it, and each noun's file carries it out. There are no rules here:
//! each asks the launcher.

#[macro_use]
mod registry;

mod account;
mod folders;
mod game;
mod handler;
mod job;
mod launcher;
mod publisher;
mod scores;
mod settings;
#[cfg(test)]
mod typescript;

use std::sync::Arc;

use naru_launcher_core::Launcher;
use naru_launcher_core::view::Problem;
use tauri::{AppHandle, Manager, Runtime};

pub(crate) use handler::with_commands;

use crate::problem::of_system;

/// The launcher. There is none before the page has asked for all that it shows.
fn opened<R: Runtime>(app: &AppHandle<R>) -> Result<Arc<Launcher>, Problem> {
    let launcher = app.try_state::<Arc<Launcher>>().map(|launcher| Arc::clone(&launcher));
    launcher.ok_or_else(|| of_system("the launcher is not open yet"))
}

/// The commands of the registry, with the windows that may call each.
#[cfg(test)]
pub(crate) const COMMANDS: &[(&str, &[&str])] = {
    macro_rules! windows {
        ($($(#[$doc:meta])+ [$($window:ident),+] $module:ident::$name:ident $given:tt -> $answer:ty;)+) => {
            &[$((stringify!($name), &[$(stringify!($window)),+])),+]
        };
    }
    commands!(windows)
};
