"""What run.sh hands in: files of `terraform show -json`, and where Node finds iam-simulate."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from checks import World
from rendered import Rendered


def handed_in(variable):
    path = os.environ.get(variable)
    if not path:
        pytest.fail(f"{variable} is not set: these tests are run by run.sh, which sets it", pytrace=False)
    return path


def tool(variable):
    """One that the machine may lack: run.sh says SKIPPED, and how to get it."""
    path = os.environ.get(variable)
    if not path:
        pytest.skip(f"{variable} names no tool")
    return path


@pytest.fixture(scope="session")
def world():
    """Everything switched on, as it was applied."""
    return World(Rendered.read(handed_in("NARU_INFRA_STATE")))


@pytest.fixture(scope="session")
def defaults():
    """The plan of a deployment that sets no variable."""
    return Rendered.read(handed_in("NARU_INFRA_DEFAULTS"))


@pytest.fixture(scope="session")
def simulator():
    """Asks the independent evaluator; it lists the actions of AWS as well."""
    modules = tool("NARU_IAM_SIMULATE")

    def ask(*arguments, **question):
        script = Path(__file__).with_name("second_opinion.mjs")
        command = ["node", str(script), modules, *arguments]
        done = subprocess.run(command, input=json.dumps(question), capture_output=True, text=True, timeout=240, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return ask
