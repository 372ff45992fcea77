import { awaitsOfficer, EXCUSED_DAYS, type Obstacle, whyItWaits } from '../../directory/index.js';
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
  about: 'r.provider_id',
  to: leadsOf('r.school_urn'),
  knows: { ...knows, message: 'r.message', expiresAt: 'r.expires_at' },
});
export const recommendedPeople = audience<Known & { waits: boolean }>('Recommendation.provider', {
  from,
  id: 'r.id',
  about: 'r.provider_id',
  to: peopleOfProvider('r.provider_id'),
  knows: { ...knows, waits: awaitsOfficer('r') },
});
interface Waiting extends Known {
  trustUnknown: boolean;
  found: Obstacle[];
  excused: Obstacle[];
}
const notAccepted = (obstacles: string) => `ARRAY(SELECT unnest(r.${obstacles}) EXCEPT SELECT unnest(r.accepted))`;
const officers = audience<Waiting>('Recommendation.officers', {
  from,
  id: 'r.id',
  about: 'r.provider_id',
  to: officersOf('p.assuring_la', { provider: 'p.id', school: 'r.school_urn' }),
  knows: { ...knows, trustUnknown: `r.independence = 'UNCONFIRMED'`, found: notAccepted('obstacles'), excused: notAccepted('excused') },
});

/** Why the officer has to decide; what is said to the officer alone. */
const reasonsToWait = ({ trustUnknown, found, excused, school, provider }: Waiting): string[] =>
  whyItWaits(trustUnknown, found, excused, { schoolName: school, providerName: provider });

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

/** Also the successor of the school that was asked. */
const invited = tell(recommendingLeads, 'AT_ONCE', ({ id, provider, school, message, expiresAt }) => ({
  subject: `${provider} asks ${school} for a recommendation`,
  text: [`${provider} says that ${school} has used its support, and asks the school to recommend it to others.`, message && `They write:\n\n${message}`].filter(Boolean).join('\n\n'),
  expected: 'Answer, as a lead of the school (its head, chair of governors or business manager). It takes five minutes; saying no is fine and needs no reason.',
  due: expiresAt,
  link: links.recommendation(id),
}));

