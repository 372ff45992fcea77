import { links } from '../links.js';
import { leadsOf } from '../roles.js';
import { audience, because, nobody, type ProcessNotices, tell } from '../telling.js';

interface Known {
  name: string;
  school: string;
}
const from = 'partnership_school ps JOIN partnership p ON p.id = ps.partnership_id JOIN school s ON s.urn = ps.school_urn';
const knows = { name: 'p.name', school: 's.name' };

const leads = audience<Known>('PartnershipPlace.leads', { from, id: 'ps.id', to: leadsOf('ps.school_urn'), knows });
/** The leads of its other schools. */
const partners = audience<Known>('PartnershipPlace.partners', {
  from,
  id: 'ps.id',
  to: `SELECT told.* FROM partnership_school other CROSS JOIN LATERAL (${leadsOf('other.school_urn')}) told
       WHERE other.partnership_id = p.id AND other.state = 'MEMBER' AND other.id <> ps.id`,
  knows,
});

const toPartners = (what: (known: Known) => string) => tell(partners, 'DIGEST', (known: Known) => ({ subject: what(known), text: `${what(known)}.`, link: links.notices }));

export const partnershipNotices: ProcessNotices = {
  process: 'PartnershipPlace',
  transitions: {
    found: nobody('Whoever begins a partnership knows, and there is nobody else in it yet.'),
    propose: [
      tell(leads, 'AT_ONCE', ({ name, school }) => ({
        subject: `${school} is asked to join “${name}”`,
        text: `Schools of the partnership “${name}” ask ${school} to join it. Whoever searches around one of its schools finds what the others offer first.`,
        expected: 'Accept or decline, as a lead of the school; saying no is fine and needs no reason.',
        link: links.notices,
      })),
    ],
    enter: [
      tell(leads, 'AT_ONCE', ({ name, school }) => ({
        subject: `${school} is entered as a school of “${name}”`,
        text: `An officer of your local authority has entered ${school} as a school of the partnership “${name}”.`,
        expected: 'Leave it if that is not so.',
        link: links.notices,
      })),
    ],
    accept: [toPartners(({ name, school }) => `${school} has joined “${name}”`)],
    decline: [toPartners(({ name, school }) => `${school} would rather not join “${name}”`)],
    leave: [toPartners(({ name, school }) => `${school} has left “${name}”`)],
    remove: [
      tell(leads, 'AT_ONCE', ({ name, school }, step) => ({
        subject: `${school} is no longer in “${name}”`,
        text: `An officer of your local authority has taken ${school} out of the partnership “${name}”.${because(step)}`,
        link: links.notices,
      })),
    ],
  },
};
