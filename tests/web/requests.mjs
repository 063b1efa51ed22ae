// The requests that foreign pages make, and what they are after on each port.

import { signedPolicy, signedUrl } from './sign.mjs';

/**
 * From which page, in which way, for what. The pages: `evil`, of another site; `null`, a sandboxed frame of it;
 * `neighbour`, of another port of this machine; `rebound`, whose own name has come to point to this machine.
 * What they are after: `read` something, `write` by a method, `upload` a form.
 */
export const REQUESTS = [
  ['evil', 'fetch no-cors', 'read'],
  ['evil', 'fetch cors', 'read'],
  ['evil', 'fetch with credentials', 'read'],
  ['evil', 'fetch HEAD', 'read'],
  ['evil', 'fetch keepalive', 'read'],
  ['evil', 'fetch a range', 'read'],
  ['evil', 'xhr', 'read'],
  ['evil', 'image', 'read'],
  ['evil', 'script', 'read'],
  ['evil', 'module', 'read'],
  ['evil', 'style sheet', 'read'],
  ['evil', 'video', 'read'],
  ['evil', 'object', 'read'],
  ['evil', 'frame', 'read'],
  ['evil', 'font', 'read'],
  ['evil', 'event stream', 'read'],
  ['evil', 'worker', 'read'],
  ['evil', 'fetch POST text, no-cors', 'POST'],
  ['evil', 'fetch POST text', 'POST'],
  ['evil', 'fetch POST urlencoded', 'POST'],
  ['evil', 'fetch POST multipart, no-cors', 'upload'],
  ['evil', 'fetch POST multipart', 'upload'],
  ['evil', 'beacon', 'POST'],
  ['evil', 'xhr POST', 'POST'],
  ['evil', 'form GET', 'read'],
  ['evil', 'form POST urlencoded', 'POST'],
  ['evil', 'form POST text', 'POST'],
  ['evil', 'form POST multipart', 'upload'],
  ['evil', 'form POST multipart, new tab', 'upload'],
  ['evil', 'form POST urlencoded, new tab', 'POST'],
  ['evil', 'new window', 'read'],
  ['evil', 'link', 'read'],
  ['evil', 'fetch no-cors', 'read', 'through a redirect'],
  ['evil', 'image', 'read', 'through a redirect'],
  ['evil', 'fetch POST text, no-cors', 'POST', 'through a redirect'],
  ['evil', 'form POST urlencoded', 'POST', 'through a redirect'],
  ['evil', 'form POST multipart', 'upload', 'through a redirect'],
  ['evil', 'new window', 'read', 'through a redirect'],
  ['evil', 'fetch PUT', 'PUT'],
  ['evil', 'fetch DELETE', 'DELETE'],
  ['evil', 'fetch PATCH', 'PATCH'],
  ['evil', 'fetch POST json', 'POST'],
  ['evil', 'fetch as an SDK', 'POST'],
  ['evil', 'fetch with a header', 'read'],
  ['evil', 'fetch with a token', 'read'],
  ['evil', 'xhr PUT', 'PUT'],
  ['evil', 'web socket', 'read'],
  ['evil', 'web socket of MQTT', 'read'],
  ['null', 'fetch no-cors', 'read'],
  ['null', 'fetch cors', 'read'],
  ['null', 'fetch POST text, no-cors', 'POST'],
  ['null', 'form POST multipart', 'upload'],
  ['null', 'fetch PUT', 'PUT'],
  ['null', 'web socket', 'read'],
  ['neighbour', 'fetch no-cors', 'read'],
  ['neighbour', 'fetch cors', 'read'],
  ['neighbour', 'image', 'read'],
  ['neighbour', 'frame', 'read'],
  ['neighbour', 'form POST urlencoded', 'POST'],
  ['neighbour', 'form POST multipart', 'upload'],
  ['neighbour', 'fetch PUT', 'PUT'],
  ['neighbour', 'web socket', 'read'],
  ['rebound', 'fetch cors', 'read'],
  ['rebound', 'xhr', 'read'],
  ['rebound', 'script', 'read'],
  ['rebound', 'frame', 'read'],
  ['rebound', 'event stream', 'read'],
  ['rebound', 'fetch POST text', 'POST'],
  ['rebound', 'fetch POST urlencoded', 'POST'],
  ['rebound', 'fetch POST json', 'POST'],
  ['rebound', 'fetch as an SDK', 'POST'],
  ['rebound', 'fetch POST multipart', 'upload'],
  ['rebound', 'form POST urlencoded', 'POST'],
  ['rebound', 'form POST multipart', 'upload'],
  ['rebound', 'fetch PUT', 'PUT'],
  ['rebound', 'fetch DELETE', 'DELETE'],
  ['rebound', 'fetch with a token', 'read'],
  ['rebound', 'web socket', 'read'],
].map(([from, way, want, through]) => ({ from, way, want, through }));

