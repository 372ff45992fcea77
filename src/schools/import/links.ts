import type { UnitOfWork } from '../../platform/database/index.js';
import type { Row } from './columns.js';
import { dayOf, Unusable, urnOf } from './row.js';
import type { ImportSummary } from './summary.js';

/** What the school that a link names is to the school that has the link. */
type Kind = 'SUCCESSOR' | 'PREDECESSOR' | 'WHICHEVER_IS_OPEN';

export interface Link {
  urn: number;
  other: number;
  kind: Kind;
  since: string | null;
}

const PER_STATEMENT = 5000;

/** A row's link from one school to another; null where it has none, undefined where it is no matter of succession. */
export function readLink(row: Row): Link | null | undefined {
  if (!row.linkUrn && !row.linkType) return null;
  const kind = kindOf(row.linkType ?? '');
  if (!kind) return undefined;
  const link = { urn: urnOf(row.urn, 'URN'), other: urnOf(row.linkUrn, 'LinkURN'), kind, since: dayOf(row.linkDate ?? '') ?? null };
  if (link.urn === link.other) throw new Unusable('it links a school to itself');
  return link;
}

/** GIAS has these with many endings: `Successor - amalgamated`, `Merged - change in age range`. */
function kindOf(type: string): Kind | null {
  if (/^successor/i.test(type)) return 'SUCCESSOR';
  if (/^(predecessor|result of amalgamation)/i.test(type)) return 'PREDECESSOR';
  return /^merged/i.test(type) ? 'WHICHEVER_IS_OPEN' : null;
}

/** Writes the links of a whole file, each succession once, whichever of the two schools (or both) the file says it of. */
export async function saveLinks(tx: UnitOfWork, links: readonly Link[], counts: ImportSummary['links']): Promise<void> {
  const open = await stillOpen(tx, links);
  const sinces = new Map<string, string | null>();
  for (const { urn, other, kind, since } of links) {
    const forward = kind === 'SUCCESSOR' || (kind === 'WHICHEVER_IS_OPEN' && open.get(urn) === false && open.get(other) === true);
    const backward = kind === 'PREDECESSOR' || (kind === 'WHICHEVER_IS_OPEN' && open.get(urn) === true && open.get(other) === false);
    if (forward === backward) {
      counts.leftOut++;
      continue;
    }
    const pair = forward ? `${urn} ${other}` : `${other} ${urn}`;
    sinces.set(pair, sinces.get(pair) ?? since);
  }

  const pairs = [...sinces].map(([pair, since]) => ({ urns: pair.split(' '), since }));
  for (let start = 0; start < pairs.length; start += PER_STATEMENT) {
    const some = pairs.slice(start, start + PER_STATEMENT);
    const written = await tx.query<{ added: boolean }>(
      `INSERT INTO school_successor AS s (urn, successor_urn, since) SELECT * FROM unnest($1::int[], $2::int[], $3::date[])
       ON CONFLICT (urn, successor_urn) DO UPDATE SET since = EXCLUDED.since WHERE s.since IS DISTINCT FROM coalesce(EXCLUDED.since, s.since)
       RETURNING xmax = 0 AS added`,
      [some.map(({ urns }) => urns[0]), some.map(({ urns }) => urns[1]), some.map(({ since }) => since)],
    );
    const added = written.filter((row) => row.added).length;
    counts.added += added;
    counts.changed += written.length - added;
    counts.unchanged += some.length - written.length;
  }
}

/** For the schools of links that do not say which of the two went on: whether each is open (absent: not known). */
async function stillOpen(tx: UnitOfWork, links: readonly Link[]): Promise<Map<number, boolean>> {
  const urns = links.filter(({ kind }) => kind === 'WHICHEVER_IS_OPEN').flatMap(({ urn, other }) => [urn, other]);
  if (urns.length === 0) return new Map();
  const rows = await tx.query<{ urn: number; open: boolean }>(`SELECT urn, status <> 'CLOSED' AS open FROM school WHERE urn = ANY($1)`, [urns]);
  return new Map(rows.map(({ urn, open }) => [urn, open]));
}
