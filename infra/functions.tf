# One function per concern, each with a role of its own that can do that concern's work and nothing
# else. Roles and logs exist before the functions: a function appears with its archive.

locals {
  # Their names in AWS.
  functions = {
    for name in ["accounts", "registration", "scores", "statistics", "player_data"] :
    name => "${var.name}-${replace(name, "_", "-")}"
  }
  functions_made = { for name, zip in var.function_zips : name => zip if zip != "" }

  # Which tables each one is told of, and so the names of its environment.
  tables_of = {
    accounts    = ["allowances"]
    scores      = ["runs", "playing", "scores", "board", "statistics", "allowances", "datasets"]
    statistics  = ["statistics", "counted", "board"]
    player_data = ["datasets", "allowances", "board"]
  }

  # Who may call the services: tokens of this pool and of nobody else's.
  token_environment = {
    NARU_IDENTITY_POOL = aws_cognito_identity_pool.players.id
  }

  environment_of = {
    accounts = merge(local.token_environment, {
      NARU_DEVELOPER_PROVIDER = var.developer_provider_name
      NARU_KAKAO_CLIENT_ID    = var.kakao_client_id
      NARU_KAKAO_APP_ID       = var.kakao_app_id
      # Where the secrets are, not the secrets.
      NARU_KAKAO_SECRET_PARAMETER    = var.kakao_secret_parameter
      NARU_GOOGLE_CLIENT_ID          = var.google_client_id
      NARU_GOOGLE_SECRET_PARAMETER   = var.google_secret_parameter
      NARU_FACEBOOK_CLIENT_ID        = var.facebook_client_id
      NARU_FACEBOOK_SECRET_PARAMETER = var.facebook_secret_parameter
    })
    scores      = merge(local.token_environment, var.shapes_2017 ? { NARU_SHAPES_2017 = "on" } : {})
    statistics  = {}
    player_data = local.token_environment
  }

  # Of the providers that the studio has an app at.
  secret_parameters = compact([var.kakao_secret_parameter, var.google_secret_parameter, var.facebook_secret_parameter])

  # Replaying a run is computing; the others wait for a table.
  memory_of = { accounts = 256, scores = 1024, statistics = 256, player_data = 256 }
}

resource "aws_lambda_function" "service" {
  # The user pool calls `registration` and these know the identity pool, which knows the user pool:
  # that one stands in user_pool.tf.
  for_each = { for name, zip in local.functions_made : name => zip if name != "registration" }

  function_name    = local.functions[each.key]
  role             = aws_iam_role.function[each.key].arn
  filename         = each.value
  source_code_hash = filebase64sha256(each.value)
  package_type     = "Zip"
  # What `cargo lambda build --arm64` makes.
  runtime       = "provided.al2023"
  architectures = ["arm64"]
  handler       = "bootstrap"
  memory_size   = local.memory_of[each.key]
  # One function's rush leaves the others their share, and a flood of requests has a bound in what it costs.
  reserved_concurrent_executions = var.reserved_concurrency[each.key]
  # Below the 30 seconds after which the API gives up; the stream has nobody waiting.
  timeout = each.key == "statistics" ? 60 : 20

  environment {
    variables = merge(
      { for table in local.tables_of[each.key] : "NARU_TABLE_${upper(table)}" => aws_dynamodb_table.service[table].name },
      local.environment_of[each.key],
    )
  }

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.function[each.key].name
  }

  # Without its rights and its log group, the first call would fail or make a group that never expires.
  depends_on = [aws_iam_role_policy.function, aws_iam_role_policy.function_logs]
}

resource "aws_cloudwatch_log_group" "function" {
  for_each = local.functions

  name              = "/aws/lambda/${each.value}"
  retention_in_days = var.log_retention_days
}

# --- roles

data "aws_iam_policy_document" "function_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "function" {
  for_each = local.functions

  name               = each.value
  assume_role_policy = data.aws_iam_policy_document.function_trust.json
}

data "aws_iam_policy_document" "function_logs" {
  for_each = local.functions

  statement {
    # Not CreateLogGroup: the group is here, with its retention.
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.function[each.key].arn}:log-stream:*"]
  }
}

resource "aws_iam_role_policy" "function_logs" {
  for_each = local.functions

  name   = "logs"
  role   = aws_iam_role.function[each.key].id
  policy = data.aws_iam_policy_document.function_logs[each.key].json
}

resource "aws_iam_role_policy" "function" {
  for_each = {
    accounts    = data.aws_iam_policy_document.accounts.json
    scores      = data.aws_iam_policy_document.scores.json
    statistics  = data.aws_iam_policy_document.statistics.json
    player_data = data.aws_iam_policy_document.player_data.json
  }

  name   = "work"
  role   = aws_iam_role.function[each.key].id
  policy = each.value
}

data "aws_iam_policy_document" "accounts" {
  statement {
    sid       = "VouchForPlayers"
    actions   = ["cognito-identity:GetOpenIdTokenForDeveloperIdentity"]
    resources = [aws_cognito_identity_pool.players.arn]
  }

  statement {
    sid       = "Allowances"
    actions   = ["dynamodb:UpdateItem"]
    resources = [aws_dynamodb_table.service["allowances"].arn]
  }

  dynamic "statement" {
    for_each = length(local.secret_parameters) == 0 ? [] : [1]

    content {
      # AWS's own key of SSM needs no right of its own.
      sid       = "ProviderSecrets"
      actions   = ["ssm:GetParameter"]
      resources = [for name in local.secret_parameters : "arn:${local.partition}:ssm:${local.here}:parameter${name}"]
    }
  }
}

