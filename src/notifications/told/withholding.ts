import { links } from '../links.js';
import { peopleOfProvider } from '../roles.js';
import { audience, because, type ProcessNotices, tell } from '../telling.js';

const people = audience<{ title: string; name: string }>('ListingWithholding.provider', {
  from: 'listing_withholding w JOIN listing l ON l.id = w.listing_id JOIN local_authority la ON la.code = w.la_code',
  id: 'w.id',
  to: peopleOfProvider('l.provider_id'),
  knows: { title: 'l.title', name: 'la.name' },
});

const ended = tell(people, 'AT_ONCE', ({ title, name }, step) => ({
  subject: `${name} withholds “${title}” no more`,
  text: `Schools of ${name} find “${title}” again.${because(step)}`,
  link: links.notices,
}));

export const withholdingNotices: ProcessNotices = {
  process: 'ListingWithholding',
  transitions: {
    withhold: [
      tell(people, 'AT_ONCE', ({ title, name }, step) => ({
        subject: `${name} withholds “${title}” from its area`,
        text: `${name} withholds “${title}” from its own area: schools there do not find it. Elsewhere nothing changes.${because(step)}`,
        expected: 'Speak with the local authority, or appeal if you think that it is wrong.',
        link: links.notices,
      })),
    ],
    end: [ended],
    endOnAppeal: [ended],
  },
};
