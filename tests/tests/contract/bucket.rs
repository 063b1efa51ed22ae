//! What publishing leaves in the bucket: keys, versions, headers and the bytes of every document.

use std::collections::BTreeMap;

use naru_protocol::unpack_own;
use naru_store::{ObjectRef, ReadStore, WriteStore};
use naru_tests::Cloud;
use serde_json::Value;

use super::session::{Session, first_release, second_release};

#[test]
fn the_bucket_is_filled_as_it_always_was() {
    let mut session = Session::start("bucket");
    session.build(&first_release());
    for (line, what) in [
        ("publish ../build --yes --notes ../notes.md", "# after the first release"),
        ("publish ../build --yes", "# after publishing the same again: nothing is written"),
    ] {
        session.write("notes.md", "The cave opens.\n");
        publish(&mut session, line, what);
    }
    session.build(&second_release());
    publish(&mut session, "publish ../build --yes", "# after the second release");
    publish(&mut session, "rollback 1 --yes", "# after going back to the first");
    publish(&mut session, "publish ../build --yes --channel beta", "# after the second release on beta");
    session.golden.check();
}

fn publish(session: &mut Session, line: &str, what: &str) {
    let arguments: Vec<&str> = line.split(' ').collect();
    session.naru.run(&arguments).succeeded();
    session.golden.heading(what);
    for (name, lines) in describe(&session.cloud) {
        session.golden.line(&name);
        lines.iter().for_each(|line| session.golden.line(&format!("    {line}")));
    }
}

/// All versions of all objects, with their places in time instead of the ids that the store made up.
struct Objects {
    /// Key and number (from 1, the oldest), with the version's id and its bytes.
    versions: Vec<(String, usize, String, Vec<u8>)>,
    /// What stands for ids and for digests over ids.
    names: BTreeMap<String, String>,
}

fn describe(cloud: &Cloud) -> BTreeMap<String, Vec<String>> {
    let mut objects = Objects { versions: cloud.runtime().block_on(versions(cloud)), names: BTreeMap::new() };
    for (key, number, id, _) in &objects.versions {
        objects.names.insert(id.clone(), format!("<{key}#{number}>"));
    }
    objects.name_locations();
    let described = objects.versions.iter().map(|(key, number, id, bytes)| {
        let object = ObjectRef::at(key, id);
        let mut lines = vec![cloud.runtime().block_on(cloud.headers(&object))];
        if is_steady(key) {
            lines.push(format!("md5 {}", hex_md5(bytes)));
        }
        lines.extend(document(key, bytes).iter().map(|text| objects.named(text)));
        (format!("{}#{number}", objects.named(key)), lines)
    });
    described.collect()
}

impl Objects {
    /// A list of locations is named by its digest, and has version ids in it: it is called after the
    /// pointer that names it first.
    fn name_locations(&mut self) {
        let mut pointers: Vec<_> =
            self.versions.iter().filter(|(key, ..)| key.ends_with("version.json")).collect();
        pointers.sort_by_key(|(key, number, ..)| (key.clone(), *number));
        for (key, number, _, bytes) in pointers {
            for line in pointer(bytes) {
                let digest = line.split(r#""locations":{"digest":""#).nth(1).map(|rest| &rest[..64]);
                let name = format!("<locations of {key}#{number}>");
                digest.map(|digest| self.names.entry(digest.to_owned()).or_insert(name));
            }
        }
    }

    fn named(&self, text: &str) -> String {
        self.names.iter().fold(text.to_owned(), |text, (found, name)| text.replace(found, name))
    }
}

async fn versions(cloud: &Cloud) -> Vec<(String, usize, String, Vec<u8>)> {
    let bucket = cloud.bucket();
    let (mut listed, mut after) = (Vec::new(), None);
    loop {
        let page = bucket.version_page("", after).await.unwrap();
        listed.extend(page.versions);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut found = Vec::new();
    // Listed newest first.
    for (key, version) in listed.into_iter().rev() {
        let number = counts.entry(key.clone()).or_default();
        *number += 1;
        let object = ObjectRef::at(&key, &version.version);
        let bytes = bucket.read(&object, 1 << 30).await.unwrap().to_vec();
        found.push((key, *number, version.version, bytes));
    }
    found
}

/// Whether the same builds always give the same bytes.
fn is_steady(key: &str) -> bool {
    !["/locations/", "/probe", "version.json", "filedb.db"].iter().any(|part| key.contains(part))
}

fn hex_md5(bytes: &[u8]) -> String {
    use md5::Digest as _;
    hex::encode(md5::Md5::digest(bytes))
}

/// The text of a document, line by line as the contract shows it.
fn document(key: &str, bytes: &[u8]) -> Vec<String> {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    match key {
        _ if key.ends_with("version.json") => pointer(bytes),
        _ if key.ends_with("filedb.db") => vec![text(bytes)],
        _ if key.contains("/manifest/") || key.contains("/locations/") => {
            vec![text(&unpack_own(bytes).unwrap())]
        }
        _ => Vec::new(),
    }
}

/// The pointer's bytes, and the payload that is to be signed, with the time that it was issued at replaced.
fn pointer(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    let value: Value = serde_json::from_str(&text).unwrap();
    let encoded = value["naru"]["payload"].as_str().unwrap();
    let envelope: naru_protocol::Envelope = serde_json::from_value(value["naru"].clone()).unwrap();
    let payload = String::from_utf8(envelope.payload().unwrap()).unwrap();
    let inner: Value = serde_json::from_str(&payload).unwrap();
    let issued = inner["issued_at"].as_str().unwrap();
    vec![text.replace(encoded, "<payload>"), payload.replace(issued, "<time>")]
}
