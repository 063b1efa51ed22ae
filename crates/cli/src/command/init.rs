//! `naru init`

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::Path;

use naru_protocol::ErrorCode;
use serde_json::json;

use crate::config::template::render;
use crate::context::Context;
use crate::failure::Failure;
use crate::language::{say, words};

/// Options of `naru init`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  naru init
  naru init --bucket my-game-patches --region ap-northeast-2 \\
      --edge-url https://d1234example.cloudfront.net/ --distribution E1234EXAMPLE

An existing file is never overwritten; --config writes to another place.")]
pub struct Options {
    /// Fill in the bucket
    #[arg(long, value_name = "NAME")]
    bucket: Option<String>,
    /// Fill in the bucket's region
    #[arg(long, value_name = "REGION")]
    region: Option<String>,
    /// Fill in the URL that players fetch from
    #[arg(long, value_name = "URL")]
    edge_url: Option<String>,
    /// Fill in the CloudFront distribution
    #[arg(long, value_name = "ID")]
    distribution: Option<String>,
}

/// Writes the file.
pub fn run(options: &Options, context: &Context) -> Result<(), Failure> {
    let path = context.world.cwd.join(context.config_file().unwrap_or("naru.toml".as_ref()));
    let settings = [
        ("store.bucket", &options.bucket),
        ("store.region", &options.region),
        ("edge.url", &options.edge_url),
        ("edge.distribution", &options.distribution),
    ];
    let filled: Vec<_> =
        settings.into_iter().filter_map(|(key, value)| Some((key, value.clone()?))).collect();
    write_new(&path, &render(context.language(), &filled))?;
    context.done();
    if context.output.json {
        return context.output.json_line("result", "init", &json!({"file": path}));
    }
    let path = path.display();
    context.output.print(&say!(context.language(), "Wrote {path}.", "{path} 파일을 만들었습니다."))
}

fn write_new(path: &Path, text: &str) -> Result<(), Failure> {
    let opened = OpenOptions::new().write(true).create_new(true).open(path);
    let written = opened.and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => {
            let name = path.display();
            Failure::new(ErrorCode::Usage, words!("{name} is there already", "{name}: 이미 있는 파일입니다"))
                .with_hint(words!(
                    "edit it, or write another file with --config FILE",
                    "그 파일을 고치거나 --config FILE로 다른 파일을 만드십시오"
                ))
        }
        _ => Failure::io("writing", path, &error),
    })
}
