//! The board and the statistics.

use naru_protocol::{ScoreHistory, ScoreboardPage, Standing};
use serde::de::DeserializeOwned;
use url::form_urlencoded;

use super::Scores;
use crate::view::{Board, BoardRow, Problem, ProblemCode, Statistics, StatisticsBar};

/// Players on one page.
const PAGE: &str = "20";

impl Scores {
    /// A page of the board; `after` is the `next` of the one before. With the player's own place,
    /// where he is logged in.
    pub async fn board(&self, after: Option<String>) -> Result<Board, Problem> {
        let page: ScoreboardPage = self.ask_scores(&route(after.as_deref())).await?;
        Ok(Board {
            rows: page.standings.into_iter().map(row).collect(),
            own: page.own.map(row),
            next: page.next,
        })
    }

    /// How often which scores were reached.
    pub async fn statistics(&self) -> Result<Statistics, Problem> {
        let history: ScoreHistory = self.ask_scores("/scorehistory").await?;
        let bar = |bar: naru_protocol::Bar| StatisticsBar { from: bar.from, count: bar.count };
        Ok(Statistics {
            total: history.total,
            width: history.width,
            bars: history.bars.into_iter().map(bar).collect(),
        })
    }

    /// Asks as the player; if the services refuse a new token too, without a login.
    async fn ask_scores<T: DeserializeOwned>(&self, path_and_query: &str) -> Result<T, Problem> {
        let services = self.account.services()?;
        for _ in 0..2 {
            let Some(token) = self.account.fresh_token().await else { break };
            match services.read(path_and_query, Some(&token)).await {
                Err(problem) if problem.code == ProblemCode::NotLoggedIn => self.account.refused(&token),
                answer => return answer,
            }
        }
        services.read(path_and_query, None).await
    }
}

fn route(after: Option<&str>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("limit", PAGE);
    if let Some(after) = after {
        query.append_pair("after", after);
    }
    format!("/scoreboard?{}", query.finish())
}

fn row(standing: Standing) -> BoardRow {
    BoardRow {
        rank: standing.rank,
        score: standing.score,
        nickname: standing.nickname,
        tag: standing.tag,
        reached_at: standing.reached_at.to_string(),
    }
}
