import { readMailFolder } from '../../platform/mail/index.js';
import { notFound } from '../errors.js';
import { type Pages, showsMail } from '../site.js';

const NEWEST = 20;

/** What the service says about itself, and outside production the mail that it sent. */
export function aboutPages(pages: Pages): void {
  for (const name of ['accessibility', 'cookies', 'privacy']) pages.get(`/${name}`, () => ({ view: `about/${name}` }));

  pages.get('/dev/mail', async ({ options }) => {
    if (!showsMail(options)) throw notFound();
    return { view: 'about/mail', data: { mails: await readMailFolder(options.mailFolder!, NEWEST) } };
  });
}
