"""Each check sees what it is there for: the module is broken in one place, and it answers."""

import copy
import json

import checks
import pytest

BREAKAGES = []


def breaks(*seen_by):
    def register(change):
        BREAKAGES.append((change, seen_by))
        return change

    return register


def edit(values, key, change):
    document = json.loads(values[key])
    change(document["Statement"])
    values[key] = json.dumps(document)


def statement(found, sid):
    return next(each for each in found if each["Sid"] == sid)


def remove(found, sid):
    found.remove(statement(found, sid))


def allow(action, resource="*"):
    return lambda found: found.append({"Sid": "Broken", "Effect": "Allow", "Action": action, "Resource": resource})


PLAYER_CHAT = "aws_iam_role_policy.player_chat[0]"
BOUNDARY = "aws_iam_policy.player_boundary"
PUBLISHER = "aws_iam_policy.publisher"
BUCKET = "aws_s3_bucket_policy.releases"
TRUST = "assume_role_policy"


@breaks(checks.player_does_nothing_dangerous, checks.player_has_these_rights_only)
def a_player_may_publish_messages_for_others(at):
    for address in (PLAYER_CHAT, BOUNDARY):
        edit(at(address), "policy", lambda found: statement(found, "SayAsOneself").update(Resource="arn:aws:iot:*:*:topic/chat/in/*"))
        edit(at(address), "policy", allow("iot:AttachPolicy"))


@breaks(checks.player_does_nothing_dangerous)
def a_player_may_write_and_nothing_else_holds(at):
    edit(at(PLAYER_CHAT), "policy", allow("s3:PutObject"))
    edit(at(BOUNDARY), "policy", allow("*"))
    edit(at(BUCKET), "policy", lambda found: remove(found, "PlayersNever"))


@breaks(checks.player_does_nothing_dangerous, checks.player_stays_harmless_with_every_right_attached)
def a_player_may_everything_but_iam_by_not_action(at):
    edit(at(PLAYER_CHAT), "policy", lambda found: found.append({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}))
    edit(at(BOUNDARY), "policy", allow("*"))


@breaks(checks.player_stays_harmless_with_every_right_attached, checks.player_has_these_rights_only)
def the_boundary_is_gone(at):
    at(checks.PLAYER)["permissions_boundary"] = ""


@breaks(checks.bucket_refuses_players_by_itself)
def the_bucket_forgets_players(at):
    edit(at(BUCKET), "policy", lambda found: remove(found, "PlayersNever"))


@breaks(checks.bucket_refuses_players_by_itself)
def the_bucket_refuses_players_its_objects_only(at):
    def change(found):
        statement(found, "PlayersNever")["Resource"] = statement(found, "PlayersNever")["Resource"][1]

    edit(at(BUCKET), "policy", change)


@breaks(checks.player_has_these_rights_only)
def a_player_may_read_a_table(at):
    edit(at(PLAYER_CHAT), "policy", allow("dynamodb:GetItem"))


@breaks(checks.player_may_chat_under_their_own_name)
def the_chat_is_off(at):
    at(PLAYER_CHAT)["role"] = "somebody-else"


@breaks(checks.only_our_logged_in_players_get_the_role)
def any_pool_gives_the_role(at):
    edit(at(checks.PLAYER), TRUST, lambda found: found[0]["Condition"].pop("StringEquals"))


@breaks(checks.only_our_logged_in_players_get_the_role)
def guests_get_the_role(at):
    edit(at(checks.PLAYER), TRUST, lambda found: found[0]["Condition"].pop("ForAnyValue:StringLike"))


@breaks(checks.identity_pool_is_closed)
def guests_get_identities(at):
    at("aws_cognito_identity_pool.players")["allow_unauthenticated_identities"] = True


@breaks(checks.identity_pool_is_closed)
def guests_get_a_role(at):
    at("aws_cognito_identity_pool_roles_attachment.players")["roles"]["unauthenticated"] = at(checks.PLAYER)["arn"]


@breaks(checks.publisher_can_do_what_the_store_calls, checks.publisher_has_no_right_that_nothing_calls)
def the_publisher_may_not_read_versions(at):
    edit(at(PUBLISHER), "policy", lambda found: statement(found, "ReadAndWriteReleases")["Action"].remove("s3:GetObjectVersion"))


@breaks(checks.publisher_can_do_what_the_store_calls)
def the_pointer_can_only_be_made(at):
    def change(found):
        statement(found, "PointerOnlyUnderCondition")["Condition"]["Null"].pop("s3:if-match")

    edit(at(PUBLISHER), "policy", change)


