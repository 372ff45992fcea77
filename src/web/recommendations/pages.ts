import type { Request } from 'express';
import { isId } from '../../platform/id.js';
import type { Membership } from '../account/memberships.js';
import { andBack } from '../account/roles.js';
import { forbidden, notFound, PageError, SignInFirst } from '../errors.js';
import { first, type Form, hasChanged, invalid, keyOf, newForm, type Refusal, refused, several, text } from '../forms.js';
import { readProvider } from '../providers/pages.js';
import type { Answer, Outcome, Pages, Visit } from '../site.js';

interface School {
  urn: number;
  name: string;
}

interface Provider {
  id: string;
  listings: { nodes: { state: string }[] };
}

interface RecommendData {
  provider: Provider;
  viewer: { memberships: Membership[] } | null;
}

interface RecommendationData {
  recommendation: {
    id: string;
    state: string;
    provider: Provider | null;
    school: School;
    availableActions: { action: string; allowed: boolean; message: string | null }[];
  };
}

const LEADS = 'a lead of a school (its head, chair of governors or business manager)';

/** A recommendation: answering an invitation, giving one unasked, and reading what was said. */
export function recommendationPages(pages: Pages): void {
  pages.get('/recommendations/:id', async (visit) => (await toTheRole(visit)) ?? answer(visit));

  pages.post('/recommendations/:id', async (visit) => {
    const { recommendation } = await readRecommendation(visit);
    if (!recommendation.provider) throw notFound('provider');
    const { id, refusal } = await give(visit, recommendation.provider.id, recommendation.school.urn);
    return refusal ? answer(visit, againWith(visit.request, refusal)) : { redirect: `/recommendations/${id}?done=given` };
  });

  pages.post('/recommendations/:id/affirm', async (visit) => {
    const id = visit.param('id');
    await readRecommendation(visit);
    const { refusal } = await visit.mutate('recommendations/affirm', { id, version: Number(text(visit.request, 'version')) || 0 });
    if (refusal && refusal.code !== 'CONFLICT') throw forbidden(refusal.message);
    return { redirect: `/recommendations/${id}?done=${refusal ? 'changed' : 'affirm'}` };
  });

  pages.get('/providers/:id/recommend', (visit) => recommend(visit, newForm({ schoolUrn: first(visit.request.query['school']) })));

  pages.post('/providers/:id/recommend', async (visit) => {
    const urn = Number(text(visit.request, 'schoolUrn'));
    const chosen = Number.isInteger(urn) && urn > 0;
    const unsaid = { id: undefined, refusal: invalid({ schoolUrn: 'Choose the school for which you recommend it.' }) };
    const { id, refusal } = chosen ? await give(visit, visit.param('id'), urn) : unsaid;
    return refusal ? recommend(visit, againWith(visit.request, refusal)) : { redirect: `/recommendations/${id}?done=given` };
  });
}

/** The page of a recommendation: the form for the lead who may give it, else what there is to read. */
async function answer(visit: Visit, form?: Form): Promise<Answer> {
  const { recommendation } = await readRecommendation(visit);
  const { provider, school, availableActions } = recommendation;
  const may = (action: string) => availableActions.some((each) => each.action === action && each.allowed);
  if (provider && recommendation.state === 'INVITED' && may('give')) {
    const drawn = form ?? newForm({ schoolUrn: String(school.urn) });
    return { view: 'recommendations/give', data: { provider, listings: published(provider), invitation: recommendation, schools: [school], form: drawn } };
  }
  return {
    view: 'recommendations/recommendation',
    data: {
      recommendation,
      mayAffirm: may('affirm'),
      whyNot: recommendation.state === 'INVITED' ? availableActions.find((each) => each.action === 'give')?.message : null,
      done: first(visit.request.query['done']),
    },
  };
}

/**
 * Whoever follows the link of an invitation and does not lead a school yet is led to where that role can be asked for, and
 * back again; whether there is such an invitation they do not learn by it. Null for everybody else.
 */
