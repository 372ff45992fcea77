import { setTermDates } from '../../schools/index.js';
import { FERNSHIRE, trusts, WEXBOURNE } from '../content/places.js';
import type { Story, Teller } from '../teller.js';

const MONDAY = 1;
const FRIDAY = 5;
/** The half terms of a school year that begins in a year: from the first Monday on or after a day to the last Friday on or before another. */
const halfTerms = [
  ['Autumn term, first half', 0, '09-01', 0, '10-24'],
  ['Autumn term, second half', 0, '11-01', 0, '12-20'],
  ['Spring term, first half', 1, '01-03', 1, '02-15'],
  ['Spring term, second half', 1, '02-18', 1, '03-29'],
  ['Summer term, first half', 1, '04-12', 1, '05-26'],
  ['Summer term, second half', 1, '06-01', 1, '07-23'],
] as const;

/** What councils and trusts have laid down before anything else happens; what two schools and a SIP have since. */
export const settings: Story = async function* (teller) {
  const { limits, signOffs } = teller.brokerage;
  yield 240;
  const officer = await teller.person('officer@fernshire.example');
  await limits.set(officer, { laCode: FERNSHIRE }, [
    { overPence: 200_000, quotes: 2, governorsApproval: false },
    { overPence: 500_000, quotes: 3, governorsApproval: true },
  ]);
  await limits.set(await teller.person('ceo@ossing-trust.example'), { trustId: trusts.ossing.id }, [
    { overPence: 100_000, quotes: 2, governorsApproval: false },
    { overPence: 1_000_000, quotes: 3, governorsApproval: true },
  ]);
  await setAllTerms(teller, FERNSHIRE, 'officer@fernshire.example');
  await setAllTerms(teller, WEXBOURNE, 'officer@wexbourne.example');
  const standIn = await teller.person('quality@fernshire.example');
  await signOffs.setStandIn(officer, FERNSHIRE, standIn.personId);
  await teller.referrals.suggestions.setOpen(await teller.person('officer@wexbourne.example'), WEXBOURNE, true);

  yield 92;
  await signOffs.setPlan(await teller.head(900005), 900005, true); // Skelby, which has a SIP
  await signOffs.setPlan(await teller.head(900027), 900027, true); // Hethercote, which has none
  await teller.referrals.interests.declare(await teller.person('sip@fernshire.example'), {
    providerId: teller.provider('aldous'),
    what: 'I worked beside Keith Aldous in the same inspection team until four years ago.',
  });
};

/** Of the school year before, the present one and the next. */
async function setAllTerms(teller: Teller, laCode: string, email: string): Promise<void> {
  const officer = await teller.person(email);
  const [year, month] = teller.today().split('-').map(Number) as [number, number];
  const present = month < 9 ? year - 1 : year;
  for (const schoolYear of [present - 1, present, present + 1]) {
    const terms = halfTerms.map(([name, fromYear, from, toYear, to]) => ({
      name,
      startsOn: weekdayFrom(`${schoolYear + fromYear}-${from}`, MONDAY, 1),
      endsOn: weekdayFrom(`${schoolYear + toYear}-${to}`, FRIDAY, -1),
    }));
    await setTermDates(teller.past.db, officer, laCode, { schoolYear, terms });
  }
}

function weekdayFrom(day: string, weekday: number, step: 1 | -1): string {
  const at = new Date(`${day}T12:00:00Z`);
  while (at.getUTCDay() !== weekday) at.setUTCDate(at.getUTCDate() + step);
  return at.toISOString().slice(0, 10);
}
