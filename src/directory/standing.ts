import { ObjectType, registerEnumType } from 'type-graphql';
import { Seen } from '../platform/access.js';
import { inOrder, type LoaderDefinition } from '../platform/request.js';
import { type ProviderFacts, providerProcess } from './provider.process.js';
import { checkKinds } from './vocabulary.js';

const whoActs = { PROVIDER: 'PROVIDER', SCHOOL: 'SCHOOL', LOCAL_AUTHORITY: 'LOCAL_AUTHORITY', SIGNPOST: 'SIGNPOST' } as const;
export type WhoActs = keyof typeof whoActs;
registerEnumType(whoActs, {
  name: 'WhoActs',
  description: 'Who has to do something.',
  valuesConfig: {
    PROVIDER: { description: 'The provider itself.' },
    SCHOOL: { description: 'A school that has used its support.' },
    LOCAL_AUTHORITY: { description: 'An officer of its assuring local authority.' },
    SIGNPOST: { description: 'A system administrator.' },
  },
});

@ObjectType({ description: 'One thing that a provider needs in order to be listed.' })
export class StandingItem {
  @Seen('parent', () => String, { description: 'What is needed, in a sentence.' })
  needed: string;

  @Seen('parent', () => Boolean, { description: 'Whether it is done.' })
  done: boolean;

  @Seen('parent', () => whoActs, { description: 'Who has to act.' })
  whoActs: WhoActs;

  @Seen('parent', () => String, { description: 'More about it: what is there already, what comes next.' })
  detail: string;
}

/** What is known of the recommendations beyond those that count. */
export interface Pending {
  /** Names of the schools that have been asked. */
  asked: string[];
  /** Names of the schools whose independence an officer has to confirm. */
  unconfirmed: string[];
}

/** Everything that stands between a provider and being listed, done or not, with who must act. */
export function wayToBeingListed(facts: ProviderFacts, { asked, unconfirmed }: Pending): StandingItem[] {
  const la = facts.assuringLaName ?? 'The local authority';
  const items: StandingItem[] = [
    ...(facts.missing.length > 0
      ? facts.missing.map((what) => ({ needed: `Add ${what}.`, done: false, whoActs: 'PROVIDER' as const, detail: 'It is part of your profile.' }))
      : [{ needed: 'Complete your profile.', done: true, whoActs: 'PROVIDER' as const, detail: 'Your profile has all that schools ask for.' }]),
    {
      needed: 'Publish at least one listing.',
      done: facts.publishedListings > 0 || facts.state !== 'DRAFT',
      whoActs: 'PROVIDER',
      detail: facts.publishedListings === 1 ? 'One listing is published.' : `${facts.publishedListings} listings are published.`,
    },
  ];
  if (facts.assurance !== 'RECOMMENDED') {
    const whoActs = facts.assurance === 'COUNCIL' ? 'LOCAL_AUTHORITY' : 'SIGNPOST';
    return [...items, { needed: 'List the provider.', done: facts.state === 'LISTED', whoActs, detail: 'It is listed on the word of who assures it, and labelled as such.' }];
  }

  const missing = Math.max(0, facts.minimum - facts.recommendations);
  return [
    ...items,
    {
      needed: 'Say that the profile is finished.',
      done: facts.state !== 'DRAFT',
      whoActs: 'PROVIDER',
      detail: 'From then on schools can be asked to recommend you.',
    },
    ...Object.entries(checkKinds).map(([kind, label]) => {
      const done = !facts.checksMissing.includes(kind as never);
      return {
        needed: `${label}: to be checked by ${la}.`,
        done,
        whoActs: 'LOCAL_AUTHORITY' as const,
        detail: done ? `${la} has checked it.` : `An officer of ${la} will look at it once your profile is finished.`,
      };
    }),
    {
      needed: `${facts.minimum} recommendations from different schools, people and governing bodies.`,
      done: missing === 0,
      whoActs: 'SCHOOL',
      detail: [`${facts.recommendations || 'None'} so far.`, asked.length > 0 ? `Asked and not yet answered: ${asked.join('; ')}.` : missing > 0 ? 'Ask a school that has used your support.' : '']
        .filter(Boolean)
        .join(' '),
    },
    ...(missing > 0 ? unconfirmed : []).map((school) => ({
      needed: `The recommendation of ${school} is to be confirmed as independent.`,
      done: false,
      whoActs: 'LOCAL_AUTHORITY' as const,
      detail: `${school} is an academy whose trust is not known here, so an officer of ${la} confirms that it is independent of you.`,
    })),
  ];
}

export const standingOf: LoaderDefinition<string, StandingItem[]> = async ({ db, actor }, ids) => {
  const facts = await providerProcess.facts(db, ids, actor);
  const pending = await db.query<Pending & { id: string }>(
    `SELECT r.provider_id AS id, coalesce(array_agg(s.name ORDER BY s.name) FILTER (WHERE r.state = 'INVITED'), '{}') AS asked,
            coalesce(array_agg(s.name ORDER BY s.name) FILTER (WHERE r.state = 'GIVEN'), '{}') AS unconfirmed
     FROM recommendation r JOIN school s ON s.urn = r.school_urn
     WHERE r.provider_id = ANY($1) AND (r.state = 'INVITED' OR (r.state = 'GIVEN' AND r.independence = 'UNCONFIRMED')) GROUP BY r.provider_id`,
    [ids],
  );
  const pendingOf = new Map(pending.map((each) => [each.id, each]));
  return inOrder(ids, facts, (each) => each.id).map((each) => (each ? wayToBeingListed(each, pendingOf.get(each.id) ?? { asked: [], unconfirmed: [] }) : []));
};
