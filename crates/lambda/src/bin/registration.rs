//! What the user pool calls once an address is confirmed.

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use naru_lambda::{database, registration, setting};
use serde_json::Value;

#[tokio::main]
async fn main() -> Result<(), Error> {
    // Without its name each confirmation would fail; so does the start, where an operator looks.
    setting("NARU_TABLE_PLAYERS")?;
    let players = &database().await;
    run(service_fn(async move |event: LambdaEvent<Value>| registration::answer(players, event.payload).await))
        .await
}
