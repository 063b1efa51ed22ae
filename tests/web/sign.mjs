// Signature Version 4 in the query of a URL and in a form, as a publisher would hand them out.

import { createHash, createHmac } from 'node:crypto';

const hmac = (key, text) => createHmac('sha256', key).update(text).digest();
const encode = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (it) => `%${it.charCodeAt(0).toString(16).toUpperCase()}`);

function signing(at) {
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const day = time.slice(0, 8);
  const scope = `${day}/${at.region}/s3/aws4_request`;
  const key = [day, at.region, 's3', 'aws4_request'].reduce(hmac, `AWS4${at.secretKey}`);
  return { time, scope, credential: `${at.accessKey}/${scope}`, sign: (text) => hmac(key, text).toString('hex') };
}

export function signedUrl(at, method, path, query = {}) {
  const { time, scope, credential, sign } = signing(at);
  const all = {
    ...query,
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': credential,
    'X-Amz-Date': time,
    'X-Amz-Expires': '3600',
    'X-Amz-SignedHeaders': 'host',
  };
  const pairs = Object.entries(all).map(([name, value]) => `${encode(name)}=${encode(value)}`);
  const canonical = pairs.sort().join('&');
  const request = [method, path, canonical, `host:${new URL(at.origin).host}`, '', 'host', 'UNSIGNED-PAYLOAD'].join('\n');
  const digest = createHash('sha256').update(request).digest('hex');
  const signature = sign(['AWS4-HMAC-SHA256', time, scope, digest].join('\n'));
  return `${at.origin}${path}?${canonical}&X-Amz-Signature=${signature}`;
}

/** The fields of a form that uploads one object. */
export function signedPolicy(at, key) {
  const { time, credential, sign } = signing(at);
  const fields = { 'x-amz-algorithm': 'AWS4-HMAC-SHA256', 'x-amz-credential': credential, 'x-amz-date': time };
  const expiration = new Date(Date.now() + 3_600_000).toISOString();
  const conditions = [{ bucket: at.bucket }, { key }, ...Object.entries(fields).map(([name, value]) => ({ [name]: value }))];
  const policy = Buffer.from(JSON.stringify({ expiration, conditions })).toString('base64');
  return { key, ...fields, policy, 'x-amz-signature': sign(policy) };
}
