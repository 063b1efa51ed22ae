//! Secrets, which neither Terraform nor the environment knows: SSM Parameter Store has them.

use std::time::Duration;

use aws_config::SdkConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_ssm::Client;
use aws_sdk_ssm::config::Builder;
use aws_sdk_ssm::error::{ProvideErrorMetadata, SdkError};
use lambda_http::Error;

use crate::setting;

/// All tries together: a function that is not up after 10 seconds is started over, and never says why.
const PATIENCE: Duration = Duration::from_secs(8);

/// The value of the parameter that a variable names.
pub async fn in_parameter(sdk: &SdkConfig, variable: &str) -> Result<String, Error> {
    let name = setting(variable)?;
    let timeouts = TimeoutConfig::builder().operation_timeout(PATIENCE).build();
    let client = Client::from_conf(Builder::from(sdk).timeout_config(timeouts).build());
    let answer = client.get_parameter().name(&name).with_decryption(true).send().await;
    let parameter = answer.map_err(|error| not_read(variable, &name, code(&error)))?.parameter;
    let value = parameter.and_then(|parameter| parameter.value).filter(|value| !value.is_empty());
    value.ok_or_else(|| not_read(variable, &name, "it has no value").into())
}

/// The error's name and no more: one over an answer that can't be read would show the answer.
fn code<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> &str {
    match error.as_service_error() {
        Some(error) => error.code().unwrap_or("an error without a name"),
        None => "no answer",
    }
}

fn not_read(variable: &str, name: &str, why: &str) -> String {
    format!("the parameter {name} that {variable} names can't be read: {why}")
}
