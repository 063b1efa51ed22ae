//! The `naru` command as a user or a script meets it.

mod config_2017;
mod config_errors;
mod exit_codes;
mod faults_of_its_own;
mod first_hour;
#[cfg(unix)]
mod hostile_settings;
mod https_server;
mod json_contract;
#[cfg(unix)]
mod limits_of_the_process;
mod paths;
mod place;
mod proxies;
mod server;
mod text_files;
mod trust;
mod words;