@breaks(checks.publisher_can_do_what_the_store_calls)
def listing_asks_for_a_prefix(at):
    def change(found):
        statement(found, "FindReleasesAndUploads")["Condition"] = {"StringLike": {"s3:prefix": "update/*"}}

    edit(at(PUBLISHER), "policy", change)


@breaks(checks.publisher_has_no_right_that_nothing_calls, checks.publisher_does_nothing_else)
def the_publisher_may_all_of_s3(at):
    edit(at(PUBLISHER), "policy", allow("s3:*"))


@breaks(checks.publisher_never_destroys)
def the_publisher_could_be_allowed_to_delete(at):
    edit(at(PUBLISHER), "policy", lambda found: remove(found, "NeverDestroy"))


@breaks(checks.publisher_does_nothing_else)
def the_publisher_writes_everywhere(at):
    def change(found):
        statement(found, "ReadAndWriteReleases")["Resource"] = "*"

    edit(at(PUBLISHER), "policy", change)


@breaks(checks.pointer_is_written_under_a_condition_only)
def the_pointer_is_written_at_will(at):
    edit(at(PUBLISHER), "policy", lambda found: remove(found, "PointerOnlyUnderCondition"))


@breaks(checks.only_named_publishers_get_the_role)
def every_workflow_of_the_repository_publishes(at):
    def change(found):
        condition = statement(found, "NamedWorkflows")["Condition"]
        condition["StringLike"] = {"token.actions.githubusercontent.com:sub": "repo:studio/game:*"}
        del condition["StringEquals"]["token.actions.githubusercontent.com:sub"]

    edit(at(checks.PUBLISHER), TRUST, change)


@breaks(checks.only_named_publishers_get_the_role)
def players_publish(at):
    def change(found):
        statement(found, "NamedPrincipals")["Principal"]["AWS"] = [statement(found, "NamedPrincipals")["Principal"]["AWS"], at(checks.PLAYER)["arn"]]

    edit(at(checks.PUBLISHER), TRUST, change)


@breaks(checks.edge_reads_releases_and_nothing_else)
def any_distribution_reads(at):
    edit(at(BUCKET), "policy", lambda found: statement(found, "EdgeReads").pop("Condition"))


@breaks(checks.edge_reads_releases_and_nothing_else)
def the_edge_reads_no_versions(at):
    edit(at(BUCKET), "policy", lambda found: statement(found, "EdgeReads").update(Action="s3:GetObject"))


@breaks(checks.edge_reads_releases_and_nothing_else)
def the_edge_lists(at):
    def change(found):
        statement(found, "EdgeReads")["Action"] = ["s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket"]
        statement(found, "EdgeReads")["Resource"] = "*"

    edit(at(BUCKET), "policy", change)


