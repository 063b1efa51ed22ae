// How a page can have the browser ask something: each way asks once and tells what the page learned.
// Runs inside the attacking page; `ask` is what `requests.mjs` makes for a port.
//
// The outcome is `blocked` (an error, without a reason), `opaque` (something came, and the page cannot see
// what), `loaded` or `open` (it came, and works), or `read` with the status and the text.

globalThis.ways = (() => {
  const fetched = async (ask, options = {}) => {
    try {
      const answer = await fetch(ask.url, options);
      if (answer.type === 'opaque' || answer.type === 'opaqueredirect') return { outcome: 'opaque' };
      return { outcome: 'read', status: answer.status, text: await answer.text() };
    } catch {
      return { outcome: 'blocked' };
    }
  };

  const requested = (method, ask, body) =>
    new Promise((done) => {
      const request = new XMLHttpRequest();
      request.open(method, ask.url);
      request.onload = () => done({ outcome: 'read', status: request.status, text: request.responseText });
      request.onerror = () => done({ outcome: 'blocked' });
      request.send(body);
    });

  const element = (name, attributes, loaded = 'load') =>
    new Promise((done) => {
      const made = Object.assign(document.createElement(name), attributes);
      made.addEventListener(loaded, () => done({ outcome: 'loaded' }));
      made.addEventListener('error', () => done({ outcome: 'blocked' }));
      document.body.append(made);
    });

  const frame = (attributes, start = () => {}) =>
    new Promise((done) => {
      const made = Object.assign(document.createElement('iframe'), attributes);
      made.addEventListener('load', () => {
        // The first load is that of the empty frame.
        if (attributes.name && !made.dataset.sent) {
          made.dataset.sent = 'yes';
          return start();
        }
        let text = null;
        try {
          text = made.contentDocument?.body.innerText ?? null;
        } catch {
          // Another origin.
        }
        done(text === null ? { outcome: 'opaque' } : { outcome: 'read', status: 0, text });
      });
      document.body.append(made);
    });

  const form = (ask, method, enctype, target) => {
    const made = Object.assign(document.createElement('form'), { action: ask.url, method, enctype, target });
    // A form that gets puts its own fields in the place of the address's.
    const fields = method === 'get' ? Object.fromEntries(new URL(ask.url).searchParams) : ask.fields;
    for (const [name, value] of Object.entries(fields)) {
      made.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }));
    }
    if (enctype === 'multipart/form-data') {
      const file = Object.assign(document.createElement('input'), { type: 'file', name: 'file' });
      const files = new DataTransfer();
      files.items.add(new File([ask.body], 'version.json'));
      file.files = files.files;
      made.append(file);
    }
    document.body.append(made);
    made.submit();
  };

  const formInFrame = (ask, method, enctype) => {
    const name = `frame${Math.random()}`;
    return frame({ name }, () => form(ask, method, enctype, name));
  };

  const multipart = (ask) => {
    const data = new FormData();
    for (const [name, value] of Object.entries(ask.fields)) data.append(name, value);
    data.append('file', new File([ask.body], 'version.json'));
    return data;
  };

  const link = (ask) => {
    const made = Object.assign(document.createElement('a'), { href: ask.url, target: '_blank', rel: 'noreferrer' });
    document.body.append(made);
    made.click();
  };

  const socket = (ask, protocols) =>
    new Promise((done) => {
      const made = new WebSocket(ask.url.replace(/^http/, 'ws'), protocols);
      made.onopen = () => done({ outcome: 'open' });
      made.onerror = () => done({ outcome: 'blocked' });
    });

  const blind = (start) => (start(), { outcome: 'opaque' });
  const text = { 'Content-Type': 'text/plain' };
  const json = { 'Content-Type': 'application/json' };
  const urlencoded = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const post = (headers, body, rest = {}) => ({ method: 'POST', headers, body, ...rest });

  return {
    'fetch no-cors': (ask) => fetched(ask, { mode: 'no-cors' }),
    'fetch cors': (ask) => fetched(ask),
    'fetch with credentials': (ask) => fetched(ask, { credentials: 'include' }),
    'fetch HEAD': (ask) => fetched(ask, { method: 'HEAD', mode: 'no-cors' }),
    'fetch keepalive': (ask) => fetched(ask, { mode: 'no-cors', keepalive: true }),
    'fetch a range': (ask) => fetched(ask, { headers: { Range: 'bytes=0-9' } }),
    xhr: (ask) => requested('GET', ask),
    image: (ask) => element('img', { src: ask.url }),
    script: (ask) => element('script', { src: ask.url }),
    module: (ask) => import(ask.url).then(() => ({ outcome: 'loaded' }), () => ({ outcome: 'blocked' })),
    'style sheet': (ask) => element('link', { rel: 'stylesheet', href: ask.url }),
    video: (ask) => element('video', { src: ask.url, preload: 'auto' }, 'loadedmetadata'),
    object: (ask) => element('object', { data: ask.url, type: 'text/html' }),
    frame: (ask) => frame({ src: ask.url }),
    font: (ask) =>
      new FontFace('stolen', `url("${ask.url}")`).load().then(() => ({ outcome: 'loaded' }), () => ({ outcome: 'blocked' })),
    'event stream': (ask) =>
      new Promise((done) => {
        const events = new EventSource(ask.url);
        events.onopen = () => done({ outcome: 'open' });
        events.onerror = () => {
          events.close();
          done({ outcome: 'blocked' });
        };
      }),
    worker: (ask) =>
      new Promise((done) => {
        const code = `try { importScripts(${JSON.stringify(ask.url)}); postMessage('loaded') } catch { postMessage('blocked') }`;
        const worker = new Worker(URL.createObjectURL(new Blob([code])));
        worker.onmessage = ({ data }) => done({ outcome: data });
        worker.onerror = () => done({ outcome: 'blocked' });
      }),
    'fetch POST text, no-cors': (ask) => fetched(ask, post(text, ask.body, { mode: 'no-cors' })),
    'fetch POST text': (ask) => fetched(ask, post(text, ask.body)),
    'fetch POST urlencoded': (ask) => fetched(ask, post(urlencoded, new URLSearchParams(ask.fields), { mode: 'no-cors' })),
    'fetch POST multipart, no-cors': (ask) => fetched(ask, { method: 'POST', body: multipart(ask), mode: 'no-cors' }),
    'fetch POST multipart': (ask) => fetched(ask, { method: 'POST', body: multipart(ask) }),
    beacon: (ask) => blind(() => navigator.sendBeacon(ask.url, ask.body)),
    'xhr POST': (ask) => requested('POST', ask, ask.body),
    'form GET': (ask) => formInFrame(ask, 'get', 'application/x-www-form-urlencoded'),
    'form POST urlencoded': (ask) => formInFrame(ask, 'post', 'application/x-www-form-urlencoded'),
    'form POST text': (ask) => formInFrame(ask, 'post', 'text/plain'),
    'form POST multipart': (ask) => formInFrame(ask, 'post', 'multipart/form-data'),
    'form POST multipart, new tab': (ask) => blind(() => form(ask, 'post', 'multipart/form-data', '_blank')),
    'form POST urlencoded, new tab': (ask) => blind(() => form(ask, 'post', 'application/x-www-form-urlencoded', '_blank')),
    'new window': (ask) => blind(() => window.open(ask.url)),
    link: (ask) => blind(() => link(ask)),
    'fetch PUT': (ask) => fetched(ask, { method: 'PUT', body: ask.body }),
    'fetch DELETE': (ask) => fetched(ask, { method: 'DELETE' }),
    'fetch PATCH': (ask) => fetched(ask, { method: 'PATCH', body: ask.body }),
    'fetch POST json': (ask) => fetched(ask, post(json, ask.body)),
    'fetch as an SDK': (ask) => fetched(ask, post(ask.headers, ask.body)),
    'fetch with a header': (ask) => fetched(ask, { headers: { 'X-Own': 'yes' } }),
    'fetch with a token': (ask) => fetched(ask, { headers: { Authorization: 'Bearer stolen' } }),
    'xhr PUT': (ask) => requested('PUT', ask, ask.body),
    'web socket': (ask) => socket(ask),
    'web socket of MQTT': (ask) => socket(ask, ['mqtt']),
  };
})();
