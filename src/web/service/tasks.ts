/** What each task does, for whoever reads that it failed. A task that is not here is told by its name. */
const tasks: Record<string, string> = {
  'send-mail': 'Send a message',
  'send-code': 'Send a sign-in code',
  'send-notice': 'Send a notice by e-mail',
  'send-digest': 'Send somebody’s notices of the day by e-mail',
  'begin-the-day': 'Tell of deadlines, and gather the day’s notices',
  'expire-checks': 'End checks of providers whose day has passed',
  'pass-time-for-recommendations': 'End invitations and recommendations whose time is over',
  'pass-time-for-nominations': 'Let nominations expire that nobody took up',
  'pass-time-for-memberships': 'Forget ties that ended three years ago',
  'pass-time-for-requests': 'End requests and invitations whose time is over',
  'pass-time-for-engagements': 'Begin engagements whose day has come, and tell of what is due',
  'pass-time-for-referrals': 'End referrals and questions between SIPs whose time is over',
  'pass-time-for-ratings': 'Ask schools again how it went, and settle ratings',
  'release-evidence': 'Publish evidence of outcomes',
  'release-unmet-need': 'Give officers the needs that were not met',
  'run-import': 'Import a file',
  'see-to-imports': 'Begin the night’s imports, and end those that were broken off',
  'rebuild-search-documents': 'Bring the search up to date after an import',
  'pack-search': 'Keep the search in PostgreSQL fast',
  'forget-search-words': 'Forget words that no listing has any more',
  'reconcile-search': 'Compare the search index with the database',
  'stop-keeping-search': 'Stop collecting changes for a search index that nobody keeps',
  'remove-what-is-over': 'Remove sessions, codes and sent mail that are over',
  'remove-what-was-kept-long-enough': 'Remove what has been kept for its time',
};

export const taskInWords = (task: string): string => (Object.hasOwn(tasks, task) ? tasks[task]! : task);
