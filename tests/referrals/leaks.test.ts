import { getNamedType, type GraphQLField, type GraphQLObjectType, isLeafType, isNonNullType, isObjectType, isUnionType } from 'graphql';
import type { Actor } from '../../src/platform/actor.js';
import { startApp, type TestServer } from '../support/app.js';
import { ask, PROBLEM } from './support.js';

/** Words that were written between the SIP and the school, by where they were written. */
const planted = {
  note: 'Quillfeather',
  focus: 'Marrowbone',
  agenda: 'Thistledown',
  message: 'Candlewick',
  listingReason: 'Hollyhock',
  shortlistReason: 'Bramblewood',
  declineReason: 'Larkspurred',
  cancelReason: 'Snowdropped',
};
type Planted = keyof typeof planted;

let server: TestServer;
/** What each SIP has of their own: a visit that was held, a shortlist, a referral that was declined. */
const idsOf = new Map<Actor, string[]>();
let school: number;
let people: Record<'sip' | 'lead' | 'officer' | 'otherSip' | 'otherLead' | 'staff' | 'provider' | 'admin' | 'trust' | 'formerSip', Actor>;

beforeAll(async () => {
  server = await startApp();
  const { world, app } = server;
  school = await world.school({ trust: 'T1', academy: true });
  const provider = await world.listed();
  people = {
    sip: await world.sip('990', school),
    lead: await world.lead(school),
    officer: await world.officer('990'),
    otherSip: await world.sip('990', school),
    otherLead: await world.lead(await world.school()),
    staff: await world.person('SCHOOL_STAFF', { schoolUrn: school }),
    provider: provider.admin,
    admin: await world.person('SYSTEM_ADMIN'),
    trust: await world.person('TRUST_LEAD', { trustId: 'T1' }),
    formerSip: await world.sip('990', school),
  };
  const { visits, shortlists, referrals } = app.referrals;
  for (const sip of [people.sip, people.formerSip]) {
    const visit = await visits.plan(sip, { schoolUrn: school, date: '2026-09-07', focus: planted.focus });
    await visits.addAgendaPoint(people.lead, visit, { text: planted.agenda });
    await visits.writeNote(visit, planted.note, { actor: sip });
    const cancelled = await visits.plan(sip, { schoolUrn: school, date: '2026-09-08', focus: planted.focus });
    await visits.cancel(cancelled, { actor: sip, reason: planted.cancelReason });
    const shortlist = await shortlists.add(sip, { schoolUrn: school, visitId: visit, listingId: provider.listing, reason: planted.shortlistReason });
    const input = { schoolUrn: school, message: planted.message, listings: [{ listingId: provider.listing, reason: planted.listingReason }] };
    const declined = await referrals.send(sip, input);
    await referrals.decline(people.lead, declined, { reason: planted.declineReason });
    await referrals.send(sip, input);
    idsOf.set(sip, [visit, shortlist, declined]);
  }
  await world.unassigned(people.formerSip);
});

/** What has to be said to ask for a field. */
const needed = ({ args }: GraphQLField<unknown, unknown>) => args.filter((arg) => isNonNullType(arg.type) && arg.defaultValue === undefined);

/** Every field of a type that can be asked for without saying more, so many types down. */
function everything(type: GraphQLObjectType, depth: number): string {
  const fields = Object.values(type.getFields()).flatMap((field) => {
    const named = getNamedType(field.type);
    if (needed(field).length > 0 || field.name === 'edges') return []; // edges are the nodes once more
    if (isLeafType(named)) return [field.name];
    return isObjectType(named) && depth > 0 ? [`${field.name} ${everything(named, depth - 1)}`] : [];
  });
  return `{ __typename ${fields.join(' ')} }`;
}

interface Operation {
  text: string;
  /** Whether it asks by an id. */
  byId: boolean;
}

/** The ways of asking all that a field gives, the deepest first; none where it needs more than the id or URN of something. */
function operations(kind: 'query' | 'mutation', field: GraphQLField<unknown, unknown>, select: (depth: number) => string): Operation[] {
  const said = needed(field);
  const type = said[0]?.type.toString();
  if (said.length > 1 || (said.length === 1 && type !== 'UUID!' && type !== 'Int!')) return [];
  const byId = type === 'UUID!';
  const args = said.length === 0 ? '' : byId ? `(${said[0]!.name}: $id)` : `(${said[0]!.name}: ${school})`;
  return (byId ? [2, 1, 0] : [3, 2, 1, 0]).map((depth) => ({ text: `${kind} ${byId ? '($id: UUID!)' : ''} { ${field.name}${args} ${select(depth)} }`, byId }));
}

