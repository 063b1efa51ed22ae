//! Datasets.

use naru_backend::domain::{Dataset, DatasetName, Deletion, MAX_DATASETS};
use naru_backend::ports::Commit;
use naru_protocol::{DatasetUpdate, RecordChange};

use crate::stores::{Stores, at, player};

fn name(text: &str) -> DatasetName {
    DatasetName::parse(text).unwrap()
}

fn update(changes: &[(&str, Option<&str>, u64)]) -> DatasetUpdate {
    let change = |&(key, value, sync_count): &(&str, Option<&str>, u64)| RecordChange {
        key: key.to_owned(),
        value: value.map(str::to_owned),
        sync_count,
    };
    DatasetUpdate { changes: changes.iter().map(change).collect() }
}

async fn change(stores: &Stores, dataset: &str, changes: &[(&str, Option<&str>, u64)]) -> Commit {
    let revision = load(stores, dataset).await.revise(&update(changes), at(5)).unwrap();
    stores.datasets.commit(&player(1), &name(dataset), &revision).await.unwrap()
}

async fn load(stores: &Stores, dataset: &str) -> Dataset {
    stores.datasets.load(&player(1), &name(dataset)).await.unwrap()
}

pub async fn records_come_back_with_their_sync_counts(stores: Stores) {
    assert_eq!(load(&stores, "save").await, Dataset::absent(0));
    assert_eq!(
        change(&stores, "save", &[("level", Some("3"), 0), ("gold", Some("0"), 0)]).await,
        Commit::Done
    );
    assert_eq!(change(&stores, "save", &[("gold", None, 1), ("이름", Some("나루"), 0)]).await, Commit::Done);
    let dataset = load(&stores, "save").await;
    assert_eq!((dataset.exists, dataset.sync_count), (true, 2));
    let values: Vec<_> =
        dataset.records.iter().map(|(key, record)| (key.as_str(), record.value.as_deref())).collect();
    assert_eq!(values, [("gold", None), ("level", Some("3")), ("이름", Some("나루"))]);
    assert_eq!(dataset.changes_since(1).len(), 2, "what changed in the second update, the removal too");
    assert_eq!(dataset.changes_since(0).len(), 2, "from the start, what there is");

    let list = stores.datasets.list(&player(1)).await.unwrap();
    assert_eq!((list.len(), list[0].records, list[0].sync_count), (1, 2, 2));
    assert_eq!(list[0].bytes, ("level3".len() + "이름나루".len()) as u64);
}

pub async fn a_stale_revision_changes_nothing(stores: Stores) {
    change(&stores, "save", &[("a", Some("1"), 0)]).await;
    let revision = load(&stores, "save").await.revise(&update(&[("b", Some("2"), 0)]), at(6)).unwrap();
    change(&stores, "save", &[("c", Some("3"), 0)]).await;
    let before = load(&stores, "save").await;
    let commit = stores.datasets.commit(&player(1), &name("save"), &revision).await.unwrap();
    assert_eq!(commit, Commit::Stale);
    assert_eq!(load(&stores, "save").await, before);
}

pub async fn of_revisions_at_once_one_is_stored(stores: Stores) {
    let tasks: Vec<_> = (0..8)
        .map(|task| {
            let datasets = stores.datasets.clone();
            let update = update(&[("k", Some(&task.to_string()), 0)]);
            let revision = Dataset::absent(0).revise(&update, at(1)).unwrap();
            tokio::spawn(async move { datasets.commit(&player(1), &name("save"), &revision).await.unwrap() })
        })
        .collect();
    let mut done = 0;
    for task in tasks {
        done += usize::from(task.await.unwrap() == Commit::Done);
    }
    assert_eq!(done, 1);
    assert_eq!(load(&stores, "save").await.sync_count, 1);
}

pub async fn a_deleted_dataset_never_counts_backwards(stores: Stores) {
    for count in 0..3 {
        change(&stores, "save", &[("a", Some("1"), count)]).await;
    }
    for expected in [Deletion::Deleted, Deletion::Absent] {
        assert_eq!(stores.datasets.delete(&player(1), &name("save")).await.unwrap(), expected);
    }
    let gone = load(&stores, "save").await;
    assert_eq!((gone.exists, gone.sync_count, gone.records.len()), (false, 4, 0));
    assert!(gone.must_start_over(3), "who knew the old records must drop them");

    assert_eq!(change(&stores, "save", &[("b", Some("2"), 0)]).await, Commit::Done);
    let anew = load(&stores, "save").await;
    assert_eq!((anew.sync_count, anew.records.len()), (5, 1));
    assert!(anew.must_start_over(3) && !anew.must_start_over(5));
}

pub async fn one_dataset_too_many_is_refused(stores: Stores) {
    for number in 0..MAX_DATASETS {
        assert_eq!(change(&stores, &format!("d{number}"), &[("a", Some("1"), 0)]).await, Commit::Done);
    }
    assert_eq!(change(&stores, "another", &[("a", Some("1"), 0)]).await, Commit::TooMany);
    assert_eq!(
        change(&stores, "d3", &[("a", Some("2"), 1)]).await,
        Commit::Done,
        "those that are there change"
    );
    stores.datasets.delete(&player(1), &name("d0")).await.unwrap();
    assert_eq!(change(&stores, "another", &[("a", Some("1"), 0)]).await, Commit::Done);
}

pub async fn datasets_of_another_player_are_out_of_reach(stores: Stores) {
    change(&stores, "save", &[("a", Some("1"), 0)]).await;
    assert_eq!(stores.datasets.load(&player(2), &name("save")).await.unwrap(), Dataset::absent(0));
    assert!(stores.datasets.list(&player(2)).await.unwrap().is_empty());
    assert_eq!(stores.datasets.delete(&player(2), &name("save")).await.unwrap(), Deletion::Absent);
    assert!(load(&stores, "save").await.exists);
}
