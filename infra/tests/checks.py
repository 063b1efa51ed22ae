"""What has to hold of the rendered module. Each check answers with sentences about what does not hold,
so an empty answer is a pass; test_breakage.py shows that each can give another one."""

import json
import re
from pathlib import Path

import requests_tried as tried
from iam import ABSENT, ANY, LENIENT, STRICT, Decision, Request, actions_allowed, decide, like, many, statements
from rendered import Rendered

PLAYER, PUBLISHER = "aws_iam_role.player", "aws_iam_role.publisher[0]"
SELF = "ap-northeast-2:11111111-1111-1111-1111-111111111111"
OTHER = "ap-northeast-2:22222222-2222-2222-2222-222222222222"
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
STORE = Path(__file__).parents[2] / "crates" / "store" / "src"


class World:
    """A rendered module, and the names that requests are made of."""

    def __init__(self, rendered: Rendered):
        self.rendered = rendered
        role = rendered[PLAYER]["arn"]
        self.account = role.split(":")[4]
        pool = rendered["aws_cognito_identity_pool.players"]
        self.names = {
            "bucket": rendered["aws_s3_bucket.releases"]["id"],
            "prefix": "update/",
            "account": self.account,
            "region": pool["arn"].split(":")[3],
            "here": ":".join(pool["arn"].split(":")[3:5]),
            "name": rendered[PLAYER]["name"].removesuffix("-player"),
            "distribution": rendered["aws_cloudfront_distribution.edge"]["arn"],
            "identity_pool": pool["arn"],
            "user_pool": rendered["aws_cognito_user_pool.players"]["arn"],
            "api": rendered["aws_apigatewayv2_api.services"]["id"],
            "stream": rendered['aws_dynamodb_table.service["scores"]']["stream_arn"],
            "self": SELF,
            "other": OTHER,
        }

    def fill(self, text):
        return text.format_map(self.names)

    def requests(self, table, **more):
        return [(action, self.fill(resource), more) for action, resource in table]


def concerning(resource, bucket):
    """Whether a bucket's policy has a say."""
    return resource is ANY or resource == f"arn:aws:s3:::{bucket}" or resource.startswith(f"arn:aws:s3:::{bucket}/")


def ask(world, role, action, resource, view, context, extra=(), boundary=True):
    """The decision for a role's session, with everything that has a say."""
    arn = world.rendered[role]["arn"]
    asked = Request(action, resource, {"aws:PrincipalArn": arn, **context}, {"AWS": arn})
    about_bucket = action.startswith("s3:") and concerning(resource, world.names["bucket"])
    return decide(
        asked,
        view,
        identity=[*world.rendered.policies_of(role), *extra],
        boundary=world.rendered.boundary_of(role) if boundary else None,
        resource=world.rendered.bucket_policy() if about_bucket else None,
    )


def player_context():
    return {"cognito-identity.amazonaws.com:sub": SELF}


def publisher_context(**more):
    return {"aws:SecureTransport": "true", "s3:if-match": ABSENT, "s3:if-none-match": ABSENT, **more}


# --- players


def player_does_nothing_dangerous(world):
    for action, resource, _ in world.requests(tried.PLAYER_NEVER):
        if ask(world, PLAYER, action, resource, LENIENT, player_context()) is Decision.ALLOWED:
            yield f"a player may {action} on {resource}"


def player_stays_harmless_with_every_right_attached(world):
    """The boundary: AdministratorAccess on the players' role by mistake."""
    for action, resource, _ in world.requests(tried.PLAYER_NEVER):
        if ask(world, PLAYER, action, resource, LENIENT, player_context(), extra=[EVERYTHING]) is Decision.ALLOWED:
            yield f"with every right attached, a player may {action} on {resource}"


def bucket_refuses_players_by_itself(world):
    """The bucket's own policy, with every right attached and the boundary gone."""
    for action, resource, _ in world.requests(tried.PLAYER_NEVER):
        if concerning(resource, world.names["bucket"]):
            asked = (world, PLAYER, action, resource, LENIENT, player_context())
            if ask(*asked, extra=[EVERYTHING], boundary=False) is not Decision.EXPLICIT_DENY:
                yield f"the bucket does not refuse a player's {action} on {resource}"


