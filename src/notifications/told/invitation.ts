import { links } from '../links.js';
import { peopleOfProvider, schoolPeopleOf } from '../roles.js';
import { audience, nobody, type ProcessNotices, tell } from '../telling.js';
import { isSchools, needOf, withoutBid } from './request.js';

const from = `invitation i JOIN request r ON r.id = i.request_id JOIN school s ON s.urn = r.school_urn JOIN provider p ON p.id = i.provider_id
  LEFT JOIN listing l ON l.id = i.listing_id`;

/** The provider, which does not learn which school a confidential request is of. */
export const invitationProvider = audience<{ provider: string; school: string | null; listing: string | null; expiresAt: Date }>('Invitation.provider', {
  from,
  id: 'i.id',
  about: 'i.request_id',
  to: peopleOfProvider('i.provider_id'),
  knows: { provider: 'p.name', school: 'CASE WHEN NOT r.confidential THEN s.name END', listing: 'l.title', expiresAt: 'i.expires_at' },
});

const school = audience<{ provider: string; need: string; questionsUntil: Date | null }>('Invitation.school', {
  from,
  id: 'i.id',
  about: 'i.request_id',
  to: withoutBid(schoolPeopleOf('r', 'request')),
  when: isSchools('r'),
  knows: { provider: 'p.name', need: needOf('r'), questionsUntil: 'r.questions_until' },
});

export const about = (listing: string | null) => (listing ? ` It is about “${listing}”.` : '');

export const invitationNotices: ProcessNotices = {
  process: 'Invitation',
  transitions: {
    send: [
      tell(invitationProvider, 'AT_ONCE', ({ provider, school, listing, expiresAt }) => ({
        subject: `${school ?? 'A school'} invites ${provider} to propose`,
        text: `${school ?? 'A school, which does not give its name yet,'} asks for support and invites ${provider} to make a proposal.${about(listing)}`,
        expected: 'Read what the school needs, ask what you must know, and make a proposal or decline.',
        due: expiresAt,
        link: links.notices,
      })),
    ],
    open: nobody('When somebody first looked at it is not the school’s to watch.'),
    ask: [
      tell(school, 'AT_ONCE', ({ need, questionsUntil }) => ({
        subject: 'A provider has asked about your request',
        text: `A provider that you invited has a question about the request “${need}”.`,
        expected: 'Answer it; all invited providers read the answer, and none learns who asked.',
        due: questionsUntil,
        link: links.notices,
      })),
    ],
    respond: nobody('The proposal tells of itself.'),
    decline: [
      tell(school, 'DIGEST', ({ provider, need }) => ({
        subject: `${provider} declines`,
        text: `${provider} will not make a proposal for the request “${need}”.`,
        link: links.notices,
      })),
    ],
    expire: [
      tell(invitationProvider, 'DIGEST', ({ school, listing }) => ({
        subject: 'An invitation has expired',
        text: `The closing date of an invitation by ${school ?? 'a school'} has passed without a proposal of yours.${about(listing)}`,
        link: links.notices,
      })),
      tell(school, 'DIGEST', ({ provider, need }) => ({
        subject: `${provider} has not answered`,
        text: `${provider} has not made a proposal in time for the request “${need}”.`,
        link: links.notices,
      })),
    ],
    reopen: nobody('The request tells all who are invited that its round is open again.'),
    cancel: [
      tell(invitationProvider, 'DIGEST', ({ school, listing }) => ({
        subject: 'An invitation has ended',
        text: `The request of ${school ?? 'a school'} that you were invited to has ended, so no proposal is needed any more.${about(listing)}`,
        link: links.notices,
      })),
    ],
  },
};
