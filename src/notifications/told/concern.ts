import { links } from '../links.js';
import { officersOf, peopleOfProvider, schoolPeopleOf } from '../roles.js';
import { audience, by, type ProcessNotices, type Step, tell, type Words } from '../telling.js';

/** The concern's own words are in no notice: they are for those who come and read them. */
interface Known {
  title: string;
  school: string;
  provider: string;
}
const from = 'concern c JOIN engagement e ON e.id = c.engagement_id JOIN school s ON s.urn = e.school_urn JOIN provider p ON p.id = e.provider_id';
const knows = { title: 'e.title', school: 's.name', provider: 'p.name' };

const school = audience<Known>('Concern.school', { from, id: 'c.id', about: 'coalesce(e.request_id, e.id)', to: schoolPeopleOf('e', 'engagement'), knows });
const provider = audience<Known>('Concern.provider', { from, id: 'c.id', about: 'coalesce(e.request_id, e.id)', to: peopleOfProvider('e.provider_id'), when: `e.origin <> 'FREE_RESOURCE'`, knows });
/** Once the school has passed it on, and of officers those without an interest. */
const officers = audience<Known>('Concern.officers', { from, id: 'c.id', about: 'coalesce(e.request_id, e.id)', to: officersOf('s.la_code', { provider: 'p.id', school: 's.urn' }), when: 'c.passed_on_at IS NOT NULL', knows });

const bySchool = by('SCHOOL');
const byProvider = by('PROVIDER');
type Says = (known: Known, step: Step) => Words;
const toTheOther = (says: Says) => [
  tell(provider, 'AT_ONCE', (known: Known, step) => (byProvider(step) ? null : says(known, step))),
  tell(school, 'AT_ONCE', (known: Known, step) => (bySchool(step) ? null : says(known, step))),
];

const answered: Says = ({ title }) => ({
  subject: `A concern about “${title}” has been answered`,
  text: `The other side has answered a concern about “${title}”.`,
  link: links.notices,
});
const resolved: Says = ({ title }) => ({ subject: `A concern about “${title}” is resolved`, text: `A concern about “${title}” is settled.`, link: links.notices });

export const concernNotices: ProcessNotices = {
  process: 'Concern',
  transitions: {
    raise: toTheOther(({ title }, step) => ({
      subject: `A concern about “${title}”`,
      text: `The ${bySchool(step) ? 'school' : 'provider'} has raised a concern about “${title}”. It is between the two of you.`,
      expected: 'Read it and answer.',
      link: links.notices,
    })),
    answer: toTheOther(answered),
    answerLate: [...toTheOther(answered), tell(officers, 'DIGEST', ({ title, school }) => ({
      subject: `A concern of ${school} has been answered`,
      text: `The provider or the school has answered the concern about “${title}”.`,
      link: links.notices,
    }))],
    passOn: [
      tell(officers, 'AT_ONCE', ({ title, school, provider }) => ({
        subject: `${school} passes a concern on to you`,
        text: `${school} asks your local authority to look at a concern about “${title}” with ${provider}.`,
        expected: 'Read what the school writes, and settle it with both sides.',
        link: links.notices,
      })),
      tell(provider, 'AT_ONCE', ({ title, school }) => ({
        subject: `${school} has asked its local authority about a concern`,
        text: `${school} has passed a concern about “${title}” on to its local authority.`,
        link: links.notices,
      })),
      tell(school, 'DIGEST', ({ title }) => ({
        subject: `A concern about “${title}” is with the local authority`,
        text: `A colleague has passed a concern about “${title}” on to the local authority.`,
        link: links.notices,
      })),
    ],
    takeBack: toTheOther(({ title }) => ({ subject: `A concern about “${title}” is taken back`, text: `The provider has taken back a concern about “${title}”.`, link: links.notices })),
    resolve: [tell(provider, 'AT_ONCE', resolved), tell(school, 'AT_ONCE', resolved), tell(officers, 'DIGEST', resolved)],
  },
};
