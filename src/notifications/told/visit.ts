import { links } from '../links.js';
import { leadsOf, sipOf } from '../roles.js';
import { audience, nobody, type ProcessNotices, tell } from '../telling.js';

/** The note is in no notice: it is for those who come and read it. */
interface Known {
  school: string;
  focus: string;
  day: string;
}
const from = 'visit v JOIN school s ON s.urn = v.school_urn';
const knows = { school: 's.name', focus: 'v.focus', day: `to_char(v.visit_on, 'FMDD FMMonth YYYY')` };

const leads = audience<Known>('Visit.leads', { from, id: 'v.id', to: leadsOf('v.school_urn'), knows });
const sip = audience<Known>('Visit.sip', { from, id: 'v.id', to: sipOf('v.sip_id', 'v.school_urn'), knows });

export const visitNotices: ProcessNotices = {
  process: 'Visit',
  transitions: {
    plan: [
      tell(leads, 'AT_ONCE', ({ school, focus, day }) => ({
        subject: `A visit to ${school} on ${day}`,
        text: `Your School Improvement Partner plans to visit ${school} on ${day}. Focus: ${focus}`,
        expected: 'Put on the agenda what you want to talk about, if you like.',
        link: links.notices,
      })),
    ],
    change: [
      tell(leads, 'AT_ONCE', ({ school, focus, day }) => ({
        subject: `The visit to ${school} has changed`,
        text: `Your School Improvement Partner now plans to visit ${school} on ${day}. Focus: ${focus}`,
        link: links.notices,
      })),
    ],
    addAgendaPoint: [
      tell(sip, 'DIGEST', ({ school, day }) => ({
        subject: `${school} has put a point on the agenda`,
        text: `There is a new point on the agenda of your visit to ${school} on ${day}.`,
        link: links.notices,
      })),
    ],
    removeAgendaPoint: [
      tell(sip, 'DIGEST', ({ school, day }) => ({
        subject: `${school} has taken a point off the agenda`,
        text: `A point has been taken off the agenda of your visit to ${school} on ${day}.`,
        link: links.notices,
      })),
    ],
    writeNote: [
      tell(leads, 'AT_ONCE', ({ school, day }) => ({
        subject: `The note of the visit to ${school}`,
        text: `Your School Improvement Partner has written the note of the visit on ${day}. Only the two of you read it.`,
        link: links.notices,
      })),
    ],
    handOver: nobody('The end of the SIP’s work with the school tells its leads and whoever takes over.'),
    cancel: [
      tell(leads, 'AT_ONCE', ({ school, day }) => ({
        subject: `The visit to ${school} is called off`,
        text: `The visit planned for ${day} does not take place.`,
        link: links.notices,
      })),
    ],
  },
};
