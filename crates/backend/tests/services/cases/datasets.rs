//! Player data.

use naru_protocol::{
    DatasetChanges, DatasetList, DatasetUpdate, DatasetUpdated, Problem, ProblemCode, RecordChange,
};
use reqwest::{Method, StatusCode};

use super::service::{Service, answer, code, problem};

fn put(key: &str, value: &str, sync_count: u64) -> RecordChange {
    RecordChange { key: key.to_owned(), value: Some(value.to_owned()), sync_count }
}

async fn patch(
    service: &Service,
    name: &str,
    changes: Vec<RecordChange>,
) -> Result<DatasetUpdated, Box<Problem>> {
    let request = service.request(Method::PATCH, &format!("/datasets/{name}"), 1);
    let response = request.json(&DatasetUpdate { changes }).send().await.unwrap();
    match response.status() {
        StatusCode::OK => Ok(answer(response, StatusCode::OK).await),
        _ => Err(Box::new(problem(response).await)),
    }
}

#[tokio::test]
async fn two_machines_notice_each_other() {
    let Some(service) = Service::start().await else { return };
    let first = patch(&service, "save", vec![put("level", "3", 0), put("gold", "10", 0)]).await.unwrap();
    assert_eq!(first.sync_count, 1);

    // The other machine knows nothing yet and changes the same record.
    let conflict =
        patch(&service, "save", vec![put("level", "1", 0), put("name", "x", 0)]).await.unwrap_err();
    assert_eq!((conflict.status, conflict.code), (409, ProblemCode::DatasetConflict));
    assert_eq!(conflict.conflicts.len(), 1, "only the record that differs");
    let remote = &conflict.conflicts[0];
    assert_eq!((remote.key.as_str(), remote.value.as_deref(), remote.sync_count), ("level", Some("3"), 1));
    let unchanged: DatasetChanges = service.get("/datasets/save", 1).await;
    assert_eq!((unchanged.sync_count, unchanged.records.len()), (1, 2), "all of it or nothing");

    // Local wins: the same again, with the sync count of the conflict.
    let won = patch(&service, "save", vec![put("level", "1", remote.sync_count), put("name", "x", 0)]).await;
    assert_eq!(won.unwrap().sync_count, 2);
    let since: DatasetChanges = service.get("/datasets/save?since=1", 1).await;
    let keys: Vec<_> = since.records.iter().map(|record| record.key.as_str()).collect();
    assert_eq!((since.whole, keys), (false, vec!["level", "name"]));
}

#[tokio::test]
async fn removals_are_told_and_deletions_start_over() {
    let Some(service) = Service::start().await else { return };
    patch(&service, "save", vec![put("a", "1", 0), put("b", "2", 0)]).await.unwrap();
    let remove = RecordChange { key: "a".to_owned(), value: None, sync_count: 1 };
    patch(&service, "save", vec![remove]).await.unwrap();
    let since: DatasetChanges = service.get("/datasets/save?since=1", 1).await;
    assert_eq!((since.records.len(), since.records[0].value.as_deref()), (1, None));
    let whole: DatasetChanges = service.get("/datasets/save", 1).await;
    assert_eq!((whole.whole, whole.records.len()), (true, 1));

    for _ in 0..2 {
        let delete = service.request(Method::DELETE, "/datasets/save", 1).send().await.unwrap();
        assert_eq!(delete.status(), StatusCode::NO_CONTENT);
    }
    let gone: DatasetChanges = service.get("/datasets/save?since=2", 1).await;
    assert_eq!((gone.exists, gone.whole, gone.sync_count, gone.records.len()), (false, true, 3, 0));
    assert!(service.get::<DatasetList>("/datasets", 1).await.datasets.is_empty());
}

