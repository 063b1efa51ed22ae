// Plays one run with the game's own client file.
// usage: node client.mjs ADDRESS TOKEN; says when the run has begun, and waits for a line before it is over.

import { once } from 'node:events';

import { steer } from '../../../../patch/src/autopilot.js';
import { connect } from '../../../../patch/src/naru-game.js';
import { createRun, RULES_VERSION, step } from '../../../../patch/src/simulation.js';

const [address, token] = process.argv.slice(2);
const place = { search: `?services=${encodeURIComponent(address)}`, href: 'http://game.test/' };
const naru = connect(place, { token: async () => token });
const issued = await naru.getRun(RULES_VERSION);
process.stdout.write('playing\n');
await once(process.stdin, 'data');

const inputs = [];
let run = createRun(issued.seed);
while (run.hit === null) {
  const held = steer(run) && inputs.length < 500;
  inputs.push(held ? 1 : 0);
  run = step(run, held);
}
const receipt = await naru.submitScore(issued, inputs);
const { standings, own } = await naru.scoreboard({ limit: 1 });
const refused = await naru.submitScore(issued, [...inputs, 1]).catch(({ code }) => code);
process.stdout.write(`${JSON.stringify({ played: run.score, receipt, standings, own, refused })}\n`);
process.exit(0);
