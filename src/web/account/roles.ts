import { isId } from '../../platform/id.js';
import { notFound, PageError, SignInFirst } from '../errors.js';
import { first, type Form, invalid, keyOf, newForm, refused, texts } from '../forms.js';
import type { Answer, Pages, Visit } from '../site.js';

/** Asking for a role in a school, answering those who ask, and taking or declining one that is offered. */
export function rolePages(pages: Pages): void {
  pages.get('/account/school', (visit) => askRole(visit, newForm({ school: first(visit.request.query['school']).trim() })));

  pages.post('/account/school', async (visit) => {
    const { request } = visit;
    const values = texts(request, ['school', 'schoolUrn', 'role', 'title']);
    const missing = {
      ...(/^\d{1,9}$/.test(values.schoolUrn) ? {} : { schoolUrn: 'Choose your school.' }),
      ...(['SCHOOL_LEAD', 'SCHOOL_STAFF'].includes(values.role) ? {} : { role: 'Say what you do there.' }),
    };
    if (Object.keys(missing).length > 0) return askRole(visit, refused(values, invalid(missing), request));
    const { role, title } = values;
    const { refusal } = await visit.mutate('account/ask-role', { schoolUrn: Number(values.schoolUrn), role, title, key: keyOf(request) });
    return refusal ? askRole(visit, refused(values, refusal, request)) : { redirect: '/account?done=asked' };
  });

  for (const answer of ['accept', 'decline', 'confirm', 'end']) {
    pages.post(`/account/roles/:id/${answer}`, async (visit) => {
      if (!isId(visit.param('id'))) throw notFound('role');
      const { refusal } = await visit.mutate(`account/${answer}-role`, { id: visit.param('id') });
      if (refusal) throw new PageError(403, refusal.message);
      return { redirect: `/account?done=${answer}` };
    });
  }
}

async function askRole(visit: Visit, form: Form): Promise<Answer> {
  if (!visit.signedIn) throw new SignInFirst();
  const { school } = form.values as { school: string };
  const { schools } = await visit.query<{ schools: { nodes: unknown[] } }>('account/find-school', { text: school || null });
  return { view: 'account/school', data: { found: school ? schools.nodes : null, form } };
}
