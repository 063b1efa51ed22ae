//! CloudFront's XML.

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{self, HeaderValue};
use hyper::{Response, StatusCode};
use quick_xml::escape::escape;

use super::invalidations::Invalidation;
use crate::clock;
use crate::error::StorageError;
use crate::names;

const NAMESPACE: &str = "http://cloudfront.amazonaws.com/doc/2020-05-31/";

/// A refusal.
#[derive(Debug)]
pub(super) struct Fault {
    status: StatusCode,
    code: &'static str,
    message: String,
}

impl Fault {
    fn new(status: StatusCode, code: &'static str, message: &str) -> Fault {
        Fault { status, code, message: message.to_owned() }
    }

    pub(super) fn forbidden(code: &'static str, message: String) -> Fault {
        Fault { status: StatusCode::FORBIDDEN, code, message }
    }

    pub(super) fn denied() -> Fault {
        let message = "User is not authorized to perform this action";
        Fault::new(StatusCode::FORBIDDEN, "AccessDenied", message)
    }

    pub(super) fn no_such_distribution() -> Fault {
        let message = "The specified distribution does not exist.";
        Fault::new(StatusCode::NOT_FOUND, "NoSuchDistribution", message)
    }

    pub(super) fn no_such_invalidation() -> Fault {
        let message = "The specified invalidation does not exist.";
        Fault::new(StatusCode::NOT_FOUND, "NoSuchInvalidation", message)
    }

    pub(super) fn other_batch_with_this_reference() -> Fault {
        let message = "Your request contains a caller reference that was used for a previous \
                       invalidation batch for the same distribution, but the content of the \
                       batch was different.";
        Fault::new(StatusCode::BAD_REQUEST, "InvalidationBatchAlreadyExists", message)
    }

    pub(super) fn inconsistent_quantities() -> Fault {
        let message = "The value of Quantity and the size of Items don't match.";
        Fault::new(StatusCode::BAD_REQUEST, "InconsistentQuantities", message)
    }

    pub(super) fn invalid_path() -> Fault {
        let message = "Your request contains one or more invalid invalidation paths.";
        Fault::new(StatusCode::BAD_REQUEST, "InvalidArgument", message)
    }

    pub(super) fn malformed() -> Fault {
        let message = "The XML document you provided could not be parsed.";
        Fault::new(StatusCode::BAD_REQUEST, "MalformedXML", message)
    }

    pub(super) fn not_implemented() -> Fault {
        let message = "The local cloud does not have this operation.";
        Fault::new(StatusCode::NOT_IMPLEMENTED, "NotImplemented", message)
    }
}

impl From<StorageError> for Fault {
    fn from(error: StorageError) -> Self {
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        Fault::new(status, "InternalFailure", &error.to_string())
    }
}

pub(super) fn fault(fault: Fault) -> Response<Full<Bytes>> {
    let kind = match fault.status.is_server_error() {
        true => "Receiver",
        false => "Sender",
    };
    let mut response = xml(&format!(
        "<ErrorResponse xmlns=\"{NAMESPACE}\"><Error><Type>{kind}</Type><Code>{}</Code>\
         <Message>{}</Message></Error><RequestId>{}</RequestId></ErrorResponse>",
        fault.code,
        escape(&fault.message),
        names::uuid()
    ));
    *response.status_mut() = fault.status;
    response
}

pub(super) fn invalidation(invalidation: &Invalidation, running: bool) -> Response<Full<Bytes>> {
    let status = match running {
        true => "InProgress",
        false => "Completed",
    };
    let batch = &invalidation.batch;
    let paths: String = batch.paths.iter().map(|path| format!("<Path>{}</Path>", escape(path))).collect();
    xml(&format!(
        "<Invalidation xmlns=\"{NAMESPACE}\"><Id>{}</Id><Status>{status}</Status>\
         <CreateTime>{}</CreateTime><InvalidationBatch><Paths><Quantity>{}</Quantity>\
         <Items>{paths}</Items></Paths><CallerReference>{}</CallerReference>\
         </InvalidationBatch></Invalidation>",
        invalidation.id,
        clock::iso_date(invalidation.created),
        batch.paths.len(),
        escape(&batch.reference),
    ))
}

pub(super) fn with_location(
    mut response: Response<Full<Bytes>>,
    location: &str,
) -> Result<Response<Full<Bytes>>, Fault> {
    let location = HeaderValue::from_str(location).map_err(|_| Fault::malformed())?;
    response.headers_mut().insert(header::LOCATION, location);
    Ok(response)
}

/// Enough of a distribution to show that it is there and where it serves.
pub(super) fn distribution(id: &str, host: &str, running: usize) -> Response<Full<Bytes>> {
    let id = escape(id);
    let mut response = xml(&format!(
        "<Distribution xmlns=\"{NAMESPACE}\"><Id>{id}</Id>\
         <ARN>arn:aws:cloudfront::000000000000:distribution/{id}</ARN><Status>Deployed</Status>\
         <LastModifiedTime>{}</LastModifiedTime>\
         <InProgressInvalidationBatches>{running}</InProgressInvalidationBatches>\
         <DomainName>{host}</DomainName><DistributionConfig><CallerReference>{id}</CallerReference>\
         <Comment>Naru, local</Comment><Enabled>true</Enabled></DistributionConfig></Distribution>",
        clock::iso_date(clock::now()),
    ));
    let etag = HeaderValue::from_static("E2QWRUHEXAMPLE");
    response.headers_mut().insert(header::ETAG, etag);
    response
}

pub(super) fn distributions(id: &str, host: &str) -> Response<Full<Bytes>> {
    let id = escape(id);
    xml(&format!(
        "<DistributionList xmlns=\"{NAMESPACE}\"><Marker></Marker><MaxItems>100</MaxItems>\
         <IsTruncated>false</IsTruncated><Quantity>1</Quantity><Items><DistributionSummary>\
         <Id>{id}</Id><ARN>arn:aws:cloudfront::000000000000:distribution/{id}</ARN>\
         <Status>Deployed</Status><LastModifiedTime>{}</LastModifiedTime>\
         <DomainName>{host}</DomainName><Comment>Naru, local</Comment><Enabled>true</Enabled>\
         </DistributionSummary></Items></DistributionList>",
        clock::iso_date(clock::now()),
    ))
}

fn xml(body: &str) -> Response<Full<Bytes>> {
    let body = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{body}");
    let mut response = Response::new(Full::new(body.into()));
    let kind = HeaderValue::from_static("text/xml");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}
