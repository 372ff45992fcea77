import { isId } from '../../platform/id.js';
import { forbidden, notFound, SignInFirst } from '../errors.js';
import { first, type Form, invalid, newForm, refused, several, text } from '../forms.js';
import type { Answer, Pages, Visit } from '../site.js';

interface Kind {
  /** The operation that reads one and what may be done with it. */
  read: string;
  what: string;
  /** The mutation's operation for each action. */
  mutations: Record<string, string>;
  /** Actions about the texts that wait: those that the page has shown, and none that have been written since. */
  aboutWaiting?: readonly string[];
  /** What it means to somebody about to do it, beyond its label. */
  warnings?: Record<string, string>;
}

/** What people do to things in one step, by the part of the address under which those are. */
const kinds: Record<string, Kind> = {
  providers: {
    read: 'actions/provider-actions',
    what: 'provider',
    mutations: {
      complete: 'complete-provider',
      publishCouncilService: 'publish-council-service',
      publishNationalProgramme: 'publish-national-programme',
      confirmName: 'confirm-provider-name',
      confirmReturn: 'confirm-provider-return',
      confirmChanges: 'confirm-provider-changes',
      refuseChanges: 'refuse-provider-changes',
      suspend: 'suspend-provider',
      reinstate: 'reinstate-provider',
      reinstateAsLapsed: 'reinstate-provider',
      withdraw: 'withdraw-provider',
    },
    aboutWaiting: ['confirmChanges', 'refuseChanges'],
    warnings: {
      complete:
        'From then on school leads and local authority officers can see your profile and your published listings, ' +
        'and you can ask schools to recommend you. You can go on changing the profile.',
      confirmName: 'It may be listed under a name that is like another. Schools should not take one for the other.',
      confirmChanges: 'The texts that wait become public, and schools that recommend the provider are told of a new name.',
      refuseChanges: 'The texts that were checked stay public.',
      suspend: 'Schools can no longer find it, from this moment.',
      withdraw: 'This is for good: the provider and its listings are gone from the directory, and its recommendations with it.',
    },
  },
  listings: {
    read: 'actions/listing-actions',
    what: 'listing',
    mutations: { publish: 'publish-listing', unpublish: 'unpublish-listing', remove: 'remove-listing' },
    warnings: { remove: 'This is for good. To hide it for a while, take it down instead.' },
  },
  recommendations: {
    read: 'actions/recommendation-actions',
    what: 'recommendation',
    mutations: {
      decline: 'decline-recommendation',
      renew: 'renew-recommendation',
      withdraw: 'withdraw-recommendation',
      confirmIndependence: 'confirm-independence',
      flag: 'flag-recommendation',
      uphold: 'uphold-recommendation',
      reject: 'reject-recommendation',
    },
    warnings: {
      decline: 'You need not give a reason. The provider sees that your school has said no.',
      renew:
        'You confirm that what the school said still stands, and that neither you nor the school has an interest in the provider or was rewarded for this. ' +
        'The recommendation then lasts three years more.',
      withdraw: 'If the provider is left with too few recommendations, schools can no longer find it.',
    },
  },
};

interface Subject {
  id: string;
  /** Of what is judged as it was read. */
  version?: number;
  waitingChanges?: { id: string; field: string; before: string | null; after: string; alikeNames: string[] }[] | null;
  costOfTakingDown?: { message: string | null } | null;
  availableActions: { action: string; label: string; allowed: boolean; needsReason: boolean; message: string | null }[];
}

/** One page for each step of a process: what it means, a reason where one is needed, and the button. */
export function actionPages(pages: Pages): void {
  for (const [path, kind] of Object.entries(kinds)) {
    pages.get(`/${path}/:id/actions/:action`, (visit) => confirm(visit, path, kind));

    pages.post(`/${path}/:id/actions/:action`, async (visit) => {
      const { action } = await readAction(visit, kind);
      const reason = text(visit.request, 'reason');
      if (action.needsReason && !reason) return confirm(visit, path, kind, refused({}, invalid({ reason: 'Give a reason.' }), visit.request));
      const variables = {
        id: visit.param('id'),
        ...(action.needsReason && { reason }),
        version: Number(text(visit.request, 'version')) || null,
        ...(kind.aboutWaiting?.includes(action.action) && { changeIds: several(visit.request, 'shown').filter(isId) }),
      };
      const { refusal } = await visit.mutate(`actions/${kind.mutations[action.action]}`, variables);
      if (refusal) return confirm(visit, path, kind, refused({ reason }, refusal, visit.request, true));
      return { redirect: afterwards(path, visit.param('id'), action.action) };
    });
  }
}

async function confirm(visit: Visit, path: string, kind: Kind, form?: Form): Promise<Answer> {
  const { subject, action } = await readAction(visit, kind);
  if (!action.allowed && !form) throw forbidden(action.message ?? 'You cannot do that now.');
  // what was read on the page from which the person comes, until it turns out to have changed
  const version = form?.conflict ? subject.version : Number(text(visit.request, 'version') || first(visit.request.query['version'])) || subject.version;
  return {
    view: 'actions/confirm',
    data: { subject, action, version, waiting: kind.aboutWaiting?.includes(action.action) ? subject.waitingChanges : [], back: `/${path}/${subject.id}`, warning: costOf(subject, action.action) ?? kind.warnings?.[action.action], form: form ?? newForm() },
  };
}

/** The thing and the action in the address. @throws PageError 404, SignInFirst */
async function readAction(visit: Visit, kind: Kind) {
  if (!visit.signedIn) throw new SignInFirst();
  const [id, name] = [visit.param('id'), visit.param('action')];
  const known = isId(id) && Object.hasOwn(kind.mutations, name);
  const { subject } = known ? await visit.query<{ subject: Subject | null }>(kind.read, { id }) : { subject: null };
  const action = subject?.availableActions.find((each) => each.action === name);
  if (!subject) throw notFound(kind.what);
  if (!action) throw forbidden('It is too early or too late for this.');
  return { subject, action };
}

/** What taking a listing down costs its provider, where it costs something. */
const costOf = ({ costOfTakingDown }: Subject, action: string): string | null =>
  action === 'unpublish' || action === 'remove' ? (costOfTakingDown?.message ?? null) : null;

/** Where to go on: to the thing itself, unless it is gone. */
function afterwards(path: string, id: string, action: string): string {
  if (path === 'listings' && action === 'remove') return '/account';
  if (action === 'complete') return `/providers/${id}/way-to-being-listed?done=complete`;
  return `/${path}/${id}?done=${action === 'reinstateAsLapsed' ? 'reinstate' : action}`;
}
