//! The `naru` command as a user or a script meets it.

mod config_2017;
mod config_errors;
mod exit_codes;
mod first_hour;
mod json_contract;
mod place;
mod proxies;
mod server;
mod text_files;
mod words;
