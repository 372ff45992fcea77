import { Attacker, type Person, type Target } from './attacker.js';

/** Schools that are providers list each other. */

let a: Attacker;
beforeAll(async () => {
  a = await Attacker.begin();
});

type Member = Target & { urn: number; lead: Person };
/** A school that is a provider and has a lead; or a company that the school's lead runs. */
async function member(kind: 'school' | 'company' = 'school'): Promise<Member> {
  if (kind === 'school') {
    const provider = await a.schoolProvider();
    return { ...provider, lead: await a.world.lead(provider.urn) };
  }
  const [provider, urn] = [await a.world.checked(), await a.world.school()];
  await a.world.give(provider.admin.personId!, 'SCHOOL_LEAD', { schoolUrn: urn });
  return { ...provider, urn, lead: await a.world.lead(urn) };
}
const vouches = (from: Member, to: Member) => a.given(from.lead, a.world.recommendation(to, from.urn));
const outside = async (to: Target) => {
  const { lead, input } = await a.world.recommender(to);
  return a.given(lead, input);
};
const members = (count: number, kind?: 'school' | 'company') => Promise.all(Array.from({ length: count }, () => member(kind)));
/** Each vouches for the next two; the last edge is given last. @returns the last edge's id */
async function ring(all: Member[], steps: number[]): Promise<string> {
  let last = '';
  for (const by of steps) for (const [i, from] of all.entries()) last = await vouches(from, all[(i + by) % all.length]!);
  return last;
}
const closes = { obstacles: ['CIRCLE'], counts: false };
const listedOf = async (all: Target[]) => (await Promise.all(all.map((each) => a.state(each)))).filter((state) => state === 'LISTED').length;

describe('a small closed circle does not list itself', () => {
  test('three who recommend in a ring', async () => {
    const all = await members(3);
    expect(await a.standing(await ring(all, [1]))).toEqual(closes);
  });
  test('four in a ring', async () => expect(await a.standing(await ring(await members(4), [1]))).toEqual(closes));
  test('six in a ring', async () => expect(await a.standing(await ring(await members(6), [1]))).toEqual(closes));
  test('five who each have two from among them: none is listed by its word coming back', async () => {
    const all = await members(5);
    await ring(all, [1, 2]);
    expect(await listedOf(all)).toBeLessThan(5);
    const waiting = await a.db.query<{ provider: string }>(
      `SELECT DISTINCT provider_id AS provider FROM recommendation WHERE provider_id = ANY($1) AND 'CIRCLE' = ANY(obstacles)`,
      [all.map(({ id }) => id)],
    );
    expect(waiting.length).toBeGreaterThan(0);
    for (const each of all) {
      // Whoever is listed has two whose schools do not owe it their own place: without it they would stand as they do.
      const back = await a.db.query(
        `WITH RECURSIVE known (provider) AS (
           SELECT unnest(providers_of_school(r.school_urn)) FROM counting_recommendation r WHERE r.provider_id = $1
           UNION SELECT unnest(providers_of_school(r.school_urn)) FROM known JOIN counting_recommendation r ON r.provider_id = known.provider)
         SELECT FROM known WHERE provider = $1`,
        [each.id],
      );
      expect(back).toEqual([]);
    }
  });
  test('through heads’ companies', async () => expect(await a.standing(await ring(await members(3, 'company'), [1]))).toEqual(closes));
  test('through schools and a company among them', async () => {
    const all = [await member(), await member('company'), await member()];
    expect(await a.standing(await ring(all, [1]))).toEqual(closes);
  });
  test('with a seventh school that recommends one of them only until it is closed', async () => {
    const all = await members(3);
    const helper = await a.world.recommender(all[0]!);
    const id = await a.given(helper.lead, helper.input);
    const last = await ring(all, [1]);
    expect((await a.standing(last)).counts).toBe(true);
    await a.step(helper.lead, 'withdrawRecommendation', id);
    await a.server.app.directory.providers.passTimeForMemberships();
    expect((await a.standing(last)).obstacles).toEqual(['CIRCLE']); // it is overlooked for sixty days, and the officer has it
    a.server.clock.advance({ days: 61 });
    await a.server.app.directory.recommendations.passTime();
    expect(await a.standing(last)).toEqual(closes);
  });
  test('whose heads have registered many drafts beside', async () => {
    const all = await members(3);
    for (const { admin } of all) for (let i = 0; i < 3; i++) await a.server.app.directory.providers.register(admin, { name: `Draft ${i} of ${admin.personId}`, kind: 'COMPANY', assuringLa: '990' });
    expect(await a.standing(await ring(all, [1]))).toEqual(closes);
  });
  test('closed by taking the closing one back and giving it again', async () => {
    const all = await members(3);
    const last = await ring(all, [1]);
    await a.step(all[2]!.lead, 'withdrawRecommendation', last);
    expect(await a.standing(await vouches(all[2]!, all[0]!))).toEqual(closes);
  });
  test('closed by two at the same moment', async () => {
    const [one, two, three] = (await members(3)) as [Member, Member, Member];
    await vouches(one, two);
    const ids = await Promise.all([vouches(two, three), vouches(three, one)]);
    const counting = await Promise.all(ids.map((id) => a.standing(id)));
    expect(counting.filter(({ counts }) => counts)).toHaveLength(1);
  });
  test('confirmed by an officer of the circle', async () => {
    const all = await members(3);
    const last = await ring(all, [1]);
    const officer = await a.world.officer('990');
    await a.world.give(officer.personId, 'SCHOOL_LEAD', { schoolUrn: all[0]!.urn });
    expect(await a.step(officer, 'confirmIndependence', last)).toBe('HAS_INTEREST');
  });
});

