import { administersProvider } from '../../platform/actor.js';
import { forbidden, SignInFirst } from '../errors.js';
import { first, type Form, invalid, keyOf, newForm, refused, texts } from '../forms.js';
import type { Answer, Pages, Visit } from '../site.js';
import { readProvider } from './pages.js';

interface InviteData {
  provider: { id: string };
  schools: { nodes: unknown[] };
}

/** Asking a school for a recommendation: find it by name, choose it, write a line. */
export function invitePages(pages: Pages): void {
  pages.get('/providers/:id/invite', (visit) => invite(visit, newForm({ school: first(visit.request.query['school']).trim() })));

  pages.post('/providers/:id/invite', async (visit) => {
    const { request } = visit;
    const values = texts(request, ['school', 'schoolUrn', 'message', 'email']);
    const chosen = /^\d{1,9}$/.test(values.schoolUrn);
    if (!chosen) return invite(visit, refused(values, invalid({ schoolUrn: 'Choose the school that you want to ask.' }), request));
    const input = { providerId: visit.param('id'), schoolUrn: Number(values.schoolUrn), message: values.message, email: values.email || null };
    const { refusal } = await visit.mutate('providers/invite-school', { input, key: keyOf(request) });
    return refusal ? invite(visit, refused(values, refusal, request)) : { redirect: `/providers/${visit.param('id')}/way-to-being-listed?done=invited` };
  });
}

async function invite(visit: Visit, form: Form): Promise<Answer> {
  if (!visit.signedIn) throw new SignInFirst();
  const { school } = form.values as { school: string };
  const { provider, schools } = await readProvider<InviteData>(visit, 'providers/invite', { text: school || null });
  if (!administersProvider(visit.actor, provider.id)) throw forbidden('Only an administrator of the provider asks schools for recommendations.');
  return { view: 'providers/invite', data: { provider, found: school ? schools.nodes : null, form } };
}
