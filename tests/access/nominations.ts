import type { Actor } from '../../src/platform/actor.js';
import { newId } from '../../src/platform/id.js';
import type { Attempt } from './attempts.js';
import type { Situation } from './situations.js';
import type { Stage, StagedProvider } from './stage.js';

const input = (schoolUrn: number, email: string, name: string) => ({
  schoolUrn,
  email,
  name,
  website: 'https://www.example.org',
  title: 'Reading support',
  categories: ['TEACHING_AND_LEARNING' as const],
  phases: ['PRIMARY' as const],
  delivery: ['IN_SCHOOL' as const],
  whatWasDone: 'Coached three teachers of reading.',
  whenDone: 'Spring term 2026',
  whatChanged: 'Reading is taught alike.',
  noInterest: true,
});

interface Staged {
  id: string;
  provider: StagedProvider;
}

/** By a new school of the lead's, of the address of the provider's administrator. */
async function nominated(stage: Stage, by?: (urn: number) => Promise<Actor>): Promise<Staged> {
  const provider = await stage.provider('LISTED');
  const urn = await stage.school({ trust: stage.trust });
  const lead = by ? await by(urn) : await stage.actor('lead');
  await stage.server.app.db.query('DELETE FROM rate_limit'); // all are of one address
  return { id: await stage.server.app.directory.nominations.nominate(lead, input(urn, stage.asker('admin').email, `Nominated ${newId()}`)), provider };
}

/** One that is a recommendation. */
async function takenUp(stage: Stage): Promise<Staged> {
  const staged = await nominated(stage);
  await stage.server.app.directory.takingUp.takeUp(await stage.actor('admin'), staged.id, staged.provider.id, [staged.provider.listing]);
  return staged;
}

/** One whose maker has left the school. */
async function left(stage: Stage): Promise<Staged> {
  let leaver = '';
  const staged = await nominated(stage, async (urn) => {
    const lead = await stage.world.lead(urn);
    leaver = lead.personId;
    return lead;
  });
  await stage.endLastRole(leaver);
  return staged;
}

const ways = ({ id }: Staged): Situation => ({ key: id, ways: [[`nomination(id: "${id}")`], ['nominations(first: 100)', 'nodes']] });

export const nominationSituations: Record<string, Record<string, (stage: Stage) => Promise<Situation>>> = {
  Nomination: {
    'OPEN, of the administrator’s address': async (stage) => ways(await nominated(stage)),
    'OPEN, something in the way': async (stage) => {
      const staged = await left(stage);
      const { takingUp } = stage.server.app.directory;
      await takingUp.takeUp(await stage.actor('admin'), staged.id, staged.provider.id, [staged.provider.listing]).catch(() => undefined); // refused
      return ways(staged);
    },
    'TAKEN_UP, by the provider': async (stage) => ways(await takenUp(stage)),
  },
};

export const nominationQueries: Record<string, (stage: Stage) => Promise<string>> = {
  nomination: async (stage) => `nomination(id: "${(await nominated(stage)).id}")`,
  nominations: async (stage) => {
    await nominated(stage);
    return 'nominations(first: 5)';
  },
};

const on = (of: (stage: Stage) => Promise<Staged>, more: (staged: Staged) => object = () => ({})): Attempt => ({
  args: async (stage) => {
    const staged = await of(stage);
    return { id: staged.id, ...more(staged) };
  },
});

export const nominationAttempts: Record<string, Record<string, Attempt>> = {
  nominateProvider: {
    'for the school': { args: async (stage) => ({ input: input(stage.theSchool, `${newId()}@provider.example`, `Nominated ${newId()}`) }) },
    'one that is listed, for the school': {
      args: async (stage) => ({ input: input(stage.theSchool, `${newId()}@provider.example`, (await stage.provider('LISTED')).name) }),
      meets: 'ALREADY_REGISTERED',
    },
  },
  takeUpNomination: { OPEN: on(nominated, ({ provider }) => ({ providerId: provider.id, listingIds: [provider.listing] })) },
  withdrawNomination: { OPEN: on(nominated) },
  declineNomination: { OPEN: on(nominated) },
  standByNomination: { 'OPEN, its maker gone': on(left, () => ({ noInterest: true })) },
};
