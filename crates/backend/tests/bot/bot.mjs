// Plays the sample game in Node's engine, which is not the service's: what both agree on is not a
// habit of one of them. One JSON request a line in, one JSON answer a line out.
//
//   {"play": seed, "luck": n}             a run of a player who is sometimes wrong (seeded by luck)
//   {"survive": seed, "frames": n}        a run that lasts at least n frames
//   {"replay": seed, "recording": [...]}  what a recording is really worth

import { createInterface } from 'node:readline';

import { steer } from '../../../../patch/src/autopilot.js';
import { createRun, replay, step } from '../../../../patch/src/simulation.js';

function play(seed, luck) {
  const draw = generator(luck);
  // From a clumsy player to a good one.
  const slip = draw() * 0.3;
  const inputs = [];
  let run = createRun(seed);
  let held = false;
  while (run.hit === null && inputs.length < 8000) {
    if (draw() >= slip) held = steer(run);
    inputs.push(held);
    run = step(run, held);
  }
  return crash(run, inputs);
}

/** Steers, and when that ends in a crash, goes back to the last frame with another way out. */
function survive(seed, frames) {
  const path = [{ run: createRun(seed), untried: [true, false] }];
  const seen = new Set();
  while (path.length <= frames) {
    const here = path.at(-1);
    const held = next(here);
    if (held === undefined) {
      path.pop();
      continue;
    }
    const run = step(here.run, held);
    const place = `${path.length} ${run.y} ${run.speed}`;
    if (run.hit !== null || seen.has(place)) continue;
    seen.add(place);
    here.held = held;
    path.push({ run, untried: [true, false] });
  }
  return crash(path.at(-1).run, path.slice(0, -1).map(({ held }) => held));
}

function next(place) {
  if (place.untried.length === 2 && !steer(place.run)) place.untried.reverse();
  return place.untried.shift();
}

/** Flies on into the floor, so that the run is whole. */
function crash(from, inputs) {
  let run = from;
  while (run.hit === null) {
    inputs.push(false);
    run = step(run, false);
  }
  return { recording: spansOf(inputs), score: run.score, frames: inputs.length };
}

function spansOf(inputs) {
  const spans = [];
  for (const held of inputs) {
    const input = held ? 1 : 0;
    if (spans.at(-1)?.input === input) spans.at(-1).frames += 1;
    else spans.push({ input, frames: 1 });
  }
  return spans;
}

function worth(seed, recording) {
  const inputs = recording.flatMap(({ input, frames }) => new Array(frames).fill(input !== 0));
  const { score, frame, hit } = replay(seed, inputs);
  return { score, frames: frame, over: hit !== null };
}

function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  const answer = 'play' in request ? play(request.play, request.luck)
    : 'survive' in request ? survive(request.survive, request.frames)
    : worth(request.replay, request.recording);
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