describe('a circle that is overlooked for sixty days is overlooked once', () => {
  /** Five who each have two from among them; the last head is of her company only while that names her as its contact. */
  async function five() {
    const four = await members(4);
    const [company, urn] = [await a.world.checked(), await a.world.school()];
    const head = (await a.world.lead(urn)) as Person;
    const all: Member[] = [...four, { ...company, urn, lead: head }];
    await ring(all, [1, 2]);
    a.server.clock.advance({ days: 1 });
    const names = async (email: string) => {
      await a.name(company, email);
      await a.server.app.directory.providers.passTimeForMemberships();
    };
    const waiting = () => a.db.query<{ id: string; excused: string[]; until: Date | null }>(
      `SELECT id, excused, excused_until AS until FROM recommendation WHERE provider_id = ANY($1) AND 'CIRCLE' = ANY(obstacles) AND state = 'GIVEN'`, [all.map(({ id }) => id)]);
    return { all, head, close: () => names(head.email), open: () => names('somebody@example.org'), waiting };
  }
  const dayOf = (rows: { until: Date | null }[]) => new Set(rows.map(({ until }) => until?.getTime()));

  test('by taking the contact out and putting it back', async () => {
    const { all, close, open, waiting } = await five();
    await close();
    const first = await waiting();
    expect([first.length > 0, first.every(({ excused }) => excused.includes('CIRCLE')), await listedOf(all)]).toEqual([true, true, 5]);
    a.server.clock.advance({ days: 30 });
    await open();
    expect(await waiting()).toEqual([]);
    await close();
    expect(dayOf(await waiting())).toEqual(dayOf(first)); // what is left of the sixty days
    a.server.clock.advance({ days: 31 });
    await a.server.app.directory.recommendations.passTime();
    expect([(await waiting()).flatMap(({ excused }) => excused), (await listedOf(all)) < 5]).toEqual([[], true]);
    await open();
    expect(await listedOf(all)).toBe(5);
    await close();
    expect([(await waiting()).flatMap(({ excused }) => excused), (await listedOf(all)) < 5]).toEqual([[], true]);
    const told = await a.db.query<{ kind: string }>(`SELECT DISTINCT kind FROM notice WHERE object_id = ANY($1) AND person_id = $2`, [first.map(({ id }) => id), all[0]!.officer.personId]);
    expect(told.map(({ kind }) => kind).sort()).toEqual(['Recommendation.awaitOfficer', 'Recommendation.excuse']);
  });
  test('by giving it anew in between', async () => {
    const { all, close, open, waiting } = await five();
    await close();
    const before = await waiting();
    a.server.clock.advance({ days: 61 });
    await a.server.app.directory.recommendations.passTime();
    await open();
    const [one] = await a.db.query<{ school: number; provider: string }>('SELECT school_urn AS school, provider_id AS provider FROM recommendation WHERE id = $1', [before[0]!.id]);
    const [from, to] = [all.find(({ urn }) => urn === one!.school)!, all.find(({ id }) => id === one!.provider)!];
    expect(await a.step(from.lead, 'withdrawRecommendation', before[0]!.id)).toBe('done');
    const again = await vouches(from, to);
    a.server.clock.advance({ days: 1 });
    await close();
    expect(await waiting()).toContainEqual({ id: again, excused: [], until: null });
  });
});

test('the officer sees the circle drawn, and may let it stand', async () => {
  const all = await members(3);
  const last = await ring(all, [1]);
  const query = 'query ($id: UUID!) { recommendation(id: $id) { whyWaiting circle { nodes { id name } edges { recommendationId from to school closes } drawing } } }';
  interface Seen {
    whyWaiting: string[] | null;
    circle: { nodes: { id: string }[]; edges: { from: string; to: string; closes: boolean }[]; drawing: string } | null;
  }
  const seenBy = async (person: Person) => (await a.server.graphql<{ recommendation: Seen }>(query, { id: last }, await a.server.cookieOf(person))).data.recommendation;
  const { whyWaiting, circle } = await seenBy(all[0]!.officer);
  expect(whyWaiting).toEqual([expect.stringContaining('small closed circle')]);
  expect(circle!.nodes.map(({ id }) => id).sort()).toEqual(all.map(({ id }) => id).sort());
  expect(circle!.edges.map(({ closes: closing }) => closing).sort()).toEqual([false, false, true]);
  expect(circle!.drawing).toMatch(/^<svg [^]*<\/svg>$/);
  expect(circle!.drawing.match(/<line /g)).toHaveLength(3);
  expect(await seenBy(all[2]!.lead)).toEqual({ whyWaiting: null, circle: null });
  const page = await fetch(`${a.server.url}/recommendations/${last}`, { headers: { Cookie: await a.server.cookieOf(all[0]!.officer) } });
  expect(await page.text()).toContain('<svg xmlns');
  expect(await a.step(all[0]!.officer, 'confirmIndependence', last)).toBe('done');
  expect((await a.standing(last)).counts).toBe(true);
});

describe('honest schools are not held up', () => {
  test('two schools that are providers vouch for a third', async () => {
    const [one, two, three] = (await members(3)) as [Member, Member, Member];
    await vouches(one, three);
    await vouches(two, three);
    expect(await a.state(three)).toBe('LISTED');
  });
  test('a ring of which one has the word of a school outside', async () => {
    const all = await members(3);
    await outside(all[1]!);
    expect((await a.standing(await ring(all, [1]))).counts).toBe(true);
  });
  test('a ring of seven', async () => expect((await a.standing(await ring(await members(7), [1]))).counts).toBe(true));
});
