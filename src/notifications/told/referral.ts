import { links } from '../links.js';
import { leadsOf, sipOf } from '../roles.js';
import { audience, nobody, type ProcessNotices, tell } from '../telling.js';

interface Known {
  school: string;
  listings: string;
  expiresAt: Date;
}
const from = 'referral r JOIN school s ON s.urn = r.school_urn';
const knows = {
  school: 's.name',
  listings: `(SELECT string_agg('- ' || l.title || ' (' || l.provider_name || ')', E'\\n' ORDER BY l.nth) FROM referral_listing l WHERE l.referral_id = r.id)`,
  expiresAt: 'r.expires_at',
};

export const referralLeads = audience<Known>('Referral.leads', { from, id: 'r.id', to: leadsOf('r.school_urn'), knows });
const sip = audience<Known>('Referral.sip', { from, id: 'r.id', to: sipOf('coalesce(r.handed_to, r.sip_id)', 'r.school_urn'), knows });

export const referralNotices: ProcessNotices = {
  process: 'Referral',
  transitions: {
    send: [
      tell(referralLeads, 'AT_ONCE', ({ school, listings, expiresAt }) => ({
        subject: `Support that may fit ${school}`,
        text: `Your School Improvement Partner suggests that ${school} looks at:\n\n${listings}`,
        expected: 'Accept it, which makes a draft request that only you see, or say no. You need not say why.',
        due: expiresAt,
        link: links.notices,
      })),
    ],
    accept: [
      tell(sip, 'AT_ONCE', ({ school, listings }) => ({
        subject: `${school} has accepted your referral`,
        text: `${school} goes on with what you suggested:\n\n${listings}`,
        link: links.notices,
      })),
      tell(referralLeads, 'DIGEST', ({ school }) => ({
        subject: `${school} has accepted a referral`,
        text: `A colleague has accepted a referral of your School Improvement Partner. There is a draft request now.`,
        link: links.notices,
      })),
    ],
    decline: [
      tell(sip, 'AT_ONCE', ({ school }) => ({
        subject: `${school} has declined your referral`,
        text: `${school} would rather not go on with what you suggested.`,
        link: links.notices,
      })),
    ],
    passOn: [
      tell(referralLeads, 'DIGEST', ({ school, listings, expiresAt }) => ({
        subject: `A referral is now to ${school}`,
        text: `Your school has become ${school}, which answers what its School Improvement Partner suggests:\n\n${listings}`,
        expected: 'Accept it, which makes a draft request that only you see, or say no. You need not say why.',
        due: expiresAt,
        link: links.notices,
      })),
    ],
    endWithSchool: [
      tell(sip, 'DIGEST', ({ school }) => ({
        subject: `Your referral of ${school} has ended`,
        text: `${school} has become several schools, or one to which you had referred the same. You can refer whichever you mean.`,
        link: links.notices,
      })),
    ],
    expire: [
      tell(sip, 'DIGEST', ({ school }) => ({
        subject: `${school} has not answered your referral`,
        text: `${school} has not answered in time. You can refer it again.`,
        link: links.notices,
      })),
      tell(referralLeads, 'DIGEST', ({ school }) => ({
        subject: `A referral of ${school} has expired`,
        text: 'The time to answer a referral of your School Improvement Partner is over. Ask for it again if you need it.',
        link: links.notices,
      })),
    ],
    handOver: nobody('The end of the SIP’s work with the school tells its leads and whoever takes over.'),
    withdraw: [
      tell(referralLeads, 'DIGEST', ({ school }) => ({
        subject: `A referral of ${school} has been taken back`,
        text: 'Your School Improvement Partner has taken a referral back.',
        link: links.notices,
      })),
    ],
  },
};
