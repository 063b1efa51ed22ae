# The bucket of the releases. What is in it: docs/format.md.

locals {
  bucket_name = var.bucket_name != "" ? var.bucket_name : "${var.name}-releases-${local.account}"
  bucket_arn  = "arn:${local.partition}:s3:::${local.bucket_name}"
  key_prefix  = var.upload_prefix == "" ? "" : "${var.upload_prefix}/"

  # The only keys that ever change their meaning.
  pointer_keys = [
    "${local.key_prefix}version.json",
    "${local.key_prefix}.naru/channel/*/version.json",
  ]
}

resource "aws_s3_bucket" "releases" {
  bucket = local.bucket_name
  # Never emptied by Terraform, whatever protect_data says: players' updates come from here.
  force_destroy = false
}

resource "aws_s3_bucket_ownership_controls" "releases" {
  bucket = aws_s3_bucket.releases.id

  rule {
    # No ACLs: the policy below is all there is.
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_public_access_block" "releases" {
  bucket                  = aws_s3_bucket.releases.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "releases" {
  bucket = aws_s3_bucket.releases.id

  versioning_configuration {
    # A release names its files by their version: naru refuses a bucket without this.
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "releases" {
  bucket = aws_s3_bucket.releases.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "releases" {
  # S3 takes one configuration at a time.
  depends_on = [aws_s3_bucket_versioning.releases]
  bucket     = aws_s3_bucket.releases.id

  # Versions that are no longer current do NOT expire: an older file of the newest release is one of
  # them as soon as its path is published again, and a rollback needs those of older releases.
  rule {
    id     = "abandoned-uploads"
    status = "Enabled"
    filter {}

    abort_incomplete_multipart_upload {
      # Long enough that a publish which broke off on Friday is continued on Monday.
      days_after_initiation = 7
    }
  }
}

# What the edge answers where there is no object. S3 says 403 to everybody who may not list the
# bucket, and the edge must not list it; a client has to hear that there is nothing.
resource "aws_s3_object" "not_found" {
  depends_on = [aws_s3_bucket_versioning.releases]

  bucket        = aws_s3_bucket.releases.id
  key           = "not-found.txt"
  content       = "not found\n"
  content_type  = "text/plain; charset=utf-8"
  cache_control = "public, max-age=60"
}

data "aws_iam_policy_document" "bucket" {
  statement {
    sid = "EdgeReads"
    # The second action is what a request with ?versionId= needs.
    actions   = ["s3:GetObject", "s3:GetObjectVersion"]
    resources = ["${local.bucket_arn}/${local.key_prefix}*", "${local.bucket_arn}/${aws_s3_object.not_found.key}"]

    principals {
      type        = "Service"
      identifiers = ["cloudfront.amazonaws.com"]
    }

    # Without it, anybody's distribution could read this bucket.
    condition {
      test     = "StringEquals"
      variable = "AWS:SourceArn"
      values   = [aws_cloudfront_distribution.edge.arn]
    }
  }

  statement {
    sid       = "TlsOnly"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [local.bucket_arn, "${local.bucket_arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }

  # In 2017 every logged-in player could overwrite the patch. The players' role has no such right and
  # a boundary that can't give it one; this holds even if both are edited by mistake.
  statement {
    sid       = "PlayersNever"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [local.bucket_arn, "${local.bucket_arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:PrincipalArn"
      values   = [aws_iam_role.player.arn]
    }
  }
}

resource "aws_s3_bucket_policy" "releases" {
  # S3 refuses a policy while the access block is being set.
  depends_on = [aws_s3_bucket_public_access_block.releases]

  bucket = aws_s3_bucket.releases.id
  policy = data.aws_iam_policy_document.bucket.json
}
