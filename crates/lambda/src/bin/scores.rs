//! `/runs`, `/scores`, `/scoreboard`, `/scorehistory`.

use std::sync::Arc;

use naru_backend::scores::{EngineLimits, QuickJs, Scores};
use naru_backend::statistics::Statistics;
use naru_backend::{SAMPLE_GAME, platform};

/// What the function can't do without; the names on the board come from the players' `datasets`.
const TABLES: [&str; 7] = ["runs", "playing", "scores", "board", "statistics", "allowances", "datasets"];

#[tokio::main]
async fn main() -> Result<(), lambda_http::Error> {
    naru_lambda::log_panics();
    let (database, platform) = naru_lambda::start(&TABLES).await?;
    let shapes_2017 = naru_lambda::switch("NARU_SHAPES_2017")?;
    let game = QuickJs::load(SAMPLE_GAME, EngineLimits::default())?;
    let scores = Scores::on_dynamodb(&database, Arc::new(game), &platform);
    let statistics = Statistics::on_dynamodb(naru_lambda::counts(&database)?, &platform.allowances);
    let routes = [scores.routes(shapes_2017), statistics.routes(shapes_2017)];
    naru_lambda::serve(platform::router(routes, naru_lambda::tell)).await
}
