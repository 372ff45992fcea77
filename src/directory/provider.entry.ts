import { type Actor, isOfficerOf, isSystemAdmin, leadsSchool } from '../platform/actor.js';
import type { UnitOfWork } from '../platform/database/index.js';
import { NotAllowed, refuse, ValidationProblem } from '../platform/problem.js';
import { placeOfPostcode, postcodeOf } from '../schools/index.js';
import type { ProviderFacts } from './provider.process.js';
import type { Assurance, ProviderKind } from './vocabulary.js';

/**
 * A council's service comes from an officer of that council and a national programme from a system administrator, by
 * whatever way it is to be listed: the kind alone says whose word it is. For a school see `schoolOfProvider`.
 */
export function checkSpeaksFor(actor: Actor, kind: ProviderKind, assurance: Assurance, la: string | null): void {
  if (assurance === 'COUNCIL' && kind !== 'COUNCIL_SERVICE') refuse(new NotAllowed('Only an officer enters the free services of their own council.'));
  if (assurance === 'NATIONAL' && kind !== 'NATIONAL_PROGRAMME') refuse(new NotAllowed('Only a system administrator enters national programmes and resources.'));
  if (kind === 'COUNCIL_SERVICE' && !isOfficerOf(actor, la)) {
    refuse(new NotAllowed('Only an officer of a council enters its services, with the council as the local authority that checks them.'));
  }
  if (kind === 'NATIONAL_PROGRAMME' && !isSystemAdmin(actor)) refuse(new NotAllowed('Only a system administrator enters national programmes and resources.'));
}

export async function schoolOfProvider(tx: UnitOfWork, actor: Actor, kind: ProviderKind, urn: number | null) {
  if (kind !== 'SCHOOL') {
    if (urn !== null) refuse(new ValidationProblem([{ field: 'schoolUrn', message: 'Only a school provider has a URN.' }]));
    return null;
  }
  const [school] = await tx.query<{ urn: number; laCode: string; postcode: string | null; easting: number | null; northing: number | null }>(
    `SELECT urn, la_code AS "laCode", postcode, easting, northing FROM school WHERE urn = $1 AND status = 'OPEN'`,
    [urn],
  );
  if (!school) return refuse(new ValidationProblem([{ field: 'schoolUrn', message: 'Say which open school the provider is, by its URN.' }]));
  if (!leadsSchool(actor, school.urn)) refuse(new NotAllowed('Only a lead of a school can register it as a provider. Ask the head, or ask for that role first.'));
  return school;
}

export async function checkLa(tx: UnitOfWork, code: string): Promise<void> {
  if ((await tx.query('SELECT 1 FROM living_authority WHERE code = $1', [code])).length === 0) {
    refuse(new ValidationProblem([{ field: 'assuringLa', message: 'Choose a local authority from the list.' }]));
  }
}

/** The columns of a base: the postcode as it is written, and where it is, if a school is near enough to tell. */
export async function baseAt(tx: UnitOfWork, typed: string | null) {
  if (!typed) return { basePostcode: null, baseEasting: null, baseNorthing: null };
  const basePostcode = postcodeOf(typed);
  if (!basePostcode) return refuse(new ValidationProblem([{ field: 'basePostcode', message: 'Enter a full postcode, like LE13 0UL.' }]));
  const place = await placeOfPostcode(tx, basePostcode);
  return { basePostcode, baseEasting: place?.easting ?? null, baseNorthing: place?.northing ?? null };
}

/** The facts of a provider that does not exist yet. */
export const newFacts = (id: string, { name, kind }: { name: string; kind: ProviderKind }, assurance: Assurance): ProviderFacts => ({
  id,
  name,
  kind,
  assurance,
  state: 'DRAFT',
  assuringLa: null,
  assuringLaName: null,
  missing: [],
  publishedListings: 0,
  pricedListings: 0,
  listingsBeyondArea: 0,
  checksMissing: [],
  alikeNames: [],
  nameConfirmed: true,
  suspendedBefore: [],
  lacksOfficer: null,
  namesActor: false,
  actorsLaName: null,
  waitingChanges: 0,
  recommendations: 0,
  minimum: 2,
  interest: null,
});
