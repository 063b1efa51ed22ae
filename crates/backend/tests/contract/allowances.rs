//! Rate limits.

use naru_backend::platform::Requester;

use crate::stores::{Stores, player};

fn by(number: u32) -> Requester {
    Requester::Player(player(number))
}

pub async fn a_window_gives_its_limit_and_no_more(stores: Stores) {
    let tasks: Vec<_> = (0..20)
        .map(|_| {
            let allowance = stores.allowance.clone();
            tokio::spawn(async move { allowance.take(&by(1), "score", 7, 5).await.unwrap() })
        })
        .collect();
    let mut granted = 0;
    for task in tasks {
        granted += usize::from(task.await.unwrap());
    }
    assert_eq!(granted, 5, "requests at the same time share one limit");

    let take = |requester: Requester, action, window| {
        let allowance = stores.allowance.clone();
        async move { allowance.take(&requester, action, window, 5).await.unwrap() }
    };
    assert!(take(by(2), "score", 7).await, "another player");
    assert!(take(by(1), "run", 7).await, "another action");
    assert!(take(by(1), "score", 8).await, "the next window");
    let address = || Requester::Address(Some([192, 0, 2, 1].into()));
    for requester in [address(), Requester::Address(None), Requester::Everybody] {
        for _ in 0..5 {
            assert!(take(requester.clone(), "score", 8).await, "{requester:?} is nobody else");
        }
        assert!(!take(requester.clone(), "score", 8).await, "{requester:?}");
    }
}

pub async fn no_request_is_within_a_limit_of_none(stores: Stores) {
    for _ in 0..2 {
        assert!(!stores.allowance.take(&by(1), "run", 7, 0).await.unwrap());
    }
}
