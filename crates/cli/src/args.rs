//! The command line.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::command::{init, publish, releases, repair, rollback, serve, status, update, verify};
use crate::language::Language;

const GLOBAL: &str = "Options of every command";

const AFTER_HELP: &str = "\
Examples:
  naru init                                     write a commented naru.toml
  naru publish patch --notes notes.md           publish the folder `patch`, after a question
  naru publish patch --yes --json               the same in CI
  naru update --install game                    bring the folder `game` to the newest release
  naru serve --data cloud                       everything on this machine, to try it out

Settings come from naru.toml, NARU_* variables and options; see docs/configuration.md.
Exit codes and JSON lines are described in docs/publishing.md.";

/// Publish game releases, and install and update them.
#[derive(Debug, Parser)]
#[command(name = "naru", version, after_help = AFTER_HELP, subcommand_required = true)]
pub struct Args {
    /// Options of every command.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Options of every command.
#[derive(Debug, clap::Args)]
pub struct Global {
    /// Print JSON lines on standard output, for programs
    #[arg(long, global = true, help_heading = GLOBAL)]
    pub json: bool,
    /// Read this file instead of looking for naru.toml here and above
    #[arg(long, global = true, value_name = "FILE", help_heading = GLOBAL)]
    pub config: Option<PathBuf>,
    /// Language of messages: ko or en [default: that of the system]
    #[arg(long, global = true, value_name = "LANGUAGE", hide_possible_values = true, help_heading = GLOBAL)]
    pub lang: Option<Language>,
    /// Show no progress and no remarks; warnings and errors stay
    #[arg(long, short, global = true, help_heading = GLOBAL)]
    pub quiet: bool,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write a commented naru.toml
    Init(init::Options),
    /// Publish a build folder as a new release
    Publish(publish::Options),
    /// List the releases, newest first
    Releases(releases::Options),
    /// Publish the content of an earlier release again, under a new number
    Rollback(rollback::Options),
    /// Install the game, or bring it to the newest release
    Update(update::Options),
    /// Read every installed file and report what differs from the release
    Verify(verify::Options),
    /// Mend what differs from the installed release
    Repair(repair::Options),
    /// Say what is installed, without asking a server
    Status(status::Options),
    /// Run an S3 store, an edge and an identity service on this machine
    Serve(serve::Options),
}
