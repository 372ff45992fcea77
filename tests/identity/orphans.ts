import type { Database } from '../../src/platform/database/index.js';

/**
 * Everything in an LA that is with nobody: what the rules say, written down a second time without looking at the product's
 * own statements. Rows are read whole, and judged here.
 */
export async function orphansIn(db: Database, { la, providerId }: { la: string; providerId: string }): Promise<Set<string>> {
  const rows = <Row>(sql: string) => db.query<Row & object>(sql.replaceAll(':la', `'${la}'`)) as Promise<Row[]>;
  const inLa = `(SELECT urn FROM school WHERE la_code = :la)`;
  const roles = await rows<{ person: string; role: string; school: number | null; la: string | null; provider: string | null }>(
    `SELECT person_id AS person, role, school_urn AS school, la_code AS la, provider_id AS provider FROM membership WHERE ended_at IS NULL AND confirmed_at IS NOT NULL`,
  );
  const assigned = await rows<{ person: string; school: number }>(`SELECT person_id AS person, school_urn AS school FROM sip_assignment WHERE ended_at IS NULL`);
  const schools = await rows<{ urn: number }>(`SELECT urn FROM school WHERE la_code = :la`);
  const named = await rows<{ of: string; person: string }>('SELECT request_id AS of, person_id AS person FROM request_person UNION ALL SELECT engagement_id, person_id FROM engagement_person');

  const has = (person: string, role: string, where: Partial<(typeof roles)[number]>) =>
    roles.some((each) => each.person === person && each.role === role && Object.entries(where).every(([key, value]) => each[key as 'school'] === value));
  const worksIn = (person: string, school: number) => has(person, 'SCHOOL_LEAD', { school }) || has(person, 'SCHOOL_STAFF', { school });
  const isSip = (person: string, school: number) => has(person, 'SIP', { la }) && assigned.some((each) => each.person === person && each.school === school);
  const leadsOf = (school: number) => roles.filter((each) => each.role === 'SCHOOL_LEAD' && each.school === school);
  const isSeen = (id: string, school: number, allLeads: boolean) =>
    (allLeads && leadsOf(school).length > 0) || named.some((each) => each.of === id && worksIn(each.person, school));
  // In these worlds the only interests are roles that are or were held: in the provider, and of leads in the school.
  const had = await rows<{ person: string; school: number | null; provider: string | null; role: string; ended: boolean }>(
    `SELECT person_id AS person, school_urn AS school, provider_id AS provider, role, ended_at IS NOT NULL AS ended FROM membership WHERE confirmed_at IS NOT NULL`,
  );
  const maySign = (person: string, school: number, provider: string) =>
    !had.some((each) => each.person === person && (each.provider === provider || (each.school === school && (each.role === 'SCHOOL_LEAD' || !each.ended))));

  const found = new Set<string>();
  const orphan = (what: string, isOne: boolean) => isOne && found.add(what);
  for (const { urn } of schools) orphan(`school ${urn}`, leadsOf(urn).length === 0);
  orphan(`la ${la}`, !roles.some((each) => each.role === 'LA_OFFICER' && each.la === la));

  for (const each of await rows<{ id: string; school: number; all: boolean; sip: string | null; submitted: boolean }>(
    `SELECT id, school_urn AS school, all_leads AS all, drafted_by_sip AS sip, submitted_at IS NOT NULL AS submitted FROM request WHERE closed_at IS NULL AND school_urn IN ${inLa}`,
  )) {
    if (each.sip !== null && !each.submitted) orphan(`draft ${each.id}`, !isSip(each.sip, each.school));
    else orphan(`request ${each.id}`, !isSeen(each.id, each.school, each.all));
  }

  const [standIn] = await rows<{ person: string }>(`SELECT person_id AS person FROM sign_off_stand_in WHERE la_code = :la`);
  const standsIn = standIn && (has(standIn.person, 'SIP', { la }) || has(standIn.person, 'LA_OFFICER', { la })) ? standIn.person : null;
  orphan(`stand-in of ${la}`, standsIn === null);
  for (const each of await rows<{ id: string; school: number; provider: string; all: boolean; state: string; actions: number; shared: boolean }>(
    `SELECT id, school_urn AS school, provider_id AS provider, all_leads AS all, state, shared_with_sip AS shared,
            (SELECT count(*)::int FROM engagement_action a WHERE a.engagement_id = e.id AND a.owner = 'SIP' AND a.done_at IS NULL) AS actions
     FROM engagement e WHERE state IN ('AWAITING_SIGN_OFF', 'AGREED', 'IN_PROGRESS') AND school_urn IN ${inLa}`,
  )) {
    orphan(`engagement ${each.id}`, !isSeen(each.id, each.school, each.all));
    const sips = assigned.filter(({ person, school }) => school === each.school && isSip(person, school)).map(({ person }) => person);
    const signers = [...sips, ...(standsIn ? [standsIn] : [])].filter((person) => maySign(person, each.school, each.provider));
    orphan(`signature of ${each.id}`, each.state === 'AWAITING_SIGN_OFF' && signers.length === 0);
    orphan(`actions of ${each.id}`, each.shared && each.actions > 0 && sips.length === 0);
    if (each.provider === providerId) orphan(`provider ${providerId}`, !roles.some((role) => role.provider === providerId));
  }

  for (const each of await rows<{ id: string; sip: string; school: number }>(`SELECT id, sip_id AS sip, school_urn AS school FROM visit WHERE state = 'PLANNED' AND school_urn IN ${inLa}`)) {
    orphan(`visit ${each.id}`, !isSip(each.sip, each.school));
  }
  for (const each of await rows<{ id: string; sip: string; school: number }>(`SELECT id, coalesce(handed_to, sip_id) AS sip, school_urn AS school FROM referral WHERE state = 'SENT' AND school_urn IN ${inLa}`)) {
    orphan(`referral ${each.id}`, !isSip(each.sip, each.school));
  }
  for (const each of await rows<{ id: string; asker: string }>(`SELECT id, asked_by AS asker FROM suggestion_request WHERE state = 'OPEN' AND la_code = :la`)) {
    orphan(`question ${each.id}`, !has(each.asker, 'SIP', { la }));
  }
  return found;
}
