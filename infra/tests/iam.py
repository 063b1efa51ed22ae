"""What IAM would answer to a request, judged in two ways.

A policy can depend on what nobody knows beforehand: the address of a caller, the time, the name of
somebody else's object. So a condition is true, false or unknown, and whoever asks says what unknown
counts for:

* LENIENT: whatever could be allowed is. Nothing that this denies can happen.
* STRICT: only what is surely allowed is. All that this allows will work.

Anything that is not known here (an operator, a policy variable, an element of a statement) is an error
and never a guess.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

import ipaddress
import re
from dataclasses import dataclass, field
from enum import Enum

LENIENT, STRICT = "lenient", "strict"

ABSENT = None
"""In a request's context: the key is surely not there."""

ANY = object()
"""As a request's resource: whichever suits the caller best."""


class Decision(Enum):
    ALLOWED = "allowed"
    EXPLICIT_DENY = "explicitly denied"
    IMPLICIT_DENY = "implicitly denied"


class Unsupported(Exception):
    """A policy says something that is not judged here."""


@dataclass
class Request:
    """One call. A key that is not in `context` is unknown; one that is ABSENT is known to be missing."""

    action: str
    resource: object = ANY
    context: dict = field(default_factory=dict)
    principal: dict = field(default_factory=dict)


def decide(request, view, identity=(), boundary=None, resource=None):
    """The decision within one account.

    `resource` is a resource's own policy, which can allow what no identity policy does; `boundary` is the
    most that identity policies can give. A grant of a resource policy to a role is held by the role's
    boundary as well, so it is here: this can only err towards a denial of the STRICT view, and a LENIENT
    view sees it allowed.
    """
    everything = [*identity, *([boundary] if boundary else []), *([resource] if resource else [])]
    for document in everything:
        check(document)
    if any(_says(document, "Deny", request, view) for document in everything):
        return Decision.EXPLICIT_DENY
    by_identity = any(_says(document, "Allow", request, view) for document in identity)
    by_resource = bool(resource) and _says(resource, "Allow", request, view)
    held = bool(boundary) and not _says(boundary, "Allow", request, view)
    if by_resource and (view == LENIENT or not held):
        return Decision.ALLOWED
    return Decision.ALLOWED if by_identity and not held else Decision.IMPLICIT_DENY


def check(document):
    """Raises unless everything in the document is understood here."""
    if document.get("Version") != "2012-10-17":
        raise Unsupported(f"version {document.get('Version')}: policy variables mean nothing before 2012-10-17")
    if extra := set(document) - {"Version", "Statement", "Id"}:
        raise Unsupported(f"elements {extra}")
    known = {"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Condition"}
    for statement in statements(document):
        if extra := set(statement) - known:
            raise Unsupported(f"elements {extra}")
        if statement.get("Effect") not in ("Allow", "Deny"):
            raise Unsupported(f"effect {statement.get('Effect')}")
        if ("Action" in statement) == ("NotAction" in statement):
            raise Unsupported("one of Action and NotAction")
        if "Resource" in statement and "NotResource" in statement:
            raise Unsupported("one of Resource and NotResource")
        if "NotPrincipal" in statement:
            raise Unsupported("NotPrincipal")
        for operator in statement.get("Condition", {}):
            _operator(operator)


def statements(document):
    return many(document["Statement"])


def actions_allowed(document):
    """The patterns of a document's Allow statements; NotAction allows everything."""
    allowing = [statement for statement in statements(document) if statement["Effect"] == "Allow"]
    return {pattern for statement in allowing for pattern in many(statement.get("Action", "*"))}


# --- one statement


def _says(document, effect, request, view):
    """Whether a statement of this effect applies. Unknown counts for an Allow in the LENIENT view and
    for a Deny in the STRICT one."""
    unknown_counts = (effect == "Allow") == (view == LENIENT)
    for statement in statements(document):
        if statement["Effect"] != effect:
            continue
        applies = _and(
            [
                _principal_matches(statement, request),
                _action_matches(statement, request.action),
                _resource_matches(statement, request),
                _and(
                    _condition_holds(operator, key, many(values), request.context)
                    for operator, pairs in statement.get("Condition", {}).items()
                    for key, values in pairs.items()
                ),
            ]
        )
        if applies or (applies is None and unknown_counts):
            return True
    return False


def _principal_matches(statement, request):
    if "Principal" not in statement:
        return True
    wanted = statement["Principal"]
    if wanted == "*":
        return True
    matches = False
    for kind, names in wanted.items():
        if kind not in ("AWS", "Service", "Federated"):
            raise Unsupported(f"principal of kind {kind}")
        for name in many(names):
            if kind == "AWS" and name == "*":
                return True
            # An account's root or number stands for every principal of it that has the right itself,
            # so it is no grant of its own; a policy of ours names roles.
            if kind == "AWS" and (name.endswith(":root") or re.fullmatch(r"\d{12}", name)):
                raise Unsupported("a whole account as principal")
            matches |= request.principal.get(kind) == name
    return matches


def _action_matches(statement, action):
    if "Action" in statement:
        return any(like(pattern.lower(), action.lower()) for pattern in many(statement["Action"]))
    return not any(like(pattern.lower(), action.lower()) for pattern in many(statement["NotAction"]))