def player_may_chat_under_their_own_name(world):
    for action, resource, _ in world.requests(tried.PLAYER_CHAT):
        if ask(world, PLAYER, action, resource, STRICT, player_context()) is not Decision.ALLOWED:
            yield f"a player may not {action} on {resource}"


def player_has_these_rights_only(world):
    wanted = {action for action, _ in tried.PLAYER_CHAT}
    documents = [*world.rendered.policies_of(PLAYER), world.rendered.boundary_of(PLAYER) or EVERYTHING]
    for document in documents:
        if extra := actions_allowed(document) - wanted:
            yield f"a policy of the players' role allows {sorted(extra)}"


def only_our_logged_in_players_get_the_role(world):
    trust = world.rendered.trust_of(PLAYER)
    pool = world.rendered["aws_cognito_identity_pool.players"]["id"]
    cognito = {"Federated": "cognito-identity.amazonaws.com"}
    aud, amr = "cognito-identity.amazonaws.com:aud", "cognito-identity.amazonaws.com:amr"

    def assume(context, principal=None, action="sts:AssumeRoleWithWebIdentity"):
        return decide(Request(action, ANY, context, principal or cognito), LENIENT, resource=trust)

    if assume({aud: pool, amr: ["authenticated", "login.naru"]}) is not Decision.ALLOWED:
        yield "our logged-in players do not get their role"
    refused = {
        "another pool's players": ({aud: "ap-northeast-2:other", amr: ["authenticated"]}, None),
        "players who have not logged in": ({aud: pool, amr: ["unauthenticated"]}, None),
        "tokens without a word of how": ({aud: pool, amr: ABSENT}, None),
        "tokens without a pool": ({aud: ABSENT, amr: ["authenticated"]}, None),
        "another provider": ({aud: pool, amr: ["authenticated"]}, {"Federated": "graph.facebook.com"}),
    }
    for who, (context, principal) in refused.items():
        if assume(context, principal) is Decision.ALLOWED:
            yield f"{who} get the players' role"
    someone = {"AWS": f"arn:aws:iam::{world.account}:role/someone"}
    if assume({}, someone, "sts:AssumeRole") is Decision.ALLOWED:
        yield "a role may take the players' role"


def identity_pool_is_closed(world):
    pool = world.rendered["aws_cognito_identity_pool.players"]
    if pool["allow_unauthenticated_identities"]:
        yield "identities without a login"
    if pool["allow_classic_flow"]:
        yield "the classic flow is on"
    if not pool["developer_provider_name"]:
        yield "no developer provider"
    if not all(each["server_side_token_check"] for each in pool["cognito_identity_providers"]) or not pool["cognito_identity_providers"]:
        yield "the user pool is not a provider, or its tokens are not checked"
    roles = world.rendered["aws_cognito_identity_pool_roles_attachment.players"]
    if roles["roles"] != {"authenticated": world.rendered[PLAYER]["arn"]} or roles["role_mapping"]:
        yield f"roles of the pool: {roles['roles']} {roles['role_mapping']}"


# --- the publisher


def publisher_can_do_what_the_store_calls(world):
    calls = set()
    for source in STORE.rglob("*.rs"):
        calls |= set(re.findall(r"\.client\s*\.(\w+)\(\)", source.read_text(encoding="utf-8")))
    if len(calls) < 10:
        yield f"the calls of {STORE} were not found: {sorted(calls)}"
    for call in sorted(calls - set(tried.STORE_CALLS)):
        yield f"which rights does {call} need?"
    for action in sorted({action for call in calls & set(tried.STORE_CALLS) for action in tried.STORE_CALLS[call]}):
        for resource, context in publisher_targets(world, action):
            if ask(world, PUBLISHER, action, resource, STRICT, context) is not Decision.ALLOWED:
                yield f"the publisher may not {action} on {resource}"


