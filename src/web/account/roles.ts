import { isId } from '../../platform/id.js';
import { notFound, PageError, SignInFirst } from '../errors.js';
import { first, type Form, invalid, keyOf, newForm, refused, text, texts } from '../forms.js';
import { localPath } from '../safety.js';
import type { Answer, Pages, Visit } from '../site.js';

/** Asking for a role in a school, answering those who ask, and taking or declining one that is offered. */
export function rolePages(pages: Pages): void {
  pages.get('/account/school', (visit) => askRole(visit, newForm({ school: first(visit.request.query['school']).trim() }), first(visit.request.query['next'])));

  pages.post('/account/school', async (visit) => {
    const { request } = visit;
    const values = texts(request, ['school', 'schoolUrn', 'role', 'title']);
    const next = localPath(text(request, 'next'));
    const missing = {
      ...(/^\d{1,9}$/.test(values.schoolUrn) ? {} : { schoolUrn: 'Choose your school.' }),
      ...(['SCHOOL_LEAD', 'SCHOOL_STAFF'].includes(values.role) ? {} : { role: 'Say what you do there.' }),
    };
    if (Object.keys(missing).length > 0) return askRole(visit, refused(values, invalid(missing), request), next);
    const { role, title } = values;
    const { refusal } = await visit.mutate('account/ask-role', { schoolUrn: Number(values.schoolUrn), role, title, key: keyOf(request) });
    return refusal ? askRole(visit, refused(values, refusal, request), next) : { redirect: `/account?done=asked${andBack(next)}` };
  });

  for (const answer of ['decline', 'confirm', 'end']) {
    pages.post(`/account/roles/:id/${answer}`, async (visit) => {
      if (!isId(visit.param('id'))) throw notFound('role');
      const { refusal } = await visit.mutate(`account/${answer}-role`, { id: visit.param('id') });
      if (refusal) throw new PageError(403, refusal.message);
      return { redirect: `/account?done=${answer}` };
    });
  }

  pages.post('/account/roles/:id/accept', async (visit) => {
    if (!isId(visit.param('id'))) throw notFound('role');
    const { outcome } = await visit.query<{ outcome: { confirmed?: boolean; message?: string } }>('account/accept-role', { id: visit.param('id') });
    if (outcome.message !== undefined) throw new PageError(403, outcome.message);
    return { redirect: `/account?done=${outcome.confirmed ? 'accept' : 'waits'}` };
  });

  pages.get('/account/roles/:id/refuse', (visit) => refuseRole(visit, newForm()));

  pages.post('/account/roles/:id/refuse', async (visit) => {
    const reason = text(visit.request, 'reason');
    const { refusal } = await visit.mutate('account/end-role', { id: visit.param('id'), reason });
    return refusal ? refuseRole(visit, refused({ reason }, refusal, visit.request)) : { redirect: '/account?done=refuse' };
  });
}

/** Asks why somebody who has asked for a role is refused it. */
async function refuseRole(visit: Visit, form: Form): Promise<Answer> {
  if (!visit.signedIn) throw new SignInFirst();
  const { memberships } = await visit.query<{ memberships: { nodes: { id: string }[] } }>('account/waiting-roles');
  const asked = memberships.nodes.find(({ id }) => id === visit.param('id'));
  if (!asked) throw notFound('role');
  return { view: 'account/refuse', data: { asked, form } };
}

/** What leads back, to be added to an address. */
export const andBack = (next: string | null): string => (next ? `&next=${encodeURIComponent(next)}` : '');

/** @param next the page to come back to once the role is there */
async function askRole(visit: Visit, form: Form, next: string | null): Promise<Answer> {
  if (!visit.signedIn) throw new SignInFirst();
  const { school } = form.values as { school: string };
  const { schools } = await visit.query<{ schools: { nodes: unknown[] } }>('account/find-school', { text: school || null });
  return { view: 'account/school', data: { found: school ? schools.nodes : null, form, next: localPath(next) } };
}