async function answersTo(actor: Actor, ways: Operation[][]): Promise<string> {
  const cookie = await server.cookieOf(actor);
  const ids = idsOf.get(actor) ?? idsOf.get(people.sip)!;
  const answers: string[] = [];
  for (const [first, ...shallower] of ways) {
    for (const id of first!.byId ? ids : [null]) {
      for (const { text } of [first!, ...shallower]) {
        const answer = await server.graphql(text, id ? { id } : {}, cookie);
        answers.push(JSON.stringify(answer));
        // What a role may not ask at all is asked less deeply.
        if (!answer.errors?.some((error) => ['OPERATION_TOO_LARGE', 'GRAPHQL_VALIDATION_FAILED', 'FORBIDDEN'].includes(error.extensions.code))) break;
      }
    }
  }
  return answers.join('\n');
}

const fieldsOf = (type: GraphQLObjectType | null | undefined) => Object.values(type!.getFields());

/** Whatever that person gets from all queries of the schema. */
const allAnswers = (actor: Actor) =>
  answersTo(
    actor,
    fieldsOf(server.app.schema.getQueryType())
      .filter((query) => isObjectType(getNamedType(query.type)))
      .map((query) => operations('query', query, (depth) => everything(getNamedType(query.type) as GraphQLObjectType, depth)))
      .filter((ways) => ways.length > 0),
  );

/** Answers, refusals mostly, of the mutations that take no more than the id of something. */
const allRefusals = (actor: Actor) =>
  answersTo(
    actor,
    fieldsOf(server.app.schema.getMutationType()).flatMap((mutation) => {
      const named = getNamedType(mutation.type);
      if (!isUnionType(named)) return [];
      const success = named.getTypes()[0]!;
      const ways = operations('mutation', mutation, (depth) => `{ ... on ${success.name} ${everything(success, depth)} ${PROBLEM} }`);
      return ways[0]?.byId ? [ways.slice(-1)] : [];
    }),
  );

const foundIn = (text: string) => (Object.keys(planted) as Planted[]).filter((each) => text.includes(planted[each]));

test.each<[keyof typeof people, Planted[]]>([
  ['sip', ['note', 'focus', 'agenda', 'message', 'listingReason', 'shortlistReason', 'declineReason', 'cancelReason']],
  ['lead', ['note', 'focus', 'agenda', 'message', 'listingReason', 'cancelReason']],
  ['officer', []],
  ['otherSip', []],
  ['otherLead', []],
  ['staff', []],
  ['provider', []],
  ['admin', []],
  ['trust', []],
  ['formerSip', []],
])('of what is between a SIP and a school, all queries together tell %s: %j', async (who, seen) => {
  const found = foundIn(await allAnswers(people[who]));
  expect(found.sort()).toEqual([...seen].sort());
});

test.each(['officer', 'otherSip', 'otherLead', 'staff', 'provider', 'admin', 'trust', 'formerSip'] as const)('no refusal of a mutation tells %s anything of it', async (who) => {
  const before = await statesOf();
  const text = await allRefusals(people[who]);
  expect(text).toContain('NOT_FOUND');
  expect(foundIn(text)).toEqual([]);
  expect(await statesOf()).toEqual(before);
});

test('no message has the note or the reason for saying no, none to others has any of it, nor has the history', async () => {
  await server.deliver();
  const emails = await server.app.db.query<{ email: string }>('SELECT email FROM person WHERE id = ANY($1)', [[people.sip, people.lead, people.formerSip].map((each) => each.personId)]);
  const parties = new Set(emails.map((each) => each.email));
  expect(foundIn(JSON.stringify(server.outbox.filter((message) => !parties.has(message.to))))).toEqual([]);
  expect(foundIn(JSON.stringify(server.outbox)).filter((each) => ['note', 'declineReason', 'shortlistReason'].includes(each))).toEqual([]);
  const history = await server.app.db.query<{ row: string }>('SELECT to_jsonb(history)::text AS row FROM history');
  expect(foundIn(history.map((each) => each.row).join())).toEqual(['cancelReason']);
});

test('a question to SIPs tells nothing of the school', async () => {
  const { world } = server;
  await ask(server, people.sip, 'mutation { askForSuggestions(input: { question: "Coaching for phonics" }) { __typename } }');
  const text = JSON.stringify(await ask(server, people.otherSip, `{ suggestionRequests { nodes ${everything(server.app.schema.getType('SuggestionRequest') as GraphQLObjectType, 2)} } }`));
  expect(text).toContain('Coaching for phonics');
  const [row] = await world.app.db.query<{ name: string }>('SELECT name FROM school WHERE urn = $1', [school]);
  for (const marker of [String(school), row!.name]) expect(text).not.toContain(marker);
});

const statesOf = () => server.app.db.query('SELECT id, state, version FROM visit UNION ALL SELECT id, state, version FROM referral ORDER BY id');