def publisher_targets(world, action):
    """Where, and with which headers, a publish asks for an action."""
    bucket, prefix = world.names["bucket"], world.names["prefix"]
    if action in tried.ON_DISTRIBUTION:
        return [(world.names["distribution"], publisher_context())]
    if action in tried.ON_BUCKET:
        return [(f"arn:aws:s3:::{bucket}", publisher_context())]
    targets = [(f"arn:aws:s3:::{bucket}/{prefix}{key}", publisher_context()) for key in tried.PUBLISHER_KEYS]
    for key in tried.PUBLISHER_POINTERS:
        for header in ("s3:if-match", "s3:if-none-match"):
            targets.append((f"arn:aws:s3:::{bucket}/{prefix}{key}", publisher_context(**{header: "*"})))
    return targets


def publisher_has_no_right_that_nothing_calls(world):
    needed = {action for actions in tried.STORE_CALLS.values() for action in actions}
    allowed = {action for document in world.rendered.policies_of(PUBLISHER) for action in actions_allowed(document)}
    if allowed != needed:
        yield f"beyond what the store calls: {sorted(allowed - needed)}; missing: {sorted(needed - allowed)}"


def publisher_does_nothing_else(world):
    for action, resource, _ in world.requests(tried.PUBLISHER_HAS_NOT):
        if ask(world, PUBLISHER, action, resource, LENIENT, {}) is Decision.ALLOWED:
            yield f"the publisher may {action} on {resource}"


def publisher_never_destroys(world):
    for action, resource, _ in world.requests(tried.PUBLISHER_NEVER):
        if ask(world, PUBLISHER, action, resource, LENIENT, {}, extra=[EVERYTHING]) is not Decision.EXPLICIT_DENY:
            yield f"with every right attached, the publisher may {action} on {resource}"


def pointer_is_written_under_a_condition_only(world):
    bucket, prefix = world.names["bucket"], world.names["prefix"]
    for key in tried.PUBLISHER_POINTERS:
        resource = f"arn:aws:s3:::{bucket}/{prefix}{key}"
        asked = (world, PUBLISHER, "s3:PutObject", resource, LENIENT, publisher_context())
        if ask(*asked) is not Decision.EXPLICIT_DENY:
            yield f"the publisher may overwrite {key} without If-Match"


def only_named_publishers_get_the_role(world):
    trust = world.rendered.trust_of(PUBLISHER)
    issuer = "token.actions.githubusercontent.com"
    github = {"Federated": world.rendered["aws_iam_openid_connect_provider.github[0]"]["arn"]}
    good = {f"{issuer}:aud": "sts.amazonaws.com", f"{issuer}:sub": "repo:studio/game:ref:refs/heads/release"}

    def workflow(principal=github, **context):
        asked = Request("sts:AssumeRoleWithWebIdentity", ANY, {**good, **context}, principal)
        return decide(asked, LENIENT, resource=trust)

    def role(name):
        asked = Request("sts:AssumeRole", ANY, {}, {"AWS": f"arn:aws:iam::{world.account}:role/{name}"})
        return decide(asked, LENIENT, resource=trust)

    if workflow() is not Decision.ALLOWED or role("ci") is not Decision.ALLOWED:
        yield "the named workflow or role does not get the publisher's role"
    for subject in (
        "repo:studio/game:ref:refs/heads/main",
        "repo:studio/game:pull_request",
        "repo:studio/game:ref:refs/heads/release2",
        "repo:studio/other:ref:refs/heads/release",
        "repo:someone/game:ref:refs/heads/release",
        "*",
        ABSENT,
    ):
        if workflow(**{f"{issuer}:sub": subject}) is Decision.ALLOWED:
            yield f"{subject} gets the publisher's role"
    if workflow(**{f"{issuer}:aud": "https://github.com/someone"}) is Decision.ALLOWED:
        yield "a token for somebody else gets the publisher's role"
    if workflow({"Federated": "cognito-identity.amazonaws.com"}) is Decision.ALLOWED:
        yield "a player's token gets the publisher's role"
    for name in ("someone", "ci2", world.rendered[PLAYER]["name"]):
        if role(name) is Decision.ALLOWED:
            yield f"the role {name} gets the publisher's role"


