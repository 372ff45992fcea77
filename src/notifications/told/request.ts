import { links } from '../links.js';
import { leadsOf, peopleOfProvider, schoolPeopleOf, sipsOf } from '../roles.js';
import { audience, nobody, type ProcessNotices, tell } from '../telling.js';

interface Known {
  school: string;
  /** The beginning of the need, by which its own people tell one request from another. */
  need: string;
  closesAt: Date | null;
}
export const needOf = (r: string) => `CASE WHEN length(${r}.need) > 80 THEN rtrim(left(${r}.need, 77)) || '…' ELSE ${r}.need END`;
const from = 'request r JOIN school s ON s.urn = r.school_urn';
const knows = { school: 's.name', need: needOf('r'), closesAt: 'r.closes_at' };

/** A SIP's draft is not the school's before it has been submitted. */
export const isSchools = (r: string) => `(${r}.drafted_by_sip IS NULL OR ${r}.submitted_at IS NOT NULL)`;

/** Of these people those who are of no provider that is invited to the request `r`: the others learn nothing of what is proposed. */
export const withoutBid = (people: string) => `SELECT reader.* FROM (${people}) reader WHERE NOT EXISTS (SELECT FROM bids_of(r.id, mailboxes_of(reader.person_id)))`;

const requestSchool = audience<Known>('Request.school', { from, id: 'r.id', to: schoolPeopleOf('r', 'request'), when: isSchools('r'), knows });

/** Those of the school who may read the proposals. */
export const proposalReaders = audience<Known & { proposals: number }>('Request.readers', {
  from,
  id: 'r.id',
  to: withoutBid(schoolPeopleOf('r', 'request')),
  when: isSchools('r'),
  knows: { ...knows, proposals: `(SELECT count(*)::int FROM proposal q WHERE q.request_id = r.id AND q.state = 'SUBMITTED')` },
});

/** The school’s people where nobody of them may, since all are of providers that are invited. */
export const withoutReader = audience<Known & { la: string }>('Request.withoutReader', {
  from: `${from} JOIN local_authority la ON la.code = s.la_code`,
  id: 'r.id',
  to: schoolPeopleOf('r', 'request'),
  when: `${isSchools('r')} AND NOT EXISTS (${withoutBid(schoolPeopleOf('r', 'request'))})`,
  knows: { ...knows, la: 'la.name' },
});

/** The school's SIPs, of what it shares once it is open; the one who drafted it, also before. */
const sips = audience<Known>('Request.sips', {
  from,
  id: 'r.id',
  to: `SELECT sip.* FROM (${sipsOf('r.school_urn')}) sip WHERE r.shared_with_sip AND (r.opened_at IS NOT NULL OR r.drafted_by_sip = sip.person_id)`,
  knows,
});

/** Leads of the partner schools that have joined. */
const partners = audience<Known & { partner: string }>('Request.partners', {
  from: `${from} JOIN request_school joint ON joint.request_id = r.id AND joint.joined_at IS NOT NULL JOIN school partner ON partner.urn = joint.school_urn`,
  id: 'r.id',
  to: leadsOf('joint.school_urn'),
  knows: { ...knows, partner: 'partner.name' },
});

/** Leads of the schools that are asked to join: they know who asks, and of the request nothing yet. */
const asked = audience<{ school: string; partner: string; closesAt: Date | null }>('Request.asked', {
  from: `${from} JOIN request_school joint ON joint.request_id = r.id AND joint.joined_at IS NULL JOIN school partner ON partner.urn = joint.school_urn`,
  id: 'r.id',
  to: leadsOf('joint.school_urn'),
  when: `r.state = 'OPEN'`,
  knows: { school: 's.name', partner: 'partner.name', closesAt: 'r.closes_at' },
});

/** The providers invited, who do not learn which school a confidential request is of. */
const invited = audience<{ school: string | null; closesAt: Date }>('Request.invited', {
  from: `${from} JOIN invitation i ON i.request_id = r.id AND i.state IN ('SENT', 'OPENED', 'RESPONDED')`,
  id: 'r.id',
  to: peopleOfProvider('i.provider_id'),
  knows: { school: 'CASE WHEN NOT r.confidential THEN s.name END', closesAt: 'r.closes_at' },
});

/** Those whose time to propose ends because the school begins to read before the closing date. */
const cutShort = audience<{ school: string | null }>('Request.cutShort', {
  from: `${from} JOIN invitation i ON i.request_id = r.id AND i.state IN ('SENT', 'OPENED')`,
  id: 'r.id',
  to: peopleOfProvider('i.provider_id'),
  when: `i.expires_at > $2::timestamptz`,
  knows: { school: 'CASE WHEN NOT r.confidential THEN s.name END' },
});

const ended = (how: string) => [
  tell(requestSchool, 'DIGEST', ({ school, need }) => ({ subject: `A request of ${school} ${how}`, text: `The request “${need}” ${how}.`, link: links.notices })),
  tell(partners, 'DIGEST', ({ school, need }) => ({
    subject: `The request of ${school} ${how}`,
    text: `The request “${need}”, which your school has joined, ${how}.`,
    link: links.notices,
  })),
  tell(sips, 'DIGEST', ({ school, need }) => ({ subject: `A request of ${school} ${how}`, text: `The request “${need}” ${how}.`, link: links.notices })),
];

