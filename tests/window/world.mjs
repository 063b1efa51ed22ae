// A publisher's cloud and a player's machine, for one test.

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { Driver, freePort, until } from './webdriver.mjs';

const run = promisify(execFile);
const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const BUILT = process.env.NARU_BUILT ?? join(ROOT, 'target/debug');

const PLAYERS = fileURLToPath(new URL('players.py', import.meta.url));
const SERVERS = ['s3', 'edge', 'control', 'services', 'kakao'];

export const LAUNCHER = join(BUILT, 'naru-launcher');
const NARU = join(BUILT, 'naru');

export class World {
  static async make(t) {
    const world = new World();
    world.home = await mkdtemp(join(tmpdir(), 'naru-window-'));
    t.after(() => world.#end());
    world.build = join(world.home, 'build');
    world.install = join(world.home, 'game');
    await cp(join(ROOT, 'patch'), world.build, { recursive: true });
    await world.startCloud();
    return world;
  }

  /** Starts the cloud; again, at the addresses it had. */
  async startCloud() {
    const envFile = join(this.home, 'cloud.env');
    await rm(envFile, { force: true });
    this.ports ??= await Promise.all(SERVERS.map(async (name) => [`--${name}-port`, String(await freePort())]));
    const places = ['--data', join(this.home, 'cloud'), '--env-file', envFile];
    const pace = ['--invalidation-seconds', '1'];
    this.cloud = spawn(NARU, ['serve', ...places, ...pace, ...this.ports.flat()], { stdio: 'ignore' });
    const text = await until('naru serve', async () => {
      const written = await readFile(envFile, 'utf8');
      return written.endsWith('\n') && written;
    });
    this.env = Object.fromEntries([...text.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]));
  }

  async stopCloud() {
    this.cloud.kill();
    if (this.cloud.exitCode === null && this.cloud.signalCode === null) await once(this.cloud, 'exit');
  }

  /** Players who were here before, with their scores. */
  async fillTheBoard() {
    await this.stopCloud();
    await run('python3', [PLAYERS, join(this.home, 'cloud/services.db')]);
    await this.startCloud();
  }

  /** What the launcher is started with: a machine of its own. */
  surroundings(language) {
    const { home } = this;
    const locale = language === 'ko' ? 'ko_KR.UTF-8' : 'en_US.UTF-8';
    return {
      ...this.env,
      HOME: home,
      XDG_DATA_HOME: join(home, 'share'),
      XDG_CONFIG_HOME: join(home, 'config'),
      XDG_CACHE_HOME: join(home, 'cache'),
      NARU_DATA: join(home, 'launcher'),
      NARU_INSTALL: this.install,
      LANG: locale,
      LC_ALL: locale,
    };
  }

  async naru(...args) {
    const options = { env: { ...process.env, ...this.env }, cwd: this.home };
    return (await run(NARU, args, options)).stdout;
  }

  async driver(language) {
    await mkdir(join(this.home, 'config'), { recursive: true });
    const driver = await Driver.start(this.surroundings(language));
    this.drivers = [...(this.drivers ?? []), driver];
    return driver;
  }

  /** Kills the launcher, as a crash does. */
  async killLauncher() {
    for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
      const program = await readlink(`/proc/${pid}/exe`).catch(() => '');
      if (!program.startsWith(LAUNCHER)) continue;
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
      if (environment.includes(this.home)) process.kill(Number(pid), 'SIGKILL');
    }
  }

  async #end() {
    for (const driver of this.drivers ?? []) await driver.stop();
    await this.killLauncher();
    await this.stopCloud();
    // The web view's own processes end a moment after the launcher, and write until then.
    await rm(this.home, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
  }
}
