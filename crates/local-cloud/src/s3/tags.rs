//! The tags of an object's version.
//!
//! Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html>

use std::collections::BTreeMap;

use s3s::dto::*;
use s3s::{S3Error, S3ErrorCode, S3Result, s3_error};
use url::form_urlencoded;

use super::S3Api;

/// The most tags of a version, and the most characters of a name and a value.
const MOST_TAGS: usize = 10;
const MOST_NAME: usize = 128;
const MOST_VALUE: usize = 256;

pub(super) type Tags = BTreeMap<String, String>;

/// Reads `x-amz-tagging`: a query string.
pub(super) fn of_header(header: Option<&str>) -> S3Result<Tags> {
    checked(form_urlencoded::parse(header.unwrap_or_default().as_bytes()).into_owned())
}

fn checked(tags: impl Iterator<Item = (String, String)>) -> S3Result<Tags> {
    let mut checked = Tags::new();
    for (name, value) in tags {
        if name.is_empty() || name.chars().count() > MOST_NAME || value.chars().count() > MOST_VALUE {
            return Err(s3_error!(InvalidTag, "A tag has 1 to 128 characters, and its value up to 256"));
        }
        if checked.insert(name, value).is_some() {
            return Err(s3_error!(InvalidTag, "Cannot provide multiple Tags with the same key"));
        }
    }
    match checked.len() <= MOST_TAGS {
        true => Ok(checked),
        false => Err(too_many()),
    }
}

fn too_many() -> S3Error {
    let code = S3ErrorCode::Custom("BadRequest".into());
    let mut error = S3Error::with_message(code, "Object tags cannot be greater than 10");
    error.set_status_code(hyper::StatusCode::BAD_REQUEST);
    error
}

impl S3Api {
    pub(super) fn tags_get(&self, input: &GetObjectTaggingInput) -> S3Result<GetObjectTaggingOutput> {
        let (version, _) = self.readable(&input.bucket, &input.key, input.version_id.as_deref())?;
        let tags = version.headers.tags.into_iter();
        Ok(GetObjectTaggingOutput {
            tag_set: tags.map(|(name, value)| Tag { key: Some(name), value: Some(value) }).collect(),
            version_id: Some(version.id),
        })
    }

    pub(super) async fn tags_put(&self, input: PutObjectTaggingInput) -> S3Result<PutObjectTaggingOutput> {
        let tags = input.tagging.tag_set.into_iter();
        let tags = checked(tags.map(|tag| (tag.key.unwrap_or_default(), tag.value.unwrap_or_default())))?;
        let version_id = self.retag(input.bucket, input.key, input.version_id, tags).await?;
        Ok(PutObjectTaggingOutput { version_id: Some(version_id) })
    }

    pub(super) async fn tags_delete(
        &self,
        input: DeleteObjectTaggingInput,
    ) -> S3Result<DeleteObjectTaggingOutput> {
        let version_id = self.retag(input.bucket, input.key, input.version_id, Tags::new()).await?;
        Ok(DeleteObjectTaggingOutput { version_id: Some(version_id) })
    }

    async fn retag(
        &self,
        bucket: String,
        key: String,
        version_id: Option<String>,
        tags: Tags,
    ) -> S3Result<String> {
        let (version, _) = self.readable(&bucket, &key, version_id.as_deref())?;
        let id = version.id.clone();
        self.blocking(move |storage| storage.index.set_tags(&bucket, &key, &version.id, tags)).await?;
        Ok(id)
    }
}
