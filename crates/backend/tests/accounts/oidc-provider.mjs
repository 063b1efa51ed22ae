// A certified OpenID provider on 127.0.0.1, with Google's paths, claims and refresh tokens. Arguments: the folder where
// `npm install oidc-provider@9` ran, the port, the redirect address.
const [folder, port, redirect] = process.argv.slice(2);
const { Provider } = await import(`file://${folder}/node_modules/oidc-provider/lib/index.js`);

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{
    client_id: 'app',
    client_secret: 'a-client-secret-of-some-length-00',
    redirect_uris: [redirect],
    grant_types: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_method: 'client_secret_post',
  }],
  cookies: { keys: ['a-test-key'] },
  // As Google has it: the profile stands in the ID token.
  claims: { openid: ['sub'], profile: ['name', 'picture'] },
  conformIdTokenClaims: false,
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, name: 'One', picture: 'https://example.com/one.png' }),
  }),
  pkce: { required: () => true },
  // Asked for by `access_type`, which this provider does not know, and never replaced.
  issueRefreshToken: () => true,
  rotateRefreshToken: false,
  features: { revocation: { enabled: true } },
  routes: { authorization: '/o/oauth2/v2/auth', token: '/token', jwks: '/oauth2/v3/certs', revocation: '/revoke' },
});
provider.listen(Number(port), '127.0.0.1', () => console.log('ready'));
