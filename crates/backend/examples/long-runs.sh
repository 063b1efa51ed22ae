#!/bin/sh
# Recordings for replay_time: COUNT runs of at least FRAMES frames, flown in Node.
# usage: long-runs.sh COUNT FRAMES
set -eu
bot=$(dirname "$0")/../tests/bot/bot.mjs
seq 1 "$1" | while read -r seed; do
    echo "{\"survive\":$seed,\"frames\":$2}" | node "$bot" | sed "s/^{/{\"seed\":$seed,/"
done
