#!/usr/bin/env bash
# Everything that has to hold of infra/: format, validity, an apply and a destroy, and the policies.
#
#   infra/tests/run.sh
#
# Nothing here reaches AWS: the module is copied aside and applied to a server on this machine.
# What is missing on the machine is skipped with a line that says SKIPPED and what to get; a failure
# ends with exit code 1.
#
#   NARU_PYTHON        a Python with moto[server] and pytest        (python3)
#   NARU_TF_PLUGINS    a folder of Terraform providers, for -plugin-dir; without it they are downloaded
#   NARU_IAM_SIMULATE  a node_modules folder with @cloud-copilot/iam-simulate, for a second opinion
#   NARU_BINARY        a `naru`, to publish with the publisher's rights and to be refused with a player's
set -euo pipefail

tests=$(cd "$(dirname "$0")" && pwd)
module=$(dirname "$tests")
python=${NARU_PYTHON:-python3}
work=$(mktemp -d)
# A setting that names no file is a warning before every command's own words.
[ -e "${TF_CLI_CONFIG_FILE:-/}" ] || unset TF_CLI_CONFIG_FILE
server=
export PYTHONDONTWRITEBYTECODE=1 TF_IN_AUTOMATION=1 TF_INPUT=0 CHECKPOINT_DISABLE=1

finish() {
  status=$?
  trap - EXIT
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  if [ "$status" -eq 0 ]; then rm -rf "$work"; else echo "FAILED: see the logs in $work" >&2; fi
  exit "$status"
}
trap finish EXIT

skipped=0
skip() { echo "SKIPPED: $*"; skipped=$((skipped + 1)); }
step() { echo "--- $*"; }

pytest=yes
"$python" -m pytest --version >"$work/pytest.log" 2>&1 || pytest=
if [ -n "$pytest" ]; then
  step "the judge of policies"
  "$python" -m pytest -q -p no:cacheprovider "$tests/test_iam.py"
else
  skip "every check of policies: no pytest (pip install pytest 'moto[server]', and NARU_PYTHON names that Python)"
fi

if ! command -v terraform >/dev/null; then
  skip "format, validity, apply, policies: no terraform (1.9 or newer, from its makers or a package)"
  exit 0
fi

step "format"
terraform fmt -check -diff -recursive "$module"

