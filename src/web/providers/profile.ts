import { problemsWithProfile, problemsWithRegistration } from '../../directory/index.js';
import { worksForProvider } from '../../platform/actor.js';
import { forbidden, SignInFirst } from '../errors.js';
import { first, type Form, invalidFields, keyOf, newForm, refused, texts, withVersion } from '../forms.js';
import type { Answer, Pages, Visit } from '../site.js';
import { readProvider } from './pages.js';

/** Text fields of the profile, as the API names them. */
const FIELDS = [
  'name',
  'summary',
  'description',
  'website',
  'contactName',
  'contactRole',
  'contactEmail',
  'contactPhone',
  'basePostcode',
  'safeguarding',
  'assuringLa',
  'assuredBy',
  'assuredLink',
] as const;

interface EditData {
  provider: {
    id: string;
    version: number;
    interests: string | null;
    contact: { name: string; role: string; email: string | null; phone: string | null };
    assuringLa: { code: string } | null;
  };
  localAuthorities: { code: string; name: string }[];
}

/** Registering a provider, and its profile. */
export function profilePages(pages: Pages): void {
  pages.get('/providers/new', (visit) => {
    const { kind, school } = visit.request.query;
    return registration(visit, newForm({ assurance: 'RECOMMENDED', kind: first(kind), school: first(school) }));
  });

  pages.post('/providers/new', async (visit) => {
    const { request } = visit;
    const values = texts(request, ['name', 'kind', 'school', 'schoolUrn', 'assuringLa', 'assurance']);
    const isSchool = values.kind === 'SCHOOL';
    const isChosen = /^\d{1,9}$/.test(values.schoolUrn);
    const input = {
      name: values.name,
      kind: values.kind,
      schoolUrn: isSchool && isChosen ? Number(values.schoolUrn) : null,
      assuringLa: values.assuringLa || null,
      assurance: Object.hasOwn(assurancesFor(visit), values.assurance) ? values.assurance : 'RECOMMENDED',
    };
    const wrong = problemsWithRegistration(input);
    if (isSchool && !isChosen) wrong.push(values.school ? { field: 'schoolUrn', message: 'Choose the school.' } : { field: 'school', message: 'Enter the name or URN of the school.' });
    if (wrong.length > 0) return registration(visit, refused(values, invalidFields(wrong), request));
    const { id, refusal } = await visit.mutate('providers/register', { input, key: keyOf(request) });
    return refusal ? registration(visit, refused(values, refusal, request)) : { redirect: `/providers/${id}/way-to-being-listed` };
  });

  pages.get('/providers/:id/edit', (visit) => profile(visit));

  pages.post('/providers/:id/edit', async (visit) => {
    const { request } = visit;
    const values = texts(request, [...FIELDS, 'version', 'declares', 'interests']);
    const input = inputOf(values);
    const undescribed = values.declares === 'yes' && !values.interests;
    if (undescribed) {
      const wrong = [...problemsWithProfile(input), { field: 'interests', message: 'Describe the interests that you declare.' }];
      return profile(visit, refused(values, invalidFields(wrong), request));
    }
    const { refusal } = await visit.mutate('providers/update', { id: visit.param('id'), version: Number(values.version) || 0, input });
    return refusal ? profile(visit, refused(values, refusal, request)) : { redirect: `/providers/${visit.param('id')}?done=saved` };
  });
}

async function registration(visit: Visit, form: Form): Promise<Answer> {
  if (!visit.signedIn) throw new SignInFirst();
  const { school } = form.values as { school: string };
  const data = await visit.query<{ schools: { nodes: unknown[] } }>('providers/new', { text: school || null });
  return { view: 'providers/new', data: { ...data, ways: assurancesFor(visit), found: school ? data.schools.nodes : null, form } };
}

/** On whose word this person may have a provider listed. */
const assurancesFor = (visit: Visit): Record<string, string> => ({
  RECOMMENDED: 'By two recommendations of schools, like every other',
  ...(visit.is('LA_OFFICER') ? { COUNCIL: 'As a free service of the council itself' } : {}),
  ...(visit.is('SYSTEM_ADMIN') ? { NATIONAL: 'As a national programme or free resource' } : {}),
});

async function profile(visit: Visit, form?: Form): Promise<Answer> {
  const { provider, localAuthorities } = await readProvider<EditData>(visit, 'providers/edit');
  if (!visit.signedIn) throw new SignInFirst();
  if (!worksForProvider(visit.actor, provider.id)) throw forbidden('Only the provider’s own people change its profile.');
  const { contact, assuringLa } = provider;
  const present = {
    ...provider,
    contactName: contact.name,
    contactRole: contact.role,
    contactEmail: contact.email,
    contactPhone: contact.phone,
    assuringLa: assuringLa?.code ?? '',
    declares: provider.interests === null ? '' : provider.interests === '' ? 'no' : 'yes',
  };
  return { view: 'providers/edit', data: { provider, localAuthorities, form: withVersion(form, provider.version) ?? newForm(present) } };
}

/** The profile as it was typed; a field that the form does not have is left as it is. */
function inputOf({ version: _version, declares, interests, assuringLa, ...rest }: Record<string, string>): Record<string, string | null> {
  return {
    ...Object.fromEntries(Object.entries(rest).filter(([name, value]) => value !== '' || !name.startsWith('assured'))),
    ...(assuringLa ? { assuringLa } : {}),
    interests: declares === 'no' ? '' : interests || null,
  };
}
