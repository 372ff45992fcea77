import { Attacker, type Person, type Target } from './attacker.js';

/** The word of somebody with an interest is passed on by others, or is theirs in another part. */

let a: Attacker;
beforeAll(async () => {
  a = await Attacker.begin();
});

const memberships = () => a.server.app.identity.memberships;
const person = () => a.world.person() as Promise<Person>;

/** A new school of which an officer confirms one, who offers the role to another, and so on, to the last. */
async function chain(officer: Person, length: number): Promise<{ urn: number; leads: Person[] }> {
  const urn = await a.world.school();
  const first = await person();
  await memberships().confirm(officer, await memberships().request(first, { role: 'SCHOOL_LEAD', schoolUrn: urn, title: 'Governor' }));
  const leads = [first];
  while (leads.length < length) {
    const next = await person();
    expect(await a.grant(await a.world.refresh(leads.at(-1)!), next, { role: 'SCHOOL_LEAD', schoolUrn: urn })).toBe('done');
    leads.push(next);
  }
  return { urn, leads: await Promise.all(leads.map(async (each) => ({ ...each, ...(await a.world.refresh(each)) }) as Person)) };
}
const ties = async (officer: Person, provider: Target) => a.world.give(officer.personId, 'PROVIDER_EDITOR', { providerId: provider.id });

describe('an officer who owns a company has schools led by accomplices', () => {
  test.each([1, 2, 4])('%i hops from the officer’s own word', async (length) => {
    const provider = await a.almostListed();
    const officer = await a.world.officer('990');
    await ties(officer, provider);
    const { urn, leads } = await chain(officer, length);
    expect(await a.give(leads.at(-1)!, a.world.recommendation(provider, urn))).toBe('HAS_INTEREST');
    expect(await a.state(provider)).toBe('AWAITING_RECOMMENDATIONS');
    const other = await a.almostListed();
    expect(await a.give(leads.at(-1)!, a.world.recommendation(other, urn))).toBe('done'); // it is theirs alone that the word is not worth anything for
    expect(await a.state(other)).toBe('LISTED');
  });

  test('and comes to own it afterwards', async () => {
    const provider = await a.almostListed();
    const officer = await a.world.officer('990');
    const { urn, leads } = await chain(officer, 3);
    const given = await a.given(leads.at(-1)!, a.world.recommendation(provider, urn));
    expect([await a.state(provider), (await a.standing(given)).counts]).toEqual(['LISTED', true]);
    expect(await a.grant(provider.admin, officer, { role: 'PROVIDER_EDITOR', providerId: provider.id })).toBe('done');
    expect([await a.state(provider), await a.standing(given)]).toEqual(['LAPSED', { obstacles: ['CONFIRMED_BY_IT'], counts: false }]);
  });

  test('and the school becomes an academy once who stood between has left', async () => {
    const provider = await a.almostListed();
    const officer = await a.world.officer('990');
    await ties(officer, provider);
    const { urn, leads } = await chain(officer, 2);
    await memberships().end(await a.world.refresh(leads[0]!), (await a.server.app.db.query<{ id: string }>('SELECT id FROM membership WHERE person_id = $1', [leads[0]!.personId]))[0]!.id, { acceptLeftWithout: true });
    a.server.clock.advance({ days: 30 });
    const academy = await a.world.school();
    await a.server.app.db.transaction(async (tx) => {
      await tx.query(`UPDATE school SET status = 'CLOSED' WHERE urn = $1`, [urn]);
      await tx.query('INSERT INTO school_successor (urn, successor_urn) VALUES ($1, $2)', [urn, academy]);
      await memberships().carry(tx);
    });
    const head = { ...leads[1]!, ...(await a.world.refresh(leads[1]!)) } as Person;
    expect(await a.give(head, a.world.recommendation(provider, academy))).toBe('HAS_INTEREST');
  });

  test('beside a lead whom another officer has confirmed, whose word counts, and who passes it on', async () => {
    const provider = await a.almostListed();
    const officer = await a.world.officer('990');
    await ties(officer, provider);
    const { urn, leads } = await chain(officer, 2);
    const honest = await person();
    await memberships().confirm(await a.world.officer('990'), await memberships().request(honest, { role: 'SCHOOL_LEAD', schoolUrn: urn, title: 'Head' }));
    const deputy = await person();
    expect(await a.grant(await a.world.refresh(honest), deputy, { role: 'SCHOOL_LEAD', schoolUrn: urn })).toBe('done');
    const input = a.world.recommendation(provider, urn);
    expect([await a.give(leads[1]!, input), await a.give(deputy, input)]).toEqual(['HAS_INTEREST', 'done']);
    expect(await a.state(provider)).toBe('LISTED');
  });
});

