//! The desktop app. This file alone reads the environment and the command line.

// A release on Windows is a window without a console behind it.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::collections::BTreeMap;
use std::env;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::Arc;

use naru_launcher_core::{Network, SystemVariables, raise_open_files};
use naru_launcher_lib::{World, run};

fn main() -> ExitCode {
    let world = World {
        variables: variables(),
        arguments: env::args_os().skip(1).collect(),
        locale: sys_locale::get_locale(),
        system_variables: SystemVariables::of(env::vars_os()),
        home: env::home_dir().filter(|home| !home.as_os_str().is_empty()),
        network: Arc::new(Network::of(|name| env::var_os(name))),
        open_files: raise_open_files(),
    };
    // A panic was told of by then: on standard error and, once there is one, in the log.
    match catch_unwind(AssertUnwindSafe(|| run(world))) {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(error)) => {
            eprintln!("naru-launcher: {error}");
            ExitCode::FAILURE
        }
        Err(_) => ExitCode::FAILURE,
    }
}

/// Variables that are no text are nobody's reason to panic: what reads one refuses it.
fn variables() -> BTreeMap<String, String> {
    let ours = env::vars_os().filter_map(|(name, value)| {
        let name = name.into_string().ok().filter(|name| name.starts_with("NARU_"))?;
        Some((name, value.to_string_lossy().into_owned()))
    });
    ours.collect()
}
