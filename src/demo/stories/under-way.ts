import type { Actor } from '../../platform/actor.js';
import type { Story, Teller } from '../teller.js';

/** Support that a school recorded, its provider confirmed, and that has begun. @returns its id */
async function* begun(
  teller: Teller,
  lead: Actor,
  it: { urn: number; provider: string; from: number; ends: string; pounds: number; vat?: 'ADDED'; text: string; baseline?: string; target?: string; sharedWithSip?: boolean },
): AsyncGenerator<number, string> {
  const { recordings, engagements } = teller.brokerage;
  yield it.from + 8;
  const id = await recordings.record(lead, {
    listingId: teller.listing(it.provider), schoolUrn: it.urn, startsOn: teller.daysAgo(it.from), endsOn: it.ends, pricePence: it.pounds * 100, vat: it.vat ?? 'NOT_CHARGED', pupilsConcerned: false,
    objective: { text: it.text, baseline: it.baseline, target: it.target }, sharedWithSip: it.sharedWithSip ?? false,
  });
  yield it.from + 5;
  await engagements.act(id, 'confirm', { actor: await teller.contact(it.provider) });
  return id; // the night of its first day starts it
}

/** Late, but not lost: reviews in red and amber, an action for the SIP, one for the school, and evidence to come. */
export const moderation: Story = async function* (teller) {
  const { actions, evidence, reviews } = teller.brokerage;
  const [ruth, moira] = [await teller.head(900004), await teller.person('sip@fernshire.example')];
  const id = yield* begun(teller, ruth, {
    urn: 900004, provider: 'castle-street', from: 55, ends: teller.inDays(32), pounds: 0, sharedWithSip: true,
    text: 'Every class in Key Stage 2 has a lesson in which all pupils stay together.', baseline: 'One class of four.', target: 'All four by the summer.',
  });
  yield 54;
  await reviews.setDates(ruth, id, await teller.version('engagement', id), [teller.daysAgo(30), teller.daysAgo(9), teller.inDays(5)]);
  await evidence.want(ruth, id, { wanted: 'Notes of the lessons that Castle Street and we have watched together.', dueOn: teller.inDays(6) });
  yield 30;
  await reviews.add(ruth, id, { heldOn: teller.daysAgo(30), rag: 'RED', words: 'Two visits fell through, both on our side. We start again after the holidays.' });
  await actions.add(ruth, id, { what: 'Cover for two teachers on the next two dates.', owner: 'SCHOOL', ownerName: 'Ruth Pemberton', dueOn: teller.inDays(2) });
  await actions.add(ruth, id, { what: 'Watch one lesson with us and say what you see.', owner: 'SIP', ownerName: 'Moira Tennant', dueOn: teller.inDays(2) });
  yield 9;
  await reviews.add(moira, id, {
    heldOn: teller.daysAgo(9),
    rag: 'AMBER',
    words: 'Two of four classes now. The Year 5 lesson was the best I have seen there.',
    figures: [{ what: 'Classes of four', value: 2 }],
  });
};

/** The work is done and the school has still to say how it was. */
export const toRate: Story = async function* (teller) {
  const ruth = await teller.head(900004);
  const id = yield* begun(teller, ruth, {
    urn: 900004, provider: 'haverleigh-junior', from: 48, ends: teller.daysAgo(8), pounds: 90,
    text: 'Our judgements of writing at the end of Year 6 agree with those of other schools.', baseline: 'Two of six scripts were moved at the first meeting.',
  });
  yield 8;
  await teller.brokerage.engagements.act(id, 'complete', { actor: ruth });
};

/** A concern between the two, which the provider has still to answer. */
export const invoices: Story = async function* (teller) {
  const paula = await teller.person('business@haverleigh-college.example');
  const id = yield* begun(teller, paula, {
    urn: 900012, provider: 'ledgerwood', from: 40, ends: teller.inDays(60), pounds: 1_340, vat: 'ADDED', text: 'The finance office keeps going while a post is empty.',
  });
  yield 12;
  await teller.brokerage.reviews.add(paula, id, { heldOn: teller.daysAgo(12), rag: 'AMBER', words: 'Good on the days that happen. Two of six did not.' });
  yield 3;
  await teller.brokerage.concerns.raise(paula, id, 'Two days were cancelled on the same morning, and both are on the invoice. We would like a credit note and a name to ring.');
};

