import { type AddressInfo, createServer } from 'node:net';
import { Writable } from 'node:stream';
import fc from 'fast-check';
import { getNamedType, type GraphQLField, isLeafType, type GraphQLObjectType } from 'graphql';
import { pino } from 'pino';
import type { Actor } from '../../src/platform/actor.js';
import { newId } from '../../src/platform/id.js';
import { startWorker } from '../../src/platform/jobs/index.js';
import { mailJobs, smtpTransport } from '../../src/platform/mail/index.js';
import { reviewedMatrix } from '../access/matrix.js';
import { Selections } from '../access/selection.js';
import { startApp, type TestServer } from '../support/app.js';
import { runs } from '../support/runs.js';
import type { World } from '../support/world.js';
import { guess, type Known, thingOf } from './guesses.js';

/*
 * A school asks for support in confidence, from its SIP's visit to the rating. At each moment of the story all who may
 * not know of it ask all that the schema has, with the ids of the story in their hands, and read their mail.
 */

/** What is planted, in words that occur nowhere else. */
type Secret = 'register' | 'people' | 'visit' | 'need' | 'request' | 'choice' | 'work';
const ALL: Secret[] = ['register', 'people', 'visit', 'need', 'request', 'choice', 'work'];
const words = {
  name: 'Quillfeather',
  street: 'Marrowbone',
  town: 'Thistledown',
  trust: 'Candlewick',
  head: 'Bramblewood',
  chair: 'Hollyhock',
  note: 'Snowdrop',
  agenda: 'Foxglove',
  reason: 'Larkspur',
  message: 'Sycamore',
  need: 'Honeysuckle',
  school: 'Dragonfly',
  partnership: 'Kingfisher',
  reasons: 'Nightingale',
  approver: 'Goldfinch',
  review: 'Woodpecker',
  concern: 'Chaffinch',
  action: 'Yellowhammer',
};

interface Asker {
  who: string;
  cookie: string | null;
  personId: string | null;
  email: string | null;
  /** What they may know, by what they are and by the moment. */
  may(moment: number): Secret[];
  /** Until this moment they only look: what they might do belongs to the story. */
  actsFrom: number;
}

const lines: string[] = [];
const keep = (chunk: Buffer, _encoding: string, done: () => void) => {
  lines.push(String(chunk));
  done();
};
const log = pino({ level: 'trace' }, new Writable({ write: keep }));
let server: TestServer;
let world: World;
let urn: number;
let elsewhere: number;
let secrets: Record<Secret, RegExp[]>;
let askers: Asker[];
let people: Record<'head' | 'chair' | 'sip', Actor & { personId: string }>;
/** Chosen; not chosen; invited; not invited. */
let providers: Awaited<ReturnType<World['listed']>>[];
let selections: Selections;
let asked = 0;
const walked = new Set<string>();

const ids: Record<string, string> = {};
const query = <Row>(sql: string, parameters: unknown[] = []) => server.app.db.query<Row>(sql, parameters);
const word = (text: string) => new RegExp(text, 'i');
/** The URN as a number of its own: its digits may occur in a random id. */
const number = (digits: number) => new RegExp(`(?<![0-9a-f-])${digits}(?![0-9a-f-])`);

beforeAll(async () => {
  server = await startApp(log);
  ({ world } = server);
  elsewhere = await world.school({ la: '990' });
  urn = await world.school({ la: '990', name: `${words.name} Primary School`, postcode: 'QX9 9QX', trust: 'TR9', academy: true });
  await query('UPDATE school SET street = $2, town = $3, website = $4 WHERE urn = $1', [urn, `1 ${words.street} Lane`, words.town, `https://${words.name}.example`]);
  await query('UPDATE trust SET name = $1 WHERE id = $2', [`${words.trust} Trust`, 'TR9']);
  people = { head: await named(words.head, await world.lead(urn)), chair: await named(words.chair, await world.lead(urn)), sip: await world.sip('990', urn) };
  providers = await Promise.all([1, 2, 3, 4].map(() => world.listed()));
  secrets = {
    register: [...[words.name, words.street, words.town, words.trust, 'QX9 ?9QX'].map(word), number(urn)],
    people: [words.head, words.chair, people.head.personId, people.chair.personId].map(word),
    visit: [words.note, words.agenda, words.reason, words.message].map(word),
    need: [word(words.need)],
    request: [words.school, words.partnership].map(word),
    choice: [words.reasons, words.approver].map(word),
    work: [words.review, words.concern, words.action].map(word),
  };
  askers = await everybodyElse();
  selections = new Selections(server.app.schema, reviewedMatrix().objects);
});