async function toTheRole(visit: Visit): Promise<Answer | null> {
  const id = visit.param('id');
  const school = first(visit.request.query['school']);
  if (!visit.signedIn || !isId(id) || (school === '' && visit.actor.memberships.length > 0)) return null;
  const { recommendation } = await visit.query<Partial<RecommendationData>>('recommendations/recommendation', { id });
  if (recommendation) return null;
  const { viewer } = await visit.query<{ viewer: { memberships: Membership[] } }>('account/account');
  const waits = viewer.memberships.some((each) => each.role === 'SCHOOL_LEAD' && !each.confirmed && !each.offered && (school === '' || String(each.schoolUrn) === school));
  const back = andBack(visit.request.originalUrl);
  return { redirect: waits ? `/account?done=waits${back}` : `/account/school?school=${encodeURIComponent(school)}${back}` };
}

async function recommend(visit: Visit, form: Form): Promise<Answer> {
  if (!visit.signedIn) throw new SignInFirst();
  const { provider, viewer } = await readProvider<RecommendData>(visit, 'recommendations/recommend');
  const schools = (viewer?.memberships ?? [])
    .filter((each) => each.role === 'SCHOOL_LEAD' && each.confirmed)
    .map((each): School => ({ urn: each.schoolUrn!, name: each.of }));
  if (schools.length === 0) throw forbidden(`Only ${LEADS} recommends a provider. If you lead one, ask for that role in your account.`);
  return { view: 'recommendations/give', data: { provider, listings: published(provider), invitation: null, schools, form } };
}

/** What of the provider's a school can vouch for. */
const published = ({ listings }: Provider) => listings.nodes.filter((each) => each.state === 'PUBLISHED');

/** The recommendation in the address. Whoever followed the link of an invitation signs in first. @throws PageError, SignInFirst */
async function readRecommendation(visit: Visit): Promise<RecommendationData> {
  const id = visit.param('id');
  const data = isId(id) ? await visit.query<Partial<RecommendationData>>('recommendations/recommendation', { id }) : {};
  if (data.recommendation) return { recommendation: data.recommendation };
  if (!visit.signedIn) throw new SignInFirst();
  throw new PageError(
    404,
    'We cannot find that recommendation, or you may not have access to it. ' +
      `If your school was asked for it, only ${LEADS} can answer: ask for that role in your account.`,
  );
}

function give(visit: Visit, providerId: string, schoolUrn: number): Promise<Outcome> {
  const { listingIds, listingVersions, whatWasDone, whenDone, whatChanged, noInterest } = valuesOf(visit.request);
  const seen = Object.entries(listingVersions).filter(([id]) => isId(id)).map(([listingId, version]) => ({ listingId, version }));
  const input = { providerId, schoolUrn, listingIds: listingIds.filter(isId), listingVersions: seen, whatWasDone, whenDone, whatChanged, noInterest: noInterest.length > 0 };
  return visit.mutate('recommendations/give', { input, key: keyOf(visit.request) });
}

/** `id:version` of each listing. */
const versionsIn = (sent: string[]): Record<string, number> => Object.fromEntries(sent.map((each) => each.split(':')).map(([id, version]) => [id, Math.trunc(Number(version)) || 0]));

/** The form again. What has changed since it was drawn is to be read, and chosen, afresh. */
function againWith(request: Request, refusal: Refusal): Form {
  const values = valuesOf(request);
  return refused(hasChanged(refusal) ? { ...values, listingIds: [], listingVersions: {} } : values, refusal, request, true);
}

const valuesOf = (request: Request) => ({
  schoolUrn: text(request, 'schoolUrn'),
  listingIds: several(request, 'listingIds'),
  /** As they were when the form was first drawn, by id. */
  listingVersions: versionsIn(several(request, 'listingVersions')),
  whatWasDone: text(request, 'whatWasDone'),
  whenDone: text(request, 'whenDone'),
  whatChanged: text(request, 'whatChanged'),
  noInterest: several(request, 'noInterest'),
});
