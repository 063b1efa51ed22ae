//! The description of the routes.

use utoipa::openapi::OpenApi as Document;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

/// The name that routes call the login by.
const LOGIN: &str = "login";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Naru game services",
        description = "The login, runs, verified scores, statistics and player data. \
                       Every refusal is a problem of RFC 9457 with a `code` to tell cases apart by."
    ),
    modifiers(&Login)
)]
struct Description;

struct Login;

impl Modify for Login {
    fn modify(&self, document: &mut Document) {
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("JWT")
            .description(Some("The OpenID token of the player's login."))
            .build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme(LOGIN, SecurityScheme::Http(bearer));
    }
}

/// The description without routes: the router adds them.
pub(super) fn document() -> Document {
    Description::openapi()
}
