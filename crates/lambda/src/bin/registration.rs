//! What the user pool calls once an address is confirmed.

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use naru_lambda::{database, registration};
use serde_json::Value;

#[tokio::main]
async fn main() -> Result<(), Error> {
    naru_lambda::log_panics();
    let players = &database(&["players"]).await?;
    run(service_fn(async move |event: LambdaEvent<Value>| registration::answer(players, event.payload).await))
        .await
}
