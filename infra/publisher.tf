# Who publishes: a role outside the players' identity pool, taken by CI or by a person through SSO.

locals {
  publisher_wanted = length(var.publisher_principal_arns) + length(var.github_subjects) > 0
  github_wanted    = length(var.github_subjects) > 0
  github_issuer    = "token.actions.githubusercontent.com"
  github_arn = (
    var.github_oidc_provider_arn != "" ? var.github_oidc_provider_arn
    : one(aws_iam_openid_connect_provider.github[*].arn)
  )
}

resource "aws_iam_openid_connect_provider" "github" {
  count = local.github_wanted && var.github_oidc_provider_arn == "" ? 1 : 0

  url            = "https://${local.github_issuer}"
  client_id_list = ["sts.amazonaws.com"]
}

data "aws_iam_policy_document" "publisher_trust" {
  count = local.publisher_wanted ? 1 : 0

  dynamic "statement" {
    for_each = length(var.publisher_principal_arns) > 0 ? [1] : []

    content {
      sid     = "NamedPrincipals"
      actions = ["sts:AssumeRole"]

      principals {
        type        = "AWS"
        identifiers = var.publisher_principal_arns
      }
    }
  }

  dynamic "statement" {
    for_each = local.github_wanted ? [1] : []

    content {
      sid     = "NamedWorkflows"
      actions = ["sts:AssumeRoleWithWebIdentity"]

      principals {
        type        = "Federated"
        identifiers = [local.github_arn]
      }

      condition {
        test     = "StringEquals"
        variable = "${local.github_issuer}:aud"
        values   = ["sts.amazonaws.com"]
      }

      # Equal, not like: a pattern is how a fork's pull request gets in.
      condition {
        test     = "StringEquals"
        variable = "${local.github_issuer}:sub"
        values   = var.github_subjects
      }
    }
  }
}

resource "aws_iam_role" "publisher" {
  count = local.publisher_wanted ? 1 : 0

  name                 = "${var.name}-publisher"
  description          = "Publishes releases: naru publish, releases, rollback"
  assume_role_policy   = data.aws_iam_policy_document.publisher_trust[0].json
  max_session_duration = 3600 * 4
}

# Each right belongs to a call of crates/store; infra/tests holds the two against each other.
data "aws_iam_policy_document" "publisher" {
  statement {
    sid = "FindReleasesAndUploads"
    # Not narrowed to the prefix: S3 answers 403 instead of 404 to a HEAD of a missing object unless
    # the bucket may be listed, and that question carries no prefix.
    actions   = ["s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads"]
    resources = [local.bucket_arn]
  }

  statement {
    sid = "ReadAndWriteReleases"
    actions = [
      "s3:GetObject",
      "s3:GetObjectVersion",
      "s3:PutObject",
      "s3:ListMultipartUploadParts",
      "s3:AbortMultipartUpload",
    ]
    resources = ["${local.bucket_arn}/${local.key_prefix}*"]
  }

  # Two publishers at once must not overwrite each other's pointer. naru always asks with If-Match or
  # If-None-Match; a stray `aws s3 cp` in the same job does not, and is refused.
  statement {
    sid       = "PointerOnlyUnderCondition"
    effect    = "Deny"
    actions   = ["s3:PutObject"]
    resources = [for key in local.pointer_keys : "${local.bucket_arn}/${key}"]

    condition {
      test     = "Null"
      variable = "s3:if-match"
      values   = ["true"]
    }

    condition {
      test     = "Null"
      variable = "s3:if-none-match"
      values   = ["true"]
    }
  }

  statement {
    sid       = "TellTheEdge"
    actions   = ["cloudfront:CreateInvalidation", "cloudfront:GetInvalidation"]
    resources = [aws_cloudfront_distribution.edge.arn]
  }

  # Nothing above allows these. Roles of CI collect policies over the years; what a release consists
  # of stays out of their reach all the same.
  statement {
    sid    = "NeverDestroy"
    effect = "Deny"
    actions = [
      "s3:BypassGovernanceRetention",
      "s3:DeleteBucket*",
      "s3:DeleteObject*",
      "s3:PutAccountPublicAccessBlock",
      "s3:PutBucket*",
      "s3:PutEncryptionConfiguration",
      "s3:PutLifecycleConfiguration",
      "s3:PutObjectAcl",
      "s3:PutObjectVersionAcl",
      "s3:PutReplicationConfiguration",
    ]
    resources = ["*"]
  }
}

resource "aws_iam_policy" "publisher" {
  name        = "${var.name}-publisher"
  description = "What naru publish, releases and rollback need; also to be attached to an SSO permission set"
  policy      = data.aws_iam_policy_document.publisher.json
}

resource "aws_iam_role_policy_attachment" "publisher" {
  count = local.publisher_wanted ? 1 : 0

  role       = aws_iam_role.publisher[0].name
  policy_arn = aws_iam_policy.publisher.arn
}