describe('a School Improvement Partner has declared an interest', () => {
  const declare = (sip: Person, provider: { id: string }) =>
    a.as(sip, 'mutation ($input: InterestInput!) { result: declareInterest(input: $input) { ... on Problem { code } } }', { input: { providerId: provider.id, what: 'My husband owns it' } });
  const told = async ({ personId }: { personId: string | null }) =>
    (await a.db.query<{ text: string; kind: string }>('SELECT kind, text FROM notice WHERE person_id = $1', [personId])).filter(({ kind }) => kind === 'Engagement.passSigning').map(({ text }) => text);

  async function toSign(la: string) {
    const urn = await a.world.school({ la });
    const [lead, sip, officer] = [await a.world.lead(urn), (await a.world.assignedSip(urn)) as Person, await a.world.officer(la)];
    const { signOffs, recordings } = a.server.app.brokerage;
    await signOffs.setPlan(lead, urn, true);
    const provider = await a.world.listed({ la });
    const id = await recordings.record(lead, a.world.recording(provider.listing, urn));
    return { id, lead, sip, officer, provider, signOffs };
  }

  test('and signs; whoever stands in signs instead, and is told', async () => {
    const { id, lead, sip, officer, provider, signOffs } = await toSign('941');
    await signOffs.setStandIn(officer, '941', officer.personId);
    expect(await declare(sip, provider)).toBe('done');
    expect(await a.step(sip, 'signOffEngagement', id)).toBe('HAS_INTEREST');
    expect([(await told(officer)).length, await told(sip)]).toEqual([1, []]);
    expect((await told(lead))[0]).toContain('Somebody without an interest is asked to sign it now.');
    expect(await a.step(officer, 'signOffEngagement', id)).toBe('done');
  });

  test('and nobody stands in: the school is told what it can do', async () => {
    const { lead, sip, provider } = await toSign('942');
    expect(await declare(sip, provider)).toBe('done');
    expect((await told(lead))[0]).toContain('There is nobody else who could sign it.');
    const [asked] = await a.db.query<{ expected: string }>(`SELECT expected FROM notice WHERE person_id = $1 AND kind = 'Engagement.passSigning'`, [lead.personId]);
    expect(asked!.expected).toMatch(/^Ask an officer of your local authority/);
  });

  test('under another address, or stands in', async () => {
    const { id, sip, officer, provider, signOffs } = await toSign('943');
    const other = (await a.world.person('SIP', { laCode: '943' })) as Person;
    await a.db.query('UPDATE person SET email = $2 WHERE id = $1', [other.personId, sip.email.replace('@', '+own@')]);
    expect(await declare(other, provider)).toBe('done');
    expect(await a.step(sip, 'signOffEngagement', id)).toBe('HAS_INTEREST');
    const third = (await a.world.person('SIP', { laCode: '943' })) as Person;
    await signOffs.setStandIn(officer, '943', third.personId);
    expect(await declare(third, provider)).toBe('done');
    expect(await a.step(third, 'signOffEngagement', id)).toBe('HAS_INTEREST');
  });

  test('and recommends it as the lead of another school', async () => {
    const provider = await a.almostListed();
    const { urn, lead, input } = await a.world.recommender(provider);
    await a.world.give(lead.personId, 'SIP', { laCode: '990' });
    expect(await declare(lead, provider)).toBe('done');
    expect(await a.give(lead, input)).toBe('HAS_INTEREST');
    const second = await a.world.lead(urn);
    await a.given(second, input);
    expect(await a.state(provider)).toBe('LISTED');
    await a.world.give(second.personId, 'SIP', { laCode: '990' });
    expect(await declare(second, provider)).toBe('done');
    expect(await a.state(provider)).toBe('LAPSED');
  });
});
