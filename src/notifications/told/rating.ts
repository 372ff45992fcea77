import { links } from '../links.js';
import { isOfBoth, peopleOfProvider, schoolPeopleOf, sipsOf } from '../roles.js';
import { audience, because, nobody, type ProcessNotices, tell } from '../telling.js';

/** What a school says of support is in no notice: it is for those who come and read it. */
interface Known {
  title: string;
  school: string;
  provider: string;
}
const from = 'rating r JOIN engagement e ON e.id = r.engagement_id JOIN school s ON s.urn = e.school_urn JOIN provider p ON p.id = e.provider_id';
const knows = { title: 'e.title', school: 's.name', provider: 'p.name' };

const school = audience<Known & { ofBoth: boolean }>('Rating.school', { from, id: 'r.id', about: 'coalesce(e.request_id, e.id)', to: schoolPeopleOf('e', 'engagement'), knows: { ...knows, ofBoth: isOfBoth('told.person_id', 'e') } });
const provider = audience<Known>('Rating.provider', { from, id: 'r.id', about: 'coalesce(e.request_id, e.id)', to: peopleOfProvider('e.provider_id'), when: `e.origin <> 'FREE_RESOURCE'`, knows });
const sips = audience<Known>('Rating.sips', { from, id: 'r.id', about: 'coalesce(e.request_id, e.id)', to: sipsOf('e.school_urn'), when: 'e.shared_with_sip', knows });

export const ratingNotices: ProcessNotices = {
  process: 'Rating',
  transitions: {
    give: [
      tell(provider, 'AT_ONCE', ({ title, school }) => ({
        subject: `${school} has rated “${title}”`,
        text: `${school} has said what came of “${title}” and how much it helped. You can reply once.`,
        link: links.notices,
      })),
      tell(school, 'DIGEST', ({ title }) => ({
        subject: `“${title}” has been rated`,
        text: `A colleague has rated “${title}” for the school.`,
        link: links.notices,
      })),
      tell(sips, 'DIGEST', ({ title, school }) => ({
        subject: `${school} has rated “${title}”`,
        text: `${school} has said what came of “${title}” and how much it helped.`,
        link: links.notices,
      })),
    ],
    change: [
      tell(provider, 'DIGEST', ({ title, school }) => ({
        subject: `${school} has changed its rating of “${title}”`,
        text: `${school} has changed what it says of “${title}”.`,
        link: links.notices,
      })),
    ],
    reply: [
      tell(school, 'AT_ONCE', ({ title, provider }) => ({
        subject: `${provider} replies to your rating`,
        text: `${provider} has replied to what you said of “${title}”.`,
        link: links.notices,
      })),
      tell(sips, 'DIGEST', ({ title, provider }) => ({
        subject: `${provider} replies to a rating`,
        text: `${provider} has replied to what the school said of “${title}”.`,
        link: links.notices,
      })),
    ],
    mendReply: nobody('Nobody has read it yet, so for its readers it has always said so.'),
    askAgain: [
      tell(school, 'AT_ONCE', ({ title, provider, ofBoth }) => ({
        subject: `What came of “${title}”?`,
        text: `When you rated “${title}” by ${provider} it was too early to say what came of some of its objectives.`,
        ...(ofBoth ? {} : { expected: 'Say what came of them since. It takes two minutes.' }),
        link: links.notices,
      })),
    ],
    followUp: [
      tell(provider, 'DIGEST', ({ title, school }) => ({
        subject: `${school} tells what came of “${title}”`,
        text: `${school} has answered what it was too early to tell about “${title}”.`,
        link: links.notices,
      })),
      tell(sips, 'DIGEST', ({ title, school }) => ({
        subject: `${school} tells what came of “${title}”`,
        text: `${school} has answered what it was too early to tell about “${title}”.`,
        link: links.notices,
      })),
    ],
    offerToBeAsked: nobody('Whoever agrees to be asked speaks for themselves.'),
    stopBeingAsked: nobody('Whoever agreed to be asked need not explain.'),
    hideWords: [
      tell(school, 'AT_ONCE', ({ title }, step) => ({
        subject: 'The words of a rating are hidden',
        text: `An officer of a local authority has hidden your words about “${title}” from the public. What you rated counts as before.${because(step)}`,
        link: links.notices,
      })),
      tell(provider, 'AT_ONCE', ({ title, school }) => ({
        subject: 'The words of a rating are hidden',
        text: `An officer of a local authority has hidden from the public what ${school} wrote about “${title}”. What it rated counts as before.`,
        link: links.notices,
      })),
    ],
    showWords: [
      tell(school, 'AT_ONCE', ({ title }, step) => ({
        subject: 'The words of a rating are shown again',
        text: `An officer of a local authority has shown your words about “${title}” to the public again.${because(step)}`,
        link: links.notices,
      })),
      tell(provider, 'AT_ONCE', ({ title, school }) => ({
        subject: 'The words of a rating are shown again',
        text: `An officer of a local authority has shown to the public again what ${school} wrote about “${title}”.`,
        link: links.notices,
      })),
    ],
    showWordsOnAppeal: nobody('Both sides are told of the appeal, which says so.'),
    settle: nobody('Its answers were there before; time alone has made them stand.'),
  },
};
