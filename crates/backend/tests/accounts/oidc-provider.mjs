// A certified OpenID provider on 127.0.0.1, with Kakao's paths and Google's claims. Arguments: the folder where
// `npm install oidc-provider@9` ran, the port, the redirect address.
const [folder, port, redirect] = process.argv.slice(2);
const { Provider } = await import(`file://${folder}/node_modules/oidc-provider/lib/index.js`);

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{
    client_id: 'app',
    client_secret: 'a-client-secret-of-some-length-00',
    redirect_uris: [redirect],
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
  routes: { authorization: '/oauth/authorize', token: '/oauth/token', jwks: '/.well-known/jwks.json' },
});
provider.listen(Number(port), '127.0.0.1', () => console.log('ready'));
