//! The login: its providers, and Cognito, which takes its word for who a player is.

use aws_sdk_cognitoidentity::Client;
use lambda_http::Error;
use naru_backend::accounts::{self, Login, LoginPlaces};
use naru_backend::platform::{self, BoundedHttp};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::{allowances, aws, cognito, database, providers, setting, tell};

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
    let allowances = allowances(&database(&["allowances"]).await?);
    let routes = accounts::routes(login.accounts, allowances);
    crate::serve(platform::router([routes], tell)).await
}

/// Why a login was refused stands in the log alone. Of the backend's own words and of nobody else's:
/// the SDK's and the runtime's can hold whole requests, tokens among them.
fn log_logins() {
    let lines = tracing_subscriber::fmt::layer().json().flatten_event(true).with_writer(std::io::stderr);
    let ours = Targets::new().with_target("naru_backend", LevelFilter::INFO);
    tracing_subscriber::registry().with(lines).with(ours).init();
}
