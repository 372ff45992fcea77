import { engagementQueries, engagementSituations } from './engagements.js';
import { importQueries, importSituations } from './imports.js';
import { jobQueries } from './jobs.js';
import { closingCircle, likeOneSuspended } from './judgements.js';
import { nominationQueries, nominationSituations } from './nominations.js';
import { noticeQueries, noticeSituations } from './notices.js';
import { evidencedListing, outcomeQueries, outcomeSituations, ratedEngagement } from './outcomes.js';
import { referralQueries, referralSituations } from './referrals.js';
import { requestQueries, requestSituations } from './requests.js';
import { partnershipQueries, partnershipSituations } from './partnerships.js';
import { rulingQueries, rulingSituations } from './rulings.js';
import type { Stage, StagedProvider } from './stage.js';

/** Steps from the query to the object, each a field with its arguments. */
export type Way = string[];

export interface Situation {
  /** Value of the object's key; null for whatever is found, where everybody finds something else. */
  key: string | number | null;
  /** Ways by which it is reached, the plain one first. By none of them may anybody get it who may not. */
  ways: Way[];
  /** Lists in which it is never found, whoever asks. */
  barred?: Way[];
}

type Build = (stage: Stage) => Promise<Situation>;

const literal = JSON.stringify;

function providerWays({ id, name, listing }: StagedProvider): Way[] {
  const list = `providers(filter: { name: ${literal(name)} })`;
  return [[`provider(id: ${literal(id)})`], [list, 'nodes'], [`listing(id: ${literal(listing)})`, 'provider']];
}

const inState =
  (state: string): Build =>
  async (stage) => {
    const provider = await stage.provider(state);
    return { key: provider.id, ways: providerWays(provider) };
  };

const found = ({ name }: StagedProvider): Way => [`search(first: 100, input: { words: ${literal(name)} })`, 'nodes', 'listing'];
const listingsOf = (provider: string): Way => [`provider(id: ${literal(provider)})`, 'listings(first: 100)'];

/** A published listing of a provider in this state. */
const published =
  (state: string): Build =>
  async (stage) => {
    const provider = await stage.provider(state);
    const { id, listing } = provider;
    return { key: listing, ways: [[`listing(id: ${literal(listing)})`], [...listingsOf(id), 'nodes']], barred: [found(provider)] };
  };

const recommendation =
  (state: string, providerState?: string): Build =>
  async (stage) => {
    const { id, provider } = await stage.recommendation(state, providerState);
    const ofProvider = [`provider(id: ${literal(provider.id)})`, 'recommendations(first: 100)'];
    const ofListing = [`listing(id: ${literal(provider.listing)})`, 'recommendations(first: 100)', 'nodes'];
    const ways = [[`recommendation(id: ${literal(id)})`], [...ofProvider, 'nodes'], ['mySchoolsRecommendations(first: 100)', 'nodes']];
    const counts = state.startsWith('GIVEN') && !['GIVEN, not confirmed as independent', 'GIVEN, changed since'].includes(state);
    return counts ? { key: id, ways: [...ways, ofListing] } : { key: id, ways, barred: [ofListing] };
  };

const role =
  (name: string, filter: (stage: Stage) => string = () => ''): Build =>
  async (stage) => {
    const list = `memberships(first: 100${filter(stage)})`;
    return { key: stage.roles.get(name)!, ways: [[list, 'nodes']], barred: [['viewer', 'memberships']] };
  };
const inTheSchool = (stage: Stage) => `, filter: { schoolUrn: ${stage.theSchool} }`;

