import { ObjectType, registerEnumType } from 'type-graphql';
import { Seen } from '../platform/access.js';
import { inOrder, type LoaderDefinition } from '../platform/request.js';
import { administersProvider } from '../platform/actor.js';
import { awaitsOfficer, counts } from './interests/index.js';
import { isFor } from './nominations/visibility.js';
import { inWords, type ProviderFacts, providerProcess } from './provider.process.js';
import { type CheckKind, checkKinds } from './vocabulary.js';

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

/** What is known of the checks and recommendations beyond what counts. Schools by their names. */
export interface Pending {
  /** Schools that have been asked. */
  asked: string[];
  /** Schools whose recommendation waits until an officer confirms that they are independent. */
  unconfirmed: string[];
  /** Schools whose recommendation an officer is looking into. */
  flagged: string[];
  /** Schools whose recommendation has come of age; they may give it again. */
  lapsed: string[];
  /** Schools whose recommendation does not count while nothing is offered that they vouched for, and of these those that may say that it still is. */
  unoffered: string[];
  changed: string[];
  /** Schools that have nominated it; its administrators take that up, and nobody else is told of it. */
  nominated: string[];
  /** Checks that were done and have run out. */
  expired: CheckKind[];
}

const nothingPending: Pending = { asked: [], unconfirmed: [], flagged: [], lapsed: [], unoffered: [], changed: [], nominated: [], expired: [] };

/** Everything that stands between a provider and being listed, done or not, with who must act. */
export function wayToBeingListed(facts: ProviderFacts, pending: Pending): StandingItem[] {
  if (facts.state === 'WITHDRAWN') return [item('Register the provider anew.', false, 'PROVIDER', 'It has left the directory for good.')];
  const assured = facts.assurance === 'RECOMMENDED' ? [...checks(facts, pending), ...recommendations(facts, pending)] : [listedByOffice(facts)];
  return [...profile(facts), ...named(facts), ...heldBack(facts), ...assured, ...(facts.state === 'SUSPENDED' ? [endOfSuspension(facts)] : [])];
}

const item = (needed: string, done: boolean, whoActs: WhoActs, detail: string): StandingItem => ({ needed, done, whoActs, detail });

const laOf = ({ assuringLaName }: ProviderFacts) => assuringLaName ?? 'the local authority';

function profile({ missing, publishedListings: published, state, assurance }: ProviderFacts): StandingItem[] {
  const found = published === 1 ? 'One listing is published.' : `${published} listings are published.`;
  return [
    ...(missing.length > 0
      ? missing.map((what) => item(`Add ${what}.`, false, 'PROVIDER', 'It is part of your profile.'))
      : [item('Complete your profile.', true, 'PROVIDER', 'Your profile has all that schools ask for.')]),
    item('Publish at least one listing.', published > 0, 'PROVIDER', published > 0 ? found : 'None is published. Schools find, and recommend, published listings.'),
    ...(assurance === 'RECOMMENDED'
      ? [item('Say that the profile is finished.', state !== 'DRAFT', 'PROVIDER', 'From then on schools can be asked to recommend you.')]
      : []),
  ];
}

/** Only where there is something to confirm: most names are like no other. */
function named(facts: ProviderFacts): StandingItem[] {
  if (facts.alikeNames.length === 0) return [];
  const by = facts.assuringLa === null ? 'Signpost' : laOf(facts);
  const detail = `It is like that of ${inWords(facts.alikeNames)}. Schools must not take one for the other.`;
  return [item(`The name: to be confirmed by ${by}.`, facts.nameConfirmed, facts.assuringLa === null ? 'SIGNPOST' : 'LOCAL_AUTHORITY', detail)];
}

/** Not which other it is: the officer learns that. */
function heldBack(facts: ProviderFacts): StandingItem[] {
  if (facts.suspendedBefore.length === 0) return [];
  const by = facts.assuringLa === null ? 'Signpost' : laOf(facts);
  const detail = 'Something about it is the same as in a provider that was suspended, so somebody looks at it first.';
  return [item(`To be looked at by ${by} before it is listed.`, false, facts.assuringLa === null ? 'SIGNPOST' : 'LOCAL_AUTHORITY', detail)];
}

const listedByOffice = ({ assurance, state }: ProviderFacts): StandingItem =>
  item('List the provider.', state !== 'DRAFT', assurance === 'COUNCIL' ? 'LOCAL_AUTHORITY' : 'SIGNPOST', 'It is listed on the word of who assures it, and labelled as such.');

function checks(facts: ProviderFacts, { expired }: Pending): StandingItem[] {
  const la = laOf(facts);
  return Object.entries(checkKinds).map(([kind, label]) => {
    const done = !facts.checksMissing.includes(kind as CheckKind);
    const again = expired.includes(kind as CheckKind) ? 'The last check has run out. ' : '';
    const toDo = facts.state === 'DRAFT' ? `An officer of ${la} will look at it once your profile is finished.` : `${again}An officer of ${la} has to look at it${again ? ' again' : ''}.`;
    return item(`${label}: to be checked by ${la}.`, done, 'LOCAL_AUTHORITY', done ? `It is checked by ${la}.` : toDo);
  });
}

