//! `naru serve`

use std::fs::OpenOptions;
use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use naru_local_cloud::{Config as CloudConfig, Endpoints, LocalCloud, StudioApp};
use naru_operations::Environment;
use naru_protocol::ErrorCode;

use crate::catalogue::not_started;
use crate::context::Context;
use crate::failure::Failure;
use crate::language::{say, words};
use crate::report::{ServeReport, exports};
use crate::stop::stop_requested;

/// Options of `naru serve`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
For development and for trying Naru: listens on loopback only and refuses requests of web pages. The
data folder keeps everything across restarts, including its own publisher keys. Paste the printed lines,
which contain the keys, into a shell to publish to and update from this server.

Players log in with a stand-in for Kakao. To enable Google, set NARU_GOOGLE_CLIENT_ID and
NARU_GOOGLE_CLIENT_SECRET; to enable Facebook, NARU_FACEBOOK_CLIENT_ID and NARU_FACEBOOK_CLIENT_SECRET.

Examples:
  naru serve --data cloud
  naru serve --data cloud --env-file cloud.env  then, in another shell:  . ./cloud.env
  naru serve --data cloud --s3-port 0 --edge-port 0 --control-port 0 --services-port 0 --kakao-port 0 --json")]
pub struct Options {
    /// Folder for all data; created if missing
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Port of the S3 endpoint; 0 picks a free port
    #[arg(long, value_name = "PORT", default_value_t = 9700)]
    s3_port: u16,
    /// Port of the edge
    #[arg(long, value_name = "PORT", default_value_t = 9701)]
    edge_port: u16,
    /// Port of the CloudFront and Cognito APIs
    #[arg(long, value_name = "PORT", default_value_t = 9702)]
    control_port: u16,
    /// Port of the game services and the login
    #[arg(long, value_name = "PORT", default_value_t = 9703)]
    services_port: u16,
    /// Port of the stand-in for Kakao's login
    #[arg(long, value_name = "PORT", default_value_t = 9704)]
    kakao_port: u16,
    /// Let pages of this origin use the services, for developing a game in a browser
    #[arg(long = "page", value_name = "ORIGIN")]
    pages: Vec<String>,
    /// Also answer 2017 games, which read scores without a login
    #[arg(long)]
    shapes_2017: bool,
    /// How long an invalidation takes
    #[arg(long, value_name = "SECONDS", default_value_t = 3)]
    invalidation_seconds: u64,
    /// Also write the variables to this file, readable by you alone
    #[arg(long, value_name = "FILE")]
    env_file: Option<PathBuf>,
}

/// Serves until it is stopped.
pub async fn run(options: Options, context: &Context) -> Result<(), Failure> {
    let cloud = LocalCloud::start(cloud_config(&options, context)?).await;
    let cloud = cloud.map_err(|error| {
        let (code, entry) = not_started(&error);
        Failure::said(code, entry)
    })?;
    let variables = variables(&cloud);
    if let Some(file) = &options.env_file {
        let path = context.path(file)?;
        export(&path, &(exports(&variables).join("\n") + "\n"))
            .map_err(|error| not_exported(&path, &error))?;
    }
    let mut stop = std::pin::pin!(stop_requested());
    // A script that reads `ready` may stop the server at once, so the signal handler is installed before.
    let is_stopped = tokio::select! {
        biased;
        () = &mut stop => true,
        shown = async { show_ready(context, &cloud, &variables) } => { shown?; false }
    };
    if !is_stopped {
        stop.await;
    }
    context.output.remark(&say!(context.output.language, "Stopping.", "종료합니다."));
    cloud.stop().await;
    Ok(())
}

fn cloud_config(options: &Options, context: &Context) -> Result<CloudConfig, Failure> {
    let loopback = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut config = CloudConfig::new(context.path(&options.data)?);
    config.s3 = loopback(options.s3_port);
    config.edge = loopback(options.edge_port);
    config.control = loopback(options.control_port);
    config.services = loopback(options.services_port);
    config.kakao = loopback(options.kakao_port);
    config.pages = options.pages.iter().map(|page| origin(page)).collect::<Result<_, _>>()?;
    config.shapes_2017 = options.shapes_2017;
    config.invalidation_time = Duration::from_secs(options.invalidation_seconds);
    config.google = studio_app("GOOGLE", &context.environment)?;
    config.facebook = studio_app("FACEBOOK", &context.environment)?;
    Ok(config)
}

