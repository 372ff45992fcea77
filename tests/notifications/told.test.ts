import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { processes } from '../../src/app.js';
import { roleSteps } from '../../src/identity/index.js';
import { importSteps } from '../../src/imports/index.js';
import { processNotices, reminders } from '../../src/notifications/index.js';
import type { Telling, Words } from '../../src/notifications/telling.js';
import { newId } from '../../src/platform/id.js';
import { type FreshDatabase, freshDatabase } from '../support/database.js';

const told = processNotices.flatMap(({ process, transitions }) => Object.entries(transitions).map(([name, each]) => ({ kind: `${process}.${name}`, tells: 'nobody' in each ? [] : each, silent: 'nobody' in each ? each.nobody : null })));
const everything: { kind: string; telling: Telling<never> }[] = [
  ...told.flatMap(({ kind, tells }) => tells.map((telling) => ({ kind, telling: telling as Telling<never> }))),
  ...reminders.flatMap(({ name, tells }) => tells.map((telling) => ({ kind: name, telling: telling as Telling<never> }))),
];

let fresh: FreshDatabase;

beforeAll(async () => {
  fresh = await freshDatabase();
});

test('each transition of each process tells somebody, or says why nobody is told', () => {
  const steps = Object.entries({ ...roleSteps, ...importSteps }).flatMap(([name, each]) => each.map((step) => `${name}.${step}`));
  const transitions = [...steps, ...processes.flatMap(({ name, transitions }) => Object.keys(transitions).map((each) => `${name}.${each}`))];
  expect(transitions.length).toBeGreaterThan(30);
  expect(told.map(({ kind }) => kind).sort()).toEqual(transitions.sort());
  expect(told.filter(({ tells, silent }) => (tells.length === 0) !== (silent !== null && silent.length > 20))).toEqual([]);
});

test('each audience has one name, and its statement runs', async () => {
  const statements = new Map<string, Set<string>>();
  for (const { telling } of everything) statements.set(telling.audience.name, (statements.get(telling.audience.name) ?? new Set()).add(telling.audience.sql));
  expect([...statements].filter(([, sql]) => sql.size > 1)).toEqual([]);
  expect(statements.size).toBeGreaterThan(20);
  for (const [sql] of [...statements.values()].map((each) => [...each])) expect(await fresh.db.query(sql!, [[newId()], new Date()])).toEqual([]);
});

test('each reminder has one name, and its statement runs', async () => {
  expect(new Set(reminders.map(({ name }) => name)).size).toBe(reminders.length);
  for (const { near } of reminders) expect(await fresh.db.query(near, [new Date(), '2026-09-07'])).toEqual([]);
});

/** All that any audience may know, where it may know all and where what is withheld is withheld. */
const whole = {
  id: newId(), name: 'Acme', formerName: 'Acmee', likeOthers: '', provider: 'Acme', school: 'Oak School', partner: 'Elm School', message: '', need: 'Reading', title: 'Coaching', listing: 'Coaching', listings: '- Coaching', focus: 'Reading',
  day: '7 September 2026', words: 'Reading', asker: 'Ann', expiresAt: new Date(), closesAt: new Date(), questionsUntil: new Date(), proposals: 2, waits: true, trustUnknown: true, found: ['JUDGED_BEFORE', 'OTHER_NAME', 'CIRCLE'], excused: ['SAME_BODY'], changed: '“Coaching”', checksNeeded: true,
  newest: { what: 'Meet', owner: 'SIP', by: '7 September 2026' }, due: ['Action: meet'], over: true, ofBoth: false, la: 'Oakshire', who: 'Ann Example', role: 'lead', of: 'Oak School', handedOn: '2 planned visits', successor: 'Ben Example', was: 'Ash School', byImport: true, rejected: true, signer: true,
  runId: newId(), kind: 'SCHOOLS', file: 'schools.csv', state: 'MANY_REJECTED', why: 'It has no rows.',
};
const bare = { ...whole, listing: null, waits: false, trustUnknown: false, found: [], excused: [], changed: null, checksNeeded: false, newest: { what: 'Meet', owner: 'SCHOOL', by: null }, due: [], over: false, ofBoth: true, successor: null, was: null, byImport: false, rejected: false, signer: false, file: null, state: 'REFUSED' };
const events = ['SCHOOL', 'PROVIDER', 'LOCAL_AUTHORITY', null].flatMap((onBehalfKind) =>
  ['It was not what we agreed.', null].map((reason) => ({ onBehalfKind, reason, what: 'INSURANCE', at: new Date(), objectId: whole.id, deadline: '' })),
);
/** The audiences from which something is withheld: a confidential school, a proposal that is still sealed. */
const WITHHELD: Record<string, object> = { 'Request.invited': { school: null }, 'Invitation.provider': { school: null }, 'Proposal.provider': { school: null }, 'Proposal.school': { provider: null } };
const allWords = (telling: Telling<never>): Words[] =>
  [whole, { ...bare, ...WITHHELD[telling.audience.name] }].flatMap((known) => events.map((event) => telling.words(known as never, event as never))).filter((each) => each !== null);

test('everybody who may be told is told something, in whole sentences', () => {
  for (const { kind, telling } of everything) {
    const words = allWords(telling);
    expect([kind, words.length > 0]).toEqual([kind, true]);
    for (const { subject, text, expected } of words) {
      expect(subject).toMatch(/^[A-Z“].{10,119}[^.\s]$/);
      expect(text).toMatch(/^[A-Z“][^]{10,}$/);
      expect(expected ?? 'Nothing.').toMatch(/^[A-Z][^]*\.$/);
      expect(`${subject} ${text} ${expected ?? ''}`).not.toMatch(/undefined|null|\[object|NaN/);
    }
  }
});

test('each link leads to a page of the site', () => {
  const web = fileURLToPath(new URL('../../src/web', import.meta.url));
  const pages = readdirSync(web, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.js'))
    .flatMap((file) => [...readFileSync(`${web}/${file}`, 'utf8').matchAll(/pages\.get\('([^']+)'/g)].map((match) => new RegExp(`^${match[1]!.replaceAll(/:\w+/g, '[^/]+')}$`)));
  expect(pages.length).toBeGreaterThan(5);
  const links = new Set(everything.flatMap(({ telling }) => allWords(telling).map(({ link }) => link)));
  expect([...links].filter((link) => !pages.some((page) => page.test(link)))).toEqual([]);
});
