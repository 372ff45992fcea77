import { problemsWithListing } from '../../directory/index.js';
import { worksForProvider } from '../../platform/actor.js';
import { forbidden, SignInFirst } from '../errors.js';
import { kmOf, milesOf } from '../format.js';
import { type Form, invalidFields, keyOf, newForm, type Refusal, refused, several, text, texts, withVersion } from '../forms.js';
import { readListing } from '../directory/pages.js';
import type { Answer, Pages, Visit } from '../site.js';
import { readProvider } from './pages.js';

const TEXTS = ['title', 'summary', 'description', 'evidence', 'contactName', 'contactEmail', 'contactPhone', 'availableFrom'] as const;
const PRICE = ['price-kind', 'price-pence', 'price-unit', 'price-vat', 'price-link'] as const;
const FARTHEST_MILES = 310;
const GROUPS = ['categories', 'ecmOutcomes', 'phases', 'delivery'];

interface Contact {
  name: string;
  email: string | null;
  phone: string | null;
}

interface PresentListing {
  id: string;
  version: number;
  keywords: string[];
  national: boolean;
  radiusKm: number | null;
  price: { kind: string; pence: number | null; unit: string | null; vat: string | null; link: string | null };
  contact: Contact;
  localAuthorities: { code: string }[];
  provider: { id: string; contact: Contact };
}

interface Surroundings {
  localAuthorities: unknown[];
}

/** Writing a listing: a new one as a draft, and changes to one. */
export function listingFormPages(pages: Pages): void {
  pages.get('/providers/:id/listings/new', (visit) => newListing(visit, newForm({ 'price-kind': 'PRICED', capacity: 'AVAILABLE' })));

  pages.post('/providers/:id/listings/new', async (visit) => {
    const { values, input, wrong } = readForm(visit);
    if (wrong) return newListing(visit, refused(values, wrong, visit.request));
    const { id, refusal } = await visit.mutate('providers/create-listing', { providerId: visit.param('id'), input, key: keyOf(visit.request) });
    return refusal ? newListing(visit, refused(values, refusal, visit.request)) : { redirect: `/listings/${id}?done=saved` };
  });

  pages.get('/listings/:id/edit', (visit) => editListing(visit));

  pages.post('/listings/:id/edit', async (visit) => {
    const { values, input, wrong } = readForm(visit);
    if (wrong) return editListing(visit, refused(values, wrong, visit.request));
    const acceptCost = several(visit.request, 'acceptCost').length > 0;
    const { refusal } = await visit.mutate('providers/update-listing', { id: visit.param('id'), version: Number(values['version']) || 0, input, acceptCost });
    if (refusal?.code === 'COSTS_RECOMMENDATIONS') return editListing(visit, refused({ ...values, acceptCost: [] }, refusal, visit.request), refusal.message);
    return refusal ? editListing(visit, refused(values, refusal, visit.request)) : { redirect: `/listings/${visit.param('id')}?done=saved` };
  });
}

async function newListing(visit: Visit, form: Form): Promise<Answer> {
  if (!visit.signedIn) throw new SignInFirst();
  const { provider, ...data } = await readProvider<Surroundings & { provider: { id: string } }>(visit, 'providers/new-listing');
  checkOwn(visit, provider.id);
  return { view: 'providers/listing-form', data: { ...data, provider, form } };
}

/** @param cost what the change that was sent would cost, in sentences; it is saved once that is accepted */
async function editListing(visit: Visit, form?: Form, cost?: string): Promise<Answer> {
  if (!visit.signedIn) throw new SignInFirst();
  const { listing, ...data } = await readListing<Surroundings & { listing: PresentListing }>(visit, 'providers/listing-form');
  checkOwn(visit, listing.provider.id);
  const drawn = withVersion(form, listing.version) ?? newForm(valuesOf(listing));
  return { view: 'providers/listing-form', data: { ...data, listing, provider: listing.provider, form: drawn, cost } };
}

function checkOwn({ actor }: Visit, providerId: string): void {
  if (!worksForProvider(actor, providerId)) throw forbidden('Only the provider’s own people write its listings.');
}

/** A listing as its form shows it: pounds for pence, miles for kilometres, words on one line. */
function valuesOf(listing: PresentListing): Record<string, unknown> {
  const { price, contact, provider, radiusKm } = listing;
  const own = (field: keyof Contact) => (contact[field] === provider.contact[field] ? '' : contact[field]); // else it is the provider's
  return {
    ...listing,
    keywords: listing.keywords.join(', '),
    national: listing.national ? ['yes'] : [],
    laCodes: listing.localAuthorities.map((each) => each.code),
    radiusKm: radiusKm === null ? '' : milesOf(radiusKm),
    'price-kind': price.kind,
    'price-pence': price.pence === null ? '' : (price.pence / 100).toFixed(price.pence % 100 ? 2 : 0),
    'price-unit': price.unit,
    'price-vat': price.vat,
    'price-link': price.link,
    contactName: own('name'),
    contactEmail: own('email'),
    contactPhone: own('phone'),
  };
}

/** What was typed, the input that it makes, and all that is wrong with it. */
function readForm({ request, context }: Visit): { values: Record<string, unknown>; input: Record<string, unknown>; wrong: Refusal | null } {
  const plain = texts(request, TEXTS);
  const chosen = Object.fromEntries(GROUPS.map((name) => [name, several(request, name)]));
  const laCodes = several(request, 'laCodes').filter(Boolean);
  const priced = texts(request, PRICE);
  const { keywords, capacity, version } = texts(request, ['keywords', 'capacity', 'version']);
  const miles = text(request, 'radiusKm');
  const national = several(request, 'national');
  const values = { ...plain, ...chosen, ...priced, laCodes, keywords, national, capacity, radiusKm: miles, version };

  const pence = penceOf(priced['price-pence']);
  const radius = miles === '' ? null : /^\d{1,3}$/.test(miles) && Number(miles) <= FARTHEST_MILES ? kmOf(Number(miles)) : NaN;
  const kind = priced['price-kind'];
  const asTyped: Record<string, string> = {
    ...(Number.isNaN(pence) ? { 'price.pence': 'Enter the price in pounds, like 450 or 37.50.' } : {}),
    ...(Number.isNaN(radius) ? { radiusKm: `Enter how many miles you travel as a whole number up to ${FARTHEST_MILES}, like 20.` } : {}),
  };
  const input = {
    ...plain,
    ...chosen,
    availableFrom: plain.availableFrom || null,
    keywords: keywords.split(/[,\n]/).map((each) => each.trim()).filter(Boolean),
    national: national.length > 0,
    laCodes,
    ...(capacity ? { capacity } : {}),
    radiusKm: radius,
    price: {
      kind,
      link: kind === 'FREE' ? priced['price-link'] || null : null,
      ...(kind === 'PRICED' ? { pence, unit: priced['price-unit'] || null, vat: priced['price-vat'] || null } : {}),
    },
  };
  const wrong = problemsWithListing(input, context.clock.now()).map(({ field, message }) => ({ field, message: asTyped[field] ?? message }));
  return { values, input, wrong: wrong.length > 0 ? invalidFields(wrong) : null };
}

/** `1,250` or `£37.50` in pence; null for nothing, NaN for what is no price. */
function penceOf(typed: string): number | null {
  if (typed === '') return null;
  const plain = typed.replace(/[£,\s]/g, '');
  return /^\d{1,7}(\.\d{1,2})?$/.test(plain) ? Math.round(Number(plain) * 100) : NaN;
}
