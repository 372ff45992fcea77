import fc from 'fast-check';
import { afterSchools } from '../../src/imports/index.js';
import { newId } from '../../src/platform/id.js';
import { importSchools } from '../../src/schools/index.js';
import { fileOf, statementsOf } from '../schools/support.js';
import { startServices, type TestApp } from '../support/app.js';
import { runs } from '../support/runs.js';
import type { World } from '../support/world.js';
import { type LinkRow, Register, type Status } from './succession-oracle.js';

let services: TestApp;
let world: World;

beforeAll(async () => {
  services = await startServices();
  ({ world } = services);
  await world.la('971');
});

const SCHOOLS = 6;
const status = fc.constantFrom<Status>('Open', 'Closed', 'Closed', 'Proposed to open');
const link = fc
  .record({ urn: fc.nat(SCHOOLS - 1), other: fc.nat(SCHOOLS - 1), type: fc.constantFrom('Successor', 'Successor', 'Predecessor', 'Result of Amalgamation', 'Merged - change in age range', 'Other'), bothSides: fc.boolean() })
  .filter(({ urn, other }) => urn !== other);
const file = fc.oneof(
  fc.record({ kind: fc.constant('links' as const), links: fc.array(link, { minLength: 1, maxLength: 4 }) }),
  fc.record({ kind: fc.constant('schools' as const), statuses: fc.array(fc.option(status, { freq: 3 }), { minLength: SCHOOLS, maxLength: SCHOOLS }) }),
);
const history = fc.record({ first: fc.option(fc.array(link, { minLength: 1, maxLength: 3 })), begun: fc.array(status, { minLength: SCHOOLS, maxLength: SCHOOLS }), files: fc.array(file, { minLength: 3, maxLength: 7 }) });

const MIRROR: Record<string, string> = { Successor: 'Predecessor', Predecessor: 'Successor' };
/** Most links stand in the rows of both schools, as GIAS has them. */
const rowsOf = (base: number, links: readonly { urn: number; other: number; type: string; bothSides: boolean }[]): LinkRow[] =>
  links.flatMap(({ urn, other, type, bothSides }) => {
    const row = { urn: base + urn, other: base + other, type };
    return bothSides ? [row, { urn: row.other, other: row.urn, type: MIRROR[type] ?? type }] : [row];
  });

const imported = (content: string[]) => {
  services.clock.advance({ minutes: 1 }); // what a later file says is said later
  return importSchools(services.app.db, { file: fileOf(content.join('\n')), afterwards: async (tx) => void (await afterSchools(services.app, tx)) });
};
const importLinks = (rows: readonly LinkRow[]) => imported(['URN,LinkURN,LinkType,LinkEstablishedDate', ...rows.map(({ urn, other, type }) => `${urn},${other},${type},`)]);
const importStatuses = (rows: readonly { urn: number; status: Status }[]) =>
  imported(['URN,LA (code),EstablishmentName,EstablishmentStatus (name)', ...rows.map((row) => `${row.urn},971,School ${row.urn},${row.status}`)]);

/** A provider that all of these schools recommend, the first of them first. */
async function recommendedBy(people: { urn: number; personId: string }[]): Promise<string> {
  const { id } = await world.awaiting({ la: '971' });
  for (const [nth, { urn, personId }] of people.entries()) {
    await services.app.db.query(
      `INSERT INTO recommendation (id, provider_id, school_urn, state, given_by, given_at, lapses_at, governing_body, no_interest, created_at, updated_at)
       VALUES ($1, $2, $3, 'GIVEN', $4, $5::timestamptz + make_interval(secs => $6), $5::timestamptz + interval '3 years', $7, true, $5, $5)`,
      [newId(), id, urn, personId, services.clock.now(), nth, `school:${urn}`],
    );
  }
  return id;
}

/** What the product holds of these schools. */
async function found(base: number, provider: string) {
  const { db } = services.app;
  const within = `BETWEEN ${base} AND ${base + SCHOOLS - 1}`;
  const column = async (sql: string) => (await db.query<{ value: string }>(`SELECT value FROM (${sql}) AS found (value) ORDER BY 1`)).map((row) => row.value);
  return {
    successions: await column(`SELECT urn || ' > ' || successor_urn FROM school_successor WHERE urn ${within}`),
    roles: await column(`SELECT p.email || ' ' || m.school_urn FROM membership m JOIN person p ON p.id = m.person_id WHERE m.school_urn ${within} AND m.ended_at IS NULL`),
    visits: await column(`SELECT p.email || ' ' || a.school_urn FROM sip_assignment a JOIN person p ON p.id = a.person_id WHERE a.school_urn ${within} AND a.ended_at IS NULL`),
    meeting: await column(`SELECT school_urn::text FROM recommendation WHERE provider_id = '${provider}' AND 'SAME_BODY' = ANY(obstacles)`),
    different: await column(`SELECT count(DISTINCT coalesce(line, urn))::text FROM generate_series(${base}, ${base + SCHOOLS - 1}) urn LEFT JOIN school_line USING (urn)`),
  };
}

