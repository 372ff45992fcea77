import { type Actor, isOfficerOf, leadsSchool } from '../../platform/actor.js';
import type { Queryable } from '../../platform/database/index.js';
import { NotAllowedInThisState, type Problem } from '../../platform/problem.js';
import { byReader, type Facts, type Party, type ProcessDefinition } from '../../platform/process/index.js';

export type PlaceState = 'PROPOSED' | 'MEMBER' | 'DECLINED' | 'LEFT';

export interface PlaceFacts extends Facts<PlaceState> {
  partnershipId: string;
  partnershipName: string;
  laCode: string;
  laName: string;
  schoolUrn: number;
  schoolName: string;
  schoolOpen: boolean;
  /** Schools that belong to it, by URN and name. */
  members: { urn: number; name: string }[];
}

const school = ({ schoolUrn, schoolName }: PlaceFacts): Party => ({ kind: 'SCHOOL', id: String(schoolUrn), name: schoolName });

function partner({ members }: PlaceFacts, actor: Actor): Party | null {
  const own = members.find(({ urn }) => leadsSchool(actor, urn));
  return own ? { kind: 'SCHOOL', id: String(own.urn), name: own.name } : null;
}

const open = ({ schoolOpen, schoolName }: PlaceFacts): Problem | null =>
  schoolOpen ? null : new NotAllowedInThisState(`${schoolName} is not an open school.`);

export const placeProcess: ProcessDefinition<PlaceState, PlaceFacts> = {
  name: 'PartnershipPlace',
  says: 'A school’s place in a partnership, a named family of schools. Whoever searches around a school finds its partners’ support first after its own. It says nothing of who governs a school, and bears on no recommendation.',
  table: 'partnership_school',
  states: {
    PROPOSED: { says: 'the school has been asked', why: byReader({ lead: 'Your school has been asked and has not answered yet.' }, 'The school has been asked and has not answered yet.') },
    MEMBER: { says: 'the school belongs to it', why: 'The school belongs to the partnership.' },
    DECLINED: { says: 'the school has said no', end: true, why: 'The school has said no.' },
    LEFT: { says: 'the school belongs to it no more', end: true, why: 'The school belongs to the partnership no more.' },
  },
  who: {
    lead: { says: 'a lead of the school', party: (facts, actor) => (leadsSchool(actor, facts.schoolUrn) ? school(facts) : null) },
    partner: { says: 'a lead of a school of the partnership', party: partner },
    officer: {
      says: 'an officer of the partnership’s local authority',
      party: (facts, actor) => (isOfficerOf(actor, facts.laCode) ? { kind: 'LOCAL_AUTHORITY', id: facts.laCode, name: facts.laName } : null),
    },
  },
  transitions: {
    found: { from: [null], to: 'MEMBER', by: ['lead'], label: 'Begin a partnership', says: 'A lead proposes a partnership; their own school is its first.', guard: open },
    propose: { from: [null], to: 'PROPOSED', by: ['partner'], label: 'Ask a school to join', says: 'Each school answers for itself.', guard: open },
    enter: { from: [null], to: 'MEMBER', by: ['officer'], label: 'Enter the school', says: 'An officer enters a partnership that there is; its schools are told, and may leave.', guard: open },
    accept: { from: ['PROPOSED'], to: 'MEMBER', by: ['lead'], label: 'Join the partnership', says: 'The school belongs to it from now on.', guard: open },
    decline: { from: ['PROPOSED'], to: 'DECLINED', by: ['lead'], label: 'Say no', says: 'The school would rather not; it need not say why.' },
    leave: { from: ['MEMBER'], to: 'LEFT', by: ['lead'], label: 'Leave the partnership', says: 'The school belongs to it no more.' },
    remove: { from: ['PROPOSED', 'MEMBER'], to: 'LEFT', by: ['officer'], label: 'Take the school out', says: 'The officer has entered it by mistake, or the partnership has ended.', needsReason: true },
  },
  lock: 'SELECT id FROM partnership WHERE id = (SELECT partnership_id FROM partnership_school WHERE id = $1) FOR NO KEY UPDATE',
  facts: (db, ids) => readFacts(db, 'SELECT ps.id, ps.state, ps.partnership_id, ps.school_urn FROM partnership_school ps WHERE ps.id = ANY($1::uuid[])', [ids]),
};

/** The facts of a place that is to be; null where there is no such school. */
export async function factsOfNewPlace(db: Queryable, id: string, partnershipId: string, schoolUrn: number): Promise<PlaceFacts | null> {
  return (await readFacts(db, 'SELECT $1::uuid AS id, NULL::text AS state, $2::uuid AS partnership_id, $3::int AS school_urn', [id, partnershipId, schoolUrn]))[0] ?? null;
}

const readFacts = (db: Queryable, subject: string, parameters: unknown[]): Promise<PlaceFacts[]> =>
  db.query<PlaceFacts>(
    `SELECT place.id, place.state, p.id AS "partnershipId", p.name AS "partnershipName", p.la_code AS "laCode", la.name AS "laName", s.urn AS "schoolUrn", s.name AS "schoolName",
            s.status = 'OPEN' AS "schoolOpen",
            (SELECT coalesce(json_agg(json_build_object('urn', m.school_urn, 'name', ms.name) ORDER BY m.school_urn), '[]')
             FROM partnership_school m JOIN school ms ON ms.urn = m.school_urn WHERE m.partnership_id = p.id AND m.state = 'MEMBER') AS members
     FROM (${subject}) place JOIN partnership p ON p.id = place.partnership_id JOIN local_authority la ON la.code = p.la_code JOIN school s ON s.urn = place.school_urn`,
    parameters,
  );
