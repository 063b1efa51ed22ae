//! The login: its providers, and Cognito, which takes its word for who a player is.

use std::sync::Arc;

use aws_sdk_cognitoidentity::Client;
use lambda_http::Error;
use naru_backend::adapters::BoundedHttp;
use naru_backend::domain::ServiceLimits;
use naru_backend::flows::Allowances;
use naru_backend::ports::SystemClock;
use naru_backend::{Login, LoginPlaces, http};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::{aws, cognito, database, http_api, options, providers, setting};

/// Serves the routes of the login.
pub async fn serve() -> Result<(), Error> {
    log_logins();
    let sdk = aws().await;
    let login = Login::open(LoginPlaces {
        http: BoundedHttp::new()?,
        identity_pool: setting("NARU_IDENTITY_POOL")?,
        developer_provider: setting("NARU_DEVELOPER_PROVIDER")?,
        providers: providers::table(&sdk).await?,
        cognito: Client::new(&sdk),
        cognito_url: cognito()?,
    })?;
    let counted = Arc::new(database(&["allowances"]).await?);
    let allowances = Allowances::new(counted, Arc::new(SystemClock), ServiceLimits::default());
    http_api::serve(http::login_router(login.accounts, allowances, options()?)).await
}

/// Why a login was refused stands in the log alone. Of the backend's own words and of nobody else's:
/// the SDK's and the runtime's can hold whole requests, tokens among them.
fn log_logins() {
    let lines = tracing_subscriber::fmt::layer().json().flatten_event(true).with_writer(std::io::stderr);
    let ours = Targets::new().with_target("naru_backend", LevelFilter::INFO);
    tracing_subscriber::registry().with(lines).with(ours).init();
}