# --- bucket and edge


def edge_reads_releases_and_nothing_else(world):
    policy = world.rendered.bucket_policy()
    bucket = f"arn:aws:s3:::{world.names['bucket']}"

    def edge(action, resource, distribution=world.names["distribution"], **context):
        known = {"AWS:SourceArn": distribution, "aws:SecureTransport": "true", "aws:PrincipalArn": ABSENT, **context}
        asked = Request(action, resource, known, {"Service": "cloudfront.amazonaws.com"})
        return decide(asked, STRICT, resource=policy) is Decision.ALLOWED

    release = f"{bucket}/{world.names['prefix']}index.html"
    for action in ("s3:GetObject", "s3:GetObjectVersion"):
        if not edge(action, release):
            yield f"the edge may not {action}"
        if edge(action, release, "arn:aws:cloudfront::999999999999:distribution/OTHER"):
            yield f"somebody else's distribution may {action}"
        if edge(action, release, ABSENT):
            yield f"CloudFront without a distribution may {action}"
        if edge(action, f"{bucket}/private/a"):
            yield f"the edge may {action} outside the prefix"
    for action, resource in (
        ("s3:PutObject", release),
        ("s3:DeleteObject", release),
        ("s3:ListBucket", bucket),
        ("s3:ListBucketVersions", bucket),
        ("s3:GetBucketPolicy", bucket),
    ):
        if edge(action, resource):
            yield f"the edge may {action}"


def bucket_is_private(world):
    policy = world.rendered.bucket_policy()
    bucket = f"arn:aws:s3:::{world.names['bucket']}"
    release = f"{bucket}/{world.names['prefix']}version.json"
    for who, principal in (("anybody", {}), ("a stranger", {"AWS": "arn:aws:iam::999999999999:root"})):
        for action, resource in (("s3:GetObject", release), ("s3:PutObject", release), ("s3:ListBucket", bucket)):
            if decide(Request(action, resource, {}, principal), LENIENT, resource=policy) is Decision.ALLOWED:
                yield f"{who} may {action}"
    admin = f"arn:aws:iam::{world.account}:role/admin"
    plain = Request("s3:GetObject", release, {"aws:SecureTransport": "false", "aws:PrincipalArn": admin}, {"AWS": admin})
    if decide(plain, LENIENT, identity=[EVERYTHING], resource=policy) is not Decision.EXPLICIT_DENY:
        yield "requests without TLS are served"
    block = world.rendered["aws_s3_bucket_public_access_block.releases"]
    for switch in ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"):
        if not block[switch]:
            yield f"{switch} is off"
    rules = world.rendered["aws_s3_bucket_ownership_controls.releases"]["rule"]
    if [rule["object_ownership"] for rule in rules] != ["BucketOwnerEnforced"]:
        yield "ACLs count"


def bucket_keeps_every_version(world):
    versioning = world.rendered["aws_s3_bucket_versioning.releases"]["versioning_configuration"]
    if [each["status"] for each in versioning] != ["Enabled"]:
        yield "versioning is not on"
    rules = world.rendered["aws_s3_bucket_lifecycle_configuration.releases"]["rule"]
    for rule in rules:
        if rule.get("expiration") or rule.get("noncurrent_version_expiration") or rule.get("transition"):
            yield f"the rule {rule['id']} makes versions of a release disappear"
    if not any(rule.get("abort_incomplete_multipart_upload") for rule in rules):
        yield "abandoned uploads are paid for for ever"
    if world.rendered["aws_s3_bucket.releases"]["force_destroy"]:
        yield "a destroy empties the bucket"


