import { z } from 'zod';
import { Category, SupportPhase } from '../../directory/index.js';
import { endOfLondonDay } from '../../platform/clock.js';
import { dayPerhaps } from '../../platform/dates.js';
import { neededWords, words } from '../../platform/validate.js';

const several = <Words extends Record<string, string>>(values: Words) => z.array(z.enum(values)).transform((chosen) => [...new Set(chosen)]);
const ids = (most: number, tooMany: string) => z.array(z.string()).max(most, tooMany).transform((given) => [...new Set(given)]);

export const MOST_PENCE = 100_000_000;
export const pence = (what: string) => z.int(`${what} must be a number of pence.`).min(0, `${what} cannot be below nothing.`).max(MOST_PENCE, `${what} must be £1,000,000 or less.`);

const NEED = neededWords('what you need', 4000);

const fieldsAt = (now: Date) => z.object({
  need: NEED,
  objectives: z.array(neededWords('the objective', 500)).max(10, 'Give at most 10 objectives.'),
  categories: several(Category),
  phases: several(SupportPhase),
  wantedFrom: dayPerhaps('planned', now, 'The first day'),
  wantedTo: dayPerhaps('planned', now, 'The last day'),
  budgetPence: pence('The budget').nullable(),
  triedInSchool: words('What was tried in school', 4000),
  triedInPartnership: words('What was tried with partner schools', 4000),
  confidential: z.boolean(),
  sharedWithSip: z.boolean(),
  closesOn: dayPerhaps('closing', now, 'The closing date'),
  allLeads: z.boolean(),
  personIds: ids(50, 'Name at most 50 people.'),
  partnerUrns: z.array(z.int()).max(20, 'Ask at most 20 schools to join.').transform((given) => [...new Set(given)]),
  listingIds: ids(30, 'Keep at most 30 listings.'),
});

/** What a request says. All but the need is optional; a field left out of a change stays as it is. */
export const requestChanges = (now: Date) => fieldsAt(now).partial();
export const newRequest = (now: Date) => requestChanges(now).extend({ need: NEED });
export type RequestChanges = z.input<ReturnType<typeof requestChanges>>;
export type Contents = z.output<ReturnType<typeof requestChanges>>;

/** What has steps of its own once the request is open: extending, revealing, sharing, naming people. */
export const DECIDED_BY_STEPS = ['closesOn', 'confidential', 'sharedWithSip', 'allLeads', 'personIds', 'partnerUrns', 'listingIds'] as const satisfies (keyof Contents)[];

const COLUMNS = {
  need: 'need',
  objectives: 'objectives',
  categories: 'categories',
  phases: 'phases',
  wantedFrom: 'wanted_from',
  wantedTo: 'wanted_to',
  budgetPence: 'budget_pence',
  triedInSchool: 'tried_in_school',
  triedInPartnership: 'tried_in_partnership',
  confidential: 'confidential',
  sharedWithSip: 'shared_with_sip',
  allLeads: 'all_leads',
} as const satisfies Partial<Record<keyof Contents, string>>;

/** The columns of the table for what was given. */
export function columnsOf(contents: Contents): Record<string, unknown> {
  const given = Object.entries(COLUMNS).filter(([field]) => contents[field as keyof Contents] !== undefined);
  const columns: Record<string, unknown> = Object.fromEntries(given.map(([field, column]) => [column, contents[field as keyof Contents]]));
  if (contents.closesOn !== undefined) columns['closes_at'] = contents.closesOn && endOfLondonDay(contents.closesOn);
  return columns;
}