export const requestNotices: ProcessNotices = {
  process: 'Request',
  transitions: {
    start: nobody('A draft is whose words they are.'),
    submit: [
      tell(requestSchool, 'AT_ONCE', ({ school, need }) => ({
        subject: `A request for support, drafted for ${school}`,
        text: `Your School Improvement Partner has drafted a request: “${need}”. Nobody else sees it unless you open it.`,
        expected: 'Change what you like, then open it or withdraw it.',
        link: links.notices,
      })),
    ],
    open: [
      tell(requestSchool, 'DIGEST', ({ school, need, closesAt }) => ({
        subject: `${school} has opened a request for support`,
        text: `A colleague has opened the request “${need}”. Providers can be invited.`,
        due: closesAt,
        link: links.notices,
      })),
      tell(asked, 'AT_ONCE', ({ school, partner, closesAt }) => ({
        subject: `${school} asks ${partner} to join a request for support`,
        text: `${school} has opened a request for support and asks ${partner} to take part. Your school sees the request once it has joined.`,
        expected: 'Join, or leave it; saying nothing is fine.',
        due: closesAt,
        link: links.notices,
      })),
      tell(sips, 'DIGEST', ({ school, need }) => ({
        subject: `${school} has opened a request for support`,
        text: `The school has opened the request “${need}” and shares it with you.`,
        link: links.notices,
      })),
    ],
    join: [
      tell(requestSchool, 'DIGEST', ({ need }) => ({
        subject: 'A partner school has joined your request',
        text: `A school that you asked takes part in the request “${need}”.`,
        link: links.notices,
      })),
      tell(partners, 'DIGEST', ({ school, need }) => ({
        subject: `A school has joined the request of ${school}`,
        text: `One more school takes part in the request “${need}”.`,
        link: links.notices,
      })),
    ],
    share: [
      tell(sips, 'DIGEST', ({ school, need }) => ({
        subject: `${school} shares a request with you`,
        text: `The school shares the request “${need}” with you.`,
        link: links.notices,
      })),
    ],
    unshare: nobody('The SIP no longer sees it, so no more is said of it.'),
    reveal: [
      tell(invited, 'AT_ONCE', ({ school }) =>
        school
          ? {
            subject: 'The school that invites you gives its name',
            text: `The school behind an invitation that you have is ${school}. It was confidential so far; treat it with care all the same.`,
            link: links.notices,
          }
          : null,
      ),
    ],
    answer: [
      tell(invited, 'AT_ONCE', ({ school, closesAt }) => ({
        subject: 'A question about an invitation has been answered',
        text: `${school ?? 'The school'} has answered a question about a request for support that you are invited to. All invited providers read the same.`,
        due: closesAt,
        link: links.notices,
      })),
    ],
    extend: [
      tell(invited, 'AT_ONCE', ({ school, closesAt }) => ({
        subject: 'You have more time to propose',
        text: `${school ?? 'The school'} has chosen a later closing date for a request for support that you are invited to.`,
        due: closesAt,
        link: links.notices,
      })),
    ],
    read: [
      tell(cutShort, 'AT_ONCE', ({ school }) => ({
        subject: 'The school has begun to read the proposals',
        text: `${school ?? 'The school'} has begun to read the proposals for a request that you are invited to, so none can be added. You are told if it reopens the round.`,
        link: links.notices,
      })),
    ],
    reopenRound: [
      tell(invited, 'AT_ONCE', ({ school, closesAt }) => ({
        subject: 'A round of proposals is open again',
        text: `${school ?? 'The school'} has reopened the round for a request that you are invited to, for all invited providers alike. Proposals are sealed again until it reads them.`,
        expected: 'Make a proposal, or look at yours again. If you do nothing, a proposal that you have made stands.',
        due: closesAt,
        link: links.notices,
      })),
    ],
    amend: [
      tell(invited, 'AT_ONCE', ({ school, closesAt }) => ({
        subject: 'A request that you are invited to has changed',
        text: `${school ?? 'The school'} has mended what a request says that you are invited to.`,
        expected: 'Read it again before you answer.',
        due: closesAt,
        link: links.notices,
      })),
    ],
    handOver: nobody('The end of the role tells whoever takes over; nobody else saw it.'),
    passOn: [
      tell(requestSchool, 'DIGEST', ({ school, need }) => ({
        subject: `A request is now that of ${school}`,
        text: `Your school has become ${school}, and the request “${need}” goes on as its own.`,
        link: links.notices,
      })),
    ],
    endWithSchool: [
      tell(requestSchool, 'AT_ONCE', ({ school, need }) => ({
        subject: `A request of ${school} has ended`,
        text: `${school} has become several schools, so the draft request “${need}” has ended. Whichever of them still needs the support can write it anew.`,
        link: links.notices,
      })),
    ],
    choose: nobody('The engagement that it becomes tells of itself, the proposals of theirs.'),
    closeUnmet: ended('has been closed: the need is not met'),
    withdraw: ended('has been withdrawn'),
    expire: ended('has expired, since nothing happened to it for long'),
  },
};
