import { links } from '../links.js';
import { leadsOf, peopleOfProvider, systemAdmins } from '../roles.js';
import { audience, because, type ProcessNotices, tell } from '../telling.js';

interface Known {
  title: string;
  name: string;
  /** Whether it was against looking into a recommendation that has been rejected since. */
  rejected: boolean;
}
const from = 'appeal a';
const knows = { title: 'a.title', name: 'a.by_name', rejected: `(a.against = 'RECOMMENDATION_FLAGGED' AND EXISTS (SELECT FROM recommendation r WHERE r.id = a.object_id AND r.state = 'REJECTED'))` };
const inForce = (m: string) => `${m}.ended_at IS NULL AND ${m}.confirmed_at IS NOT NULL`;

/** Officers of the LA that decided who may judge it; where there is none, system administrators, who judge it or find an officer elsewhere. */
const judges = audience<Known>('Appeal.judges', {
  from,
  id: 'a.id',
  to: `SELECT m.person_id, 'LOCAL_AUTHORITY' AS as_kind, m.la_code AS as_id FROM membership m
       WHERE m.role = 'LA_OFFICER' AND m.la_code = a.la_code AND ${inForce('m')} AND appeal_bar(a, m.person_id) IS NULL
       UNION ALL
       SELECT admin.* FROM (${systemAdmins}) admin WHERE appeal_bar(a, admin.person_id) IS NULL AND NOT appeal_has_judge_at_home(a)`,
  knows,
});

/** The provider's people, the school's leads; a person who asked for a role, of themselves. */
const appellants = audience<Known>('Appeal.appellants', {
  from,
  id: 'a.id',
  to: `SELECT told.* FROM (${peopleOfProvider(`a.provider_id AND a.by_kind = 'PROVIDER'`)}) told
       UNION ALL SELECT told.* FROM (${leadsOf(`a.school_urn AND a.by_kind = 'SCHOOL'`)}) told
       UNION ALL SELECT a.appealed_by, 'PERSON', a.appealed_by::text WHERE a.by_kind = 'PERSON'`,
  knows,
});

const whoDecided = audience<Known>('Appeal.whoDecided', {
  from,
  id: 'a.id',
  to: `SELECT a.decided_by AS person_id, 'PERSON' AS as_kind, a.decided_by::text AS as_id`,
  knows,
});

const judged = (outcome: string) => [
  tell(appellants, 'AT_ONCE', ({ title }, step) => ({ subject: `An appeal has been judged: ${outcome}`, text: `The appeal against this has been judged: ${title}. The outcome is that ${outcome}.${because(step)}`, link: links.notices })),
  tell(whoDecided, 'AT_ONCE', ({ title, name }, step) => ({
    subject: `An appeal has been judged: ${outcome}`,
    text: `The appeal of ${name} against what you decided has been judged: ${title}. The outcome is that ${outcome}.${because(step)}`,
    link: links.notices,
  })),
];

export const appealNotices: ProcessNotices = {
  process: 'Appeal',
  transitions: {
    appeal: [
      tell(judges, 'AT_ONCE', ({ title, name }) => ({
        subject: `${name} appeals against a decision`,
        text: `${name} appeals against this: ${title}. Somebody else than who decided looks at it again.`,
        expected: 'Read both sides, and judge whether the decision stands.',
        link: links.notices,
      })),
      tell(whoDecided, 'DIGEST', ({ title, name }) => ({ subject: `${name} appeals against a decision of yours`, text: `${name} appeals against this: ${title}. A colleague will judge it.`, link: links.notices })),
      tell(appellants, 'DIGEST', ({ title }) => ({ subject: 'A colleague has appealed', text: `A colleague has appealed against this: ${title}.`, link: links.notices })),
    ],
    uphold: judged('the decision stands'),
    overturn: judged('the decision is overturned'),
    end: [
      tell(appellants, 'AT_ONCE', ({ title, rejected }) => ({
        subject: 'An appeal has ended by itself',
        text: `There was an appeal against this: ${title}. That decision does not hold any more, so there is nothing left to judge.${rejected ? ' The recommendation has been rejected since.' : ''}`,
        ...(rejected ? { expected: 'If you think that the rejection is wrong, appeal against that.' } : {}),
        link: links.notices,
      })),
      tell(judges, 'DIGEST', ({ title, name }) => ({ subject: `The appeal of ${name} has ended by itself`, text: `${name} appealed against this: ${title}. That decision does not hold any more, so there is nothing left to judge.`, link: links.notices })),
    ],
    withdraw: [
      tell(judges, 'DIGEST', ({ title, name }) => ({ subject: `${name} has taken an appeal back`, text: `${name} no longer appeals against this: ${title}.`, link: links.notices })),
      tell(appellants, 'DIGEST', ({ title }) => ({ subject: 'An appeal has been taken back', text: `A colleague has taken the appeal back against this: ${title}.`, link: links.notices })),
    ],
  },
};
