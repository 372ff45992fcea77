import type { Profiler } from 'node:inspector';

/** A share of the processor's time, from 0 to 1. */
export interface Share {
  name: string;
  share: number;
}

/** Where the time went, largest first: by package, room of ours and part of Node, and the functions that took most. */
export function whereTimeGoes(profile: Profiler.Profile, top = 10): { areas: Share[]; functions: Share[] } {
  const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
  const areas = new Map<string, number>();
  const functions = new Map<string, number>();
  let busy = 0;
  profile.samples!.forEach((id, i) => {
    const frame = frames.get(id)!;
    const time = profile.timeDeltas![i]!;
    const area = areaOf(frame);
    if (area === null) return;
    busy += time;
    add(areas, area, time);
    add(functions, `${frame.functionName || '(anonymous)'} (${area}${frame.url ? ` ${frame.url.split('/').at(-1)}:${frame.lineNumber + 1}` : ''})`, time);
  });
  return { areas: sharesOf(areas, busy), functions: sharesOf(functions, busy).slice(0, top) };
}

/** Null for what is no work: waiting, and the profiler's own start (`dispatch`). */
function areaOf({ functionName, scriptId, url }: Profiler.Profile['nodes'][number]['callFrame']): string | null {
  if (functionName === '(garbage collector)') return 'garbage collection';
  if (scriptId === '0') {
    if (functionName === '(idle)' || functionName === 'dispatch') return null;
    return ['parse', 'stringify'].includes(functionName) ? 'JSON' : 'native code';
  }
  if (url.startsWith('node:')) return `node ${url.slice(5).replace(/^internal\//, '').split('/')[0]}`;
  const [, module] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? [];
  if (module) return /^pg(-|$)|^postgres-/.test(module) ? 'pg' : module;
  const [, room] = /\/src\/(?:([^/]+)\/)?[^/]+$/.exec(url.replace(/(\/src\/[^/]+)\/.*(\/[^/]+)$/, '$1$2')) ?? [];
  if (url) return `signpost ${room ?? ''}`.trim();
  return 'compiled query';
}

const add = (sums: Map<string, number>, key: string, time: number) => void sums.set(key, (sums.get(key) ?? 0) + time);

const sharesOf = (sums: Map<string, number>, whole: number): Share[] =>
  [...sums].map(([name, time]) => ({ name, share: time / whole })).sort((a, b) => b.share - a.share);
