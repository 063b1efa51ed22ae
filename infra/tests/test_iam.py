"""The evaluator itself: a check is worth what judges it."""

import pytest

from iam import ABSENT, LENIENT, STRICT, Decision, Request, Unsupported, decide

OBJECT = "arn:aws:s3:::bucket/update/a"


def document(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action="s3:GetObject", resource="*", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action="s3:GetObject", resource="*", **more):
    return {"Effect": "Deny", "Action": action, "Resource": resource, **more}


def when(operator, key, value):
    return {"Condition": {operator: {key: value}}}


def both(request, **policies):
    return decide(request, LENIENT, **policies), decide(request, STRICT, **policies)


def agree(decision, request, **policies):
    assert both(request, **policies) == (decision, decision)


GET = Request("s3:GetObject", OBJECT)
ALLOWED, EXPLICIT, IMPLICIT = Decision.ALLOWED, Decision.EXPLICIT_DENY, Decision.IMPLICIT_DENY


def test_nothing_is_allowed_by_default():
    agree(IMPLICIT, GET)
    agree(IMPLICIT, GET, identity=[document(allow("s3:PutObject"))])


def test_a_deny_wins_wherever_it_stands():
    for order in ([allow(), deny()], [deny(), allow()]):
        agree(EXPLICIT, GET, identity=[document(*order)])
    agree(EXPLICIT, GET, identity=[document(allow())], resource=document(deny(Principal="*")))
    agree(EXPLICIT, GET, identity=[document(allow())], boundary=document(allow(), deny()))


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        ("s3:GetObject", True),
        ("S3:getobject", True),
        ("s3:Get*", True),
        ("s3:*", True),
        ("*", True),
        ("s3:GetObjec?", True),
        ("s3:GetObject?", False),
        ("s3:GetObjectVersion", False),
        ("s3:Get", False),
        ("s3.GetObject", False),
    ],
)
def test_actions_have_wildcards_and_no_case(pattern, matches):
    agree(ALLOWED if matches else IMPLICIT, GET, identity=[document(allow(pattern))])


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        (OBJECT, True),
        ("arn:aws:s3:::bucket/*", True),
        ("arn:aws:s3:::bucket/update/?", True),
        ("arn:aws:s3:::bucket", False),
        ("arn:aws:s3:::bucket/UPDATE/a", False),
        ("arn:aws:s3:::bucket/update/", False),
        ("arn:aws:s3:::bucket2/*", False),
    ],
)
def test_resources_have_wildcards_and_case(pattern, matches):
    agree(ALLOWED if matches else IMPLICIT, GET, identity=[document(allow(resource=["arn:x", pattern]))])


def test_not_action_is_everything_else():
    statement = {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}
    agree(ALLOWED, GET, identity=[document(statement)])
    agree(IMPLICIT, Request("iam:CreateUser", "arn:x"), identity=[document(statement)])


def test_not_resource_is_everything_else():
    statement = {"Effect": "Allow", "Action": "*", "NotResource": OBJECT}
    agree(IMPLICIT, GET, identity=[document(statement)])
    agree(ALLOWED, Request("s3:GetObject", OBJECT + "b"), identity=[document(statement)])


def test_a_boundary_limits_and_gives_nothing():
    agree(IMPLICIT, GET, boundary=document(allow()))
    agree(ALLOWED, GET, identity=[document(allow("*"))], boundary=document(allow()))
    agree(IMPLICIT, GET, identity=[document(allow("*"))], boundary=document(allow("s3:PutObject")))


def test_a_resource_can_let_somebody_in_by_name():
    policy = document(allow(Principal={"Service": "cloudfront.amazonaws.com"}))
    edge = Request("s3:GetObject", OBJECT, principal={"Service": "cloudfront.amazonaws.com"})
    agree(ALLOWED, edge, resource=policy)
    agree(IMPLICIT, GET, resource=policy)
    agree(ALLOWED, GET, resource=document(allow(Principal={"AWS": ["*"]})))


def test_an_unknown_resource_suits_the_caller_only():
    some = Request("s3:GetObject")
    assert both(some, identity=[document(allow(resource=OBJECT))]) == (ALLOWED, IMPLICIT)
    assert both(some, identity=[document(allow(), deny(resource=OBJECT))]) == (ALLOWED, EXPLICIT)
    agree(ALLOWED, some, identity=[document(allow())])


def test_an_unknown_condition_counts_for_an_allow_only_when_lenient():
    limited = when("StringEquals", "aws:SourceVpc", "vpc-1")
    assert both(GET, identity=[document(allow(**limited))]) == (ALLOWED, IMPLICIT)
    assert both(GET, identity=[document(allow(), deny(**limited))]) == (ALLOWED, EXPLICIT)


def test_an_unknown_condition_does_not_save_a_statement_for_something_else():
    limited = when("StringEquals", "aws:SourceVpc", "vpc-1")
    agree(ALLOWED, GET, identity=[document(allow(), deny("s3:PutObject", **limited))])
    agree(ALLOWED, GET, identity=[document(allow(), deny(resource="arn:other", **limited))])


