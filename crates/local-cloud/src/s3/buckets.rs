//! Buckets. Each keeps versions from the moment it is made and cannot stop.

use s3s::dto::*;
use s3s::{S3Result, s3_error};

use super::{REGION, S3Api, faults};
use crate::clock;
use crate::index::versions::WriteError;

impl S3Api {
    pub(super) fn bucket_create(&self, input: CreateBucketInput) -> S3Result<CreateBucketOutput> {
        if !self.storage.index.create_bucket(&input.bucket)? {
            return Err(s3_error!(
                BucketAlreadyOwnedByYou,
                "Your previous request to create the named bucket succeeded and you already own it."
            ));
        }
        Ok(CreateBucketOutput { location: Some(format!("/{}", input.bucket)) })
    }

    pub(super) async fn bucket_delete(&self, input: DeleteBucketInput) -> S3Result<DeleteBucketOutput> {
        self.blocking(move |storage| {
            storage.discard(storage.index.delete_bucket(&input.bucket)?);
            Ok::<_, WriteError>(())
        })
        .await?;
        Ok(DeleteBucketOutput::default())
    }

    pub(super) fn bucket_head(&self, bucket: &str) -> S3Result<HeadBucketOutput> {
        self.require_bucket(bucket)?;
        Ok(HeadBucketOutput { bucket_region: Some(REGION.to_owned()), ..HeadBucketOutput::default() })
    }

    pub(super) fn bucket_list(&self) -> S3Result<ListBucketsOutput> {
        let buckets = self.storage.index.buckets()?;
        let entry = |(name, created)| Bucket {
            bucket_region: Some(REGION.to_owned()),
            creation_date: Some(clock::system_time(created).into()),
            name: Some(name),
        };
        Ok(ListBucketsOutput {
            buckets: Some(buckets.into_iter().map(entry).collect()),
            owner: Some(Owner { display_name: Some("naru".to_owned()), id: Some("naru".to_owned()) }),
            ..ListBucketsOutput::default()
        })
    }

    pub(super) fn bucket_location(&self, bucket: &str) -> S3Result<GetBucketLocationOutput> {
        self.require_bucket(bucket)?;
        Ok(GetBucketLocationOutput {
            location_constraint: Some(BucketLocationConstraint::from_static(REGION)),
        })
    }

    pub(super) fn bucket_versioning(&self, bucket: &str) -> S3Result<GetBucketVersioningOutput> {
        self.require_bucket(bucket)?;
        Ok(GetBucketVersioningOutput {
            status: Some(BucketVersioningStatus::from_static(BucketVersioningStatus::ENABLED)),
            ..GetBucketVersioningOutput::default()
        })
    }

    pub(super) fn set_bucket_versioning(
        &self,
        input: &PutBucketVersioningInput,
    ) -> S3Result<PutBucketVersioningOutput> {
        self.require_bucket(&input.bucket)?;
        let wanted = input.versioning_configuration.status.as_ref();
        match wanted.map(BucketVersioningStatus::as_str) {
            Some(BucketVersioningStatus::ENABLED) => Ok(PutBucketVersioningOutput::default()),
            _ => Err(s3_error!(
                NotImplemented,
                "Versioning cannot be suspended here: the patcher needs every version."
            )),
        }
    }

    pub(super) fn require_bucket(&self, bucket: &str) -> S3Result<()> {
        match self.storage.index.has_bucket(bucket)? {
            true => Ok(()),
            false => Err(faults::no_such_bucket()),
        }
    }
}
