"""The rendered module against every check, and against an evaluator that nobody here wrote."""

import json

import checks
import pytest
import requests_tried as tried
from checks import PLAYER, PUBLISHER, SELF


@pytest.mark.parametrize("check", checks.CHECKS, ids=lambda check: check.__name__)
def test_holds(world, check):
    assert list(check(world)) == []


def test_enough_is_tried():
    assert len({action for action, _ in tried.PLAYER_NEVER}) >= 40
    assert len({action for action, _ in tried.PUBLISHER_HAS_NOT}) >= 30


def test_every_action_of_aws(world, simulator):
    known = simulator("actions")
    assert len(known) > 10_000
    assert list(checks.every_action_exists(world, known)) == []
    assert list(checks.of_all_actions_only_these(world, known)) == []


def test_the_list_of_actions_would_show_a_wider_right(world, simulator):
    known = [action for action in simulator("actions") if action.startswith(("s3:", "iot:"))]
    narrower = [action for action in known if action != "s3:putobject"]
    assert list(checks.every_action_exists(world, [])) != []
    assert any("s3:putobject" in problem for problem in checks.of_all_actions_only_these(world, narrower))


# --- the second opinion

# Its list of actions has no resources for this one.
NOT_JUDGED = {"apigateway:PATCH"}


def with_own_name(documents):
    """It drops keys of web identities from what it is told, so a player's own name is put in beforehand."""
    return json.loads(json.dumps(documents).replace("${cognito-identity.amazonaws.com:sub}", SELF))


def question(world, role, action, resource, context, extra=()):
    about_bucket = action.startswith("s3:") and checks.concerning(resource, world.names["bucket"])
    name = world.rendered[role]["name"]
    known = {key: value for key, value in context.items() if value is not None}
    return {
        "principal": f"arn:aws:sts::{world.account}:assumed-role/{name}/session",
        "action": action,
        "resource": resource,
        "account": world.account,
        "context": {"aws:PrincipalArn": world.rendered[role]["arn"], "aws:SecureTransport": "true", **known},
        "identity": with_own_name([*world.rendered.policies_of(role), *extra]),
        "boundary": with_own_name(world.rendered.boundary_of(role)),
        "policy": world.rendered.bucket_policy() if about_bucket else None,
    }


def opinions(simulator, questions):
    answers = simulator(requests=questions)
    assert len(answers) == len(questions) > 0
    return [(each["action"], each["resource"], answer) for each, answer in zip(questions, answers, strict=True)]


@pytest.mark.parametrize("extra", [(), (checks.EVERYTHING,)], ids=["as it is", "with every right attached"])
def test_another_evaluator_refuses_players_too(world, simulator, extra):
    context = checks.player_context()
    asked = [question(world, PLAYER, *each[:2], context, extra) for each in world.requests(tried.PLAYER_NEVER)]
    asked = [each for each in asked if each["action"] not in NOT_JUDGED]
    refused = ("ImplicitlyDenied", "ExplicitlyDenied")
    assert [each for each in opinions(simulator, asked) if each[2] not in refused] == []


def test_another_evaluator_lets_players_chat(world, simulator):
    asked = [question(world, PLAYER, *each[:2], checks.player_context()) for each in world.requests(tried.PLAYER_CHAT)]
    assert [each for each in opinions(simulator, asked) if each[2] != "Allowed"] == []
    assert SELF in asked[0]["resource"]


def test_another_evaluator_lets_the_publisher_publish(world, simulator):
    actions = sorted({action for actions in tried.STORE_CALLS.values() for action in actions})
    asked = [
        question(world, PUBLISHER, action, resource, context)
        for action in actions
        for resource, context in checks.publisher_targets(world, action)
    ]
    assert [each for each in opinions(simulator, asked) if each[2] != "Allowed"] == []


def test_another_evaluator_keeps_the_publisher_from_the_rest(world, simulator):
    context = checks.publisher_context()
    bucket, prefix = world.names["bucket"], world.names["prefix"]
    pointers = [("s3:PutObject", f"arn:aws:s3:::{bucket}/{prefix}{key}") for key in tried.PUBLISHER_POINTERS]
    alone = [*(each[:2] for each in world.requests(tried.PUBLISHER_HAS_NOT)), *pointers]
    asked = [question(world, PUBLISHER, *each, context) for each in alone]
    assert [each for each in opinions(simulator, asked) if each[2] not in ("ImplicitlyDenied", "ExplicitlyDenied")] == []
    mighty = [*(each[:2] for each in world.requests(tried.PUBLISHER_NEVER)), *pointers]
    asked = [question(world, PUBLISHER, *each, context, (checks.EVERYTHING,)) for each in mighty]
    assert [each for each in opinions(simulator, asked) if each[2] != "ExplicitlyDenied"] == []


# --- a deployment that sets no variable


def test_by_default_nobody_has_a_right_that_nobody_asked_for(defaults):
    assert defaults.of_type("aws_lambda_function") == {}, "there are no archives"
    assert defaults.of_type("aws_apigatewayv2_route") == {}
    roles = set(defaults.of_type("aws_iam_role"))
    functions = {f'aws_iam_role.function["{name}"]' for name in tried.FUNCTION_RIGHTS}
    assert roles == {PLAYER, *functions}, "nobody was named who may publish"
    assert "aws_iam_role_policy.player_chat[0]" not in defaults.resources, "there is no chat"
    assert defaults.of_type("aws_iam_openid_connect_provider") == {}
    assert defaults["aws_cognito_identity_pool.players"]["allow_unauthenticated_identities"] is False
    assert all(table["deletion_protection_enabled"] for table in defaults.of_type("aws_dynamodb_table").values())