export const recommendationNotices: ProcessNotices = {
  process: 'Recommendation',
  transitions: {
    invite: [invited],
    passOn: [invited],
    endWithSchool: [
      tell(recommendedPeople, 'DIGEST', ({ id, provider, school }) => ({
        subject: `${school} has become another school`,
        text: `${school}, which ${provider} had asked for a recommendation, has become several schools, or one that has been asked or has answered already. You can ask whichever you mean anew.`,
        link: links.recommendation(id),
      })),
    ],
    give: [
      tell(recommendedPeople, 'AT_ONCE', ({ id, provider, school, waits }) => ({
        subject: `${school} recommends ${provider}`,
        text: `${school} has recommended ${provider}.${waits ? ' It counts once an officer of your local authority has confirmed that the school is independent of you.' : ''}`,
        link: links.recommendation(id),
      })),
      tell(recommendingLeads, 'DIGEST', ({ id, provider, school }) => ({
        subject: `${school} recommends ${provider}`,
        text: `A colleague has recommended ${provider} for ${school}.`,
        link: links.recommendation(id),
      })),
      tell(officers, 'DIGEST', (known) => {
        const why = reasonsToWait(known);
        const { id, provider, school } = known;
        if (why.length === 0) return null;
        return {
          subject: `Is ${school} independent of ${provider}?`,
          text: `${school} has recommended ${provider}. The recommendation does not count yet. ${why.join(' ')}`,
          expected: 'Confirm that the school is independent of the provider, or look into it.',
          link: links.recommendation(id),
        };
      }),
    ],
    // School and provider are told of the nomination that it comes of.
    giveNominated: [
      tell(officers, 'DIGEST', (known) => {
        const why = reasonsToWait(known);
        const { id, provider, school } = known;
        if (why.length === 0) return null;
        return {
          subject: `Is ${school} independent of ${provider}?`,
          text: `${provider} has taken up its nomination by ${school}, which recommends it thereby. The recommendation does not count yet. ${why.join(' ')}`,
          expected: 'Confirm that the school is independent of the provider, or look into it.',
          link: links.recommendation(id),
        };
      }),
    ],
    excuse: [
      tell(recommendedPeople, 'AT_ONCE', ({ id, provider, school }) => ({
        subject: `The recommendation of ${school} counts for ${EXCUSED_DAYS} days`,
        text: `Something that others have changed has brought ${school} nearer to ${provider}, or to another school that recommends it. Its recommendation counts for ${EXCUSED_DAYS} days meanwhile, and an officer of your local authority decides whether it goes on counting.`,
        expected: 'Nothing, unless you would then have too few: you can ask another school now.',
        link: links.recommendation(id),
      })),
      tell(recommendingLeads, 'AT_ONCE', ({ id, provider, school }) => ({
        subject: `Your recommendation of ${provider} counts for ${EXCUSED_DAYS} days`,
        text: `Something that others have changed has brought ${school} nearer to ${provider}, or to another school that recommends it. The recommendation counts for ${EXCUSED_DAYS} days meanwhile, and an officer of the provider’s local authority decides whether it goes on counting.`,
        link: links.recommendation(id),
      })),
      tell(officers, 'AT_ONCE', (known) => ({
        subject: `Is ${known.school} still independent of ${known.provider}?`,
        text: [
          `An import of schools, or what others have changed, has brought ${known.school} nearer to ${known.provider}, or to another school that recommends it. Its recommendation counts for ${EXCUSED_DAYS} days meanwhile.`,
          ...reasonsToWait({ ...known, excused: [] }), // said in the first sentence
        ].join(' '),
        expected: 'Confirm that the school is independent of the provider, or look into it.',
        link: links.recommendation(known.id),
      })),
    ],
    awaitOfficer: [
      tell(recommendedPeople, 'AT_ONCE', ({ id, provider, school }) => ({
        subject: `The recommendation of ${school} waits for an officer`,
        text: `Something that others have changed stands against the recommendation of ${provider} by ${school}. It does not count until an officer of your local authority has confirmed that the school is independent of you.`,
        expected: 'Nothing, unless you now have too few: you can ask another school.',
        link: links.recommendation(id),
      })),
      tell(recommendingLeads, 'AT_ONCE', ({ id, provider, school }) => ({
        subject: `Your recommendation of ${provider} waits for an officer`,
        text: `Something that others have changed stands against the recommendation of ${provider} by ${school}. It does not count until an officer of the provider’s local authority has confirmed that the school is independent of it.`,
        link: links.recommendation(id),
      })),
      tell(officers, 'AT_ONCE', (known) => ({
        subject: `Is ${known.school} still independent of ${known.provider}?`,
        text: [`The recommendation of ${known.provider} by ${known.school} does not count any more, because of what others have changed.`, ...reasonsToWait(known)].join(' '),
        expected: 'Confirm that the school is independent of the provider, or look into it.',
        link: links.recommendation(known.id),
      })),
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
    change: [
      tell(recommendingLeads, 'AT_ONCE', ({ id, provider, school }) => ({
        subject: `${provider} has changed what ${school} recommends`,
        text: `${provider} has changed a listing for which ${school} vouches, so that it may be something else now. Your recommendation does not count for it meanwhile.`,
        expected: 'Look at what it was and what it is. If it still is what you used, say so: it takes one click.',
        link: links.recommendation(id),
      })),
    ],
    affirm: [
      tell(recommendedPeople, 'AT_ONCE', ({ id, provider, school }) => ({
        subject: `${school} vouches for what you changed`,
        text: `${school} has said that what ${provider} has changed still is what it used. Its recommendation counts for that again.`,
        link: links.recommendation(id),
      })),
      tell(recommendingLeads, 'DIGEST', ({ id, provider, school }) => ({
        subject: `${school} vouches for what ${provider} changed`,
        text: `A colleague has said that what ${provider} has changed still is what ${school} used.`,
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
