//! A client that knows only the rules of 2017.

use std::path::Path;

use md5::{Digest as _, Md5};
use naru_store::{ObjectRef, ReadStore};
use serde_json::Value;

/// Installs the live release into an empty folder by the 2017 rules; answers its number.
pub async fn install_2017(store: &dyn ReadStore, prefix: &str, folder: &Path) -> u64 {
    let version: Value = json(store, &format!("{prefix}/version.json"), None).await;
    assert_eq!(version["filedb"], "filedb.db", "a 2017 client reads the list under this name");
    let list = json(store, &format!("{prefix}/filedb.db"), version["s3_versionid"].as_str()).await;
    for row in list.as_array().unwrap() {
        let (path, record) = (row[0].as_str().unwrap(), &row[1]);
        let bytes = get(store, &format!("{prefix}/{path}"), record["s3_versionid"].as_str()).await;
        assert_eq!(
            hex::encode(Md5::digest(&bytes)),
            record["checksum"],
            "the list names other bytes: {path}"
        );
        let place = folder.join(path);
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        std::fs::write(place, bytes).unwrap();
    }
    version["version"].as_u64().unwrap()
}

async fn json(store: &dyn ReadStore, key: &str, version: Option<&str>) -> Value {
    serde_json::from_slice(&get(store, key, version).await).unwrap()
}

async fn get(store: &dyn ReadStore, key: &str, version: Option<&str>) -> Vec<u8> {
    let object = ObjectRef { key: key.into(), version: version.map(str::to_owned) };
    store.read(&object, 1 << 30).await.unwrap().to_vec()
}
