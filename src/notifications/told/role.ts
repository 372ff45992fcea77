import { interestInVouching } from '../../directory/index.js';
import { links } from '../links.js';
import { leadsOf, officersOfLa } from '../roles.js';
import { audience, because, type ProcessNotices, tell } from '../telling.js';

interface Known {
  who: string;
  role: string;
  of: string;
}
const from = `membership x JOIN person holder ON holder.id = x.person_id LEFT JOIN school s ON s.urn = x.school_urn LEFT JOIN trust t ON t.id = x.trust_id
  LEFT JOIN local_authority la ON la.code = x.la_code LEFT JOIN provider p ON p.id = x.provider_id`;
const knows = {
  who: `coalesce(nullif(holder.name, ''), holder.email)`,
  role: `CASE x.role WHEN 'SCHOOL_LEAD' THEN 'lead' WHEN 'SCHOOL_STAFF' THEN 'work in' WHEN 'TRUST_LEAD' THEN 'lead' WHEN 'SIP' THEN 'be a School Improvement Partner of'
    WHEN 'LA_OFFICER' THEN 'be an officer of' WHEN 'SYSTEM_ADMIN' THEN 'run' ELSE 'belong to' END`,
  of: `coalesce(s.name, t.name, la.name, p.name, 'Signpost')`,
};

const noOtherLead = `NOT EXISTS (
  SELECT FROM membership m WHERE m.school_urn = x.school_urn AND m.role = 'SCHOOL_LEAD' AND m.id <> x.id AND m.ended_at IS NULL AND m.confirmed_at IS NOT NULL)`;

/**
 * Who can confirm a role in a school that was asked for, while it waits: leads of the school and officers of its LA, though
 * officers are not asked about staff where the school has a lead. Whoever has an interest may not, and is not asked to.
 */
const DECIDERS = `
  SELECT decider.* FROM (${leadsOf('x.school_urn')} UNION ALL SELECT officer.* FROM (${officersOfLa('s.la_code')}) officer WHERE x.role = 'SCHOOL_LEAD' OR ${noOtherLead}) decider
  WHERE NOT same_person(decider.person_id, x.person_id) AND (x.role <> 'SCHOOL_LEAD' OR NOT ${interestInVouching('decider.person_id', 'x.school_urn')})`;
/** One that was offered and accepted waits too, where its person may be somebody else there under another address. */
const waiting = 'x.confirmed_at IS NULL AND x.ended_at IS NULL AND (x.offered_at IS NULL OR x.accepted_at IS NOT NULL)';

const deciders = audience<Known>('Role.deciders', { from, id: 'x.id', to: DECIDERS, when: waiting, knows });

/** Where there is nobody who could confirm it: who can give the LA an officer. */
const administrators = audience<Known & { la: string }>('Role.administrators', {
  from: from.replace('la.code = x.la_code', 'la.code = coalesce(x.la_code, s.la_code)'),
  id: 'x.id',
  to: `SELECT m.person_id, 'SIGNPOST' AS as_kind, '' AS as_id FROM membership m WHERE m.role = 'SYSTEM_ADMIN' AND m.ended_at IS NULL AND m.confirmed_at IS NOT NULL AND NOT EXISTS (${DECIDERS})`,
  when: waiting,
  knows: { ...knows, la: `coalesce(la.name, 'its local authority')` },
});

/** Who holds it, held it or asked for it; they are told of themselves, not in a role. */
const holder = audience<Known & { was: string | null; byImport: boolean }>('Role.holder', {
  from,
  id: 'x.id',
  about: 'x.person_id',
  to: `SELECT x.person_id, 'PERSON' AS as_kind, x.person_id::text AS as_id`,
  knows: { ...knows, was: '(SELECT was.name FROM school was WHERE was.urn = x.carried_from)', byImport: 'x.carry_ended' },
});