@pytest.mark.parametrize(
    ("operator", "wanted", "given", "holds"),
    [
        ("StringEquals", "a", "a", True),
        ("StringEquals", "a", "A", False),
        ("StringEquals", "a*", "ab", False),
        ("StringEquals", ["a", "b"], "b", True),
        ("StringEquals", "a", ABSENT, False),
        ("StringEqualsIfExists", "a", ABSENT, True),
        ("StringEqualsIfExists", "a", "b", False),
        ("StringNotEquals", ["a", "b"], "b", False),
        ("StringNotEquals", ["a", "b"], "c", True),
        ("StringNotEquals", "a", ABSENT, True),
        ("StringLike", "a*", "ab", True),
        ("StringNotLike", "a*", "ab", False),
        ("StringEqualsIgnoreCase", "a", "A", True),
        ("Bool", "false", "False", True),
        ("Bool", "true", "false", False),
        ("Bool", "false", ABSENT, False),
        ("Null", "true", ABSENT, True),
        ("Null", "true", "x", False),
        ("Null", "false", "x", True),
        ("NumericLessThan", "5", 4, True),
        ("NumericLessThan", "5", 5, False),
        ("NumericGreaterThanEquals", "5", 5, True),
        ("IpAddress", "10.0.0.0/8", "10.1.2.3", True),
        ("NotIpAddress", "10.0.0.0/8", "10.1.2.3", False),
        ("ArnEquals", "arn:aws:iam::1:role/a", "arn:aws:iam::1:role/a", True),
        ("ArnLike", "arn:aws:iam::*:role/a", "arn:aws:iam::1:role/a", True),
        ("ArnLike", "arn:aws:iam::*:a", "arn:aws:iam::1:role:a", False),
        ("ArnLike", "arn:aws:iam::1:role/a", "no arn", False),
        ("ForAnyValue:StringLike", "a*", ["x", "ab"], True),
        ("ForAnyValue:StringLike", "a*", ["x"], False),
        ("ForAnyValue:StringEquals", "a", ABSENT, False),
        ("ForAllValues:StringEquals", ["a", "b"], ["a", "b"], True),
        ("ForAllValues:StringEquals", ["a", "b"], ["a", "c"], False),
        # The trap of IAM itself: no value at all are all values.
        ("ForAllValues:StringEquals", "a", ABSENT, True),
    ],
)
def test_conditions(operator, wanted, given, holds):
    request = Request("s3:GetObject", OBJECT, {"KEY": given})
    policy = document(allow(**when(operator, "key", wanted)))
    agree(ALLOWED if holds else IMPLICIT, request, identity=[policy])


def test_several_conditions_must_all_hold():
    statement = allow(Condition={"StringEquals": {"a": "1", "b": "1"}, "Bool": {"c": "true"}})
    good = {"a": "1", "b": "1", "c": "true"}
    agree(ALLOWED, Request("s3:GetObject", OBJECT, good), identity=[document(statement)])
    for key in good:
        agree(IMPLICIT, Request("s3:GetObject", OBJECT, {**good, key: "0"}), identity=[document(statement)])


def test_a_variable_is_the_callers_own_value():
    policy = document(allow(resource="arn:aws:s3:::bucket/${aws:username}/*"))
    ask = lambda name, key: Request("s3:GetObject", f"arn:aws:s3:::bucket/{key}", {"aws:username": name})  # noqa: E731
    agree(ALLOWED, ask("kim", "kim/a"), identity=[policy])
    agree(IMPLICIT, ask("kim", "lee/a"), identity=[policy])
    agree(IMPLICIT, ask(ABSENT, "kim/a"), identity=[policy])
    # Whoever is called * is not everybody.
    agree(IMPLICIT, ask("*", "lee/a"), identity=[policy])
    agree(ALLOWED, ask("*", "*/a"), identity=[policy])
    # Who calls is not known.
    assert both(Request("s3:GetObject", "arn:aws:s3:::bucket/lee/a"), identity=[policy]) == (ALLOWED, IMPLICIT)


def test_a_variable_in_a_condition():
    policy = document(allow(**when("StringEquals", "key", "${aws:username}")))
    agree(ALLOWED, Request("s3:GetObject", OBJECT, {"key": "kim", "aws:username": "kim"}), identity=[policy])
    agree(IMPLICIT, Request("s3:GetObject", OBJECT, {"key": "lee", "aws:username": "kim"}), identity=[policy])


@pytest.mark.parametrize(
    "statement",
    [
        allow(**when("DateLessThan", "aws:CurrentTime", "2030-01-01T00:00:00Z")),
        allow(**when("ForSomeValue:StringEquals", "a", "b")),
        allow(**when("ForAllValues:Null", "a", "true")),
        allow(resource="arn:aws:s3:::bucket/${aws:username, 'nobody'}"),
        allow(NotAction="s3:*"),
        allow(Principals="*"),
        allow(NotPrincipal={"AWS": "*"}),
        allow(Principal={"AWS": "123456789012"}),
        {"Effect": "allow", "Action": "*", "Resource": "*"},
    ],
)
def test_what_is_not_understood_is_an_error(statement):
    with pytest.raises(Unsupported):
        decide(GET, LENIENT, identity=[document(statement)])


def test_an_old_version_is_an_error():
    with pytest.raises(Unsupported):
        decide(GET, LENIENT, identity=[{"Version": "2008-10-17", "Statement": allow()}])


def test_one_statement_need_not_be_a_list():
    agree(ALLOWED, GET, identity=[{"Version": "2012-10-17", "Statement": allow()}])
