import type { AnyProcess, Transition } from './definition.js';

/** `docs/processes.md`: each process as a diagram and a table, drawn from its definition. */
export function documentProcesses(processes: readonly AnyProcess[]): string {
  return [
    '# Processes',
    'Generated from the process definitions by `npm run docs`; a test fails when it is stale. In the diagrams, what the product does by itself is in brackets.',
    ...processes.map(documentProcess),
  ].join('\n\n') + '\n';
}

function documentProcess(process: AnyProcess): string {
  const transitions = Object.entries(process.transitions) as [string, Transition<string, never>][];
  const arrows = transitions.flatMap(([name, { from, to, by }]) =>
    to === null ? [] : from.map((state) => `    ${state ?? '[*]'} --> ${to}: ${by.length ? name : `(${name})`}`), // what stays where it is would hide the way
  );
  const ends = Object.entries(process.states)
    .filter(([, state]) => state.end)
    .map(([name]) => `    ${name} --> [*]`);
  return [
    `## ${process.name}`,
    process.says,
    ['```mermaid', 'stateDiagram-v2', ...arrows, ...ends, '```'].join('\n'),
    table(['state', 'meaning'], Object.entries(process.states).map(([name, { says }]) => [name, says])),
    table(
      ['transition', 'by', 'from', 'to', 'what it means'],
      transitions.map(([name, { by, from, to, says, needsReason }]) => [
        name,
        by.map((who) => process.who[who]!.says).join(' or ') || 'the product itself',
        from.map((state) => state ?? '(new)').join(', '),
        to ?? 'the same',
        says + (needsReason ? ' A reason is needed and kept.' : ''),
      ]),
    ),
  ].join('\n\n');
}

const table = (head: string[], rows: string[][]) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
