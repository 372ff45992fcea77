import { links } from '../links.js';
import { sipsOfLa } from '../roles.js';
import { audience, nobody, type ProcessNotices, tell } from '../telling.js';

interface Known {
  words: string;
  asker: string;
  expiresAt: Date;
}
const from = 'suggestion_request q JOIN person asker ON asker.id = q.asked_by';
const knows = { words: 'q.question', asker: `coalesce(nullif(asker.name, ''), 'A School Improvement Partner')`, expiresAt: 'q.expires_at' };

const asked = audience<Known>('Suggestion request.asked', {
  from: `${from} JOIN suggestion_request_la asked ON asked.request_id = q.id`,
  id: 'q.id',
  to: `SELECT sip.* FROM (${sipsOfLa('asked.la_code')}) sip WHERE sip.person_id <> q.asked_by`,
  knows,
});
const asker = audience<Known>('Suggestion request.asker', { from, id: 'q.id', to: `SELECT sip.* FROM (${sipsOfLa('q.la_code')}) sip WHERE sip.person_id = q.asked_by`, knows });

export const suggestionRequestNotices: ProcessNotices = {
  process: 'Suggestion request',
  transitions: {
    ask: [
      tell(asked, 'DIGEST', ({ words, asker, expiresAt }) => ({
        subject: `${asker} asks what you would suggest`,
        text: `${asker} asks other School Improvement Partners: “${words}”`,
        expected: 'Suggest a listing and say why, if you know of one.',
        due: expiresAt,
        link: links.notices,
      })),
    ],
    suggest: [
      tell(asker, 'DIGEST', ({ words }) => ({
        subject: 'There is a suggestion for you',
        text: `A colleague has suggested something for “${words}”.`,
        link: links.notices,
      })),
    ],
    closeForLeaver: nobody('Who asked has left, and nothing more is expected of those who were asked.'),
    close: nobody('Nothing more is expected of those who were asked.'),
    expire: [
      tell(asker, 'DIGEST', ({ words }) => ({
        subject: 'Your question to other SIPs has expired',
        text: `The time to suggest something for “${words}” is over. You can still read what was suggested.`,
        link: links.notices,
      })),
    ],
  },
};