/** The person by another name and address. */
async function named<Who extends Actor & { personId: string }>(name: string, who: Who): Promise<Who> {
  await query('UPDATE person SET name = $2, email = $3 WHERE id = $1', [who.personId, `Ann ${name}`, `${name.toLowerCase()}@example.org`]);
  return who;
}

const CHOSEN = 5;
const NEVER = 100;

/** All who are not entitled, with what each of them may know all the same. */
async function everybodyElse(): Promise<Asker[]> {
  const asker = async (who: string, person: { personId: string | null } | null, may: Asker['may'] = () => [], actsFrom = 0): Promise<Asker> => {
    const [row] = person ? await query<{ email: string }>('SELECT email FROM person WHERE id = $1', [person.personId]) : [];
    return { who, personId: person?.personId ?? null, email: row?.email ?? null, cookie: person && (await server.cookieOf(person)), may, actsFrom };
  };
  const registered: Secret[] = ['register', 'people'];
  return [
    await asker('anybody', null),
    await asker('somebody', await world.person()),
    await asker('the head of another school', await world.lead(elsewhere)),
    await asker('another SIP of the LA', await world.sip('990', elsewhere)),
    await asker('a SIP of another LA', await world.sip('991', await world.school({ la: '991' }))),
    await asker('an officer of another LA', await world.officer('991')),
    await asker('a provider that is not invited', providers[3]!.admin),
    await asker('an invited provider', providers[2]!.admin, () => ['need']),
    await asker('the provider that is not chosen', providers[1]!.admin, () => ['need'], CHOSEN),
    await asker('the provider that is chosen', providers[0]!.admin, (moment) => (moment < CHOSEN ? ['need'] : ['need', 'register', 'people', 'request', 'work']), NEVER),
    // They know the school and its people; its private business they do not.
    await asker('an officer of the LA', await world.officer('990'), () => registered),
    await asker('a system administrator', await world.person('SYSTEM_ADMIN'), () => registered),
    await asker('a lead of the trust', await world.person('TRUST_LEAD', { trustId: 'TR9' }), () => registered),
    await asker('a teacher of the school', await world.person('SCHOOL_STAFF', { schoolUrn: urn }), () => registered),
    await asker('the chair, who is not named', people.chair, () => [...registered, 'visit'], NEVER),
  ];
}

const actor = (who: keyof typeof people) => people[who];

