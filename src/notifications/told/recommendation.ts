import { links } from '../links.js';
import { leadsOf, officersOf, peopleOfProvider } from '../roles.js';
import { audience, because, type ProcessNotices, tell } from '../telling.js';

interface Known {
  id: string;
  provider: string;
  school: string;
}
const from = 'recommendation r JOIN provider p ON p.id = r.provider_id JOIN school s ON s.urn = r.school_urn';
const knows = { id: 'r.id', provider: 'p.name', school: 's.name' };

export const recommendingLeads = audience<Known & { message: string; expiresAt: Date | null }>('Recommendation.leads', {
  from,
  id: 'r.id',
  to: leadsOf('r.school_urn'),
  knows: { ...knows, message: 'r.message', expiresAt: 'r.expires_at' },
});
export const recommendedPeople = audience<Known & { unconfirmed: boolean }>('Recommendation.provider', {
  from,
  id: 'r.id',
  to: peopleOfProvider('r.provider_id'),
  knows: { ...knows, unconfirmed: `r.independence = 'UNCONFIRMED'` },
});
const officers = audience<Known & { unconfirmed: boolean }>('Recommendation.officers', {
  from,
  id: 'r.id',
  to: officersOf('p.assuring_la', { provider: 'p.id', school: 'r.school_urn' }),
  knows: { ...knows, unconfirmed: `r.independence = 'UNCONFIRMED'` },
});

const decided = (what: (known: Known) => string, then: string) => [
  tell(recommendedPeople, 'AT_ONCE', (known, step) => ({
    subject: what(known),
    text: `${what(known)}. ${then}${because(step)}`,
    link: links.recommendation(known.id),
  })),
  tell(recommendingLeads, 'AT_ONCE', (known, step) => ({
    subject: what(known),
    text: `${what(known)}. ${then}${because(step)}`,
    link: links.recommendation(known.id),
  })),
];

export const recommendationNotices: ProcessNotices = {
  process: 'Recommendation',
  transitions: {
    invite: [
      tell(recommendingLeads, 'AT_ONCE', ({ id, provider, school, message, expiresAt }) => ({
        subject: `${provider} asks ${school} for a recommendation`,
        text: [`${provider} says that ${school} has used its support, and asks the school to recommend it to others.`, message && `They write:\n\n${message}`].filter(Boolean).join('\n\n'),
        expected: 'Answer, as a lead of the school (its head, chair of governors or business manager). It takes five minutes; saying no is fine and needs no reason.',
        due: expiresAt,
        link: links.recommendation(id),
      })),
    ],
    give: [
      tell(recommendedPeople, 'AT_ONCE', ({ id, provider, school, unconfirmed }) => ({
        subject: `${school} recommends ${provider}`,
        text: `${school} has recommended ${provider}.${unconfirmed ? ' It counts once an officer of your local authority has confirmed that the school is independent of you.' : ''}`,
        link: links.recommendation(id),
      })),
      tell(recommendingLeads, 'DIGEST', ({ id, provider, school }) => ({
        subject: `${school} recommends ${provider}`,
        text: `A colleague has recommended ${provider} for ${school}.`,
        link: links.recommendation(id),
      })),
      tell(officers, 'DIGEST', ({ id, provider, school, unconfirmed }) =>
        unconfirmed
          ? {
              subject: `Is ${school} independent of ${provider}?`,
              text: `${school} has recommended ${provider}. The school is an academy whose trust is not known here, so the recommendation does not count yet.`,
              expected: 'Confirm that the school is independent of the provider, or look into it.',
              link: links.recommendation(id),
            }
          : null,
      ),
    ],
    decline: [
      tell(recommendedPeople, 'DIGEST', ({ id, provider, school }) => ({
        subject: `${school} would rather not recommend ${provider}`,
        text: `${school} has answered that it would rather not. It need not say why.`,
        link: links.recommendation(id),
      })),
    ],
    expire: [
      tell(recommendedPeople, 'DIGEST', ({ id, provider, school }) => ({
        subject: `${school} has not answered`,
        text: `${school} has not answered in time whether it recommends ${provider}. You can ask again, or ask another school.`,
        link: links.recommendation(id),
      })),
    ],
    confirmIndependence: [
      tell(recommendedPeople, 'AT_ONCE', ({ id, provider, school }) => ({
        subject: `The recommendation of ${school} counts`,
        text: `An officer has confirmed that ${school} is independent of ${provider}. Its recommendation counts from now on.`,
        link: links.recommendation(id),
      })),
      tell(recommendingLeads, 'DIGEST', ({ id, provider, school }) => ({
        subject: `Your recommendation of ${provider} counts`,
        text: `An officer has confirmed that ${school} is independent of ${provider}.`,
        link: links.recommendation(id),
      })),
    ],
    renew: [
      tell(recommendedPeople, 'DIGEST', ({ id, provider, school }) => ({
        subject: `${school} recommends ${provider} again`,
        text: `${school} has renewed its recommendation of ${provider} for three more years.`,
        link: links.recommendation(id),
      })),
      tell(recommendingLeads, 'DIGEST', ({ id, provider, school }) => ({
        subject: `${school} recommends ${provider} again`,
        text: `A colleague has renewed the recommendation for three more years.`,
        link: links.recommendation(id),
      })),
    ],
    flag: decided(({ school, provider }) => `The recommendation of ${provider} by ${school} is being looked into`, 'It does not count meanwhile.'),
    uphold: decided(({ school, provider }) => `The recommendation of ${provider} by ${school} stands`, 'It counts again.'),
    reject: decided(({ school, provider }) => `The recommendation of ${provider} by ${school} has been rejected`, 'It cannot count.'),
    restoreOnAppeal: decided(({ school, provider }) => `The recommendation of ${provider} by ${school} stands`, 'What an officer had decided about it has been overturned.'),
    withdraw: [
      tell(recommendedPeople, 'AT_ONCE', ({ id, provider, school }) => ({
        subject: `${school} has taken its recommendation back`,
        text: `${school} no longer recommends ${provider}.`,
        link: links.recommendation(id),
      })),
      tell(recommendingLeads, 'DIGEST', ({ id, provider, school }) => ({
        subject: `${school} has taken its recommendation of ${provider} back`,
        text: `A colleague has taken the recommendation back.`,
        link: links.recommendation(id),
      })),
    ],
    lapse: [
      tell(recommendedPeople, 'AT_ONCE', ({ id, provider, school }) => ({
        subject: `The recommendation of ${school} has lapsed`,
        text: `The recommendation of ${provider} by ${school} is more than three years old and no longer counts. The school can recommend you anew.`,
        link: links.recommendation(id),
      })),
      tell(recommendingLeads, 'DIGEST', ({ id, provider, school }) => ({
        subject: `Your recommendation of ${provider} has lapsed`,
        text: `The recommendation of ${provider} by ${school} is more than three years old and no longer counts. You can give a new one.`,
        link: links.recommendation(id),
      })),
    ],
  },
};
