import { createIdentity, type Identity } from '../../src/identity/index.js';
import { startServices, type TestApp } from '../support/app.js';

/** The secret is changed while people are signed in, and while one of them has a code in hand. */

let server: TestApp;
const [before, after] = ['the secret of last year, long enough', 'the secret of this year, long enough'];
const providers = { sees: async () => true, hasInterest: async () => false, mayBeAlternative: async () => false, personChanged: async () => {} };
const withSecrets = (...secrets: [string, ...string[]]): Identity => createIdentity(server.app.db, secrets, providers, 'http://localhost');

beforeAll(async () => {
  server = await startServices();
});

async function codeFor(identity: Identity, email: string): Promise<string> {
  await identity.signIn.requestCode(email, '192.0.2.1');
  await server.deliver();
  return /^\d{6}/.exec(server.outbox.at(-1)!.text)![0];
}

test('nobody is signed out while the secret before is still given, and everybody once it is not', async () => {
  const { db, clock } = server.app;
  const code = await codeFor(withSecrets(before), 'head@school.example');
  const { token, personId } = await withSecrets(before).signIn.signIn('head@school.example', code, '192.0.2.1', null);
  const who = async (...secrets: [string, ...string[]]) => (await withSecrets(...secrets).sessions.actor(db, token, clock.now())).personId;
  expect([await who(before), await who(after, before), await who(after)]).toEqual([personId, personId, null]);

  expect(await withSecrets(after).sessions.close(db, token)).toBe(0);
  expect(await withSecrets(after, before).sessions.close(db, token)).toBe(1);
});

test('a code that was sent before is accepted after', async () => {
  const code = await codeFor(withSecrets(before), 'chair@school.example');
  const { token, personId } = await withSecrets(after, before).signIn.signIn('chair@school.example', code, '192.0.2.1', null);
  expect((await withSecrets(after).sessions.actor(server.app.db, token, server.app.clock.now())).personId).toBe(personId);
});