/** A concern that the provider has answered, and the school has passed on to its council. */
export const breach: Story = async function* (teller) {
  const { concerns } = teller.brokerage;
  const [judith, bryn] = [await teller.head(900006), await teller.contact('corvane')];
  const id = yield* begun(teller, judith, {
    urn: 900006, provider: 'corvane', from: 62, ends: teller.inDays(200), pounds: 650, vat: 'ADDED', text: 'We answer requests for records in time and know that we may.',
  });
  yield 21;
  const concern = await concerns.raise(judith, id, 'We asked for advice on a request for records and had no answer for twelve working days. The time limit passed.');
  yield 16;
  await concerns.answer(bryn, concern, 'Our adviser was ill and the mailbox was not watched. That is our fault; it is watched by two people now.');
  yield 4;
  await concerns.passOn(judith, concern, 'We accept the apology. Other schools in the county use the same service, and the council should know that their mailbox may have waited too.');
};

/** A concern of a provider that the two have settled. */
export const settledConcern: Story = async function* (teller) {
  const { concerns } = teller.brokerage;
  const [yasmin, gwilym] = [await teller.head(900035), await teller.contact('maths-hub')];
  const id = yield* begun(teller, yasmin, { urn: 900035, provider: 'maths-hub', from: 66, ends: teller.inDays(110), pounds: 0, text: 'A lead teacher in each key stage.' });
  yield 28;
  const concern = await concerns.raise(gwilym, id, 'Nobody came to the last two sessions. The place is wanted by others.');
  yield 25;
  await concerns.answer(yasmin, concern, 'Both were on inset days that we had not told you of. We have sent our dates for the year.');
  yield 24;
  await concerns.resolve(yasmin, concern, 'The dates have been moved.');
};

/** Begun with good will, and ended. */
export const endedEarly: Story = async function* (teller) {
  const nicola = await teller.head(900022);
  const id = yield* begun(teller, nicola, { urn: 900022, provider: 'young-carers', from: 70, ends: teller.inDays(30), pounds: 0, text: 'We know which of our pupils care for somebody at home.' });
  yield 34;
  await teller.brokerage.engagements.act(id, 'endEarly', { actor: nicola, reason: 'Our pupils come and go too quickly for a survey. We will ring when we know of one.' });
  yield 29;
  const [objective] = await teller.objectivesOf(id);
  await teller.ratings.give(nicola, id, {
    understood: true, objectives: [{ objectiveId: objective!, result: 'NOT_MET', baseline: '', after: '' }], helpfulness: 2, wouldRecommend: true,
    words: 'The right people, the wrong school for it.', mayBeAsked: false,
  });
};

/** Free resources, which nobody agrees with anybody: three schools have used one, a fourth another. */
export const freeResources: Story = async function* (teller) {
  const { recordings } = teller.brokerage;
  const uses = [[900006, 96], [900027, 93], [900030, 90]] as const;
  for (const [urn, days] of uses) {
    yield days;
    const lead = await teller.head(urn);
    const id = await recordings.use(lead, {
      listingId: teller.listing('common-shelf'), schoolUrn: urn, usedOn: teller.daysAgo(days + 20),
      objective: { text: 'History is taught in an order that pupils remember.', category: 'CURRICULUM_AND_SUBJECTS', phase: 'PRIMARY' },
    });
    const [objective] = await teller.objectivesOf(id);
    await teller.ratings.give(lead, id, {
      understood: true, objectives: [{ objectiveId: objective!, result: urn === 900030 ? 'PARTLY' : 'MET', baseline: 'Topics in no order.', after: 'A sequence from Year 1 on.' }],
      helpfulness: 3, wouldRecommend: true, words: '', mayBeAsked: false,
    });
  }
  yield 11;
  await recordings.use(await teller.head(900023), { listingId: teller.listing('kitchen-table-talk'), schoolUrn: 900023, usedOn: teller.daysAgo(11) });
};
