import type { Attempt } from './attempts.js';
import type { Situation } from './situations.js';
import type { Stage } from './stage.js';

interface Staged {
  id: string;
  place: string;
}

/** The place of the school in a partnership. */
async function place(stage: Stage, id: string): Promise<Staged> {
  const [row] = await stage.server.app.db.query<{ id: string }>('SELECT id FROM partnership_school WHERE partnership_id = $1 AND school_urn = $2', [id, stage.theSchool]);
  return { id, place: row!.id };
}

async function entered(stage: Stage): Promise<Staged> {
  const officer = await stage.world.officer(stage.la);
  return place(stage, await stage.server.app.partnerships.enter(officer, { name: 'The Vale family', laCode: stage.la, schoolUrns: [stage.theSchool, await stage.world.school()] }));
}

/** By the lead of another school, who is none of the people of the matrix. */
async function proposed(stage: Stage): Promise<Staged> {
  const schoolUrn = await stage.world.school();
  return place(stage, await stage.server.app.partnerships.propose(await stage.world.lead(schoolUrn), { name: 'The Dale family', schoolUrn, schoolUrns: [stage.theSchool] }));
}

export const partnershipSituations: Record<string, Record<string, (stage: Stage) => Promise<Situation>>> = {
  Partnership: {
    'of the school': async (stage) => {
      const { id } = await entered(stage);
      return { key: id, ways: [[`partnership(id: "${id}")`], [`partnerships(first: 100, schoolUrn: ${stage.theSchool})`, 'nodes']] };
    },
  },
};

export const partnershipQueries: Record<string, (stage: Stage) => Promise<string>> = {
  partnership: async (stage) => `partnership(id: "${(await entered(stage)).id}")`,
  partnerships: async () => 'partnerships(first: 5)',
};

const reason = 'They have parted.';
const on = (args: Attempt['args']): Attempt => ({ args });

export const partnershipAttempts: Record<string, Record<string, Attempt>> = {
  proposePartnership: { 'for the school': on(async (stage) => ({ schoolUrn: stage.theSchool, name: 'The Vale family', schoolUrns: [await stage.world.school()] })) },
  inviteToPartnership: { 'of the school': on(async (stage) => ({ id: (await entered(stage)).id, schoolUrns: [await stage.world.school()] })) },
  acceptPartnership: { 'PROPOSED, of the school': on(async (stage) => ({ placeId: (await proposed(stage)).place })) },
  declinePartnership: { 'PROPOSED, of the school': on(async (stage) => ({ placeId: (await proposed(stage)).place })) },
  leavePartnership: { 'MEMBER, of the school': on(async (stage) => ({ placeId: (await entered(stage)).place })) },
  enterPartnership: { 'of the local authority': on(async (stage) => ({ laCode: stage.la, name: 'The Vale family', schoolUrns: [await stage.world.school(), await stage.world.school()] })) },
  removeFromPartnership: { 'MEMBER, of the school': on(async (stage) => ({ placeId: (await entered(stage)).place, reason })) },
  endPartnership: { 'of the school': on(async (stage) => ({ id: (await entered(stage)).id, reason })) },
};