/** Who has taken over. */
const successor = audience<Known & { handedOn: string }>('Role.successor', {
  from,
  id: 'x.id',
  about: 'x.successor_id',
  to: `SELECT x.successor_id AS person_id, 'PERSON' AS as_kind, x.successor_id::text AS as_id`,
  when: 'x.successor_id IS NOT NULL AND x.handed_on IS NOT NULL',
  knows: { ...knows, handedOn: 'x.handed_on' },
});

/** Officers of the LA of a school that has lost its last lead. */
const officersOfLeaderless = audience<Known>('Role.officersOfLeaderless', {
  from,
  id: 'x.id',
  to: officersOfLa('s.la_code'),
  when: `x.role = 'SCHOOL_LEAD' AND x.ended_at IS NOT NULL AND ${noOtherLead}`,
  knows,
});

const isOfficer = (person: string) => `EXISTS (SELECT FROM membership officer WHERE officer.person_id = ${person} AND officer.role = 'LA_OFFICER' AND officer.la_code = s.la_code AND officer.confirmed_at IS NOT NULL
  AND (officer.ended_at IS NULL OR officer.ended_at > coalesce(x.ended_at, x.confirmed_at)))`;

/** Officers of the LA of a school: no officer has said who leads it from now on. */
const officersOfNewLead = audience<Known>('Role.officersOfNewLead', {
  from,
  id: 'x.id',
  to: officersOfLa('s.la_code'),
  when: `x.role = 'SCHOOL_LEAD' AND x.confirmed_at IS NOT NULL AND NOT ${isOfficer('x.confirmed_by')}`,
  knows,
});
/** The same, where a lead has ended another’s role. */
const officersOfEndedLead = audience<Known>('Role.officersOfEndedLead', {
  from,
  id: 'x.id',
  to: officersOfLa('s.la_code'),
  when: `x.role = 'SCHOOL_LEAD' AND x.ended_at IS NOT NULL AND x.ended_by <> x.person_id AND NOT ${isOfficer('x.ended_by')}`,
  knows,
});
/** Who runs the same: the other leads of the school, the administrators of the provider, the other system administrators. */
const colleagues = audience<Known>('Role.colleagues', {
  from,
  id: 'x.id',
  to: `SELECT m.person_id, CASE m.role WHEN 'SCHOOL_LEAD' THEN 'SCHOOL' WHEN 'PROVIDER_ADMIN' THEN 'PROVIDER' ELSE 'SIGNPOST' END AS as_kind, coalesce(m.school_urn::text, m.provider_id::text, 'signpost') AS as_id
       FROM membership m
       WHERE m.id <> x.id AND m.person_id <> x.person_id AND m.ended_at IS NULL AND m.confirmed_at IS NOT NULL
         AND CASE x.role WHEN 'SCHOOL_LEAD' THEN m.role = 'SCHOOL_LEAD' AND m.school_urn = x.school_urn WHEN 'SYSTEM_ADMIN' THEN m.role = 'SYSTEM_ADMIN'
               ELSE m.role = 'PROVIDER_ADMIN' AND m.provider_id = x.provider_id END`,
  knows,
});

const begun = [
  tell(officersOfNewLead, 'AT_ONCE', ({ who, of }) => ({
    subject: `${of} has another lead here`,
    text: `${who} leads ${of} here from now on, on the word of somebody who leads it already. No officer has confirmed it.`,
    expected: 'If you doubt it, ask the school, and end the role if it is not so.',
    link: links.account,
  })),
  tell(colleagues, 'AT_ONCE', ({ who, of }) => ({ subject: `${who} has a role in ${of} now`, text: `${who} holds a role in ${of} from now on. If you did not expect that, look at who holds roles there.`, link: links.account })),
];