function recommendations(facts: ProviderFacts, { asked, unconfirmed, flagged, lapsed, unoffered, changed, nominated }: Pending): StandingItem[] {
  const { minimum, recommendations: count } = facts;
  const la = laOf(facts);
  const enough = count >= minimum;
  const waiting = unconfirmed.length + flagged.length;
  const hidden = unoffered.filter((school) => !changed.includes(school));
  const detail = [
    count === 0 ? 'None counts so far.' : count === 1 ? 'One counts so far.' : `${count} count.`,
    ...(waiting > 0 ? [`${waiting === 1 ? 'One more waits' : `${waiting} more wait`} for an officer of ${la}.`] : []),
    ...(asked.length > 0 ? [`Asked and not yet answered: ${asked.join('; ')}.`] : []),
    ...(hidden.length > 0 ? [`Vouch for what you have taken down: ${hidden.join('; ')}.`] : []),
    ...(nominated.length > 0 ? [`Nominated by, and waits for you to take it up: ${nominated.join('; ')}.`] : []),
    ...(lapsed.length > 0 ? [`Lapsed after three years, and may be given again: ${lapsed.join('; ')}.`] : []),
    ...(!enough && asked.length + hidden.length + nominated.length === 0 ? ['Ask a school that has used your support.'] : []),
  ];
  return [
    item(`${minimum} recommendations from different schools, people and governing bodies.`, enough, 'SCHOOL', detail.join(' ')),
    ...(enough ? [] : unconfirmed).map((school) =>
      item(
        `The recommendation of ${school} is to be confirmed as independent.`,
        false,
        'LOCAL_AUTHORITY',
        `An officer of ${la} has to confirm that it is independent of you. That is so for academies whose trust is not known here, and for some others.`,
      ),
    ),
    ...(enough ? [] : changed).map((school) =>
      item(
        `${school} to say that what you have changed still is what it used.`,
        false,
        'SCHOOL',
        `You have changed in substance what ${school} vouched for. Its leads have been told, and can say so in one click; or you write the listing as it was.`,
      ),
    ),
    ...(enough ? [] : flagged).map((school) =>
      item(`A decision on the recommendation of ${school}.`, false, 'LOCAL_AUTHORITY', `An officer of ${la} is looking into it, and decides whether it stands. It does not count meanwhile.`),
    ),
  ];
}

const endOfSuspension = (facts: ProviderFacts): StandingItem =>
  facts.assuringLa === null
    ? item('An end of the suspension.', false, 'SIGNPOST', 'A system administrator of Signpost has suspended it, and decides when that ends.')
    : item('An end of the suspension.', false, 'LOCAL_AUTHORITY', `It is suspended. The officers of ${laOf(facts)} decide when that ends.`);

export const standingOf: LoaderDefinition<string, StandingItem[]> = async ({ db, actor }, ids) => {
  const facts = await providerProcess.facts(db, ids, actor);
  const names = (condition: string) => `ARRAY(SELECT s.name FROM recommendation r JOIN school s ON s.urn = r.school_urn WHERE r.provider_id = p.id AND ${condition} ORDER BY s.name)`;
  const pending = await db.query<Pending & { id: string }>(
    `SELECT p.id, ${names(`r.state = 'INVITED'`)} AS asked, ${names(`r.state = 'GIVEN' AND ${awaitsOfficer('r')} AND NOT ${counts('r')}`)} AS unconfirmed,
            ${names(`r.state = 'FLAGGED'`)} AS flagged, ${names(`r.state = 'GIVEN' AND 'NOT_OFFERED' = ANY(r.obstacles)`)} AS unoffered,
            ${names(`r.state = 'GIVEN' AND 'NOT_OFFERED' = ANY(r.obstacles) AND EXISTS (SELECT FROM recommendation_listing v WHERE v.recommendation_id = r.id AND v.changed_at IS NOT NULL)`)} AS changed,
            ${names(`r.state = 'LAPSED' AND NOT EXISTS (SELECT FROM recommendation n WHERE n.provider_id = p.id AND n.school_urn = r.school_urn AND n.id > r.id)`)} AS lapsed,
            CASE WHEN p.id = ANY($2::uuid[]) THEN ARRAY(SELECT DISTINCT s.name FROM nomination n JOIN school s ON s.urn = n.school_urn WHERE n.state = 'OPEN' AND ${isFor('n', 'p.id')} ORDER BY s.name) ELSE '{}' END AS nominated,
            ARRAY(SELECT c.kind FROM provider_check c WHERE c.provider_id = p.id AND c.expired) AS expired
     FROM provider p WHERE p.id = ANY($1)`,
    [ids, ids.filter((id) => administersProvider(actor, id))],
  );
  const pendingOf = new Map(pending.map((each) => [each.id, each]));
  return inOrder(ids, facts, (each) => each.id).map((each) => (each ? wayToBeingListed(each, pendingOf.get(each.id) ?? nothingPending) : []));
};