# A copy, so that neither state nor providers end up beside the sources.
copy=$work/module
mkdir "$copy"
cp "$module"/*.tf "$tests/stand_in_override.tf" "$copy"
tf() { terraform -chdir="$copy" "$@"; }
logged() {
  local log=$work/$1.log
  shift
  "$@" >"$log" 2>&1 || { grep -v '^ *$' "$log" | tail -40 >&2; return 1; }
}

step "init and validate"
plugins=()
[ -z "${NARU_TF_PLUGINS:-}" ] || plugins=("-plugin-dir=$NARU_TF_PLUGINS")
logged init tf init -no-color "${plugins[@]}"
tf validate -no-color

if [ -z "$pytest" ] || ! "$python" -c 'import moto.moto_server.werkzeug_app' 2>"$work/moto.log"; then
  skip "apply and policies: no moto or no pytest (pip install pytest 'moto[server]')"
  exit 0
fi

step "a server on this machine"
"$python" "$tests/stand_in.py" >"$work/url" 2>"$work/server.log" &
server=$!
for _ in $(seq 120); do
  [ -s "$work/url" ] && break
  kill -0 "$server" 2>/dev/null || { cat "$work/server.log" >&2; exit 1; }
  sleep 0.5
done
AWS_ENDPOINT_URL=$(cat "$work/url")
export AWS_ENDPOINT_URL AWS_EC2_METADATA_DISABLED=true
# Nothing of whoever runs this may be used.
unset AWS_PROFILE AWS_SESSION_TOKEN
[ -n "$AWS_ENDPOINT_URL" ]

# Archives that can be uploaded and not run: the server runs no function.
"$python" - "$work" <<'PYTHON'
import sys
import zipfile
from pathlib import Path

for name in ("accounts", "registration", "scores", "statistics", "player_data"):
    with zipfile.ZipFile(Path(sys.argv[1], f"{name}.zip"), "w") as archive:
        archive.writestr("bootstrap", "#!/bin/sh\n")
PYTHON
cat >"$work/everything.tfvars" <<VARIABLES
chat_enabled             = true
alarm_email              = "operator@example.com"
publisher_principal_arns = ["arn:aws:iam::123456789012:role/ci"]
github_subjects          = ["repo:studio/game:ref:refs/heads/release"]
kakao_secret_parameter   = "/naru/kakao"
google_client_id         = "app.apps.googleusercontent.com"
google_secret_parameter  = "/naru/google"
function_zips = {
  accounts     = "$work/accounts.zip"
  registration = "$work/registration.zip"
  scores       = "$work/scores.zip"
  statistics   = "$work/statistics.zip"
  player_data  = "$work/player_data.zip"
}
VARIABLES

step "plan and apply of a deployment that sets no variable"
logged plan-defaults tf plan -no-color -out="$work/defaults.tfplan"
tf show -json "$work/defaults.tfplan" >"$work/defaults.json"
logged apply-defaults tf apply -no-color "$work/defaults.tfplan"
grep '^Apply complete' "$work/apply-defaults.log"

step "apply with everything switched on"
logged apply tf apply -no-color -auto-approve -var-file="$work/everything.tfvars"
grep '^Apply complete' "$work/apply.log"
tf show -json >"$work/state.json"

step "wrong values are refused"
# Each of these would open the publisher's role or end up in a policy as a pattern.
for wrong in \
  'github_subjects=["repo:studio/game:*"]' \
  'github_subjects=["repo:studio/game:pull_request"]' \
  'publisher_principal_arns=["*"]' \
  'publisher_principal_arns=["arn:aws:iam::123456789012:root"]' \
  'kakao_secret_parameter="/naru/*"' \
  'google_client_id="app.apps.googleusercontent.com"' \
  'upload_prefix="update/"' \
  'edge_aliases=["patch.example.com"]' \
  'requests_per_second={login=0}' \
  'reserved_concurrency={scores=0}' \
  'function_zips={scores="no-such.zip"}'; do
  if tf plan -no-color -refresh=false -var "$wrong" >"$work/wrong.log" 2>&1; then
    echo "accepted: $wrong" >&2
    exit 1
  fi
  grep -q 'Invalid value for variable' "$work/wrong.log" || { tail -20 "$work/wrong.log" >&2; exit 1; }
done
echo "11 refused"

step "policies"
if [ -n "${NARU_IAM_SIMULATE:-}" ]; then
  command -v node >/dev/null || { echo "NARU_IAM_SIMULATE is set and there is no node" >&2; exit 1; }
else
  skip "the second opinion: NARU_IAM_SIMULATE is not set (npm install @cloud-copilot/iam-simulate)"
fi
[ -n "${NARU_BINARY:-}" ] || skip "a publish with the rendered rights: NARU_BINARY is not set (cargo build --release --package naru-cli)"
NARU_INFRA_STATE=$work/state.json NARU_INFRA_DEFAULTS=$work/defaults.json \
  "$python" -m pytest -q -p no:cacheprovider -rs "$tests/test_policies.py" "$tests/test_breakage.py" "$tests/test_publish.py"

step "protected data outlives a mistake"
if tf apply -no-color -auto-approve -refresh=false -replace='aws_dynamodb_table.service["datasets"]' \
  -var-file="$work/everything.tfvars" >"$work/protected.log" 2>&1; then
  echo "a protected table was destroyed" >&2
  exit 1
fi
grep -o "Table '[^']*' can't be deleted while.*" "$work/protected.log"

step "destroy"
logged unprotect tf apply -no-color -auto-approve -var-file="$work/everything.tfvars" -var protect_data=false
logged destroy tf destroy -no-color -auto-approve -var-file="$work/everything.tfvars" -var protect_data=false
grep '^Destroy complete' "$work/destroy.log"

step "calls that moto does not know, answered by stand_in.py"
kill "$server"
wait "$server" 2>/dev/null || true
server=
grep '^not moto' "$work/server.log"

echo "ALL HOLDS$([ "$skipped" -eq 0 ] || echo ", $skipped skipped")"
