//! `naru init`

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::Path;

use naru_protocol::ErrorCode;

use crate::config::key::KEYS;
use crate::config::template::render;
use crate::config::value::{Origin, Raw, check};
use crate::context::Context;
use crate::failure::Failure;
use crate::language::words;
use crate::report::{InitReport, next_step};

/// Options of `naru init`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  naru init
  naru init --bucket my-game-patches --region ap-northeast-2 \\
      --edge-url https://d1234example.cloudfront.net/ --distribution E1234EXAMPLE

An existing file is never overwritten; --config FILE writes another one.")]
pub struct Options {
    /// Fill in the bucket
    #[arg(long, value_name = "NAME")]
    bucket: Option<String>,
    /// Fill in the bucket's region
    #[arg(long, value_name = "REGION")]
    region: Option<String>,
    /// Fill in the URL that players download from
    #[arg(long, value_name = "URL")]
    edge_url: Option<String>,
    /// Fill in the CloudFront distribution
    #[arg(long, value_name = "ID")]
    distribution: Option<String>,
}

/// Writes the file.
pub fn run(options: &Options, context: &Context) -> Result<(), Failure> {
    let path = context.path(context.config_file().unwrap_or("naru.toml".as_ref()))?;
    let settings = [
        ("store.bucket", "--bucket", &options.bucket),
        ("store.region", "--region", &options.region),
        ("edge.url", "--edge-url", &options.edge_url),
        ("edge.distribution", "--distribution", &options.distribution),
    ];
    for (key, flag, value) in settings {
        check_setting(key, flag, value.as_deref())?;
    }
    let filled: Vec<_> =
        settings.into_iter().filter_map(|(key, _, value)| Some((key, value.clone()?))).collect();
    write_new(&path, &render(context.output.language, &filled))?;
    context.tracker.done();
    context.output.result("init", &InitReport(&path))?;
    let missing = settings.into_iter().filter(|(.., value)| value.is_none()).map(|(key, ..)| key);
    let next = next_step(context.output.language, &missing.collect::<Vec<_>>());
    context.output.remark(&context.flags.repeated(&next));
    Ok(())
}

/// A value that no command would take does not get into the file.
fn check_setting(path: &str, flag: &'static str, value: Option<&str>) -> Result<(), Failure> {
    match (KEYS.iter().find(|key| key.path() == path), value) {
        (Some(key), Some(value)) => check(key, &Raw::Text(value.into()), &Origin::Flag(flag)).map(drop),
        _ => Ok(()),
    }
}

fn write_new(path: &Path, text: &str) -> Result<(), Failure> {
    let opened = OpenOptions::new().write(true).create_new(true).open(path);
    let written = opened.and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => {
            let name = path.display();
            Failure::new(ErrorCode::Usage, words!("{name} already exists", "{name}: 이미 있는 파일입니다"))
                .with_hint(words!(
                    "edit it by hand, move it away to start over, or write another file with `naru init --config FILE`",
                    "그 파일을 직접 고치거나, 다른 곳으로 옮기고 다시 실행하거나, `naru init --config FILE`로 다른 파일을 만드십시오"
                ))
        }
        _ => Failure::io("writing", path, &error).with_hint(words!(
            "run it in a writable folder, or name another file with `naru init --config FILE`",
            "쓰기 권한이 있는 폴더에서 실행하거나 `naru init --config FILE`로 다른 파일을 지정하십시오"
        )),
    })
}
