//! `If-Match` and its kin.
//!
//! Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html>

use s3s::dto::{ETagCondition, Timestamp};
use s3s::{S3Result, s3_error};

use super::faults;
use crate::clock;
use crate::index::records::Version;
use crate::index::versions::Condition;

/// The condition of a write.
pub(super) fn of_write(
    if_match: Option<&ETagCondition>,
    if_none_match: Option<&ETagCondition>,
) -> S3Result<Condition> {
    match (if_match, if_none_match) {
        (None, None) => Ok(Condition::Always),
        (None, Some(ETagCondition::Any)) => Ok(Condition::Absent),
        (Some(ETagCondition::Any), None) => Ok(Condition::Present),
        (Some(ETagCondition::ETag(etag)), None) => Ok(Condition::Matches(etag.value().to_owned())),
        _ => Err(s3_error!(NotImplemented, "A write takes If-Match, or If-None-Match with the value *.")),
    }
}

/// The conditions of a read, or of the source of a copy.
#[derive(Default)]
pub(super) struct ReadConditions<'a> {
    pub(super) if_match: Option<&'a ETagCondition>,
    pub(super) if_none_match: Option<&'a ETagCondition>,
    pub(super) if_modified_since: Option<&'a Timestamp>,
    pub(super) if_unmodified_since: Option<&'a Timestamp>,
}

impl ReadConditions<'_> {
    /// Refuses with 412 or 304, in the order of RFC 9110, section 13.2.2.
    pub(super) fn check(&self, version: &Version) -> S3Result<()> {
        if !self.preconditions_hold(version) {
            return Err(faults::precondition_failed());
        }
        if !self.is_modified(version) {
            return Err(faults::not_modified(version));
        }
        Ok(())
    }

    /// For the source of a copy every condition that fails is a 412.
    pub(super) fn check_source(&self, version: &Version) -> S3Result<()> {
        match self.preconditions_hold(version) && self.is_modified(version) {
            true => Ok(()),
            false => Err(faults::precondition_failed()),
        }
    }

    fn preconditions_hold(&self, version: &Version) -> bool {
        match (self.if_match, self.if_unmodified_since) {
            (Some(condition), _) => matches(condition, version),
            (None, Some(time)) => !is_newer(version, time),
            (None, None) => true,
        }
    }

    fn is_modified(&self, version: &Version) -> bool {
        match (self.if_none_match, self.if_modified_since) {
            (Some(condition), _) => !matches(condition, version),
            (None, Some(time)) => is_newer(version, time),
            (None, None) => true,
        }
    }
}

fn matches(condition: &ETagCondition, version: &Version) -> bool {
    match condition {
        ETagCondition::Any => true,
        ETagCondition::ETag(etag) => etag.value() == version.etag,
    }
}

/// `Last-Modified` is sent in whole seconds, so that is what a client can compare with.
fn is_newer(version: &Version, than: &Timestamp) -> bool {
    Timestamp::from(clock::system_time(version.modified / 1000 * 1000)) > *than
}
