//! The consumer of the stream of scores.

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use naru_backend::statistics::consume_batch;
use serde_json::Value;

#[tokio::main]
async fn main() -> Result<(), Error> {
    naru_lambda::log_panics();
    let database = &naru_lambda::database(&["statistics", "counted", "board"]).await?;
    run(service_fn(async move |event: LambdaEvent<Value>| -> Result<Value, Error> {
        let answer = consume_batch(database, &event.payload.to_string(), naru_lambda::tell).await?;
        Ok(serde_json::from_str(&answer)?)
    }))
    .await
}
