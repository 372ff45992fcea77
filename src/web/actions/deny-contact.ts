import { isId } from '../../platform/id.js';
import { notFound, SignInFirst } from '../errors.js';
import { newForm, refused } from '../forms.js';
import type { Answer, Pages, Visit } from '../site.js';

/** For whoever a provider names as its contact and is none, whether or not they may see the provider. Before the other actions. */
export function denyContactPages(pages: Pages): void {
  pages.get('/providers/:id/actions/denyContact', (visit) => confirm(visit));

  pages.post('/providers/:id/actions/denyContact', async (visit) => {
    if (!visit.signedIn) throw new SignInFirst();
    if (!isId(visit.param('id'))) throw notFound('provider');
    const { refusal } = await visit.mutate('actions/deny-contact', { id: visit.param('id') });
    return refusal ? confirm(visit, refused({}, refusal, visit.request)) : { redirect: '/notices?done=denyContact' };
  });
}

async function confirm(visit: Visit, form = newForm()): Promise<Answer> {
  if (!visit.signedIn) throw new SignInFirst();
  const id = visit.param('id');
  const { provider } = isId(id) ? await visit.query<{ provider: { name: string } | null }>('actions/named-contact', { id }) : { provider: null };
  if (!provider) throw notFound('provider');
  return { view: 'actions/deny-contact', data: { provider, form } };
}
