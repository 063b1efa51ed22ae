//! Between an HTTP API and a router.

use axum::Router;
use axum::extract::Request;
use axum::middleware::map_request;
use lambda_http::request::{LambdaRequest, RequestContext};
use lambda_http::tower::ServiceBuilder;
use lambda_http::{Adapter, Error, LambdaEvent, RequestExt};
use naru_backend::platform::ClientAddress;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What stays as it is in a path; a router decodes all the rest.
const PLAIN: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b':');

/// Answers requests until Lambda ends the function.
pub async fn serve(router: Router) -> Result<(), Error> {
    let router = router.layer(map_request(with_its_address));
    let service = ServiceBuilder::new().map_request(with_its_path).service(Adapter::from(router));
    lambda_http::lambda_runtime::run(service).await
}

/// Where a request came from is what the API saw on its socket. The headers say it too, and whatever else the
/// client wrote there.
async fn with_its_address(mut request: Request) -> Request {
    let address = match request.request_context_ref() {
        Some(RequestContext::ApiGatewayV2(context)) => context.http.source_ip.as_deref(),
        _ => None,
    };
    if let Some(address) = address.and_then(|address| address.parse().ok()) {
        request.extensions_mut().insert(ClientAddress(address));
    }
    request
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
