import { fold } from './names.js';

/** What councils are dressed in: it tells nothing of which one is meant. */
const DRESSING = new Set(
  ('the of royal london metropolitan city county borough district unitary authority council corporation local education ' +
    'co mbc mdc bc cc dc lb lbc rb ua la lea').split(' '),
);

/** Short names that everybody uses of one council only. */
const SHORT_NAMES: Record<string, string> = {
  hull: 'kingston on hull',
  southend: 'southend on sea',
  stockton: 'stockton on tees',
  banes: 'bath and north east somerset',
  bcp: 'bournemouth christchurch and poole',
  'b and nes': 'bath and north east somerset',
  'bath and ne somerset': 'bath and north east somerset',
  'east riding': 'east riding yorkshire',
  stoke: 'stoke on trent',
  rbkc: 'kensington and chelsea',
};

/** `City of Bristol`, `Bristol, City of` and `Bristol City Council` are `bristol`; what says nothing is empty. */
function core(name: string): string {
  return fold(name)
    .replace(/\b(city of london|london city)\b/g, 'londoncity') // else it would answer to London
    .replace(/\bsaint\b/g, 'st')
    .replace(/\bupon\b/g, 'on')
    .split(' ')
    .filter((word) => !DRESSING.has(word))
    .join(' ');
}

/**
 * Makes the function that tells which local authority a typed name means, as its code, or null: it never guesses.
 * Beside its own name in any dress (`London Borough of Camden`) an authority answers to the first of two places that
 * it is named after (`Telford` for Telford and Wrekin), and to a few short names (`Hull`).
 */
export function localAuthorityMatcher(authorities: readonly { code: string; name: string }[]): (typed: string) => string | null {
  const codes = new Map<string, string | null>(); // null: more than one answers to it
  const add = (name: string, code: string) => codes.set(name, codes.has(name) && codes.get(name) !== code ? null : code);
  const cores = authorities.map(({ code, name }) => ({ code, core: core(name) }));
  for (const { code, core } of cores) add(core, code);
  for (const { code, core } of cores) {
    const first = /^(.+?) (?:and|with) /.exec(core)?.[1];
    if (first && !cores.some((other) => other.core === first)) add(first, code);
  }
  const shires = new Set(cores.flatMap(({ core }) => core.split(' ')).filter((word) => word.endsWith('shire')));

  return (typed) => {
    const wanted = core(typed);
    // Nottingham County Council might be either; Durham County Council can only be one.
    if (/\bcounty\b/.test(fold(typed)) && shires.has(`${wanted}shire`)) return null;
    return codes.get(wanted) ?? codes.get(SHORT_NAMES[wanted] ?? '') ?? null;
  };
}
