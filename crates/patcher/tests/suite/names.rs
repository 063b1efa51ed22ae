//! What a publisher refuses before anything is uploaded.

use std::sync::Arc;

use naru_patcher::{BadEntry, NotAFile, PublishError, ScanError, TextProblem, Warning};
use naru_protocol::{ErrorCode, NameClash, NameProblem};

use crate::world::{Warnings, World};

#[tokio::test]
async fn all_bad_names_are_listed_at_once_and_nothing_is_uploaded() {
    let world = World::new().await;
    world.set_build(&[("ok", b"1"), ("NUL.txt", b"1"), ("a:b", b"1"), ("deep/trailing.", b"1")]);
    let refused = world.publish().await;
    let Err(PublishError::Scan(ScanError::Entries(names))) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(names.len(), 3, "one run must be enough to mend them all: {names:?}");
    assert!(world.publisher().releases().await.unwrap().is_empty());
}

#[tokio::test]
async fn names_that_are_one_file_on_windows_are_refused() {
    let world = World::new().await;
    world.set_build(&[("Readme.txt", b"1"), ("README.TXT", b"2")]);
    let refused = world.publish().await;
    let Err(PublishError::Scan(ScanError::Entries(entries))) = refused else {
        panic!("{refused:?}");
    };
    assert!(matches!(entries[..], [BadEntry::Clash(NameClash::Files { .. })]), "{entries:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn whatever_keeps_a_build_from_being_published_is_told_in_one_refusal() {
    let world = World::new().await;
    let (composed, decomposed) = ("가.txt", "\u{1100}\u{1161}.txt");
    world.set_build(&[("Art/a", b"1"), ("art/b", b"1"), ("NUL", b"1"), (composed, b"1"), (decomposed, b"2")]);
    std::os::unix::fs::symlink("Art", world.build().join("link")).unwrap();
    let refused = world.publish().await;
    let Err(PublishError::Scan(ScanError::Entries(entries))) = refused else {
        panic!("{refused:?}");
    };
    let is_told = |wanted: fn(&BadEntry) -> bool| entries.iter().any(wanted);
    assert!(is_told(|entry| matches!(entry, BadEntry::Name(name) if name.path == "NUL")));
    assert!(is_told(|entry| matches!(entry, BadEntry::Clash(NameClash::Folders { .. }))));
    assert!(is_told(|entry| matches!(entry, BadEntry::Clash(NameClash::Forms { .. }))));
    assert!(is_told(|entry| matches!(entry, BadEntry::NotAFile(_))));
    assert_eq!(entries.len(), 4, "{entries:?}");
}

#[tokio::test]
async fn what_is_left_out_or_should_be_is_told() {
    let world = World::new().await;
    world.set_build(&[("game", b"1"), (".env", b"KEY=1"), ("deep/server.pem", b"1"), (".svn/entries", b"1")]);
    std::fs::create_dir_all(world.build().join("saves/slot")).unwrap();
    let warnings = Arc::new(Warnings::default());
    let mut publisher = world.publisher();
    publisher.progress = warnings.clone();
    publisher.plan().await.unwrap();
    let secrets = [".env", ".svn", "deep/server.pem"].map(str::to_owned).to_vec();
    let empty = vec!["saves/slot".to_owned()];
    assert_eq!(warnings.take(), [Warning::EmptyFolders(empty), Warning::Secrets(secrets)]);

    let rules = "saves/\n/.env\n.svn/\n!server.pem\n";
    std::fs::write(world.build().join(".naruignore"), rules).unwrap();
    publisher.plan().await.unwrap();
    assert_eq!(warnings.take(), [], "who excludes them, or says that one is meant, knows");
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_is_refused() {
    let world = World::new().await;
    world.set_build(&[("ok", b"1")]);
    std::os::unix::fs::symlink("/etc/passwd", world.build().join("link")).unwrap();
    let refused = world.publish().await;
    let Err(PublishError::Scan(ScanError::Entries(entries))) = refused else {
        panic!("{refused:?}");
    };
    let link = BadEntry::NotAFile(NotAFile { path: "link".into(), is_link: true });
    assert_eq!(entries, [link], "by name, and as what it is");
}

#[cfg(unix)]
#[tokio::test]
async fn a_name_that_is_no_text_is_refused_as_that() {
    use std::os::unix::ffi::OsStrExt;
    let world = World::new().await;
    world.set_build(&[("ok", b"1")]);
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9.txt");
    std::fs::write(world.build().join(name), "1").unwrap();
    let refused = world.publish().await;
    let Err(PublishError::Scan(ScanError::Entries(entries))) = refused else {
        panic!("{refused:?}");
    };
    let [BadEntry::Name(name)] = &entries[..] else {
        panic!("{entries:?}");
    };
    assert_eq!((name.path.as_str(), name.problem), ("caf\u{fffd}.txt", NameProblem::NotUnicode));
}

#[tokio::test]
async fn ignoring_everything_is_told_apart_from_an_empty_folder() {
    let world = World::new().await;
    world.set_build(&[(".naruignore", b"*\n"), ("a", b"1"), ("b/c", b"1"), (".DS_Store", b"1")]);
    let refused = world.publish().await;
    let Err(PublishError::Scan(ScanError::AllIgnored { path, files })) = refused else {
        panic!("{refused:?}");
    };
    assert!(path.ends_with(".naruignore"), "the file to mend: {path:?}");
    assert_eq!(files, 2, "what nobody publishes anyway does not count");

    world.set_build(&[(".naruignore", b"*\n"), (".DS_Store", b"1")]);
    assert!(matches!(world.publish().await, Err(PublishError::Scan(ScanError::Empty(_)))));
}

#[tokio::test]
async fn ignored_files_are_not_published() {
    let world = World::new().await;
    world.set_build(&[
        (".naruignore", b"*.pdb\n/debug/\n!keep.pdb\n"),
        ("game.exe", b"1"),
        ("game.pdb", b"1"),
        ("keep.pdb", b"1"),
        ("debug/x", b"1"),
        ("sub/debug/x", b"1"),
        (".DS_Store", b"1"),
        ("filedb.db", b"a 2017 publisher's own"),
        ("version.json", b"a 2017 publisher's own"),
    ]);
    let plan = world.publisher().plan().await.unwrap();
    let paths: Vec<_> = plan.changes.iter().map(|change| change.path.as_str()).collect();
    assert_eq!(paths, ["game.exe", "keep.pdb", "sub/debug/x"], "gitignore's rules");
}

#[tokio::test]
async fn a_name_that_the_bucket_needs_is_left_out_and_said_so() {
    let world = World::new().await;
    world.set_build(&[("version.json", b"1"), ("filedb.db", b"2"), ("data/version.json", b"3")]);
    let warnings = Arc::new(Warnings::default());
    let mut publisher = world.publisher();
    publisher.progress = warnings.clone();
    let plan = publisher.plan().await.unwrap();
    let paths: Vec<_> = plan.manifest().files().iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths, ["data/version.json"], "only at the top are they the bucket's own");
    let reserved = |name: &str| Warning::ReservedName(name.parse().unwrap());
    assert_eq!(warnings.take(), [reserved("filedb.db"), reserved("version.json")]);

    std::fs::write(world.build().join(".naruignore"), "/version.json\n/filedb.db\n").unwrap();
    publisher.plan().await.unwrap();
    assert_eq!(warnings.take(), [], "who names them knows");
}

#[cfg(unix)]
#[tokio::test]
async fn rules_that_can_not_be_read_whole_are_refused_by_name() {
    use std::os::unix::fs::symlink;
    let world = World::new().await;
    let rules = world.build().join(".naruignore");
    let utf16: Vec<u8> = "secret.txt\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let write = |bytes: &[u8]| std::fs::write(&rules, bytes).unwrap();
    let outside = world.build().parent().unwrap().join("rules");
    std::fs::write(&outside, "secret.txt\n").unwrap();
    let cases: [(&dyn Fn(), TextProblem); 8] = [
        (&|| symlink(&outside, &rules).unwrap(), TextProblem::Link),
        (&|| symlink("nowhere", &rules).unwrap(), TextProblem::Link),
        (&|| std::fs::create_dir(&rules).unwrap(), TextProblem::NotAFile),
        (&|| drop(std::os::unix::net::UnixListener::bind(&rules).unwrap()), TextProblem::NotAFile),
        (&|| write(&[b"*.log\n", &utf16[..]].concat()), TextProblem::Utf16),
        (&|| write(&[b"\xff\xfe", &utf16[..]].concat()), TextProblem::Utf16),
        (&|| write(b"caf\xe9.txt\n"), TextProblem::NotUtf8),
        (&|| write(&vec![b'#'; 2 << 20]), TextProblem::TooLong),
    ];
    for (make, expected) in cases {
        world.set_build(&[("a", b"1"), ("secret.txt", b"key")]);
        make();
        let refused = world.publish().await;
        let Err(PublishError::Scan(error @ ScanError::Text { .. })) = refused else {
            panic!("{expected:?}: secret.txt must not be published: {refused:?}");
        };
        assert_eq!(error.code(), ErrorCode::BadBuild);
        let ScanError::Text { path, problem } = error else { unreachable!() };
        assert_eq!(problem, expected);
        assert!(path.ends_with(".naruignore"), "the file to mend: {path:?}");
    }
    world.set_build(&[("a", b"1"), ("secret.txt", b"key")]);
    write("\u{feff}secret.txt\r\n# 한글\r\n".as_bytes());
    assert_eq!(world.publish().await.unwrap().files, 1, "a byte order mark and CRLF hide no rule");
    assert_eq!(world.publisher().releases().await.unwrap().len(), 1, "nothing else was published");
}