@breaks(checks.bucket_is_private)
def anybody_reads(at):
    edit(at(BUCKET), "policy", lambda found: found.append({"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}))


@breaks(checks.bucket_is_private)
def plain_http_is_served(at):
    edit(at(BUCKET), "policy", lambda found: remove(found, "TlsOnly"))


@breaks(checks.bucket_is_private)
def public_policies_are_possible(at):
    at("aws_s3_bucket_public_access_block.releases")["block_public_policy"] = False


@breaks(checks.bucket_keeps_every_version)
def versions_are_suspended(at):
    at("aws_s3_bucket_versioning.releases")["versioning_configuration"][0]["status"] = "Suspended"


@breaks(checks.bucket_keeps_every_version)
def old_versions_expire(at):
    at("aws_s3_bucket_lifecycle_configuration.releases")["rule"][0]["noncurrent_version_expiration"] = [{"noncurrent_days": 30}]


@breaks(checks.cache_key_is_path_and_version)
def every_query_string_makes_a_copy(at):
    parameters = at("aws_cloudfront_cache_policy.versioned")["parameters_in_cache_key_and_forwarded_to_origin"][0]
    parameters["query_strings_config"] = [{"query_string_behavior": "all", "query_strings": []}]


@breaks(checks.cache_key_is_path_and_version)
def the_version_is_not_in_the_key(at):
    parameters = at("aws_cloudfront_cache_policy.versioned")["parameters_in_cache_key_and_forwarded_to_origin"][0]
    parameters["query_strings_config"] = [{"query_string_behavior": "none", "query_strings": []}]


@breaks(checks.cache_key_is_path_and_version)
def the_pointer_stays_for_a_day(at):
    at("aws_cloudfront_cache_policy.pointer")["max_ttl"] = 86400


@breaks(checks.edge_has_the_right_policy_for_each_path)
def the_pointer_of_a_channel_is_kept_for_a_year(at):
    at("aws_cloudfront_distribution.edge")["ordered_cache_behavior"].pop()


@breaks(checks.edge_has_the_right_policy_for_each_path)
def the_edge_asks_unsigned(at):
    at("aws_cloudfront_distribution.edge")["origin"][0]["origin_access_control_id"] = ""


@breaks(checks.functions_have_their_own_rights_only)
def scores_may_write_statistics(at):
    edit(at('aws_iam_role_policy.function["scores"]'), "policy", lambda found: statement(found, "ReadStatistics").update(Action="dynamodb:*"))


@breaks(checks.functions_have_their_own_rights_only)
def player_data_reads_every_table(at):
    edit(at('aws_iam_role_policy.function["player_data"]'), "policy", lambda found: found[0].update(Resource="*"))


@breaks(checks.functions_have_their_own_rights_only)
def registration_has_its_neighbours_policy(at):
    at('aws_iam_role_policy.function["accounts"]')["role"] = at("aws_iam_role_policy.registration")["role"]


@breaks(checks.functions_are_called_by_ours_only)
def anybodys_api_calls(at):
    at('aws_lambda_permission.api_calls_function["scores"]')["source_arn"] = None


@breaks(checks.functions_are_called_by_ours_only)
def scores_run_as_accounts(at):
    at('aws_lambda_function.service["scores"]')["role"] = at('aws_iam_role.function["accounts"]')["arn"]


@breaks(checks.floods_are_bounded)
def logins_have_no_rate_of_their_own(at):
    stage = at("aws_apigatewayv2_stage.services")
    stage["route_settings"] = [each for each in stage["route_settings"] if "login" not in each["route_key"]]


@breaks(checks.floods_are_bounded)
def scores_run_as_often_as_they_like(at):
    at('aws_lambda_function.service["scores"]')["reserved_concurrent_executions"] = -1


@breaks(checks.somebody_hears_of_the_pointer)
def a_channels_pointer_is_not_looked_at(at):
    rule = at("aws_cloudwatch_event_rule.pointer_changed")
    rule["event_pattern"] = rule["event_pattern"].replace(".naru/channel/*", ".naru/channel/live")


@breaks(checks.somebody_hears_of_the_pointer)
def a_deleted_pointer_is_not_told(at):
    rule = at("aws_cloudwatch_event_rule.pointer_changed")
    rule["event_pattern"] = rule["event_pattern"].replace("Object Deleted", "Object Tags Added")


@breaks(checks.somebody_hears_of_the_pointer)
def the_bucket_is_silent(at):
    at("aws_s3_bucket_notification.releases")["eventbridge"] = False


@breaks(checks.somebody_hears_of_the_pointer)
def anybodys_rule_writes_to_the_operator(at):
    edit(at("aws_sns_topic_policy.pointer_changed[0]"), "policy", lambda found: found[0].pop("Condition"))


@breaks(checks.tables_are_kept)
def a_table_has_no_yesterday(at):
    at('aws_dynamodb_table.service["board"]')["point_in_time_recovery"] = []


@breaks(checks.tables_are_kept)
def the_scores_have_no_stream(at):
    at('aws_dynamodb_table.service["scores"]')["stream_enabled"] = False


@breaks(checks.somebody_hears_of_trouble)
def an_alarm_calls_nobody(at):
    at("aws_cloudwatch_metric_alarm.edge_errors")["alarm_actions"] = []


@breaks(checks.somebody_hears_of_trouble)
def a_log_is_kept_for_ever(at):
    at("aws_cloudwatch_log_group.api")["retention_in_days"] = 0


@breaks(checks.logs_hold_no_token)
def the_access_log_holds_the_path(at):
    settings = at("aws_apigatewayv2_stage.services")["access_log_settings"][0]
    settings["format"] = settings["format"].replace("$context.routeKey", "$context.path")


@breaks(checks.logs_hold_no_token)
def a_function_has_a_secret_in_its_environment(at):
    at('aws_lambda_function.service["accounts"]')["environment"][0]["variables"]["NARU_KAKAO_SECRET"] = "x"


@pytest.mark.parametrize(("change", "seen_by"), BREAKAGES, ids=lambda value: getattr(value, "__name__", ""))
def test_is_seen(world, change, seen_by):
    broken = copy.deepcopy(world)
    change(broken.rendered.__getitem__)
    for check in seen_by:
        assert list(check(broken)) != [], f"{check.__name__} does not see it"


def test_every_check_was_seen_to_fail():
    seen = {check for _, checks_of_it in BREAKAGES for check in checks_of_it}
    assert [check.__name__ for check in checks.CHECKS if check not in seen] == []
