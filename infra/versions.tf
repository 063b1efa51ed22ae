terraform {
  # 1.9: a variable's validation may look at another variable.
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}

provider "aws" {
  region = var.region

  default_tags {
    tags = { product = "naru", deployment = var.name }
  }
}

# CloudFront reports its figures in this region only, and an alarm has to live where its figures are.
provider "aws" {
  alias  = "edge_metrics"
  region = "us-east-1"

  default_tags {
    tags = { product = "naru", deployment = var.name }
  }
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  here      = "${var.region}:${local.account}"
}