/** How each object of the matrix is brought about and reached, by type and state. */
export const situations: Record<string, Record<string, Build>> = {
  Provider: {
    ...Object.fromEntries(
      ['DRAFT', 'DRAFT of the council', 'AWAITING_RECOMMENDATIONS', 'LISTED', 'SUSPENDED', 'LAPSED', 'WITHDRAWN'].map((state) => [state, inState(state)]),
    ),
    'LISTED, like a suspended': async (stage) => {
      const provider = await stage.provider('LISTED');
      await likeOneSuspended(stage, provider.id, true);
      return { key: provider.id, ways: providerWays(provider) };
    },
  },
  Listing: {
    DRAFT: async (stage) => {
      const { id, provider } = await stage.draftListing();
      return { key: id, ways: [[`listing(id: ${literal(id)})`], [...listingsOf(provider.id), 'nodes']], barred: [found(provider)] };
    },
    PUBLISHED: async (stage) => {
      const { id, provider } = await stage.recommendation('GIVEN');
      const plain = [`listing(id: ${literal(provider.listing)})`];
      const ofRecommendation = [`recommendation(id: ${literal(id)})`, 'listings'];
      return { key: provider.listing, ways: [plain, [...listingsOf(provider.id), 'nodes'], ofRecommendation, found(provider)] };
    },
    'PUBLISHED, changed since': async (stage) => {
      const { provider } = await stage.recommendation('GIVEN, changed since');
      return { key: provider.listing, ways: [[`listing(id: ${literal(provider.listing)})`]], barred: [found(provider)] };
    },
    'PUBLISHED, withheld from an LA': async (stage) => {
      const provider = await stage.provider('LISTED');
      await stage.server.app.directory.withholdings.withhold(await stage.world.officer('991'), provider.listing, '991', 'Nobody came.');
      return { key: provider.listing, ways: [[`listing(id: ${literal(provider.listing)})`], found(provider)] };
    },
    'PUBLISHED, with evidence': evidencedListing,
    'PUBLISHED, provider DRAFT': published('DRAFT'),
    'PUBLISHED, provider DRAFT of the council': published('DRAFT of the council'),
    'PUBLISHED, provider AWAITING_RECOMMENDATIONS': published('AWAITING_RECOMMENDATIONS'),
    'PUBLISHED, provider SUSPENDED': published('SUSPENDED'),
    REMOVED: async (stage) => {
      const { id, provider } = await stage.recommendation('GIVEN');
      await stage.server.app.directory.listings.act(provider.listing, 'remove', { actor: provider.admin });
      const ways = [[`listing(id: ${literal(provider.listing)})`], [`recommendation(id: ${literal(id)})`, 'listings']];
      return { key: provider.listing, ways, barred: [[...listingsOf(provider.id), 'nodes'], found(provider)] };
    },
  },
  Recommendation: {
    INVITED: recommendation('INVITED', 'AWAITING_RECOMMENDATIONS'),
    GIVEN: recommendation('GIVEN'),
    'GIVEN, not confirmed as independent': recommendation('GIVEN, not confirmed as independent'),
    'GIVEN, changed since': recommendation('GIVEN, changed since'),
    'GIVEN, changed and affirmed': recommendation('GIVEN, changed and affirmed'),
    'GIVEN, provider AWAITING_RECOMMENDATIONS': recommendation('GIVEN, provider AWAITING_RECOMMENDATIONS', 'AWAITING_RECOMMENDATIONS'),
    'GIVEN, provider SUSPENDED': recommendation('GIVEN, provider SUSPENDED', 'SUSPENDED'),
    FLAGGED: recommendation('FLAGGED'),
    REJECTED: recommendation('REJECTED'),
    'GIVEN, closing a circle': closingCircle,
  },
  Membership: {
    'SCHOOL_STAFF of the school': role('SCHOOL_STAFF of the school', inTheSchool),
    'SCHOOL_LEAD of the school, waiting': async (stage) => {
      const of = [stage.roles.get('SCHOOL_LEAD of the school, waiting'), stage.roles.get('SCHOOL_STAFF of the school')];
      await stage.server.app.db.query(`UPDATE person SET name = 'Robin Hood' WHERE id IN (SELECT person_id FROM membership WHERE id = ANY($1))`, [of]);
      return role('SCHOOL_LEAD of the school, waiting', inTheSchool)(stage);
    },
    'TRUST_LEAD of the trust': role('TRUST_LEAD of the trust'),
    'SIP of the local authority': role('SIP of the local authority', (stage) => `, filter: { laCode: ${literal(stage.la)} }`),
    'PROVIDER_EDITOR of the provider': async (stage) => {
      const { id } = await stage.provider('LISTED');
      const key = await stage.roleOf('PROVIDER_EDITOR', { providerId: id });
      return { key, ways: [[`memberships(filter: { providerId: ${literal(id)} })`, 'nodes']] };
    },
    SYSTEM_ADMIN: role('SYSTEM_ADMIN'),
    'their own': async () => ({ key: null, ways: [['viewer', 'memberships']] }),
  },
  SipAssignment: {
    'the SIP’s to the school': async (stage) => ({ key: stage.theAssignment, ways: [['sipAssignments(first: 100)', 'nodes']] }),
  },
  School: {
    'of the register': async (stage) => {
      const urn = stage.theSchool;
      const { db } = stage.server.app;
      await db.query(
        `UPDATE school SET low_age = 4, high_age = 11, gender = 'Mixed', religious_character = 'Church of England', street = '1 School Lane',
           locality = 'Aylestone', address3 = 'The Green', town = 'Leicester', county = 'Leicestershire', website = 'https://school.example.org', ukprn = 10012345, sponsor = 'Leicester Sponsors' WHERE urn = $1`,
        [urn],
      );
      return { key: urn, ways: [[`schools(near: { urn: ${urn} })`, 'nodes'], [`school(urn: ${urn})`], [`schools(text: "${urn}")`, 'edges', 'node']] };
    },
  },
  Viewer: { themselves: async () => ({ key: null, ways: [['viewer']] }) },
  ...engagementSituations,
  ...requestSituations,
  ...referralSituations,
  ...outcomeSituations,
  Engagement: { ...engagementSituations['Engagement'], 'COMPLETED, rated, with another school': ratedEngagement },
  ...noticeSituations,
  ...importSituations,
  ...rulingSituations,
  ...partnershipSituations,
  ...nominationSituations,
};