/// An origin as browsers send it: they leave a usual port and the slash at the end out.
fn origin(page: &str) -> Result<String, Failure> {
    let url = url::Url::parse(page).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let bare = url.filter(|url| url.path() == "/" && url.query().is_none() && url.fragment().is_none());
    bare.map(|url| url.origin().ascii_serialization()).ok_or_else(|| {
        Failure::new(
            ErrorCode::Usage,
            words!(
                "--page {page}: not an origin, like http://localhost:5173",
                "--page {page}: http://localhost:5173과 같은 출처가 아닙니다"
            ),
        )
    })
}

/// Writes the variables where other users of the machine cannot read them: they hold a secret key.
fn export(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    // A file that was there keeps its mode, and a device is everybody's.
    #[cfg(unix)]
    if file.metadata()?.is_file() {
        file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    }
    file.write_all(text.as_bytes())
}

/// The studio's app at a provider, where the environment names one.
fn studio_app(provider: &str, environment: &Environment) -> Result<Option<StudioApp>, Failure> {
    let known = |what: &str| environment.variable(&format!("NARU_{provider}_{what}")).map(str::to_owned);
    match (known("CLIENT_ID"), known("CLIENT_SECRET")) {
        (None, None) => Ok(None),
        (Some(client_id), Some(client_secret)) => {
            Ok(Some(StudioApp { client_id, client_secret, url: known("URL") }))
        }
        _ => Err(Failure::new(
            ErrorCode::Usage,
            words!(
                "set both NARU_{provider}_CLIENT_ID and NARU_{provider}_CLIENT_SECRET, or neither",
                "NARU_{provider}_CLIENT_ID와 NARU_{provider}_CLIENT_SECRET은 둘 다 설정하거나 둘 다 비워 두어야 합니다"
            ),
        )),
    }
}

fn not_exported(path: &Path, error: &std::io::Error) -> Failure {
    Failure::io("writing", path, error).with_hint(words!(
        "check the path after --env-file: its folder must exist and be writable",
        "--env-file 뒤의 경로를 확인하십시오. 폴더가 있어야 하고 쓰기 권한이 필요합니다"
    ))
}

fn variables(cloud: &LocalCloud) -> Vec<(&'static str, String)> {
    let (at, keys) = (cloud.endpoints(), cloud.publisher());
    vec![
        ("AWS_ENDPOINT_URL_S3", at.s3_url.clone()),
        ("AWS_ENDPOINT_URL_CLOUDFRONT", at.control_url.clone()),
        ("AWS_ENDPOINT_URL_COGNITO_IDENTITY", at.control_url.clone()),
        ("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", at.control_url.clone()),
        ("AWS_ACCESS_KEY_ID", keys.access_key_id.clone()),
        ("AWS_SECRET_ACCESS_KEY", keys.secret_access_key.clone()),
        ("AWS_REGION", at.region.clone()),
        // aws cli v1 and boto3 read no other.
        ("AWS_DEFAULT_REGION", at.region.clone()),
        ("NARU_BUCKET", at.bucket.clone()),
        ("NARU_EDGE_URL", at.edge_url.clone()),
        ("NARU_DISTRIBUTION", at.distribution.clone()),
        ("NARU_SERVICES_URL", at.services_url.clone()),
        ("NARU_IDENTITY_POOL", at.identity_pool.clone()),
        ("NARU_USER_POOL", at.user_pool.clone()),
        ("NARU_USER_POOL_CLIENT", at.user_pool_client.clone()),
        ("NARU_KAKAO_URL", at.kakao_url.clone()),
    ]
}

fn show_ready(
    context: &Context,
    cloud: &LocalCloud,
    variables: &[(&'static str, String)],
) -> Result<(), Failure> {
    let Endpoints { identity_pool, developer_provider, .. } = cloud.endpoints();
    context.output.result("serve", &ServeReport { identity_pool, developer_provider, variables })?;
    context.output.remark(&say!(
        context.output.language,
        "Ready. Paste these lines into another shell, then run: naru publish BUILD_DIR. Press Ctrl-C to stop.",
        "준비되었습니다. 위의 줄을 다른 셸에 붙여 넣고 naru publish BUILD_DIR을 실행하십시오. Ctrl-C를 누르면 종료합니다."
    ));
    Ok(())
}
