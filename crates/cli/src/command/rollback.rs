//! `naru rollback`

use naru_protocol::Channel;

use crate::command::publish::show_published;
use crate::config::Flags;
use crate::confirm::{ask, check_can_ask};
use crate::context::Context;
use crate::endpoints::{publish_options, publisher};
use crate::failure::Failure;
use crate::language::say;

/// Options of `naru rollback`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The old content gets a new number, so that every client follows, and no byte is uploaded again.

Examples:
  naru releases                                 which numbers there are
  naru rollback 41                              asks, then publishes the content of release 41
  naru rollback 41 --yes --json                 in CI")]
pub struct Options {
    /// The release whose content is wanted
    number: u64,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
    /// The line of releases
    #[arg(long, value_name = "NAME", default_value = "live")]
    channel: Channel,
}

/// Publishes an earlier release's content again.
pub async fn run(options: Options, context: &Context) -> Result<(), Failure> {
    check_can_ask(context, options.yes)?;
    let config = context.config(Flags::default())?;
    let wanted = publish_options(context, &config, &context.world.cwd, options.channel);
    let publisher = publisher(context, &config, wanted).await?;
    if !options.yes {
        let number = options.number;
        ask(say!(
            context.language(),
            "Publish the content of release {number} to all players, under a new number?",
            "릴리스 {number}의 내용을 새 번호로 모든 플레이어에게 배포할까요?"
        ))
        .await?;
    }
    context.begin_release();
    let published = publisher.rollback(options.number).await?;
    context.done();
    show_published(context, "rollback", &published)
}
