import type { Story } from '../teller.js';
import { invite } from './requests.js';

/** Seven schools looked for a counsellor in the same term, and none was found: what the council learns as a number. */
export const unmet: Story = async function* (teller) {
  const { requests } = teller.brokerage;
  const opened: string[] = [];
  const urns = [900012, 900013, 900016, 900019, 900022, 900031, 900032];
  yield 172;
  for (const urn of urns) {
    const lead = await teller.head(urn);
    const id = await requests.draft(lead, urn, {
      need: 'A counsellor in school for two days a week. The waiting list outside is longer than a year.',
      categories: ['SAFEGUARDING_AND_WELLBEING'],
      phases: ['SECONDARY'],
    });
    await requests.act(id, 'open', { actor: lead });
    opened.push(id);
  }
  yield 150;
  for (const [i, id] of opened.entries()) {
    await requests.act(id, 'closeUnmet', { actor: await teller.head(urns[i]!), reason: 'Nobody who offers this comes out to us, or has a day free this year.' });
  }
};

/** A draft that nobody came back to. */
export const forgotten: Story = async function* (teller) {
  yield 125;
  await teller.brokerage.requests.draft(await teller.head(900029), 900029, { need: 'Something for our playground at lunchtime.' });
};

/** The school changed its mind while providers had begun to answer. */
export const withdrawn: Story = async function* (teller) {
  const { requests, proposals } = teller.brokerage;
  yield 33;
  const [denise, lorna] = [await teller.head(900026), await teller.contact('registerwise')];
  const request = await requests.draft(denise, 900026, {
    need: 'A second look at our attendance figures: we think that a handful of families explain most of it.',
    categories: ['BEHAVIOUR_AND_ATTENDANCE'],
    phases: ['PRIMARY'],
    budgetPence: 60_000,
  });
  await requests.act(request, 'open', { actor: denise });
  const [toLorna] = await invite(teller, denise, request, ['registerwise', 'brackenby-park']);
  yield 27;
  await proposals.submit(lorna, toLorna!, { summary: 'A report on your patterns each half term, and a call to go through it.', pricePence: 24_000, vat: 'ADDED' });
  yield 22;
  await requests.act(request, 'withdraw', { actor: denise, reason: 'The council’s attendance team has done this for us.' });
};
