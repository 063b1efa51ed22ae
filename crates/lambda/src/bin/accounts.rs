//! `/login/…`.

#[tokio::main]
async fn main() -> Result<(), lambda_http::Error> {
    naru_lambda::log_panics();
    naru_lambda::login::serve().await
}
