import { links } from './links.js';
import { invitationProvider } from './told/invitation.js';
import { engagementProvider, engagementSchool, engagementSips, unsignedEngagements, unsignedOfficers, unsignedSchool } from './told/engagement.js';
import { officersWhoCheck, providerPeople } from './told/provider.js';
import { recommendedPeople, recommendingLeads } from './told/recommendation.js';
import { referralLeads } from './told/referral.js';
import { proposalReaders, withoutReader } from './told/request.js';
import { type Audience, type Deadline, tell, type Telling } from './telling.js';

/** What is told because of a day that comes, once for each object and deadline, and never of what has ended. */
export interface Reminder {
  /** Unique, and kept with the notice. */
  name: string;
  /** What it is about and when, for the documentation. */
  says: string;
  /** A select of Deadline: $1 is the moment, $2 the day in England. */
  near: string;
  /** A statement that keeps, before, since when something holds that has no moment of its own: $1 is the moment. */
  keep?: string;
  tells: readonly Telling<Deadline>[];
}

/** The end of a day in England. */
const endOf = (day: string) => `((${day} + 1)::timestamp AT TIME ZONE 'Europe/London')`;
const moment = (at: string) => `extract(epoch FROM ${at})::bigint::text`;
const AT_WORK = `e.state IN ('AGREED', 'IN_PROGRESS')`;
const nearAction = (owner: string) => `
  SELECT e.id AS "objectId", a.id || ' ' || a.due_on AS deadline, ${endOf('a.due_on')} AS at, a.what
  FROM engagement_action a JOIN engagement e ON e.id = a.engagement_id
  WHERE ${AT_WORK} AND a.owner = '${owner}' AND a.done_at IS NULL AND a.due_on > $2::date AND a.due_on <= $2::date + 3 AND $1::timestamptz IS NOT NULL`;
const action = (owner: string, to: Audience<{ title: string }>): Reminder => ({
  name: `action-due-${owner.toLowerCase()}`,
  says: 'An agreed action is due within three days.',
  near: nearAction(owner),
  tells: [
    tell(to, 'DIGEST', ({ title }, { what, at }) => ({
      subject: `Due soon: “${title}”`,
      text: `Agreed for “${title}”, and not done yet: ${what}`,
      expected: 'Do it and tick it off.',
      due: at,
      link: links.notices,
    })),
  ],
});

const CHECKS: Record<string, string> = { SAFEGUARDING: 'safeguarding statement', INSURANCE: 'insurance', INTERESTS: 'interests' };

