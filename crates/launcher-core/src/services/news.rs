//! The studio's news.

use crate::core::Core;
use crate::services::Services;
use crate::view::{NewsItem, Problem};

/// More than anybody reads at once.
const MOST: usize = 50;

impl Core {
    /// The studio's news, in the studio's order; none where no address is configured.
    pub async fn news(&self) -> Result<Vec<NewsItem>, Problem> {
        let Some(url) = &self.endpoints.news else {
            return Ok(Vec::new());
        };
        let mut news: Vec<NewsItem> = Services::open(url.url(), &self.surroundings)?.read("", None).await?;
        news.truncate(MOST);
        Ok(news)
    }
}
