//! What the user pool calls once an address is confirmed.

use std::sync::Arc;

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use naru_backend::accounts::Registration;
use naru_backend::platform::SystemClock;
use naru_lambda::{database, registration};
use serde_json::Value;

#[tokio::main]
async fn main() -> Result<(), Error> {
    naru_lambda::log_panics();
    let records = Arc::new(database(&["players"]).await?);
    let accounts = &Registration { records, clock: Arc::new(SystemClock) };
    run(service_fn(async move |event: LambdaEvent<Value>| {
        registration::answer(accounts, event.payload).await
    }))
    .await
}
