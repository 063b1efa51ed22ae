// The part of the WebDriver protocol (https://www.w3.org/TR/webdriver2/) that the journey needs, spoken with
// WebKitWebDriver, which starts the launcher itself.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';
const PATIENCE_MS = 60_000;
const LOOKING_MS = 800;

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** Asks until the answer is not nothing; says what it waited for where it never comes. */
export async function until(what, ask) {
  const end = Date.now() + PATIENCE_MS;
  let last;
  while (Date.now() < end) {
    try {
      const answer = await ask();
      if (answer) return answer;
    } catch (error) {
      last = error;
    }
    await sleep(100);
  }
  throw new Error(`waited ${PATIENCE_MS / 1000} s for ${what}`, { cause: last });
}

/** A driver; each session of it is one run of the launcher. */
export class Driver {
  #env;
  #process;
  #url;

  static async start(env) {
    const driver = new Driver();
    driver.#env = env;
    await driver.#begin();
    return driver;
  }

  async #begin() {
    const port = await freePort();
    this.#url = `http://127.0.0.1:${port}`;
    this.#process = spawn('WebKitWebDriver', [`--port=${port}`], {
      // What Tauri looks at to let a driver in.
      env: { ...process.env, ...this.#env, TAURI_WEBVIEW_AUTOMATION: 'true' },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    await until('WebKitWebDriver', () => fetch(`${this.#url}/status`).then((answer) => answer.ok));
  }

  /** A driver whose launcher was killed still waits for it. */
  async restart() {
    await this.stop();
    await this.#begin();
  }

  async launch(binary, args = []) {
    const options = { binary, args };
    const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': options } };
    const { sessionId } = await ask(this.#url, 'POST', '/session', { capabilities });
    return new Session(`${this.#url}/session/${sessionId}`);
  }

  async stop() {
    this.#process.kill();
    if (this.#process.exitCode === null && this.#process.signalCode === null) await once(this.#process, 'exit');
  }
}

/** One run of the launcher. */
export class Session {
  #url;

  constructor(url) {
    this.#url = url;
  }

  #ask(method, path, body) {
    return ask(this.#url, method, path, body);
  }

  /** Runs a function in the page; elements come back as something that `click` takes. */
  script(run, ...args) {
    return this.#ask('POST', '/execute/sync', { script: `return (${run})(...arguments)`, args });
  }

  /** Runs a function that answers a promise; a refusal comes back as `{refused}`. */
  asyncScript(run, ...args) {
    const script = `
      const done = arguments[arguments.length - 1];
      (${run})(...Array.prototype.slice.call(arguments, 0, -1))
        .then((value) => done({ value }), (reason) => done({ refused: String(reason?.code ?? reason) }));`;
    return this.#ask('POST', '/execute/async', { script, args });
  }

  async fill(element, text) {
    await this.#ask('POST', `/element/${element[ELEMENT]}/clear`, {});
    await this.type(element, text);
  }

  click(element) {
    return this.#ask('POST', `/element/${element[ELEMENT]}/click`, {});
  }

  type(element, text) {
    return this.#ask('POST', `/element/${element[ELEMENT]}/value`, { text });
  }

  handle() {
    return this.#ask('GET', '/window');
  }

  windows() {
    return this.#ask('GET', '/window/handles');
  }

  switchTo(handle) {
    return this.#ask('POST', '/window', { handle });
  }

  /** What the driver has as the last frame, as a PNG. */
  async screenshot() {
    return Buffer.from(await this.#ask('GET', '/screenshot'), 'base64');
  }

  /** A button or link that a person would call by this name. */
  button(name) {
    return until(`a button "${name}"`, () => this.script(named, name));
  }

  /** As a person does, who looks first: the page takes a press within a moment of a change for a slip. */
  async press(name) {
    await this.button(name);
    await sleep(LOOKING_MS);
    await this.click(await this.button(name));
  }

  /** Waits until the page says something. */
  async says(text) {
    await until(`the words "${text}"`, () => this.saysNow(text)).catch(async (error) => {
      const shown = await this.script(() => document.body.innerText).catch(() => '(nothing)');
      throw new Error(`${error.message}; the page says:\n${shown}`, { cause: error });
    });
  }

  saysNow(text) {
    return this.script((wanted) => document.body.innerText.includes(wanted), text);
  }

  /** Ends the launcher. */
  async end() {
    await this.#ask('DELETE', '').catch(() => {});
  }
}

/** Runs in the page. */
function named(name) {
  const place = document.querySelector('dialog[open]') ?? document;
  const controls = place.querySelectorAll('button, a[href], [role="tab"], summary');
  const says = (control) => (control.getAttribute('aria-label') ?? control.innerText).trim();
  const shown = [...controls].filter((control) => !control.disabled && control.checkVisibility());
  return shown.find((control) => says(control) === name) ?? shown.find((control) => says(control).startsWith(`${name} `));
}

async function ask(base, method, path, body) {
  const headers = { 'content-type': 'application/json' };
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const request = { method, body: body && JSON.stringify(body), headers, signal };
  const answer = await fetch(base + path, request);
  const { value } = await answer.json();
  if (!answer.ok) throw new Error(`${method} ${path}: ${value.error}: ${value.message}`);
  return value;
}