/** The story, moment by moment. */
const moments: [string, () => Promise<void>][] = [
  ['a visit, and a referral', async () => {
    const { visits, shortlists, referrals } = server.app.referrals;
    ids['Visit'] = await visits.plan(actor('sip'), { schoolUrn: urn, date: '2026-09-07', focus: 'Reading' });
    await visits.addAgendaPoint(actor('head'), ids['Visit'], { text: words.agenda });
    await visits.writeNote(ids['Visit'], words.note, { actor: actor('sip') });
    const listings = providers.slice(0, 3).map(({ listing: listingId }) => ({ listingId, reason: words.reason }));
    ids['Shortlist'] = await shortlists.add(actor('sip'), { schoolUrn: urn, visitId: ids['Visit'], ...listings[0]! });
    ids['Referral'] = await referrals.send(actor('sip'), { schoolUrn: urn, visitId: ids['Visit'], message: words.message, listings });
  }],
  ['a draft', async () => {
    await server.app.referrals.referrals.accept(actor('head'), ids['Referral']!, { need: `Reading. ${words.need}`, confidential: true });
    const [row] = await query<{ id: string; version: number }>('SELECT id, version FROM request WHERE school_urn = $1', [urn]);
    ids['SupportRequest'] = row!.id;
    await server.app.brokerage.requests.update(actor('head'), row!.id, row!.version, { triedInSchool: words.school, triedInPartnership: words.partnership, allLeads: false, personIds: [], phases: ['PRIMARY'] });
  }],
  ['open, and three are invited', async () => {
    const { requests, invitations } = server.app.brokerage;
    await requests.act(ids['SupportRequest']!, 'open', { actor: actor('head') });
    for (const { id, listing } of providers.slice(0, 3)) ids[`ProposalInvitation of ${id}`] = await invitations.send(actor('head'), { requestId: ids['SupportRequest']!, providerId: id, listingId: listing });
  }],
  ['a question is answered', async () => {
    const { invitations } = server.app.brokerage;
    await invitations.ask(providers[0]!.admin, ids[`ProposalInvitation of ${providers[0]!.id}`]!, 'Which years?');
    const [question] = await query<{ id: string }>('SELECT id FROM question ORDER BY id LIMIT 1');
    await invitations.answer(actor('head'), question!.id, 'Years 3 and 4.');
  }],
  ['two proposals are read', async () => {
    const { requests, proposals } = server.app.brokerage;
    for (const { id, admin } of providers.slice(0, 2)) {
      ids[`Proposal of ${id}`] = await proposals.submit(admin, ids[`ProposalInvitation of ${id}`]!, { summary: 'A coach.', pricePence: 90_000, vat: 'ADDED' });
    }
    await requests.act(ids['SupportRequest']!, 'read', { actor: actor('head') });
  }],
  ['one is chosen', async () => {
    const [proposal] = await query<{ id: string; version: number }>('SELECT id, version FROM proposal WHERE id = $1', [ids[`Proposal of ${providers[0]!.id}`]]);
    const choice = { proposalId: proposal!.id, version: proposal!.version, reasons: words.reasons, approverName: words.approver, approverRole: 'Chair', pupilsConcerned: false };
    ids['Engagement'] = await server.app.brokerage.choices.choose(actor('head'), choice);
  }],
  ['under way, with a concern', async () => {
    const { engagements, actions, evidence, reviews, concerns } = server.app.brokerage;
    const id = ids['Engagement']!;
    await actions.add(actor('head'), id, { what: words.action, owner: 'SCHOOL' });
    await evidence.want(actor('head'), id, { wanted: words.action });
    await engagements.act(id, 'start', { actor: actor('head') });
    await reviews.add(actor('head'), id, { heldOn: '2026-09-07', rag: 'AMBER', words: words.review, figures: [] });
    ids['Concern'] = await concerns.raise(actor('head'), id, words.concern);
    await concerns.answer(providers[0]!.admin, ids['Concern'], words.concern);
  }],
  ['completed and rated', async () => {
    const { engagements } = server.app.brokerage;
    await engagements.act(ids['Engagement']!, 'complete', { actor: actor('head') });
    const [objective] = await query<{ id: string }>('SELECT id FROM engagement_objective WHERE engagement_id = $1', [ids['Engagement']]);
    ids['Rating'] = await server.app.outcomes.ratings.give(actor('head'), ids['Engagement']!, world.ratingOf({ objective: objective!.id }, { words: words.review }));
    await server.app.outcomes.ratings.reply(providers[0]!.admin, ids['Rating'], 'Thank you.');
  }],
];

/** Parts that have ids of their own, as they are now. */
const PARTS: Record<string, string> = {
  AgendaPoint: 'SELECT id FROM agenda_point',
  ShortlistItem: 'SELECT id FROM shortlist_item',
  RequestQuestion: 'SELECT id FROM question',
  EngagementAction: 'SELECT id FROM engagement_action',
  EngagementEvidence: 'SELECT id FROM engagement_evidence',
  EngagementObjective: 'SELECT id FROM engagement_objective',
  RatingWords: 'SELECT words_id AS id FROM rating',
  Notice: `SELECT n.id FROM notice n JOIN person p ON p.id = n.person_id WHERE p.name LIKE 'Ann %'`,
};

