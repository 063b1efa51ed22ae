//! `/datasets`.

use naru_backend::platform;
use naru_backend::player_data::PlayerData;

#[tokio::main]
async fn main() -> Result<(), lambda_http::Error> {
    naru_lambda::log_panics();
    let (database, platform) = naru_lambda::start(&["datasets", "allowances", "board"]).await?;
    let player_data = PlayerData::on_dynamodb(&database, &platform);
    naru_lambda::serve(platform::router([player_data.routes()], naru_lambda::tell)).await
}