/** Ways that the browser asks for permission first, and never carries out: the page gets no answer to see. */
export const ASKED_FIRST = new Set([
  'fetch PUT', 'fetch DELETE', 'fetch PATCH', 'fetch POST json', 'fetch as an SDK', 'fetch with a header',
  'fetch with a token', 'xhr PUT',
]);

/** Ways whose answers the browser does not show to the test: it goes by what they change. */
export const UNSEEN = new Set(['beacon', 'worker', 'web socket', 'web socket of MQTT']);

/** Ways by which a page only sends the browser somewhere, in a tab that it cannot look into. */
export const VISITS = new Set(['new window', 'link']);

/** What the pages know: as much as a careless publisher could have let out, keys included. */
export const PORTS = {
  s3: {
    read: (at) => ({ url: signedUrl(at, 'GET', `/${at.bucket}/update/version.json`) }),
    POST: (at) => ({ url: signedUrl(at, 'POST', `/${at.bucket}/update/by-post`, { uploads: '' }) }),
    PUT: (at) => ({ url: signedUrl(at, 'PUT', `/${at.bucket}/update/version.json`) }),
    DELETE: (at) => ({ url: signedUrl(at, 'DELETE', `/${at.bucket}/update/version.json`) }),
    PATCH: (at) => ({ url: `${at.origin}/${at.bucket}/update/version.json` }),
    upload: (at) => ({ url: `${at.origin}/${at.bucket}`, fields: signedPolicy(at, 'update/version.json') }),
  },
  edge: {
    read: (at) => ({ url: `${at.origin}/update/version.json` }),
    write: (at) => ({ url: `${at.origin}/update/version.json` }),
  },
  control: {
    read: (at) => ({ url: `${at.origin}/user-pool/inbox` }),
    write: (at) => ({
      url: `${at.origin}/`,
      body: JSON.stringify({ ClientId: at.userPoolClient, Username: 'mallory@evil.example', Password: 'evil-Evil-12345' }),
      headers: {
        'Content-Type': 'application/x-amz-json-1.1',
        'X-Amz-Target': 'AWSCognitoIdentityProviderService.SignUp',
      },
    }),
  },
  services: {
    read: (at) => ({ url: `${at.origin}/login/providers` }),
    write: (at) => ({
      url: `${at.origin}/login/kakao`,
      body: JSON.stringify({ code: 'evil', redirect_uri: 'http://127.0.0.1:9720/login/kakao', code_verifier: 'v'.repeat(43), nonce: 'n' }),
    }),
  },
  kakao: {
    read: (at) => ({ url: `${at.origin}/oauth/authorize?${new URLSearchParams(APP)}` }),
    write: (at) => ({ url: `${at.origin}/oauth/authorize`, fields: { ...APP, nickname: 'Mallory', decision: 'agree' } }),
  },
  redirect: {
    takesVisits: true,
    read: (at) => ({ url: `${at.origin}/login/kakao?code=stolen&state=guessed` }),
    write: (at) => ({ url: `${at.origin}/login/kakao?code=stolen&state=guessed` }),
  },
};

const APP = {
  client_id: '00000000000000000000000naru00key',
  redirect_uri: 'http://127.0.0.1:9720/login/kakao',
  response_type: 'code',
};

/** What a page asks for in one row, of one port. */
export function askFor(port, want, at) {
  const targets = PORTS[port];
  const ask = (targets[want] ?? targets.write)(at);
  return { body: '{"version":666}', headers: { 'Content-Type': 'application/json' }, fields: {}, ...ask };
}