async function knownNow(): Promise<void> {
  for (const [type, sql] of Object.entries(PARTS)) {
    const [row] = await query<{ id: string }>(`${sql} ORDER BY 1 DESC LIMIT 1`);
    if (row) ids[type] = row.id;
  }
}

/** What an asker holds in the hand: ids of the story, a provider to go on about; invitation and proposal their own, or another's. */
function known(asker: Asker, schoolUrn: number, nth: number): Known {
  const own = providers.find(({ admin }) => admin.personId === asker.personId);
  const of = (type: string) => ids[`${type} of ${own?.id}`] ?? ids[`${type} of ${providers[nth % 3]!.id}`];
  return { urn: schoolUrn, ids: { ...ids, ProposalInvitation: of('ProposalInvitation')!, Proposal: of('Proposal')!, Provider: providers[3]!.id, Listing: providers[3]!.listing } };
}

/** All that a field can be asked for, as deep as an object goes; of other objects what they are known by. */
function whole(field: GraphQLField<unknown, unknown>): string {
  const type = getNamedType(field.type);
  if (isLeafType(type)) return '';
  const isList = type.name.endsWith('Connection');
  const text = isList ? `{ totalCount nodes ${selections.all(nodeOf(type as GraphQLObjectType))} }` : selections.answer(field);
  return text.replaceAll('school { urn }', 'school { urn name postcode }').replaceAll(/(\w*[pP]erson|\w+By) \{ id \}/g, '$1 { id name }');
}
const nodeOf = (list: GraphQLObjectType) => getNamedType(list.getFields()['nodes']!.type) as GraphQLObjectType;

const operations = new Map<string, string>();
/** The document, the same for whoever asks: arguments come as variables. */
function documentOf(kind: 'query' | 'mutation', field: GraphQLField<unknown, unknown>, names: string[]): string {
  const key = `${field.name} ${names.join()}`;
  const made = operations.get(key);
  if (made) return made;
  const given = field.args.filter(({ name }) => names.includes(name));
  const [declared, passed] = [given.map(({ name, type }) => `$${name}: ${String(type)}`), given.map(({ name }) => `${name}: $${name}`)];
  const brackets = (parts: string[]) => (parts.length > 0 ? `(${parts.join(', ')})` : '');
  const text = `${kind}${brackets(declared)} { ${field.name}${brackets(passed)} ${whole(field)} }`;
  operations.set(key, text);
  return text;
}

/** What of the secrets an asker may not know is in a text. */
const found = (text: string, allowed: Secret[]) => ALL.filter((secret) => !allowed.includes(secret)).flatMap((secret) => secrets[secret].filter((each) => each.test(text)).map((each) => `${secret} (${each.source})`));

/** What is the asker's own fault. */
const CALLERS = ['UNAUTHENTICATED', 'FORBIDDEN', 'BAD_USER_INPUT'];

/** What is public of those who take part; and of the register of schools another page. */
const PUBLIC: Record<string, () => Record<string, unknown>> = {
  provider: () => ({ id: providers[0]!.id }),
  listing: () => ({ id: providers[0]!.listing }),
  schools: () => ({ laCode: '991' }),
  purchaseLimits: () => ({ laCode: '990' }),
};

const SENT_TO_PROVIDERS = ['ProposalInvitation', 'ProposalInvitationConnection', 'Proposal', 'NoticeConnection'];

async function ask(moment: number, asker: Asker, kind: 'query' | 'mutation', field: GraphQLField<unknown, unknown>, schoolUrn: number, nth: number): Promise<string[]> {
  const values = guess(field, known(asker, schoolUrn, nth));
  if (kind === 'query') Object.assign(values, PUBLIC[field.name]?.());
  const cookie = field.name === 'signOut' && asker.personId ? await server.cookieOf(asker) : asker.cookie;
  const { data, errors } = await server.graphql<Record<string, unknown>>(documentOf(kind, field, Object.keys(values)), values, cookie);
  asked++;
  walked.add(field.name);
  const answer = JSON.stringify({ data, errors });
  const problems = errors?.some(({ extensions }) => !CALLERS.includes(extensions.code)) ? [`fails: ${JSON.stringify(errors)}`] : [];
  // Whoever names the school by its URN is told what the public register says of it.
  const allowed = [...asker.may(moment), ...(schoolUrn === urn ? (['register'] as const) : [])];
  return [...problems, ...found(answer, allowed).map((what) => `reads ${what}: ${answer.slice(0, 600)}`)].map((what) => `${moments[moment]![0]}: ${asker.who}, ${kind} ${field.name}, ${what}`);
}