export const roleNotices: ProcessNotices = {
  process: 'Role',
  transitions: {
    ask: [
      tell(deciders, 'AT_ONCE', ({ who, role, of }) => ({
        subject: `${who} asks to ${role} ${of}`,
        text: `${who} says that they ${role} ${of} and asks for that role here. Until somebody confirms it, it gives them nothing to see or do.`,
        expected: 'Confirm the role if you know that it is so, or refuse it.',
        link: links.account,
      })),
      tell(administrators, 'AT_ONCE', ({ who, role, of, la }) => ({
        subject: `Nobody can say whether ${who} may ${role} ${of}`,
        text: `${who} asks to ${role} ${of}, and ${la} has no officer here who could confirm it.`,
        expected: 'Give the local authority an officer.',
        link: links.account,
      })),
    ],
    accept: begun,
    lapse: [
      tell(holder, 'AT_ONCE', ({ of }) => ({
        subject: `The offer of a role in ${of} has ended`,
        text: `You were offered a role in ${of}. Whoever offered it may not give it any more, so the offer has ended. If you need the role, ask somebody there who may.`,
        link: links.account,
      })),
    ],
    confirm: [
      tell(holder, 'AT_ONCE', ({ of }) => ({ subject: `Your role in ${of} is confirmed`, text: `The role in ${of} that you asked for is yours from now on. You can do now what you came for.`, link: links.account })),
      ...begun,
    ],
    refuse: [
      tell(holder, 'AT_ONCE', ({ of }, step) => ({
        subject: `Your role in ${of} is not confirmed`,
        text: `The role in ${of} that you asked for was not confirmed.${because(step)} If you think that this is a mistake, speak with the school or its local authority, or appeal.`,
        link: links.account,
      })),
    ],
    end: [
      tell(successor, 'AT_ONCE', ({ who, of, handedOn }) => ({
        subject: `You take over from ${who}`,
        text: `${who} has left a role in ${of}, and what they dealt with alone is yours now: ${handedOn}.`,
        expected: 'Look at what is yours now, and go on with it.',
        link: links.notices,
      })),
      tell(officersOfLeaderless, 'AT_ONCE', ({ who, of }) => ({
        subject: `${of} has no lead here any more`,
        text: `${who}, who was the last to lead ${of} here, has left that role. Nobody there can answer a referral or an invitation now, or see the school’s requests.`,
        expected: 'Ask the school who leads it, and offer that person the role.',
        link: links.account,
      })),
      tell(officersOfEndedLead, 'AT_ONCE', ({ who, of }) => ({
        subject: `A lead of ${of} has ended the role of another`,
        text: `${who} no longer leads ${of} here: another lead of the school has ended that role.`,
        expected: 'If you doubt that this is right, ask the school. You can offer the role again.',
        link: links.account,
      })),
      tell(colleagues, 'AT_ONCE', ({ who, of }) => ({ subject: `${who} has no role in ${of} any more`, text: `A role of ${who} in ${of} has ended.`, link: links.account })),
      tell(holder, 'AT_ONCE', ({ of, byImport }, step) => ({
        subject: `Your role in ${of} has ended`,
        text: `You no longer have that role in ${of} here. What you saw in it you do not see any more.${byImport ? because(step) : ''}`,
        link: links.account,
      })),
    ],
    carry: [
      tell(holder, 'AT_ONCE', ({ of, was }, { reason }) => ({
        subject: `Your role goes on in ${of}`,
        text: reason ?? `${was ?? 'The school'}, in which you have a role, has closed, and ${of} has taken its place. You have the same role there from now on.`,
        expected: reason ? undefined : 'If you do not work there, end that role under “Your account”.',
        link: links.account,
      })),
    ],
  },
};

interface Assigned {
  who: string;
  school: string;
  successor: string | null;
  /** The closed school from which it was carried. */
  was: string | null;
}
const fromAssignment = `sip_assignment x JOIN person holder ON holder.id = x.person_id JOIN school s ON s.urn = x.school_urn LEFT JOIN person next ON next.id = x.successor_id`;
const knowsAssignment = {
  who: `coalesce(nullif(holder.name, ''), 'Your School Improvement Partner')`,
  school: 's.name',
  successor: `nullif(next.name, '')`,
  was: '(SELECT was.name FROM school was WHERE was.urn = x.carried_from)',
};

