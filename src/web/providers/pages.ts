import { checkKinds } from '../../directory/index.js';
import { administersProvider, isOfficerOf, worksForProvider } from '../../platform/actor.js';
import { isId } from '../../platform/id.js';
import { forbidden, notFound, SignInFirst } from '../errors.js';
import { first, invalid, newForm, refused, texts } from '../forms.js';
import type { Answer, Pages, Visit } from '../site.js';

interface Assured {
  id: string;
  assuringLa: { code: string } | null;
}
const assuringLa = (provider: Assured) => provider.assuringLa?.code ?? null;

interface ProviderData {
  provider: Assured & { recommendations: { nodes: { counts: boolean }[] } };
}

interface WayData {
  provider: Assured & { wayToBeingListed: { done: boolean }[] | null; availableActions: { action: string; allowed: boolean; message: string | null }[] };
}

/** A provider's profile, and what stands between it and being listed. */
export function providerPages(pages: Pages): void {
  pages.get('/providers/:id', async (visit) => {
    const { provider } = await readProvider<ProviderData>(visit, 'providers/provider', { signedIn: visit.signedIn });
    const { actor } = visit;
    const words = provider.recommendations.nodes;
    return {
      view: 'providers/provider',
      data: {
        provider,
        vouching: words.filter((each) => each.counts),
        otherWords: words.filter((each) => !each.counts),
        own: worksForProvider(actor, provider.id),
        officer: isOfficerOf(actor, assuringLa(provider)),
        lead: visit.is('SCHOOL_LEAD'),
        done: first(visit.request.query['done']),
      },
    };
  });

  pages.get('/providers/:id/way-to-being-listed', async (visit) => {
    const { provider } = await readProvider<WayData>(visit, 'providers/way-to-being-listed');
    const items = provider.wayToBeingListed;
    if (!items && !visit.signedIn) throw new SignInFirst();
    if (!items) throw forbidden('Only the provider’s own people and its local authority see what stands between it and being listed.');
    const { actor } = visit;
    return {
      view: 'providers/way-to-being-listed',
      data: {
        provider,
        open: items.filter((each) => !each.done).length,
        own: worksForProvider(actor, provider.id),
        officer: isOfficerOf(actor, assuringLa(provider)),
        mayInvite: administersProvider(actor, provider.id),
        complete: provider.availableActions.find((each) => each.action === 'complete'),
        done: first(visit.request.query['done']),
      },
    };
  });

  pages.get('/providers/:id/checks', (visit) => checks(visit));
  pages.post('/providers/:id/checks', async (visit) => {
    const { request } = visit;
    const values = texts(request, ['version', 'kind', 'expiresOn-day', 'expiresOn-month', 'expiresOn-year']);
    const expiresOn = dayOf(values['expiresOn-year'], values['expiresOn-month'], values['expiresOn-day']);
    const missing = {
      ...(Object.hasOwn(checkKinds, values.kind) ? {} : { kind: 'Choose what you have checked.' }),
      ...(expiresOn ? {} : { expiresOn: 'Enter the last day on which the check holds, like 31 8 2027.' }),
    };
    if (Object.keys(missing).length > 0) return checks(visit, refused(values, invalid(missing), request));
    const { refusal } = await visit.mutate('providers/record-check', { id: visit.param('id'), kind: values.kind, expiresOn, version: Number(values.version) || null });
    return refusal ? checks(visit, refused(values, refusal, request, true)) : { redirect: `/providers/${visit.param('id')}?done=check` };
  });
}

async function checks(visit: Visit, form = newForm()): Promise<Answer> {
  if (!visit.signedIn) throw new SignInFirst();
  const { provider } = await readProvider<{ provider: Assured }>(visit, 'providers/checks');
  const mayRecord = isOfficerOf(visit.actor, assuringLa(provider));
  if (!mayRecord) throw forbidden('Only an officer of the provider’s assuring local authority records its checks.');
  return { view: 'providers/checks', data: { provider, form } };
}

/** A provider by the id in the address. @throws PageError 404 */
export async function readProvider<Data extends { provider: object }>(visit: Visit, operation: string, variables: object = {}): Promise<Data> {
  const id = visit.param('id');
  const data = isId(id) ? await visit.query<Data & { provider: Data['provider'] | null }>(operation, { id, ...variables }) : null;
  if (!data?.provider) throw notFound('provider');
  return data;
}

/** `2027-08-31`, from what was typed in three fields; null where that is no day. */
function dayOf(year: string, month: string, day: string): string | null {
  const iso = `${year.padStart(4, '0')}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const date = new Date(`${iso}T00:00:00Z`);
  return /^(?!0000)\d{4}-\d\d-\d\d$/.test(iso) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso) ? iso : null;
}
