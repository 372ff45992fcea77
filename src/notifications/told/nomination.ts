import { nominationIsFor } from '../../directory/index.js';
import { longDay } from '../../platform/days.js';
import { lastDayOf } from '../../platform/clock.js';
import { links } from '../links.js';
import { leadsOf, peopleOfProvider } from '../roles.js';
import { audience, because, type ProcessNotices, type Step, tell } from '../telling.js';

interface Known {
  name: string;
  school: string;
  expiresAt: Date;
}
const from = 'nomination n JOIN school s ON s.urn = n.school_urn';
const knows = { name: 'n.name', school: 's.name', expiresAt: 'n.expires_at' };

const leads = audience<Known>('Nomination.leads', { from, id: 'n.id', to: leadsOf('n.school_urn'), knows });

/** Those with an account of the address, whether or not they have a provider. */
const nominated = audience<Known>('Nomination.nominated', {
  from,
  id: 'n.id',
  to: `SELECT holder.id AS person_id, 'PERSON' AS as_kind, holder.id::text AS as_id FROM person holder WHERE holder.email = n.email`,
  knows,
});

/** The administrators of each provider that can take it up. Unless they have acted on it, no mail to them has what the school has typed. */
const administrators = audience<Known>('Nomination.administrators', {
  from,
  id: 'n.id',
  to: `SELECT m.person_id, 'PROVIDER' AS as_kind, m.provider_id::text AS as_id FROM membership m
       WHERE m.role = 'PROVIDER_ADMIN' AND m.ended_at IS NULL AND m.confirmed_at IS NOT NULL AND ${nominationIsFor('n', 'm.provider_id')}`,
  knows,
});

interface TakenUp {
  id: string;
  provider: string;
  school: string;
  /** Titles of the listings that it names. */
  listings: string;
  /** Those of them that are another in substance than what was nominated. */
  changed: string | null;
  otherName: boolean;
}
const taken = `${from} JOIN provider p ON p.id = n.provider_id`;
const titles = (which: string) =>
  `(SELECT string_agg('“' || l.title || '”', ', ' ORDER BY l.title, l.id) FROM recommendation_listing v JOIN listing l ON l.id = v.listing_id WHERE v.recommendation_id = n.recommendation_id${which})`;
const takenUp = {
  id: 'n.recommendation_id',
  provider: 'p.name',
  school: 's.name',
  listings: `coalesce(${titles('')}, '')`,
  changed: titles(' AND v.changed_at IS NOT NULL'),
  otherName: 'n.other_name',
};
const recommenders = audience<TakenUp>('Nomination.recommenders', { from: taken, id: 'n.id', about: 'n.provider_id', to: leadsOf('n.school_urn'), knows: takenUp });
const recommended = audience<TakenUp>('Nomination.recommended', { from: taken, id: 'n.id', about: 'n.provider_id', to: peopleOfProvider('n.provider_id'), knows: takenUp });

const over = (what: (known: Known) => string, then: (known: Known) => string) => [
  tell(nominated, 'DIGEST', (known: Known) => ({ subject: what(known), text: `${what(known)}. ${then(known)}`, link: links.notices })),
];

const inTheWay = (expected: (known: Known) => string) => (known: Known, step: Step) => ({
  subject: `The nomination of ${known.name} cannot be taken up`,
  text: `${known.name} wanted to take up its nomination by ${known.school}, and something stands in the way.${because(step)}`,
  expected: expected(known),
  link: links.notices,
});