data "aws_iam_policy_document" "scores" {
  statement {
    sid       = "PlayingTime"
    actions   = ["dynamodb:GetItem", "dynamodb:PutItem"]
    resources = [aws_dynamodb_table.service["playing"].arn]
  }

  statement {
    sid       = "Runs"
    actions   = ["dynamodb:GetItem", "dynamodb:PutItem"]
    resources = [aws_dynamodb_table.service["runs"].arn]
  }

  statement {
    # A score is written once and never changed.
    sid       = "Scores"
    actions   = ["dynamodb:GetItem", "dynamodb:PutItem"]
    resources = [aws_dynamodb_table.service["scores"].arn]
  }

  statement {
    sid       = "Board"
    actions   = ["dynamodb:GetItem", "dynamodb:UpdateItem"]
    resources = [aws_dynamodb_table.service["board"].arn]
  }

  statement {
    sid       = "BoardInOrder"
    actions   = ["dynamodb:Query"]
    resources = ["${aws_dynamodb_table.service["board"].arn}/index/in-order"]
  }

  statement {
    # A few hundred items: the whole table is the answer. Counting is the other function's.
    sid       = "ReadStatistics"
    actions   = ["dynamodb:Scan"]
    resources = [aws_dynamodb_table.service["statistics"].arn]
  }

  statement {
    sid       = "Allowances"
    actions   = ["dynamodb:UpdateItem"]
    resources = [aws_dynamodb_table.service["allowances"].arn]
  }

  statement {
    # The player's nickname, for the board.
    sid       = "Profile"
    actions   = ["dynamodb:GetItem", "dynamodb:Query"]
    resources = [aws_dynamodb_table.service["datasets"].arn]
  }
}

data "aws_iam_policy_document" "statistics" {
  statement {
    sid       = "ReadStream"
    actions   = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"]
    resources = [aws_dynamodb_table.service["scores"].stream_arn]
  }

  statement {
    # Lambda asks for it, and IAM knows it without a resource only. It tells names, no data.
    sid       = "FindStream"
    actions   = ["dynamodb:ListStreams"]
    resources = ["*"]
  }

  # Both in one transaction, so that each score counts once however often it is delivered.
  statement {
    sid       = "CountOnce"
    actions   = ["dynamodb:PutItem"]
    resources = [aws_dynamodb_table.service["counted"].arn]
  }

  statement {
    sid       = "Count"
    actions   = ["dynamodb:UpdateItem"]
    resources = [aws_dynamodb_table.service["statistics"].arn]
  }

  statement {
    # For a score whose writer died before the board.
    sid       = "RaiseMissedBests"
    actions   = ["dynamodb:GetItem", "dynamodb:UpdateItem"]
    resources = [aws_dynamodb_table.service["board"].arn]
  }

  statement {
    sid       = "SetAsideWhatFails"
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.uncounted.arn]
  }
}

data "aws_iam_policy_document" "player_data" {
  statement {
    # No Scan: every question is one player's. That a player gets only their own is the service's
    # rule, since one function works for all of them.
    sid = "Datasets"
    actions = [
      "dynamodb:DeleteItem",
      "dynamodb:GetItem",
      "dynamodb:PutItem",
      "dynamodb:Query",
      "dynamodb:UpdateItem",
    ]
    resources = [aws_dynamodb_table.service["datasets"].arn]
  }

  statement {
    sid       = "Allowances"
    actions   = ["dynamodb:UpdateItem"]
    resources = [aws_dynamodb_table.service["allowances"].arn]
  }

  statement {
    # A new nickname shows at once.
    sid       = "NameOnTheBoard"
    actions   = ["dynamodb:UpdateItem"]
    resources = [aws_dynamodb_table.service["board"].arn]
  }
}

# --- the stream

# Batches that failed to the end: which records, so that they can be counted by hand.
resource "aws_sqs_queue" "uncounted" {
  name                      = "${var.name}-uncounted-scores"
  message_retention_seconds = 14 * 24 * 3600
  sqs_managed_sse_enabled   = true
}

resource "aws_lambda_event_source_mapping" "scores_to_statistics" {
  count = contains(keys(local.functions_made), "statistics") ? 1 : 0

  event_source_arn  = aws_dynamodb_table.service["scores"].stream_arn
  function_name     = aws_lambda_function.service["statistics"].arn
  starting_position = "TRIM_HORIZON"
  # Two writes for each score, and a transaction takes a hundred.
  batch_size                         = 50
  maximum_batching_window_in_seconds = 1

  # One bad record must not hold up the day that the stream remembers.
  bisect_batch_on_function_error = true
  maximum_retry_attempts         = 10
  function_response_types        = ["ReportBatchItemFailures"]

  destination_config {
    on_failure {
      destination_arn = aws_sqs_queue.uncounted.arn
    }
  }
}
