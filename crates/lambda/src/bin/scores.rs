//! `/runs`, `/scores`, `/scoreboard`, `/scorehistory`.

#[tokio::main]
async fn main() -> Result<(), lambda_http::Error> {
    naru_lambda::log_panics();
    naru_lambda::serve(&["runs", "playing", "scores", "board", "statistics", "allowances", "datasets"]).await
}
