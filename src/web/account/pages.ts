import { SignInFirst } from '../errors.js';
import { first, type Form, invalid, newForm, refused, text } from '../forms.js';
import { localPath } from '../safety.js';
import type { Answer, Pages, Visit } from '../site.js';
import type { Membership } from './memberships.js';

interface AccountData {
  viewer: { name: string; email: string; unreadCount: number; memberships: Membership[] } | null;
  providers: { nodes: unknown[] };
}

interface LeadData {
  mySchoolsRecommendations: { nodes: { state: string }[] };
}

interface OfficerData {
  providers: { nodes: { id: string; wayToBeingListed: { done: boolean; whoActs: string }[] | null }[] };
}

/** Who you are here, and what waits for you. */
export function accountPages(pages: Pages): void {
  pages.get('/account', (visit) => account(visit));

  pages.post('/account', async (visit) => {
    const name = text(visit.request, 'name');
    const { refusal } = await visit.mutate('account/change-name', { name });
    if (!refusal) return { redirect: '/account?done=name' };
    return account(visit, refused({ name }, invalid({ name: refusal.message }), visit.request));
  });
}

async function account(visit: Visit, form?: Form): Promise<Answer> {
  const { viewer, providers } = await visit.query<AccountData>('account/account');
  if (!viewer) throw new SignInFirst();
  const officerOf = viewer.memberships.filter((each) => each.role === 'LA_OFFICER' && each.confirmed);
  const [lead, waiting, ...officers] = await Promise.all([
    visit.is('SCHOOL_LEAD') ? visit.query<LeadData>('account/account-of-lead') : null,
    visit.is('SCHOOL_LEAD', 'LA_OFFICER', 'SYSTEM_ADMIN') ? visit.query<{ memberships: { nodes: unknown[] } }>('account/waiting-roles') : null,
    ...officerOf.map((each) => visit.query<OfficerData>('account/account-of-officer', { laCode: each.laCode })),
  ]);
  const words = lead?.mySchoolsRecommendations.nodes ?? [];
  return {
    view: 'account/account',
    data: {
      viewer,
      providers: providers.nodes,
      asked: words.filter((each) => each.state === 'INVITED'),
      given: words.filter((each) => each.state === 'GIVEN' || each.state === 'FLAGGED'),
      offers: viewer.memberships.filter((each) => each.offered),
      held: viewer.memberships.filter((each) => !each.offered),
      waiting: waiting?.memberships.nodes ?? [],
      runsService: visit.is('SYSTEM_ADMIN'),
      offices: officerOf.map((office, i) => ({ office, providers: officers[i]!.providers.nodes.map(withWait) })),
      form: form ?? newForm({ name: viewer.name }),
      done: first(visit.request.query['done']),
      next: localPath(first(visit.request.query['next'])),
    },
  };
}

/** A provider of an LA, with how much of what it lacks is the LA's to do. */
function withWait(provider: OfficerData['providers']['nodes'][number]) {
  return { ...provider, forUs: (provider.wayToBeingListed ?? []).filter((each) => !each.done && each.whoActs === 'LOCAL_AUTHORITY').length };
}
