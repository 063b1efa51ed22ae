//! Between an HTTP API and a router.

use axum::Router;
use lambda_http::request::LambdaRequest;
use lambda_http::tower::ServiceBuilder;
use lambda_http::{Adapter, Error, LambdaEvent};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What stays as it is in a path; a router decodes all the rest.
const PLAIN: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b':');

/// Answers requests until Lambda ends the function.
pub async fn serve(router: Router) -> Result<(), Error> {
    let service = ServiceBuilder::new().map_request(with_its_path).service(Adapter::from(router));
    lambda_http::lambda_runtime::run(service).await
}

/// An HTTP API hands a path in decoded, and `lambda_http` reads it as if it were not: what a player
/// sent as `%23` would cut the path off, so that `save%23old` were the dataset `save`.
fn with_its_path(mut event: LambdaEvent<LambdaRequest>) -> LambdaEvent<LambdaRequest> {
    if let LambdaRequest::ApiGatewayV2(request) = &mut event.payload {
        let path = request.raw_path.take();
        request.raw_path = path.map(|path| utf8_percent_encode(&path, PLAIN).to_string());
    }
    event
}
