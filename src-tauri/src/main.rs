//! The desktop app. This file alone reads the environment and the command line.

// A release on Windows is a window without a console behind it.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::collections::BTreeMap;
use std::env;
use std::process::ExitCode;
use std::sync::Arc;

use naru_launcher_core::{Proxies, SystemVariables};
use naru_launcher_lib::{World, run};

fn main() -> ExitCode {
    let world = World {
        variables: naru_variables(),
        arguments: env::args_os().skip(1).map(|given| given.to_string_lossy().into_owned()).collect(),
        locale: sys_locale::get_locale(),
        system_variables: SystemVariables::of(env::vars_os()),
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

/// Those of Naru's own; one that is not Unicode says nothing here.
fn naru_variables() -> BTreeMap<String, String> {
    let all = env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    all.filter(|(name, _)| name.starts_with("NARU_")).collect()
}
