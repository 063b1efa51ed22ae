"""moto, and behind it the few calls of this module that moto does not know.

Prints its address when it is ready, and at the end how often it answered a call itself: what is
listed there was tried against these few lines and not against anybody's AWS.
"""

import json
import logging
import re
import signal
import sys
from collections import Counter
from xml.sax.saxutils import escape

from moto.apigatewayv2.models import apigatewayv2_backends
from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.config import default_user_config
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

CLOUDFRONT = "http://cloudfront.amazonaws.com/doc/2020-05-31/"
CACHE_POLICY = re.compile(r"^/2020-05-31/cache-policy(?:/(?P<id>[^/]+))?(?:/config)?$")
STAGE = re.compile(r"^/v2/apis/(?P<api>[^/]+)/stages/(?P<name>[^/]+)$")
STAGE_SETTINGS = {
    "accessLogSettings": "access_log_settings",
    "autoDeploy": "auto_deploy",
    "defaultRouteSettings": "default_route_settings",
    "routeSettings": "route_settings",
}
BUCKET = re.compile(r"^/(?P<name>[a-z0-9.-]+)/?$")


class StandIn:
    """A WSGI application: our few calls, moto for all others."""

    def __init__(self):
        self.moto = DomainDispatcherApplication(create_backend_app)
        self.cache_policies = {}
        self.bucket_policies = {}
        self.notifications = {}
        self.roles = {}
        self.answered = Counter()

    def __call__(self, environ, start_response):
        request = Request(environ)
        policy = CACHE_POLICY.match(request.path)
        stage = STAGE.match(request.path)
        bucket = BUCKET.match(request.path)
        operation = request.headers.get("X-Amz-Target", "").partition(".")
        if policy:
            response = self.cache_policy(request, policy["id"])
        elif operation[0] == "AWSCognitoIdentityService" and hasattr(self, operation[2]):
            asked = json.loads(request.get_data())
            self.answered[f"cognito-identity {operation[2]}"] += 1
            answer = getattr(self, operation[2])(asked)
            response = Response(json.dumps(answer), content_type="application/x-amz-json-1.1")
        elif stage and request.method == "PATCH":
            response = self.update_stage(request, stage["api"], stage["name"])
        elif bucket and "notification" in request.args:
            response = self.bucket_notification(request, bucket["name"])
        elif bucket and "policy" in request.args:
            response = self.bucket_policy(request, bucket["name"])
        else:
            return self.moto(environ, start_response)
        return response(environ, start_response)

    def cache_policy(self, request, policy_id):
        self.answered[f"cloudfront {request.method} cache-policy"] += 1
        if request.method == "POST":
            policy_id = f"00000000-0000-4000-8000-{len(self.cache_policies):012}"
            config = request.get_data(as_text=True)
            self.cache_policies[policy_id] = re.sub(r"^<\?xml[^>]*\?>\s*", "", config)
        if policy_id not in self.cache_policies:
            error = "<Error><Type>Sender</Type><Code>NoSuchCachePolicy</Code></Error>"
            body = f'<ErrorResponse xmlns="{CLOUDFRONT}">{error}</ErrorResponse>'
            return Response(body, 404, content_type="text/xml")
        if request.method == "DELETE":
            del self.cache_policies[policy_id]
            return Response(status=204)
        body = (
            f'<CachePolicy xmlns="{CLOUDFRONT}"><Id>{escape(policy_id)}</Id>'
            "<LastModifiedTime>2026-01-01T00:00:00Z</LastModifiedTime>"
            f"{self.cache_policies[policy_id]}</CachePolicy>"
        )
        status = 201 if request.method == "POST" else 200
        return Response(body, status, {"ETag": "E1"}, content_type="text/xml")

    def bucket_notification(self, request, bucket):
        """moto takes the setting for EventBridge and does not give it back."""
        self.answered[f"s3 {request.method} bucket notification"] += 1
        if request.method == "PUT":
            self.notifications[bucket] = request.get_data()
            return Response()
        nothing = '<NotificationConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"/>'
        return Response(self.notifications.get(bucket, nothing), content_type="text/xml")

    def update_stage(self, request, api, name):
        """moto makes a stage with all its settings, and never changes one."""
        self.answered["apigateway UpdateStage"] += 1
        _, region = re.search(r"Credential=[^/]+/(\d+)/([^/]+)/", request.headers["Authorization"]).groups()
        stage = apigatewayv2_backends[DEFAULT_ACCOUNT_ID][region].get_stage(api, name)
        for key, value in json.loads(request.get_data()).items():
            if key in STAGE_SETTINGS:
                setattr(stage, STAGE_SETTINGS[key], value)
        return Response(json.dumps(stage.to_json()), content_type="application/json")

    def bucket_policy(self, request, bucket):
        """moto passes over conditions, so its Deny of players and of plain HTTP would be one of everybody."""
        self.answered[f"s3 {request.method} bucket policy"] += 1
        if request.method == "PUT":
            self.bucket_policies[bucket] = request.get_data()
        if bucket not in self.bucket_policies:
            return Response("<Error><Code>NoSuchBucketPolicy</Code></Error>", 404, content_type="text/xml")
        if request.method == "GET":
            return Response(self.bucket_policies[bucket], content_type="application/json")
        if request.method == "DELETE":
            del self.bucket_policies[bucket]
        return Response(status=204)

    def SetIdentityPoolRoles(self, asked):
        self.roles[asked["IdentityPoolId"]] = asked
        return {}

    def GetIdentityPoolRoles(self, asked):
        return self.roles.get(asked["IdentityPoolId"], asked)


def main():
    # Without docker a function can be made, though not run.
    default_user_config["lambda"] = {"use_docker": False}
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    stand_in = StandIn()
    server = make_server("127.0.0.1", 0, stand_in, threaded=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    try:
        server.serve_forever()
    finally:
        for call, times in sorted(stand_in.answered.items()):
            print(f"not moto: {call} ×{times}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
