"""The real `naru publish`, `releases` and `rollback` with the publisher's rendered rights, at a server that
refuses what a policy does not allow; and with a player's.

The server (moto) judges less than AWS: it passes over conditions, so the statement that only a condition
makes meaningful is left out here, and it takes every call of CloudFront for one on all distributions, so
that right is given on all. test_policies.py judges both as they are.
"""

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path

import boto3
import checks
import pytest
from conftest import tool

REGION = "ap-northeast-2"
DENIED, DONE = 6, 0


@pytest.fixture(scope="module")
def naru():
    return tool("NARU_BINARY")


@pytest.fixture
def cloud():
    command = [sys.executable, str(Path(__file__).with_name("stand_in.py"))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        yield Cloud(server.stdout.readline().strip())
        server.terminate()


class Cloud:
    def __init__(self, url):
        self.url = url

    def client(self, service, key=("any", "any")):
        return boto3.client(service, REGION, endpoint_url=self.url, aws_access_key_id=key[0], aws_secret_access_key=key[1])

    def prepare(self, world):
        """The bucket, a distribution, and a bucket that is none of our business."""
        s3 = self.client("s3")
        self.bucket = world.names["bucket"]
        s3.create_bucket(Bucket=self.bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_bucket_versioning(Bucket=self.bucket, VersioningConfiguration={"Status": "Enabled"})
        s3.create_bucket(Bucket="elsewhere", CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_bucket_versioning(Bucket="elsewhere", VersioningConfiguration={"Status": "Enabled"})
        origin = {"Id": "o", "DomainName": f"{self.bucket}.s3.amazonaws.com", "S3OriginConfig": {"OriginAccessIdentity": ""}}
        behaviour = {"TargetOriginId": "o", "ViewerProtocolPolicy": "allow-all"}
        config = {
            "CallerReference": "1", "Comment": "", "Enabled": True,
            "Origins": {"Quantity": 1, "Items": [origin]}, "DefaultCacheBehavior": behaviour,
        }  # fmt: skip
        made = self.client("cloudfront").create_distribution(DistributionConfig=config)["Distribution"]
        self.distribution = made["Id"]

    def user(self, name, documents):
        """An access key with exactly these policies."""
        iam = self.client("iam")
        iam.create_user(UserName=name)
        for number, document in enumerate(documents):
            iam.put_user_policy(UserName=name, PolicyName=str(number), PolicyDocument=json.dumps(document))
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return key["AccessKeyId"], key["SecretAccessKey"]

    def begin_to_refuse(self):
        plain = {"Content-Type": "text/plain"}
        with urllib.request.urlopen(urllib.request.Request(f"{self.url}/moto-api/reset-auth", b"0", plain), timeout=10):
            pass

    def run(self, naru, key, home, *arguments, bucket=None):
        environment = {
            "PATH": os.environ["PATH"], "HOME": str(home), "AWS_ENDPOINT_URL": self.url, "AWS_REGION": REGION,
            "AWS_ACCESS_KEY_ID": key[0], "AWS_SECRET_ACCESS_KEY": key[1], "AWS_EC2_METADATA_DISABLED": "true",
            "NARU_BUCKET": bucket or self.bucket, "NARU_EDGE_URL": "https://edge.example/", "NARU_DISTRIBUTION": self.distribution,
        }  # fmt: skip
        command = [naru, *arguments, "--json"]
        done = subprocess.run(command, env=environment, cwd=home, capture_output=True, text=True, timeout=120, check=False)
        return done.returncode, done.stdout + done.stderr


def as_the_server_judges(documents):
    kept = [[each for each in checks.statements(document) if "Condition" not in each] for document in documents]
    for each in (each for found in kept for each in found if each["Sid"] == "TellTheEdge"):
        each["Resource"] = "*"
    return [{"Version": "2012-10-17", "Statement": found} for found in kept]


def without(documents, action):
    text = json.dumps(documents)
    assert f'"{action}"' in text
    return json.loads(text.replace(f'"{action}"', '"s3:NothingAtAll"'))


def build(folder, text):
    folder.mkdir(exist_ok=True)
    (folder / "index.html").write_text(text)
    # Larger than one request takes, so that an upload in parts is among the calls.
    (folder / "large.bin").write_bytes(os.urandom(1 << 20) * 24)
    return str(folder)


def test_publisher_and_player(world, cloud, naru, tmp_path):
    cloud.prepare(world)
    rights = as_the_server_judges(world.rendered.policies_of(checks.PUBLISHER))
    publisher = cloud.user("publisher", rights)
    player = cloud.user("player", world.rendered.policies_of(checks.PLAYER))
    crippled = {
        action: cloud.user(action.replace(":", "-"), without(rights, action))
        for action in ("s3:PutObject", "s3:GetObject", "s3:ListBucketVersions")
    }
    cloud.begin_to_refuse()
    game = tmp_path / "build"

    def run(key, *arguments, **more):
        return cloud.run(naru, key, tmp_path, *arguments, **more)

    publish = ("publish", build(game, "one"), "--yes")
    for who, key in {"a player": player, **crippled}.items():
        code, said = run(key, *publish)
        assert code == DENIED, f"{who}: {said}"
    code, said = run(publisher, *publish, bucket="elsewhere")
    assert code == DENIED, said

    code, said = run(publisher, *publish)
    assert code == DONE, said
    assert "not-invalidated" not in said, said
    build(game, "two")
    code, said = run(publisher, *publish)
    assert code == DONE, said
    assert "not-invalidated" not in said, said
    code, said = run(publisher, "releases")
    assert code == DONE, said
    releases = json.loads(said.splitlines()[-1])["releases"]
    assert len(releases) == 2
    first = min(each["number"] for each in releases)
    code, said = run(publisher, "rollback", str(first), "--yes")
    assert code == DONE, said

    code, said = run(player, "releases")
    assert code == DENIED, said
    code, said = run(player, "rollback", str(first), "--yes")
    assert code == DENIED, said