export const nominationNotices: ProcessNotices = {
  process: 'Nomination',
  transitions: {
    // The address is told by the mail that the step sends: whose it is need not be known here.
    nominate: [
      tell(leads, 'DIGEST', ({ name, school, expiresAt }) => ({
        subject: `${school} has nominated ${name}`,
        text: `A colleague has nominated ${name}, which is not registered yet, on the school’s experience with it. It counts for nothing until ${name} takes it up, for which there is time until ${longDay(lastDayOf(expiresAt))}.`,
        link: links.notices,
      })),
    ],
    takeUp: [
      tell(recommenders, 'AT_ONCE', ({ id, provider, school, listings, changed, otherName }) => ({
        subject: `${provider} has taken up your nomination`,
        text: [
          `${provider} has taken up what ${school} said of it, and names as that: ${listings}. It is a recommendation by ${school} from now on, which you can take back at any time.`,
          ...(changed ? [`It does not count yet for ${changed}, which may be something else than you nominated.`] : []),
          ...(otherName ? ['You nominated it under another name, so it counts once an officer of its local authority has looked at it. If this is not whom you meant, take it back.'] : []),
        ].join(' '),
        ...(changed ? { expected: 'Look at what you nominated and what is offered. If it is what you used, say so: it takes one click.' } : {}),
        link: links.recommendation(id),
      })),
      tell(recommended, 'AT_ONCE', ({ id, provider, school, changed, otherName }) => ({
        subject: `${school} recommends ${provider}`,
        text: [
          `A colleague has taken up the nomination by ${school}. It is a recommendation from now on.`,
          ...(changed ? [`For ${changed} it counts once the school has said that this is what it used.`] : []),
          ...(otherName ? ['You were nominated under another name, so it counts once an officer of your local authority has looked at it.'] : []),
        ].join(' '),
        link: links.recommendation(id),
      })),
    ],
    obstruct: [
      tell(leads, 'AT_ONCE', inTheWay(() => 'Another lead of the school who is not concerned by this can recommend the provider once schools see it. Withdraw the nomination if it is to end.')),
      tell(administrators, 'AT_ONCE', inTheWay(({ school }) => `Ask ${school} to recommend you if another of its leads can, or ask another school.`)),
    ],
    withdraw: [
      ...over(({ school }) => `${school} has taken its nomination back`, () => 'There is nothing left to take up.'),
      tell(leads, 'DIGEST', ({ name, school }) => ({ subject: `${school} has taken its nomination of ${name} back`, text: `A colleague has taken the nomination of ${name} back.`, link: links.notices })),
    ],
    decline: [
      tell(leads, 'AT_ONCE', ({ name, school }) => ({
        subject: `The nomination of ${name} has been declined`,
        text: `The person with the address that ${school} gave for ${name} would rather not take the nomination up. They need not say why.`,
        link: links.notices,
      })),
    ],
    passOn: [
      tell(leads, 'AT_ONCE', ({ name, school }) => ({
        subject: `The nomination of ${name} needs another lead`,
        text: `Whoever nominated ${name} for ${school} no longer leads the school. Until another lead stands by the nomination ${name} cannot take it up.`,
        expected: 'Stand by it if the school still would recommend them and you have no interest in them; or withdraw it.',
        link: links.notices,
      })),
    ],
    standBy: [
      tell(leads, 'DIGEST', ({ name, school }) => ({ subject: `${school} stands by its nomination of ${name}`, text: `A colleague stands by the nomination of ${name}, which can be taken up again.`, link: links.notices })),
      tell(administrators, 'DIGEST', ({ school }) => ({ subject: `${school} stands by its nomination`, text: `Another lead of ${school} stands by the nomination, so that you can take it up.`, link: links.notices })),
    ],
    closeForLeaver: over(({ school }) => `The nomination by ${school} has ended`, ({ school }) => `${school} has no lead on Signpost any more who could vouch for you.`),
    expire: [
      ...over(({ school }) => `The nomination by ${school} has expired`, () => 'It was not taken up within a year.'),
      tell(leads, 'DIGEST', ({ name, school }) => ({
        subject: `The nomination of ${name} has expired`,
        text: `${name} has not taken up its nomination by ${school} within a year. You can nominate it anew, or recommend it once it is registered.`,
        link: links.notices,
      })),
    ],
    endWithSchool: over(({ school }) => `The nomination by ${school} has ended`, ({ school }) => `${school} has closed. Only open schools recommend.`),
  },
};
