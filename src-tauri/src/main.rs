//! The desktop app. This file alone reads the environment and the command line.

// A release on Windows is a window without a console behind it.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::env;
use std::process::ExitCode;
use std::sync::Arc;

use naru_launcher_core::Proxies;
use naru_launcher_lib::{World, run};

fn main() -> ExitCode {
    let world = World {
        variables: env::vars().filter(|(name, _)| name.starts_with("NARU_")).collect(),
        arguments: env::args().skip(1).collect(),
        locale: sys_locale::get_locale(),
        proxies: Some(Arc::new(Proxies::from_env())),
    };
    match run(world) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("naru-launcher: {error}");
            ExitCode::FAILURE
        }
    }
}
