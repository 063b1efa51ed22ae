// A cloud with something in it, and a launcher that waits for a login: what foreign pages would like to reach.

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { freePort, until } from '../window/webdriver.mjs';

const run = promisify(execFile);
const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const BUILT = process.env.NARU_BUILT ?? join(ROOT, 'target/debug');
const NARU = join(BUILT, 'naru');
const LOGIN_REDIRECT = join(BUILT, 'examples/login_redirect');
const DUMP = fileURLToPath(new URL('dump.py', import.meta.url));

export class Cloud {
  static async start(t, { withLogin = true } = {}) {
    const cloud = new Cloud();
    cloud.home = await mkdtemp(join(tmpdir(), 'naru-web-'));
    t.after(() => cloud.#end());
    cloud.data = join(cloud.home, 'cloud');
    await cloud.#serve();
    await cloud.#fill();
    if (withLogin) await cloud.#waitForLogin();
    return cloud;
  }

  async #serve() {
    const envFile = join(this.home, 'cloud.env');
    const ports = ['s3', 'edge', 'control', 'services', 'kakao'].flatMap((name) => [`--${name}-port`, '0']);
    const places = ['--data', this.data, '--env-file', envFile, '--invalidation-seconds', '0'];
    this.server = spawn(NARU, ['serve', ...places, ...ports], { stdio: 'ignore' });
    const text = await until('naru serve', async () => {
      const written = await readFile(envFile, 'utf8');
      return written.endsWith('\n') && written;
    });
    this.env = Object.fromEntries([...text.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]));
    this.addresses = {
      s3: this.env.AWS_ENDPOINT_URL_S3,
      edge: new URL(this.env.NARU_EDGE_URL).origin,
      control: this.env.AWS_ENDPOINT_URL_CLOUDFRONT,
      services: this.env.NARU_SERVICES_URL,
      kakao: this.env.NARU_KAKAO_URL,
    };
  }

  /** A release, a player's account with a mail, somebody who was logged in at the stand-in for Kakao. */
  async #fill() {
    const build = join(this.home, 'build');
    await cp(join(ROOT, 'patch'), build, { recursive: true });
    await run(NARU, ['publish', build, '--yes'], { env: { ...process.env, ...this.env, HOME: this.home }, cwd: this.home });
    const signUp = await fetch(this.addresses.control, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-amz-json-1.1',
        'X-Amz-Target': 'AWSCognitoIdentityProviderService.SignUp',
      },
      body: JSON.stringify({
        ClientId: this.env.NARU_USER_POOL_CLIENT,
        Username: 'player@naru.example',
        Password: 'player-Player-12345',
        UserAttributes: [{ Name: 'email', Value: 'player@naru.example' }],
      }),
    });
    assert.equal(signUp.status, 200, await signUp.text());
    const agreed = await fetch(`${this.addresses.kakao}/oauth/authorize`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({
        client_id: '00000000000000000000000naru00key',
        redirect_uri: 'http://127.0.0.1:9720/login/kakao',
        response_type: 'code',
        nickname: '사공',
        decision: 'agree',
      }),
    });
    assert.equal(agreed.status, 302, 'a program logs in as before');
  }

  /** The launcher's listener for a login in a browser. What it says is in `login`, line by line. */
  async #waitForLogin() {
    this.addresses.redirect = `http://127.0.0.1:${await freePort()}`;
    const uri = `${this.addresses.redirect}/login/kakao`;
    this.launcher = spawn(LOGIN_REDIRECT, [this.addresses.services, uri], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.login = [];
    createInterface({ input: this.launcher.stdout }).on('line', (line) => this.login.push(JSON.parse(line)));
    await until('the login', () => this.login.some(({ page }) => page));
  }

  /** Where a port is for a page, and the keys that it knows. */
  at(port, host) {
    const origin = new URL(this.addresses[port]);
    if (host) origin.hostname = host;
    return {
      origin: origin.origin,
      bucket: this.env.NARU_BUCKET,
      region: this.env.AWS_REGION,
      accessKey: this.env.AWS_ACCESS_KEY_ID,
      secretKey: this.env.AWS_SECRET_ACCESS_KEY,
      userPoolClient: this.env.NARU_USER_POOL_CLIENT,
    };
  }

  /** All that is kept: every row of every table, every file, and what the login has come to. */
  async state() {
    const { stdout } = await run('python3', [DUMP, this.data], { maxBuffer: 1 << 28 });
    return [...stdout.split('\n'), ...(this.login ?? []).map((line) => JSON.stringify(line))];
  }

  async #end() {
    this.launcher?.kill();
    this.server.kill();
    if (this.server.exitCode === null && this.server.signalCode === null) await once(this.server, 'exit');
    await rm(this.home, { recursive: true, force: true });
  }
}
