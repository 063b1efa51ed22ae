// A player without a window: logs in at the Kakao stand-in, plays one run with the game as it is
// installed, and sends it to the services.
//
//   node player.mjs GAME_FOLDER SERVICES_URL NICKNAME [FRAMES]
//
// Every step is a request that a launcher or a game makes; nothing here knows of the stand-in but
// the form that it fills in.

import { createHash, randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

/** Registered with the app at the provider. Nobody listens there: the redirect is read, not followed. */
const REDIRECT_URI = 'http://127.0.0.1:9720/login/kakao';

const [folder, services, nickname, frames = '160'] = process.argv.slice(2);
const game = (file) => import(pathToFileURL(resolve(folder, 'src', file)));

const { code, secrets } = await askThePlayer();
const { identityId, token, profile } = await ask('POST', 'login/kakao', {
  code,
  code_verifier: secrets.verifier,
  redirect_uri: REDIRECT_URI,
  nonce: secrets.nonce,
});
say(`logged in as ${profile.nickname}, Kakao's number ${profile.id}`, `identity ${identityId}`);
await takeNickname(profile.nickname);
const score = await playRanked(Number(frames));
await showBoard(score);

/** Opens the provider's page and agrees on it, as a player does in a browser. */
async function askThePlayer() {
  const [kakao] = await ask('GET', 'login/providers');
  const secret = () => randomBytes(32).toString('base64url');
  const secrets = { state: secret(), nonce: secret(), verifier: secret() };
  const asked = new URLSearchParams({
    response_type: 'code',
    client_id: kakao.clientId,
    redirect_uri: REDIRECT_URI,
    scope: kakao.scopes.join(' '),
    state: secrets.state,
    nonce: secrets.nonce,
    code_challenge: createHash('sha256').update(secrets.verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const page = await fetch(`${kakao.authorizeUrl}?${asked}`);
  if (page.status !== 200) throw new Error(`the login page answered ${page.status}`);
  say(`GET ${kakao.authorizeUrl}?…`, 'the login page');

  const decision = new URLSearchParams([...asked, ['nickname', nickname], ['decision', 'agree']]);
  const agreed = await fetch(kakao.authorizeUrl, { method: 'POST', body: decision, redirect: 'manual' });
  const redirect = new URL(agreed.headers.get('location') ?? 'none:');
  const answer = redirect.searchParams;
  if (redirect.origin + redirect.pathname !== REDIRECT_URI || answer.get('state') !== secrets.state) {
    throw new Error(`the page leads to ${redirect.origin}${redirect.pathname}, not back to this login`);
  }
  say(`POST ${kakao.authorizeUrl}`, `agreed, back to ${REDIRECT_URI} with a code`);
  return { code: answer.get('code'), secrets };
}

/** What others see on the board is what the player calls himself in his own data. */
async function takeNickname(value) {
  const { records } = await ask('GET', 'datasets/profile');
  const known = records.find(({ key }) => key === 'nickname');
  if (known?.value === value) return;
  const change = { key: 'nickname', value, sync_count: known?.sync_count ?? 0 };
  await ask('PATCH', 'datasets/profile', { changes: [change] });
}

/** Plays in real time: the service takes no run that was over sooner than its frames last. */
async function playRanked(wanted) {
  const [{ NaruGame }, { steer }, { createRun, step, FRAME_MS, RULES_VERSION }] = await Promise.all(
    ['naru-game.js', 'autopilot.js', 'simulation.js'].map(game),
  );
  const naru = new NaruGame(services, { token: async () => token });
  const issued = await naru.getRun(RULES_VERSION);
  say('POST runs', `run ${issued.run_id}, seed ${issued.seed}`);

  const inputs = [];
  let run = createRun(issued.seed);
  while (run.hit === null) {
    const held = inputs.length < wanted && steer(run);
    inputs.push(held ? 1 : 0);
    run = step(run, held);
  }
  const seconds = (inputs.length * FRAME_MS) / 1000;
  say(`a bot plays the installed game for ${seconds.toFixed(1)} s`, `${run.score} points, it thinks`);
  await sleep(inputs.length * FRAME_MS);

  const receipt = await naru.submitScore(issued, inputs);
  say('POST scores', `replayed: ${receipt.score} points, rank ${receipt.rank ?? 'not counted'}`);
  if (receipt.score !== run.score) throw new Error('service and game count differently');
  return receipt.score;
}

async function showBoard(score) {
  const { standings, own } = await ask('GET', 'scoreboard?limit=10');
  for (const { rank, score, nickname, tag } of standings) {
    console.log(`${String(rank).padStart(6)}  ${String(score).padStart(6)}  ${nickname ?? tag}`);
  }
  if (own?.score < score || !standings.some((standing) => standing.tag === own?.tag)) {
    throw new Error('the score is not on the board');
  }
}

async function ask(method, path, body) {
  const headers = body === undefined ? {} : { 'content-type': 'application/json' };
  // Read late: the first requests are those that get the token.
  if (!path.startsWith('login/')) headers.authorization = `Bearer ${token}`;
  const answer = await fetch(`${services}/${path}`, { method, headers, body: JSON.stringify(body) });
  const content = await answer.json();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${content.code}: ${content.detail}`);
  say(`${method} ${path}`, answer.status);
  return content;
}

function say(what, came) {
  console.log(`${what} → ${came}`);
}
