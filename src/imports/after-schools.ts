import type { Directory } from '../directory/index.js';
import { carryNominations, forgetWrongBodies } from '../directory/index.js';
import type { Identity } from '../identity/index.js';
import type { UnitOfWork } from '../platform/database/index.js';
import { addAuthoritiesOfToday, applyReorganisation, findReorganisations, type Follower, reorganisationOf } from '../schools/index.js';

export interface SchoolsFollowers {
  followers: readonly Follower[];
  directory: Directory;
  identity: Identity;
}

/** Brings up to date all that follows from schools that have changed, in their unit of work. @returns which local authorities have been followed by others */
export async function afterSchools(parts: SchoolsFollowers, tx: UnitOfWork): Promise<string[]> {
  await addAuthoritiesOfToday(tx);
  const lines: string[] = [];
  for (const { code, fresh } of await findReorganisations(tx)) {
    // as it is now: one that was followed a moment ago may have been earlier than another
    lines.push(...(await applyReorganisation(tx, await reorganisationOf(tx, code, fresh.map((each) => each.code)), parts.followers)));
  }
  await carryOn(parts, tx);
  return lines;
}

/** What people hold, and what counts, once schools or local authorities have others in their place. No import lets a provider lapse overnight. */
export async function carryOn({ directory, identity }: SchoolsFollowers, tx: UnitOfWork): Promise<void> {
  await identity.memberships.carry(tx);
  await carryNominations(tx);
  await identity.memberships.schoolsChanged(tx);
  await forgetWrongBodies(tx);
  await directory.providers.settleAll(tx, null, 'IMPORT');
}
