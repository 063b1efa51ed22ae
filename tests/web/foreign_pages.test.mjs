// Pages of other origins, in a real Chromium, against each port of `naru serve` and the redirect of a login:
// none of their requests changes or reads anything.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

import { until } from '../window/webdriver.mjs';
import { Cloud } from './cloud.mjs';
import { ASKED_FIRST, PORTS, REQUESTS, UNSEEN, VISITS, askFor } from './requests.mjs';
import { signedUrl } from './sign.mjs';

const { chromium } = createRequire(new URL('../../ui/package.json', import.meta.url))('playwright-core');
const CHROMIUM = process.env.NARU_TEST_CHROMIUM ?? '/usr/bin/chromium';
const WAYS = fileURLToPath(new URL('ways.js', import.meta.url));

const EVIL = 'evil.example';

test('what foreign pages ask for', { timeout: 15 * 60_000 }, async (t) => {
  const cloud = await Cloud.start(t);
  const evil = await serveEvil(t);
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      // The name of the attacker's page leads to this machine: for the page's own server, and for rebinding.
      `--host-resolver-rules=MAP ${EVIL} 127.0.0.1`,
      // Newer browsers ask the user first. Older ones and other browsers do not, and a user says yes.
      '--disable-features=LocalNetworkAccessChecks,LocalNetworkAccessChecksWebSockets,BlockInsecurePrivateNetworkRequests',
    ],
  });
  t.after(() => browser.close());

  await t.test('programs are answered as ever', async () => {
    await programsAreAnswered(cloud);
  });

  for (const port of Object.keys(PORTS)) {
    await t.test(`${port}: ${REQUESTS.length} requests`, async () => {
      const before = await cloud.state();
      const attack = await Attack.start(browser, cloud, port, evil);
      const wrong = [];
      for (const row of REQUESTS) {
        const found = await attack.carryOut(row);
        if (found) wrong.push(`${row.from}, ${row.way}, ${row.want} ${row.through ?? ''}: ${found}`);
      }
      await attack.end();
      assert.deepEqual(wrong, [], 'each request is refused, and the page learns nothing');
      const changes = difference(before, await cloud.state());
      assert.deepEqual(changes, [], 'not one row or file is another than before');
    });
  }

  await t.test('the login still waits for its own redirect, which another site may lead to', async () => {
    const { page: address } = cloud.login.find(({ page }) => page);
    const state = new URL(address).searchParams.get('state');
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`http://${EVIL}:${evil.port}/`);
    const [popup] = await Promise.all([
      context.waitForEvent('page'),
      page.evaluate((url) => void window.open(url), `${cloud.addresses.redirect}/login/kakao?code=unknown&state=${state}`),
    ]);
    await popup.waitForSelector('p[lang=en]');
    assert.match(await popup.textContent('p[lang=en]'), /login failed/, 'the services do not know this code');
    assert.ok(cloud.login.at(-1).account, 'the login has ended: the redirect with its state was read');
    await context.close();
  });
});

/** What the refusals must not break, and proof that the requests of the table would work. */
async function programsAreAnswered(cloud) {
  const s3 = cloud.at('s3');
  const pointer = await fetch(signedUrl(s3, 'GET', `/${s3.bucket}/update/version.json`));
  assert.equal(pointer.status, 200, 'the signature of the table is right');
  assert.match(await pointer.text(), /"version"/);
  const put = await fetch(signedUrl(s3, 'PUT', `/${s3.bucket}/by-a-program`), { method: 'PUT', body: 'x' });
  assert.equal(put.status, 200, 'and so it is for writing');
  for (const [port, path] of [
    ['edge', '/update/version.json'],
    ['control', '/user-pool/inbox'],
    ['services', '/login/providers'],
  ]) {
    const answer = await fetch(cloud.addresses[port] + path);
    assert.equal(answer.status, 200, `${port} answers a program`);
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
    assert.match(answer.headers.get('content-security-policy'), /sandbox/);
  }
}

