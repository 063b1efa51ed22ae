//! The S3 endpoint: crate `s3s` speaks the protocol and checks signatures, this answers.
//!
//! Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations.html>

mod access;
mod attributes;
mod buckets;
mod checksums;
mod conditions;
mod copying;
mod deletes;
mod faults;
mod listing;
mod multipart;
mod objects;
mod tags;
mod unimplemented;
mod uploads;
mod walk;

use std::sync::Arc;

use async_trait::async_trait;
use s3s::dto::*;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s::{S3, S3Request, S3Response, S3Result};
use tokio::task::spawn_blocking;

use crate::error::StorageError;
use crate::principals::Principals;
use crate::storage::Storage;
use crate::tally::Tally;

/// The region that the endpoint says it is in.
pub(crate) const REGION: &str = "ap-northeast-2";

/// The endpoint as a service that hyper can serve.
pub(crate) fn service(storage: &Arc<Storage>, principals: &Principals, tally: &Arc<Tally>) -> S3Service {
    let mut builder = S3ServiceBuilder::new(S3Api { storage: Arc::clone(storage), tally: Arc::clone(tally) });
    builder.set_auth(access::Keys(principals.clone()));
    builder.set_access(access::Rights { principals: principals.clone(), tally: Arc::clone(tally) });
    builder.build()
}

/// The operations. Each room of this folder adds the methods that belong to its name.
struct S3Api {
    storage: Arc<Storage>,
    tally: Arc<Tally>,
}

impl S3Api {
    /// Runs blocking disk work on a blocking thread.
    async fn blocking<T, E>(
        &self,
        work: impl FnOnce(&Storage) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StorageError> + Send + 'static,
    {
        let storage = Arc::clone(&self.storage);
        spawn_blocking(move || work(&storage)).await.map_err(StorageError::from)?
    }
}

/// What every method of the trait looks like.
type Answer<T> = S3Result<S3Response<T>>;

fn answer<T>(output: S3Result<T>) -> Answer<T> {
    output.map(S3Response::new)
}

#[async_trait]
impl S3 for S3Api {
    async fn create_bucket(&self, r: S3Request<CreateBucketInput>) -> Answer<CreateBucketOutput> {
        answer(self.bucket_create(r.input))
    }

    async fn delete_bucket(&self, r: S3Request<DeleteBucketInput>) -> Answer<DeleteBucketOutput> {
        answer(self.bucket_delete(r.input).await)
    }

    async fn head_bucket(&self, r: S3Request<HeadBucketInput>) -> Answer<HeadBucketOutput> {
        answer(self.bucket_head(&r.input.bucket))
    }

    async fn list_buckets(&self, _: S3Request<ListBucketsInput>) -> Answer<ListBucketsOutput> {
        answer(self.bucket_list())
    }

    async fn get_bucket_location(
        &self,
        r: S3Request<GetBucketLocationInput>,
    ) -> Answer<GetBucketLocationOutput> {
        answer(self.bucket_location(&r.input.bucket))
    }

    async fn get_bucket_versioning(
        &self,
        r: S3Request<GetBucketVersioningInput>,
    ) -> Answer<GetBucketVersioningOutput> {
        answer(self.bucket_versioning(&r.input.bucket))
    }

    async fn put_bucket_versioning(
        &self,
        r: S3Request<PutBucketVersioningInput>,
    ) -> Answer<PutBucketVersioningOutput> {
        answer(self.set_bucket_versioning(&r.input))
    }

    async fn put_object(&self, r: S3Request<PutObjectInput>) -> Answer<PutObjectOutput> {
        answer(self.object_put(r).await)
    }

    async fn get_object(&self, r: S3Request<GetObjectInput>) -> Answer<GetObjectOutput> {
        answer(self.object_get(&r.input))
    }

    async fn head_object(&self, r: S3Request<HeadObjectInput>) -> Answer<HeadObjectOutput> {
        self.object_head(&r.input)
    }

    async fn get_object_attributes(
        &self,
        r: S3Request<GetObjectAttributesInput>,
    ) -> Answer<GetObjectAttributesOutput> {
        answer(self.object_attributes(&r.input))
    }

    async fn get_object_tagging(
        &self,
        r: S3Request<GetObjectTaggingInput>,
    ) -> Answer<GetObjectTaggingOutput> {
        answer(self.tags_get(&r.input))
    }

    async fn put_object_tagging(
        &self,
        r: S3Request<PutObjectTaggingInput>,
    ) -> Answer<PutObjectTaggingOutput> {
        answer(self.tags_put(r.input).await)
    }

    async fn delete_object_tagging(
        &self,
        r: S3Request<DeleteObjectTaggingInput>,
    ) -> Answer<DeleteObjectTaggingOutput> {
        answer(self.tags_delete(r.input).await)
    }

    async fn copy_object(&self, r: S3Request<CopyObjectInput>) -> Answer<CopyObjectOutput> {
        answer(self.object_copy(r.input, &r.headers).await)
    }

    async fn delete_object(&self, r: S3Request<DeleteObjectInput>) -> Answer<DeleteObjectOutput> {
        answer(self.object_delete(r.input).await)
    }

    async fn delete_objects(&self, r: S3Request<DeleteObjectsInput>) -> Answer<DeleteObjectsOutput> {
        answer(self.objects_delete(r.input).await)
    }

    async fn list_objects(&self, r: S3Request<ListObjectsInput>) -> Answer<ListObjectsOutput> {
        answer(self.list_v1(r.input).await)
    }

    async fn list_objects_v2(&self, r: S3Request<ListObjectsV2Input>) -> Answer<ListObjectsV2Output> {
        answer(self.list_v2(r.input).await)
    }

    async fn list_object_versions(
        &self,
        r: S3Request<ListObjectVersionsInput>,
    ) -> Answer<ListObjectVersionsOutput> {
        answer(self.list_versions(r.input).await)
    }

    async fn create_multipart_upload(
        &self,
        r: S3Request<CreateMultipartUploadInput>,
    ) -> Answer<CreateMultipartUploadOutput> {
        answer(self.upload_create(r.input).await)
    }

    async fn upload_part(&self, r: S3Request<UploadPartInput>) -> Answer<UploadPartOutput> {
        answer(self.part_put(r).await)
    }

    async fn upload_part_copy(&self, r: S3Request<UploadPartCopyInput>) -> Answer<UploadPartCopyOutput> {
        answer(self.part_copy(r.input).await)
    }

    async fn complete_multipart_upload(
        &self,
        r: S3Request<CompleteMultipartUploadInput>,
    ) -> Answer<CompleteMultipartUploadOutput> {
        answer(self.upload_complete(r.input).await)
    }

    async fn abort_multipart_upload(
        &self,
        r: S3Request<AbortMultipartUploadInput>,
    ) -> Answer<AbortMultipartUploadOutput> {
        answer(self.upload_abort(r.input).await)
    }

    async fn list_parts(&self, r: S3Request<ListPartsInput>) -> Answer<ListPartsOutput> {
        answer(self.list_upload_parts(r.input))
    }

    async fn list_multipart_uploads(
        &self,
        r: S3Request<ListMultipartUploadsInput>,
    ) -> Answer<ListMultipartUploadsOutput> {
        answer(self.list_uploads(r.input))
    }
}