/** What is in their mail and on their list, and what lies about: in what the public finds, in jobs and in the log. */
async function lyingAbout(moment: number): Promise<string[]> {
  await server.deliver();
  const wrong: string[] = [];
  for (const asker of askers) {
    const notices = await query('SELECT subject, text, expected, link, kind FROM notice WHERE person_id = $1', [asker.personId]);
    const mail = [...(await query('SELECT subject, text FROM mail WHERE recipient = $1', [asker.email])), ...server.outbox.filter(({ to }) => to === asker.email)];
    for (const [where, rows] of Object.entries({ notices, mail })) wrong.push(...found(JSON.stringify(rows), asker.may(moment)).map((what) => `${moments[moment]![0]}: ${asker.who} has ${what} in ${where}`));
  }
  const documents = await query<{ text: string }>('SELECT d::text AS text FROM search_document d');
  const jobs = await query<{ text: string }>('SELECT payload::text AS text FROM graphile_worker._private_jobs');
  for (const [where, texts] of Object.entries({ 'search documents': documents.map(({ text }) => text), jobs: jobs.map(({ text }) => text), 'the log': lines })) {
    wrong.push(...found(texts.join('\n'), []).map((what) => `${moments[moment]![0]}: ${what} in ${where}`));
  }
  return wrong;
}

test('nobody learns of a confidential school what they are not entitled to, whatever they ask', async () => {
  const { schema } = server.app;
  const [queries, mutations] = [Object.values(schema.getQueryType()!.getFields()), Object.values(schema.getMutationType()!.getFields())];
  for (const [moment, [, happen]] of moments.entries()) {
    await happen();
    await knownNow();
    const asks = askers.flatMap((asker) => [
      ...queries.map((field) => ({ asker, kind: 'query' as const, field })),
      ...(moment >= asker.actsFrom ? mutations.map((field) => ({ asker, kind: 'mutation' as const, field })) : []),
    ]);
    // All of them in the long run; else all that providers read of what they were sent, and so many others, each time others.
    const shuffled = fc.sample(fc.shuffledSubarray(asks, { minLength: asks.length, maxLength: asks.length }), { numRuns: 1, seed: moment + 1 })[0]!;
    const isOfProvider = ({ asker, kind, field }: (typeof asks)[number]) => kind === 'query' && asker.who.includes('provider') && SENT_TO_PROVIDERS.includes(thingOf(field).name);
    const order = [...new Set([...asks.filter(isOfProvider), ...shuffled.slice(0, runs(asks.length))])];
    const wrong: string[] = [];
    for (let i = 0; i < order.length; i += 8) {
      const answers = order.slice(i, i + 8).map(({ asker, kind, field }, nth) => {
        const namesSchool = field.args.some(({ name }) => /^schoolUrn$|^urn$|^input$/.test(name)) && nth % 2 === 0;
        return ask(moment, asker, kind, field, namesSchool ? urn : elsewhere, i + nth);
      });
      wrong.push(...(await Promise.all(answers)).flat());
    }
    wrong.push(...(await lyingAbout(moment)));
    expect([...new Set(wrong)].slice(0, 20)).toEqual([]);
  }
  expect([...queries, ...mutations].map(({ name }) => name).filter((name) => !walked.has(name))).toEqual([]);
  process.stderr.write(`${asked} operations asked, ${lines.length} lines logged\n`);
});