/** The attacker's own server, which also sends browsers on. */
async function serveEvil(t) {
  const server = createServer((request, response) => {
    const to = new URL(request.url, 'http://evil.example').searchParams.get('to');
    if (to) return response.writeHead(307, { Location: to, 'Access-Control-Allow-Origin': '*' }).end();
    response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><title>evil</title><body>');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return server.address();
}

/** The pages of one attack on one port, and what the browser saw of the port's answers. */
class Attack {
  static async start(browser, cloud, port, evil) {
    const attack = new Attack();
    Object.assign(attack, { cloud, port, evil, answers: [] });
    attack.context = await browser.newContext();
    await attack.context.addInitScript({ path: WAYS });
    attack.victims = [cloud.at(port).origin, cloud.at(port, EVIL).origin];
    attack.context.on('response', (response) => attack.#note(response.url(), response.status()));
    await attack.#openPages();
    return attack;
  }

  #note(url, status) {
    if (this.victims.includes(new URL(url).origin)) this.answers.push(status);
  }

  /** The browser keeps from a page what it may not see, and from the test too, except at its lowest level. */
  async #listen(pageOrFrame) {
    const session = await this.context.newCDPSession(pageOrFrame);
    // The two events of a request come in any order, and one pair for each redirect.
    const [asked, answered] = [new Map(), new Map()];
    const match = (id) => {
      if (asked.has(id) && answered.has(id)) this.#note(asked.get(id), answered.get(id));
    };
    session.on('Network.requestWillBeSent', ({ requestId, request }) => match(requestId, asked.set(requestId, request.url)));
    session.on('Network.responseReceivedExtraInfo', ({ requestId, statusCode }) =>
      match(requestId, answered.set(requestId, statusCode)));
    await session.send('Network.enable');
  }

  async #openPages() {
    const evil = await this.context.newPage();
    await evil.goto(`http://${EVIL}:${this.evil.port}/`);
    await evil.evaluate(() => {
      const frame = Object.assign(document.createElement('iframe'), { srcdoc: '<!doctype html><body>', name: 'sandboxed' });
      frame.sandbox = 'allow-scripts allow-forms';
      document.body.append(frame);
      return new Promise((done) => frame.addEventListener('load', done));
    });
    const neighbour = await this.context.newPage();
    await neighbour.goto(`http://127.0.0.1:${this.evil.port}/`);
    // The page came from the attacker's server before its name was made to point here.
    const rebound = await this.context.newPage();
    const home = `${this.cloud.at(this.port, EVIL).origin}/home`;
    await rebound.route(home, (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><body>' }));
    await rebound.goto(home);
    this.pages = { evil, null: evil.frame('sandboxed'), neighbour, rebound };
    for (const page of [evil, neighbour, rebound]) await this.#listen(page);
    // In a process of its own in some versions, and in its page's in others.
    await this.#listen(this.pages.null).catch(() => {});
    this.answers.length = 0;
  }

  /** Carries a request out; says what is wrong about it. */
  async carryOut(row) {
    const { from, way, want, through } = row;
    const at = this.cloud.at(this.port, from === 'rebound' ? EVIL : undefined);
    const ask = askFor(this.port, want, at);
    if (through) ask.url = `http://${EVIL}:${this.evil.port}/?to=${encodeURIComponent(ask.url)}`;
    this.answers.length = 0;
    const opensTab = VISITS.has(way) || way.endsWith('new tab');
    const isVisit = VISITS.has(way) && PORTS[this.port].takesVisits;
    const tab = opensTab ? this.context.waitForEvent('page') : null;
    const learned = await this.pages[from].evaluate(([name, it]) => globalThis.ways[name](it), [way, ask]);
    if (tab) await this.#closeTab(await tab);
    const isSeen = !UNSEEN.has(way) && !(ASKED_FIRST.has(way) && from !== 'rebound');
    // Word of an answer comes by another way than what the page learned, and later.
    if (isSeen) await until(`an answer to ${from}, ${way} (${JSON.stringify(learned)})`, () => this.answers.length > 0);
    return this.#judge(row, learned, isVisit);
  }

  async #closeTab(tab) {
    await tab.waitForLoadState();
    await tab.close();
  }

  #judge({ from }, learned, isVisit) {
    const allowed = isVisit ? [200] : [403, 421];
    const odd = this.answers.filter((status) => !allowed.includes(status) && !(status >= 300 && status < 400));
    if (odd.length > 0) return `the port answered ${odd}`;
    if (learned.outcome === 'blocked' || learned.outcome === 'opaque') return null;
    // A page whose name was rebound reads the refusal itself, and nothing else.
    const isRefusal = learned.outcome === 'read' && from === 'rebound' && learned.text.startsWith('this server answers to');
    return isRefusal ? null : JSON.stringify(learned);
  }

  async end() {
    await this.context.close();
  }
}

function difference(before, after) {
  const [old, now] = [new Set(before), new Set(after)];
  return [...before.filter((line) => !now.has(line)).map((line) => `- ${line}`), ...after.filter((line) => !old.has(line)).map((line) => `+ ${line}`)];
}
