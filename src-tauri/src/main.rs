//! The desktop app. This file alone reads the environment and the command line.

// A release on Windows is a window without a console behind it.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::env;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use naru_launcher_core::{Environment, SystemVariables, raise_open_files};
use naru_launcher_lib::{Invocation, run};

fn main() -> ExitCode {
    let mut environment = Environment::of(env::vars_os());
    environment.home = env::home_dir().filter(|home| !home.as_os_str().is_empty());
    environment.open_files = raise_open_files();
    let invocation = Invocation {
        environment,
        arguments: env::args_os().skip(1).collect(),
        locale: sys_locale::get_locale(),
        system_variables: SystemVariables::of(env::vars_os()),
        // The variable by which Tauri lets WebDriver in.
        is_automated: env::var_os("TAURI_WEBVIEW_AUTOMATION").is_some_and(|value| value == "true"),
    };
    // A panic was told of by then: on standard error and, once there is one, in the log.
    match catch_unwind(AssertUnwindSafe(|| run(invocation))) {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(error)) => {
            eprintln!("naru-launcher: {error}");
            ExitCode::FAILURE
        }
        Err(_) => ExitCode::FAILURE,
    }
}
