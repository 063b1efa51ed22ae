//! The `naru` command: publish and update without a display.
//!
//! `main` alone looks at the environment and the terminal and hands on what it finds; the commands
//! are in [`command`], one file each.

mod args;
mod command;
mod config;
mod confirm;
mod context;
mod endpoints;
mod failure;
mod language;
mod messages;
mod output;
mod progress;
mod quantity;
mod stop;
mod world;

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use indicatif::{MultiProgress, ProgressDrawTarget};
use naru_protocol::ErrorCode;
use tokio::runtime::Runtime;

use crate::args::{Args, Command, Global};
use crate::context::Context;
use crate::failure::Failure;
use crate::language::Language;
use crate::messages::message;
use crate::output::Output;
use crate::stop::stop_requested;
use crate::world::World;

fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => return refuse_arguments(&error),
    };
    let output = output(&args.global);
    let world = match world() {
        Ok(world) => world,
        Err(failure) => return fail(&output, &failure),
    };
    let context = Context::new(world, output, args.global.config);
    let runtime = match Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&context.output, &Failure::new(ErrorCode::Internal, error.to_string())),
    };
    let ended = runtime.block_on(run_or_stop(args.command, &context));
    // What still runs in the background may be cut at any point: the next run copes with it.
    runtime.shutdown_timeout(Duration::from_secs(1));
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => fail(&context.output, &failure.having_changed(context.changed())),
    }
}

async fn run_or_stop(command: Command, context: &Context) -> Result<(), Failure> {
    // A server is meant to be stopped: it ends by itself, and that is no failure.
    if matches!(command, Command::Serve(_)) {
        return command::run(command, context).await;
    }
    tokio::select! {
        ended = command::run(command, context) => ended,
        () = stop_requested() => Err(Failure::plain(ErrorCode::Cancelled)),
    }
}

fn fail(output: &Output, failure: &Failure) -> ExitCode {
    output.fail(failure);
    ExitCode::from(message(failure.code).exit)
}

/// Help and version are results; a wrong command line is a failure in the form that was asked for,
/// as far as that can be told from a wrong command line.
fn refuse_arguments(error: &clap::Error) -> ExitCode {
    let wants_json = std::env::args_os().any(|arg| arg == "--json");
    if !error.use_stderr() || !wants_json {
        let _lost = error.print();
        return ExitCode::from(if error.use_stderr() { message(ErrorCode::Usage).exit } else { 0 });
    }
    let output = Output::new(system_language(), true, false, hidden_bars());
    fail(&output, &Failure::new(ErrorCode::Usage, error.render().to_string().trim_end()))
}

fn output(global: &Global) -> Output {
    let language = global.lang.unwrap_or_else(system_language);
    let bars = if global.json || global.quiet || !std::io::stderr().is_terminal() {
        hidden_bars()
    } else {
        MultiProgress::with_draw_target(ProgressDrawTarget::stderr())
    };
    Output::new(language, global.json, global.quiet, bars)
}

fn hidden_bars() -> MultiProgress {
    MultiProgress::with_draw_target(ProgressDrawTarget::hidden())
}

fn system_language() -> Language {
    sys_locale::get_locale().map_or(Language::En, |locale| Language::of_locale(&locale))
}

fn world() -> Result<World, Failure> {
    let cwd = std::env::current_dir()
        .map_err(|error| Failure::new(ErrorCode::NotFound, format!("the current folder: {error}")))?;
    Ok(World {
        variables: variables()?,
        cwd,
        cache: directories::ProjectDirs::from("", "", "naru").map(|dirs| dirs.cache_dir().to_path_buf()),
        can_ask: std::io::stdin().is_terminal(),
    })
}

fn variables() -> Result<BTreeMap<String, String>, Failure> {
    let mut variables = BTreeMap::new();
    for (name, value) in std::env::vars_os() {
        let Some(name) = name.to_str().filter(|name| name.starts_with("NARU_")) else {
            continue;
        };
        let value = value.into_string().map_err(|_| {
            Failure::new(ErrorCode::Config, format!("environment variable {name} is not UTF-8 text"))
        })?;
        variables.insert(name.to_owned(), value);
    }
    Ok(variables)
}