test('there was something to withhold: whoever is entitled reads every secret', async () => {
  const [cookie, sip] = [await server.cookieOf(people.head), await server.cookieOf(people.sip)];
  const { schema } = server.app;
  const heard: string[] = [];
  for (const field of Object.values(schema.getQueryType()!.getFields())) {
    for (const of of [cookie, sip]) {
      const values = guess(field, { urn, ids: { ...ids, ProposalInvitation: ids[`ProposalInvitation of ${providers[0]!.id}`]!, Proposal: ids[`Proposal of ${providers[0]!.id}`]! } });
      heard.push(JSON.stringify((await server.graphql(documentOf('query', field, Object.keys(values)), values, of)).data));
    }
  }
  const all = heard.join('\n');
  expect(ALL.flatMap((secret) => secrets[secret]).filter((each) => !each.test(all)).map(({ source }) => source)).toEqual([]);
});

test('a fault on the way of private words leaves none of them in the log or in the answer', async () => {
  await query('ALTER TABLE visit ADD CONSTRAINT broken CHECK (false) NOT VALID');
  await query('ALTER TABLE request ADD CONSTRAINT broken_too CHECK (false) NOT VALID');
  const [sip, head] = [await server.cookieOf(people.sip), await server.cookieOf(people.head)];
  const before = lines.length;
  const plan = await server.graphql('mutation ($urn: Int!, $focus: String!) { planVisit(schoolUrn: $urn, input: { date: "2026-09-08", focus: $focus }) { __typename } }', { urn, focus: words.note }, sip);
  const draft = await server.graphql('mutation ($urn: Int!, $need: String!) { draftSupportRequest(schoolUrn: $urn, input: { need: $need }) { __typename } }', { urn, need: words.need }, head);
  await query('ALTER TABLE visit DROP CONSTRAINT broken');
  await query('ALTER TABLE request DROP CONSTRAINT broken_too');
  expect([plan, draft].map(({ errors }) => errors![0]!.extensions.code)).toEqual(['INTERNAL_SERVER_ERROR', 'INTERNAL_SERVER_ERROR']);
  expect(lines.slice(before).map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual(['fault', 'request', 'fault', 'request']);
  expect(found([...lines, JSON.stringify([plan.errors, draft.errors])].join('\n'), [])).toEqual([]);
});

test('what a mail server says when it refuses an address is not in the log', async () => {
  const refusing = await refusingMailServer();
  const { db } = server.app;
  const id = newId();
  await query('INSERT INTO mail (id, recipient, subject, text, created_at) VALUES ($1, $2, $3, $4, $5)', [id, `${words.head}@example.org`, words.name, words.need, server.clock.now()]);
  await query('SELECT graphile_worker.add_job($1, payload := $2::json)', ['send-mail', JSON.stringify({ id })]);
  const before = lines.length;
  const worker = startWorker(db, mailJobs(db, smtpTransport(refusing.url, 'signpost@example.org', 'localhost', 5000)), log);
  const failure = () => lines.slice(before).find((line) => line.includes('a job failed'));
  for (let i = 0; i < 200 && !failure(); i++) await new Promise((resolve) => setTimeout(resolve, 50));
  await worker.stop();
  refusing.close();
  expect(failure()).toContain('550');
  expect(found(lines.join('\n'), [])).toEqual([]);
  const [job] = await query<{ error: string }>(`SELECT last_error AS error FROM graphile_worker._private_jobs WHERE payload ->> 'id' = $1`, [id]);
  expect(found(job!.error, [])).toEqual([]);
});

/** A mail server that knows nobody, and says so as they do: with the address. */
async function refusingMailServer(): Promise<{ url: string; close(): void }> {
  const mailServer = createServer((socket) => {
    socket.write('220 ready\r\n');
    socket.on('data', (data) => {
      const line = String(data);
      const address = /^RCPT TO:(<.*>)/i.exec(line)?.[1];
      socket.write(address ? `550 5.1.1 ${address}: Recipient address rejected\r\n` : line.startsWith('QUIT') ? '221 bye\r\n' : '250 ok\r\n');
    });
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => mailServer.listen(0, '127.0.0.1', resolve));
  return { url: `smtp://127.0.0.1:${(mailServer.address() as AddressInfo).port}`, close: () => mailServer.close() };
}
