import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import nunjucks from 'nunjucks';
import {
  alikeIn,
  alikePersonWhys,
  assurances,
  capacities,
  categories,
  checkKinds,
  deliveries,
  ecmOutcomes,
  listingStates,
  priceKinds,
  priceUnits,
  providerKinds,
  providerStates,
  recommendationStates,
  supportPhases,
  vatTreatments,
} from '../directory/index.js';
import { count, day, duration, lastDay, linked, miles, moment, paragraphs, price, unbroken, where } from './format.js';
import { webFolder } from './operations.js';

export const govukFolder = join(dirname(createRequire(import.meta.url).resolve('govuk-frontend/package.json')), 'dist');

/** The labels that people read, for `words.providerKinds[kind]`. */
const words = {
  alikeIn,
  alikePersonWhys,
  assurances,
  capacities,
  categories,
  checkKinds,
  deliveries,
  ecmOutcomes,
  listingStates,
  priceKinds,
  priceUnits,
  providerKinds,
  providerStates,
  recommendationStates,
  supportPhases,
  vatTreatments,
};

/** What this person may do now, of what could be done. */
const allowed = (actions: { action: string; allowed: boolean }[] = [], except: string[] = []) =>
  actions.filter((each) => each.allowed && !except.includes(each.action));

/** Local authorities as the choices of a list. */
const names = (authorities: { code: string; name: string }[]) => new Map(authorities.map(({ code, name }) => [code, name]));

const templateNames = () => readdirSync(webFolder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.njk'));

/** The templates: ours, and the GOV.UK components that they are made of. Everything is escaped unless marked safe. */
export function createTemplates(cached: boolean, globals: Record<string, unknown>): nunjucks.Environment {
  const loader = new nunjucks.FileSystemLoader([webFolder, govukFolder], { noCache: !cached });
  const templates = new nunjucks.Environment(loader, { autoescape: true, throwOnUndefined: false, trimBlocks: true, lstripBlocks: true });
  const filters = { allowed, count, day, duration, lastDay, miles, moment, names, paragraphs, price, unbroken, where };
  for (const [name, filter] of Object.entries(filters)) templates.addFilter(name, filter as (...args: unknown[]) => unknown);
  templates.addFilter('linked', (text: string) => new nunjucks.runtime.SafeString(linked(text)));
  templates.addGlobal('words', words);
  for (const [name, value] of Object.entries(globals)) templates.addGlobal(name, value);
  if (cached) for (const name of templateNames()) templates.getTemplate(name, true); // now, rather than while somebody waits for a page
  return templates;
}
