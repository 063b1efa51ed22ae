# Players' identities, and the one role that all logged-in players share.

resource "aws_cognito_identity_pool" "players" {
  identity_pool_name = "${var.name}-players"

  # Somebody who has not logged in gets no AWS credentials.
  allow_unauthenticated_identities = false
  # The classic flow would let a client name the role itself.
  allow_classic_flow = false

  # Kakao and every other provider that the accounts service checks.
  developer_provider_name = var.developer_provider_name

  # Accounts of our own.
  cognito_identity_providers {
    client_id     = aws_cognito_user_pool_client.launcher.id
    provider_name = aws_cognito_user_pool.players.endpoint
    # A signed-out or deleted user's token stops working here too.
    server_side_token_check = true
  }

  supported_login_providers    = var.supported_login_providers
  openid_connect_provider_arns = var.openid_provider_arns
}

data "aws_iam_policy_document" "player_trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = ["cognito-identity.amazonaws.com"]
    }

    # Without it, anybody's identity pool could hand this role out.
    condition {
      test     = "StringEquals"
      variable = "cognito-identity.amazonaws.com:aud"
      values   = [aws_cognito_identity_pool.players.id]
    }

    condition {
      test     = "ForAnyValue:StringLike"
      variable = "cognito-identity.amazonaws.com:amr"
      values   = ["authenticated"]
    }
  }
}

# All that a player may ever do in AWS. Updates come from the edge and the services answer to the
# OpenID token, so neither the bucket nor a table nor a function appears here.
data "aws_iam_policy_document" "player_chat" {
  statement {
    sid       = "ConnectAsOneself"
    actions   = ["iot:Connect"]
    resources = ["arn:${local.partition}:iot:${local.here}:client/&{cognito-identity.amazonaws.com:sub}"]
  }

  # What is said goes in under the speaker's own name; only the chat service speaks on chat/out.
  statement {
    sid       = "SayAsOneself"
    actions   = ["iot:Publish"]
    resources = ["arn:${local.partition}:iot:${local.here}:topic/chat/in/&{cognito-identity.amazonaws.com:sub}/*"]
  }

  statement {
    sid       = "JoinChannels"
    actions   = ["iot:Subscribe"]
    resources = ["arn:${local.partition}:iot:${local.here}:topicfilter/chat/out/*"]
  }

  statement {
    sid       = "HearChannels"
    actions   = ["iot:Receive"]
    resources = ["arn:${local.partition}:iot:${local.here}:topic/chat/out/*"]
  }
}

# A policy that somebody attaches to the role later counts only as far as it lies within this.
resource "aws_iam_policy" "player_boundary" {
  name        = "${var.name}-player-boundary"
  description = "The most that the players' role can be given"
  policy      = data.aws_iam_policy_document.player_chat.json
}

resource "aws_iam_role" "player" {
  name                 = "${var.name}-player"
  description          = "Every logged-in player"
  assume_role_policy   = data.aws_iam_policy_document.player_trust.json
  permissions_boundary = aws_iam_policy.player_boundary.arn
}

resource "aws_iam_role_policy" "player_chat" {
  count = var.chat_enabled ? 1 : 0

  name   = "chat"
  role   = aws_iam_role.player.id
  policy = data.aws_iam_policy_document.player_chat.json
}

resource "aws_cognito_identity_pool_roles_attachment" "players" {
  identity_pool_id = aws_cognito_identity_pool.players.id
  roles            = { authenticated = aws_iam_role.player.arn }
}