export const reminders: readonly Reminder[] = [
  {
    name: 'invitation-closes',
    says: 'An invitation to propose closes within two days and has not been answered.',
    near: `
      SELECT i.id AS "objectId", ${moment('i.expires_at')} AS deadline, i.expires_at AS at, NULL AS what FROM invitation i JOIN request r ON r.id = i.request_id
      WHERE i.state IN ('SENT', 'OPENED') AND r.state = 'OPEN' AND i.expires_at > $1 AND i.expires_at <= $1::timestamptz + interval '2 days'
        AND i.sent_at <= $1::timestamptz - interval '1 day' AND $2::date IS NOT NULL`,
    tells: [
      tell(invitationProvider, 'AT_ONCE', ({ school, provider, listing }, { at }) => ({
        subject: 'An invitation to propose closes soon',
        text: `${school ?? 'A school'} has invited ${provider} to propose${listing ? `, about “${listing}”` : ''}, and you have not answered yet.`,
        expected: 'Make a proposal or decline.',
        due: at,
        link: links.notices,
      })),
    ],
  },
  {
    name: 'proposals-wait',
    says: 'The closing date of a request has passed and nobody has read the proposals.',
    near: `
      SELECT r.id AS "objectId", ${moment('r.closes_at')} AS deadline, r.closes_at AS at, NULL AS what FROM request r
      WHERE r.state = 'OPEN' AND r.proposals_read_at IS NULL AND r.closes_at <= $1 AND $2::date IS NOT NULL
        AND EXISTS (SELECT FROM proposal q WHERE q.request_id = r.id AND q.state = 'SUBMITTED')`,
    tells: [
      tell(proposalReaders, 'AT_ONCE', ({ need, proposals }) => ({
        subject: 'Proposals wait for you',
        text: `The closing date of the request “${need}” has passed. ${proposals === 1 ? 'One proposal waits' : `${proposals} proposals wait`} to be read.`,
        expected: 'Read them side by side, then choose one or close the request.',
        link: links.notices,
      })),
      tell(withoutReader, 'AT_ONCE', ({ need, la }) => ({
        subject: 'Somebody else has to read the proposals',
        text: `The closing date of the request “${need}” has passed. All who see it have an interest in a provider that is invited, so none of you reads the proposals or chooses.`,
        expected: `Let another lead see the request, or have an officer of ${la} confirm one, such as the chair of governors.`,
        link: links.notices,
      })),
    ],
  },
  {
    name: 'nobody-signs',
    says: 'What a school has agreed waits for a signature, and nobody is left who may give it.',
    // Told anew once somebody could sign, or has signed, in between.
    keep: `
      WITH now AS (${unsignedEngagements}), gone AS (DELETE FROM unsigned_engagement WHERE engagement_id NOT IN (SELECT id FROM now))
      INSERT INTO unsigned_engagement (engagement_id, since) SELECT id, $1 FROM now ON CONFLICT DO NOTHING`,
    near: `
      SELECT u.engagement_id AS "objectId", ${moment('greatest(u.since, e.signed_off_at)')} AS deadline, $1::timestamptz AS at, NULL AS what
      FROM unsigned_engagement u JOIN engagement e ON e.id = u.engagement_id WHERE $2::date IS NOT NULL`,
    tells: [
      tell(unsignedSchool, 'AT_ONCE', ({ title, provider, la }) => ({
        subject: `Nobody can sign “${title}” off`,
        text: `“${title}” with ${provider} waits for the signature that your school’s plan needs. No School Improvement Partner of yours may give it, and nobody stands in. The officers of ${la} have been told: one of them names who stands in, or signs.`,
        expected: `Speak with an officer of ${la}, or end it.`,
        link: links.notices,
      })),
      tell(unsignedOfficers, 'AT_ONCE', ({ title, school, provider }) => ({
        subject: `${school} has nobody who can sign`,
        text: `“${title}” of ${school} with ${provider} waits for a signature. The school has no School Improvement Partner who may give it, and nobody stands in.`,
        expected: 'Assign a School Improvement Partner, say who stands in for schools without one, or sign it yourself.',
        link: links.notices,
      })),
    ],
  },
  {
    name: 'check-expires',
    says: 'A check of a provider expires within thirty days.',
    near: `
      SELECT c.provider_id AS "objectId", c.kind || ' ' || c.ends AS deadline, ${endOf('c.ends')} AS at, c.kind AS what
      FROM (
        SELECT c.*, check_ends(c.expires_on, c.checked_at, life.months) AS ends
        FROM provider_check c LEFT JOIN check_life life ON life.la_code = c.la_code AND life.kind = c.kind
      ) c JOIN provider p ON p.id = c.provider_id
      WHERE NOT c.expired AND p.state IN ('AWAITING_RECOMMENDATIONS', 'LISTED', 'LAPSED')
        AND c.ends >= $2::date AND c.ends <= $2::date + 30 AND $1::timestamptz IS NOT NULL`,
    tells: [
      tell(providerPeople, 'DIGEST', ({ id, name }, { what, at }) => ({
        subject: `A check of ${name} expires soon`,
        text: `The check of your ${CHECKS[what!]} expires. Without it ${name} cannot stay listed.`,
        expected: 'Give your local authority what it needs to check it again.',
        due: at,
        link: links.wayToBeingListed(id),
      })),
      tell(officersWhoCheck, 'DIGEST', ({ id, name }, { what, at }) => ({
        subject: `A check of ${name} expires soon`,
        text: `The check of the ${CHECKS[what!]} of ${name} expires.`,
        expected: 'Check it again.',
        due: at,
        link: links.checks(id),
      })),
    ],
  },
  {
    name: 'recommendation-invitation-expires',
    says: 'A school has five days left to answer whether it recommends a provider.',
    near: `
      SELECT r.id AS "objectId", ${moment('r.expires_at')} AS deadline, r.expires_at AS at, NULL AS what FROM recommendation r
      WHERE r.state = 'INVITED' AND r.expires_at > $1 AND r.expires_at <= $1::timestamptz + interval '5 days' AND $2::date IS NOT NULL`,
    tells: [
      tell(recommendingLeads, 'DIGEST', ({ id, provider, school }, { at }) => ({
        subject: `${provider} waits for your answer`,
        text: `${provider} has asked ${school} for a recommendation and has no answer yet.`,
        expected: 'Recommend it or say no. Saying no needs no reason.',
        due: at,
        link: links.recommendation(id),
      })),
    ],
  },
  {
    name: 'recommendation-lapses',
    says: 'A recommendation lapses within ninety days.',
    near: `
      SELECT r.id AS "objectId", ${moment('r.lapses_at')} AS deadline, r.lapses_at AS at, NULL AS what FROM recommendation r
      WHERE r.state = 'GIVEN' AND r.lapses_at > $1 AND r.lapses_at <= $1::timestamptz + interval '90 days' AND $2::date IS NOT NULL`,
    tells: [
      tell(recommendingLeads, 'DIGEST', ({ id, provider, school }, { at }) => ({
        subject: `The recommendation of ${provider} lapses soon`,
        text: `${school} recommended ${provider} nearly three years ago. After three years it no longer counts.`,
        expected: 'Renew it if the school has used the support since and still vouches for it.',
        due: at,
        link: links.recommendation(id),
      })),
      tell(recommendedPeople, 'DIGEST', ({ id, provider, school }, { at }) => ({
        subject: `The recommendation of ${school} lapses soon`,
        text: `The recommendation of ${provider} by ${school} is nearly three years old. After three years it no longer counts.`,
        expected: 'Ask the school whether it renews it, or ask another one.',
        due: at,
        link: links.recommendation(id),
      })),
    ],
  },
  {
    name: 'referral-expires',
    says: 'A school has five days left to answer a referral.',
    near: `
      SELECT r.id AS "objectId", ${moment('r.expires_at')} AS deadline, r.expires_at AS at, NULL AS what FROM referral r
      WHERE r.state = 'SENT' AND r.expires_at > $1 AND r.expires_at <= $1::timestamptz + interval '5 days' AND $2::date IS NOT NULL`,
    tells: [
      tell(referralLeads, 'DIGEST', ({ school, listings }, { at }) => ({
        subject: `A referral waits for ${school}`,
        text: `Your School Improvement Partner has suggested that ${school} looks at:\n\n${listings}`,
        expected: 'Accept it or say no. You need not say why.',
        due: at,
        link: links.notices,
      })),
    ],
  },
  {
    name: 'review-due',
    says: 'A review is due within seven days.',
    near: `
      SELECT e.id AS "objectId", d.due_on::text AS deadline, ${endOf('d.due_on')} AS at, NULL AS what
      FROM engagement_review_date d JOIN engagement e ON e.id = d.engagement_id
      WHERE ${AT_WORK} AND d.due_on > $2::date AND d.due_on <= $2::date + 7 AND $1::timestamptz IS NOT NULL`,
    tells: [
      tell(engagementSchool, 'DIGEST', ({ title }, { at }) => ({
        subject: `A review is due: “${title}”`,
        text: `You wanted to look at how “${title}” goes.`,
        expected: 'Hold the review and record it: red, amber or green.',
        due: at,
        link: links.notices,
      })),
    ],
  },
  action('SCHOOL', engagementSchool),
  action('PROVIDER', engagementProvider),
  action('SIP', engagementSips),
];
