// A certified OpenID provider on 127.0.0.1, with Kakao's paths. Arguments: the folder where
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
  pkce: { required: () => true },
  routes: { authorization: '/oauth/authorize', token: '/oauth/token', jwks: '/.well-known/jwks.json' },
});
provider.listen(Number(port), '127.0.0.1', () => console.log('ready'));
