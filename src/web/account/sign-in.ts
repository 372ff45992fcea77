import { parseCookie, stringifySetCookie } from 'cookie';
import { first, type Form, invalid, newForm, refused, text } from '../forms.js';
import { localPath } from '../safety.js';
import type { Answer, Pages, Visit } from '../site.js';

/** Remembers for a quarter of an hour whom the code was sent to, so that a tablet may reload the page meanwhile. */
const EMAIL_COOKIE = 'signpost-sign-in';
const EMAIL_SECONDS = 900;

/** Signing in with a code sent by e-mail, and signing out. */
export function signInPages(pages: Pages): void {
  pages.get('/sign-in', (visit) => {
    const next = localPath(first(visit.request.query['next']));
    return visit.signedIn ? { redirect: next ?? '/account' } : askEmail(next, newForm());
  });

  pages.post('/sign-in', async (visit) => {
    const email = text(visit.request, 'email');
    const next = localPath(text(visit.request, 'next'));
    const { id, refusal } = await visit.mutate('account/send-code', { email });
    if (refusal) return askEmail(next, refused({ email }, refusal, visit.request));
    rememberEmail(visit, id);
    return { redirect: codeAddress(next) };
  });

  pages.get('/sign-in/code', (visit) => {
    const next = localPath(first(visit.request.query['next']));
    if (visit.signedIn) return { redirect: next ?? '/account' };
    return emailOf(visit) ? askCode(visit, next, newForm()) : { redirect: next ? `/sign-in?next=${encodeURIComponent(next)}` : '/sign-in' };
  });

  pages.post('/sign-in/code', async (visit) => {
    const next = localPath(text(visit.request, 'next'));
    const [email, code] = [emailOf(visit), text(visit.request, 'code').replace(/[\s-]/g, '')];
    if (!email) return { redirect: '/sign-in' };
    const ask = (message: string) => askCode(visit, next, refused({}, invalid({ code: message }), visit.request));
    if (!/^([\da-z]{6}|[\da-z]{12})$/i.test(code)) return ask('Enter the code in the e-mail: six digits, or twelve letters and digits.');
    const { refusal } = await visit.mutate('account/sign-in', { email, code });
    if (refusal) return ask(refusal.message);
    rememberEmail(visit, null);
    return { redirect: next ?? '/account' };
  });

  pages.get('/sign-out', () => ({ view: 'account/sign-out' }));

  pages.post('/sign-out', async (visit) => {
    await visit.query('account/sign-out', { everywhere: text(visit.request, 'everywhere') === 'yes' });
    return { redirect: '/' };
  });
}

const askEmail = (next: string | null, form: Form): Answer => ({ view: 'account/sign-in', data: { next, form } });

const askCode = (visit: Visit, next: string | null, form: Form): Answer => ({
  view: 'account/code',
 
  data: { next, form, email: emailOf(visit), again: next ? `/sign-in?next=${encodeURIComponent(next)}` : '/sign-in' },
});

const codeAddress = (next: string | null) => (next ? `/sign-in/code?next=${encodeURIComponent(next)}` : '/sign-in/code');

const emailOf = ({ request }: Visit): string | null => parseCookie(request.headers.cookie ?? '')[EMAIL_COOKIE] || null;

function rememberEmail({ response, options }: Visit, email: string | null): void {
  response.append(
    'Set-Cookie',
    stringifySetCookie({
      name: EMAIL_COOKIE,
      value: email ?? '',
      httpOnly: true,
      sameSite: 'lax',
      secure: options.publicUrl.startsWith('https:'),
      path: '/sign-in',
      maxAge: email ? EMAIL_SECONDS : 0,
    }),
  );
}
