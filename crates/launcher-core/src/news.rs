//! The studio's news.

use std::sync::Arc;

use naru_protocol::Endpoint;
use naru_store::Network;

use crate::services_client::Services;
use crate::view::{NewsItem, Problem};

/// A generous limit for news.
const MOST: usize = 50;

/// Fetches the studio's news.
pub struct News {
    address: Option<Endpoint>,
    network: Arc<Network>,
}

impl News {
    pub(crate) fn new(address: Option<Endpoint>, network: Arc<Network>) -> Self {
        Self { address, network }
    }

    /// The news in the studio's order; none where no address is configured.
    pub async fn items(&self) -> Result<Vec<NewsItem>, Problem> {
        let Some(address) = &self.address else {
            return Ok(Vec::new());
        };
        let mut news: Vec<NewsItem> = Services::open(address.url(), &self.network)?.read("", None).await?;
        news.truncate(MOST);
        Ok(news)
    }
}
