//! `/runs`, `/scores`, `/scoreboard`

mod runs;
mod scoreboard;
mod scores;
mod shapes_2017;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Scores;

pub(super) fn routes(shapes_2017: bool) -> OpenApiRouter<Scores> {
    let routes = OpenApiRouter::new()
        .routes(routes!(runs::issue))
        .routes(routes!(scores::submit))
        .routes(routes!(scoreboard::page));
    match shapes_2017 {
        true => routes.routes(routes!(shapes_2017::scoreboard)),
        false => routes,
    }
}