def cache_key_is_path_and_version(world):
    policies = world.rendered.of_type("aws_cloudfront_cache_policy")

    def key(name):
        [parameters] = policies[f"aws_cloudfront_cache_policy.{name}"]["parameters_in_cache_key_and_forwarded_to_origin"]
        [queries] = parameters["query_strings_config"]
        if parameters["headers_config"][0]["header_behavior"] != "none":
            yield f"{name}: headers are in the key"
        if parameters["cookies_config"][0]["cookie_behavior"] != "none":
            yield f"{name}: cookies are in the key"
        if parameters["enable_accept_encoding_gzip"] or parameters["enable_accept_encoding_brotli"]:
            yield f"{name}: the encoding is in the key"
        items = [item for each in queries["query_strings"] for item in each["items"]]
        wanted = ("whitelist", ["versionId"]) if name == "versioned" else ("none", [])
        if (queries["query_string_behavior"], items) != wanted:
            yield f"{name}: {queries['query_string_behavior']} {items}"

    yield from key("versioned")
    yield from key("pointer")
    if policies["aws_cloudfront_cache_policy.pointer"]["max_ttl"] > 60:
        yield "a pointer stays longer than a minute"
    if policies["aws_cloudfront_cache_policy.versioned"]["default_ttl"] < 30 * 24 * 3600:
        yield "a versioned read does not stay"


def edge_has_the_right_policy_for_each_path(world):
    edge = world.rendered["aws_cloudfront_distribution.edge"]
    policies = world.rendered.of_type("aws_cloudfront_cache_policy")
    pointer = policies["aws_cloudfront_cache_policy.pointer"]["id"]
    versioned = policies["aws_cloudfront_cache_policy.versioned"]["id"]
    prefix = world.names["prefix"]
    paths = {each["path_pattern"]: each["cache_policy_id"] for each in edge["ordered_cache_behavior"]}
    if paths != {f"/{prefix}version.json": pointer, f"/{prefix}.naru/channel/*/version.json": pointer}:
        yield f"pointers are cached as {paths}"
    if [each["cache_policy_id"] for each in edge["default_cache_behavior"]] != [versioned]:
        yield "versioned reads are cached otherwise"
    for behaviour in [*edge["ordered_cache_behavior"], *edge["default_cache_behavior"]]:
        if set(behaviour["allowed_methods"]) != {"GET", "HEAD"}:
            yield "the edge takes more than reads"
        if behaviour["viewer_protocol_policy"] not in ("redirect-to-https", "https-only"):
            yield "the edge answers without TLS"
    control = world.rendered["aws_cloudfront_origin_access_control.releases"]
    if [each["origin_access_control_id"] for each in edge["origin"]] != [control["id"]]:
        yield "the edge's requests to the bucket are not signed"
    if control["signing_behavior"] != "always":
        yield "the edge's requests to the bucket are not always signed"


# --- services


def functions_have_their_own_rights_only(world):
    for name, wanted in tried.FUNCTION_RIGHTS.items():
        role = f'aws_iam_role.function["{name}"]'
        logs = world.rendered[f'aws_cloudwatch_log_group.function["{name}"]']["arn"].removesuffix(":*") + ":log-stream:*"
        names = {**world.names, "logs": logs}
        full = set()
        for action, resource in wanted | tried.FUNCTION_LOGS:
            resource = resource.format_map(names)
            if resource != "*" and not resource.startswith("arn:"):
                resource = f"arn:aws:{action.split(':')[0]}:{names['here']}:{resource}"
            full.add((action, resource))
        has = set()
        for document in world.rendered.policies_of(role):
            for statement in statements(document):
                if statement["Effect"] != "Allow" or "Condition" in statement or "Resource" not in statement or "Action" not in statement:
                    yield f"{name}: a statement of another kind: {statement}"
                    continue
                for action in many(statement["Action"]):
                    for resource in many(statement["Resource"]):
                        has.add((action, resource))
        for action, resource in sorted(has - full):
            yield f"{name} may {action} on {resource}"
        for action, resource in sorted(full - has):
            yield f"{name} may not {action} on {resource}"