function expected(register: Register, base: number, leads: Set<string>) {
  const urns = Array.from({ length: SCHOOLS }, (_, i) => base + i);
  const parts = [...register.own, ...register.carried].map(({ who, urn }) => ({ lead: leads.has(who), line: `${who} ${urn}` }));
  const meets = (a: number, b: number) => [...register.kin(a)].some((each) => register.kin(b).has(each));
  return {
    successions: register.successions().map(([from, to]) => `${from} > ${to}`).sort(),
    roles: parts.filter(({ lead }) => lead).map(({ line }) => line).sort(),
    visits: parts.filter(({ lead }) => !lead).map(({ line }) => line).sort(),
    meeting: urns.filter((urn, nth) => urns.slice(0, nth).some((earlier) => meets(earlier, urn))).map(String),
    different: [String(register.different(urns))],
  };
}

test('mergers, splits, amalgamations and reversals, in any order of files, come to what a naive register has', async () => {
  let base = 300_000;
  const seen = { carried: 0, ended: 0, chains: 0 };
  await fc.assert(
    fc.asyncProperty(history, async ({ first, begun, files }) => {
      base += 10;
      const urns = begun.map((_, i) => base + i);
      const register = new Register();
      if (first) {
        await importLinks(rowsOf(base, first));
        register.links(rowsOf(base, first));
      }
      await importStatuses(begun.map((each, i) => ({ urn: base + i, status: each })));
      const people = await Promise.all(urns.map(async (urn) => ({ urn, ...(await world.lead(urn)) })));
      const sip = await world.sip('971', base, base + 1);
      const [{ email }] = (await services.app.db.query<{ email: string }>('SELECT email FROM person WHERE id = $1', [sip.personId])) as [{ email: string }];
      const leads = new Set(people.map((each) => each.email));
      register.own.push(...people.map((each) => ({ who: each.email, urn: each.urn })), { who: email, urn: base }, { who: email, urn: base + 1 });
      register.schools(begun.map((each, i) => ({ urn: base + i, status: each })));
      const provider = await recommendedBy(people);
      await importStatuses([{ urn: base, status: begun[0]! }]); // so that what follows from the people follows

      for (const each of files) {
        expect(await found(base, provider)).toEqual(expected(register, base, leads));
        const before = register.carried.length;
        if (each.kind === 'links') {
          await importLinks(rowsOf(base, each.links));
          register.links(rowsOf(base, each.links));
        } else {
          const rows = each.statuses.flatMap((status, i) => (status ? [{ urn: base + i, status }] : []));
          if (rows.length === 0) continue;
          await importStatuses(rows);
          register.schools(rows);
        }
        if (register.carried.length > before) seen.carried++;
        if (register.carried.length < before) seen.ended++;
        if (register.successions().some(([, to]) => register.successions().some(([from]) => from === to))) seen.chains++;
      }
      expect(await found(base, provider)).toEqual(expected(register, base, leads));
      await services.app.db.query(`UPDATE recommendation SET state = 'LAPSED' WHERE provider_id = $1`, [provider]); // else each history would take longer than the one before
    }),
    { numRuns: runs(120) },
  );
  for (const often of Object.values(seen)) expect(often).toBeGreaterThan(0); // the histories are such as they are meant to be
});

test('who has a role that went on, or that rested on a link that is no more, is told', async () => {
  const [old, next] = [299_001, 299_002];
  await importStatuses([{ urn: old, status: 'Closed' }, { urn: next, status: 'Open' }]);
  const lead = await world.lead(old);
  await importLinks([{ urn: old, other: next, type: 'Successor' }]);
  await importLinks([{ urn: old, other: next, type: 'Other' }]);
  const told = await services.app.db.query<{ subject: string; text: string }>('SELECT subject, text FROM notice WHERE person_id = $1 ORDER BY created_at, subject DESC', [lead.personId]);
  expect(told.map(({ subject }) => subject).sort()).toEqual([`Your role goes on in School ${next}`, `Your role in School ${next} has ended`]);
  expect(told.find(({ subject }) => subject.endsWith('has ended'))!.text).toContain('The register of schools no longer says');
});

test('many people and schools take the same statements as few', async () => {
  const statements = async (base: number, count: number) => {
    const urns = Array.from({ length: count }, (_, i) => base + 2 * i);
    await importStatuses(urns.flatMap((urn) => [{ urn, status: 'Closed' as const }, { urn: urn + 1, status: 'Open' as const }]));
    for (const urn of urns) await world.lead(urn);
    return (await statementsOf(services.app.db, () => importLinks(urns.map((urn) => ({ urn, other: urn + 1, type: 'Successor' }))))).length;
  };
  const few = await statements(280_000, 2);
  expect(await statements(281_000, 40)).toBe(few);
});
