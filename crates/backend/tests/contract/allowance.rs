//! Rate limits.

use naru_backend::domain::Action;

use crate::stores::{Stores, player};

pub async fn a_window_gives_its_limit_and_no_more(stores: Stores) {
    let tasks: Vec<_> = (0..20)
        .map(|_| {
            let allowance = stores.allowance.clone();
            tokio::spawn(async move { allowance.take(&player(1), Action::SubmitScore, 7, 5).await.unwrap() })
        })
        .collect();
    let mut granted = 0;
    for task in tasks {
        granted += usize::from(task.await.unwrap());
    }
    assert_eq!(granted, 5, "requests at the same time share one limit");

    let take = |by, action, window| {
        let allowance = stores.allowance.clone();
        async move { allowance.take(&player(by), action, window, 5).await.unwrap() }
    };
    assert!(take(2, Action::SubmitScore, 7).await, "another player");
    assert!(take(1, Action::IssueRun, 7).await, "another action");
    assert!(take(1, Action::SubmitScore, 8).await, "the next window");
}

pub async fn no_request_is_within_a_limit_of_none(stores: Stores) {
    for _ in 0..2 {
        assert!(!stores.allowance.take(&player(1), Action::IssueRun, 7, 0).await.unwrap());
    }
}