def functions_are_called_by_ours_only(world):
    for address, permission in world.rendered.of_type("aws_lambda_permission").items():
        if permission["principal"] not in ("apigateway.amazonaws.com", "cognito-idp.amazonaws.com"):
            yield f"{address}: {permission['principal']}"
        if not permission["source_arn"]:
            yield f"{address}: of any account"
    for address, function in world.rendered.of_type("aws_lambda_function").items():
        name = re.search(r"([a-z_]+)\W*$", address)[1] if "[" in address and '"' in address else "registration"
        if function["role"] != world.rendered[f'aws_iam_role.function["{name}"]']["arn"]:
            yield f"{address} runs with another's role"
    for kind in ("aws_lambda_function_url", "aws_sqs_queue_policy", "aws_dynamodb_resource_policy"):
        if world.rendered.of_type(kind):
            yield f"{kind} is not looked at here"


def floods_are_bounded(world):
    """Each route has its own rate at the API, and each function a number that runs at once."""
    stage = world.rendered["aws_apigatewayv2_stage.services"]
    settings = {each["route_key"]: each for each in stage["route_settings"]}
    for address, route in world.rendered.of_type("aws_apigatewayv2_route").items():
        rate = settings.get(route["route_key"], {}).get("throttling_rate_limit") or 0
        total = stage["default_route_settings"][0]["throttling_rate_limit"]
        if not 0 < rate < total:
            yield f"{address}: {rate} requests a second, of {total} for all"
    for address, function in world.rendered.of_type("aws_lambda_function").items():
        if (function["reserved_concurrent_executions"] or 0) < 1:
            yield f"{address}: as many at once as the account has"


def somebody_hears_of_the_pointer(world):
    """A rule for each pointer key, created and deleted, and its way to the operator, which is nobody else's."""
    rule = world.rendered["aws_cloudwatch_event_rule.pointer_changed"]
    pattern = json.loads(rule["event_pattern"])
    if set(pattern["detail-type"]) != {"Object Created", "Object Deleted"}:
        yield f"nobody hears of all of it: {pattern['detail-type']}"
    if pattern["detail"]["bucket"]["name"] != [world.names["bucket"]]:
        yield f"the rule looks at {pattern['detail']['bucket']}"
    keys = [each["wildcard"] for each in pattern["detail"]["object"]["key"]]
    for pointer in tried.PUBLISHER_POINTERS:
        if not any(like(key, world.names["prefix"] + pointer) for key in keys):
            yield f"nobody hears of {pointer}"
    for other in ("index.html", "levels/version.json"):
        if any(like(key, world.names["prefix"] + other) for key in keys):
            yield f"each write of {other} is told"
    if not world.rendered["aws_s3_bucket_notification.releases"]["eventbridge"]:
        yield "the bucket tells nobody"
    target = world.rendered["aws_cloudwatch_event_target.pointer_changed[0]"]
    topic = world.rendered["aws_sns_topic.pointer_changed[0]"]["arn"]
    if (target["rule"], target["arn"]) != (rule["name"], topic):
        yield f"the rule leads to {target['arn']}"
    if world.rendered["aws_sns_topic_subscription.pointer_changed[0]"]["topic_arn"] != topic:
        yield "nobody reads the topic"
    for address, policy in world.rendered.of_type("aws_sns_topic_policy").items():
        wanted = {
            "Action": "sns:Publish",
            "Condition": {"ArnEquals": {"aws:SourceArn": rule["arn"]}},
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
            "Resource": topic,
        }
        found = [{k: v for k, v in each.items() if k != "Sid"} for each in statements(json.loads(policy["policy"]))]
        if found != [wanted]:
            yield f"{address} lets others write: {found}"


def tables_are_kept(world):
    tables = world.rendered.of_type("aws_dynamodb_table")
    for address, table in tables.items():
        if table["billing_mode"] != "PAY_PER_REQUEST":
            yield f"{address} is not on demand"
        if [each["enabled"] for each in table["point_in_time_recovery"]] != [True]:
            yield f"{address} can't be taken back to an earlier time"
        if not table["deletion_protection_enabled"]:
            yield f"{address} can be deleted"
        if table["stream_enabled"] != address.endswith('["scores"]'):
            yield f"{address}: stream {table['stream_enabled']}"
    if len(tables) != 9:
        yield f"{len(tables)} tables"