def _resource_matches(statement, request):
    """True, False, or None where it depends on what is not known."""
    if "Resource" not in statement and "NotResource" not in statement:
        return True  # a trust policy: the resource is the role it belongs to
    patterns = many(statement.get("Resource", statement.get("NotResource")))
    found = _or(_arn_matches(pattern, request) for pattern in patterns)
    if "NotResource" in statement:
        return None if found is None else not found
    return found


def _arn_matches(pattern, request):
    pattern, known = _fill_in(pattern, request.context)
    if pattern == "*":
        return True
    if request.resource is ANY:
        return None
    if like(pattern, request.resource):
        return True if known else None
    return False


def _fill_in(pattern, context):
    """Policy variables; an unknown one could be anything, so it becomes a wildcard that is only a maybe.
    A value's own * and ? mean themselves: somebody who is called * is not everybody."""
    known = True

    def value(match):
        nonlocal known
        name = match.group(1)
        if name in ("*", "?", "$"):
            return _literal(name)
        if "," in name:
            raise Unsupported(f"a default of a policy variable: {name}")
        given = _lookup(name, context)
        if given is _UNKNOWN:
            known = False
            return "*"
        if given is ABSENT:
            return "\0absent\0"
        if isinstance(given, (list, tuple)):
            raise Unsupported(f"a policy variable of several values: {name}")
        return _literal(given)

    return re.sub(r"\$\{([^}]+)\}", value, pattern), known


# Stand in for signs that mean themselves.
_PLAIN = {"*": "\1", "?": "\2"}


def _literal(value):
    return "".join(_PLAIN.get(sign, sign) for sign in str(value))


def like(pattern, value):
    back = {"\1": "*", "\2": "?"}
    parts = (".*" if sign == "*" else "." if sign == "?" else re.escape(back.get(sign, sign)) for sign in pattern)
    return re.fullmatch("".join(parts), value, re.S) is not None


# --- conditions

_UNKNOWN = object()


def _lookup(key, context):
    """Keys are compared without case."""
    for name, value in context.items():
        if name.lower() == key.lower():
            return value
    return _UNKNOWN


def _bool(wanted, given):
    return str(given).lower() == wanted.lower()


def _number(compare):
    return lambda wanted, given: compare(float(given), float(wanted))


def _arn_like(wanted, given):
    wanted, given = wanted.split(":", 5), str(given).split(":", 5)
    return len(wanted) == len(given) == 6 and all(map(like, wanted, given))


_TESTS = {
    "StringEquals": lambda wanted, given: wanted == str(given),
    "StringEqualsIgnoreCase": lambda wanted, given: wanted.lower() == str(given).lower(),
    "StringLike": lambda wanted, given: like(wanted, str(given)),
    "ArnEquals": _arn_like,
    "ArnLike": _arn_like,
    "Bool": _bool,
    "NumericEquals": _number(lambda given, wanted: given == wanted),
    "NumericLessThan": _number(lambda given, wanted: given < wanted),
    "NumericLessThanEquals": _number(lambda given, wanted: given <= wanted),
    "NumericGreaterThan": _number(lambda given, wanted: given > wanted),
    "NumericGreaterThanEquals": _number(lambda given, wanted: given >= wanted),
    "IpAddress": lambda wanted, given: ipaddress.ip_address(given) in ipaddress.ip_network(wanted),
}
_NEGATED = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
    "NumericNotEquals": "NumericEquals",
    "NotIpAddress": "IpAddress",
}


def _operator(written):
    """Set prefix, test, whether it is negated, whether a missing key counts as holding."""
    prefix, separator, rest = written.partition(":")
    if not separator:
        prefix, rest = "", written
    elif prefix not in ("ForAnyValue", "ForAllValues"):
        raise Unsupported(f"operator {written}")
    if rest == "Null" and not prefix:
        return prefix, None, False, False
    if_exists = rest.endswith("IfExists")
    rest = rest.removesuffix("IfExists")
    negated = rest in _NEGATED
    test = _TESTS.get(_NEGATED.get(rest, rest))
    if test is None:
        raise Unsupported(f"operator {written}")
    return prefix, test, negated, if_exists


def _condition_holds(operator, key, wanted, context):
    prefix, test, negated, if_exists = _operator(operator)
    given = _lookup(key, context)
    if given is _UNKNOWN:
        return None
    if test is None:
        return any(_bool(value, given is ABSENT) for value in wanted)
    filled = [_fill_in(value, context) for value in wanted]
    if not all(known for _, known in filled):
        return None
    wanted = [value for value, _ in filled]
    values = [] if given is ABSENT else list(given) if isinstance(given, (list, tuple)) else [given]
    if prefix == "ForAllValues":
        return all(_one(test, negated, wanted, value) for value in values)
    if not values:
        return if_exists or (negated and not prefix)
    if prefix == "ForAnyValue":
        return any(_one(test, negated, wanted, value) for value in values)
    if len(values) > 1:
        raise Unsupported(f"{key} has several values and {operator} no word for sets")
    return _one(test, negated, wanted, values[0])


def _one(test, negated, wanted, value):
    return negated != any(test(each, value) for each in wanted)


def many(value):
    return value if isinstance(value, list) else [value]


def _and(parts):
    parts = list(parts)
    if False in parts:
        return False
    return None if None in parts else True


def _or(parts):
    parts = list(parts)
    if True in parts:
        return True
    return None if None in parts else False
