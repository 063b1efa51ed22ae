//! What the functions have in common: they read their environment and start the services on
//! DynamoDB. Everything else is in `naru_backend`.

mod http_api;
pub mod login;
mod providers;
pub mod registration;
mod secret;

use std::env;
use std::sync::Arc;
use std::time::Duration;

use aws_config::{BehaviorVersion, SdkConfig};
use lambda_http::Error;
use naru_backend::platform::{
    Allowances, BoundedHttp, CognitoTokens, DynamoDb, KeySets, Platform, SystemClock, Tables,
};
use naru_backend::statistics::DynamoDbStatistics;
use naru_protocol::Endpoint;
use url::Url;

pub use http_api::serve;

/// Where Cognito has the keys of its tokens.
const COGNITO: &str = "https://cognito-identity.amazonaws.com";

/// For how long the statistics are told without reading them again.
const STATISTICS_SECONDS: &str = "NARU_STATISTICS_SECONDS";

/// What a function of the services works with. `tables` are those that it can't do without; which it may touch
/// is its role's to say.
pub async fn start(tables: &[&str]) -> Result<(DynamoDb, Platform), Error> {
    let database = database(tables).await?;
    let allowances = allowances(&database);
    let platform = Platform { tokens: Arc::new(tokens()?), allowances, clock: Arc::new(SystemClock) };
    Ok((database, platform))
}

/// The tables that the environment names. Without one of those that it needs a function does not start:
/// it would fail at each call, unnoticed. It gets no others, and asking for them is an error.
pub async fn database(needed: &[&str]) -> Result<DynamoDb, Error> {
    let variable = |table: &str| format!("NARU_TABLE_{}", table.to_uppercase());
    for table in needed {
        setting(&variable(table))?;
    }
    let tables = Tables::named(move |table| optional(&variable(table)).unwrap_or_default());
    Ok(DynamoDb::new(&aws().await, tables))
}

fn allowances(database: &DynamoDb) -> Allowances {
    Allowances::new(Arc::new(database.clone()), Arc::new(SystemClock))
}

/// The statistics, told for as long as the environment says.
pub fn counts(database: &DynamoDb) -> Result<DynamoDbStatistics, Error> {
    let counts = DynamoDbStatistics::new(database);
    let Some(seconds) = optional(STATISTICS_SECONDS) else { return Ok(counts) };
    let seconds = seconds.parse().map_err(|_| format!("{STATISTICS_SECONDS} is not a number"))?;
    Ok(counts.telling_for(Duration::from_secs(seconds)))
}

/// A variable of the environment without which there is no work to do.
pub fn setting(name: &str) -> Result<String, Error> {
    Ok(optional(name).ok_or_else(|| format!("{name} is not set"))?)
}

/// Tells the operator, in the JSON of the other log lines.
pub fn tell(fault: &str) {
    log("ERROR", fault);
}

/// Tells the operator of what may be meant.
fn warn(words: &str) {
    log("WARN", words);
}

/// From here on a panic is a log line like others: what AWS puts alarms on reads JSON. The runtime
/// answers the request that met it, and goes on.
pub fn log_panics() {
    std::panic::set_hook(Box::new(|panic| tell(&format!("a fault of our own: {panic}").replace('\n', " "))));
}

fn log(level: &str, message: &str) {
    eprintln!("{}", serde_json::json!({ "level": level, "message": message }));
}

/// Terraform's default for what a studio does not have is the empty text.
fn optional(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// Credentials, region and addresses, as Lambda sets them.
async fn aws() -> SdkConfig {
    aws_config::load_defaults(BehaviorVersion::latest()).await
}

/// A variable that switches something on. Any other value may have been meant to switch it off.
pub fn switch(name: &str) -> Result<bool, Error> {
    match optional(name).as_deref() {
        None => Ok(false),
        Some("on") => Ok(true),
        Some(other) => Err(format!("{name} is {other:?}; it is `on`, or not set").into()),
    }
}

fn tokens() -> Result<CognitoTokens, Error> {
    let keys = KeySets::new(BoundedHttp::new()?);
    let pool = setting("NARU_IDENTITY_POOL")?;
    Ok(CognitoTokens::new(keys, &cognito()?, &pool, Arc::new(SystemClock))?)
}

/// Cognito's own address. Another one is for tests.
fn cognito() -> Result<Url, Error> {
    let address = optional("AWS_ENDPOINT_URL_COGNITO_IDENTITY").unwrap_or_else(|| COGNITO.to_owned());
    let endpoint = Endpoint::parse(&address);
    endpoint.map(Url::from).map_err(|error| format!("AWS_ENDPOINT_URL_COGNITO_IDENTITY: {error}").into())
}
