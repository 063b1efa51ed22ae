//! Refuses requests for features that this endpoint lacks. If it ignored them and answered 200, a client
//! would believe that its object is locked, encrypted with its key, or private.

use hyper::{HeaderMap, Method, Uri};
use s3s::dto::{ServerSideEncryption, StorageClass};
use s3s::{S3Error, S3Result, s3_error};

/// Headers of S3 that are carried out, checked, or mean nothing here.
const KNOWN: &[&str] = &[
    "x-amz-acl",
    "x-amz-bypass-governance-retention",
    "x-amz-checksum-algorithm",
    "x-amz-checksum-mode",
    "x-amz-checksum-type",
    "x-amz-content-sha256",
    "x-amz-copy-source",
    "x-amz-copy-source-if-match",
    "x-amz-copy-source-if-modified-since",
    "x-amz-copy-source-if-none-match",
    "x-amz-copy-source-if-unmodified-since",
    "x-amz-copy-source-range",
    "x-amz-date",
    "x-amz-decoded-content-length",
    "x-amz-max-parts",
    "x-amz-metadata-directive",
    "x-amz-mp-object-size",
    "x-amz-object-attributes",
    "x-amz-object-ownership",
    "x-amz-part-number-marker",
    "x-amz-request-payer",
    "x-amz-sdk-checksum-algorithm",
    "x-amz-security-token",
    "x-amz-server-side-encryption",
    "x-amz-storage-class",
    "x-amz-tagging",
    "x-amz-tagging-directive",
    "x-amz-te",
    "x-amz-trailer",
    "x-amz-user-agent",
];

/// Names that begin so: the client's own metadata, and checksums, which are verified.
const KNOWN_STARTS: &[&str] = &["x-amz-meta-", "x-amz-checksum-"];

/// What a signature in the query consists of, and what SDKs put beside it.
const KNOWN_IN_QUERY: &[&str] = &[
    "x-amz-algorithm",
    "x-amz-content-sha256",
    "x-amz-credential",
    "x-amz-date",
    "x-amz-expires",
    "x-amz-sdk-checksum-algorithm",
    "x-amz-security-token",
    "x-amz-signature",
    "x-amz-signedheaders",
];

/// Storage classes whose objects can be read at once, as all of them can be here.
const CLASSES: &[&str] = &[
    StorageClass::STANDARD,
    StorageClass::STANDARD_IA,
    StorageClass::ONEZONE_IA,
    StorageClass::INTELLIGENT_TIERING,
    StorageClass::GLACIER_IR,
    StorageClass::REDUCED_REDUNDANCY,
];

/// Refuses a request that asks for more than is done.
pub(super) fn refuse(method: &Method, uri: &Uri, headers: &HeaderMap) -> S3Result<()> {
    if let Some(name) = headers.keys().map(|name| name.as_str()).find(|name| !is_known(name)) {
        return Err(unimplemented(name));
    }
    let pairs = uri.query().unwrap_or_default().split('&');
    let names = pairs.map(|pair| pair.split_once('=').map_or(pair, |(name, _)| name).to_ascii_lowercase());
    if let Some(name) = names.into_iter().find(|name| !is_known_in_query(name)) {
        return Err(unimplemented(&name));
    }
    // Of an answer, `Expires` would also be a lifetime for the edge.
    if *method != Method::GET && headers.contains_key("expires") {
        return Err(unimplemented("Expires"));
    }
    check_values(headers)
}

fn is_known(name: &str) -> bool {
    !name.starts_with("x-amz-") || KNOWN.contains(&name) || has_known_start(name)
}

fn is_known_in_query(name: &str) -> bool {
    !name.starts_with("x-amz-") || KNOWN_IN_QUERY.contains(&name) || has_known_start(name)
}

fn has_known_start(name: &str) -> bool {
    KNOWN_STARTS.iter().any(|start| name.starts_with(start))
}

fn check_values(headers: &HeaderMap) -> S3Result<()> {
    let value = |name| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    if let Some(class) = value("x-amz-storage-class")
        && !CLASSES.contains(&class)
    {
        return Err(match class {
            StorageClass::GLACIER | StorageClass::DEEP_ARCHIVE => unimplemented("x-amz-storage-class"),
            _ => s3_error!(InvalidStorageClass, "The storage class you specified is not valid"),
        });
    }
    if value("x-amz-server-side-encryption").is_some_and(|kind| kind != ServerSideEncryption::AES256) {
        return Err(unimplemented("x-amz-server-side-encryption"));
    }
    // Buckets of today have no access lists, and take only what says so.
    if value("x-amz-acl").is_some_and(|acl| !matches!(acl, "private" | "bucket-owner-full-control")) {
        return Err(s3_error!(AccessControlListNotSupported, "The bucket does not allow ACLs"));
    }
    if value("x-amz-object-ownership").is_some_and(|owner| owner != "BucketOwnerEnforced") {
        return Err(unimplemented("x-amz-object-ownership"));
    }
    Ok(())
}

fn unimplemented(name: &str) -> S3Error {
    s3_error!(NotImplemented, "A header you provided implies functionality that is not implemented: {name}")
}