def somebody_hears_of_trouble(world):
    alarms = world.rendered.of_type("aws_cloudwatch_metric_alarm")
    for address, alarm in alarms.items():
        if not alarm["alarm_actions"]:
            yield f"{address} tells nobody"
    heard = {(alarm["metric_name"], *sorted(alarm["dimensions"].values())) for alarm in alarms.values()}
    for function in world.rendered.of_type("aws_lambda_function").values():
        for metric in ("Errors", "Throttles"):
            if (metric, function["function_name"]) not in heard:
                yield f"nobody hears of {function['function_name']}'s {metric}"
    metrics = {alarm["metric_name"] for alarm in alarms.values()}
    if missing := {"5xx", "5xxErrorRate", "IteratorAge", "ApproximateNumberOfMessagesVisible"} - metrics:
        yield f"nobody hears of {sorted(missing)}"
    for address, group in world.rendered.of_type("aws_cloudwatch_log_group").items():
        if not group["retention_in_days"]:
            yield f"{address} is kept for ever"


def logs_hold_no_token(world):
    [settings] = world.rendered["aws_apigatewayv2_stage.services"]["access_log_settings"]
    allowed = {
        "requestTime", "requestId", "routeKey", "status", "responseLength", "responseLatency",
        "identity.sourceIp", "error.message", "integrationErrorMessage",
    }  # fmt: skip
    if extra := set(re.findall(r"\$context\.([\w.]+)", settings["format"])) - allowed:
        yield f"the access log holds {sorted(extra)}"
    for address, function in world.rendered.of_type("aws_lambda_function").items():
        for environment in function["environment"]:
            for name in environment["variables"]:
                if re.search("SECRET(?!_PARAMETER)|PASSWORD|TOKEN|KEY", name):
                    yield f"{address} holds {name} in clear"


def every_action_exists(world, known):
    """Of every policy: a misspelt Deny denies nothing."""
    documents = [json.loads(values["policy"]) for values in world.rendered.of_type("aws_iam_policy").values()]
    documents += [json.loads(values["policy"]) for values in world.rendered.of_type("aws_iam_role_policy").values()]
    documents.append(world.rendered.bucket_policy())
    for document in documents:
        for statement in statements(document):
            for pattern in many(statement["Action"]):
                if not any(like(pattern.lower(), action) for action in known):
                    yield f"there is no action {pattern}"


def of_all_actions_only_these(world, known):
    """Every action that AWS has, on whichever resource suits the caller."""
    wanted = {
        PLAYER: {action for action, _ in tried.PLAYER_CHAT},
        PUBLISHER: {action for actions in tried.STORE_CALLS.values() for action in actions},
    }
    for name, rights in tried.FUNCTION_RIGHTS.items():
        wanted[f'aws_iam_role.function["{name}"]'] = {action for action, _ in rights | tried.FUNCTION_LOGS}
    for role, expected in wanted.items():
        allowed = {action for action in known if ask(world, role, action, ANY, LENIENT, {}) is Decision.ALLOWED}
        expected = {action.lower() for action in expected}
        if allowed != expected:
            yield f"{role}: more than expected {sorted(allowed - expected)}, less {sorted(expected - allowed)}"


CHECKS = [
    player_does_nothing_dangerous,
    player_stays_harmless_with_every_right_attached,
    bucket_refuses_players_by_itself,
    player_may_chat_under_their_own_name,
    player_has_these_rights_only,
    only_our_logged_in_players_get_the_role,
    identity_pool_is_closed,
    publisher_can_do_what_the_store_calls,
    publisher_has_no_right_that_nothing_calls,
    publisher_does_nothing_else,
    publisher_never_destroys,
    pointer_is_written_under_a_condition_only,
    only_named_publishers_get_the_role,
    edge_reads_releases_and_nothing_else,
    bucket_is_private,
    bucket_keeps_every_version,
    cache_key_is_path_and_version,
    edge_has_the_right_policy_for_each_path,
    functions_have_their_own_rights_only,
    functions_are_called_by_ours_only,
    floods_are_bounded,
    somebody_hears_of_the_pointer,
    tables_are_kept,
    somebody_hears_of_trouble,
    logs_hold_no_token,
]