const leads = audience<Assigned>('SIP assignment.leads', { from: fromAssignment, id: 'x.id', about: `'SIP of ' || x.school_urn`, to: leadsOf('x.school_urn'), knows: knowsAssignment });
const assigned = audience<Assigned>('SIP assignment.holder', {
  from: fromAssignment,
  id: 'x.id',
  about: 'x.person_id',
  to: `SELECT x.person_id, 'PERSON' AS as_kind, x.person_id::text AS as_id`,
  knows: knowsAssignment,
});
/** Who has taken over what the end of one assignment has left; the end of a role tells of all its schools at once. */
const nextSip = audience<Assigned & { handedOn: string }>('SIP assignment.successor', {
  from: fromAssignment,
  id: 'x.id',
  about: 'x.successor_id',
  to: `SELECT x.successor_id AS person_id, 'PERSON' AS as_kind, x.successor_id::text AS as_id`,
  when: `x.successor_id IS NOT NULL AND x.handed_on IS NOT NULL AND NOT EXISTS (
    SELECT FROM membership role WHERE role.person_id = x.person_id AND role.role = 'SIP' AND role.la_code = s.la_code AND role.ended_at = x.ended_at)`,
  knows: { ...knowsAssignment, handedOn: 'x.handed_on' },
});

/** Officers of the LA, of what no officer has ended. */
const assigningOfficers = audience<Assigned>('SIP assignment.officers', { from: fromAssignment, id: 'x.id', to: officersOfLa('s.la_code'), when: 'x.ended_at IS NOT NULL AND x.ended_by IS NULL', knows: knowsAssignment });

export const assignmentNotices: ProcessNotices = {
  process: 'SIP assignment',
  transitions: {
    assign: [
      tell(assigned, 'AT_ONCE', ({ school }) => ({
        subject: `You are the School Improvement Partner of ${school}`,
        text: `An officer of the local authority has assigned you to ${school}. You see what the school shares with you from now on.`,
        link: links.account,
      })),
      tell(leads, 'DIGEST', ({ who, school }) => ({ subject: `${school} has a School Improvement Partner`, text: `${who} is assigned to ${school} from now on.`, link: links.account })),
    ],
    end: [
      tell(nextSip, 'AT_ONCE', ({ who, school, handedOn }) => ({
        subject: `You take over from ${who}`,
        text: `${who} no longer works with ${school}, and what they dealt with alone is yours now: ${handedOn}.`,
        expected: 'Look at what is yours now, and go on with it.',
        link: links.notices,
      })),
      tell(leads, 'AT_ONCE', ({ who, school, successor }) => ({
        subject: `The School Improvement Partner of ${school} has changed`,
        text: `${who} no longer works with ${school}.${successor ? ` Planned visits and answers to referrals go to ${successor} now.` : ''}`,
        link: links.account,
      })),
      tell(assigningOfficers, 'AT_ONCE', ({ who, school }, step) => ({
        subject: `${school} needs another School Improvement Partner`,
        text: `${who} no longer works with ${school} as its School Improvement Partner.${because(step)}`,
        expected: 'Assign somebody else, and see to what was planned.',
        link: links.account,
      })),
      tell(assigned, 'AT_ONCE', ({ school }, step) => ({ subject: `Your work with ${school} has ended`, text: `You are no longer assigned to ${school}.${because(step)} What you saw of the school you do not see any more.`, link: links.account })),
    ],
    carry: [
      tell(assigned, 'AT_ONCE', ({ school, was }) => ({
        subject: `You are the School Improvement Partner of ${school}`,
        text: `${was ?? 'A school'}, to which you are assigned, has closed, and ${school} has taken its place. You see what that school shares with you from now on.`,
        link: links.account,
      })),
      tell(leads, 'DIGEST', ({ who, school }) => ({ subject: `${school} has a School Improvement Partner`, text: `${who} is assigned to ${school} from now on, as before to a school that it followed.`, link: links.account })),
    ],
  },
};