/** A call of each query, on what is public or the asker's own. */
export const queries: Record<string, (stage: Stage) => Promise<string>> = {
  costOfListingChange: async (stage) => `costOfListingChange(id: ${literal((await stage.provider('LISTED')).listing)}, input: { title: "Payroll" })`,
  listing: async (stage) => `listing(id: ${literal((await stage.provider('LISTED')).listing)})`,
  localAuthorities: async () => 'localAuthorities',
  memberships: async () => 'memberships(first: 100)',
  mySchoolsRecommendations: async () => 'mySchoolsRecommendations(first: 100)',
  provider: async (stage) => `provider(id: ${literal((await stage.provider('LISTED')).id)})`,
  providers: async () => 'providers(first: 100)',
  recommendation: async (stage) => `recommendation(id: ${literal((await stage.recommendation('GIVEN')).id)})`,
  search: async (stage) => {
    const { id, listing } = await stage.provider('LISTED');
    const { db, search } = stage.server.app;
    await db.query('UPDATE school SET easting = 401000, northing = 300000, latitude = 52.6, longitude = -1.98 WHERE urn = $1', [stage.theSchool]);
    await db.query('UPDATE provider SET base_easting = 401000, base_northing = 300000 WHERE id = $1', [id]);
    await db.query(`UPDATE listing SET summary = summary || ' bassoon' WHERE id = $1`, [listing]);
    await search.rebuild();
    return `search(first: 5, input: { words: "bassoon reading", near: { schoolUrn: ${stage.theSchool} } })`; // so little that it says what to loosen, a word too
  },
  searchHealth: async () => 'searchHealth',
  suggestListings: async () => 'suggestListings(prefix: "early")',
  school: async (stage) => `school(urn: ${stage.theSchool})`,
  schools: async () => 'schools(first: 100)',
  sipAssignments: async () => 'sipAssignments(first: 100)',
  viewer: async () => 'viewer',
  whatHangsOnRole: async (stage) => `whatHangsOnRole(id: ${literal(await stage.membershipOf(stage.asker('another officer').personId))})`, // the only officer there
  ...engagementQueries,
  ...requestQueries,
  ...referralQueries,
  ...outcomeQueries,
  ...noticeQueries,
  ...jobQueries,
  ...importQueries,
  ...rulingQueries,
  ...partnershipQueries,
  ...nominationQueries,
};
