//! A build folder that changes while it is published is no release.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use naru_patcher::{Phase, PhaseProgress, ProgressSink, PublishError, ScanError, Silent, Total, Warning};
use naru_protocol::ErrorCode;

use crate::world::{World, noise};

/// Does something to the build when a phase begins.
struct Meddler {
    phase: Phase,
    meddle: Box<dyn Fn() + Send + Sync>,
}

impl ProgressSink for Meddler {
    fn start(&self, phase: Phase, total: Total) -> Box<dyn PhaseProgress> {
        if phase == self.phase {
            (self.meddle)();
        }
        Silent.start(phase, total)
    }

    fn warn(&self, _warning: Warning) {}
}

/// What a publish answers whose build is meddled with; nothing of it may be out.
async fn meddled(
    world: &World,
    phase: Phase,
    meddle: impl Fn(&Path) + Send + Sync + 'static,
) -> (ScanError, PathBuf) {
    // One part of more than one request, and one small file.
    let large = noise(9 << 20, 5);
    world.set_build(&[("folder/small", b"small"), ("large", &large)]);
    let mut publisher = world.publisher();
    let build = world.build();
    publisher.progress = Arc::new(Meddler { phase, meddle: Box::new(move || meddle(&build)) });
    let published = async { publisher.publish(publisher.plan().await?).await };
    let failed = published.await.expect_err("the build of the plan is no more");
    assert_eq!(failed.code(), ErrorCode::BadBuild, "{phase:?}: the store has no part in it: {failed:?}");
    assert!(world.publisher().releases().await.unwrap().is_empty(), "no release is out");
    let PublishError::Scan(error) = failed else { panic!("{failed:?}") };
    let path = match &error {
        ScanError::Vanished { path } | ScanError::Changing { path } => path.clone(),
        other => panic!("{other:?}"),
    };
    (error, path)
}

#[tokio::test]
async fn a_file_that_vanishes_is_named() {
    for phase in [Phase::Scan, Phase::Upload] {
        for name in ["folder/small", "large"] {
            let world = World::new().await;
            let (error, path) =
                meddled(&world, phase, move |build| std::fs::remove_file(build.join(name)).unwrap()).await;
            assert!(matches!(error, ScanError::Vanished { .. }), "{phase:?}: {error:?}");
            assert!(path.ends_with(name), "{phase:?}: {path:?} is not {name}");
        }
    }
}

#[tokio::test]
async fn a_build_folder_that_is_renamed_is_no_release() {
    for phase in [Phase::Scan, Phase::Upload] {
        let world = World::new().await;
        let rename = |build: &Path| {
            std::fs::rename(build, build.with_file_name("elsewhere")).unwrap();
            // What a build tool makes in its place is another build.
            std::fs::create_dir(build).unwrap();
        };
        let (error, _) = meddled(&world, phase, rename).await;
        assert!(matches!(error, ScanError::Vanished { .. }), "{phase:?}: {error:?}");
    }
}

#[tokio::test]
async fn a_file_that_changes_while_it_is_sent_is_named() {
    for name in ["folder/small", "large"] {
        let world = World::new().await;
        let (error, path) = meddled(&world, Phase::Upload, move |build| {
            std::fs::write(build.join(name), b"other bytes").unwrap();
        })
        .await;
        assert!(matches!(error, ScanError::Changing { .. }), "{error:?}");
        assert!(path.ends_with(name), "{path:?}");
    }
}
