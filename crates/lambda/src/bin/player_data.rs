//! `/datasets`.

#[tokio::main]
async fn main() -> Result<(), lambda_http::Error> {
    naru_lambda::serve(&["datasets", "allowances", "board"]).await
}
