import { Attacker } from './attacker.js';

/** Those with an interest recommend, and decide. */

let a: Attacker;
beforeAll(async () => {
  a = await Attacker.begin();
});

describe('a director recommends their own company', () => {
  test('after ending the role in it for a moment', async () => {
    const provider = await a.world.checked();
    const { lead, input } = await a.world.recommender(provider);
    await a.world.give(lead.personId, 'PROVIDER_ADMIN', { providerId: provider.id });
    await a.db.query(`UPDATE membership SET ended_at = $2 WHERE person_id = $1 AND role = 'PROVIDER_ADMIN'`, [lead.personId, a.server.clock.now()]);
    expect(await a.give(await a.world.refresh(lead), input)).toBe('MEMBER_OF_PROVIDER');
  });

  test('as its named contact, without any role in it', async () => {
    const provider = await a.world.checked();
    const { lead, input } = await a.world.recommender(provider);
    expect(await a.name(provider, lead.email.toUpperCase())).toBe('done');
    expect(await a.give(lead, input)).toBe('MEMBER_OF_PROVIDER');
  });

  test('under another address of the same mailbox', async () => {
    const provider = await a.world.checked();
    const { urn, input } = await a.world.recommender(provider);
    await a.name(provider, 'dora@director.example');
    expect(await a.give(await a.leadWith('dora+head@director.example', urn), input)).toBe('MEMBER_OF_PROVIDER');
  });

  test('as its contact, after changing their own address', async () => {
    const provider = await a.world.checked();
    const { lead, input } = await a.world.recommender(provider);
    await a.name(provider, lead.email);
    await a.changeAddress(lead, 'elsewhere@director.example');
    expect(await a.give(lead, input)).toBe('MEMBER_OF_PROVIDER');
  });

  test('as its contact, signing in afresh with the address that they had', async () => {
    const provider = await a.world.checked();
    const former = await a.world.person();
    await a.changeAddress(former, 'now@director.example');
    await a.name(provider, 'now@director.example');
    const { urn, input } = await a.world.recommender(provider);
    expect(await a.give(await a.leadWith(former.email, urn), input)).toBe('MEMBER_OF_PROVIDER');
  });

  test('by taking, as a lead who has recommended it, the address of its contact', async () => {
    const provider = await a.world.listed();
    await a.name(provider, 'desk@director.example');
    expect(await a.state(provider)).toBe('LISTED');
    await a.changeAddress(provider.recommenders[0]!.lead, 'desk@director.example');
    expect(await a.state(provider)).toBe('LAPSED');
  });

  test('through another lead of the school that they lead', async () => {
    const provider = await a.world.checked();
    const { urn, lead, input } = await a.world.recommender(provider);
    await a.world.give(provider.admin.personId!, 'SCHOOL_LEAD', { schoolUrn: urn });
    expect(await a.give(lead, input)).toBe('HAS_INTEREST');
  });

  test('through a school of the trust in which they lead another', async () => {
    const provider = await a.world.checked();
    const { lead, input } = await a.world.recommender(provider, { trust: 'attack-1', academy: true });
    await a.world.give(provider.admin.personId!, 'SCHOOL_LEAD', { schoolUrn: await a.world.school({ trust: 'attack-1', academy: true }) });
    expect(await a.give(lead, input)).toBe('HAS_INTEREST');
  });

  test('through a school of the trust that they lead', async () => {
    const provider = await a.world.checked();
    const { lead, input } = await a.world.recommender(provider, { trust: 'attack-2', academy: true });
    await a.world.give(provider.admin.personId!, 'TRUST_LEAD', { trustId: 'attack-2' });
    expect(await a.give(lead, input)).toBe('HAS_INTEREST');
  });

  test('through the school that they led until last year', async () => {
    const provider = await a.world.checked();
    const { urn, lead, input } = await a.world.recommender(provider);
    await a.world.give(provider.admin.personId!, 'SCHOOL_LEAD', { schoolUrn: urn });
    await a.db.query(`UPDATE membership SET ended_at = $2 WHERE person_id = $1 AND role = 'SCHOOL_LEAD'`, [provider.admin.personId, a.server.clock.now()]);
    a.server.clock.advance({ days: 300 });
    expect(await a.give(lead, input)).toBe('HAS_INTEREST');
  });
});

describe('those who recommend are rewarded afterwards', () => {
  test('by being made members', async () => {
    const provider = await a.world.listed();
    expect(await a.grant(provider.admin, provider.recommenders[0]!.lead, { role: 'PROVIDER_EDITOR', providerId: provider.id })).toBe('done');
    expect(await a.state(provider)).toBe('LAPSED');
  });

  test('by being made members later; what is only offered counts for nothing, so that nobody can de-list a provider by an offer', async () => {
    const provider = await a.world.listed();
    const { lead } = provider.recommenders[0]!;
    const id = await a.offer(provider.admin, { email: lead.email, role: 'PROVIDER_EDITOR', providerId: provider.id });
    expect(await a.state(provider)).toBe('LISTED');
    expect(await a.accept(lead, id)).toBe('done');
    expect(await a.state(provider)).toBe('LAPSED');
  });

  test('by being named as its contact', async () => {
    const provider = await a.world.listed();
    expect(await a.name(provider, provider.recommenders[1]!.lead.email)).toBe('done');
    expect(await a.state(provider)).toBe('LAPSED');
  });

  test('through another lead of their school who joins it', async () => {
    const provider = await a.world.listed();
    const colleague = await a.world.lead(provider.recommenders[0]!.urn);
    expect(await a.grant(provider.admin, colleague, { role: 'PROVIDER_EDITOR', providerId: provider.id })).toBe('done');
    expect(await a.state(provider)).toBe('LAPSED');
  });
});

describe('two recommend each other', () => {
  test('a head’s company and a head’s company, each from the other’s school', async () => {
    const [one, other] = [await a.world.checked(), await a.world.checked()];
    const [first, second] = [await a.world.recommender(other), await a.world.recommender(one)];
    await a.world.give(one.admin.personId!, 'SCHOOL_LEAD', { schoolUrn: first.urn });
    await a.world.give(other.admin.personId!, 'SCHOOL_LEAD', { schoolUrn: second.urn });
    expect(await a.give(first.lead, first.input)).toBe('done');
    expect(await a.give(second.lead, second.input)).toBe('RECIPROCAL');
  });
});

describe('the one who decides is of it', () => {
  test('an officer who is its contact records its checks', async () => {
    const provider = await a.world.checked();
    await a.name(provider, provider.officer.email);
    const query = 'mutation ($id: UUID!) { result: recordProviderCheck(id: $id, kind: INSURANCE, expiresOn: "2099-12-31") { ... on Problem { code } } }';
    expect(await a.as(provider.officer, query, { id: provider.id })).toBe('HAS_INTEREST');
  });

  test('an officer of it made the lead of a school that then recommends it', async () => {
    const provider = await a.world.checked();
    const urn = await a.world.school();
    const lead = await a.world.person();
    await a.world.give(provider.officer.personId, 'PROVIDER_EDITOR', { providerId: provider.id });
    expect(await a.grant(await a.world.refresh(provider.officer), lead, { role: 'SCHOOL_LEAD', schoolUrn: urn })).toBe('done');
    expect(await a.give(await a.world.refresh(lead), a.world.recommendation(provider, urn))).toBe('HAS_INTEREST');
  });
});
