//! What the functions have in common: they read their environment and start the services on
//! DynamoDB. Everything else is in `naru_backend`.

use std::env;
use std::sync::Arc;

use aws_config::BehaviorVersion;
use lambda_http::Error;
use naru_backend::adapters::{BoundedHttp, CognitoTokens, DynamoDb, EngineLimits, KeySets, QuickJs, Tables};
use naru_backend::ports::SystemClock;
use naru_backend::{SAMPLE_GAME, Services, http};
use url::Url;

/// Where Cognito has the keys of its tokens.
const COGNITO: &str = "https://cognito-identity.amazonaws.com";

/// Serves the routes of the services. Which of them reach a function is the API's to say, and which tables
/// it may touch is its role's.
pub async fn serve() -> Result<(), Error> {
    let game = QuickJs::load(SAMPLE_GAME, EngineLimits::default())?;
    let services = Services::on_dynamodb(&database().await, Arc::new(game), Arc::new(tokens()?));
    let options = http::Options { on_fault: tell, shapes_2017: env::var("NARU_SHAPES_2017").is_ok() };
    lambda_http::run(http::services_router(services, options)).await
}

/// The tables that the environment names. A function is told of those that it has a right to; one that
/// it is not told of has no name, and asking for it is an error.
pub async fn database() -> DynamoDb {
    let sdk = aws_config::load_defaults(BehaviorVersion::latest()).await;
    let name_of = |table: &str| env::var(format!("NARU_TABLE_{}", table.to_uppercase())).unwrap_or_default();
    DynamoDb::new(&sdk, Tables::named(name_of))
}

fn tokens() -> Result<CognitoTokens, Error> {
    let pool = env::var("NARU_IDENTITY_POOL").map_err(|_| "NARU_IDENTITY_POOL is not set")?;
    // Another address is for tests.
    let endpoint = env::var("AWS_ENDPOINT_URL_COGNITO_IDENTITY").unwrap_or_else(|_| COGNITO.to_owned());
    let keys = KeySets::new(BoundedHttp::new()?);
    Ok(CognitoTokens::new(keys, &Url::parse(&endpoint)?, &pool, Arc::new(SystemClock))?)
}

/// Tells the operator, in the JSON of the other log lines.
pub fn tell(fault: &str) {
    eprintln!("{}", serde_json::json!({ "level": "ERROR", "message": fault }));
}
