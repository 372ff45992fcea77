import 'reflect-metadata';
import { graphql, type GraphQLSchema } from 'graphql';
import { buildGraphqlSchema } from '../../src/graphql/schema.js';
import { anonymous } from '../../src/platform/actor.js';
import type { ManualClock } from '../../src/platform/clock.js';
import type { Database } from '../../src/platform/database/index.js';
import type { RequestContext } from '../../src/platform/request.js';
import { governingBodyOf, importSchools, PartnershipResolver, Partnerships, schoolsResolvers } from '../../src/schools/index.js';
import { freshDatabase } from '../support/database.js';
import { fixture, statementsOf } from './support.js';

let db: Database;
let clock: ManualClock;
let schema: GraphQLSchema;
beforeAll(async () => {
  ({ db, clock } = await freshDatabase());
  await importSchools(db, { file: fixture('schools.csv') });
  await importSchools(db, { file: fixture('links.csv') });
  schema = buildGraphqlSchema([...schoolsResolvers.map((Resolver) => new Resolver()), new PartnershipResolver(new Partnerships(db))]);
});

async function ask(source: string): Promise<Record<string, any>> {
  const contextValue: RequestContext = { actor: anonymous, db, clock, address: '', sessionToken: null, setSession: () => {}, loaders: new Map() };
  const { data, errors } = await graphql({ schema, source, contextValue });
  expect(errors).toBeUndefined();
  return data!;
}

test('a school with all that belongs to it', async () => {
  const { school } = await ask(`{ school(urn: 900002) {
    urn name type phase status academy lowAge highAge gender religiousCharacter street locality address3 town county postcode website distanceKm
    localAuthority { code name region } trust { id name } federation { id name } successors { urn } } }`);
  expect(school).toEqual({
    urn: 900002,
    name: "St. Mary's Catholic Primary School",
    type: 'Academy converter',
    phase: 'PRIMARY',
    status: 'OPEN',
    academy: true,
    lowAge: 4,
    highAge: 11,
    gender: 'Mixed',
    religiousCharacter: 'Roman Catholic',
    street: 'Abbey Road',
    locality: null,
    address3: null,
    town: 'Melsham',
    county: 'Woldshire',
    postcode: 'ZZ13 1AB',
    website: 'http://stmarysrc.example.org',
    distanceKm: null,
    localAuthority: { code: '971', name: 'Wolds and Vale', region: 'East Midlands' },
    trust: { id: '5001', name: 'Wolds Learning Trust' },
    federation: null,
    successors: [],
  });
});

test('a closed school names its successors', async () => {
  const { school } = await ask('{ school(urn: 900023) { status successors { urn name successors { urn } } } }');
  expect(school).toEqual({ status: 'CLOSED', successors: [{ urn: 900016, name: "O'Brien Primary Academy", successors: [] }] });
});

test('no school is null', async () => expect(await ask('{ school(urn: 1) { name } }')).toEqual({ school: null }));

test('a search with a place gives distances', async () => {
  const { schools } = await ask(`{ schools(text: "st marys", near: { postcode: "ZZ13 1AB" }, first: 1) {
    totalCount nodes { urn distanceKm } pageInfo { hasNextPage } } }`);
  expect(schools).toEqual({ totalCount: 2, nodes: [{ urn: 900002, distanceKm: 0 }], pageInfo: { hasNextPage: true } });
});

test('the local authorities that there are, by name; one whose schools are all closed is gone', async () => {
  await db.query(`INSERT INTO local_authority VALUES ('973', 'Abolished', null), ('974', 'Yet to be filled', null)`);
  await db.query(`UPDATE school SET la_code = '973' WHERE urn = 900023`);
  const { localAuthorities } = await ask('{ localAuthorities { code name region } }');
  expect(localAuthorities).toEqual([
    { code: '972', name: 'Barton, City of', region: 'East Midlands' },
    { code: '971', name: 'Wolds and Vale', region: 'East Midlands' },
    { code: '974', name: 'Yet to be filled', region: null },
  ]);
});

test('the number of statements does not grow with the number of schools', async () => {
  const page = (first: number) => `{ schools(first: ${first}) { nodes {
    name localAuthority { name } trust { name } federation { name } successors { name localAuthority { name } } } } }`;
  const few = await statementsOf(db, () => ask(page(2)));
  expect(await statementsOf(db, () => ask(page(20)))).toEqual(few);
  expect(few).toHaveLength(2);
  const three = '{ a: school(urn: 900001) { name } b: school(urn: 900002) { name } c: school(urn: 900001) { name } }';
  expect(await statementsOf(db, () => ask(three))).toHaveLength(1);
});

test('who answers for a school', () => {
  expect(governingBodyOf({ urn: 900001, trustId: '5001', federationId: '2001' })).toBe('trust:5001');
  expect(governingBodyOf({ urn: 900001, trustId: null, federationId: '2001' })).toBe('federation:2001');
  expect(governingBodyOf({ urn: 900001, trustId: null, federationId: null })).toBe('school:900001');
});
