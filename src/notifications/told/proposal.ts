import { links } from '../links.js';
import { peopleOfProvider, schoolPeopleOf } from '../roles.js';
import { audience, type ProcessNotices, tell } from '../telling.js';
import { about } from './invitation.js';
import { isSchools, needOf, withoutBid } from './request.js';

const from = `proposal q JOIN invitation i ON i.id = q.invitation_id JOIN request r ON r.id = q.request_id JOIN school s ON s.urn = r.school_urn
  JOIN provider p ON p.id = q.provider_id LEFT JOIN listing l ON l.id = i.listing_id`;

/** The provider, which learns which school a confidential request is of once the school has chosen its proposal. */
const provider = audience<{ school: string | null; listing: string | null }>('Proposal.provider', {
  from,
  id: 'q.id',
  about: 'q.request_id',
  to: peopleOfProvider('q.provider_id'),
  knows: { school: `CASE WHEN NOT r.confidential OR q.state = 'CHOSEN' THEN s.name END`, listing: 'l.title' },
});

/** The school, for which proposals are sealed until it begins to read them. */
const school = audience<{ provider: string | null; need: string; closesAt: Date | null }>('Proposal.school', {
  from,
  id: 'q.id',
  about: 'q.request_id',
  to: withoutBid(schoolPeopleOf('r', 'request')),
  when: isSchools('r'),
  knows: { provider: 'CASE WHEN r.proposals_read_at IS NOT NULL THEN p.name END', need: needOf('r'), closesAt: 'r.closes_at' },
});

export const proposalNotices: ProcessNotices = {
  process: 'Proposal',
  transitions: {
    submit: [
      tell(school, 'AT_ONCE', ({ need, closesAt }) => ({
        subject: 'There is a proposal for your request',
        text: `A provider has made a proposal for the request “${need}”. Proposals are sealed until you begin to read them.`,
        expected: 'Read the proposals side by side once all you wait for are there.',
        due: closesAt,
        link: links.notices,
      })),
    ],
    revise: [
      tell(school, 'AT_ONCE', ({ provider, need }) =>
        provider ? {
          subject: `${provider} has revised its proposal`,
          text: `${provider} has changed the proposal that you are reading, for the request “${need}”.`,
          link: links.notices,
        } : null,
      ),
    ],
    withdraw: [
      tell(school, 'AT_ONCE', ({ provider, need }) => ({
        subject: `${provider ?? 'A provider'} has withdrawn its proposal`,
        text: `${provider ?? 'A provider'} has taken back its proposal for the request “${need}”.`,
        link: links.notices,
      })),
    ],
    choose: [
      tell(provider, 'AT_ONCE', ({ school, listing }) => ({
        subject: 'Your proposal has been chosen',
        text: `${school ?? 'The school'} has chosen your proposal.${about(listing)} This is not a contract yet: agree with the school how you work together.`,
        expected: 'Look at what is agreed, name who comes, and confirm the checks of those who work with pupils.',
        link: links.notices,
      })),
    ],
    notChosen: [
      tell(provider, 'AT_ONCE', ({ school, listing }) => ({
        subject: 'Your proposal has not been chosen',
        text: `${school ?? 'The school'} has ended its request without choosing your proposal. Thank you for making it.${about(listing)}`,
        link: links.notices,
      })),
    ],
  },
};