#[tokio::test]
async fn a_client_that_starts_over_may_add_what_was_removed() {
    let Some(service) = Service::start().await else { return };
    patch(&service, "save", vec![put("a", "1", 0), put("b", "2", 0)]).await.unwrap();
    let remove = |sync_count| RecordChange { key: "a".to_owned(), value: None, sync_count };
    patch(&service, "save", vec![remove(1)]).await.unwrap();
    let whole: DatasetChanges = service.get("/datasets/save", 1).await;
    assert!(whole.records.iter().all(|record| record.key != "a"), "it is not told of removals");
    let late = patch(&service, "save", vec![put("a", "x", 1)]).await.unwrap_err();
    assert_eq!(late.conflicts[0].sync_count, 2, "who knew the record learns that it was removed");

    let added = patch(&service, "save", vec![put("a", "again", 0)]).await.unwrap();
    assert_eq!((added.sync_count, added.records[0].value.as_deref()), (3, Some("again")));
    let twice = patch(&service, "save", vec![put("a", "other", 0)]).await.unwrap_err();
    assert_eq!(twice.code, ProblemCode::DatasetConflict, "of two that start over, one is first");
}

#[tokio::test]
async fn the_limits_hold_exactly() {
    let Some(service) = Service::start().await else { return };
    let limit = async |changes| patch(&service, "save", changes).await.unwrap_err().code;
    let many: Vec<_> = (0..1024).map(|number| put(&format!("k{number:04}"), "", 0)).collect();
    patch(&service, "save", many.clone()).await.unwrap();
    assert_eq!(limit(vec![put("one more", "", 0)]).await, ProblemCode::DatasetLimit);
    assert_eq!(limit([many, vec![put("one more", "", 0)]].concat()).await, ProblemCode::DatasetLimit);

    patch(&service, "large", vec![put("k", &"x".repeat((1 << 20) - 1), 0)]).await.unwrap();
    let larger = patch(&service, "large", vec![put("l", "", 0)]).await.unwrap_err();
    assert_eq!(larger.code, ProblemCode::DatasetLimit, "the key counts too");

    assert_eq!(limit(vec![]).await, ProblemCode::DatasetLimit);
    assert_eq!(limit(vec![put("", "", 0)]).await, ProblemCode::DatasetLimit);
    assert_eq!(limit(vec![put(&"가".repeat(129), "", 0)]).await, ProblemCode::DatasetLimit);
    assert_eq!(limit(vec![put("k0000", "1", 1), put("k0000", "2", 1)]).await, ProblemCode::DatasetLimit);
    patch(&service, "other", vec![put(&"가".repeat(128), "", 0)]).await.unwrap();
    for name in ["a%20b", &"x".repeat(129), "%E2%80%AE", "large%23", "large%25", "large%2541"] {
        let request = service.request(Method::GET, &format!("/datasets/{name}"), 1);
        assert_eq!(code(request).await, ProblemCode::DatasetLimit, "{name}");
    }

    for number in 3..20 {
        patch(&service, &format!("d{number}"), vec![put("k", "", 0)]).await.unwrap();
    }
    let too_many = patch(&service, "one-more", vec![put("k", "", 0)]).await.unwrap_err();
    assert_eq!(too_many.code, ProblemCode::DatasetLimit);
}

#[tokio::test]
async fn a_client_that_missed_forgotten_removals_gets_everything() {
    let Some(service) = Service::start().await else { return };
    let keys: Vec<_> = (0..1024).map(|number| format!("k{number}")).collect();
    let mut sync_count = 0;
    for _ in 0..2 {
        let names: Vec<_> = keys.iter().map(|key| format!("{sync_count}{key}")).collect();
        let adds = names.iter().map(|key| put(key, "", 0)).collect();
        sync_count = patch(&service, "save", adds).await.unwrap().sync_count;
        let known = sync_count;
        let removes =
            names.iter().map(|key| RecordChange { key: key.clone(), value: None, sync_count: known });
        sync_count = patch(&service, "save", removes.collect()).await.unwrap().sync_count;
    }
    let late: DatasetChanges = service.get("/datasets/save?since=1", 1).await;
    assert!(late.whole && late.records.is_empty(), "it must drop what it has");
    let recent: DatasetChanges = service.get("/datasets/save?since=3", 1).await;
    assert_eq!((recent.whole, recent.records.len()), (false, 1024));
}

#[tokio::test]
async fn names_that_harm_the_board_are_refused() {
    let Some(service) = Service::start().await else { return };
    let refused = patch(&service, "profile", vec![put("nickname", "a\u{202e}b", 0)]).await.unwrap_err();
    assert_eq!((refused.status, refused.code), (422, ProblemCode::NicknameRefused));
    patch(&service, "save", vec![put("nickname", "a\u{202e}b", 0)]).await.unwrap();
}
