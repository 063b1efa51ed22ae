//! The user pool's post-confirmation trigger.
//! <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-post-confirmation.html>

use std::time::Duration;

use lambda_runtime::Error;
use naru_backend::accounts::Registration;
use naru_backend::platform::PlayerId;
use serde_json::Value;
use tokio::time::timeout;

use crate::tell;

/// An account is new. The trigger also comes after a forgotten password, when there is nothing to do.
const NEW_ACCOUNT: &str = "PostConfirmation_ConfirmSignUp";

/// The user pool waits 5 seconds. Giving up before that leaves time to report why.
const PATIENCE: Duration = Duration::from_secs(4);

/// Makes the record of a new account. The user pool takes back the event itself, unchanged.
pub async fn answer(accounts: &Registration, event: Value) -> Result<Value, Error> {
    if event["triggerSource"] == NEW_ACCOUNT
        && let Err(error) = register(accounts, &event["request"]["userAttributes"]).await
    {
        tell(&format!("a new account has no record: {error}"));
        // The user pool shows these words to the player.
        return Err("the account is confirmed, but its record could not be made".into());
    }
    Ok(event)
}

async fn register(accounts: &Registration, attributes: &Value) -> Result<(), Error> {
    let account = PlayerId::parse(attribute(attributes, "sub")?)?;
    let registered = accounts.register(account, attribute(attributes, "email")?);
    timeout(PATIENCE, registered).await.map_err(|_| "the table did not answer in time")??;
    Ok(())
}

fn attribute<'a>(attributes: &'a Value, name: &str) -> Result<&'a str, Error> {
    let value = attributes[name].as_str();
    Ok(value.ok_or_else(|| format!("the event has no request.userAttributes.{name}"))?)
}
