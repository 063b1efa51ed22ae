# What the services remember. The keys follow the stores of the services: one table for each thing
# that is written as one. The tests of `crates/backend` make their tables from the lines below.

locals {
  tables = {
    # One record for each account of the user pool, made by its trigger.
    players = { hash = "player" }
    # Issued runs, forgotten once no score of theirs can arrive any more.
    runs = { hash = "run", expires = true }
    # A player's last runs and the time that they have taken: one plays one game at a time.
    playing = { hash = "player", expires = true }
    # One score per run: the key is what makes a run count once. Its stream feeds the statistics.
    scores = { hash = "run", stream = true }
    # The best of each player, and all of them in order: the index has one partition.
    board = { hash = "player", index = { name = "in-order", hash = "board", range = "place" } }
    # How many runs reached which score.
    statistics = { hash = "points", number = true }
    # Which runs are in the statistics already: a stream delivers at least once. Kept a month: longer
    # than the day that a stream keeps its records, and the two weeks of the queue `uncounted`.
    counted = { hash = "run", expires = true }
    # How often a player or an address did something in one minute: an item for each minute.
    allowances = { hash = "player", range = "action", expires = true }
    # The players' datasets: one item with the heads of all, others with the records.
    datasets = { hash = "player", range = "item" }
  }
}

resource "aws_dynamodb_table" "service" {
  for_each = local.tables

  name                        = "${var.name}-${each.key}"
  billing_mode                = "PAY_PER_REQUEST"
  deletion_protection_enabled = var.protect_data
  hash_key                    = each.value.hash
  range_key                   = try(each.value.range, null)
  stream_enabled              = try(each.value.stream, false)
  # The consumer needs what was stored, not what stood there before.
  stream_view_type = try(each.value.stream, false) ? "NEW_IMAGE" : null

  attribute {
    name = each.value.hash
    type = try(each.value.number, false) ? "N" : "S"
  }

  dynamic "attribute" {
    for_each = compact([try(each.value.range, ""), try(each.value.index.hash, ""), try(each.value.index.range, "")])

    content {
      name = attribute.value
      type = "S"
    }
  }

  dynamic "global_secondary_index" {
    for_each = try([each.value.index], [])

    content {
      name            = global_secondary_index.value.name
      hash_key        = global_secondary_index.value.hash
      range_key       = global_secondary_index.value.range
      projection_type = "ALL"
    }
  }

  dynamic "ttl" {
    for_each = try(each.value.expires, false) ? [1] : []

    content {
      attribute_name = "expires_at"
      enabled        = true
    }
  }

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled = true
  }
}
