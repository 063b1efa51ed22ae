//! The login on `axum::serve`.

use std::sync::Arc;

use naru_backend::platform::{Allowances, SystemClock};
use naru_backend::{accounts, open_database, platform};
use naru_local_cloud::LocalCloud;
use tempfile::TempDir;

use crate::cases::embedded::login;

pub struct LoginHost {
    pub url: String,
    _folder: TempDir,
}

impl LoginHost {
    pub async fn start(cloud: &LocalCloud) -> Option<LoginHost> {
        let folder = tempfile::tempdir().unwrap();
        let counted = Arc::new(open_database(&folder.path().join("services.db")).unwrap());
        let allowances = Allowances::new(counted, Arc::new(SystemClock));
        let routes = accounts::routes(login(cloud).accounts, allowances);
        let router = platform::router([routes], |_| {});
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Some(LoginHost { url, _folder: folder })
    }
}
