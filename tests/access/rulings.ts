import type { Attempt } from './attempts.js';
import type { Situation } from './situations.js';
import type { Stage } from './stage.js';

/** What local authorities decide, and what comes of it. */
const POLICY = { minimumRecommendations: 2, checkLives: [{ kind: 'INSURANCE' as const, months: 120 }] };

/** A suspension against which the provider has appealed. @returns the appeal's id */
async function appealed(stage: Stage): Promise<string> {
  const { id } = await suspended(stage); // first: of it the administrator is one only then
  return stage.server.app.directory.appeals.appeal(await stage.actor('admin'), 'PROVIDER_SUSPENDED', id, 'We are insured.');
}

/** By an officer of the local authority who is none of the people of the matrix. */
async function suspended(stage: Stage) {
  const provider = await stage.provider('LISTED');
  await stage.server.app.directory.providers.act(provider.id, 'suspend', { actor: await stage.world.officer(stage.la), reason: 'A parent asked us to look into it.' });
  return provider;
}

async function judged(stage: Stage): Promise<string> {
  const id = await appealed(stage);
  await stage.server.app.directory.appeals.judge(await stage.world.officer(stage.la), id, 'uphold', 'It is not insured.');
  return id;
}

async function withheld(stage: Stage, ended = false): Promise<string> {
  const { withholdings } = stage.server.app.directory;
  const officer = await stage.world.officer(stage.la);
  const id = await withholdings.withhold(officer, (await stage.provider('LISTED')).listing, stage.la, 'Nobody came.');
  if (ended) await withholdings.end(id, { actor: officer, reason: 'They come now.' });
  return id;
}

const withholdingsWay = (id: string): Situation => ({ key: id, ways: [['listingWithholdings(first: 100)', 'nodes']] });

const waysTo = (id: string): Situation => ({ key: id, ways: [[`appeal(id: "${id}")`], ['myAppeals(first: 100)', 'nodes'], ['appealsToJudge(first: 100)', 'nodes']] });

export const rulingSituations: Record<string, Record<string, (stage: Stage) => Promise<Situation>>> = {
  Appeal: {
    'OPEN, of the provider': async (stage) => waysTo(await appealed(stage)),
    'UPHELD, of the provider': async (stage) => waysTo(await judged(stage)),
  },
  ListingWithholding: {
    'WITHHELD, of the provider': async (stage) => withholdingsWay(await withheld(stage)),
    'ENDED, of the provider': async (stage) => withholdingsWay(await withheld(stage, true)),
  },
};

export const rulingQueries: Record<string, (stage: Stage) => Promise<string>> = {
  laPolicy: async (stage) => {
    await stage.server.app.directory.policies.save(await stage.actor('officer'), stage.la, POLICY, 'Agreed with our heads.');
    return `laPolicy(laCode: "${stage.la}")`;
  },
  laPolicyChanges: async (stage) => {
    await stage.server.app.directory.policies.save(await stage.actor('officer'), stage.la, POLICY, 'Agreed with our heads.');
    return `laPolicyChanges(laCode: "${stage.la}")`;
  },
  appeal: async (stage) => `appeal(id: "${await appealed(stage)}")`,
  myAppeals: async (stage) => {
    await appealed(stage);
    return 'myAppeals(first: 5)';
  },
  listingWithholdings: async (stage) => {
    await withheld(stage);
    return 'listingWithholdings(first: 5)';
  },
  appealsToJudge: async () => 'appealsToJudge(first: 5)',
  laPolicyPreview: async (stage) => `laPolicyPreview(laCode: "${stage.la}", policy: { minimumRecommendations: 3, checkLives: [] })`,
};

export const rulingAttempts: Record<string, Record<string, Attempt>> = {
  appealDecision: {
    'suspension of the provider': { args: async (stage) => ({ against: 'PROVIDER_SUSPENDED', objectId: (await suspended(stage)).id, grounds: 'We are insured.' }) },
  },
  withdrawAppeal: { 'OPEN, of the provider': { args: async (stage) => ({ id: await appealed(stage) }) } },
  upholdDecision: { 'OPEN, of the provider': { args: async (stage) => ({ id: await appealed(stage), reason: 'It is not insured.' }) } },
  overturnDecision: { 'OPEN, of the provider': { args: async (stage) => ({ id: await appealed(stage), reason: 'It is insured.' }) } },
  withholdListing: { 'PUBLISHED, from the local authority': { args: async (stage) => ({ listingId: (await stage.provider('LISTED')).listing, laCode: stage.la, reason: 'Nobody came.' }) } },
  endListingWithholding: { 'WITHHELD, of the provider': { args: async (stage) => ({ id: await withheld(stage), reason: 'They come now.' }) } },
  setLaPolicy: { 'the local authority': { args: async ({ la }) => ({ laCode: la, policy: POLICY, reason: 'Agreed with our heads.' }) } },
};
