# Accounts of our own: sign up, confirmation code, sign in.

resource "aws_cognito_user_pool" "players" {
  name                     = "${var.name}-players"
  deletion_protection      = var.protect_data ? "ACTIVE" : "INACTIVE"
  username_attributes      = ["email"]
  auto_verified_attributes = ["email"]

  username_configuration {
    case_sensitive = false
  }

  password_policy {
    # Length, and no rules about signs: those make passwords worse.
    minimum_length                   = 10
    require_lowercase                = false
    require_numbers                  = false
    require_symbols                  = false
    require_uppercase                = false
    temporary_password_validity_days = 3
  }

  account_recovery_setting {
    recovery_mechanism {
      name     = "verified_email"
      priority = 1
    }
  }

  dynamic "lambda_config" {
    for_each = aws_lambda_function.registration

    content {
      # Makes the player's record, once, when the address is confirmed.
      post_confirmation = lambda_config.value.arn
    }
  }
}

resource "aws_cognito_user_pool_client" "launcher" {
  name         = "launcher"
  user_pool_id = aws_cognito_user_pool.players.id

  # A secret inside a launcher is no secret.
  generate_secret = false
  explicit_auth_flows = [
    "ALLOW_USER_SRP_AUTH",
    "ALLOW_USER_PASSWORD_AUTH",
    "ALLOW_REFRESH_TOKEN_AUTH",
  ]
  # Nobody learns from an answer which addresses have an account.
  prevent_user_existence_errors = "ENABLED"
  enable_token_revocation       = true

  access_token_validity  = 1
  id_token_validity      = 1
  refresh_token_validity = 60

  token_validity_units {
    access_token  = "hours"
    id_token      = "hours"
    refresh_token = "days"
  }
}

# --- the trigger

resource "aws_lambda_function" "registration" {
  count = contains(keys(local.functions_made), "registration") ? 1 : 0

  function_name    = local.functions["registration"]
  role             = aws_iam_role.function["registration"].arn
  filename         = local.functions_made["registration"]
  source_code_hash = filebase64sha256(local.functions_made["registration"])
  package_type     = "Zip"
  runtime          = "provided.al2023"
  architectures    = ["arm64"]
  handler          = "bootstrap"
  memory_size      = 128

  reserved_concurrent_executions = var.reserved_concurrency.registration

  # The user pool waits this long and no longer.
  timeout = 5

  environment {
    variables = { NARU_TABLE_PLAYERS = aws_dynamodb_table.service["players"].name }
  }

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.function["registration"].name
  }

  depends_on = [aws_iam_role_policy.registration, aws_iam_role_policy.function_logs]
}

data "aws_iam_policy_document" "registration" {
  statement {
    # Under a condition that there is none yet: the user pool may call twice.
    sid       = "NewPlayer"
    actions   = ["dynamodb:PutItem"]
    resources = [aws_dynamodb_table.service["players"].arn]
  }
}

resource "aws_iam_role_policy" "registration" {
  name   = "work"
  role   = aws_iam_role.function["registration"].id
  policy = data.aws_iam_policy_document.registration.json
}

resource "aws_lambda_permission" "user_pool_calls_registration" {
  count = length(aws_lambda_function.registration)

  statement_id   = "user-pool"
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.registration[0].function_name
  principal      = "cognito-idp.amazonaws.com"
  source_arn     = aws_cognito_user_pool.players.arn
  source_account = local.account
}
